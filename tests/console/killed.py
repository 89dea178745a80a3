"""A console as a process of its own, which a test kills as a machine would: `python -m tests.console.killed`."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from aiohttp import web
from yarl import URL

from agents.adapters.clocks import ScaledClock
from agents.adapters.kept_sessions import KeptSessions
from agents.console.app import application
from agents.console.drawing import Drawing
from agents.console.house import Address, House
from agents.console.sessions import Sessions
from agents.runtime.door.door import Door
from agents.runtime.views.board import Board
from streams.values import LIVE
from tests.console.bench import LINK_KEY, RP_ID, Night

SERVES = b"serves\n"
START_SECONDS_MAX = 180


class KilledConsole:
    """The console of a night at its address; between its lives only the log and the file of sessions are left."""

    def __init__(self, on: Night, sessions: Path) -> None:
        self._on, self._sessions = on, sessions
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begin a life, at the hour that it is in the night."""
        now = self._on.house.clock.now().isoformat()
        told = (self._on.log, self._on.origin, now, str(self._sessions))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, *told, stdout=asyncio.subprocess.PIPE
        )
        self._process = process
        assert process.stdout
        async with asyncio.timeout(START_SECONDS_MAX):
            assert await process.stdout.readline() == SERVES

    async def kill(self) -> None:
        """End it with no warning."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.communicate()


@asynccontextmanager
async def in_a_process(on: Night, folder: Path) -> AsyncIterator[KilledConsole]:
    """A process that serves the pages of this night in the place of the console that the test has."""
    await on.console.stop()
    console = KilledConsole(on, folder / "sessions")
    await console.start()
    try:
        yield console
    finally:
        await console.kill()


async def serve(log: str, origin: str, now: str, sessions: str) -> None:
    """What the process does, until it is killed."""
    clock, drawing = ScaledClock(datetime.fromisoformat(now), 1.0), Drawing()
    async with Door(LIVE, log) as door, Board(door) as board:
        kept = Sessions(KeptSessions(Path(sessions)))
        house = House(LIVE, Address(origin, RP_ID), board, clock, drawing, kept, link_key=LINK_KEY)
        runner = web.AppRunner(application(house), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", URL(origin).port).start()
        sys.stdout.buffer.write(SERVES)
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
