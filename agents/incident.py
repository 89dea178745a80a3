"""Incident agent: from `commands` to `facts`. The only writer of facts: it judges each order and records the answer.

Consumes: every command of its mode, in the order of each incident.
Produces: sealed facts; a refusal is a fact too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.ports import Clock, Registers, Store
from streams.chain import seal
from streams.commands import Command
from streams.decisions.answers import answer
from streams.decisions.order import Order
from streams.events import Fact, FactBody
from streams.incident import Incident, fold
from streams.values import Mode, derive_id


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode it serves, the hour, the registers, and the table of incidents that it alone writes."""

    mode: Mode
    clock: Clock
    registers: Registers
    incidents: Store[Incident]


async def handle(command: Command, needs: Needs) -> Sequence[Fact]:
    """Answer one command with the facts it gives, and fold them into the incident."""
    incident = needs.incidents.get(command.incident_id) or Incident(id=command.incident_id, mode=needs.mode)
    order = Order(command, incident, needs.registers(), needs.clock.now())
    facts: list[Fact] = []
    for body in answer(order):
        fact = _sealed(body, order, incident)
        incident = fold(incident, fact)
        facts.append(fact)
    if facts:
        needs.incidents.put(incident.id, incident)
    return facts


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
