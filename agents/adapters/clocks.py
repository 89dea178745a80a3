"""Clocks: the time of the world, and a played time that runs as fast as an exercise wants."""

import asyncio
import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from time import monotonic


class SystemClock:
    """The time of this machine, in UTC. It steps when the machine's clock is set; `sleep` and `timeout` do not."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one system clock: everybody else asks this port

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return asyncio.timeout(seconds)


class ScaledClock:
    """A played time: it begins at `start` and passes `speed` times as fast as the real one, without ever stepping.

    `start` is aware; `speed` is played seconds for each real second, above zero. All seconds asked for are played ones.
    """

    def __init__(self, start: datetime, speed: float = 1.0, *, elapsed: Callable[[], float] = monotonic) -> None:
        if start.tzinfo is None:
            raise ValueError("start has no time zone: give an aware datetime")
        if not (math.isfinite(speed) and speed > 0):
            raise ValueError(f"speed is {speed}: give a number above zero, 1 is real time")
        self._start, self._speed, self._elapsed = start.astimezone(UTC), speed, elapsed
        self._began_seconds = elapsed()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(self._elapsed() - self._began_seconds) * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return asyncio.timeout(seconds / self._speed)
