"""The processes beside a measurement: a control worker to kill, and a mention lane that is flooded."""

import asyncio
import os
import signal
import sys
import time

from agents.entrypoints.supervising import NICENESS
from agents.runtime.places import Lane
from benchmarks.ground import PARTITION, Ground, mentions
from benchmarks.mention_lane import position
from benchmarks.quiet import prepare

BACKLOG = 20_000


async def worker(ground: Ground) -> None:
    """Serve until killed."""
    async with ground.worker(Lane.CONTROL):
        say("serving")
        await asyncio.Event().wait()


async def flood(ground: Ground) -> None:
    """Keep a backlog before the mention lane; at SIGTERM say how many mentions a second it has handled."""
    os.nice(NICENESS)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    posts = mentions(2_000)
    async with ground.worker(Lane.MENTIONS) as lane:
        began = time.perf_counter()
        first: int | None = None
        while not stopped.is_set():
            done = await position(lane)
            if first is None and done:
                first, began = done, time.perf_counter()
                say("flooding")
            if (await lane.log.ends([PARTITION]))[PARTITION] - done < BACKLOG:
                await lane.log.append(posts)
            await asyncio.sleep(0.002)
        say(f"{(await position(lane) - (first or 0)) / (time.perf_counter() - began):.0f}")


def say(words: str) -> None:
    """One line for whoever measures."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    prepare()
    what, url = sys.argv[1:]
    asyncio.run({"worker": worker, "flood": flood}[what](Ground(url)))
