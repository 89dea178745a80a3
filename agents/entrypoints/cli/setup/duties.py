"""The duties that people have in an incident, each with its powers; a person may have several."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from streams.values import Power


class Duty(StrEnum):
    """What a person does in an incident."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    EXECUTIVE = "executive"
    PREPAREDNESS = "preparedness"


ABOUT: Mapping[Duty, str] = {
    Duty.COMMANDER: "declares, releases the first word, signs off lines, stands down",
    Duty.COMMUNICATIONS: "writes messages and lines, owns the accounts, shares partners' posts",
    Duty.EXECUTIVE: "all that a commander may; also approves messages, keys and powers",
    Duty.PREPAREDNESS: "approves messages, keys and powers",
}
ROLES: Mapping[Duty, str] = {
    Duty.COMMANDER: "director on call",
    Duty.COMMUNICATIONS: "communications manager",
    Duty.EXECUTIVE: "chief executive",
    Duty.PREPAREDNESS: "emergency preparedness manager",
}
"""The job that the question offers."""
_LEADS = (Power.DECLARE, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE, Power.STAND_DOWN, Power.RESOLVE_DELIVERY)
_KEEPS = (Power.APPROVE_TEMPLATE, Power.ENROL_KEY, Power.CHANGE_REGISTER)
POWERS: Mapping[Duty, Sequence[Power]] = {
    Duty.COMMANDER: (*_LEADS, Power.WITHDRAW),
    Duty.COMMUNICATIONS: (Power.DRAFT_LINE, Power.AMPLIFY, Power.RESOLVE_DELIVERY, Power.WITHDRAW),
    Duty.EXECUTIVE: (*_LEADS, Power.WITHDRAW, Power.LIFT_HOLD, Power.REPORT_TO_POLICE, *_KEEPS),
    Duty.PREPAREDNESS: (*_KEEPS, Power.WITHDRAW),
}
KEEPERS = frozenset({Duty.EXECUTIVE, Duty.PREPAREDNESS})
LEADERS = frozenset({Duty.COMMANDER, Duty.EXECUTIVE})
KEEPERS_MIN = 2
PEOPLE_MIN = 3


def powers_of(duties: Collection[Duty]) -> Sequence[Power]:
    """The powers of all these duties, each once."""
    return tuple(dict.fromkeys(power for duty in Duty if duty in duties for power in POWERS[duty]))


def lacking(people: Sequence[Collection[Duty]]) -> str | None:
    """Whom this trust still needs, in a sentence; None if these people can do all that has to be done."""
    held = {duty for duties in people for duty in duties}
    if Duty.COMMUNICATIONS not in held:
        return "nobody writes messages yet: name a person whose duty is communications"
    if Duty.EXECUTIVE not in held:
        return "nobody may lift a hold or report to the police yet: name a person whose duty is executive"
    if sum(bool(KEEPERS & set(duties)) for duties in people) < KEEPERS_MIN:
        return "one person approves keys and powers, and it takes two: name another executive or preparedness person"
    if len(people) < PEOPLE_MIN:
        return f"it takes {PEOPLE_MIN} people, so that each yes has a second person: name another"
    if not any(Duty.COMMANDER in duties for duties in people):
        return "nobody is a commander yet: name a person whose duty is commander, or commander, executive"
    leaders = [at for at, duties in enumerate(people) if LEADERS & set(duties)]
    if len(leaders) == 1 and Duty.COMMUNICATIONS in people[leaders[0]]:
        return "the one who signs lines also writes them: name another person whose duty is commander or executive"
    return None
