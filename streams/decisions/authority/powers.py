"""Authority: may this person do this now? Power, incident type, level, channel, hour, rota and delegation decide."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from streams.decisions.authority import hindrances
from streams.decisions.authority.keys import can_order
from streams.decisions.authority.presence import is_away, shift_end, stands_in
from streams.decisions.authority.working_hours import LONGEST, hours_end, in_hours
from streams.decisions.verdict import Allowed, Refused, Verdict
from streams.values import IncidentType, Power
from streams.words.register.entries import Grant, Hours, Person, Register

HELD_IN_PERSON = frozenset({Power.CHANGE_REGISTER})
"""Powers that no deputy takes over: absences come from the files alone, and these powers must not come from there."""
WRITTEN_IN_FILES = frozenset({Power.AMPLIFY, Power.ENROL_KEY})
"""Powers that are used in the files of the register: no order is given, so no signature is needed."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants to do; a type, level or channel of None means that it does not matter here."""

    power: Power
    at: datetime
    type: IncidentType | None = None
    level: int | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class HeldRight:
    """A grant that a person holds now: their own, or one of a person they are the deputy of."""

    grant: Grant
    person: Person
    absent: Person | None = None

    @property
    def rule(self) -> str:
        return f"{self.grant.id}/deputy-of/{self.absent.id}" if self.absent else self.grant.id


def may(person_id: str, act: Act, *, register: Register) -> Verdict:
    """Answer with the rule that lets the person act, and until when, or with why not and who could."""
    return may_on_all(person_id, act, channels=(), register=register)


def may_on_all(
    person_id: str, act: Act, *, channels: Iterable[str], register: Register, but: str | None = None
) -> Verdict:
    """The same for several channels at once: a yes for every one of them, or every reason why not.

    `but` is a person who may not do this in any case: they are left out of the names, which is not a reason here.
    """
    acts, allowed, reasons = _acts(act, channels), list[Allowed](), list[str]()
    person = register.people.get(person_id)
    if person is None:
        reasons.append(hindrances.unknown(person_id))
    else:
        for one in acts:
            verdict = _judge(person, one, register)
            if isinstance(verdict, Allowed):
                allowed.append(verdict)
            else:
                reasons += verdict
    if reasons:
        able = who_could(act, register, channels=[one.channel for one in acts], but=but)
        return Refused(list(dict.fromkeys(reasons)), able)
    return min(allowed, key=attrgetter("until"))


def may_order(person_id: str, act: Act, *, channels: Sequence[str], register: Register) -> Verdict:
    """Like `may_on_all`, for a person we are about to ask: they must also be able to sign."""
    verdict = may_on_all(person_id, act, channels=channels, register=register)
    person = register.people.get(person_id)
    if isinstance(verdict, Refused) or person is None or covers(_held(person, act, register), _acts(act, channels)):
        return verdict
    able = who_could(act, register, channels=channels)
    return Refused([hindrances.keyless(person.called)], able)


def who_could(
    act: Act, register: Register, *, channels: Iterable[str | None] = (), but: str | None = None
) -> tuple[str, ...]:
    """Names and roles of the people who could do this now on all of these channels, without `but`.

    People who must sign but have no key in force are left out.
    """
    acts = _acts(act, channels)
    return tuple(one.called for one, rights in holders(act, register) if one.id != but and covers(rights, acts))


def holders(act: Act, register: Register) -> Sequence[tuple[Person, Sequence[HeldRight]]]:
    """Everybody who could do this at its hour in some case or other, with the rights for it."""
    held = ((person, _held(person, act, register)) for person in register.people.values())
    return [(person, rights) for person, rights in held if rights]


def covers(rights: Sequence[HeldRight], acts: Sequence[Act]) -> bool:
    """Tell whether there is a right for the case of every act; their hour is not looked at."""
    return all(any(not _wrong_case(right, act) for right in rights) for act in acts)


def _held(person: Person, act: Act, register: Register) -> Sequence[HeldRight]:
    if is_away(person, act.at):
        return []
    rights = [right for right in _rights(person, act, register) if not _wrong_hour(right, act, register)]
    can = not rights or act.power in WRITTEN_IN_FILES or can_order(person, register, now=act.at)
    return rights if can else []


def _acts(act: Act, channels: Iterable[str | None]) -> list[Act]:
    return [replace(act, channel=channel) for channel in channels] or [act]


def _judge(person: Person, act: Act, register: Register) -> Allowed | list[str]:
    """The first right that holds, or why none does."""
    reasons: list[str] = []
    for right in _rights(person, act, register):
        hindrance = _hindrance(right, act, register)
        if hindrance is None:
            return Allowed(right.rule, person.id, _until(right, act, register))
        reasons.append(hindrance)
    return reasons or [hindrances.powerless(person.called, act.power)]


def _rights(person: Person, act: Act, register: Register) -> Iterator[HeldRight]:
    """The person's own grants of this power, then those of absent people whose deputy the person is now."""
    for grant in person.grants:
        if grant.power is act.power:
            yield HeldRight(grant, person)
    if act.power in HELD_IN_PERSON:
        return
    for absent in register.people.values():
        if absent.away and stands_in(person, absent, at=act.at, register=register):
            yield from (HeldRight(grant, person, absent) for grant in absent.grants if grant.power is act.power)


def _hindrance(right: HeldRight, act: Act, register: Register) -> str | None:
    """Why this right does not help now, as a sentence; None if it does."""
    if is_away(right.person, act.at):
        return hindrances.away(right.person.called)
    return _wrong_case(right, act) or _wrong_hour(right, act, register)


def _wrong_case(right: HeldRight, act: Act) -> str | None:
    grant, who = right.grant, right.person.called
    if grant.types and act.type is not None and act.type not in grant.types:
        return hindrances.wrong_type(who, act.power, only=grant.types, this=act.type)
    if grant.levels and act.level is not None and act.level not in grant.levels:
        return hindrances.wrong_level(who, act.power, only=grant.levels, this=act.level)
    if grant.channels and act.channel is not None and act.channel not in grant.channels:
        return hindrances.wrong_channel(who, act.power, only=grant.channels, this=act.channel)
    return None


def _wrong_hour(right: HeldRight, act: Act, register: Register) -> str | None:
    grant, who = right.grant, right.person.called
    if grant.hours is not Hours.ALWAYS and in_hours(act.at, register.hours) is not (grant.hours is Hours.IN_HOURS):
        return hindrances.wrong_hour(who, act.power, in_hours=grant.hours is Hours.IN_HOURS)
    if grant.rota and shift_end(grant.rota, right.person, at=act.at, register=register) is None:
        return hindrances.off_rota(who, grant.rota)
    return None


def _until(right: HeldRight, act: Act, register: Register) -> datetime:
    """Until when the right holds: the end of the shift, of the hours or of presence; at most `LONGEST` from now."""
    grant = right.grant
    ends = [act.at + LONGEST, *_comings_and_goings(right, act.at, register)]
    shift_ends = shift_end(grant.rota, right.person, at=act.at, register=register) if grant.rota else None
    if shift_ends:
        ends.append(shift_ends)
    if grant.hours is not Hours.ALWAYS:
        ends.append(hours_end(act.at, register.hours))
    return min(ends)


def _comings_and_goings(right: HeldRight, at: datetime, register: Register) -> list[datetime]:
    """When the person goes away. For a deputy also when the absent person or another deputy comes or goes."""
    concerned = {right.person.id, *((right.absent.id, *right.absent.deputies) if right.absent else ())}
    absences = [absence for name in concerned if name in register.people for absence in register.people[name].away]
    return [edge for absence in absences for edge in (absence.starts_at, absence.ends_at) if edge > at]
