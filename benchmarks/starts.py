"""P8 and P10: how a start and a question to the record grow with the facts in the log."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from agents.runtime.door.door import Door
from agents.runtime.worker.worker import Worker
from benchmarks.figures import Aim, Figure, spread
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.processes import PATIENCE_SECONDS, line_of, program_of, started
from streams.lanes import CONTROL_LANE
from streams.subjects.incident import Incident
from streams.words.incident import StandDown

AT_A_TIME = 20
LOOK_SECONDS = 0.05
AIM = Aim(1.5)
ANSWER_SECONDS = 0.5
SMALLER_BY = 10
ASKED = 20
COMMAND = "from agents.entrypoints.cli.main import main; main()"


async def starts(kind: Kind, url: str, *, facts: int, runs: int) -> Sequence[Figure]:
    """Start and `status` with so many facts beside a tenth of them, and what a question costs."""
    async with fresh(kind, url) as small, fresh(kind, url) as large:
        counts = [await fill(ground, wanted) for ground, wanted in ((small, facts // SMALLER_BY), (large, facts))]
        seconds: dict[Ground, list[tuple[float, float]]] = {small: [], large: []}
        answers: dict[Ground, list[float]] = {small: [], large: []}
        for ground in (small, large) * runs:
            seconds[ground].append(await _ready(ground))
        for ground in (small, large) * ASKED:
            answers[ground].append(await _run("-c", COMMAND, *_status(ground)))
        bare = [await _run("-c", "pass") for _ in range(ASKED)]
        faust = [await _run("-c", "import faust") for _ in range(ASKED)]
    caption = f"{counts[1]} facts in the log beside {counts[0]}, of incidents that are over"
    figures = [
        Figure(f"P8 {what}", kind, unit, ours, theirs, "a tenth of the facts", AIM, caption)
        for what, unit, ours, theirs in (
            ("serve until ready", "s", [one for one, _ in seconds[large]], [one for one, _ in seconds[small]]),
            ("memory when ready", "MiB", [one for _, one in seconds[large]], [one for _, one in seconds[small]]),
            ("status", "s", answers[large], answers[small]),
        )
    ]
    beside = f"python -c pass takes {spread(bare)} s in the same run, import faust {spread(faust)} s; {caption}"
    return [*figures, Figure("P10 status", kind, "s", answers[large], [ANSWER_SECONDS], "the bound", Aim(1), beside)]


async def fill(ground: Ground, facts: int) -> int:
    """Have incidents declared, told of and stood down until there are so many facts; how many there are then."""
    count = 0
    async with ground.worker(CONTROL_LANE, ended_kept=timedelta(0)) as worker, Door(ground.mode, ground.url) as door:
        while count < facts:
            declarations = [ground.declaration() for _ in range(AT_A_TIME)]
            names = [one.subject.id for one in declarations]
            await worker.put([*declarations, *(ground.release(name) for name in names)])
            await _until(lambda: len(_told(worker)) == AT_A_TIME)
            over = StandDown(reason="All patients are cared for.")
            await worker.put([ground.command(over, incident=name) for name in names])
            await _until(lambda: not worker.incidents.states)
            count = len(await door.fact_records())
    return count


def _told(worker: Worker) -> Sequence[Incident]:
    """The incidents whose message went out on every channel: it left their records."""
    here = [one for one in worker.incidents.states.values() if isinstance(one, Incident)]
    return [one for one in here if one.released and not one.deliveries]


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not so():  # noqa: ASYNC110 - a view tells nobody
            await asyncio.sleep(LOOK_SECONDS)


def _status(ground: Ground) -> Sequence[str]:
    return ["status", "--log", ground.url, "--mode", ground.mode]


async def _ready(ground: Ground) -> tuple[float, float]:
    """Seconds until a worker serves, and its memory then, in MiB."""
    began = time.perf_counter()
    async with started(program_of("beside", ground, "worker", "0")) as process:
        await line_of(process)
        seconds = time.perf_counter() - began
        return seconds, _peak_mib(process.pid)


def _peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


async def _run(*arguments: str) -> float:
    """Seconds until a Python that was started with these arguments has ended; `RuntimeError` if it failed."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        raise RuntimeError(f"{arguments} failed: see what it printed above")
    return time.perf_counter() - began
