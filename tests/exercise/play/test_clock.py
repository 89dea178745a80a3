import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from agents.exercise.play.clock import PlayedClock

START = datetime(2026, 11, 18, 22, 31, tzinfo=UTC)


async def always() -> bool:
    return True


async def never() -> bool:
    return False


@asynccontextmanager
async def driven(clock: PlayedClock, *, quiet: bool) -> AsyncIterator[None]:
    task = asyncio.create_task(clock.run(always if quiet else never))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_while_nobody_works_time_flies() -> None:
    clock, began = PlayedClock(START, 1_000), monotonic()
    async with driven(clock, quiet=True):
        await clock.sleep(60)
    assert monotonic() - began < 5
    assert clock.now() - START >= timedelta(seconds=60)


async def test_nobody_is_woken_late_by_a_jump() -> None:
    """A skip ends where the next sleeper wants to wake, so that order and distance of events stay true."""
    clock = PlayedClock(START, 1_000)
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((clock.now() - START).total_seconds() - seconds)

    async with driven(clock, quiet=True):
        await asyncio.gather(*(sleeper(seconds) for seconds in (1, 5, 5.5, 30)))
    assert all(0 <= late < 0.5 for late in woken), woken


async def test_while_somebody_works_a_second_is_a_second() -> None:
    clock = PlayedClock(START, 1_000)
    async with driven(clock, quiet=False):
        await asyncio.sleep(0.1)
        assert clock.now() - START < timedelta(seconds=2)


async def test_a_timeout_counts_played_seconds() -> None:
    clock = PlayedClock(START, 1_000)
    async with driven(clock, quiet=True):
        with pytest.raises(TimeoutError):
            async with clock.timeout(30):
                await asyncio.Event().wait()
        async with clock.timeout(30):
            pass
    assert timedelta(seconds=30) <= clock.now() - START < timedelta(seconds=35)


@pytest.mark.parametrize("speed", [0.5, -1, 1_001, float("nan")])
def test_a_speed_that_cannot_be_played_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="give a number from 1"):
        PlayedClock(START, speed)


async def test_whoever_is_about_to_act_holds_the_clock() -> None:
    clock = PlayedClock(START, 1_000)
    async with driven(clock, quiet=True):
        with clock.held():
            await asyncio.sleep(0.1)
            assert clock.now() - START < timedelta(seconds=2)
        await clock.sleep(10)
