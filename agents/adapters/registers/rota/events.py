"""The events of a calendar as they are written. What an event says that is not read here is refused, never skipped.

Source: RFC 5545, section 3.6.1, and RFC 7986, 9073 and 9253 for what else may be there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.adapters.registers.rota.components import TIMES, Component, Property, unclear
from agents.adapters.registers.rota.moments import DAY, Length, WrittenTime, between, length_of, moment_of, periods_of
from agents.adapters.registers.rota.zones import ZoneClock, Zones

READ = TIMES | {
    *("UID", "SUMMARY", "ATTENDEE", "STATUS", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DURATION", "RRULE"),
}
TELLS_NOTHING = {
    *("DESCRIPTION", "LOCATION", "CREATED", "CLASS", "PRIORITY", "TRANSP", "URL", "GEO", "ORGANIZER", "CATEGORIES"),
    *("COMMENT", "CONTACT", "RESOURCES", "ATTACH", "RELATED-TO", "REQUEST-STATUS", "COLOR", "IMAGE", "CONFERENCE"),
    *("LOCATION-TYPE", "STRUCTURED-DATA", "STYLED-DESCRIPTION", "CONCEPT", "LINK", "REFID"),
}
"""Properties that say nothing about who is on call and when, as all do whose name begins with X-."""
PARTS = {"VALARM", "VLOCATION", "VRESOURCE"}
STANDS, FALLS = {"", "CONFIRMED"}, {"CANCELLED"}
NOT_THERE = {"DECLINED", "DELEGATED"}
ONLY_INVITED = {"NON-PARTICIPANT", "OPT-PARTICIPANT"}
SEQUENCE_MAX = 10**9


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """One event of the file. Without `starts` it is cancelled; with `changes` it stands for one turn of its series."""

    line: int
    uid: str
    title: str
    attendees: tuple[str, ...]
    is_cancelled: bool
    sequence: int
    written: tuple[str, str]
    starts: WrittenTime | None
    end: WrittenTime | None
    length: Length
    repeats: Property | None
    added: tuple[tuple[WrittenTime, Length | None], ...]
    excepted: tuple[WrittenTime, ...]
    changes: WrittenTime | None
    zones: Zones
    content: frozenset[tuple[str, str, str]]
    """All that it says, without when it was written: two that say the same are one."""

    @property
    def named(self) -> str:
        """The event in a sentence."""
        return f"“{self.title}” (line {self.line})"

    def series_content(self) -> frozenset[tuple[str, str, str]]:
        """What it says of repetitions."""
        return frozenset(one for one in self.content if one[0] in {"RRULE", "RDATE", "EXDATE"})


def written_events(calendar: Component, zones: Zones) -> Iterator[WrittenEvent]:
    """Every event of this calendar, in the order of the file."""
    for part in calendar.parts:
        if part.name == "VEVENT":
            yield _event(part, zones)


def _event(part: Component, zones: Zones) -> WrittenEvent:
    title = part.said("SUMMARY")[:80]
    _check(part, title, zones)
    is_cancelled = _is_cancelled(part, title)
    begins = part.one("DTSTART")
    if begins is None and not is_cancelled:
        unclear(part.line, f"“{title}” has no beginning: give it one")
    starts = moment_of(begins, begins.value, zones=zones) if begins else None
    clock = starts.clock if starts else None
    end, length = _ending(part, starts, title, zones=zones)
    changed = part.one("RECURRENCE-ID")
    if changed and "RANGE" in changed.params:
        unclear(changed.line, f"“{title}” moves all that follow: end that event, and begin a new one")
    return WrittenEvent(
        line=part.line,
        uid=part.said("UID"),
        title=title,
        attendees=tuple(_attendees(part)),
        is_cancelled=is_cancelled,
        sequence=_sequence(part),
        written=(part.said("LAST-MODIFIED"), part.said("DTSTAMP")),
        starts=starts,
        end=end,
        length=length,
        repeats=part.one("RRULE"),
        added=tuple(one for line in part.each("RDATE") for one in periods_of(line, zones, beside=clock)),
        excepted=tuple(_times(part.each("EXDATE"), zones, clock)),
        changes=moment_of(changed, changed.value, zones=zones, beside=clock) if changed else None,
        zones=zones,
        content=frozenset(_content(part, zones)),
    )


def _check(part: Component, title: str, zones: Zones) -> None:
    """Refuse what nobody here understands."""
    for found in part.properties:
        if found.name == "EXRULE":
            advice = "take the days out one by one in the calendar program"
            unclear(found.line, f"“{title}” leaves days out by a rule (EXRULE), which is not read: {advice}")
        if found.name not in READ | TELLS_NOTHING and not found.name.startswith("X-"):
            unclear(found.line, f"“{title}” says {found.name[:40]}, which is not understood: take it out")
        if found.name in TIMES and (name := found.params.get("TZID")) and zones.named(name) is None:
            brief = "".join(one if one.isprintable() else " " for one in name)[:80]
            advice = f"set {zones.local.key} as its time zone in the calendar program, and export it again"
            unclear(found.line, f"the zone {brief} of “{title}” is not known: {advice}")
    for inner in part.parts:
        if inner.name not in PARTS:
            unclear(inner.line, f"“{title}” holds a part {inner.name[:40]}, which is not understood: take it out")


def _is_cancelled(part: Component, title: str) -> bool:
    status = part.said("STATUS").upper()
    if status not in STANDS | FALLS:
        unclear(part.line, f"“{title}” has the status {status[:40]}: confirm it, or delete it")
    return status in FALLS


def _ending(
    part: Component, starts: WrittenTime | None, title: str, *, zones: Zones
) -> tuple[WrittenTime | None, Length]:
    """The end as it is written, and the length that every repetition has."""
    ends, lasts = part.one("DTEND"), part.one("DURATION")
    if ends and lasts:
        unclear(lasts.line, f"“{title}” has both an end and a length: keep one of them")
    if starts is None:
        return None, Length()
    if lasts:
        length = length_of(lasts)
        if starts.is_day and length.hours:
            unclear(lasts.line, f"“{title}” begins with a whole day and lasts some hours: give it an hour to begin at")
        return None, length
    if ends is None:
        return None, Length(DAY) if starts.is_day else Length()
    end = moment_of(ends, ends.value, zones=zones, beside=starts.clock)
    length = between(starts, end)
    if end.instant < starts.instant:
        unclear(ends.line, f"“{title}” ends before it begins: mend one of its times")
    if starts.is_day and end.day == starts.day:
        advice = "give it hours, or let it end a day later"
        unclear(ends.line, f"“{title}” ends on the day on which it begins, and an end is the day after: {advice}")
    return end, length


def _times(lines: Sequence[Property], zones: Zones, clock: ZoneClock | None) -> Iterator[WrittenTime]:
    return (moment_of(line, value, zones=zones, beside=clock) for line in lines for value in line.value.split(","))


def _sequence(part: Component) -> int:
    given = part.one("SEQUENCE")
    if given is None:
        return 0
    if not (given.value.isascii() and given.value.isdigit() and int(given.value[:12]) <= SEQUENCE_MAX):
        unclear(given.line, "SEQUENCE is no number: export the calendar again")
    return int(given.value)


def _attendees(part: Component) -> Iterator[str]:
    """The addresses of those who were asked to come, and did not decline or hand it on."""
    for found in part.each("ATTENDEE"):
        answer, role = (found.params.get(name, "").upper() for name in ("PARTSTAT", "ROLE"))
        if answer not in NOT_THERE and role not in ONLY_INVITED and "DELEGATED-TO" not in found.params:
            yield (found.params.get("EMAIL") or found.value).strip().lower().removeprefix("mailto:")


def _content(part: Component, zones: Zones) -> Iterator[tuple[str, str, str]]:
    for found in part.properties:
        if found.name in READ - {"DTSTAMP", "LAST-MODIFIED"}:
            zone = found.params.get("TZID", "")
            others = sorted(f"{name}={given}" for name, given in found.params.items() if name != "TZID")
            yield found.name, ";".join([zone, zones.meaning(zone), *others]), found.value
