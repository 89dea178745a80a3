import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory_channel import MemoryChannel
from agents.runtime.quiet import Quiet
from agents.runtime.worker import Setup, Worker
from streams.commands import Command
from tests.builders import DRILL, INCIDENT, NOW, command, declaration, holding, register

CHANNELS = {name: MemoryChannel(DRILL) for name in ("website", "social")}


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    setup = Setup(DRILL, f"sqlite:///{tmp_path}/log.db", ScaledClock(NOW), register, CHANNELS)
    async with Worker(setup) as started:
        yield started


async def until_quiet(worker: Worker) -> None:
    quiet = Quiet(worker)
    async with asyncio.timeout(10):
        while not await quiet():  # noqa: ASYNC110 - the agents end at their own pace
            await asyncio.sleep(0.005)


async def test_it_is_quiet_only_when_everything_has_been_said_and_sent(worker: Worker) -> None:
    """From the order to the last confirmation somebody always works; afterwards nobody does."""
    await worker.put([command(declaration(), mode=DRILL), command(holding(), mode=DRILL)])
    assert not await Quiet(worker)()
    await until_quiet(worker)
    incident = (await worker.incidents.all())[INCIDENT]
    assert {delivery.state for delivery in incident.deliveries.values()} == {"confirmed"}


async def test_while_a_send_is_under_way_it_is_not_quiet(worker: Worker) -> None:
    await until_quiet(worker)
    ended = asyncio.Event()

    async def work() -> Sequence[Command]:
        await ended.wait()
        return []

    worker.background.start("a send", work)
    assert not await Quiet(worker)()
    ended.set()
    await until_quiet(worker)
