"""Judging: all the facts that an order gives, in their places in the chain, with what follows from them at once."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from pydantic import BaseModel

from streams.chain import seal
from streams.decisions.authority import signatures, turns
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import answer
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
from streams.words.release import LineDrafted, MessageAuthorised, NotePostChange

NAMING = ("message_id", "delivery_id", "follows")


def judge(order: Order, *, run: str, register_version: str) -> tuple[Sequence[Fact], State]:
    """The sealed facts of an order and the state after them; the same order judged again gives the same bytes.

    `run` is that of the agents which see these facts next and publish or page.
    """
    facts: list[Fact] = []
    if isinstance(order.state, Incident):
        order = replace(order, state=order.past.recall(order.state, _named(order)))
    sealed = partial(
        _seal,
        register_version=register_version,
        cause_hash=order.command.content(),
        spent=signatures.spent_code(order),
    )
    bodies = deque(holding.held_first(order, answer))
    while bodies or (bodies := _next_in_turn(order, facts, run) or _next_of_searches(order, facts, run)):
        fact = sealed(bodies.popleft(), order)
        facts.append(fact)
        order = replace(order, state=fold(order.state, fact))
        bodies.extend(_what_follows(facts, order, run))
    return facts, order.state


def _named(order: Order) -> Iterator[str]:
    """What the order names, and our copy of the post that it is about."""
    body = order.command.body
    yield from named_by(body)
    if isinstance(body, NotePostChange) and (copy := order.past.carrying(body.credit.account_id, body.credit.post_id)):
        yield copy.message.id


def named_by(body: BaseModel) -> Iterator[str]:
    """The messages, deliveries and drafts that an order names: they may have left the record."""
    for name, value in body:
        if name in NAMING and isinstance(value, str):
            yield value
        elif isinstance(value, BaseModel):
            yield from named_by(value)


def _what_follows(facts: Sequence[Fact], order: Order, run: str) -> Sequence[FactBody]:
    """What the last fact brings at once: a hop through the topic and back would tell nobody anything new."""
    match facts[-1].body:
        case DeliveryAsked(message_id=name, by_hand=None) as asked:
            judged = any(isinstance(one.body, MessageAuthorised) and one.body.message.id == name for one in facts)
            return delivery_orders.claim_at_once(order, asked, run=run, is_judged=judged)
        case DeliveryUnsent() as unsent:
            return delivery_orders.unsent_for_good(order, unsent)
        case MessageAuthorised(message=message):
            return [*delivery_orders.stopped_by(order, message), *by_hand.corrected(order, message)]
        case LineDrafted(message=message):
            return turns.begin(order, message)
        case other:
            return [*by_hand.stopped_by(order, other), *holding.hold_planned(order, other)]


def _next_in_turn(order: Order, facts: Sequence[Fact], run: str) -> deque[FactBody]:
    """A delivery that waited for another one on its channel goes in the judgement that settles the other."""
    if not facts or not isinstance(order.state, Outgoing) or isinstance(facts[-1].body, CommandRefused):
        return deque()
    return deque(delivery_orders.next_claim(order, run))


def _next_of_searches(order: Order, facts: Sequence[Fact], run: str) -> deque[FactBody]:
    """What searches do next, once all else is settled; who is refused moves nothing on."""
    if facts and isinstance(facts[-1].body, CommandRefused):
        return deque()
    return deque(page_steps.next_facts(order, run) or concerns.next_facts(order))


def _seal(body: FactBody, order: Order, *, register_version: str, cause_hash: str, spent: str | None) -> Fact:
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
        spent=spent,
        cause_hash=cause_hash,
        previous=state.head,
    )
    return seal(fact)
