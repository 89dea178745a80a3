"""One refusal that was brought about: what was asked, what must be said, and who could have said yes by the oracle."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.verdict import Refused
from streams.subjects.state import State
from streams.values import Power
from streams.words.facts import FactBody
from streams.words.incident import Declare, Reclassify
from streams.words.orders import CommandBody
from streams.words.register.entries import Absence, Person, Register
from tests import builders, oracle
from tests.builders import NOW

DAY = timedelta(days=1)
AWAY = (Absence(starts_at=NOW - DAY, ends_at=NOW + DAY),)
Told = Iterable[Refused | FactBody | str]


@dataclass(frozen=True)
class Could:
    """Who could say yes now: whoever has one of these powers on all of these channels, or on `any_channel` of them.

    `but` cannot in any case, `among` are all there is a choice of, `also` can without the power.
    `same` says that it is the very order that each of them could give.
    """

    powers: tuple[Power, ...]
    channels: tuple[str, ...] = ()
    any_channel: bool = False
    but: str | None = None
    among: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    same: bool = True

    def names(self, order: Order) -> list[str]:
        """The identifiers of these people, as the rules' text has it."""
        people = order.register.people if self.among is None else self.among
        able = [one for one in people if one != self.but and one in order.register.people and self._able(one, order)]
        return [*able, *(one for one in self.also if one not in able)]

    def _able(self, name: str, order: Order) -> bool:
        each = any if self.any_channel else all
        asked: Sequence[str | None] = self.channels or (None,)
        holds = any(each(self._holds(name, power, channel, order) for channel in asked) for power in self.powers)
        return holds and oracle.heard(name, order.now, order.register)

    def _holds(self, name: str, power: Power, channel: str | None, order: Order) -> bool:
        act, body = replace(order.act(power), channel=channel), order.command.body
        acts = [act]
        if isinstance(body, Declare):
            acts = [replace(act, type=body.type, level=body.level)]
        if isinstance(body, Reclassify):
            acts.append(replace(act, type=body.type or act.type, level=body.level or act.level))
        return all(oracle.rules(name, one, order.register) for one in acts)


@dataclass(frozen=True)
class Case:
    """An order that is refused with a sentence that holds `says`; or what else refuses, by calling it.

    Without `could`, authority is not what is wrong: nobody else's yes would help.
    """

    says: str
    given: Callable[[], Order | Told]
    could: Could | None = None


def case(
    says: str, body: CommandBody, state: State | None = None, *, could: Could | None = None, **changes: Any
) -> Case:
    """An order by the commander in a declared incident, where nothing else is said."""
    return Case(says, lambda: builders.order(body, state or builders.declared(), **changes), could)


def told(says: str, given: Callable[[], Told]) -> Case:
    """A refusal that no order gets as its answer, by the call that makes it."""
    return Case(says, given)


def with_people(*people: Person, **changes: Any) -> Register:
    """The small trust with these people beside, or instead of, its own."""
    return builders.register(people={**builders.people(), **{one.id: one for one in people}}, **changes)


def from_(order: Order, by: str) -> Order:
    """The same order by somebody else."""
    return replace(order, command=order.command.model_copy(update={"by": by, "id": f"cmd-by-{by}"}))
