"""The turns in an iCalendar file: repeated, excepted, moved and cancelled events as times in UTC.

Events repeat by the clock of their own time zone, so a handover at nine stays at nine when the clocks change.
A calendar is refused as a whole if one part is unclear, because half a rota could name the wrong person.
Source: RFC 5545.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur
from icalendar.timezone import tzp

EVENTS_MAX, OCCURRENCES_MAX = 5_000, 5_000
LINES_MAX = 50_000
READING_SECONDS_MAX = 5.0
DAY = timedelta(days=1)
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
ENDLESS = {"BYHOUR", "BYMINUTE", "BYSECOND", "BYWEEKNO", "BYYEARDAY", "BYEASTER"}
TimeRange = tuple[datetime, datetime]


class UnreadableCalendar(Exception):
    """The calendar cannot be understood: export it again, as iCalendar."""


class Unfetched(UnreadableCalendar):
    """The calendar was never fetched: see why, or export it by hand."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event at one time: `starts_at` and `ends_at` in UTC, its title, and the addresses of who attends."""

    starts_at: datetime
    ends_at: datetime
    title: str
    attendees: Sequence[str]


def entries(
    text: str, zone: ZoneInfo, *, window: TimeRange, seconds_max: float = READING_SECONDS_MAX
) -> Sequence[CalendarEvent]:
    """Every event of an iCalendar text that touches the window, in order; `UnreadableCalendar` says why not.

    Times without a zone, and whole days, are those of `zone`.
    """
    deadline = monotonic() + seconds_max
    found: list[CalendarEvent] = []
    try:
        for series in _series(_events(text), zone):
            found.extend(series.entries(window))
            if monotonic() > deadline:
                break
    except UnreadableCalendar:
        raise
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        # Hostile text fails in many ways inside the library; each means that the calendar cannot be understood.
        raise UnreadableCalendar(f"it breaks the rules of iCalendar ({_brief(error)}): export it again") from None
    if monotonic() > deadline:
        raise UnreadableCalendar(f"its events take longer than {seconds_max:g} seconds to count: shorten it")
    return sorted(found, key=lambda entry: (entry.starts_at, entry.ends_at, entry.title))


def _events(text: str) -> Sequence[Event]:
    if text.count("\n") > LINES_MAX:
        raise UnreadableCalendar(f"it has more than {LINES_MAX} lines: export the coming months only")
    # Forget zones of earlier calendars: a zone of the same name may be another one here.
    tzp.use_default()
    calendar = Calendar.from_ical(text)
    if not isinstance(calendar, Calendar):
        raise UnreadableCalendar("it holds no calendar: export it again, as iCalendar")
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    if len(events) > EVENTS_MAX:
        raise UnreadableCalendar(f"it has more than {EVENTS_MAX} events: export the coming months only")
    for event in events:
        if event.errors:
            name, problem = event.errors[0]
            raise UnreadableCalendar(f"{name or 'a line'} of “{_title(event)}” is broken ({_brief(problem)}): mend it")
        if unknown := next(_unknown_zones(event), None):
            raise UnreadableCalendar(f"the zone {_brief(unknown)} of “{_title(event)}” is not known: use Europe/London")
    return events


def _unknown_zones(event: Event) -> Iterator[object]:
    """The time zones that are unknown, because their times were read without a zone."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
        for value in _each(event, name):
            times = [value.dt] if hasattr(value, "dt") else [one.dt for one in value.dts]
            local = any(isinstance(one, datetime) and one.tzinfo is None for one in times)
            if local and (zone := value.params.get("TZID")):
                yield zone


@dataclass(frozen=True, slots=True)
class _Series:
    """One event and its repetitions, without those that are excepted or moved to another event of the file."""

    event: Event
    moved: frozenset[datetime]
    zone: ZoneInfo

    def entries(self, window: TimeRange) -> Iterator[CalendarEvent]:
        first = _moment(_value(self.event, "DTSTART"), self.zone)
        excepted = _times_of(self.event, "EXDATE")
        instants = {_moment(one, self.zone) for one in excepted} | self.moved
        days = {one for one in excepted if not isinstance(one, datetime)}
        for start in self._starts(first, window[1]):
            end = self._end(first, start)
            if end < start:
                raise UnreadableCalendar(f"“{_title(self.event)}” ends before it begins: mend one of its times")
            if start.astimezone(UTC) in instants or start.date() in days or end <= window[0] or start >= window[1]:
                continue
            yield CalendarEvent(start.astimezone(UTC), end.astimezone(UTC), _title(self.event), _attendees(self.event))

    def _starts(self, first: datetime, last: datetime) -> Sequence[datetime]:
        """Every start up to the end of the window, in the zone of the first; each once."""
        starts = {first} | {_moment(one, self.zone) for one in _times_of(self.event, "RDATE")}
        rule = self.event.get("RRULE")
        if rule is not None:
            starts |= set(_repetitions(rule, first, last=last))
        return sorted(starts)

    def _end(self, first: datetime, start: datetime) -> datetime:
        """A turn ends at the same hour of the clock each time, unless its length is given in hours."""
        event = self.event
        length: timedelta = _value(event, "DURATION") if "DURATION" in event and "DTEND" not in event else DAY
        if length % DAY:
            return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
        lasted = _moment(event.end, self.zone).astimezone(first.tzinfo).replace(tzinfo=None)
        return start + (lasted - first.replace(tzinfo=None))


def _series(events: Sequence[Event], zone: ZoneInfo) -> Iterator[_Series]:
    """The newest version of every event; a cancelled repetition is taken out of its series."""
    newest: dict[tuple[str, datetime | None], Event] = {}
    for event in events:
        at = event.get("RECURRENCE-ID")
        if at is not None and at.params.get("RANGE"):
            raise UnreadableCalendar(f"“{_title(event)}” moves all that follow: end that event, and begin a new one")
        key = (str(event.get("UID", id(event))), _moment(at.dt, zone).astimezone(UTC) if at is not None else None)
        if key not in newest or _version(event) >= _version(newest[key]):
            newest[key] = event
    moved: dict[str, set[datetime]] = {}
    for uid, instant in newest:
        if instant is not None:
            moved.setdefault(uid, set()).add(instant)
    for (uid, instant), event in newest.items():
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield _Series(event, frozenset() if instant else frozenset(moved.get(uid, ())), zone)


def _repetitions(rule: object, first: datetime, *, last: datetime) -> Iterator[datetime]:
    """The starts by this rule, counted by the clock of the first start's zone."""
    if not isinstance(rule, vRecur) or rule["FREQ"][0] not in FREQUENCIES or ENDLESS & set(rule):
        raise UnreadableCalendar("an event repeats in a way that no rota does: let it repeat by day, week, month, year")
    if rule["FREQ"][0] == "DAILY" and {"BYMONTH", "BYMONTHDAY", "BYSETPOS"} & set(rule):
        raise UnreadableCalendar("an event repeats daily but on some days: let it repeat by month or by year")
    ends = [_wall(one, first) for one in rule.get("UNTIL", [])]
    until = min([*ends, last.astimezone(first.tzinfo).replace(tzinfo=None)])
    text = vRecur({name: value for name, value in rule.items() if name != "UNTIL"}).to_ical()  # type: ignore[no-untyped-call]  # the library gives it no types
    for count, start in enumerate(rrulestr(text.decode(), dtstart=first.replace(tzinfo=None))):
        if start > until:
            return
        if count >= OCCURRENCES_MAX:
            raise UnreadableCalendar(f"an event repeats more than {OCCURRENCES_MAX} times: begin a new one")
        yield start.replace(tzinfo=first.tzinfo)


def _wall(moment: date, first: datetime) -> datetime:
    """The last moment of a rule as the clock of its zone shows it; a day lasts until its end."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.max)
    return moment.astimezone(first.tzinfo).replace(tzinfo=None) if moment.tzinfo else moment


def _moment(value: date, zone: ZoneInfo) -> datetime:
    """An aware time; a day is its midnight, and a time without a zone is local."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _value(event: Event, name: str) -> Any:  # noqa: ANN401 - a time or a length, by the name
    given: Any = event[name]
    return given.dt


def _times_of(event: Event, name: str) -> Sequence[date]:
    """The times of a property; it may be given several times, each with several times."""
    return [one.dt for line in _each(event, name) for one in line.dts]


def _each(event: Event, name: str) -> Sequence[Any]:
    given = event.get(name, [])
    return given if isinstance(given, list) else [given]


def _version(event: Event) -> int:
    return int(event.get("SEQUENCE", 0))


def _title(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:80]


def _attendees(event: Event) -> Sequence[str]:
    coming = [one for one in _each(event, "ATTENDEE") if str(one.params.get("PARTSTAT", "")).upper() != "DECLINED"]
    return [str(one).lower().removeprefix("mailto:") for one in coming]


def _brief(problem: object) -> str:
    said = "".join(one if one.isprintable() else " " for one in str(problem))
    return " ".join(said.split())[:120] or type(problem).__name__
