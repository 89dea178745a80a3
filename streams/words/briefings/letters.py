"""The briefing by mail: the order, the facts, and their sum. No fact has its text, which has no words of the public.

A letter is claimed by a committed fact before it is sent, so that no person gets the same one twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from streams.values import Digest, Frozen, Identifier, Sentence, Utc
from streams.words.briefings.entries import PEOPLE_MAX

LetterOutcome = Literal["sent", "failed", "unknown"]


class LetterResult(Frozen):
    """What became of one person's letter. `failed`: it surely did not go. `unknown`: it may have."""

    outcome: LetterOutcome
    words: Sentence


class RecordBriefing(Frozen):
    """Report what became of a briefing that was claimed, by person; `digest` is the hash of its text."""

    kind: Literal["record_briefing"] = "record_briefing"
    number: int = Field(ge=1)
    results: Mapping[Identifier, LetterResult] = Field(max_length=PEOPLE_MAX)
    digest: Digest


class BriefingClaimed(Frozen):
    """This briefing was claimed: that run may mail it to these people, until then. `number` counts the briefings."""

    kind: Literal["briefing_claimed"] = "briefing_claimed"
    number: int
    people: tuple[Identifier, ...]
    run: Identifier
    until: Utc


class BriefingRecorded(Frozen):
    """What became of a briefing; `digest` is None where no report came before the claim lapsed."""

    kind: Literal["briefing_recorded"] = "briefing_recorded"
    number: int
    results: Mapping[Identifier, LetterResult]
    digest: Digest | None = None

    @property
    def missed(self) -> tuple[str, ...]:
        """The people of whom it is not known that their letter went."""
        return tuple(name for name, one in self.results.items() if one.outcome != "sent")


BriefingFact = BriefingClaimed | BriefingRecorded


class Briefings(Frozen):
    """The sum of these facts: how many there were, and what is known of the last. `claim` is the hash of its claim.

    `open` is the claim that no report has come for; `missed` are people whose last letter is not known to have gone.
    """

    number: int = 0
    at: Utc | None = None
    claim: str | None = None
    open: BriefingClaimed | None = None
    missed: tuple[Identifier, ...] = ()

    def after(self, body: BriefingFact, *, at: datetime, claim: str) -> Self:
        """The sum once this fact is added; `claim` is its hash."""
        if isinstance(body, BriefingClaimed):
            return self.model_copy(update={"number": body.number, "at": at, "claim": claim, "open": body})
        if body.number != self.number:
            return self
        return self.model_copy(update={"open": None, "missed": body.missed})
