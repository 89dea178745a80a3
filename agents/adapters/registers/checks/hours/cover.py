"""Cover: at every hour of the next two weeks, somebody is there who may act and can be reached."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from agents.adapters.registers.checks.hours import gaps
from agents.adapters.registers.checks.hours.gaps import LEVELS, reachable_people, told
from agents.adapters.registers.checks.hours.holders import Holders
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import REGISTER, Reading
from streams.decisions.authority.powers import Act, may_on_all
from streams.decisions.verdict import Refused
from streams.moments import told_in
from streams.values import IncidentType, Power
from streams.words.register.entries import Register

ANYWHERE = (Power.DECLARE, Power.STAND_DOWN, Power.RESOLVE_DELIVERY)
ON_CHANNELS = (Power.RELEASE_HOLDING, Power.WITHDRAW, Power.SIGN_OFF_LINE)


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Every gap of every power, with its times, and the first hour at which a partner's posts would be refused."""
    register = reading.register
    yield from _every_gap(register, now)
    turns = gaps.turns(register, now)
    for partner in register.partners.values():
        yield from _partner_faults(reading, partner.id, turns)


def gaps_of(register: Register, now: datetime) -> Iterator[str]:
    """Each of these gaps in a sentence, for a register that is in force, wherever its files are."""
    return (fault.sentence for fault in _every_gap(register, now))


def _every_gap(register: Register, now: datetime) -> Iterator[Fault]:
    turns, holders = gaps.turns(register, now), Holders(register)
    for power in (*ANYWHERE, *ON_CHANNELS):
        yield from _gaps(power, turns, register=register, holders=holders)


def _gaps(power: Power, turns: Sequence[datetime], *, register: Register, holders: Holders) -> Iterator[Fault]:
    """Each time in which the same cases are not covered on the same channel."""
    cases, there = _cases(power, register), reachable_people(register)
    for channel in dict.fromkeys(case.channel for case in cases):
        here = [case for case in cases if case.channel == channel]
        for when, incidents in told(
            here, turns, register=register, covered=lambda act: _is_covered(act, holders, there)
        ):
            yield Fault(f"{REGISTER}/people.yaml", 1, _said(here[0], when, incidents=incidents))


def _cases(power: Power, register: Register) -> Sequence[Act]:
    """Every case that grants of this power distinguish; if none names a type, a level or a channel, one is enough."""
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


def _is_covered(act: Act, holders: Holders, there: frozenset[str]) -> bool:
    """A line needs two people: one who drafts it, and another who signs it off."""
    able = there.intersection(holders.who_could(act))
    if act.power is not Power.SIGN_OFF_LINE:
        return bool(able)
    drafting = holders.who_could(replace(act, power=Power.DRAFT_LINE))
    return any(able - {writer} for writer in there.intersection(drafting))


def _said(act: Act, when: str, *, incidents: str) -> str:
    where = f" on {act.channel}" if act.channel else ""
    second = " what somebody else drafted" if act.power is Power.SIGN_OFF_LINE else ""
    return (
        f"nobody who can be reached may {act.power}{second}{where} {when}, {incidents}: "
        "give somebody that power at that hour, or plan the rota"
    )


def _partner_faults(reading: Reading, name: str, turns: Sequence[datetime]) -> Iterator[Fault]:
    """A partner's posts go out on the standing yes of its approver, who must have the power at every hour."""
    partner = reading.register.partners[name]
    for at in turns:
        act = Act(Power.AMPLIFY, at)
        verdict = may_on_all(partner.approved_by, act, channels=partner.channels, register=reading.register)
        if isinstance(verdict, Refused):
            when = told_in(reading.register.hours.zone, at)
            sentence = f"its posts would be refused at {when}: {verdict.reasons[0]}"
            yield reading.place("partners", name).fault("approved_by", sentence=sentence)
            return
