"""The door: how a person's order reaches a worker, and how its answer and the whole record are read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby

from agents.runtime.door.dead_letters import Buried, shown
from agents.runtime.door.drafts import draft_of
from agents.runtime.door.heard import HeardDoor, same
from agents.runtime.door.patience import NoAnswer, Tell, answer_comes, worker_comes
from agents.runtime.door.reading import RecordReader
from agents.runtime.door.registers import in_force_last
from agents.runtime.door.tables import (
    PAST,
    SUBJECTS,
    changelog,
)
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.recall import facts_back, recall_from, until
from agents.runtime.views.tables import Overview, Tables, last_records, of_one_moment, values_of
from infra.log import LogError, LogUnusable, Record
from streams.lanes import LANES, owner_of
from streams.subjects.account import AccountLog
from streams.subjects.fold import BEGUN, begun
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.topics import COMMANDS, DEAD_LETTERS, FACTS, Event, TopicPlan, plan_of
from streams.values import THE_REGISTER, Subject, SubjectKind, subject_of_key
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.register.entries import Register

MARGIN = timedelta(hours=1)
"""By so much the times of facts that follow one another may go back: clocks of machines differ."""


class Door(HeardDoor):
    """One process's way to a worker and its log; used with `async with`.

    What cannot be read is left out of every answer and named in `bad`, so that one bad record hides no other.
    """

    async def ask(self, order: Command, *, tell: Tell = lambda _: None) -> Sequence[Fact]:
        """Give an order and return the facts that answer it; all facts of one answer are committed together.

        While no worker runs, as in a restart, the order waits and is not given yet; `tell` hears of every wait.
        `NobodyServes` means that it was not given, `NoAnswer` that it was and has no answer yet; or another `LogError`.
        """
        await worker_comes(self._log, tell)
        reader = self._reader(FACTS.named(self._mode))
        await reader.skip()
        await self.put([order])
        try:
            return await answer_comes(reader, order.id, log=self._log, tell=tell)
        except NoAnswer as unanswered:
            raise (await self._why_buried(order) or unanswered) from None

    async def _why_buried(self, order: Command) -> NoAnswer | None:
        """Why an order could not be judged, if it became a dead letter and this user may see it."""
        with suppress(LogError):
            for one in reversed(await self.dead_letters()):
                if one.letter.topic == COMMANDS.named(self._mode) and order.id in one.value:
                    return NoAnswer(f"the order could not be judged: {one.letter.reason}")
        return None

    async def put(self, messages: Sequence[Event]) -> None:
        """Leave messages for the worker, which takes them at once or when it next starts."""
        for lane, mine in groupby(messages, key=lambda message: owner_of(plan_of(message))):
            log = await self._log_of(lane)
            await log.append([draft_of(message, log, mode=self._mode) for message in mine])

    async def leave(self, messages: Sequence[Event]) -> bool:
        """The same for what is no order of a person: whether the log took it, which it may not while it is busy."""
        try:
            await self.put(messages)
        except LogError:
            return False
        return True

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

    def has(self, plan: TopicPlan) -> bool:
        """Whether the log had this topic of the control lane when the door was opened."""
        return self._log.partitions_of(plan.named(self._mode)) is not None

    async def table_records(self, table: str = SUBJECTS) -> Sequence[Record]:
        """Every change of a table of the control lane; a compacted topic, so the last one of each key counts."""
        return await self._reader(changelog(self._mode, table)).rest()

    def table_reader(self, table: str) -> TopicReader:
        """Reads every change of a table of the control lane, from its beginning and on; close it after use."""
        return self._reader(changelog(self._mode, table))

    def topic_reader(self, plan: TopicPlan) -> TopicReader:
        """The same for a topic of the control lane."""
        return self._reader(plan.named(self._mode))

    async def incidents(self) -> dict[str, Incident]:
        """Every incident in memory, whole: the desk's tables are committed together with the facts."""
        return {one.id: one for one in (await self.overview()).incidents}

    async def overview(self, *, reports_max: int | None = None) -> Overview:
        """Everything that is in memory, and what left it, as of one moment; each state is as `state` has it."""
        tables = await self._tables(reports_max)
        return tables.overview({key: await self._from_facts(key) for key in tables.lost})

    async def state(self, subject: Subject, *, reports_max: int | None = None) -> State | None:
        """The state of one subject, from memory or, if it left memory, from its facts; None if it has none.

        A state that cannot be read is shown as its facts have it, and is in `bad`.
        Only the newest `reports_max` reports of an incident are read; None reads all.
        """
        tables = await self._tables(reports_max)
        state = tables.state(subject.key)
        if state is None and (left := tables.left(subject.key)):
            return await recall_from(lambda: self._log, self._mode)(subject, left)
        return state or (await self._from_facts(subject.key) if subject.key in tables.states else None)

    async def _from_facts(self, key: str) -> State | None:
        """The state of the subject of this key, from all facts that can be read; None if it has none."""
        subject = subject_of_key(key)
        if subject is None or subject.kind not in BEGUN:
            return None
        records = await self._facts_about(subject).rest()
        return self.reading.fold(begun(subject, self._mode), records) if records else None

    async def facts_about(self, subject: Subject) -> Sequence[Fact]:
        """Every fact of one subject in order.

        They are read back from the last one that the tables know. If they are not whole, all records are looked at.
        """
        tables = await self._tables()
        upto = tables.state(subject.key) or tables.left(subject.key)
        found = await facts_back(self._facts_about(subject), upto) if upto else []
        return found or self.reading.facts(await self._facts_about(subject).rest())

    async def newest_facts(self, of: State, *, most: int, before: int | None = None) -> Sequence[Fact]:
        """The last facts of a subject in order, so many at most; those before this number, if one is given.

        None is newer than this state. They are read back from the last one that it knows, and those that are passed
        over are not decoded.
        """
        before = of.sequence + 1 if before is None else min(before, of.sequence + 1)
        found = await self._newest(of, most=most, before=before, passes=max(of.sequence - before, 0))
        return found if found is not None else await self._newest(of, most=most, before=before) or []

    async def _newest(self, of: State, *, most: int, before: int, passes: int = 0) -> Sequence[Fact] | None:
        """The same, with so many records passed over unread; None if that passes over more than the facts after it."""
        reader, found, seen = self._facts_about(of.subject), list[Fact](), 0
        try:
            async for record in reader.newest_first(until(of)):
                seen += 1
                fact = self.reading.message(FACTS, record) if seen > passes else None
                if passes and seen == passes + 1 and (fact is None or fact.sequence < before):
                    return None
                if fact is not None and fact.sequence < before:
                    found.append(fact)
                if len(found) == most:
                    break
        finally:
            await reader.close()
        return found[::-1]

    async def facts_between(self, since: datetime, until: datetime, *, of: Subject | None = None) -> Sequence[Fact]:
        """The facts of all subjects, or `of` one, from `since` up to, not including, `until`; those of each in order.

        They are found by halving; but for `MARGIN` on both sides, nothing before or after is read.
        """
        topic, key = FACTS.named(self._mode), of.key.encode() if of else None
        reader, later = (
            TopicReader(lambda: self._log, topic, key=key, is_before=partial(_is_before, moment=moment))
            for moment in (since - MARGIN, until + MARGIN)
        )
        try:
            upto, records = await later.places(), list[Record]()
            while not reader.has_reached(upto):
                more = await reader.more(wait_seconds=0.1)
                records += [one for one in more if one.offset < upto.get(one.partition, 0)]
        finally:
            await reader.close()
            await later.close()
        return [one for one in self.reading.facts(records) if since <= one.at < until]

    def _facts_about(self, subject: Subject) -> TopicReader:
        return self._reader(FACTS.named(self._mode), key=subject.key.encode())

    async def has_facts(self) -> bool:
        """Whether the log has any fact of this mode."""
        async for _ in self._reader(FACTS.named(self._mode)).newest_first():
            return True
        return False

    async def register_log(self) -> RegisterLog:
        """The register's own log; the incidents are not looked at."""
        states = {key: one for key, one in last_records(await self.table_records()).items() if key == THE_REGISTER.key}
        tables = self._noting(states, {})
        log = tables.state(THE_REGISTER.key)
        if tables.lost:
            log = await self._from_facts(THE_REGISTER.key)
        return log if isinstance(log, RegisterLog) else RegisterLog(mode=self._mode)

    async def accounts(self) -> Sequence[AccountLog]:
        """The accounts of which there are facts; the incidents are not looked at."""
        begins = f"{SubjectKind.ACCOUNT}/"
        records = last_records(await self.table_records())
        tables = self._noting({key: one for key, one in records.items() if key.startswith(begins)}, {})
        return tables.overview({key: await self._from_facts(key) for key in tables.lost}).accounts

    async def last_good_register(self) -> Register | None:
        """The register that was in force last, as the log keeps it; None if the log keeps none.

        That is the one that the newest fact was judged by, unless a whole one was kept since.
        """
        return await in_force_last(lambda: self._log, self._mode, reading=self.reading)

    async def _tables(self, reports_max: int | None = None) -> Tables:
        """The desk's tables, as of one moment."""
        states, rows = self.table_reader(SUBJECTS), self.table_reader(PAST)
        read = [one async for records in of_one_moment(states, rows) for one in records]
        mine, past = ([one for one in read if one.partition.topic == of.topic] for of in (states, rows))
        return self._noting(last_records(mine), last_records(past), reports_max=reports_max)

    def _noting(
        self, states: Mapping[str, Record], rows: Mapping[str, Record], *, reports_max: int | None = None
    ) -> Tables:
        """Tables of these records; what cannot be read in them is named."""

        def note(key: str, why: str) -> None:
            self.reading.note(states.get(key) or rows[key], why)

        return Tables(values_of(states), values_of(rows), note, reports_max)

    async def dead_letters(self) -> Sequence[Buried]:
        """Every dead letter, oldest first; one whose headers do not describe it is in `bad`."""
        logs = [self._log]
        for lane in LANES:
            if not self._ways[lane.name].shares(self._control):
                with suppress(LogUnusable):  # A lane that never ran, as in a drill, has buried nothing.
                    logs.append(await self._log_of(lane))
        readers = [TopicReader(partial(same, log), f"{self._mode}.{DEAD_LETTERS}") for log in logs]
        records = [record for reader in readers for record in await reader.rest()]
        letters = [(self.reading.letter(one), one) for one in records]
        buried = [Buried(letter, shown(one.key), shown(one.value)) for letter, one in letters if letter]
        return sorted(buried, key=lambda one: one.letter.at)

    def _reader(self, topic: str, *, key: bytes | None = None) -> TopicReader:
        return TopicReader(lambda: self._log, topic, key=key)


def _is_before(record: Record, moment: datetime) -> bool:
    """Whether a fact happened before a moment; of a record that is none, its own time tells."""
    fact = RecordReader().message(FACTS, record)
    at = fact.at if fact else datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
    return at < moment


def facts_of(records: Sequence[Record]) -> list[Fact]:
    """The facts among these records; what is none stays where it is, for `log verify` to name."""
    return RecordReader().facts(records)
