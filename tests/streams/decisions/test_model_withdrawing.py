"""A model search over withdrawing: in each state that is reached, who may withdraw can withdraw all that is public.

The bound: one move or edit beyond five beginnings in eight worlds, and walks of fifteen moves through all 36 worlds.
"""

from collections.abc import Iterator
from random import Random
from typing import Literal

import pytest

from streams.decisions.authority.powers import Act
from streams.decisions.release.channel_order import LET_OUT
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryState, RecordOutcome
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody
from streams.words.release import MessageAuthorised
from tests import oracle
from tests.builders import COMMANDER, WRITER
from tests.model.moves import BEGINNINGS, EDITS, MOVES, PEOPLE, Edit, Move, Node, beginning, holding
from tests.model.search import steps
from tests.model.worlds import WORLDS, World

SOME = WORLDS[::5]
"""Each hour, absence and kind of chain is among them."""
RELEASES = [name for name in BEGINNINGS if name not in {"the incident is declared", "the first was silent"}]

COMING = (DeliveryState.ASKED, DeliveryState.UNSENT)
MOVES_A_WALK, TRIES = 15, 8
WORLDS_A_SEED = 2
"""Twenty seeds, which the suite runs with, pass through every world."""


def reached(world: World, name: str) -> list[Node]:
    """The states one move, or one edit of the register, beyond a beginning."""
    begun = beginning(world, name)
    return [begun, *(step.after for step in steps(begun)), *(edit.after(begun) for edit in EDITS)]


def public(node: Node) -> list[str]:
    """Messages that are, or may be, public somewhere, and that no withdrawal takes back: one that was stopped does not.

    A withdrawal that was refused by its channel, or cancelled before it went out, tells the public nothing.
    """
    messages, stopped = node.incident.messages, node.incident.stops.releases
    deliveries = node.incident.deliveries.values()
    out = {one.message_id for one in deliveries if one.state in LET_OUT}
    coming = {one.message_id for one in deliveries if one.state in COMING and one.message_id not in stopped}
    back = {one.follows for one in messages.values() if one.purpose is Purpose.WITHDRAWAL and one.id in {*out, *coming}}
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


def mending(by: str, purpose: Purpose) -> Move:
    """This person mends the newest message that is public."""

    def body(node: Node) -> CommandBody | None:
        out = public(node)
        return holding(node, purpose).model_copy(update={"follows": out[-1], "next_update_at": None}) if out else None

    return Move(f"{by} gives a {purpose}", by, body)


def came(outcome: Literal["confirmed", "unknown", "refused", "absent"]) -> Move:
    """What the channel says of the first attempt that is being made."""

    def body(node: Node) -> CommandBody | None:
        sending = [one for one in node.incident.deliveries.values() if one.state is DeliveryState.SENDING]
        if not sending:
            return None
        first = sending[0]
        return RecordOutcome(delivery_id=first.id, attempt=first.attempt, outcome=outcome, reason="so it was")

    return Move(f"the channel said: {outcome}", "publishing-agent", body)


OUTCOMES = [came("confirmed"), came("unknown"), came("refused"), came("absent")]
MENDING = [mending(by, purpose) for by in PEOPLE for purpose in (Purpose.WITHDRAWAL, Purpose.CORRECTION)]
WALKED: list[Move | Edit] = [*MOVES, *MENDING, *OUTCOMES * 4, *EDITS]
"""What a walk chooses from; a channel answers as often as people do anything."""


def walk(world: World, rng: Random) -> Iterator[Node]:
    """States one after another, each by a move that does something in the one before."""
    node = beginning(world, rng.choice([*BEGINNINGS]))
    for _ in range(MOVES_A_WALK):
        tried = (after(node, rng.choice(WALKED)) for _ in range(TRIES))
        node = next((one for one in tried if one), node)
        yield node


def after(node: Node, chosen: Move | Edit) -> Node | None:
    """The state after this; None if there is nothing to try it on, or if it is refused."""
    if isinstance(chosen, Edit):
        return chosen.after(node)
    step = chosen.step(node)
    done = [fact for fact in step.facts if not isinstance(fact.body, CommandRefused)] if step else []
    return step.after if step and done else None


def test_a_walk_leads_to_no_message_that_cannot_be_withdrawn(seed: int) -> None:
    """Corrections, withdrawals that were cancelled or did not go out, channels of any answer, other registers."""
    first = seed * WORLDS_A_SEED % len(WORLDS)
    for world in WORLDS[first : first + WORLDS_A_SEED]:
        for node in walk(world, Random(f"{seed} {world}")):
            for by in [one for one in PEOPLE if may_withdraw(node, one)]:
                then = node
                for message in public(node):
                    then = withdrawn(then, by, message)


def test_a_withdrawal_that_was_cancelled_and_did_not_go_out_can_be_given_again() -> None:
    """It was cancelled while it was being sent, then the channel was down: the message is public still."""
    begun = beginning(WORLDS[0], "the incident is declared")
    by_name = {one.name: one for one in WALKED}
    names = [
        f"{COMMANDER} releases the holding message",
        "the channel said: confirmed",
        f"{COMMANDER} gives a withdrawal",
        f"{WRITER} cancels the release",
        "the channel was down",
    ]
    for name in names:
        then = after(begun, by_name[name])
        assert then, name
        begun = then
    (message,) = public(begun)
    assert public(withdrawn(begun, COMMANDER, message)) == []
