"""What the risk register lacks: accounts without an assessment, reviews that are overdue, risks that stay extreme.

None of it keeps any words back: it is told, and people see to it.
"""

from collections.abc import Sequence
from datetime import date

from streams.words.register.entries import Register
from streams.words.risks.entries import Band, Risk


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


def extreme(register: Register) -> Sequence[Risk]:
    """The risks whose score is extreme after all that is done about them."""
    return [risk for risk in register.risks.values() if risk.after.band is Band.EXTREME]
