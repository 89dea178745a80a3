"""One row of the table of orders: what the product knows about all orders of a kind, see `order_table.ORDERS`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.lifecycle import Moves
from streams.values import SubjectKind
from streams.why import because
from streams.words.facts import FactBody
from streams.words.orders import CommandBody, Giver

Answer = Callable[[Order, Any], Sequence[FactBody]]
WhoCould = Callable[[Order, Any], Iterable[str]]


def nobody_else(order: Order, body: CommandBody) -> Iterable[str]:
    """No other person could help: the order takes no power, or only its own giver can give it."""
    del order, body
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKind:
    """All orders with one type of body.

    `words` is what the order does, as a person says it: "stand down".
    `about` is the kind of subject that the order is for; None for one that every subject takes.
    `moves` is None for an order about a delivery, a page or the time: the state of that decides, in every status of
    the incident and at any age of the order, so that it repeats safely.
    An empty table is an order about the register, which has no status.
    `grows` is set for an order that adds to the incident's record and that many may give: they could fill it.
    `who_could` names everybody who could give the order now, its own giver included.
    `unsaid` says why no code of a paper sheet is proof enough, as the end of a sentence. Every other order of a person
    may be said on the telephone: it can be read out whole, and words of their own go out by no one other person alone.
    `command` is what the order is called on the command line; None for an order that no person gives there.
    """

    body: type[CommandBody]
    words: str
    about: SubjectKind | None = SubjectKind.INCIDENT
    given_by: Sequence[Giver] = (Giver.PERSON,)
    moves: Moves | None
    answer: Answer
    grows: bool = False
    who_could: WhoCould = nobody_else
    unsaid: str | None = None
    command: str | None = None

    @property
    def by_machines(self) -> bool:
        """Whether a machine gives such an order in its own name, unsigned."""
        return any(giver is not Giver.PERSON for giver in self.given_by)

    @property
    def by_people(self) -> bool:
        """Whether a person gives such an order."""
        return Giver.PERSON in self.given_by

    @property
    def why_unsaid(self) -> str | None:
        """Why a person cannot say such an order on the telephone; None if they can."""
        return self.unsaid if self.by_people and self.command else because("unsaid-machine", "a machine gives it")
