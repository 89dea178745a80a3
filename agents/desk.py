"""Desk: from `commands` to `facts`. The only writer of facts: it judges each order and records the answer.

Consumes: every command of its mode, in the order of each incident.
Produces: sealed facts; a refusal is a fact too. What it asks for it claims in the same step, for its own worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.ports import Clock, Keep, Registers, Store
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.subjects.fold import begun
from streams.subjects.incident import Incident
from streams.subjects.past import Past, Row, set_aside
from streams.subjects.state import State
from streams.values import Identifier, Mode
from streams.words.facts import Fact
from streams.words.orders import Command


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode it serves, the hour, the registers, where they are kept, and the table of states that it writes.

    `run` is that of the agents which see these facts next and publish or page: all are dealt to one worker.
    """

    mode: Mode
    run: Identifier
    clock: Clock
    registers: Registers
    keep: Keep
    states: Store[State]
    past: Store[Row]


async def handle(command: Command, needs: Needs) -> Sequence[Fact]:
    """Answer one command with the facts it gives, and fold them into the state of its subject."""
    state = needs.states.get(command.subject.key) or begun(command.subject, needs.mode)
    register = needs.registers()
    # Kept before anything is judged by it: whoever judges again, years later, must find it.
    version = await needs.keep(register)
    now, prefix = needs.clock.now(), f"{command.subject.key}|"
    order = Order(command, state, register, now, Past(lambda key: needs.past.get(prefix + key)))
    facts, after = judge(order, run=needs.run, register_version=version)
    if facts:
        if isinstance(after, Incident):
            after, rows = set_aside(after, at=now)
            for key, row in rows.items():
                needs.past.put(prefix + key, row)
        needs.states.put(state.subject.key, after)
    return facts
