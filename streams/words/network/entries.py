"""What the trust writes down beforehand: the responders with their people on call, and the steps of its own process."""

import operator
from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from streams.values import Frozen, Identifier, Language, Sentence, Word

DUE_MINUTES_MAX = 7 * 24 * 60
STEPS_MAX = 40
"""So many steps may a list have: an incident keeps them all."""


class ResponderContact(Frozen):
    """Who is reached there, as `press desk` or `control room`, and how. The number is never for the public."""

    role: Word
    telephone: Word | None = None
    email: Word | None = None

    @model_validator(mode="after")
    def _is_reached(self) -> Self:
        if not (self.telephone or self.email):
            raise ValueError("neither a telephone nor an e-mail address: give one of the two")
        return self


class Responder(Frozen):
    """An organisation of the local resilience forum. `category` is as a partner's: police, fire, ambulance, council.

    `partner` names its entry among the partners, if its posts go out again through our accounts.
    """

    id: Identifier
    name: Word
    category: Identifier
    contacts: tuple[ResponderContact, ...] = Field(default=(), max_length=10)
    partner: Identifier | None = None


class Step(Frozen):
    """One step of the crisis process. `who` is the duty or role that does it, not a person.

    `due_minutes` counts from the declaration. `hint` says how it is done, or which command does it.
    With `attention`, a step that is overdue waits for a person; without, it is only shown.
    """

    id: Identifier
    title: Mapping[Language, Word] = Field(min_length=1)
    who: Mapping[Language, Word] = Field(min_length=1)
    due_minutes: int | None = Field(default=None, ge=0, le=DUE_MINUTES_MAX)
    hint: Mapping[Language, Sentence] = Field(default_factory=dict, exclude_if=operator.not_)
    attention: bool = False

    def title_in(self, language: str) -> str:
        """What is to be done, in this language; in the one that was written first, if it was not written in this."""
        return _in(language, self.title)

    def who_in(self, language: str) -> str:
        """Whose step it is, in this language."""
        return _in(language, self.who)

    def hint_in(self, language: str) -> str:
        """How it is done, in this language; empty if nothing is said of it."""
        return _in(language, self.hint)


def _in(language: str, texts: Mapping[str, str]) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
