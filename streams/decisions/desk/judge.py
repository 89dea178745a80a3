"""Judging: all the facts that an order gives, in their places in the chain, with what follows from them at once."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from streams.chain import seal
from streams.decisions.accounts import gate
from streams.decisions.authority import signatures, turns
from streams.decisions.authority.order import Order
from streams.decisions.briefings import letters
from streams.decisions.desk.order_names import names_in
from streams.decisions.desk.order_table import answer
from streams.decisions.listening.watch import orders as watch_orders
from streams.decisions.plans import holding
from streams.decisions.release import by_hand, delivery_orders
from streams.decisions.sign_off import concerns, page_steps
from streams.subjects.fold import fold
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.subjects.state import State
from streams.values import RULES_VERSION, derive_id
from streams.words.delivery import DeliveryAsked, DeliveryUnsent
from streams.words.facts import CommandRefused, Fact, FactBody
from streams.words.orders import Tick
from streams.words.register.sheets import SpokenProof
from streams.words.release import LineDrafted, MessageAuthorised


def judge(order: Order, *, run: str, register_version: str) -> tuple[Sequence[Fact], State]:
    """The sealed facts of an order and the state after them; the same order judged again gives the same bytes.

    `run` is that of the agents which see these facts next and publish or page.
    """
    facts: list[Fact] = []
    if isinstance(order.state, Incident):
        order = replace(order, state=order.past.recall(order.state, names_in(order)))
    sealed = partial(
        _seal,
        register_version=register_version,
        cause_hash=order.command.content(),
        said=signatures.said_code(order),
    )
    bodies, following = deque[FactBody](), holding.held_first(order, answer) or _next(order, facts, run)
    while following or bodies:
        # What is still to be written counts already for what is decided after it.
        order = replace(
            order, budgets=order.budgets.after(following, order.state, register=order.register, now=order.now)
        )
        bodies.extend(following)
        fact = sealed(bodies.popleft(), order)
        facts.append(fact)
        order = replace(order, state=fold(order.state, fact))
        following = _what_follows(facts, order, run)
        if not following and not bodies:
            following = _next(order, facts, run)
    return facts, order.state


def _what_follows(facts: Sequence[Fact], order: Order, run: str) -> Sequence[FactBody]:
    """What the last fact brings at once: a hop through the topic and back would tell nobody anything new."""
    match facts[-1].body:
        case DeliveryAsked(message_id=name, by_hand=None) as asked:
            judged = any(isinstance(one.body, MessageAuthorised) and one.body.message.id == name for one in facts)
            return delivery_orders.claim_at_once(order, asked, run=run, is_judged=judged)
        case DeliveryUnsent() as unsent:
            return delivery_orders.unsent_for_good(order, unsent)
        case MessageAuthorised(message=message):
            stopped = [*delivery_orders.stopped_by(order, message), *by_hand.corrected(order, message)]
            return [*stopped, *gate.hurry(order, message)]
        case LineDrafted(message=message):
            return turns.begin(order, message)
        case other:
            return [*by_hand.stopped_by(order, other), *holding.hold_planned(order, other)]


def _next(order: Order, facts: Sequence[Fact], run: str) -> Sequence[FactBody]:
    """What goes on once all else is settled; who is refused moves nothing on.

    First a delivery that waited for another one on its channel, then the next steps of searches; a briefing comes last.
    """
    if facts and isinstance(facts[-1].body, CommandRefused):
        return ()
    in_turn = delivery_orders.next_claim(order, run) if facts and isinstance(order.state, Outgoing) else ()
    asked = in_turn or watch_orders.settle(order) or page_steps.next_facts(order, run) or concerns.next_facts(order)
    return asked or (letters.next_facts(order, run=run) if isinstance(order.command.body, Tick) else ())


def _seal(body: FactBody, order: Order, *, register_version: str, cause_hash: str, said: SpokenProof | None) -> Fact:
    """Put a fact in its place in the chain; its identifier derives from its cause, so that a replay gives the same."""
    state, subject, command = order.state, order.state.subject, order.command
    sequence = state.sequence + 1
    fact = Fact(
        id=derive_id("fact", state.mode, subject.key, command.id, sequence),
        mode=state.mode,
        subject=subject,
        sequence=sequence,
        at=order.now,
        by=command.by,
        cause=command.id,
        body=body,
        register_version=register_version,
        rules_version=RULES_VERSION,
        spent=said.code_id if said else None,
        relayed_by=said.relayed_by if said else None,
        cause_hash=cause_hash,
        previous=state.head,
    )
    return seal(fact)
