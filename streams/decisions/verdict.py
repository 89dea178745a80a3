"""What a decision answers with: never a boolean, never an exception."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.values import sentence
from streams.why import because, each_why
from streams.words.facts import CommandRefused

REASONS_MAX = 20
NOBODY = because(
    "nobody",
    "nobody on the register can do this now: end an absence, add a turn to the rota, or give somebody the power",
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes: this person, by this rule, until then."""

    rule: str
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """No: each reason is a sentence that says what to do.

    `who_could` names who could say yes now; it is empty if no one can, and None if another person could not help.
    """

    reasons: Sequence[str]
    who_could: Sequence[str] | None = None

    def fact(self, command_kind: str) -> CommandRefused:
        """The refusal as a fact for the log."""
        left_out = len(self.reasons) - REASONS_MAX
        more: list[str] = (
            [because("reasons-more", "and {count} reasons more: mend these first", count=left_out)]
            if left_out > 0
            else []
        )
        if self.who_could is not None and not self.who_could:
            more.append(NOBODY)
        reasons = [*self.reasons[:REASONS_MAX], *more]
        return CommandRefused(
            command_kind=command_kind,
            reasons=tuple(sentence(reason) for reason in reasons),
            who_could=tuple(sentence(name) for name in self.who_could or ()),
            why=each_why(reasons),
        )


def why_not(reasons: Iterable[str]) -> Refused | None:
    """The one answer to "why not": a refusal with these reasons; None if there are none and nothing is in the way."""
    given = tuple(reasons)
    return Refused(given) if given else None


def reasons_of(*refusals: Refused | None) -> list[str]:
    """The reasons of all of these, where they are refusals, to be said together."""
    return [reason for one in refusals if one for reason in one.reasons]


def any_of(*refusals: Refused) -> Sequence[str]:
    """The people that any of these names."""
    return tuple(dict.fromkeys(name for one in refusals for name in one.who_could or ()))


Verdict = Allowed | Refused
