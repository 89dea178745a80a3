"""The turns in an iCalendar file: repeated, excepted, moved and cancelled events as times in UTC.

Events repeat by the clock of their own time zone, so a handover at nine stays at nine when the clocks change.
A calendar is refused as a whole if one part is unclear, because half a rota could name the wrong person.
Source: RFC 5545, and RFC 5546 for which of two versions is the newer one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from zoneinfo import ZoneInfo

from agents.adapters.registers.rota.components import Component, UnreadableCalendar, calendars_of, unclear
from agents.adapters.registers.rota.events import WrittenEvent, written_events
from agents.adapters.registers.rota.moments import DAY, WrittenTime, said
from agents.adapters.registers.rota.series import Occurrence, Series, series_of, single
from agents.adapters.registers.rota.zones import zones_of

EVENTS_MAX = 5_000
READING_SECONDS_MAX = 5.0
METHODS = {"", "PUBLISH", "REQUEST"}
"""What a file may be that tells how things are; the others are messages about a change."""
TimeRange = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event at one time: `starts_at` and `ends_at` in UTC, its title, and the addresses of who attends.

    `line` is where it begins in the file.
    """

    starts_at: datetime
    ends_at: datetime
    title: str
    attendees: Sequence[str]
    line: int


def entries(
    text: str, zone: ZoneInfo, *, window: TimeRange, seconds_max: float = READING_SECONDS_MAX
) -> Sequence[CalendarEvent]:
    """Every event of an iCalendar text that touches the window, in order; `UnreadableCalendar` says why not.

    Times without a zone, and whole days, are those of `zone`.
    """
    deadline = monotonic() + seconds_max
    found: list[CalendarEvent] = []
    try:
        for event, turn in _turns(calendars_of(text), zone, ends=window[1], deadline=deadline):
            if turn.ends_at > window[0] and turn.starts_at < window[1]:
                found.append(CalendarEvent(turn.starts_at, turn.ends_at, event.title, [*event.attendees], event.line))
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        # Hostile text fails in many ways inside the libraries; each means that the calendar cannot be understood.
        raise UnreadableCalendar(f"it breaks the rules of iCalendar ({_brief(error)}): export it again") from None
    except _TooLong:
        raise UnreadableCalendar(f"its events take longer than {seconds_max:g} seconds to count: shorten it") from None
    return sorted(found, key=lambda entry: (entry.starts_at, entry.ends_at, entry.title))


class _TooLong(Exception):
    """Reading the calendar takes too long."""


def _turns(
    calendars: Sequence[Component], zone: ZoneInfo, *, ends: datetime, deadline: float
) -> Iterator[tuple[WrittenEvent, Occurrence]]:
    """The turns of every event, up to the end of the window and a little on.

    A UID names one event of the world, so all calendars of a file are one plan; each has zones of its own.
    """
    if sum(part.name == "VEVENT" for calendar in calendars for part in calendar.parts) > EVENTS_MAX:
        raise UnreadableCalendar(f"it has more than {EVENTS_MAX} events: export the coming months only")
    groups: dict[str, list[WrittenEvent]] = {}
    for calendar in calendars:
        _check_kind(calendar)
        for event in written_events(calendar, zones_of(calendar, zone)):
            # An event without a UID is one of its own.
            groups.setdefault(event.uid or f"\n{event.line}", []).append(event)
    for group in groups.values():
        yield from _turns_of(group, ends)
        if monotonic() > deadline:
            raise _TooLong


def _check_kind(calendar: Component) -> None:
    """Refuse what is no calendar of events, or one that speaks of a change."""
    if (method := calendar.said("METHOD").upper()) not in METHODS:
        unclear(calendar.line, f"it is no calendar but a message about a change ({method[:40]}): export the calendar")
    if (version := calendar.said("VERSION")) not in {"", "2.0"}:
        unclear(calendar.line, f"it is of version {version[:40]}: export it as iCalendar 2.0")
    if (scale := calendar.said("CALSCALE").upper()) not in {"", "GREGORIAN"}:
        unclear(calendar.line, f"its days are those of another calendar ({scale[:40]}): export it as Gregorian")


def _turns_of(group: Sequence[WrittenEvent], ends: datetime) -> Iterator[tuple[WrittenEvent, Occurrence]]:
    """The turns of all events with one UID: an event, and changes of single turns of it."""
    changes = [event for event in group if event.changes]
    masters = [event for event in group if not event.changes]
    if not masters:
        yield from _alone(changes)
        return
    master = _current(masters)
    if master.is_cancelled:
        if kept := next((change for change in changes if not change.is_cancelled), None):
            unclear(kept.line, f"{kept.named} changes a turn of {master.named}, which is cancelled: delete one of them")
        return
    named = [*master.excepted, *(change.changes for change in changes if change.changes)]
    series = series_of(master, until=max([ends, *(_latest(one) for one in named)]))
    left_out = _left_out(series)
    standing = _changed(series, changes, left_out)
    for at, turn in series.turns.items():
        change = standing.get(at)
        if change is None and at not in left_out:
            yield master, turn
        elif change and not change.is_cancelled:
            yield change, single(change)


def _latest(moment: WrittenTime) -> datetime:
    """A time after this one, in whatever zone it was meant."""
    return moment.wall.replace(tzinfo=UTC) + 2 * DAY


def _alone(changes: Sequence[WrittenEvent]) -> Iterator[tuple[WrittenEvent, Occurrence]]:
    """Turns whose series is not in the file: each stands for itself."""
    found: dict[datetime, list[WrittenEvent]] = {}
    for change in changes:
        if change.changes:
            if not change.uid:
                unclear(change.line, f"{change.named} changes a turn of no series: give it a UID, or export it again")
            if change.repeats or change.added:
                unclear(change.line, f"{change.named} is one turn and yet repeats: export the calendar again")
            found.setdefault(change.changes.instant, []).append(change)
    for versions in found.values():
        if not (newest := _newest(versions)).is_cancelled:
            yield newest, single(newest)


def _current(masters: Sequence[WrittenEvent]) -> WrittenEvent:
    """The newest version of an event. Events that share a UID by mistake are refused, since one would be lost."""
    distinct = list({event.content: event for event in masters}.values())
    known = {distinct[0].sequence: distinct[0]}
    for event in distinct[1:]:
        other = known.setdefault(event.sequence, event)
        if other is not event or _times_of(event) != _times_of(distinct[0]):
            first = other if other is not event else distinct[0]
            advice = "make each an event of its own in the calendar program, and export it again"
            unclear(event.line, f"{first.named} and {event.named} share the UID {event.uid[:80]}: {advice}")
    return max(distinct, key=lambda event: event.sequence)


def _times_of(event: WrittenEvent) -> tuple[object, ...]:
    begins = event.starts and event.starts.instant
    return begins, event.end and event.end.instant, event.length


def _newest(versions: Sequence[WrittenEvent]) -> WrittenEvent:
    """Of several changes of one turn the newest: by its SEQUENCE, and then by when it was written."""
    newest = versions[0]
    for event in versions[1:]:
        if event.content == newest.content:
            continue
        if event.sequence == newest.sequence:
            later = {
                ours > theirs for ours, theirs in zip(event.written, newest.written, strict=True) if ours != theirs
            }
        else:
            later = {event.sequence > newest.sequence}
        if len(later) != 1:
            unclear(event.line, f"{newest.named} and {event.named} change the same turn: delete one of them")
        newest = event if later == {True} else newest
    return newest


def _left_out(series: Series) -> set[datetime]:
    """The turns that EXDATE takes out."""
    found: set[datetime] = set()
    for moment in series.event.excepted:
        hit = series.at(moment)
        if not hit and not series.is_left_over(moment):
            advice = "take that turn out again in the calendar program"
            unclear(moment.line, f"the exception of {said(moment)} hits no turn of {series.event.named}: {advice}")
        found.update(hit)
    return found


def _changed(series: Series, changes: Sequence[WrittenEvent], left_out: set[datetime]) -> dict[datetime, WrittenEvent]:
    """The newest change of each turn that is changed."""
    found: dict[datetime, list[WrittenEvent]] = {}
    for change in changes:
        moment = change.changes
        if moment is None or (change.is_cancelled and not series.at(moment) and series.is_left_over(moment)):
            continue
        hit = series.at(moment)
        if len(hit) != 1:
            advice = f"delete {change.named}, and change the turn again in the calendar program"
            unclear(moment.line, f"the change of {said(moment)} hits no turn of {series.event.named}: {advice}")
        if not change.is_cancelled and hit[0] in left_out:
            unclear(moment.line, f"the turn of {said(moment)} is both taken out and changed: do one of them")
        if not change.is_cancelled and not change.series_content() <= series.event.series_content():
            unclear(change.line, f"{change.named} changes one turn and yet repeats: make it an event of its own")
        found.setdefault(hit[0], []).append(change)
    return {at: _newest(versions) for at, versions in found.items()}


def _brief(problem: object) -> str:
    said = "".join(one if one.isprintable() else " " for one in str(problem))
    return " ".join(said.split())[:120] or type(problem).__name__
