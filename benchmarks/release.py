"""A release: from the order to every channel asked, idle and under a flood; and again after a kill."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.adapters.memory_channel import MemoryChannel
from agents.runtime.door import Door
from agents.runtime.places import Lane
from agents.runtime.worker import Worker
from benchmarks.figures import Figure
from benchmarks.ground import CLOCK, Ground, fresh_sqlite
from infra.log import LogError
from tests import builders

COMMITS = 4
"""The order, the authorisation, the wish to claim, the claim: each must be on the disk before the next step."""
PATIENCE_SECONDS = 30.0
ROOT = Path(__file__).parents[1]
UPDATE_IN = timedelta(minutes=50)
NUMBERS = count()
Samples = list[float]


async def idle_and_flooded(releases: int, runs: int) -> Sequence[Figure]:
    """P2 and P3, run by run: bare commits, idle releases, and releases while the mention lane is flooded."""
    bare, idle, slow, flooded = Samples(), Samples(), Samples(), Samples()
    rates = Samples()
    for _ in range(runs):
        bare.append(_at(_bare_commits(releases), 50))
        async with fresh_sqlite() as ground:
            channels = {name: MemoryChannel("live", pretends_live=True) for name in builders.register().channels}
            async with ground.worker(Lane.CONTROL, channels) as worker:
                await worker.put([builders.command(builders.declaration(), at=CLOCK.now())])
                await _release(worker, channels, 5)
                times = await _release(worker, channels, releases)
                idle.append(_at(times, 50))
                slow.append(_at(times, 99))
                async with _flood(ground, rates):
                    flooded.append(_at(await _release(worker, channels, releases), 50))
    caption = (
        f"{COMMITS} commits in a row: the order, the authorisation, the wish to claim, the claim; "
        f"p99 {max(slow):.1f} ms; the flood was handled at {min(rates):,.0f} to {max(rates):,.0f} mentions/s."
    )
    against = f"{COMMITS} bare SQLite commits"
    return [
        Figure("P2 release, p50", "ms", idle, bare, against=against, aim="at most 2", caption=caption),
        Figure("P3 release under a flood, p50", "ms", flooded, idle, against="idle", aim="at most 1.25"),
    ]


async def after_a_kill(runs: int) -> Figure:
    """P4: kill -9 of the control worker until the next one has answered an order."""
    seconds = Samples()
    for _ in range(runs):
        async with fresh_sqlite() as ground:
            first = await _started("worker", ground)
            first.kill()
            killed = time.perf_counter()
            second = await asyncio.create_subprocess_exec(
                *_command("worker", ground), cwd=ROOT, stdout=asyncio.subprocess.PIPE
            )
            await _first_answer(ground)
            seconds.append(time.perf_counter() - killed)
            second.kill()
            await asyncio.gather(first.wait(), second.wait())
    return Figure("P4 kill -9 to an answer", "s", seconds, [2.0], against="bound", aim="at most 1")


async def _first_answer(ground: Ground) -> None:
    order = builders.command(builders.declaration(name=f"Crash {next(NUMBERS)}"), at=CLOCK.now())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(LogError):
                async with Door("live", ground.url) as door:
                    await door.ask(order)
                    return
            await asyncio.sleep(0.01)


async def _release(worker: Worker, channels: dict[str, MemoryChannel], releases: int) -> Samples:
    """Milliseconds from the order to the moment when the last channel was asked."""
    times = Samples()
    for _ in range(releases):
        before = sum(len(channel.posts) for channel in channels.values())
        name = await _new_incident(worker)
        release = builders.holding(next_update_at=CLOCK.now() + UPDATE_IN)
        began = time.perf_counter()
        await worker.put([builders.command(release, incident_id=name, at=CLOCK.now())])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sum(len(channel.posts) for channel in channels.values()) < before + len(channels):  # noqa: ASYNC110 - a channel tells nobody
                await asyncio.sleep(0.0005)
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _new_incident(worker: Worker) -> str:
    """Declare an incident of its own for each release: what was said before on one is repeated in its table."""
    number = next(NUMBERS)
    name = f"incident-{number}"
    declaration = builders.declaration(name=f"Other {number}", hashtags=(f"#Other{number}",))
    await worker.put([builders.command(declaration, incident_id=name, at=CLOCK.now())])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while name not in await worker.incidents.all():  # noqa: ASYNC110 - a view tells nobody
            await asyncio.sleep(0.005)
    return name


def _bare_commits(releases: int) -> Samples:
    """The same number of durable commits, in a row, of records of about the same size."""
    times = Samples()
    with TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, value BLOB)")
        for _ in range(releases):
            began = time.perf_counter()
            for _ in range(COMMITS):
                connection.execute("INSERT INTO records (value) VALUES (?)", (b"x" * 4_000,))
            times.append((time.perf_counter() - began) * 1000)
        connection.close()
    return times


def _at(samples: Sequence[float], percent: int) -> float:
    return sorted(samples)[min(len(samples) - 1, len(samples) * percent // 100)]


@asynccontextmanager
async def _flood(ground: Ground, rates: Samples) -> AsyncIterator[None]:
    """A mention lane in a process of its own, which puts posts and handles them as fast as it can."""
    process = await _started("flood", ground)
    try:
        yield
    finally:
        process.terminate()
        said, _ = await process.communicate()
        rates.append(float(said.decode().split()[-1]))


async def _started(what: str, ground: Ground) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(*_command(what, ground), cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise RuntimeError("a process with a pipe has no pipe")
    await process.stdout.readline()
    return process


def _command(what: str, ground: Ground) -> list[str]:
    return [sys.executable, "-m", "benchmarks.beside", what, ground.url]
