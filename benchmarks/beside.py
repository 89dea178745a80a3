"""The processes beside a measurement: a control worker to kill, and a mention lane that is flooded.

`python -m benchmarks.beside <ground> <what>`
"""

import asyncio
import os
import signal
import sys
import time

from agents.entrypoints.garbage import look_seldom
from benchmarks.contestants import position
from benchmarks.ground import BATCH, Ground
from benchmarks.processes import told_ground
from benchmarks.quiet import silence
from benchmarks.watch import say
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.words.delivery import Dispatch

BACKLOG = 10 * BATCH
LOOK_SECONDS = 0.002


async def worker(ground: Ground, name: str) -> None:
    """Serve until killed; say which incident each channel is asked for."""

    def tell(dispatch: Dispatch) -> None:
        say(dispatch.incident_id)

    async with ground.worker(CONTROL_LANE, name=name, channels=ground.channels(tell)):
        say("serving")
        await asyncio.Event().wait()


async def flood(ground: Ground) -> None:
    """Keep a backlog before the mention lane; at SIGTERM say how many mentions a second it has handled."""
    os.nice(MENTION_LANE.niceness)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    posts, put, first = ground.posts(BATCH), 0, 0
    async with ground.worker(MENTION_LANE) as lane:
        began = time.perf_counter()
        while not stopped.is_set():
            done = position(lane, ground)
            if not first and done:
                first, began = done, time.perf_counter()
                say("flooding")
            if put < done + BACKLOG:
                await lane.log.append(posts)
                put += BATCH
            else:
                await asyncio.sleep(LOOK_SECONDS)
        say(f"{(position(lane, ground) - first) / (time.perf_counter() - began):.0f}")


if __name__ == "__main__":
    *where, what, name = sys.argv[1:]
    silence()
    look_seldom()
    asyncio.run(flood(told_ground(where)) if what == "flood" else worker(told_ground(where), name))
