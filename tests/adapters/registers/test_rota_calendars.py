"""Rota calendars: their entries, in the clock of their zone, or a sentence why they cannot be read."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers.rota.calendars import EVENTS_MAX, CalendarEvent, entries
from agents.adapters.registers.rota.components import LINES_MAX, UnreadableCalendar
from tests.adapters.registers.rota_folder import WEEKLY, calendar

LONDON = ZoneInfo("Europe/London")
OCTOBER = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
HANDOVER = ["UID:a", "DTSTART;TZID=Europe/London:20261005T090000", "DTEND;TZID=Europe/London:20261012T090000"]
EVERY_WEEK = [*HANDOVER, "RRULE:FREQ=WEEKLY;COUNT=5"]


def of(*events: list[str]) -> Sequence[CalendarEvent]:
    return entries(calendar(*events), LONDON, window=OCTOBER)


def starts(*events: list[str]) -> list[str]:
    """The local starts, as `05 Oct 09:00`."""
    return [f"{entry.starts_at.astimezone(LONDON):%d %b %H:%M}" for entry in of(*events)]


def test_a_weekly_handover_at_nine_stays_at_nine_when_the_clocks_change() -> None:
    """The week in which they go back has an hour more, and no hour of it is without a person."""
    found = of(EVERY_WEEK)
    assert [f"{one.starts_at:%d %b %H:%M}" for one in found[:4]] == [
        *("05 Oct 08:00", "12 Oct 08:00", "19 Oct 08:00", "26 Oct 09:00")
    ]
    assert [one.ends_at for one in found[:-1]] == [one.starts_at for one in found[1:]]
    assert found[2].ends_at - found[2].starts_at == timedelta(days=7, hours=1)


def test_a_length_in_hours_is_kept_when_the_clocks_change() -> None:
    [night] = of(["UID:a", "DTSTART;TZID=Europe/London:20261024T200000", "DURATION:PT12H"])
    assert night.ends_at - night.starts_at == timedelta(hours=12)
    [until_eight] = of(
        ["UID:a", "DTSTART;TZID=Europe/London:20261024T200000", "DTEND;TZID=Europe/London:20261025T080000"]
    )
    assert until_eight.ends_at - until_eight.starts_at == timedelta(hours=13)


def test_days_are_those_of_the_trust() -> None:
    """From midnight to midnight there, whatever the clocks do in between."""
    [days] = of(["UID:a", "DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026", "SUMMARY:weekend"])
    assert (days.starts_at.isoformat(), days.ends_at.isoformat()) == (
        "2026-10-23T23:00:00+00:00",
        "2026-10-26T00:00:00+00:00",
    )


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=Europe/London:20261019T090000",
        "EXDATE:20261019T080000Z",
        "EXDATE;VALUE=DATE:20261019",
        "EXDATE;TZID=GMT Standard Time:20261019T090000",
    ],
)
def test_an_excepted_turn_is_left_out_however_its_time_is_written(exception: str) -> None:
    assert starts([*EVERY_WEEK, exception]) == ["05 Oct 09:00", "12 Oct 09:00", "26 Oct 09:00", "02 Nov 09:00"]


@pytest.mark.parametrize("at", ["RECURRENCE-ID;TZID=Europe/London:20261019T090000", "RECURRENCE-ID:20261019T080000Z"])
def test_a_moved_turn_stands_only_where_it_was_moved_to(at: str) -> None:
    moved = ["UID:a", at, "DTSTART;TZID=Europe/London:20261020T090000", "DTEND;TZID=Europe/London:20261026T090000"]
    everything = ["05 Oct 09:00", "12 Oct 09:00", "20 Oct 09:00", "26 Oct 09:00", "02 Nov 09:00"]
    assert starts(EVERY_WEEK, moved) == everything
    assert starts(moved, EVERY_WEEK) == everything
    assert "20 Oct 09:00" not in starts(EVERY_WEEK, [*moved, "STATUS:CANCELLED"])
    assert "19 Oct 09:00" not in starts(EVERY_WEEK, [*moved, "STATUS:CANCELLED"])


def test_of_two_versions_of_an_event_the_newer_one_holds() -> None:
    newer = [*HANDOVER, "SEQUENCE:2", "SUMMARY:newer"]
    for both in ((newer, [*HANDOVER, "SUMMARY:older"]), ([*HANDOVER, "SUMMARY:older"], newer)):
        assert [entry.title for entry in of(*both)] == ["newer"]
    assert starts(EVERY_WEEK, [*HANDOVER, "SEQUENCE:3", "STATUS:CANCELLED"]) == []


def test_a_series_ends_where_it_says_and_added_turns_count_too() -> None:
    until = [*HANDOVER, "RRULE:FREQ=WEEKLY;UNTIL=20261026T090000Z", "RDATE;TZID=Europe/London:20261116T090000"]
    assert starts(until) == ["05 Oct 09:00", "12 Oct 09:00", "19 Oct 09:00", "26 Oct 09:00", "16 Nov 09:00"]


def test_who_declined_does_not_attend() -> None:
    [entry] = of([*HANDOVER, "ATTENDEE:mailto:A@example.org", "ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.org"])
    assert entry.attendees == ["a@example.org"]


def test_a_zone_of_the_file_is_used_and_forgotten() -> None:
    """Two files may give one name to two zones; a name that nothing explains is no local time."""
    local = ["UID:a", "DTSTART;TZID=Ours:20261005T090000", "DURATION:PT1H"]

    def zoned(offset: str) -> str:
        standard = ["BEGIN:STANDARD", "DTSTART:19700101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
        lines = ["BEGIN:VTIMEZONE", "TZID:Ours", *standard, "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT"]
        return calendar(local).replace("BEGIN:VEVENT", "\r\n".join(lines))

    for offset, hour in (("+0200", 7), ("-0300", 12)):
        [entry] = entries(zoned(offset), LONDON, window=OCTOBER)
        assert entry.starts_at.hour == hour
    with pytest.raises(UnreadableCalendar, match="the zone Ours of “” is not known"):
        of(local)


HOSTILE = {
    "a page": "<!DOCTYPE html><html><body>Sign in</body></html>",
    "nothing": "",
    "zeros": "\x00" * 1000,
    "two calendars with too many events together": "".join(
        calendar(*[[f"UID:{half}-{number}", *HANDOVER[1:]] for number in range(EVENTS_MAX // 2 + 1)]) for half in "ab"
    ),
    "an end that never comes": "BEGIN:VCALENDAR\r\n" * 10_000,
    "too many lines": "\r\n" * (LINES_MAX + 1),
    "too many events": calendar(*[["UID:a"]] * (EVENTS_MAX + 1)),
    "no beginning": calendar(["UID:a", "SUMMARY:a"]),
    "a month that is none": calendar(["UID:a", "DTSTART:20269906T090000Z"]),
    "an end before the beginning": calendar(["UID:a", "DTSTART:20261006T090000Z", "DTEND:20261005T090000Z"]),
    "a length without end": calendar(["UID:a", "DTSTART:20261006T090000Z", "DURATION:P99999999999D"]),
    "every second": calendar([*HANDOVER, "RRULE:FREQ=SECONDLY"]),
    "every second of a day": calendar([*HANDOVER, "RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2;BYSECOND=1,2"]),
    "a day that never comes": calendar([*HANDOVER, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"]),
    "since long ago": calendar(["UID:a", "DTSTART:10000101T000000Z", "RRULE:FREQ=DAILY"]),
    "a rule that is none": calendar([*HANDOVER, "RRULE:FREQ=OFTEN"]),
    "two rules": calendar([*HANDOVER, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"]),
    "all that follow are moved": calendar([*HANDOVER, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T080000Z"]),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_calendar_that_cannot_be_understood_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(UnreadableCalendar) as refused:
        entries(text, LONDON, window=OCTOBER)
    assert str(refused.value).isprintable()


def test_a_calendar_that_takes_too_long_is_refused() -> None:
    with pytest.raises(UnreadableCalendar, match="take longer than 0 seconds"):
        entries(calendar(WEEKLY), LONDON, window=OCTOBER, seconds_max=0.0)


PARTS = ["BEGIN:VEVENT", "END:VEVENT", "UID:a", "DTSTART", "DTEND", ";TZID=x", "RRULE:FREQ=", "DAILY", ":", "2026", "Z"]


@given(
    st.lists(st.sampled_from([*PARTS, "\r\n"]), max_size=30) | st.text(max_size=60).map(lambda one: ["SUMMARY:", one])
)
def test_any_lines_are_read_or_refused(parts: list[str]) -> None:
    with suppress(UnreadableCalendar):
        assert all(entry.starts_at <= entry.ends_at for entry in of(["".join(parts)], HANDOVER))


@pytest.mark.parametrize(
    ("attendee", "attends"),
    [
        ('ATTENDEE;CN="Ok: A, B";ROLE=CHAIR;PARTSTAT=ACCEPTED:MAILTO:A@example.org', True),
        ("ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:a@example.org", True),
        ("ATTENDEE;EMAIL=a@example.org:urn:uuid:1", True),
        ("ATTENDEE;PARTSTAT=declined:mailto:a@example.org", False),
        ("ATTENDEE;PARTSTAT=DELEGATED:mailto:a@example.org", False),
        ('ATTENDEE;DELEGATED-TO="mailto:b@example.org":mailto:a@example.org', False),
        ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:a@example.org", False),
        ("ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:a@example.org", False),
    ],
)
def test_who_was_asked_to_come_and_did_not_hand_it_on_attends(attendee: str, *, attends: bool) -> None:
    [entry] = of([*HANDOVER, attendee])
    assert entry.attendees == (["a@example.org"] if attends else [])
