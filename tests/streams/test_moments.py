"""A promised moment is plain to whoever reads it: with its day, its year and its zone where the time alone misleads."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.moments import MONTHS, ahead, parts, whole

LONDON = ZoneInfo("Europe/London")
NIGHT = datetime(2026, 11, 18, 22, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "later", "en", "cy"),
    [
        (NIGHT, timedelta(minutes=59), "23:30", "23:30"),
        (NIGHT, timedelta(hours=2), "00:31", "00:31"),
        (NIGHT, timedelta(hours=25), "23:31 on Thursday 19 November", "23:31 ddydd Iau 19 Tachwedd"),
        (NIGHT, timedelta(days=2), "22:31 on Friday 20 November", "22:31 ddydd Gwener 20 Tachwedd"),
        (NIGHT, timedelta(days=60), "22:31 on Sunday 17 January 2027", "22:31 ddydd Sul 17 Ionawr 2027"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), timedelta(minutes=30), "23:30", "23:30"),
        # The clocks go back at 01:00 UTC: half past one comes twice.
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), timedelta(minutes=20), "01:30 BST", "01:30 BST"),
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), timedelta(minutes=80), "01:30 GMT", "01:30 GMT"),
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), timedelta(minutes=140), "02:30", "02:30"),
        # They go forward: half past one is not there.
        (datetime(2027, 3, 28, 0, 10, tzinfo=UTC), timedelta(minutes=80), "02:30", "02:30"),
    ],
)
def test_a_promise_is_told_as_each_language_tells_it(now: datetime, later: timedelta, en: str, cy: str) -> None:
    assert ahead(now + later, now=now, zone=LONDON) == en
    assert ahead(now + later, now=now, zone=LONDON, language="cy") == cy


def test_a_language_without_names_of_months_gets_the_date_in_digits() -> None:
    assert ahead(NIGHT + timedelta(days=2), now=NIGHT, zone=LONDON, language="pl") == "22:31, 2026-11-20"


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds have none


@given(MOMENTS, st.integers(1, 60 * 24 * 30), st.sampled_from(["en", "cy", "pl"]))
def test_no_two_moments_ahead_are_told_alike(now: datetime, minutes: int, language: str) -> None:
    """Nobody takes one promise for another of the same month: neither a day later, nor an hour when clocks change."""
    moment = now + timedelta(minutes=minutes)
    told = ahead(moment, now=now, zone=LONDON, language=language)
    assert all(part in told for part in parts(moment, now=now, zone=LONDON, language=language))
    for other in (timedelta(hours=1), timedelta(days=1), timedelta(days=7)):
        assert ahead(moment + other, now=now, zone=LONDON, language=language) != told


def test_what_stays_on_a_page_has_its_date_and_the_zone_where_it_is_needed() -> None:
    assert whole(NIGHT, zone=LONDON, months=MONTHS["en"]) == "22:31, 18 November 2026"
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert whole(twice, zone=LONDON, months=MONTHS["cy"]) == "01:30 BST, 25 Hydref 2026"
