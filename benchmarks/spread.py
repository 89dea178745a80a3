"""P9: what it costs that two workers share the mentions of four partitions.

`python -m benchmarks.spread <ground> <name>` is one of these workers.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from agents.entrypoints.garbage import look_seldom
from agents.runtime.door.lanes import Across
from agents.runtime.door.tables import COUNTS, changelog
from agents.runtime.door.topic_reader import TopicReader
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS, line_of, program_of, started, told_ground
from benchmarks.quiet import silence
from benchmarks.watch import say
from streams.decisions.listening.surge import Counts
from streams.lanes import MENTION_LANE

PARTITIONS = 4
WORKERS = ("a", "b")
MILLION = 1_000_000
TIMES = 5
"""As many mentions more than other figures take: the workers' sharing out of the partitions is paid once."""
LOOK_SECONDS = 0.1


async def spread(kind: Kind, url: str, *, events: int, runs: int) -> Sequence[Figure]:
    """Processor seconds of two workers for a million mentions, over those of one; none on a ground with one worker."""
    if kind is not Kind.KAFKA:
        return []
    events *= TIMES
    wide = url.replace("partitions=1", f"partitions={PARTITIONS}")
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for workers in (1, 2) * runs:
        async with fresh(Kind.KAFKA, wide) as ground:
            seconds[workers].append(await _counted(ground, WORKERS[:workers], events) * MILLION / events)
    caption = f"{events:,} mentions in {PARTITIONS} partitions; the table of counts had each once, in every run"
    return [Figure("P9 two workers", kind, "s a million", seconds[2], seconds[1], "one worker", Aim(1.15), caption)]


async def _counted(ground: Ground, workers: Sequence[str], events: int) -> float:
    """Processor seconds of these workers from their first mentions until every mention is in the table of counts."""
    await ground.declare()
    await ground.fill(events)
    async with AsyncExitStack() as running:
        processes = [await running.enter_async_context(started(program_of("spread", ground, name))) for name in workers]
        for one in processes:
            await line_of(one)
        await _until_counted(ground, events)
        for one in processes:
            one.terminate()
        return sum([float(await line_of(one)) for one in processes])


async def _until_counted(ground: Ground, events: int) -> None:
    """Follow the table of counts; `RuntimeError` where it has more than there were."""
    across = Across(ground.mode, ground.url, MENTION_LANE)
    await across.open()
    reader = TopicReader(lambda: across.log, changelog(ground.mode, COUNTS))
    totals: dict[bytes | None, int] = {}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (counted := sum(totals.values())) < events:
            for record in await reader.more(LOOK_SECONDS):
                totals[record.key] = Counts.model_validate_json(record.value or b"").total
    await across.close()
    if counted > events:
        raise RuntimeError(f"{counted} mentions were counted, and there were {events}")


async def worker(ground: Ground, name: str) -> None:
    """Serve until stopped, then say how many seconds of the processor it took from its first mentions on."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with ground.worker(MENTION_LANE, name=name) as worker:
        say("ready")
        while not (worker.app.monitor.tp_committed_offsets or stopped.is_set()):  # noqa: ASYNC110 - a commit tells nobody
            await asyncio.sleep(LOOK_SECONDS / 10)
        began = time.process_time()
        await stopped.wait()
        say(f"{time.process_time() - began:.3f}")


if __name__ == "__main__":
    *where, name = sys.argv[1:]
    silence()
    look_seldom()
    asyncio.run(worker(told_ground(where), name))
