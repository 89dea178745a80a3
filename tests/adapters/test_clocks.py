"""Clocks: played time passes evenly, at the speed asked for, and never mixes with the real one."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from time import monotonic

import pytest

from agents.adapters.clocks import ScaledClock, SystemClock

NIGHT = datetime(2026, 11, 21, 22, 31, tzinfo=UTC)


def test_the_system_clock_tells_aware_utc() -> None:
    """Whatever the machine's own zone."""
    assert SystemClock().now().utcoffset() == timedelta(0)


async def test_the_system_clock_ends_a_wait_in_time() -> None:
    """`timeout` raises `TimeoutError` in the block."""
    with pytest.raises(TimeoutError):
        async with SystemClock().timeout(0.01):
            await SystemClock().sleep(10)


def test_a_played_clock_begins_at_its_start_and_passes_at_its_speed() -> None:
    """Five real seconds at speed 60 are five played minutes."""
    real = [1000.0]
    clock = ScaledClock(NIGHT, 60, elapsed=lambda: real[0])
    assert clock.now() == NIGHT
    real[0] += 5
    assert clock.now() == NIGHT + timedelta(minutes=5)


def test_a_played_clock_answers_in_utc() -> None:
    """A start given in local time is the same moment."""
    start = NIGHT.astimezone(timezone(timedelta(hours=1)))
    assert ScaledClock(start, elapsed=lambda: 0.0).now().isoformat() == "2026-11-21T22:31:00+00:00"


async def test_sleep_and_timeout_count_played_seconds() -> None:
    """A played hour at speed 360,000 lasts a hundredth of a second."""
    clock, began = ScaledClock(NIGHT, 360_000), monotonic()
    await clock.sleep(3600)
    assert clock.now() >= NIGHT + timedelta(hours=1)
    with pytest.raises(TimeoutError):
        async with clock.timeout(3600):
            await asyncio.Event().wait()
    assert monotonic() - began < 5


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_a_clock_that_cannot_run_is_refused(speed: float) -> None:
    """If time stopped or ran back, no deadline would ever pass."""
    with pytest.raises(ValueError, match="above zero"):
        ScaledClock(NIGHT, speed)


def test_a_start_without_a_time_zone_is_refused() -> None:
    """The moment would be ambiguous."""
    with pytest.raises(ValueError, match="time zone"):
        ScaledClock(NIGHT.replace(tzinfo=None))
