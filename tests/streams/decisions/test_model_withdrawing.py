"""A model search over withdrawing: in each state that is reached, who may withdraw can withdraw all that is public."""

import pytest

from streams.decisions.authority.powers import Act
from streams.decisions.release.channel_order import LET_OUT
from streams.values import Power, Purpose
from streams.words.orders import CommandBody
from streams.words.release import MessageAuthorised
from tests import oracle
from tests.model.moves import BEGINNINGS, EDITS, PEOPLE, Move, Node, beginning, holding
from tests.model.search import steps
from tests.model.worlds import WORLDS, World

SOME = WORLDS[::5]
"""Each hour, absence and kind of chain is among them."""
RELEASES = [name for name in BEGINNINGS if name not in {"the incident is declared", "the first was silent"}]


def reached(world: World, name: str) -> list[Node]:
    """The states one move, or one edit of the register, beyond a beginning."""
    begun = beginning(world, name)
    return [begun, *(step.after for step in steps(begun)), *(edit.after(begun) for edit in EDITS)]


def public(node: Node) -> list[str]:
    """Messages that are, or may be, public somewhere, and that no withdrawal is about."""
    messages = node.incident.messages
    out = {one.message_id for one in node.incident.deliveries.values() if one.state in LET_OUT}
    back = {one.follows for one in messages.values() if one.purpose is Purpose.WITHDRAWAL}
    return [name for name in messages if name in out - back and messages[name].purpose is not Purpose.WITHDRAWAL]


def may_withdraw(node: Node, by: str) -> bool:
    """Whether the register lets this person withdraw now; a template that was edited has no approved words for it."""
    told = node.incident.declaration
    act = Act(Power.WITHDRAW, node.now, told.type if told else None, told.level if told else None, "website")
    edited = any("template" in name for name, _ in node.edits)
    return not edited and bool(oracle.rules(by, act, node.register)) and oracle.heard(by, node.now, node.register)


def withdrawn(node: Node, by: str, name: str) -> Node:
    """The state after this person withdrew this message: the order is carried out, and never refused."""

    def body(before: Node) -> CommandBody:
        return holding(before, Purpose.WITHDRAWAL).model_copy(update={"follows": name, "next_update_at": None})

    step = Move(f"{by} withdraws {name}", by, body).step(node)
    assert step
    let_out = [fact.body.message for fact in step.facts if isinstance(fact.body, MessageAuthorised)]
    assert [one.follows for one in let_out] == [name], (step.after.path, step.facts)
    return step.after


@pytest.mark.parametrize("world", SOME, ids=str)
def test_who_may_withdraw_can_withdraw_each_public_message(world: World) -> None:
    """One after another, all in the same words; whether frozen, held back, cancelled, silent, unknown or over."""
    for name in RELEASES:
        for node in reached(world, name):
            for by in [one for one in PEOPLE if may_withdraw(node, one)]:
                after = node
                for message in public(node):
                    after = withdrawn(after, by, message)


def test_two_messages_are_public_in_some_state() -> None:
    """Else nothing above would be withdrawn in words that are out already."""
    most = [len(public(node)) for world in SOME for name in RELEASES for node in reached(world, name)]
    assert max(most) > 1
