"""Entries of the risk register: what could happen, how likely and how bad, before and after what is done about it.

Scores and bands are those of the NHS risk matrix.
"""

import operator
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from streams.values import Frozen, Identifier, Language, Sentence, Word

FIGURES = range(1, 6)


class Band(StrEnum):
    """How grave a score is."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    EXTREME = "extreme"


BANDS = ((3, Band.LOW), (6, Band.MODERATE), (12, Band.HIGH), (25, Band.EXTREME))
"""The highest score of each band."""


class Safeguard(StrEnum):
    """What the service itself does against a risk."""

    SECOND_YES = "second-yes"
    SIGNED_ORDERS = "signed-orders"
    PERSONAL_DATA = "personal-data"
    DRILLS_APART = "drills-apart"
    LEAVERS = "leavers"
    SECRET_AGE = "secret-age"  # noqa: S105 - the name of a safeguard
    SHUT_ACCOUNT = "shut-account"
    MENDING = "mending"
    CASES = "cases"
    STORIES = "stories"


DOES = {
    Safeguard.SECOND_YES: "another person says yes to exactly these words, as each channel shows them",
    Safeguard.SIGNED_ORDERS: "each person signs their orders with a key of their own",
    Safeguard.PERSONAL_DATA: "words are searched for personal data before they go out",
    Safeguard.DRILLS_APART: "a drill reaches no live channel",
    Safeguard.LEAVERS: "who is taken out of the register has no power from then on",
    Safeguard.SECRET_AGE: "people are told when the secret of an account is to be changed",
    Safeguard.SHUT_ACCOUNT: "one order shuts an account in every incident",
    Safeguard.MENDING: "a correction and a withdrawal are ready before a message goes out",
    Safeguard.CASES: "abuse, threats and suspected hate crimes become cases with somebody who answers",
    Safeguard.STORIES: "people are told what many posts say and nothing of ours answers",
}
"""Each in words, as the console's `safeguard-` sentences say it in English."""
OFF: Mapping[Safeguard, str] = {
    Safeguard.SIGNED_ORDERS: "orders of people without a key are taken unsigned (`unsigned_orders` in trust.yaml)",
    Safeguard.SECOND_YES: "no person may say yes to a line (`sign-off-line` in people.yaml)",
    Safeguard.STORIES: "no person is paged for a story (`story` in attention.yaml)",
    Safeguard.MENDING: "no person may withdraw a message (`withdraw` in people.yaml)",
    Safeguard.CASES: "no person is paged for a threat or a suspected hate crime (`pages` in cases.yaml)",
}
"""How a safeguard may be off, and where that stands in the register.

Personal data, drills and people who left cannot be switched off. How old a secret is, the facts of its account say.
"""


def _likelihood(figure: int) -> int:
    if figure not in FIGURES:
        raise ValueError("give 1 (rare) to 5 (almost certain), as the NHS risk matrix has it")
    return figure


def _impact(figure: int) -> int:
    if figure not in FIGURES:
        raise ValueError("give 1 (negligible) to 5 (catastrophic), as the NHS risk matrix has it")
    return figure


class Rating(Frozen):
    """How likely something is, and how bad it would be."""

    likelihood: Annotated[int, AfterValidator(_likelihood)]
    impact: Annotated[int, AfterValidator(_impact)]

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return self.likelihood * self.impact

    @property
    def band(self) -> Band:
        """How grave that is."""
        return next(band for highest, band in BANDS if self.score <= highest)


class Mitigation(Frozen):
    """What is done so that it happens less often or does less harm, and the safeguard that does it, if any."""

    does: Mapping[Language, Sentence] = Field(min_length=1)
    safeguard: Safeguard | None = None

    def in_language(self, language: str) -> tuple[str, str]:
        """What is done, with its language: this one, or the first that it was written in."""
        return _in(language, self.does)


class Risk(Frozen):
    """Something that could happen, on the accounts of these channels or, without any, in the activity as a whole.

    `before` and `after` are without and with the mitigations. The `owner` is a person of the register, or a role there.
    """

    id: Identifier
    what: Mapping[Language, Sentence] = Field(min_length=1)
    channels: tuple[Identifier, ...] = Field(default=(), max_length=50, exclude_if=operator.not_)
    before: Rating
    mitigations: tuple[Mitigation, ...] = Field(default=(), max_length=20)
    after: Rating
    owner: Word
    review_on: date

    def in_language(self, language: str) -> tuple[str, str]:
        """What could happen, with its language: this one, or the first that it was written in."""
        return _in(language, self.what)


def _in(language: str, texts: Mapping[str, str]) -> tuple[str, str]:
    spoken = language if language in texts else next(iter(texts))
    return texts[spoken], spoken
