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


def test_every_file_that_a_page_points_to_is_there() -> None:
    links = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    missing = [
        f"{page.name}: {link}"
        for page in pages
        for link in links.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert missing == []
