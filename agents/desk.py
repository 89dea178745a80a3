"""Desk: from `commands` to `facts`. The only writer of facts: it judges each order and records the answer.

Consumes: every command of its mode, in the order of each incident.
Produces: sealed facts; a refusal is a fact too. What it asks for it claims in the same step, for its own worker.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from agents.ports import Clock, Keep, Recall, Registers, Store
from streams.decisions.authority.order import Order
from streams.decisions.channels.budgets import AccountBudgets
from streams.decisions.desk.judge import judge
from streams.subjects.declared import DECLARED, Declared
from streams.subjects.fold import begun
from streams.subjects.incident import Incident
from streams.subjects.past import ENDED, ENDED_KEPT, Ended, Past, Row, ended, set_aside, spent_in, stays
from streams.subjects.plan import Plan
from streams.subjects.state import State
from streams.values import THE_REGISTER, Identifier, Mode, Subject, SubjectKind
from streams.words.facts import Fact
from streams.words.orders import Command


@dataclass(frozen=True, slots=True)
class Needs:
    """The mode it serves, the hour, the registers, where they are kept, and the tables that it writes.

    What ended more than `ended_kept` ago leaves both tables, but for what `recall` brings it back by.
    `declared` counts the incidents, whose declaration holds planned posts.
    `run` is that of the agents which see these facts next and publish or page: all are dealt to one worker.
    """

    mode: Mode
    run: Identifier
    clock: Clock
    registers: Registers
    keep: Keep
    states: Store[State]
    past: Store[Row]
    recall: Recall
    ended_kept: timedelta = ENDED_KEPT
    declared: Callable[[], Declared] = Declared


async def handle(command: Command, needs: Needs) -> Sequence[Fact]:
    """Answer one command with the facts it gives, and fold them into the state of its subject."""
    # There is one register: an order that names another is refused in its log, and begins none.
    subject = THE_REGISTER if command.subject.kind is SubjectKind.REGISTER else command.subject
    prefix = f"{subject.key}|"
    past = Past(lambda key: needs.past.get(prefix + key), elsewhere=lambda code: code in spent_in(needs.past.keys()))
    state, left = await _found(subject, past, needs)
    register = needs.registers()
    # Kept before anything is judged by it: whoever judges again, years later, must find it.
    version = await needs.keep(register)
    now = needs.clock.now()
    budgets = AccountBudgets(needs.past.get)
    order = Order(command, state, register, now, past, needs.declared(), budgets)
    facts, after = judge(order, run=needs.run, register_version=version)
    if facts:
        used = budgets.after([fact.body for fact in facts], after, register=register, now=now)
        for key, spent in used.rows():
            needs.past.put(key, spent)
        if isinstance(after, Incident) and after.is_live is not order.incident.is_live:
            needs.past.put(DECLARED, order.declared.after(after))
        after, rows = set_aside(after, at=now)
        for key, row in rows.items():
            needs.past.put(prefix + key, row)
        if isinstance(after, Plan) and needs.past.get(DECLARED) is None:
            needs.past.put(DECLARED, order.declared)  # A log of an earlier release has no such row.
        needs.states.put(subject.key, after)
        if left:
            needs.past.remove(prefix + ENDED)
    elif not left and (leaving := ended(state, now, kept=needs.ended_kept)):
        _let_leave(state, leaving, needs)
    return facts


async def _found(subject: Subject, past: Past, needs: Needs) -> tuple[State, Ended | None]:
    """The state of a subject, and what stayed of it if it had left memory."""
    state = needs.states.get(subject.key)
    left = None if state else past.ended()
    return (await needs.recall(subject, left) if left else state or begun(subject, needs.mode)), left


def _let_leave(state: State, leaving: Ended, needs: Needs) -> None:
    """Take an incident or case out of both tables, but for where it ended and which posts an incident carries."""
    prefix = f"{state.subject.key}|"
    for key in needs.past.keys(prefix):
        if not stays(key.removeprefix(prefix)):
            needs.past.remove(key)
    needs.past.put(prefix + ENDED, leaving)
    needs.states.remove(state.subject.key)
