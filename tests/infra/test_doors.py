"""A command that only reads or gives an order opens a door, and pays for nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.doors import door_of
from infra.log import LogError, TopicSpec
from infra.sqlite_log import SqliteLog

HEAVY = ("faust", "mode", "aiokafka")

OPEN = """
import asyncio, sys
from infra.doors import door_of

async def main(url):
    async with door_of(url, "workers") as door:
        assert door.partitions_of("facts") == 1
        assert not await door.worker_runs()

asyncio.run(main(sys.argv[1]))
"""


def loaded(code: str, *arguments: str) -> set[str]:
    """The heavy packages that a fresh interpreter holds after this code."""
    look = f"{code}\nimport json, sys\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", look, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


async def test_a_door_to_the_embedded_log_needs_neither_faust_nor_a_kafka_client(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    await log.open()
    await log.create_topics([TopicSpec("facts")])
    await log.close()
    assert loaded(OPEN, f"sqlite:///{tmp_path}/log.db") == set()


async def test_a_log_without_the_topics_that_a_door_is_for_is_refused_with_what_to_start(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    await log.open()
    await log.create_topics([TopicSpec("facts")])
    await log.close()
    async with door_of(f"sqlite:///{tmp_path}/log.db", "workers") as door:
        door.require_one_of(["facts", "commands"])
        with pytest.raises(LogError, match=r"has made none of commands, mentions: start it once"):
            door.require_one_of(["mentions", "commands"])


def test_a_door_to_a_cluster_needs_no_faust() -> None:
    """Building it loads what opening it uses."""
    assert loaded("from infra.doors import door_of; door_of('kafka://nowhere:1', 'workers')") == {"aiokafka"}


@pytest.mark.parametrize(
    "code",
    [
        "from infra.operating import free_bytes, has_log; has_log('sqlite:///none.db'); free_bytes('sqlite:///none.db')",
        "from infra.grounds import PROMISES",
        "from infra.addresses import with_worker",
        "from infra.sqlite_log import SqliteDoor, SqliteLog, backup, check",
        "from agents.runtime.door.door import Door; Door('live', 'sqlite:///none.db')",
        "import agents.runtime.cluster.doctor",
    ],
)
def test_what_a_command_asks_of_the_ground_needs_neither(code: str) -> None:
    assert loaded(code) == set()
