"""History: incidents that are over, written straight to a log as its worker would have left them.

The desk of the product judges each order. What it answers is then written in large pieces, so that a million facts take
minutes; the orders themselves are left out. The tables are written as compaction leaves them.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from agents.adapters.clocks import ScaledClock
from agents.desk import Needs, handle
from agents.runtime.door.drafts import draft_of
from agents.runtime.door.tables import PAST, SUBJECTS, changelog, table_specs
from agents.runtime.worker.table_store import TableStore
from benchmarks.ground import BATCH, Ground
from infra.addresses import spread_of
from infra.log import Draft, Log, Partition
from infra.sqlite_log import SqliteLog
from streams.lanes import CONTROL_LANE
from streams.subjects.fold import STATES
from streams.subjects.past import ROWS, Ended
from streams.subjects.state import State
from streams.topics import FACTS
from streams.values import Subject
from streams.words.delivery import DeliveryClaimed, Receipt, RecordOutcome
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import Report, StandDown
from streams.words.orders import Command, CommandBody, Tick
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from tests import builders

BETWEEN = timedelta(minutes=30)
"""From one incident to the next; each has an order a second."""
FACTS_FOR_RELEASE = 100
"""Among so many facts are those of one message that goes out."""
PROMISED = timedelta(minutes=40)
MINUTE = timedelta(minutes=1)


def register(began: datetime) -> Register:
    """The small trust, whose commander is on call at any hour of a history that began then."""
    commander = builders.person(builders.COMMANDER, *builders.COMMAND_POWERS)
    template = builders.approved(builders.template(), at=began)
    return builders.register(
        people={**builders.people(), commander.id: commander}, templates={template.id: template}, partners={}
    )


class History:
    """A desk on tables of its own, and the incidents that it has judged."""

    def __init__(self, mode: str, *, incidents: int, facts_live: int) -> None:
        """The last of so many incidents is the only one that is not over; its facts fit before now."""
        self._mode = mode
        since_live = max(BETWEEN, timedelta(seconds=facts_live + FACTS_FOR_RELEASE))
        self._began = builders.NOW - BETWEEN * (incidents - 1) - since_live
        self._seconds = 0.0
        self.register = register(self._began)
        self.states: dict[bytes, bytes] = {}
        self.past: dict[bytes, bytes] = {}
        states: Any = self.states
        past: Any = self.past
        self._needs = Needs(
            mode,
            "run-0",
            ScaledClock(self._began, 1, elapsed=lambda: self._seconds),
            lambda: self.register,
            _keep,
            TableStore[State](states, STATES),
            TableStore[Any](past, ROWS),
            _recall,
            timedelta(0),
        )

    async def incident(self, number: int, *, facts: int, over: bool = True) -> Sequence[Fact]:
        """One incident with at least so many facts: reports come in, now and then the commander has a message out."""
        self._seconds = BETWEEN.total_seconds() * number
        subject = subject_of(number)
        found = [*await self._give(subject, builders.declaration(name=f"Incident {number}"))]
        for part in range(-(-facts // FACTS_FOR_RELEASE)):
            found += await self._release(subject, PROMISED + part * MINUTE)
            while len(found) < min(facts, FACTS_FOR_RELEASE * (part + 1)) - over:
                found += await self._give(subject, Report(methane=builders.methane()))
        if over:
            found += await self._give(subject, StandDown(reason="All patients are cared for."))
            await self._give(subject, Tick())
        return found

    async def _release(self, subject: Subject, promised: timedelta) -> Sequence[Fact]:
        """Let the message out, and have every channel confirm it."""
        told = builders.holding(next_update_at=self._needs.clock.now() + promised)
        facts = [*await self._give(subject, told)]
        for claimed in [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]:
            outcome = RecordOutcome(
                delivery_id=claimed.delivery_id,
                attempt=claimed.attempt,
                outcome="confirmed",
                receipt=Receipt(words="shown", url=f"https://trust.example/{claimed.delivery_id}"),
            )
            facts += await self._give(subject, outcome, by="publishing-agent")
        return facts

    async def _give(self, subject: Subject, body: CommandBody, by: str = builders.COMMANDER) -> Sequence[Fact]:
        facts = await handle(self._order(subject, body, by), self._needs)
        for fact in facts:
            if isinstance(fact.body, CommandRefused):
                raise RuntimeError("; ".join(fact.body.reasons))  # noqa: TRY004 - no type is wrong, the desk said no
        return facts

    def _order(self, subject: Subject, body: CommandBody, by: str) -> Command:
        self._seconds += 1
        now = self._needs.clock.now()
        giver = "clock" if isinstance(body, Tick) else by
        return builders.command(body, giver, mode=self._mode, subject=subject, at=now)


def subject_of(number: int) -> Subject:
    """The incident of this number, which no order of a measurement is about."""
    return Subject.incident(f"past-{number}")


async def write(ground: Ground, *, facts: int, facts_each: int, facts_live: int | None = None) -> int:
    """Leave at least so many facts, of incidents with `facts_each`; how many incidents are over. One more is live.

    That one has `facts_live`, if it is said.
    """
    count, of_live = -(-facts // facts_each), facts_live or facts_each
    history = History(ground.mode, incidents=count, facts_live=of_live)
    async with ground.log(CONTROL_LANE) as log:
        await log.create_topics(table_specs(ground.mode, CONTROL_LANE, spread=spread_of(ground.url)))
        kept = RegisterRecord.of(history.register, mode=ground.mode)
        await log.append([draft_of(kept, log, mode=ground.mode)])
        async for piece in _pieces(history, [facts_each] * (count - 1) + [of_live]):
            await log.append([draft_of(fact, log, mode=ground.mode) for fact in piece])
        for name, table in ((SUBJECTS, history.states), (PAST, history.past)):
            drafts = _rows(changelog(ground.mode, name), table)
            for at in range(0, len(drafts), BATCH):
                await log.append(drafts[at : at + BATCH])
        if isinstance(log, SqliteLog):
            await log.compact()
        await _leave_offset(log, ground)
    return count - 1


async def _pieces(history: History, facts_of: Sequence[int]) -> AsyncIterator[Sequence[Fact]]:
    """The facts of all incidents, of which each has so many, in pieces of a size that each log takes."""
    piece: list[Fact] = []
    last = len(facts_of) - 1
    for number, facts in enumerate(facts_of):
        piece += await history.incident(number, facts=facts, over=number < last)
        while len(piece) >= BATCH or (piece and number == last):
            yield piece[:BATCH]
            piece = piece[BATCH:]


def _rows(topic: str, table: dict[bytes, bytes]) -> Sequence[Draft]:
    return [Draft(Partition(topic, 0), key, value, 0) for key, value in table.items()]


async def _leave_offset(log: Log, ground: Ground) -> None:
    """Say for the group of the worker that its agents have handled every fact."""
    where = Partition(FACTS.named(ground.mode), 0)
    assigned: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def on_assigned(partitions: set[Partition], generation: int) -> None:
        if where in partitions and not assigned.done():
            assigned.set_result(generation)

    async def on_revoked(partitions: set[Partition], generation: int) -> None:
        """Nothing is under way that would have to end."""

    member = log.join(
        CONTROL_LANE.group(ground.mode), on_revoked=on_revoked, on_assigned=on_assigned, assign=lambda _: {where}
    )
    await member.subscribe([plan.named(ground.mode) for plan in CONTROL_LANE.consumes])
    await member.commit([], dict(await log.ends([where])), await assigned)
    await member.leave()


async def _keep(kept: Register) -> str:
    return kept.version()


async def _recall(subject: Subject, left: Ended) -> State:
    raise LookupError(f"{subject.called} left memory after fact {left.sequence}, and it never should")
