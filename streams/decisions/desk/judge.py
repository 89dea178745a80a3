"""Judging: all the facts that an order gives, in their places in the chain, with what follows from them at once."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from streams.chain import seal
from streams.decisions.authority import turns
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import answer
from streams.decisions.release import channel_order, delivery_orders
from streams.decisions.sign_off import page_steps
from streams.incident import Incident, fold
from streams.values import derive_id
from streams.words.delivery import ClaimDelivery, DeliveryAsked, DeliveryUnsent
from streams.words.facts import CommandRefused, Fact, FactBody
from streams.words.release import LineDrafted, MessageAuthorised


def judge(order: Order, *, run: str, register_version: str) -> tuple[Sequence[Fact], Incident]:
    """The sealed facts of an order and the incident after them; the same order judged again gives the same bytes.

    `run` is that of the agents which see these facts next and publish or page.
    """
    facts: list[Fact] = []
    sealed = partial(_sealed, register_version=register_version, cause_hash=order.command.content())
    bodies = deque(answer(order))
    while bodies or (bodies := _waited(order, facts, run) or _searched(order, facts, run)):
        fact = sealed(bodies.popleft(), order)
        facts.append(fact)
        order = replace(order, incident=fold(order.incident, fact))
        bodies.extend(_followed(fact.body, order, run))
    return facts, order.incident


def _followed(body: FactBody, order: Order, run: str) -> Sequence[FactBody]:
    """What is asked for is claimed at once: a hop through the topic and back would tell nobody anything new."""
    match body:
        case DeliveryAsked():
            delivery = order.incident.deliveries[body.delivery_id]
            if channel_order.waits_for(order.incident, delivery, register=order.register):
                return []
            return delivery_orders.claim(
                order, ClaimDelivery(delivery_id=body.delivery_id, attempt=body.attempt, run=run)
            )
        case DeliveryUnsent():
            return delivery_orders.unsent_for_good(order, body)
        case MessageAuthorised(message=message):
            return delivery_orders.stopped_by(order, message)
        case LineDrafted(message=message):
            return turns.begin(order, message)
        case _:
            return []


def _waited(order: Order, facts: Sequence[Fact], run: str) -> deque[FactBody]:
    """A delivery that waited for another one on its channel goes in the judgement that settles the other."""
    if not facts or isinstance(facts[-1].body, CommandRefused):
        return deque()
    return deque(delivery_orders.next_claim(order, run))


def _searched(order: Order, facts: Sequence[Fact], run: str) -> deque[FactBody]:
    """What searches do next, once all else is settled; who is refused moves nothing on."""
    if facts and isinstance(facts[-1].body, CommandRefused):
        return deque()
    return deque(page_steps.next_facts(order, run))


def _sealed(body: FactBody, order: Order, *, register_version: str, cause_hash: str) -> Fact:
    """Put a fact in its place in the chain; its identifier derives from its cause, so that a replay gives the same."""
    incident, command = order.incident, order.command
    sequence = incident.sequence + 1
    fact = Fact(
        id=derive_id("fact", incident.mode, incident.id, command.id, sequence),
        mode=incident.mode,
        incident_id=incident.id,
        sequence=sequence,
        at=order.now,
        by=command.by,
        cause=command.id,
        body=body,
        register_version=register_version,
        cause_hash=cause_hash,
        previous=incident.head,
    )
    return seal(fact)
