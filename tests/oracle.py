"""Authority said once more, plainly, from the rules' text: what the decisions answer is judged by this.

It calls nothing of the decisions, of which it takes the form of a question alone; it reads the register.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from streams.decisions.authority.powers import Act
from streams.values import Power
from streams.words.register.entries import Grant, Hours, Register, WorkingHours


def in_hours(at: datetime, hours: WorkingHours) -> bool:
    """A working day by the trust's own clock, between opening and closing."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    if local.date() in hours.bank_holidays or local.weekday() not in hours.days:
        return False
    return hours.opens <= local.time() < hours.closes


def away(name: str, at: datetime, register: Register) -> bool:
    return any(one.starts_at <= at < one.ends_at for one in register.people[name].away)


def rights(name: str, at: datetime, register: Register) -> list[tuple[str, Grant]]:
    """Own grants, and those of everybody whose first present deputy this is; power over powers is not lent."""
    found = [(grant.id, grant) for grant in register.people[name].grants]
    for absent in register.people.values():
        present = [one for one in absent.deputies if one in register.people and not away(one, at, register)]
        if away(absent.id, at, register) and present[:1] == [name]:
            lent = [grant for grant in absent.grants if grant.power is not Power.CHANGE_REGISTER]
            found += [(f"{grant.id}/deputy-of/{absent.id}", grant) for grant in lent]
    return found


def fits(grant: Grant, name: str, act: Act, register: Register) -> bool:
    bounds = [(grant.types, act.type), (grant.levels, act.level), (grant.channels, act.channel)]
    hours = {Hours.ALWAYS: True, Hours.IN_HOURS: in_hours(act.at, register.hours)}
    hours[Hours.OUT_OF_HOURS] = not hours[Hours.IN_HOURS]
    turns = [one for one in register.rota if one.person == name and one.starts_at <= act.at < one.ends_at]
    return (
        grant.power is act.power
        and all(not bound or value is None or value in bound for bound, value in bounds)
        and hours[grant.hours]
        and (grant.rota is None or any(one.rota == grant.rota for one in turns))
    )


def rules(name: str, act: Act, register: Register) -> list[str]:
    """Every rule by which this person may do this now."""
    if name not in register.people or away(name, act.at, register):
        return []
    return [rule for rule, grant in rights(name, act.at, register) if fits(grant, name, act, register)]


def titles(register: Register, names: Iterable[str]) -> list[str]:
    return [f"{register.people[name].name} ({register.people[name].role})" for name in names]


def proves(name: str, at: datetime, register: Register) -> Sequence[str]:
    """The keys by which this person can sign now; empty where there is none, whether or not one is needed."""
    return [
        key.id
        for key in register.people[name].keys
        if key.enrolled_by != name
        and key.enrolled_by in register.people
        and any(grant.power is Power.ENROL_KEY for grant in register.people[key.enrolled_by].grants)
        and key.enrolled_at <= at < key.expires_at
        and not (key.revoked_at and key.revoked_at <= at)
    ]


def heard(name: str, at: datetime, register: Register) -> bool:
    """Whether an order of this person's counts at all: with a key in force, or, never having had one, unsigned."""
    if any(key.enrolled_at <= at for key in register.people[name].keys):
        return bool(proves(name, at, register))
    return register.unsigned_orders == "allowed"
