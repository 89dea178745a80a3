"""Pieces of invented calendars, as programs write them, and how a test says what was read of one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agents.adapters.registers.rota.calendars import entries
from tests.adapters.registers.rota_folder import calendar

LONDON = ZoneInfo("Europe/London")
AUTUMN = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
ADDED_PERIODS = "RDATE;VALUE=PERIOD;TZID=Europe/London:20261020T090000/20261022T090000,20261024T200000/PT12H"
LOWRI, HARI = "SUMMARY:Lowri", "SUMMARY:Hari"
OCTOBER_5 = ["DTSTART;TZID=Europe/London:20261005T090000", "DTEND;TZID=Europe/London:20261012T090000"]
OCTOBER_19 = ["DTSTART;TZID=Europe/London:20261019T090000", "DTEND;TZID=Europe/London:20261026T090000"]
FIVE_WEEKS = [LOWRI, "UID:a", *OCTOBER_5, "RRULE:FREQ=WEEKLY;COUNT=5"]
SWAPPED = [HARI, "UID:a", *OCTOBER_19, "RECURRENCE-ID;TZID=Europe/London:20261019T090000"]
BRITISH = [
    *("BEGIN:VTIMEZONE", "TZID:{}", "X-LIC-LOCATION:Europe/London"),
    *("BEGIN:DAYLIGHT", "DTSTART:16010325T010000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZNAME:BST", "END:DAYLIGHT"),
    *("BEGIN:STANDARD", "DTSTART:16011028T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD", "END:VTIMEZONE"),
]
WITHOUT_SUMMER = [*BRITISH[:3], *BRITISH[10:]]


def said(text: str) -> list[str]:
    """Who has each turn, from when to when, in UTC: `Lowri 05 Oct 08:00 to 12 Oct 08:00`."""
    found = entries(text, LONDON, window=AUTUMN)
    return [f"{one.title} {one.starts_at:%d %b %H:%M} to {one.ends_at:%d %b %H:%M}" for one in found]


def with_lines(text: str, *lines: str) -> str:
    """The calendar with these lines before its first event."""
    return text.replace("BEGIN:VEVENT", "\r\n".join([*lines, "BEGIN:VEVENT"]), 1)


def in_zone(zone: str, *before: str) -> str:
    """A calendar of one turn whose times are in this zone."""
    event = [LOWRI, "UID:a", f"DTSTART;TZID={zone}:20261005T090000", f"DTEND;TZID={zone}:20261012T090000"]
    return with_lines(calendar(event), *before)


def with_name(zone: list[str], name: str) -> list[str]:
    """The description of a zone, under this name."""
    return [line.format(name) for line in zone]
