"""The turns of one event: its repetitions by the clock of its zone, and what is added to them or left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from dateutil.rrule import rrulestr

from agents.adapters.registers.rota.components import Property, unclear
from agents.adapters.registers.rota.events import WrittenEvent
from agents.adapters.registers.rota.moments import DAY, Length, WrittenTime, moment_of, said
from agents.adapters.registers.rota.zones import Zones

OCCURRENCES_MAX = 5_000
ENDLESS = datetime.max.replace(tzinfo=UTC)
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
NOT_WITH = {
    "DAILY": {"BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "WEEKLY": {"BYMONTHDAY", "BYSETPOS"},
    "MONTHLY": set[str](),
    "YEARLY": set[str](),
}
_NUMBERS = {"INTERVAL": re.compile(r"[1-9]\d{0,3}"), "COUNT": re.compile(r"[1-9]\d{0,4}")}
_DAYS = {True: re.compile(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)"), False: re.compile(r"MO|TU|WE|TH|FR|SA|SU")}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of an event: its beginning by the clock, in UTC, and its end in UTC."""

    wall: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(slots=True)
class Series:
    """An event with all its turns up to a moment. The turns are by their start in UTC."""

    event: WrittenEvent
    turns: dict[datetime, Occurrence]
    ends: bool
    """Whether no turn comes after these."""
    first: datetime
    last: datetime
    _days: dict[tzinfo | None, dict[date, list[datetime]]] = field(default_factory=dict)
    """The turns by the day on which they begin, in a zone; None is the series' own clock."""

    def at(self, moment: WrittenTime) -> Sequence[datetime]:
        """The turns that a time names: one that begins just then or, for a day, on that day of the series' clock."""
        if not moment.is_day:
            return [moment.instant] if moment.instant in self.turns else []
        days = self._on(moment.day, None)
        if days != self._on(moment.day, moment.clock.zone):
            unclear(moment.line, f"the day {said(moment)} is another one in the zone of its series: give the hour")
        return days

    def _on(self, day: date, zone: tzinfo | None) -> Sequence[datetime]:
        if zone not in self._days:
            found = self._days[zone] = {}
            for at, turn in self.turns.items():
                found.setdefault(at.astimezone(zone).date() if zone else turn.wall.date(), []).append(at)
        return self._days[zone].get(day, [])

    def is_left_over(self, moment: WrittenTime) -> bool:
        """Tell whether a time lies at least a day before or after all turns, where a shortened series leaves some."""
        if not self.turns:
            return True
        return moment.instant <= self.first - DAY or (self.ends and moment.instant >= self.last + DAY)


def series_of(event: WrittenEvent, *, until: datetime) -> Series:
    """The turns of an event that stands, up to this moment, without those that it leaves out itself."""
    first = _moment(event)
    turns: dict[datetime, Occurrence] = {}
    ends = True
    walls: Iterator[datetime] = iter([first.wall])
    if event.repeats:
        walls = _repetitions(event.repeats, first, event.zones, title=event.title)
    for count, wall in enumerate(walls):
        if count >= OCCURRENCES_MAX:
            unclear(event.line, f"“{event.title}” repeats more than {OCCURRENCES_MAX} times: begin a new one")
        turn = _turn(event, first, wall)
        if count == 0 and wall != first.wall:
            unclear(event.line, f"“{event.title}” begins on {said(first)}, when its rule has no turn: set both alike")
        if turn.starts_at > until:
            ends = False
            break
        turns[turn.starts_at] = turn
    if not turns and ends:
        unclear(event.line, f"“{event.title}” repeats until a time before it begins: mend one of the two")
    for start, length in event.added:
        _add(event, start, length, turns=turns)
    return Series(event, turns, ends, first=min(turns, default=ENDLESS), last=max(turns, default=ENDLESS))


def single(event: WrittenEvent) -> Occurrence:
    """The one turn of an event that changes a turn of its series, whatever rule it copied from there."""
    first = _moment(event)
    return _turn(event, first, first.wall)


def _moment(event: WrittenEvent) -> WrittenTime:
    return event.starts or unclear(event.line, f"“{event.title}” has no beginning: give it one")


def _turn(event: WrittenEvent, first: WrittenTime, wall: datetime, length: Length | None = None) -> Occurrence:
    starts_at = first.clock.at(wall, line=first.line).astimezone(UTC)
    if event.end and length is None and wall == first.wall:
        return Occurrence(wall, starts_at, event.end.instant)
    ends_at = (length or event.length).after(wall, first.clock, line=first.line)
    return Occurrence(wall, starts_at, max(starts_at, ends_at))


def _add(event: WrittenEvent, start: WrittenTime, length: Length | None, *, turns: dict[datetime, Occurrence]) -> None:
    """A turn that RDATE adds; one that the rule has already is there once."""
    first = _moment(event)
    if start.is_day is not first.is_day:
        unclear(start.line, f"“{event.title}” has hours and an added turn has none, or the reverse: set both alike")
    wall = start.instant.astimezone(first.clock.zone).replace(tzinfo=None)
    turn = _turn(event, first, wall, length)
    turn = Occurrence(wall, start.instant, turn.ends_at)
    if turns.setdefault(start.instant, turn) != turn:
        unclear(start.line, f"“{event.title}” has two lengths on {said(start)}: keep one of them")


def _repetitions(rule: Property, first: WrittenTime, zones: Zones, *, title: str) -> Iterator[datetime]:
    """The starts by this rule, by the clock of the first."""
    parts = _parts(rule, title)
    last = parts.get("UNTIL")
    until = moment_of(Property("UNTIL", {}, last, rule.line), last, zones=zones) if last is not None else None
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    for wall in rrulestr(text, dtstart=first.wall):
        if until and _is_over(wall, first, until=until):
            return
        yield wall


def _is_over(wall: datetime, first: WrittenTime, *, until: WrittenTime) -> bool:
    """Whether a rule has ended: a day lasts until its end, a time without a zone is one of the series' clock."""
    if until.is_day:
        return wall.date() > until.day
    if until.clock.zone is UTC:
        return first.clock.at(wall, line=first.line).astimezone(UTC) > until.instant
    return wall > until.wall


def _parts(rule: Property, title: str) -> Mapping[str, str]:
    """The parts of a rule that any calendar program reads alike."""
    pairs = [part.partition("=")[::2] for part in rule.value.upper().strip(";").split(";")]
    parts = dict(pairs)
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES or len(parts) < len(pairs) or set(parts) - PARTS:
        advice = "let it repeat by day, week, month, year"
        unclear(rule.line, f"“{title}” repeats in a way that no rota does: {advice}")
    if frequency == "DAILY" and NOT_WITH[frequency] & set(parts):
        unclear(rule.line, f"“{title}” repeats daily but on some days: let it repeat by month or by year")
    if {"COUNT", "UNTIL"} <= set(parts) or NOT_WITH[frequency] & set(parts) or not _are_sound(parts, frequency):
        unclear(rule.line, f"“{title}” repeats by a rule that contradicts itself: set it again")
    return parts


def _are_sound(parts: Mapping[str, str], frequency: str) -> bool:
    numbers = all(form.fullmatch(parts[name]) for name, form in _NUMBERS.items() if name in parts)
    days = _DAYS[frequency in {"MONTHLY", "YEARLY"}]
    return numbers and all(days.fullmatch(one) for one in parts.get("BYDAY", "MO").split(","))
