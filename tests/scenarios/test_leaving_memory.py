"""Through a running worker: what is over leaves memory, stays in the record, and comes back for an order about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.door.tables import PAST, SUBJECTS, changelog
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.record.verify import verify
from agents.runtime.worker.worker import Setup, Worker
from infra.log import Record
from streams.subjects.past import ENDED, Ended
from streams.topics import FACTS
from streams.values import LIVE
from streams.words.delivery import DeliveryState
from streams.words.incident import StandDown
from streams.words.orders import Tick
from tests import builders
from tests.builders import INCIDENT, SUBJECT
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench

SETTLED = {DeliveryState.CONFIRMED, DeliveryState.REFUSED}


@asynccontextmanager
async def forgetful(log_url: str) -> AsyncIterator[Bench]:
    """A worker that keeps nothing in memory of what is over."""
    clock, files = ScaledClock(builders.NOW), builders.register()
    channels = {name: MemoryChannel(LIVE, pretends_live=True) for name in files.channels}
    setup = Setup(LIVE, log_url, clock, lambda: files, channels, tick_seconds=0.1, ended_kept=timedelta(0))
    async with Worker(setup) as worker:
        yield Bench(worker, clock, channels, LIVE)


async def tables(on: Bench) -> list[Record]:
    """What the desk's tables are kept on."""
    readers = [TopicReader(lambda: on.worker.log, changelog(on.mode, table)) for table in (SUBJECTS, PAST)]
    return [record for reader in readers for record in await reader.rest()]


async def left(on: Bench) -> Ended:
    """What stays of the incident, once it has left memory."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            last = {record.key: record.value for record in await tables(on)}
            kept = {key.decode(): value for key, value in last.items() if key and value is not None}
            # What is kept of accounts, and of all incidents together, is about no one incident.
            there = {key: value for key, value in kept.items() if key.partition("|")[0] == SUBJECT.key}
            if there.keys() == {f"{SUBJECT.key}|{ENDED}"} and not await on.worker.incidents.all():
                return Ended.model_validate_json(there.popitem()[1])
            await asyncio.sleep(0.05)


async def test_what_is_over_leaves_memory_comes_back_for_an_order_and_the_record_holds(log_url: str) -> None:
    """The order is judged by the state that the facts give; a worker that starts again holds nothing of it either."""
    async with forgetful(log_url) as on:
        await on.answered(on.order(builders.declaration()))
        await on.answered(on.order(builders.holding()))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while {one.state for one in (await on.incident()).deliveries.values()} - SETTLED:  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.05)
        await on.answered(on.order(StandDown(reason="It is over.")))
        stays = await left(on)
        assert stays.head == (await on.incident()).head
    async with forgetful(log_url) as on:
        assert await left(on) == stays
        await on.put(on.order(Tick(), by="clock"))
        [refused] = await on.answered(on.order(builders.declaration(), by=builders.NURSE))
        assert (refused.sequence, refused.previous) == (stays.sequence + 1, stays.head)
        assert (await left(on)).sequence == refused.sequence
        facts = list(await TopicReader(lambda: on.worker.log, FACTS.named(LIVE)).rest())
        kept = await tables(on)
    assert verify(facts, kept) == []
    (cut,) = verify(facts[:-1], kept)
    assert cut.startswith(f"incident {INCIDENT}: fact {refused.sequence}, its last when it left memory, is missing")
