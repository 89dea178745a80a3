"""Incident agent: from `commands` to `facts`. The only writer of facts: it judges each order and records the answer.

Consumes: every command of its mode, in the order of each incident.
Produces: sealed facts; a refusal is a fact too. What it asks for it claims in the same step, for its own worker.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import Clock, Registers, Store
from streams.chain import seal
from streams.commands import ClaimDelivery, Command
from streams.decisions import delivering, paging, searching
from streams.decisions.answers import answer
from streams.decisions.order import Order
from streams.events import CommandRefused, DeliveryAsked, Fact, FactBody, LineDrafted
from streams.incident import Incident, fold
from streams.values import Identifier, Mode, derive_id


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode it serves, the hour, the registers, and the table of incidents that it alone writes.

    `run` is that of the agents which see these facts next and publish or page: all are dealt to one worker.
    """

    mode: Mode
    run: Identifier
    clock: Clock
    registers: Registers
    incidents: Store[Incident]


async def handle(command: Command, needs: Needs) -> Sequence[Fact]:
    """Answer one command with the facts it gives, and fold them into the incident."""
    incident = needs.incidents.get(command.incident_id) or Incident(id=command.incident_id, mode=needs.mode)
    order = Order(command, incident, needs.registers(), needs.clock.now())
    facts: list[Fact] = []
    bodies = deque(answer(order))
    while bodies or (bodies := _searched(order, facts, needs.run)):
        fact = _sealed(bodies.popleft(), order, incident)
        incident = fold(incident, fact)
        facts.append(fact)
        order = replace(order, incident=incident)
        bodies.extend(_followed(fact.body, order, needs.run))
    if facts:
        needs.incidents.put(incident.id, incident)
    return facts


def _followed(body: FactBody, order: Order, run: str) -> Sequence[FactBody]:
    """What is asked for is claimed at once: a hop through the topic and back would tell nobody anything new."""
    match body:
        case DeliveryAsked():
            return delivering.claim(order, ClaimDelivery(delivery_id=body.delivery_id, attempt=body.attempt, run=run))
        case LineDrafted(message=message):
            return searching.begin(order, message)
        case _:
            return []


def _searched(order: Order, facts: Sequence[Fact], run: str) -> deque[FactBody]:
    """What searches do next, once all else is settled; who is refused moves nothing on."""
    if facts and isinstance(facts[-1].body, CommandRefused):
        return deque()
    return deque(paging.next_facts(order, run))


def _sealed(body: FactBody, order: Order, incident: Incident) -> Fact:
    """Put a fact in its place in the chain; its identifier derives from its cause, so that a replay gives the same."""
    sequence = incident.sequence + 1
    fact = Fact(
        id=derive_id("fact", incident.mode, incident.id, order.command.id, sequence),
        mode=incident.mode,
        incident_id=incident.id,
        sequence=sequence,
        at=order.now,
        by=order.command.by,
        cause=order.command.id,
        body=body,
        previous=incident.head,
    )
    return seal(fact)
