"""A time to come is said as people say it, by the trust's clock; what is over, or not plain, is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.coming_times import TONIGHT, NoSuchTime, coming, last, shown

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
EVENING = "2026-11-21T22:31:40+00:00"
SUMMER = "2026-07-01T08:00:00+01:00"
BACK = "2026-10-24T23:00:00+01:00"
BETWEEN = "2026-10-25T01:40:00+01:00"
FORWARD = "2027-03-27T23:00:00+00:00"


def meant(text: str, now: str) -> str:
    return coming(text, now=datetime.fromisoformat(now), zone=LONDON).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("text", "now", "moment"),
    [
        ("23:30", EVENING, "2026-11-21T23:30+00:00"),
        ("0:30", EVENING, "2026-11-22T00:30+00:00"),
        ("00.30", EVENING, "2026-11-22T00:30+00:00"),
        ("17:00", SUMMER, "2026-07-01T17:00+01:00"),
        ("23:59", "2026-11-21T00:00:00+00:00", "2026-11-21T23:59+00:00"),
        ("+30m", EVENING, "2026-11-21T23:01+00:00"),
        ("+90m", EVENING, "2026-11-22T00:01+00:00"),
        ("+1h30m", SUMMER, "2026-07-01T09:30+01:00"),
        ("+48h", EVENING, "2026-11-23T22:31+00:00"),
        ("2026-12-24T18:00:00+00:00", EVENING, "2026-12-24T18:00+00:00"),
        ("+3h", BACK, "2026-10-25T01:00+00:00"),
        ("02:30", BACK, "2026-10-25T02:30+00:00"),
        ("01:30", BETWEEN, "2026-10-25T01:30+00:00"),
        ("02:30", FORWARD, "2027-03-28T02:30+01:00"),
    ],
)
def test_a_time_of_day_or_a_span_means_the_next_such_moment_by_the_trusts_clock(
    text: str, now: str, moment: str
) -> None:
    assert meant(text, now) == moment


@pytest.mark.parametrize(
    ("text", "now", "says"),
    [
        ("22:00", "2026-11-21T22:31:40+00:00", "22:00 is over today, it is 22:31 now: give a time to come"),
        ("2026-11-21T22:30:00+00:00", EVENING, "is over, it was 22:30 on Saturday 21 November 2026"),
        ("+0m", EVENING, "is over"),
        ("01:30", BACK, "comes twice .* write which, 2026-10-25T01:30[+]01:00 or 2026-10-25T01:30[+]00:00"),
        ("01:30", FORWARD, "there is no 01:30 that night, the clocks go forward"),
        *((odd, EVENING, "is no moment: write 17:00, ") for odd in ("24:00", "5pm", "+", "+30", "30m", "-5m", "noon")),
        *((odd, EVENING, "is no moment") for odd in ("", "17:00:00", "2026-11-21T23:30:00", "2026-11-21", "1٧:00")),
    ],
)
def test_a_time_that_is_over_or_not_plain_is_refused_in_a_sentence(text: str, now: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        meant(text, now)


@given(
    st.integers(0, 2 * 365 * 24 * 60 * 60).map(lambda seconds: YEAR + timedelta(seconds=seconds)),
    st.times().map(lambda time: f"{time:%H:%M}"),
)
def test_a_time_of_day_is_never_over_and_never_more_than_a_day_away(now: datetime, text: str) -> None:
    """It is what the trust's clock shows then."""
    try:
        moment = coming(text, now=now, zone=LONDON)
    except NoSuchTime:
        return
    assert timedelta() < moment - now <= timedelta(hours=25)
    assert f"{moment:%H:%M}" == text
    assert moment.date() == now.astimezone(LONDON).date() or moment - now <= TONIGHT


def test_the_day_is_shown_with_its_zone() -> None:
    moment = coming("+2h", now=datetime.fromisoformat(BACK), zone=LONDON)
    assert shown(moment) == "01:00 on Sunday 25 October 2026 (BST)"


@pytest.mark.parametrize(
    ("text", "now", "moment"),
    [
        ("12:50", "2026-11-21T15:19:40+00:00", "2026-11-21T12:50+00:00"),
        ("23:50", "2026-11-22T00:30:00+00:00", "2026-11-21T23:50+00:00"),
        ("15:19", "2026-11-21T15:19:40+00:00", "2026-11-21T15:19+00:00"),
        ("08:30", SUMMER, "2026-06-30T08:30+01:00"),
        ("23:30", "2026-10-25T08:00:00+00:00", "2026-10-24T23:30+01:00"),
    ],
)
def test_what_was_put_up_by_hand_was_put_there_at_the_last_such_time(text: str, now: str, moment: str) -> None:
    """Today if that is over, else yesterday, by the trust's clock on that day."""
    found = last(text, now=datetime.fromisoformat(now), zone=LONDON)
    assert found.isoformat(timespec="minutes") == moment


@pytest.mark.parametrize(
    ("text", "now", "says"),
    [("+30m", EVENING, "is no time of day"), ("01:30", "2026-10-25T08:00:00+00:00", "comes twice that night")],
)
def test_a_time_that_was_not_plain_is_refused(text: str, now: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        last(text, now=datetime.fromisoformat(now), zone=LONDON)
