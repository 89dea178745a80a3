"""The times of an event: moments, lengths and periods, read in the zone that each names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from agents.adapters.registers.rota.components import Property, unclear
from agents.adapters.registers.rota.zones import ZoneClock, Zones

DAY = timedelta(days=1)
_DAY, _MOMENT = re.compile(r"\d{8}"), re.compile(r"(\d{8}T\d{6})(Z?)")
_LENGTH = re.compile(r"\+?P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?)")


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time as it is written: the hour of a clock, or a whole day, which begins at midnight of it."""

    wall: datetime
    clock: ZoneClock
    is_day: bool
    line: int

    @property
    def aware(self) -> datetime:
        """The time in its own zone."""
        return self.clock.at(self.wall, line=self.line)

    @property
    def instant(self) -> datetime:
        """The time in UTC."""
        return self.aware.astimezone(UTC)

    @property
    def day(self) -> date:
        """The day, by its own clock."""
        return self.wall.date()


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event takes: days of the clock, and then hours that pass."""

    days: timedelta = timedelta()
    hours: timedelta = timedelta()

    def after(self, start: datetime, clock: ZoneClock, *, line: int) -> datetime:
        """The end in UTC of what begins at this hour of the clock."""
        return clock.at(start + self.days, line=line).astimezone(UTC) + self.hours


def moment_of(written: Property, value: str, *, zones: Zones, beside: ZoneClock | None = None) -> WrittenTime:
    """The moment that a value says; `beside` is the clock of its event, for a time that names no zone."""
    form = _MOMENT.fullmatch(value)
    is_day = form is None and _DAY.fullmatch(value) is not None
    if form is None and not is_day:
        unclear(written.line, f"“{_brief(value)}” is no time: export the calendar again")
    if (kind := written.params.get("VALUE", "").upper()) and (kind == "DATE") is not is_day:
        unclear(written.line, f"“{_brief(value)}” is not of the kind {_brief(kind)} that the line says")
    try:
        wall = datetime.strptime(form[1] if form else f"{value}T000000", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its clock follows
    except ValueError:
        unclear(written.line, f"there is no such time as “{_brief(value)}”: mend it")
    return WrittenTime(wall, _clock(written, zones, form, beside=beside), is_day, written.line)


def _clock(written: Property, zones: Zones, form: re.Match[str] | None, *, beside: ZoneClock | None) -> ZoneClock:
    """The clock of a time; without a form it is a day, which no zone belongs to."""
    name, is_utc = written.params.get("TZID", ""), bool(form and form[2])
    if name and form is None:
        return zones.floating(written.line, zones.clock(name, line=written.line))
    if is_utc and name:
        unclear(written.line, f"the time is both in UTC (Z) and in {_brief(name)}: set one of them")
    if is_utc:
        return ZoneClock(UTC)
    return zones.clock(name, line=written.line) if name else zones.floating(written.line, beside)


def length_of(written: Property) -> Length:
    """The length that a DURATION says, days apart from hours."""
    found = _LENGTH.fullmatch(written.value.upper())
    if found is None or not any(found.groups()):
        unclear(written.line, f"“{_brief(written.value)}” is no length of a turn: give the event an end")
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return Length(timedelta(weeks=weeks, days=days), timedelta(hours=hours, minutes=minutes, seconds=seconds))


def between(start: WrittenTime, end: WrittenTime) -> Length:
    """What lies between two times by the clock of the first: a turn until nine ends at nine, summer or winter."""
    if start.is_day is not end.is_day:
        unclear(end.line, "the event begins at an hour and ends with a whole day, or the reverse: set both alike")
    wall = end.wall if end.clock.zone == start.clock.zone else end.aware.astimezone(start.clock.zone)
    return Length(wall.replace(tzinfo=None) - start.wall)


def periods_of(
    written: Property, zones: Zones, *, beside: ZoneClock | None = None
) -> Iterator[tuple[WrittenTime, Length | None]]:
    """Each start that a line of RDATE adds; a period brings a length of its own."""
    are_periods = written.params.get("VALUE", "").upper() == "PERIOD"
    plain = Property(written.name, {k: v for k, v in written.params.items() if k != "VALUE"}, "", written.line)
    for value in written.value.split(","):
        if not are_periods:
            yield moment_of(written, value, zones=zones, beside=beside), None
            continue
        begins, _, ends = value.partition("/")
        start = moment_of(plain, begins, zones=zones, beside=beside)
        if ends.upper().lstrip("+").startswith("P"):
            yield start, length_of(Property(written.name, {}, ends, written.line))
        else:
            yield start, between(start, moment_of(plain, ends, zones=zones, beside=beside))


def said(moment: WrittenTime) -> str:
    """A time as the calendar shows it: `23 November 2026 09:00`."""
    day = f"{moment.wall.day} {moment.wall:%B %Y}"
    return day if moment.is_day and moment.wall.time() == time() else f"{day} {moment.wall:%H:%M}"


def _brief(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)[:60]
