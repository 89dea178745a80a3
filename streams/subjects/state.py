"""What the state of every subject has: how far its facts have come, and which orders it has heard."""

import operator
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from streams.chain import START
from streams.values import Frozen, Identifier, Mode, Subject, Utc
from streams.words import sign_off
from streams.words.facts import CommandRefused, Fact
from streams.words.sign_off import Search, SearchFact

KEPT = 1_000
"""So many orders are remembered where what others do could go on without end: refused ones, and the register's own."""
WRONG_CODES_KEPT = 5
"""Of so many wrong codes of a sheet it is known when they were entered: enough to say that they are too many."""


class State(Frozen):
    """How far the facts of one subject have come: `head` is the hash of the last one, `last_at` its time.

    `answered` and `refused` are the orders that the subject has heard; `searches` ask people about it.
    `spent` are the codes of sheets that were said here, `wrong_codes` when the last wrong ones of a sheet were entered.
    """

    id: Identifier
    mode: Mode
    sequence: int = Field(default=0, ge=0)
    head: str = START
    last_at: Utc | None = None
    answered: tuple[Identifier, ...] = ()
    refused: tuple[Identifier, ...] = ()
    searches: Mapping[Identifier, Search] = Field(default_factory=dict)
    spent: tuple[Identifier, ...] = Field(default=(), exclude_if=operator.not_)
    wrong_codes: Mapping[Identifier, tuple[Utc, ...]] = Field(default_factory=dict, exclude_if=operator.not_)

    @property
    def subject(self) -> Subject:
        """What these facts are about."""
        raise NotImplementedError

    def has_heard(self, order_id: str) -> bool:
        """Whether this order was answered already."""
        return order_id in self.answered or order_id in self.refused

    def after(self, fact: Fact) -> Self:
        """The state once this fact is added; a fact that is already in changes nothing."""
        if fact.sequence <= self.sequence:
            return self
        change = {**self.changed_by(fact), **self._heard(fact), **self._said(fact)}
        if isinstance(fact.body, SearchFact):
            searches = change.get("searches", self.searches)
            change["searches"] = sign_off.after(searches, fact.body, at=fact.at, claim=fact.hash)
        return self.model_copy(update={"sequence": fact.sequence, "head": fact.hash, "last_at": fact.at, **change})

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in this kind of state."""
        raise NotImplementedError

    def remembers(self, order_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Which of the answered orders this kind of state keeps in mind."""
        return order_ids

    def _heard(self, fact: Fact) -> dict[str, Any]:
        """Remember which orders were answered; those about deliveries repeat safely by the delivery's own state."""
        if fact.body.kind.startswith("delivery_") or self.has_heard(fact.cause):
            return {}
        if isinstance(fact.body, CommandRefused):
            # Anybody can have orders refused without end. An order that is forgotten did nothing yet: if it comes
            # again, it is judged as if it came for the first time, and it is refused for its age if it is old.
            return {"refused": (*self.refused[1 - KEPT :], fact.cause)}
        return {"answered": self.remembers((*self.answered, fact.cause))}

    def _said(self, fact: Fact) -> dict[str, Any]:
        """Remember which code of a sheet proved an order, and when a wrong one was entered."""
        change: dict[str, Any] = {}
        if isinstance(fact.body, CommandRefused) and (sheet := fact.body.wrong_code):
            last = (*self.wrong_codes.get(sheet, ()), fact.at)[-WRONG_CODES_KEPT:]
            change["wrong_codes"] = {**self.wrong_codes, sheet: last}
        return {**change, "spent": tuple(dict.fromkeys([*self.spent, fact.spent]))} if fact.spent else change
