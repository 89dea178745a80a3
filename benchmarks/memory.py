"""P5: what the mention lane holds in memory while millions pass.

`python -m benchmarks.memory <ground> <events>` is that lane.
"""

import asyncio
import os
import sys
from pathlib import Path

from agents.entrypoints.garbage import look_seldom
from benchmarks.contestants import position
from benchmarks.figures import Aim, Figure
from benchmarks.ground import BATCH, Ground, Kind, fresh
from benchmarks.processes import line_of, program_of, started, told_ground
from benchmarks.quiet import silence
from benchmarks.watch import say
from streams.lanes import MENTION_LANE

PARTS = 10
AHEAD = 10 * BATCH
"""So many mentions wait before the lane while it is watched."""
LOOK_SECONDS = 0.01
PART_SECONDS_MAX = 600.0


async def memory(kind: Kind, url: str, *, events: int) -> Figure:
    """The most that was resident in the last tenth of the mentions, over the most in the first."""
    async with fresh(kind, url) as ground:
        await ground.declare()
        async with started(program_of("memory", ground, events)) as process:
            sizes = [float(await line_of(process, PART_SECONDS_MAX)) for _ in range(PARTS)]
    caption = f"{events:,} mentions; tenths in MiB: {', '.join(f'{size:.0f}' for size in sizes)}"
    return Figure("P5 memory", kind, "MiB", sizes[-1:], sizes[:1], "the first tenth", Aim(1.1), caption)


async def lane(ground: Ground, events: int) -> None:
    """A mention lane that puts down what it then handles, and says after each tenth how large it has been."""
    batch, put, largest = ground.posts(BATCH), 0, 0.0
    async with ground.worker(MENTION_LANE) as worker:
        for part in range(1, PARTS + 1):
            while (done := position(worker, ground)) < events * part // PARTS:
                largest = max(largest, resident_mebibytes())
                if put < min(events, done + AHEAD):
                    await worker.log.append(batch)
                    put += BATCH
                else:
                    await asyncio.sleep(LOOK_SECONDS)
            say(f"{largest:.2f}")
            largest = 0.0


def resident_mebibytes() -> float:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    *where, many = sys.argv[1:]
    silence()
    look_seldom()
    asyncio.run(lane(told_ground(where), int(many)))
