"""Cover: at every hour of the next two weeks, somebody is there who may act."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.reading import REGISTER, Reading
from streams.decisions.authority import Act, may_on_all, who_could
from streams.decisions.verdict import Refused
from streams.registers import Register
from streams.values import IncidentType, Power

LOOKED_AHEAD_DAYS = 14
LEVELS = (1, 2, 3, 4)
ANYWHERE = (Power.DECLARE, Power.STAND_DOWN, Power.RESOLVE_DELIVERY)
ON_CHANNELS = (Power.RELEASE_HOLDING, Power.WITHDRAW, Power.SIGN_OFF_LINE)


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """The first gap of every power, and the first hour at which a partner's posts would be refused."""
    register = reading.register
    turns = _turns(register, now)
    for power in (*ANYWHERE, *ON_CHANNELS):
        gap = next((act for act in _acts(power, turns, register) if not _covered(act, register)), None)
        if gap:
            yield Fault(f"{REGISTER}/people.yaml", 1, _said(gap))
    for partner in register.partners.values():
        yield from _amplified(reading, partner.id, turns)


def _turns(register: Register, now: datetime) -> Sequence[datetime]:
    """The moments at which authority may change hands: openings, closings, turns of a rota, absences."""
    zone = ZoneInfo(register.hours.timezone)
    today, last = now.astimezone(zone).date(), now + timedelta(days=LOOKED_AHEAD_DAYS)
    days = [today + timedelta(days=ahead) for ahead in range(LOOKED_AHEAD_DAYS + 1)]
    clocks = (register.hours.opens, register.hours.closes)
    moments = {datetime.combine(day, clock, zone).astimezone(now.tzinfo) for day, clock in product(days, clocks)}
    absences = [absence for person in register.people.values() for absence in person.away]
    moments.update(edge for shift in register.rota for edge in (shift.starts_at, shift.ends_at))
    moments.update(edge for absence in absences for edge in (absence.starts_at, absence.ends_at))
    return sorted({now, *(moment for moment in moments if now < moment < last)})


def _acts(power: Power, turns: Sequence[datetime], register: Register) -> Iterator[Act]:
    """Every case that some grant tells from another; where none names a level, one level stands for all."""
    asked = (power, Power.DRAFT_LINE) if power is Power.SIGN_OFF_LINE else (power,)
    grants = [grant for person in register.people.values() for grant in person.grants if grant.power in asked]
    kinds = list(IncidentType) if any(grant.types for grant in grants) else [IncidentType.MAJOR]
    levels = LEVELS if any(grant.levels for grant in grants) else LEVELS[-1:]
    apart = power not in ANYWHERE and any(grant.channels for grant in grants)
    channels: Sequence[str | None] = list(register.channels) if apart else [None]
    for at, kind, level, channel in product(turns, kinds, levels, channels):
        yield Act(power, at, type=kind, level=level, channel=channel)


def _covered(act: Act, register: Register) -> bool:
    """A line needs two people: one who drafts it, and another who signs it off."""
    able = set(who_could(act, register))
    if act.power is not Power.SIGN_OFF_LINE:
        return bool(able)
    drafting = who_could(Act(Power.DRAFT_LINE, act.at, act.type, act.level, act.channel), register)
    return any(able - {writer} for writer in drafting)


def _said(act: Act) -> str:
    where = f" on {act.channel}" if act.channel else ""
    second = " what somebody else drafted" if act.power is Power.SIGN_OFF_LINE else ""
    return (
        f"nobody may {act.power}{second}{where} at {act.at:%d %B %Y %H:%M} UTC in a {act.type} incident of level "
        f"{act.level}: give somebody that power at that hour, or plan the rota"
    )


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
