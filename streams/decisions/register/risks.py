"""What the risk register lacks: accounts without an assessment, late reviews, extreme risks, safeguards that are off.

None of it keeps any words back: it is told, and people see to it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from streams.decisions.authority.freshness import WARNED_AHEAD
from streams.values import Power
from streams.words.cases import CaseSort
from streams.words.register.entries import Register
from streams.words.risks.entries import Band, Risk, Safeguard

GRAVEST = (CaseSort.THREAT.value, CaseSort.HATE_CRIME.value)
"""The sorts of case that page at every hour, unless the register says otherwise."""


def graver_first(register: Register) -> Sequence[Risk]:
    """The risks, the one with the highest score after its mitigations first."""
    return sorted(register.risks.values(), key=lambda one: -one.after.score)


def channels_without_risk(register: Register) -> Sequence[str]:
    """The channels on whose account no risk is assessed."""
    assessed = {channel for risk in register.risks.values() for channel in risk.channels}
    return [name for name in register.channels if name not in assessed]


def is_activity_assessed(register: Register) -> bool:
    """Whether a risk of the activity as a whole is assessed."""
    return any(not risk.channels for risk in register.risks.values())


def is_overdue(risk: Risk, today: date) -> bool:
    """Whether somebody should have looked at it again by now."""
    return risk.review_on < today


def late_reviews(register: Register, today: date) -> Sequence[Risk]:
    """The risks that somebody should have looked at again by now."""
    return [risk for risk in register.risks.values() if is_overdue(risk, today)]


def coming_reviews(register: Register, today: date) -> Sequence[Risk]:
    """The risks that somebody should look at within the next weeks, as early as is warned for a template."""
    until = today + WARNED_AHEAD
    return [risk for risk in register.risks.values() if today <= risk.review_on <= until]


def safeguards_off(register: Register) -> Sequence[Safeguard]:
    """The safeguards that a risk counts on and that this register leaves off."""
    named = {one.safeguard for risk in register.risks.values() for one in risk.mitigations}
    return [one for one in _off(register) if one in named]


def _off(register: Register) -> Iterator[Safeguard]:
    if register.unsigned_orders == "allowed":
        yield Safeguard.SIGNED_ORDERS
    if not any(person.is_granted(Power.SIGN_OFF_LINE) for person in register.people.values()):
        yield Safeguard.SECOND_YES
    if (rule := register.attention.get("story")) and rule.pages == "never":
        yield Safeguard.STORIES
    if not any(person.is_granted(Power.WITHDRAW) for person in register.people.values()):
        yield Safeguard.MENDING
    if any(one.id in GRAVEST and one.pages == "never" for one in register.cases.values()):
        yield Safeguard.CASES


def extreme(register: Register) -> Sequence[Risk]:
    """The risks whose score is extreme after all that is done about them."""
    return [risk for risk in register.risks.values() if risk.after.band is Band.EXTREME]
