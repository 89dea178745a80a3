"""P8 and P10: how a start, an order and a question to the record grow with the facts in the log."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.runtime.door.door import Door
from benchmarks.figures import Aim, Figure, spread
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.history import write
from benchmarks.processes import INSTALLED, line_of, program_of, started

AIM = Aim(1.5)
ANSWER_SECONDS = 0.5
FACTS_BESIDE = 1_000
ORDERS = 5
"""So many are given after each start; the first, which waits for what is needed only once, is left out."""
COMMAND = "from agents.entrypoints.cli.main import main; main()"
PEAK = "import atexit; atexit.register(lambda: print(open('/proc/self/status').read())); "


@dataclass(frozen=True, slots=True)
class Size:
    """How many facts, how many each incident has, and the one that goes on, and how often the record is asked."""

    facts: int
    facts_each: int
    facts_live: int
    asked: int


@dataclass(frozen=True, slots=True)
class Samples:
    """What was measured on one ground, in seconds and MiB."""

    ready: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)


async def starts(kind: Kind, url: str, *, size: Size, runs: int) -> Sequence[Figure]:
    """Start, order and `status` with so many facts beside a thousand, and what a question costs."""
    async with fresh(kind, url) as small, fresh(kind, url) as large:
        over = await write(large, facts=size.facts, facts_each=size.facts_each, facts_live=size.facts_live)
        await write(small, facts=FACTS_BESIDE, facts_each=FACTS_BESIDE)
        samples = {small: Samples(), large: Samples()}
        for ground in (small, large) * runs:
            await _serve(ground, samples[ground])
            samples[ground].asking.append(await _asking_mib(ground))
        for ground in (small, large) * size.asked:
            samples[ground].answers.append(await _run("-c", COMMAND, *_status(ground)))
        bare = [await _run("-c", "pass") for _ in range(size.asked)]
        faust = [await _run("-c", "import faust") for _ in range(size.asked)]
    live = f"one that is not, with {size.facts_live} of its own"
    caption = f"{size.facts} facts in the log, of {over} incidents that are over and {live}"
    ours, theirs = samples[large], samples[small]
    figures = [
        Figure(f"P8 {what}", kind, unit, mine, beside, f"{FACTS_BESIDE} facts", AIM, caption)
        for what, unit, mine, beside in (
            ("serve until ready", "s", ours.ready, theirs.ready),
            ("memory when ready", "MiB", ours.resident, theirs.resident),
            ("one order", "s", ours.orders, theirs.orders),
            ("status", "s", ours.answers, theirs.answers),
            ("memory of status", "MiB", ours.asking, theirs.asking),
        )
    ]
    beside = f"python -c pass takes {spread(bare)} s in the same run, import faust {spread(faust)} s; {caption}"
    return [*figures, Figure("P10 status", kind, "s", ours.answers, [ANSWER_SECONDS], "the bound", Aim(1), beside)]


def _status(ground: Ground) -> Sequence[str]:
    return ["status", "--log", ground.url, "--mode", ground.mode]


async def _serve(ground: Ground, samples: Samples) -> None:
    """Note the seconds until a worker serves, its memory then in MiB, and the seconds of each order that it answers."""
    began = time.perf_counter()
    async with started(program_of("beside", ground, "worker", "0")) as process:
        await line_of(process)
        samples.ready.append(time.perf_counter() - began)
        samples.resident.append(_peak_mib(_status_of(process.pid)))
        for number in range(ORDERS + 1):
            took = await _order(ground)
            if number:
                samples.orders.append(took)


async def _order(ground: Ground) -> float:
    """Seconds that a command of the command line waits for the answer to an order, after it has been loaded."""
    began = time.perf_counter()
    async with Door(ground.mode, ground.url) as door:
        await door.ask(ground.declaration())
    return time.perf_counter() - began


async def _asking_mib(ground: Ground) -> float:
    """The most memory that `holdingline status` takes."""
    program = [sys.executable, "-c", PEAK + COMMAND, *_status(ground)]
    process = await asyncio.create_subprocess_exec(*program, stdout=PIPE, env=INSTALLED)
    said, _ = await process.communicate()
    return _peak_mib(said.decode())


def _status_of(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def _peak_mib(status: str) -> float:
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


async def _run(*arguments: str) -> float:
    """Seconds until a Python that was started with these arguments has ended; `RuntimeError` if it failed."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=DEVNULL, env=INSTALLED)
    if await process.wait():
        raise RuntimeError(f"{arguments} failed: see what it printed above")
    return time.perf_counter() - began
