"""What a decision answers with: never a boolean, never an exception."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.events import CommandRefused
from streams.values import sentence


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes: this person, by this rule, until then."""

    rule: str
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """No: each reason is a sentence that says what to do; `who_could` names who could say yes now."""

    reasons: Sequence[str]
    who_could: Sequence[str] = ()

    def fact(self, command_kind: str) -> CommandRefused:
        """The refusal as a fact for the log."""
        return CommandRefused(
            command_kind=command_kind,
            reasons=tuple(sentence(reason) for reason in self.reasons),
            who_could=tuple(self.who_could),
        )


Verdict = Allowed | Refused
