"""The mention lane: its speed for one core against a bare loop and a plain Faust agent, and its memory."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from faust.types import TP, EventT

from agents.mentions import Needs, handle
from agents.runtime.places import Lane
from agents.runtime.receiving import receive
from agents.runtime.stores import TableStore
from agents.runtime.worker import Worker
from benchmarks.figures import Figure
from benchmarks.ground import CLOCK, PARTITION, Ground, fresh_sqlite, mentions
from infra.driver import RawSchema, create_app, guarded, running
from streams.decisions.surge import Counts
from streams.topics import MENTIONS
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryStore

BATCH = 2_000
NIGHT = MemoryIncidents((builders.declared(),))


async def speed(events: int, runs: int) -> Sequence[Figure]:
    """P1: events a second of processor time."""
    ours, bare, plain = [], [], []
    for _ in range(runs):
        async with fresh_sqlite() as ground:
            await ground.declare()
            await _fill(ground, events)
            bare.append(await _bare_loop(ground, events))
            ours.append(await _lane(ground, events))
        async with fresh_sqlite() as ground:
            plain.append(await _plain_agent(ground, max(10, events // 20)))
    unit, aims = "events/s of one core", ("at least 0.8", "at least 15")
    return [
        Figure("P1a mention lane", unit, ours, bare, against="bare loop, no commits", aim=aims[0]),
        Figure("P1b mention lane", unit, ours, plain, against="plain Faust agent per event", aim=aims[1]),
    ]


async def memory(events: int) -> Figure:
    """P5: resident memory over many mentions, sampled after each tenth."""
    sizes: list[float] = []
    async with fresh_sqlite() as ground:
        await ground.declare()
        batch = mentions(BATCH)
        async with ground.worker(Lane.MENTIONS) as worker:
            for tenth in range(1, 11):
                while (end := (await worker.log.ends([PARTITION]))[PARTITION]) < events * tenth // 10:
                    await worker.log.append(batch)
                    await _until(worker, end - 10 * BATCH)
                await _until(worker, end)
                sizes.append(_resident_mebibytes())
    caption = f"{events:,} mentions; tenths in MiB: {', '.join(f'{size:.0f}' for size in sizes)}"
    aim, against = "at most 1.1", "after the first tenth"
    return Figure("P5 memory", "MiB", sizes[-1:], sizes[:1], against=against, aim=aim, caption=caption)


def _resident_mebibytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _fill(ground: Ground, events: int) -> None:
    """Put the mentions on a log whose worker has been there and counts nothing yet."""
    async with ground.worker(Lane.MENTIONS) as worker:
        worker.app.consumer.fetching.close()  # type: ignore[attr-defined] # The driver's consumer: it reads no further.
        posts = mentions(events)
        for start in range(0, events, BATCH):
            await worker.log.append(posts[start : start + BATCH])


async def position(worker: Worker) -> int:
    """How many mentions were handled and committed."""
    positions = await worker.app.consumer.stream_positions()  # type: ignore[attr-defined] # The driver's consumer.
    return int(positions.get(PARTITION, 0))


async def _until(worker: Worker, offset: int) -> None:
    while await position(worker) < offset:  # noqa: ASYNC110 - it goes at its own pace
        await asyncio.sleep(0.02)


async def _rate(work: Callable[[], Awaitable[int]]) -> float:
    before = time.process_time()
    return await work() / (time.process_time() - before)


async def _lane(ground: Ground, events: int) -> float:
    async with ground.worker(Lane.MENTIONS) as worker:
        first = await position(worker)

        async def work() -> int:
            await _until(worker, events)
            return events - first

        return await _rate(work)


async def _bare_loop(ground: Ground, events: int) -> float:
    """Read, decode, validate, match and count, on the same log, without Faust and without commits."""
    needs = Needs("live", CLOCK, NIGHT, MemoryStore[Counts]())
    async with ground.worker(Lane.MENTIONS) as worker:
        worker.app.consumer.fetching.close()  # type: ignore[attr-defined] # Only its log is wanted.
        member = worker.log.join("bare", on_revoked=_ignore, on_assigned=_ignore, assign=lambda _: set())

        async def work() -> int:
            done = 0
            while done < events:
                read = await member.read({PARTITION: done}, records_max=BATCH, wait_seconds=1.0)
                records = read[PARTITION].records
                batch = [receive(MENTIONS, key=one.key, value=one.value, mode="live") for one in records]
                await handle(batch, needs)
                done += len(batch)
            return done

        rate = await _rate(work)
        await member.leave()
    return rate


async def _ignore(partitions: set[TP], generation: int) -> None:
    """Nothing is ever assigned to a reader."""


async def _plain_agent(ground: Ground, events: int) -> float:
    """One event at a time, as Faust has it, with the same handler."""
    app = create_app("plain", ground.url)
    topic, ended = app.topic(PARTITION.topic, schema=RawSchema(), partitions=1), asyncio.Event()
    counts = TableStore(app.Table("counts", schema=RawSchema(), partitions=1), Counts)
    needs, left = Needs("live", CLOCK, NIGHT, counts), [events]

    async def count(event: EventT[bytes]) -> None:
        await handle([receive(MENTIONS, key=event.key, value=event.value, mode="live")], needs)
        left[0] -= 1
        if not left[0]:
            ended.set()

    async def fail(event: EventT[bytes], error: Exception) -> None:
        raise RuntimeError(f"no post should fail: {event.message.offset}") from error

    app.agent(topic, name="plain")(guarded(count, fail))
    async with running(app):
        posts = mentions(events)

        async def work() -> int:
            await app.ground.log.append(posts)
            await ended.wait()
            return events

        return await _rate(work)
