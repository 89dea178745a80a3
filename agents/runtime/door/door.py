"""The door: how a person's order reaches a worker, and how its answer and the whole record are read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Self

from agents.runtime.door.dead_letters import dead_letter_of, shown
from agents.runtime.door.drafts import draft_of
from agents.runtime.door.lanes import Across
from agents.runtime.door.patience import Tell, answer_comes, worker_comes
from agents.runtime.door.tables import PAST, SUBJECTS, changelog
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.recall import facts_back, recall_from
from agents.runtime.views.tables import Overview, Tables, latest
from infra.doors import DoorLog
from infra.log import LogUnusable, Record
from streams.codec import decode
from streams.errors import MessageError
from streams.lanes import CONTROL_LANE, LANES, Lane, owner_of
from streams.subjects.fold import STATES
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.topics import DEAD_LETTERS, FACTS, REGISTERS, Event, TopicPlan, plan_of
from streams.values import THE_REGISTER, Subject
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.posts import DeadLetter
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord


@dataclass(frozen=True, slots=True)
class Buried:
    """A dead letter with its content, shown as text where it is text, as base64 where not."""

    letter: DeadLetter
    key: str
    value: str


class Door:
    """One process's way to a worker and its log; used with `async with`."""

    def __init__(self, mode: str, log_url: str) -> None:
        self._mode = mode
        self._ways = {lane.name: Across(mode, log_url, lane) for lane in LANES}
        self._control = self._ways[CONTROL_LANE.name]

    async def __aenter__(self) -> Self:
        await self._control.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        for way in reversed(self._ways.values()):
            await way.close()

    @property
    def _log(self) -> DoorLog:
        return self._control.log

    async def ask(self, order: Command, *, tell: Tell = lambda _: None) -> Sequence[Fact]:
        """Give an order and return the facts that answer it; all facts of one answer are committed together.

        While no worker runs, as in a restart, the order waits and is not given yet; `tell` hears of every wait.
        `NobodyServes` means that it was not given, `NoAnswer` that it was and has no answer yet; or another `LogError`.
        """
        await worker_comes(self._log, tell)
        reader = self._reader(FACTS.named(self._mode))
        await reader.skip()
        await self.put([order])

        async def look() -> Sequence[Fact]:
            return [fact for fact in facts_of(await reader.more(wait_seconds=1.0)) if fact.cause == order.id]

        return await answer_comes(look, self._log, tell=tell)

    async def put(self, messages: Sequence[Event]) -> None:
        """Leave messages for the worker, which takes them at once or when it next starts."""
        for lane, mine in groupby(messages, key=lambda message: owner_of(plan_of(message))):
            log = await self._log_of(lane)
            await log.append([draft_of(message, log, mode=self._mode) for message in mine])

    async def follow(self, subject: Subject) -> AsyncIterator[Fact]:
        """Every fact of a subject from the call on, as it comes, for ever; call it before you give an order."""
        reader = self._facts_about(subject)
        await reader.skip()
        return self._follow_on(reader)

    async def _follow_on(self, reader: TopicReader) -> AsyncIterator[Fact]:
        while True:
            for fact in facts_of(await reader.more(wait_seconds=1.0)):
                yield fact

    async def fact_records(self) -> Sequence[Record]:
        """Every fact as it is stored, in log order."""
        return await self._reader(FACTS.named(self._mode)).rest()

    async def records(self, plan: TopicPlan) -> Sequence[Record]:
        """Everything on a topic of the control lane, as it is stored."""
        return await self._reader(plan.named(self._mode)).rest()

    async def table_records(self, table: str = SUBJECTS) -> Sequence[Record]:
        """Every change of a table of the control lane; a compacted topic, so the last one of each key counts."""
        return await self._reader(changelog(self._mode, table)).rest()

    async def incidents(self) -> dict[str, Incident]:
        """Every incident in memory, whole: the desk's tables are committed together with the facts."""
        return {one.id: one for one in (await self.overview()).incidents}

    async def overview(self) -> Overview:
        """Everything that is in memory, and what left it, as of one moment."""
        return (await self._tables()).overview()

    async def state(self, subject: Subject) -> State | None:
        """The state of one subject, from memory or, if it left memory, from its facts; None if it has none."""
        tables = await self._tables()
        state = tables.state(subject.key)
        if state is None and (left := tables.left(subject.key)):
            return await recall_from(lambda: self._log, self._mode)(subject, left)
        return state

    async def facts_about(self, subject: Subject) -> Sequence[Fact]:
        """Every fact of one subject in order.

        They are read back from the last one that the tables know. If they are not whole, all records are looked at.
        """
        tables = await self._tables()
        upto = tables.state(subject.key) or tables.left(subject.key)
        found = await facts_back(self._facts_about(subject), upto) if upto else []
        return found or facts_of(await self._facts_about(subject).rest())

    def _facts_about(self, subject: Subject) -> TopicReader:
        return self._reader(FACTS.named(self._mode), key=subject.key.encode())

    async def has_facts(self) -> bool:
        """Whether the log has any fact of this mode."""
        async for _ in self._reader(FACTS.named(self._mode)).newest_first():
            return True
        return False

    async def register_log(self) -> RegisterLog:
        """The register's own log; the incidents are not looked at."""
        written = latest(await self.table_records()).get(THE_REGISTER.key)
        log = STATES.validate_json(written) if written else None
        return log if isinstance(log, RegisterLog) else RegisterLog(mode=self._mode)

    async def register(self) -> Register | None:
        """The register that the newest fact was judged by, as the log keeps it; None if there is no such fact."""
        facts = self._reader(FACTS.named(self._mode)).newest_first()
        async for record in facts:
            if (version := _version_in(record)) is not None:
                kept = self._reader(REGISTERS.named(self._mode), key=version.encode()).newest_first()
                async for found in kept:
                    with suppress(MessageError):  # `log verify` names it.
                        register: Register = decode(REGISTERS, found.value).register()
                        return register
        return None

    async def last_good_register(self) -> Register | None:
        """The register that was in force last, as the log keeps it; None if the log keeps none.

        That is the one that the newest fact was judged by, unless a whole one was kept since.
        """
        judged_ms = -1
        async for fact in self._reader(FACTS.named(self._mode)).newest_first():
            judged_ms = fact.timestamp_ms
            break
        async for record in self._reader(REGISTERS.named(self._mode)).newest_first():
            if record.timestamp_ms <= judged_ms:
                break
            with suppress(MessageError):  # `log verify` names it.
                kept: RegisterRecord = decode(REGISTERS, record.value)
                if kept.is_whole():
                    return kept.register()
        return await self.register()

    async def _tables(self) -> Tables:
        """The desk's tables; the rows are read last, so that what left a record meanwhile is among them."""
        states = latest(await self.table_records())
        return Tables(states, latest(await self.table_records(PAST)))

    async def dead_letters(self) -> Sequence[Buried]:
        """Every dead letter, oldest first."""
        logs = [self._log]
        for lane in LANES:
            if not self._ways[lane.name].shares(self._control):
                with suppress(LogUnusable):  # A lane that never ran, as in a drill, has buried nothing.
                    logs.append(await self._log_of(lane))
        readers = [TopicReader(partial(_same, log), f"{self._mode}.{DEAD_LETTERS}") for log in logs]
        records = [record for reader in readers for record in await reader.rest()]
        buried = [Buried(dead_letter_of(one.headers), shown(one.key), shown(one.value)) for one in records]
        return sorted(buried, key=lambda one: one.letter.at)

    async def _log_of(self, lane: Lane) -> DoorLog:
        """The log of a lane; one beside that of the control lane is opened at the first need."""
        way = self._ways[lane.name]
        if not way.is_open:
            await way.open()
        return way.log

    def _reader(self, topic: str, *, key: bytes | None = None) -> TopicReader:
        return TopicReader(lambda: self._log, topic, key=key)


def _same(log: DoorLog) -> DoorLog:
    return log


def _version_in(record: Record) -> str | None:
    return next((fact.register_version for fact in facts_of([record])), None)


def facts_of(records: Sequence[Record]) -> list[Fact]:
    """The facts among these records; what is none stays where it is, for `log verify` to name."""
    facts: list[Fact] = []
    for record in records:
        try:
            facts.append(decode(FACTS, record.value))
        except MessageError:
            continue
    return facts
