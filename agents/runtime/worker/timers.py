"""Time, as it passes for every incident: what has fallen due is ordered, and what is overdue is shouted about."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from agents.ports import Clock, Registers
from agents.runtime.views.incidents import SubjectsView
from infra.log import LogError
from streams.decisions.register import change_orders
from streams.decisions.release import delivery_orders
from streams.decisions.sign_off import page_steps
from streams.record.search_audit import overdue
from streams.subjects.fold import incidents_of
from streams.subjects.incident import Incident
from streams.subjects.past import ended
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import THE_REGISTER
from streams.words.orders import Command, Giver, Tick, command
from streams.words.register.entries import Register
from streams.words.register.files import PLACES_MAX, NoteFiles

logger = structlog.get_logger(__name__)

AUDIT_SECONDS = 30.0

Put = Callable[[Sequence[Command]], Awaitable[None]]


async def tick(  # budget: whose time passes, where it is told, how fast, and by which rules
    subjects: SubjectsView, clock: Clock, registers: Registers, *, put: Put, seconds: float, ended_kept: timedelta
) -> None:
    """Let time pass for every incident, and for the register's own log, where something has fallen due.

    An incident or case that ended more than `ended_kept` ago is due to leave memory.
    """
    while True:
        await clock.sleep(seconds)
        now, register = clock.now(), registers()
        due = [one for one in subjects.states.values() if _is_due(one, now, ended_kept, register)]
        by = Giver.CLOCK.value
        ticks = [command(Tick(), cause=now, mode=one.mode, subject=one.subject, at=now, by=by) for one in due]
        with suppress(LogError):
            await put(ticks)


async def watch_files(  # budget: what it looks at, and where it tells
    subjects: SubjectsView, clock: Clock, mode: str, *, put: Put, seconds: float, look: Callable[[], Sequence[str]]
) -> None:
    """Note in the register's own log when its files cannot be used, and when they can again.

    `look` answers with the places that need mending. An order is put only if the log says something else.
    """
    while True:
        places = look()
        known = subjects.register_log.unusable if subjects.register_log else None
        noted = NoteFiles(faults=len(places), places=tuple(places[:PLACES_MAX]))
        if noted.faults != (known.faults if known else 0) or (known and noted.places != known.places):
            now, by = clock.now(), Giver.CLOCK.value
            with suppress(LogError):
                await put([command(noted, cause=now, mode=mode, subject=THE_REGISTER, at=now, by=by)])
        await clock.sleep(seconds)


async def audit(subjects: SubjectsView, clock: Clock) -> None:
    """Log an error for each overdue step of a search: the worker that should take it has stopped."""
    while True:
        await clock.sleep(AUDIT_SECONDS)
        for one in incidents_of(subjects.states).values():
            for sentence in overdue(one, clock.now()):
                logger.error("overdue", reason=sentence)


def _is_due(state: State, now: datetime, ended_kept: timedelta, register: Register) -> bool:
    if page_steps.is_due(state, now, register=register):
        return True
    match state:
        case Incident():
            return ended(state, now, kept=ended_kept) is not None or delivery_orders.is_due(state, now)
        case RegisterLog():
            return change_orders.is_due(state, now)
        case _:
            return ended(state, now, kept=ended_kept) is not None
