"""The walls hold: each of them is broken on purpose, and reported."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, python_files

AGENTS = "Inside agents, arrows go down, and agents meet in the ports only"
DRILL = "A drill reaches no live channel, not even by way of others"
# Adapters that speak to nobody; every other one is kept from the drill.
SILENT = {
    "admission",
    "clocks",
    "drill_scores",
    "kept_sessions",
    "key_files",
    "languages",
    "secrets",
    "memory",
    "page_templates",
    "pictures",
    "registers",
}
BREACHES = [
    ("streams/words/facts.py", "import streams.decisions.authority.powers", "Inside streams, arrows go down"),
    ("streams/words/holds.py", "import streams.words.orders", "Inside the words, arrows go down"),
    (
        "streams/decisions/wording/contents.py",
        "import streams.decisions.desk.judge",
        "Inside the decisions, arrows go down",
    ),
    ("streams/subjects/incident.py", "import time", "streams never touches the world"),
    ("streams/codec.py", "import agents.ports", "streams never touches the world"),
    ("agents/desk.py", "import agents.publishing", AGENTS),
    ("agents/ports.py", "import agents.desk", AGENTS),
    ("agents/mentions.py", "import socket", "An agent touches the world through ports"),
    ("agents/runtime/worker/worker.py", "import agents.exercise", AGENTS),
    ("agents/exercise/play/stage.py", "import agents.entrypoints.worker.channels", AGENTS),
    ("agents/exercise/play/stage.py", "import agents.adapters.channels.site", DRILL),
    ("agents/runtime/worker/worker.py", "import agents.adapters.channels.email", DRILL),
    ("agents/adapters/memory/channel.py", "import agents.adapters.channels.site", DRILL),
    ("agents/adapters/clocks.py", "import infra.log", "Only runtime and entrypoints stand on infra"),
    ("infra/log.py", "import streams.words.facts", "infra knows nothing of what flows or who acts"),
    ("infra/driver/app.py", "import infra.sqlite_log", "Inside infra, arrows go down, and the driver knows no ground"),
    ("infra/driver/session/session.py", "import infra.driver.faces.consumer", "Inside the driver, arrows go down"),
    ("infra/kafka_log/records/reader.py", "import infra.kafka_log.group", "Inside the Kafka log, arrows go down"),
    ("infra/sqlite_log/file/codec.py", "import infra.sqlite_log.view", "Inside the SQLite log, arrows go down"),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy to break."""
    for name in PACKAGES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("file", "line", "wall"), BREACHES)
def test_a_breach_is_reported(house: Path, file: str, line: str, wall: str) -> None:
    with (house / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    done = lint(house)
    assert done.returncode == 1
    assert f"{wall} BROKEN" in done.stdout


@pytest.mark.parametrize("package", ["streams", "agents", "infra", "infra/driver"])
def test_every_new_module_needs_a_place(house: Path, package: str) -> None:
    (house / package / "stray.py").write_text('"""Belongs nowhere."""\n', encoding="utf-8")
    assert lint(house).returncode == 1


def test_every_adapter_that_speaks_is_kept_from_the_drill() -> None:
    """A new channel is forbidden to the drill from its first day."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    wall = next(contract for contract in contracts if contract["name"] == DRILL)
    adapters = {
        path.relative_to(ROOT / "agents/adapters").parts[0].removesuffix(".py")
        for path in python_files("agents/adapters")
    }
    assert {f"agents.adapters.{one}" for one in adapters - SILENT - {"__init__"}} <= set(wall["forbidden_modules"])
