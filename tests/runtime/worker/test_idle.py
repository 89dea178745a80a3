import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.door.door import facts_of
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.worker import idle
from agents.runtime.worker.idle import Quiet
from agents.runtime.worker.worker import Setup, Worker
from infra.log import Draft, Partition
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.topics import FACTS
from streams.words.orders import Command
from tests.builders import DRILL, INCIDENT, NOW, command, declaration, holding, register

CHANNELS = {name: MemoryChannel(DRILL) for name in ("website", "social")}


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    setup = Setup(DRILL, f"sqlite:///{tmp_path}/log.db", ScaledClock(NOW), register, CHANNELS)
    async with Worker(setup) as started:
        yield started


async def until_quiet(worker: Worker) -> None:
    quiet = Quiet(worker)
    async with asyncio.timeout(180):
        while not await quiet():  # noqa: ASYNC110 - the agents end at their own pace
            await asyncio.sleep(0.005)


async def test_it_is_quiet_only_when_everything_has_been_said_and_sent(worker: Worker) -> None:
    """From the order to the last confirmation somebody always works; afterwards nobody does."""
    await worker.put([command(declaration(), mode=DRILL), command(holding(), mode=DRILL)])
    assert not await Quiet(worker)()
    await until_quiet(worker)
    facts = facts_of(await TopicReader(lambda: worker.log, FACTS.named(DRILL)).rest())
    incident = fold_all(Incident(id=INCIDENT, mode=DRILL), facts)
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


async def test_while_messages_are_on_their_way_to_the_log_it_is_not_quiet(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer's order may take the log longer than a look at it: until it lies there, time must not be skipped."""
    await until_quiet(worker)
    taken, append = asyncio.Event(), worker.log.append

    async def late(drafts: Sequence[Draft]) -> None:
        await taken.wait()
        await append(drafts)

    monkeypatch.setattr(worker.log, "append", late)
    putting = asyncio.create_task(worker.put([command(declaration(), mode=DRILL)]))
    await asyncio.sleep(0)
    assert not await Quiet(worker)()
    taken.set()
    await putting
    await until_quiet(worker)
    assert INCIDENT in await worker.incidents.all()


async def test_what_was_put_during_the_look_is_not_overlooked(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    await until_quiet(worker)
    ends = worker.log.ends

    async def meanwhile(partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        seen = await ends(partitions)
        await worker.put([command(declaration(), mode=DRILL)])
        return seen

    monkeypatch.setattr(worker.log, "ends", meanwhile)
    assert not await Quiet(worker)()


async def test_however_long_a_commit_takes_it_is_not_quiet_before(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a claim would lapse while a busy machine writes its report, and a person would be sent the same twice."""
    await until_quiet(worker)
    monkeypatch.setattr(idle, "STILL_SECONDS", 0.0)
    written, session = asyncio.Event(), worker.app.consumer.session  # type: ignore[attr-defined] # A DriverApp's.
    commit = session.member.commit

    async def late(*what: Any) -> None:
        await written.wait()
        await commit(*what)

    monkeypatch.setattr(session.member, "commit", late)
    await worker.put([command(declaration(), mode=DRILL)])
    quiet = Quiet(worker)
    for _ in range(20):
        assert not await quiet()
        await asyncio.sleep(0.01)
    written.set()
    await until_quiet(worker)
    assert INCIDENT in await worker.incidents.all()
