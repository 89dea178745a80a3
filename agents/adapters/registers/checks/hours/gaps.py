"""Gaps: from when to when, in the next two weeks, something is not covered, said in the trust's own time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from agents.adapters.registers.checks.contacts import works
from streams.decisions.authority.powers import Act
from streams.values import IncidentType
from streams.words.register.entries import Register

LOOKED_AHEAD_DAYS = 14
GAPS_TOLD_MAX = 3
LEVELS = (1, 2, 3, 4)
Gap = tuple[datetime, datetime, Sequence[Act]]


def told(
    cases: Sequence[Act], turns: Sequence[datetime], *, register: Register, covered: Callable[[Act], bool]
) -> Iterator[tuple[str, str]]:
    """When, and in which incidents, some of these cases are not covered; the first few of these times."""
    spans = _spans(cases, turns, covered)
    more = f", and {len(spans) - GAPS_TOLD_MAX} times more" if len(spans) > GAPS_TOLD_MAX else ""
    for position, (begins, ends, missing) in enumerate(spans[:GAPS_TOLD_MAX], 1):
        when = _spoken(begins, ends, zone=ZoneInfo(register.hours.timezone))
        yield f"{when}{more if position == GAPS_TOLD_MAX else ''}", _cases(missing, whole=missing == cases)


def reachable_people(register: Register) -> frozenset[str]:
    """The people with a working contact; the others cannot help at night."""
    return frozenset(one.called for one in register.people.values() if any(works(contact) for contact in one.contacts))


def _spans(cases: Sequence[Act], turns: Sequence[datetime], covered: Callable[[Act], bool]) -> Sequence[Gap]:
    """Join neighbouring times in which the same cases are not covered."""
    gaps: list[Gap] = []
    for turn, ends in pairwise(turns):
        missing = [case for case in cases if not covered(replace(case, at=turn))]
        goes_on = bool(gaps) and gaps[-1][1:] == (turn, missing)
        begins = gaps.pop()[0] if goes_on else turn
        if missing:
            gaps.append((begins, ends, missing))
    return gaps


def turns(register: Register, now: datetime) -> Sequence[datetime]:
    """The moments at which authority may change hands: openings, closings, turns of a rota, absences, ends of keys."""
    zone = ZoneInfo(register.hours.timezone)
    today, last = now.astimezone(zone).date(), now + timedelta(days=LOOKED_AHEAD_DAYS)
    days = [today + timedelta(days=ahead) for ahead in range(LOOKED_AHEAD_DAYS + 1)]
    clocks = (register.hours.opens, register.hours.closes)
    moments = {datetime.combine(day, clock, zone).astimezone(now.tzinfo) for day, clock in product(days, clocks)}
    absences = [absence for person in register.people.values() for absence in person.away]
    moments.update(edge for shift in register.rota for edge in (shift.starts_at, shift.ends_at))
    moments.update(edge for absence in absences for edge in (absence.starts_at, absence.ends_at))
    keys = [key for person in register.people.values() for key in person.keys]
    moments.update(edge for key in keys for edge in (key.enrolled_at, key.expires_at, key.revoked_at) if edge)
    return sorted({now, last, *(moment for moment in moments if now < moment < last)})


def _cases(missing: Sequence[Act], *, whole: bool) -> str:
    levels = {kind: [str(one.level) for one in missing if one.type is kind] for kind in IncidentType}
    named = [f"{kind} (level {', '.join(those)})" for kind, those in levels.items() if those]
    return "in any incident" if whole else f"in an incident that is {' or '.join(named)}"


def _spoken(begins: datetime, ends: datetime, *, zone: ZoneInfo) -> str:
    """`from Sat 21 November 2026 02:00 to 08:00`, in the trust's own time."""
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    day = "" if first.date() == last.date() else f"{last:%a} {last.day} {last:%B %Y} "
    return f"from {first:%a} {first.day} {first:%B %Y} {first:%H:%M} to {day}{last:%H:%M}"
