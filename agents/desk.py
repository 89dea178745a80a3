"""Desk: from `commands` to `facts`. The only writer of facts: it judges each order and records the answer.

Consumes: every command of its mode, in the order of each incident.
Produces: sealed facts; a refusal is a fact too. What it asks for it claims in the same step, for its own worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from agents.ports import Clock, Keep, Recall, Registers, Store
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.incident import Incident
from streams.projections.ended import ENDED_KEPT, Ended, ended
from streams.values import Identifier, Mode
from streams.words.facts import Fact
from streams.words.orders import Command


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode it serves, the hour, the registers, where they are kept, and the tables that it writes.

    What ended more than `ended_kept` ago leaves `incidents`, `ended` keeps where it ended, `recall` brings it back.
    `run` is that of the agents which see these facts next and publish or page: all are dealt to one worker.
    """

    mode: Mode
    run: Identifier
    clock: Clock
    registers: Registers
    keep: Keep
    incidents: Store[Incident]
    ended: Store[Ended]
    recall: Recall
    ended_kept: timedelta = ENDED_KEPT


async def handle(command: Command, needs: Needs) -> Sequence[Fact]:
    """Answer one command with the facts it gives, and fold them into the incident."""
    incident, left = await _found(command.incident_id, needs)
    register = needs.registers()
    # Kept before anything is judged by it: whoever judges again, years later, must find it.
    version = await needs.keep(register)
    order = Order(command, incident, register, needs.clock.now())
    facts, after = judge(order, run=needs.run, register_version=version)
    if facts:
        needs.incidents.put(incident.id, after)
        if left:
            needs.ended.remove(incident.id)
    elif not left and (leaving := ended(incident, order.now, kept=needs.ended_kept)):
        needs.ended.put(incident.id, leaving)
        needs.incidents.remove(incident.id)
    return facts


async def _found(name: str, needs: Needs) -> tuple[Incident, Ended | None]:
    """The incident as it stands, and what was kept of it if it had left memory."""
    incident = needs.incidents.get(name)
    left = None if incident else needs.ended.get(name)
    if left:
        return await needs.recall(left), left
    return incident or Incident(id=name, mode=needs.mode), None
