"""Processes of a measurement: each gets its ground, prints lines, and is ended at the end, whatever happens."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.ground import Ground, Kind

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120.0
COMPILED = ROOT / "var/bench/compiled"
INSTALLED = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}
"""The environment of a process: as in an installation its modules are compiled.

In a checkout they may have to be compiled at each start, which takes a fifth of a question's time.
"""


class Silent(Exception):
    """A process of the measurement ended, or said nothing in time: what it printed is above."""


@asynccontextmanager
async def started(program: Sequence[str]) -> AsyncIterator[Process]:
    """A process that is killed at the end, if it still runs."""
    process = await asyncio.create_subprocess_exec(*program, cwd=ROOT, stdout=PIPE, env=INSTALLED)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line_of(process: Process, seconds_max: float = PATIENCE_SECONDS) -> str:
    """The next line that the process says."""
    if process.stdout is None:
        raise Silent
    try:
        async with asyncio.timeout(seconds_max):
            said = await process.stdout.readline()
    except TimeoutError:
        raise Silent from None
    if not said:
        raise Silent
    return said.decode().strip()


def program_of(module: str, ground: Ground, *arguments: object) -> Sequence[str]:
    """How a module of the benchmarks is started on a ground."""
    told = (ground.kind, ground.url, ground.mode, ground.made, *arguments)
    return [sys.executable, "-m", f"benchmarks.{module}", *(str(one) for one in told)]


def told_ground(arguments: Sequence[str]) -> Ground:
    """The ground that `program_of` has named."""
    kind, url, mode, made = arguments
    return Ground(Kind(kind), url, mode, float(made))
