"""The state of one account on which we speak: the fold of its facts, and how much was sent on it lately."""

import operator
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from streams.subjects.state import KEPT, State
from streams.values import Frozen, Identifier, Subject, SubjectKind, Utc
from streams.words.facts import Fact
from streams.words.register.accounts import AccountNoted, AccountOpened, AccountShut, SecretChanged, Shut
from streams.words.sign_off import SignOffSought

SEARCHES_KEPT = 50
"""So many of the newest searches stay in the state of an account, which goes on for years."""


class AccountLog(State):
    """All that the facts of one account add up to; its identifier is that of its channel.

    `changed_at` is when a person last told us of another secret. `noted` is what the last check found.
    `since` says from which fact on it is `shut`, or its `secret` overdue.
    """

    kind: Literal["account"] = "account"
    shut: Shut | None = None
    changed_at: Utc | None = None
    noted: AccountNoted | None = None
    since: Mapping[str, int] = Field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The account."""
        return account(self.id)

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in what is known of the account."""
        match fact.body:
            case AccountShut(reason=reason):
                return {"shut": Shut(by=fact.by, at=fact.at, reason=reason), "since": self._since(fact, shut=True)}
            case AccountOpened():
                return {"shut": None, "since": self._since(fact, shut=False)}
            case SecretChanged():
                noted = self.noted and self.noted.model_copy(update={"secret_due": None})
                return {"changed_at": fact.at, "noted": noted, "since": self._since(fact, secret=False)}
            case AccountNoted() as noted:
                return {"noted": noted, "since": self._since(fact, secret=noted.secret_due is not None)}
            case SignOffSought():
                return {"searches": dict([*self.searches.items()][-SEARCHES_KEPT:])}
            case _:
                return {}

    def _since(self, fact: Fact, **amiss: bool) -> dict[str, int]:
        """Since which fact each is amiss, once this fact says of some whether they are."""
        others = {name: place for name, place in self.since.items() if name not in amiss}
        return {**others, **{name: self.since.get(name, fact.sequence) for name, is_so in amiss.items() if is_so}}

    def remembers(self, order_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The last thousand: an account goes on for years, and an older order is refused for its age."""
        return order_ids[-KEPT:]


@lru_cache(1_000)
def account(channel: str) -> Subject:
    """The account of this channel."""
    return Subject(kind=SubjectKind.ACCOUNT, id=channel)


SPENT = "spent"
"""The name of the row that says how much was sent on an account."""


def spent_key(channel: str) -> str:
    """The key of that row in the table of rows."""
    return f"{account(channel).key}|{SPENT}"


class PacedTurn(Frozen):
    """When a delivery that waits for the budget may go. `place` orders those that wait, the smallest first.

    `ceiling` is how many claims there may be for words of its purpose.
    """

    at: Utc
    place: int
    ceiling: int


class Spent(Frozen):
    """How often we sent on an account lately: the number of claims by the beginning of their slot.

    A slot begins at a multiple of its length, in whole seconds since the epoch, UTC.
    `turns` are those of the deliveries that wait, of all incidents, by their identifier.
    """

    kind: Literal["spent"] = "spent"
    claims: Mapping[int, int] = Field(default_factory=dict)
    turns: Mapping[Identifier, PacedTurn] = Field(default_factory=dict, exclude_if=operator.not_)
