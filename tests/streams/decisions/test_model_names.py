"""Whomever a refusal names could give the very same order, and nobody whom it leaves out could.

The bound: every move in four states of each of 36 worlds, given once more by everybody of the register.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import answer
from streams.decisions.verdict import NOBODY
from streams.words.facts import CommandRefused, FactBody
from tests import keyring
from tests.builders import COMMANDER
from tests.model.moves import Node, beginning
from tests.model.search import steps
from tests.model.worlds import WORLDS, World

STATES = ("the incident is declared", "the first was silent", "a channel was down", "a freeze is over")
ASKED_MIN = 30
"""So many refusals name people, or say that there is nobody, in each world at least."""


def refused(facts: Iterator[FactBody]) -> CommandRefused | None:
    """The refusal for want of authority, where that is what was answered."""
    found = next((one for one in facts if isinstance(one, CommandRefused)), None)
    return found if found and (found.who_could or NOBODY in found.reasons) else None


def given_by(order: Order, name: str, *, signs: bool) -> Order:
    """The same order from somebody else, signed by whoever signs."""
    given = order.command.model_copy(update={"by": name, "id": f"cmd-of-{name}", "proof": None})
    return replace(order, command=keyring.signed(given) if signs and name == COMMANDER else given)


def asked(node: Node) -> Iterator[tuple[Order, CommandRefused]]:
    for step in steps(node):
        told = refused(fact.body for fact in step.facts)
        if told:
            yield step.order, told


def heard(order: Order) -> bool:
    return not any(isinstance(one, CommandRefused) for one in answer(order))


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_exactly_those_could_give_the_order_whom_its_refusal_names(world: World) -> None:
    """Not by an oracle, but by trying."""
    count = 0
    for node in (beginning(world, name) for name in STATES):
        for order, told in asked(node):
            others = (one for one in node.register.people.values() if one.id != order.command.by)
            able = {one.called for one in others if heard(given_by(order, one.id, signs=node.signs))}
            assert set(told.who_could) == able, (node.path, order.command.body, told)
            count += 1
    assert count >= ASKED_MIN
