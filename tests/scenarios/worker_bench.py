"""A worker on a log of its own, with channels that keep a record, for tests of the whole."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.memory.played_faults import Plan, no_faults
from agents.ports import Registers
from agents.runtime.door.dead_letters import dead_letter_of
from agents.runtime.door.door import facts_of
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.worker.worker import Setup, Worker
from infra.log import Draft, Partition
from streams.subjects.fold import AnyState, fold_all
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.topics import DEAD_LETTERS, FACTS, Event
from streams.values import Subject
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, command
from streams.words.posts import DeadLetter
from streams.words.register.entries import Register
from tests import builders

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class Bench:
    """A running worker, its clock, its channels and its pagers."""

    worker: Worker
    clock: ScaledClock
    channels: dict[str, MemoryChannel]
    mode: str
    pagers: dict[str, MemoryPager] = field(default_factory=dict)

    def order(self, body: CommandBody, *, by: str = builders.COMMANDER, about: Subject = builders.SUBJECT) -> Command:
        """An order given now; its cause is the moment, so each is one of its own."""
        now = self.clock.now()
        return command(body, cause=now, mode=self.mode, subject=about, at=now, by=by)

    async def answered(self, order: Command) -> Sequence[Fact]:
        """Put an order and wait for the facts that answer it."""
        await self.worker.put([order])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = [fact for fact in await self.facts() if fact.cause == order.id]
                if found:
                    return found
                await asyncio.sleep(0.01)

    async def put(self, *messages: Event) -> None:
        await self.worker.put(messages)

    async def put_raw(self, topic: str, records: Sequence[tuple[bytes | None, bytes | None]]) -> None:
        """Put bytes on a topic of this mode, as a stranger might."""
        where = Partition(f"{self.mode}.{topic}", 0)
        await self.worker.log.append([Draft(where, key, value, 0) for key, value in records])

    async def facts(self) -> Sequence[Fact]:
        return facts_of(await TopicReader(lambda: self.worker.log, FACTS.named(self.mode)).rest())

    async def incident(self, name: str = builders.INCIDENT) -> Incident:
        return await self.folded(Incident(id=name, mode=self.mode))

    async def register_log(self) -> RegisterLog:
        return await self.folded(RegisterLog(mode=self.mode))

    async def folded(self, begun: AnyState) -> AnyState:
        """A state that nothing happened to yet, with all the facts about it."""
        return fold_all(begun, [fact for fact in await self.facts() if fact.subject == begun.subject])

    async def dead_letters(self) -> Sequence[DeadLetter]:
        records = await TopicReader(lambda: self.worker.log, f"{self.mode}.{DEAD_LETTERS}").rest()
        return [dead_letter_of(record.headers) for record in records]


@asynccontextmanager
async def bench(
    log_url: str,
    registers: Register | Registers,
    *,
    mode: str = builders.LIVE,
    start: datetime = builders.NOW,
    plan: Plan = no_faults,
) -> AsyncIterator[Bench]:
    """Start a worker of this mode whose night begins at `start`; `plan` is the trouble that its channels have.

    `registers` are given once, or anew whenever they are asked for.
    """
    clock = ScaledClock(start)
    files: Registers = (lambda: registers) if isinstance(registers, Register) else registers
    live = mode == builders.LIVE
    channels = {name: MemoryChannel(mode, plan=plan, pretends_live=live) for name in files().channels}
    pagers = {via: MemoryPager(mode, pretends_live=live) for via in ("sms", "email")}
    setup = Setup(mode, log_url, clock, files, channels, pagers=pagers)
    async with Worker(setup) as worker:
        yield Bench(worker, clock, channels, mode, pagers)
