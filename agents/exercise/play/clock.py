"""The played clock: real time while an agent works, `speed` times as fast while all of them wait.

If the clock always ran at 60, a second that a machine needs would count as a minute, and a channel that may take ten
seconds would have a sixth of one. So the work of machines counts as it is, and only the waiting between events is cut.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic

SPEED_MAX = 1_000.0
LOOK_SECONDS = 0.005
"""How often, in real seconds, the clock checks whether an agent works."""

IsQuiet = Callable[[], Awaitable[bool]]


class PlayedClock:
    """Begins at `start` when it is made; `run` drives it and wakes its sleepers. It never steps back."""

    def __init__(self, start: datetime, speed: float, *, elapsed: Callable[[], float] = monotonic) -> None:
        if not 1 <= speed <= SPEED_MAX:
            raise ValueError(f"speed is {speed:g}: give a number from 1, which is real time, to {SPEED_MAX:g}")
        self._start, self._speed, self._elapsed = start.astimezone(UTC), speed, elapsed
        self._began_seconds = elapsed()
        self._skipped_seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = count()
        self._holders = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._played_seconds())

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._played_seconds() + seconds, next(self._numbers), woken))
        await woken.wait()

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return self._timeout(seconds)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Run in real time during the block, because somebody is about to act."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1

    async def run(self, is_quiet: IsQuiet) -> None:
        """Drive the clock until cancelled. While all is quiet, skip to the next wake-up time and no further."""
        looked = self._elapsed()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            looked, before = self._elapsed(), looked
            if self._speed > 1 and await is_quiet() and not self._holders:
                self._skip((looked - before) * (self._speed - 1))
            self._wake()

    def _played_seconds(self) -> float:
        return self._elapsed() - self._began_seconds + self._skipped_seconds

    def _skip(self, seconds: float) -> None:
        if self._sleepers:
            seconds = min(seconds, self._sleepers[0][0] - self._played_seconds())
        self._skipped_seconds += max(0.0, seconds)

    def _wake(self) -> None:
        now = self._played_seconds()
        while self._sleepers and self._sleepers[0][0] <= now:
            heapq.heappop(self._sleepers)[2].set()

    @asynccontextmanager
    async def _timeout(self, seconds: float) -> AsyncIterator[object]:
        async with asyncio.timeout(None) as scope:
            alarm = asyncio.create_task(self._expire(scope, seconds))
            try:
                yield scope
            finally:
                alarm.cancel()
                with suppress(asyncio.CancelledError):
                    await alarm

    async def _expire(self, scope: asyncio.Timeout, seconds: float) -> None:
        await self.sleep(seconds)
        scope.reschedule(asyncio.get_running_loop().time())
