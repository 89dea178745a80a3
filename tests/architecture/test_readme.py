"""What README shows works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

# These run this test; the continuous integration runs them, from a clean clone.
RUN_BY_CI = {"make test"}
WALK_SECONDS_MAX = 300
"""A walk is ten commands, each of which starts a process; on a busy machine that takes minutes."""


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_readme_shows_commands() -> None:
    assert set(commands()) >= RUN_BY_CI
    assert {line for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines() if line.endswith("make test")}


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in commands() if command not in RUN_BY_CI])
def test_a_command_of_readme_works(command: str) -> None:
    """Run as written, with this environment in place of one that `make` would install first."""
    bin_folder = Path(sys.executable).parent
    words = command.split()
    if words[0] == "make":
        words += ["SETUP=", f"BIN={bin_folder}"]
    environment = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr


def walk() -> str:
    (block,) = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


@pytest.mark.slow
def test_the_live_walk_of_readme_works(tmp_path: Path) -> None:
    """Run as it is shown, in an empty folder: the first word becomes public, and so does its withdrawal."""
    bin_folder = Path(sys.executable).parent
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDINGLINE_")}
    environment = kept | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    shell = ["bash", "-e", "-u", "-c", "set -m\n" + walk()]
    done = subprocess.run(
        shell, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=WALK_SECONDS_MAX
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PUBLIC on site" in done.stdout
    assert "withdrawal" in done.stdout
    page = (tmp_path / "var" / "site" / "public" / "index.html").read_text(encoding="utf-8")
    assert "Ysbyty Ardudwy" in page


def test_every_file_that_a_page_points_to_is_there() -> None:
    links = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    pages = [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    missing = [
        f"{page.name}: {link}"
        for page in pages
        for link in links.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert missing == []
