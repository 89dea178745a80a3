"""Authority: may this person do this now? Power, incident type, level, channel, hour, rota and delegation decide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from streams.decisions.verdict import Allowed, Refused, Verdict
from streams.registers import Grant, Hours, Person, Register, WorkingHours
from streams.values import IncidentType, Power

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants to do; a type, level or channel of None means that it does not matter here."""

    power: Power
    at: datetime
    type: IncidentType | None = None
    level: int | None = None
    channel: str | None = None


def may(person_id: str, act: Act, register: Register) -> Verdict:
    """Answer with the rule that lets the person act, and until when, or with why not and who could."""
    person = register.people.get(person_id)
    if person is None:
        return Refused([f"{person_id} is not on the register: ask somebody who is"], who_could(act, register))
    reasons: list[str] = []
    for grant, rule in _grants(person, act, register):
        hindrance = _hindrance(grant, person, act, register)
        if hindrance is None:
            return Allowed(rule, person.id, _until(grant, person, act, register))
        reasons.append(hindrance)
    nothing = f"{person.name} ({person.role}) has no power to {act.power}: ask one of those who have"
    return Refused(list(dict.fromkeys(reasons)) or [nothing], who_could(act, register))


def may_on_all(person_id: str, act: Act, channels: Iterable[str], register: Register) -> Verdict:
    """The same for several channels at once: a yes for every one of them, or every reason why not."""
    verdicts = [may(person_id, replace(act, channel=channel), register) for channel in channels]
    refused = [verdict for verdict in verdicts if isinstance(verdict, Refused)]
    if refused:
        reasons = list(dict.fromkeys(reason for verdict in refused for reason in verdict.reasons))
        able = [set(verdict.who_could) for verdict in refused]
        return Refused(reasons, sorted(set.intersection(*able)))
    allowed = [verdict for verdict in verdicts if isinstance(verdict, Allowed)]
    return min(allowed, key=lambda verdict: verdict.until) if allowed else may(person_id, act, register)


def who_could(act: Act, register: Register) -> tuple[str, ...]:
    """Name everybody, with role, who could do this now."""
    return tuple(
        f"{person.name} ({person.role})"
        for person in register.people.values()
        if any(_hindrance(grant, person, act, register) is None for grant, _ in _grants(person, act, register))
    )


def in_hours(at: datetime, hours: WorkingHours) -> bool:
    """Tell whether this moment lies in the trust's working hours."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    works = local.weekday() in hours.days and local.date() not in hours.bank_holidays
    return works and hours.opens <= local.time() < hours.closes


def is_away(person: Person, at: datetime) -> bool:
    """Tell whether the person is marked away at this moment."""
    return any(absence.starts_at <= at < absence.ends_at for absence in person.away)


def _grants(person: Person, act: Act, register: Register) -> Iterator[tuple[Grant, str]]:
    """The person's own grants of this power, then those of the people the person stands in for now."""
    for grant in person.grants:
        if grant.power is act.power:
            yield grant, grant.id
    for absent in register.people.values():
        if _stands_in(person, absent, act.at, register):
            for grant in absent.grants:
                if grant.power is act.power:
                    yield grant, f"{grant.id}/deputy-of/{absent.id}"


def _stands_in(person: Person, absent: Person, at: datetime, register: Register) -> bool:
    """Only the first deputy who is there stands in."""
    if not is_away(absent, at):
        return False
    present = (name for name in absent.deputies if name in register.people and not is_away(register.people[name], at))
    return next(present, None) == person.id


def _hindrance(grant: Grant, person: Person, act: Act, register: Register) -> str | None:
    """Why this grant does not help now, as a sentence; None where it does."""
    who = f"{person.name} ({person.role})"
    if is_away(person, act.at):
        return f"{who} is marked away: ask the deputy, or end the absence in the register"
    if grant.types and act.type is not None and act.type not in grant.types:
        return f"{who} may {act.power} for {', '.join(grant.types)} incidents only, this one is {act.type}"
    if grant.levels and act.level is not None and act.level not in grant.levels:
        return f"{who} may {act.power} at level {', '.join(map(str, grant.levels))} only, this is level {act.level}"
    if grant.channels and act.channel is not None and act.channel not in grant.channels:
        return f"{who} may {act.power} on {', '.join(grant.channels)} only, not on {act.channel}"
    if grant.hours is not Hours.ALWAYS and in_hours(act.at, register.hours) is not (grant.hours is Hours.IN_HOURS):
        return f"{who} may {act.power} {grant.hours.replace('-', ' ')} only, which it is not now"
    if grant.rota and _shift_end(grant.rota, person, act.at, register) is None:
        return f"{who} is not on the rota {grant.rota} now: ask who is"
    return None


def _shift_end(rota: str, person: Person, at: datetime, register: Register) -> datetime | None:
    for shift in register.rota:
        if (shift.rota, shift.person) == (rota, person.id) and shift.starts_at <= at < shift.ends_at:
            return shift.ends_at
    return None


def _until(grant: Grant, person: Person, act: Act, register: Register) -> datetime:
    """The end of the shift or of these hours, whichever is first; at most `LONGEST` from now."""
    ends = [act.at + LONGEST]
    shift_end = _shift_end(grant.rota, person, act.at, register) if grant.rota else None
    if shift_end:
        ends.append(shift_end)
    if grant.hours is not Hours.ALWAYS:
        ends.append(_hours_end(act.at, register.hours))
    return min(ends)


def _hours_end(at: datetime, hours: WorkingHours) -> datetime:
    """The next opening or closing that lies ahead, or `LONGEST` from now."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    turns = [
        datetime.combine(local.date() + timedelta(days=day), turn, local.tzinfo)
        for day in (0, 1)
        for turn in (hours.opens, hours.closes)
    ]
    return min((turn for turn in turns if turn > local), default=local + LONGEST).astimezone(at.tzinfo)
