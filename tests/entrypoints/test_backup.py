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


def _setup(url: str, lane: Lane) -> Setup:
    return Setup("live", url, ScaledClock(builders.NOW), builders.register, {}, lanes=[lane])


async def test_both_lanes_are_copied_and_a_copy_is_a_log(log_url: str, tmp_path: Path) -> None:
    """The copies lie beside each other as the logs do, so that every command reads them by the first one's name."""
    async with AsyncExitStack() as running:
        await running.enter_async_context(Worker(_setup(log_url, MENTION_LANE)))
        door = await running.enter_async_context(Door("live", log_url))
        await door.put([Mention(id="m-1", mode=builders.DRILL, author_id="a", at=builders.NOW, text="words")])
        async with asyncio.timeout(20):
            while not await door.dead_letters():  # noqa: ASYNC110 - the lane takes it when it does
                await asyncio.sleep(0.05)
        code, said, _ = await asyncio.to_thread(run, "backup", str(tmp_path / "copy.db"), "--log", log_url, "--json")
    copies = [str(tmp_path / name) for name in ("copy.db-mentions", "copy.db")]
    assert (code, json.loads(said)) == (0, {"backups": copies})
    there = ("--log", f"sqlite:////{copies[-1]}")
    assert "1 facts hold together" in (await asyncio.to_thread(run, "log", "verify", *there))[1]
    assert "live.mentions" in (await asyncio.to_thread(run, "dead-letters", *there))[1]


async def test_a_mention_lane_that_never_ran_has_nothing_to_copy(log_url: str, tmp_path: Path) -> None:
    code, said, _ = await asyncio.to_thread(run, "backup", str(tmp_path / "copy.db"), "--log", log_url)
    assert (code, said) == (0, f"backed up to {tmp_path / 'copy.db'}\n")


def test_a_cluster_has_backups_of_its_own() -> None:
    code, _, complained = run("backup", "copy.db", "--log", "kafka://one:9092")
    assert (code, "kafka has backups of its own" in complained) == (1, True)
