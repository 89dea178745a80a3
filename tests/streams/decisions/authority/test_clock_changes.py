"""Until when somebody may act is right in the hours when clocks change, too."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.decisions.authority.working_hours import LONGEST, hours_end, in_hours
from streams.words.register.entries import WorkingHours

BACK, FORWARD, PLAIN = ((2026, 10, 25), (2027, 3, 28), (2026, 11, 17))
MINUTE = timedelta(minutes=1)
TIMES = st.integers(0, 9).map(lambda half_hours: time(half_hours // 2, half_hours % 2 * 30))


def first_change(at: datetime, hours: WorkingHours) -> datetime:
    """The moment when hours begin or end next, looked for minute by minute."""
    is_open, moment = in_hours(at, hours), at
    while moment < at + LONGEST and in_hours(moment, hours) is is_open:
        moment += MINUTE
    return min(moment, at + LONGEST)


@pytest.mark.parametrize("night", [BACK, FORWARD, PLAIN])
@given(before=st.integers(0, 60 * 30), opens=TIMES, closes=TIMES)
@settings(max_examples=60, deadline=None)
def test_hours_end_when_the_clock_on_the_wall_says_so(
    night: tuple[int, int, int], before: int, opens: time, closes: time
) -> None:
    hours = WorkingHours(days=tuple(range(7)), opens=min(opens, closes), closes=max(opens, closes))
    at = datetime(*night, 6, tzinfo=UTC) - before * MINUTE
    assert hours_end(at, hours) == first_change(at, hours)


@pytest.mark.parametrize(
    ("at", "opens", "until"),
    [
        ("2026-10-25T00:40", time(1, 30), "2026-10-25T01:00"),
        ("2026-10-25T01:10", time(1, 30), "2026-10-25T01:30"),
        ("2027-03-28T00:10", time(1, 30), "2027-03-28T01:00"),
    ],
)
def test_hours_that_begin_in_the_hour_that_comes_twice_or_not_at_all(at: str, opens: time, until: str) -> None:
    """They begin, end with the change, and begin again; or they begin with the change."""
    hours = WorkingHours(days=tuple(range(7)), opens=opens, closes=time(17))
    assert hours_end(datetime.fromisoformat(f"{at}+00:00"), hours) == datetime.fromisoformat(f"{until}+00:00")
