"""`holdingline backup` copies what both lanes have written, while they write on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from agents.adapters.clocks import ScaledClock
from agents.runtime.door.door import Door
from agents.runtime.worker.worker import Setup, Worker
from streams.lanes import CONTROL_LANE, MENTION_LANE, Lane
from streams.words.posts import Mention
from tests import builders
from tests.entrypoints.commanding import run


@pytest.fixture
async def log_url(tmp_path: Path) -> AsyncIterator[str]:
    """A control lane's log with one incident in it; its worker runs."""
    url = f"sqlite:////{tmp_path}/log.db"
    async with Worker(_setup(url, CONTROL_LANE)), Door("live", url) as door:
        await door.ask(builders.command(builders.declaration()))
        yield url


def inodes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def _setup(url: str, lane: Lane) -> Setup:
    return Setup("live", url, ScaledClock(builders.NOW), builders.register, {}, lanes=[lane])


async def test_both_lanes_are_copied_and_a_copy_is_a_log(log_url: str, tmp_path: Path) -> None:
    """The copies lie beside each other as the logs do, so that every command reads them by the first one's name."""
    async with AsyncExitStack() as running:
        await running.enter_async_context(Worker(_setup(log_url, MENTION_LANE)))
        door = await running.enter_async_context(Door("live", log_url))
        await door.put([Mention(id="m-1", mode=builders.DRILL, author_id="a", at=builders.NOW, text="words")])
        async with asyncio.timeout(180):
            while not await door.dead_letters():  # noqa: ASYNC110 - the lane takes it when it does
                await asyncio.sleep(0.05)
        code, said, _ = await asyncio.to_thread(run, "backup", str(tmp_path / "copy.db"), "--log", log_url, "--json")
    copies = [str(tmp_path / name) for name in ("copy.db-mentions", "copy.db")]
    files = {"files": str(tmp_path / "copy.db-files"), "left_out": []}
    assert (code, json.loads(said)) == (0, {"backups": copies, **files})
    there = ("--log", f"sqlite:////{copies[-1]}")
    assert "1 facts hold together" in (await asyncio.to_thread(run, "log", "verify", *there))[1]
    assert "live.mentions" in (await asyncio.to_thread(run, "dead-letters", *there))[1]


async def test_a_mention_lane_that_never_ran_has_nothing_to_copy(log_url: str, tmp_path: Path) -> None:
    code, said, _ = await asyncio.to_thread(run, "backup", str(tmp_path / "copy.db"), "--log", log_url)
    assert (code, said.splitlines()[0]) == (0, f"backed up to {tmp_path / 'copy.db'}")
    assert [line for line in said.splitlines() if "mentions" in line] == []


def test_a_cluster_has_backups_of_its_own() -> None:
    code, _, complained = run("backup", "copy.db", "--log", "kafka://one:9092")
    assert (code, "kafka has backups of its own" in complained) == (1, True)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal", ".lock", "-mentions", "-mentions-wal"])
@pytest.mark.parametrize("way", ["plain", "link", "hard link", "linked folder", "roundabout", "relative"])
async def test_no_backup_replaces_a_file_of_the_log(
    log_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, way: str
) -> None:
    """Of no lane, by no name: a write-ahead file that was replaced is a log that is lost."""
    own = tmp_path / f"log.db{suffix}"
    if not own.exists():
        own.touch()
    target = tmp_path / "copy.db"
    match way:
        case "plain":
            target = own
        case "link":
            target.symlink_to(own)
        case "hard link":
            target.hardlink_to(own)
        case "linked folder":
            (tmp_path / "there").symlink_to(tmp_path)
            target = tmp_path / "there" / own.name
        case "roundabout":
            (tmp_path / "there").mkdir()
            target = tmp_path / "there" / ".." / own.name
        case _:
            monkeypatch.chdir(tmp_path)
            target = Path(own.name)
    before = inodes(tmp_path)
    code, _, complained = await asyncio.to_thread(run, "backup", str(target), "--log", log_url)
    assert (code, "belongs to the log: name another file" in complained) == (1, True)
    assert inodes(tmp_path) == before


async def test_the_copy_of_a_lane_does_not_replace_a_file_either(log_url: str, tmp_path: Path) -> None:
    """The copies of the other lanes lie beside the target, so their names are looked at too."""
    (tmp_path / "copy.db-mentions").symlink_to(tmp_path / "log.db")
    code, _, complained = await asyncio.to_thread(run, "backup", str(tmp_path / "copy.db"), "--log", log_url)
    assert (code, "belongs to the log" in complained) == (1, True)
