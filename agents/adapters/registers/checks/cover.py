"""Cover: at every hour of the next two weeks, somebody is there who may act and can be reached."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from agents.adapters.registers.checks.contacts import works
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.reading import REGISTER, Reading
from streams.decisions.authority import Act, may_on_all, who_could
from streams.decisions.verdict import Refused
from streams.registers import Register
from streams.values import IncidentType, Power

LOOKED_AHEAD_DAYS = 14
GAPS_TOLD_MAX = 3
Gap = tuple[datetime, datetime, Sequence[Act]]
LEVELS = (1, 2, 3, 4)
ANYWHERE = (Power.DECLARE, Power.STAND_DOWN, Power.RESOLVE_DELIVERY)
ON_CHANNELS = (Power.RELEASE_HOLDING, Power.WITHDRAW, Power.SIGN_OFF_LINE)


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Every gap of every power, with its times, and the first hour at which a partner's posts would be refused."""
    register = reading.register
    turns = _turns(register, now)
    for power in (*ANYWHERE, *ON_CHANNELS):
        yield from _gaps(power, turns, register)
    for partner in register.partners.values():
        yield from _amplified(reading, partner.id, turns)


def _reached(register: Register) -> frozenset[str]:
    """Those whom somebody could reach: on the night the others are as good as not there."""
    return frozenset(one.called for one in register.people.values() if any(works(contact) for contact in one.contacts))


def _gaps(power: Power, turns: Sequence[datetime], register: Register) -> Iterator[Fault]:
    """Each span of time in which the same cases are not covered on the same channel; the first few are told."""
    cases = _cases(power, register)
    for channel in dict.fromkeys(case.channel for case in cases):
        here = [case for case in cases if case.channel == channel]
        spans = _spans(here, turns, register)
        more = f", and {len(spans) - GAPS_TOLD_MAX} times more" if len(spans) > GAPS_TOLD_MAX else ""
        for position, (begins, ends, missing) in enumerate(spans[:GAPS_TOLD_MAX], 1):
            when = _spoken(begins, ends, zone=ZoneInfo(register.hours.timezone))
            left_out = more if position == GAPS_TOLD_MAX else ""
            yield Fault(f"{REGISTER}/people.yaml", 1, _said(missing, f"{when}{left_out}", whole=missing == here))


def _spans(cases: Sequence[Act], turns: Sequence[datetime], register: Register) -> Sequence[Gap]:
    """When which of these cases are not covered; a gap goes on for as long as they are the same."""
    gaps: list[Gap] = []
    reached = _reached(register)
    for turn, ends in pairwise(turns):
        missing = [case for case in cases if not _covered(replace(case, at=turn), register, reached)]
        goes_on = bool(gaps) and gaps[-1][1:] == (turn, missing)
        begins = gaps.pop()[0] if goes_on else turn
        if missing:
            gaps.append((begins, ends, missing))
    return gaps


def _turns(register: Register, now: datetime) -> Sequence[datetime]:
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


def _cases(power: Power, register: Register) -> Sequence[Act]:
    """Every case that some grant tells from another; where none names a level, one level stands for all."""
    asked = (power, Power.DRAFT_LINE) if power is Power.SIGN_OFF_LINE else (power,)
    grants = [grant for person in register.people.values() for grant in person.grants if grant.power in asked]
    kinds = list(IncidentType) if any(grant.types for grant in grants) else [IncidentType.MAJOR]
    levels = LEVELS if any(grant.levels for grant in grants) else LEVELS[-1:]
    apart = power not in ANYWHERE and any(grant.channels for grant in grants)
    channels: Sequence[str | None] = list(register.channels) if apart else [None]
    any_time = datetime.min.replace(tzinfo=UTC)
    return [
        Act(power, any_time, type=kind, level=level, channel=channel)
        for channel, kind, level in product(channels, kinds, levels)
    ]


def _covered(act: Act, register: Register, reached: frozenset[str]) -> bool:
    """A line needs two people: one who drafts it, and another who signs it off."""
    able = reached.intersection(who_could(act, register))
    if act.power is not Power.SIGN_OFF_LINE:
        return bool(able)
    drafting = who_could(replace(act, power=Power.DRAFT_LINE), register)
    return any(able - {writer} for writer in reached.intersection(drafting))


def _said(missing: Sequence[Act], when: str, *, whole: bool) -> str:
    act = missing[0]
    where = f" on {act.channel}" if act.channel else ""
    second = " what somebody else drafted" if act.power is Power.SIGN_OFF_LINE else ""
    levels = {kind: [str(one.level) for one in missing if one.type is kind] for kind in IncidentType}
    named = [f"{kind} (level {', '.join(those)})" for kind, those in levels.items() if those]
    cases = "in any incident" if whole else f"in an incident that is {' or '.join(named)}"
    return (
        f"nobody who can be reached may {act.power}{second}{where} {when}, {cases}: "
        "give somebody that power at that hour, or plan the rota"
    )


def _spoken(begins: datetime, ends: datetime, *, zone: ZoneInfo) -> str:
    """`from Sat 21 November 2026 02:00 to 08:00`, in the trust's own time."""
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    day = "" if first.date() == last.date() else f"{last:%a} {last.day} {last:%B %Y} "
    return f"from {first:%a} {first.day} {first:%B %Y} {first:%H:%M} to {day}{last:%H:%M}"


def _amplified(reading: Reading, name: str, turns: Sequence[datetime]) -> Iterator[Fault]:
    """A partner's posts go out on the standing yes of its approver, who must have the power at every hour."""
    partner = reading.register.partners[name]
    for at in turns:
        act = Act(Power.AMPLIFY, at)
        verdict = may_on_all(partner.approved_by, act, channels=partner.channels, register=reading.register)
        if isinstance(verdict, Refused):
            sentence = f"its posts would be refused at {at:%d %B %Y %H:%M} UTC: {verdict.reasons[0]}"
            yield reading.place("partners", name).fault("approved_by", sentence=sentence)
            return
