"""The log as its worker holds it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from infra.log import Assign, Draft, LogError, OnPartitions, Partition, TopicSpec
from infra.sqlite_log.engine import Engine
from infra.sqlite_log.file.queries import read_beginnings
from infra.sqlite_log.file.rows import FileRows
from infra.sqlite_log.keeper import Clock, Keeper, Tidied, machine_clock
from infra.sqlite_log.member import MemberTerms, SqliteMember
from infra.sqlite_log.settings import SqliteLogSettings


class SqliteLog:
    """One file, one worker: implements `infra.log.Log`.

    What a commit or an append wrote is on the disk when it returns. Other processes write through `SqliteDoor`.
    """

    def __init__(
        self, path: Path | str, *, settings: SqliteLogSettings | None = None, clock: Clock = machine_clock
    ) -> None:
        self.path = Path(path).resolve()
        self.settings = settings or SqliteLogSettings()
        self._clock = clock
        self._engine: Engine | None = None
        self._keeper: Keeper | None = None
        self._members: list[SqliteMember] = []
        self._turn = asyncio.Lock()
        self._steps: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Lock the file, made if there is none; raise `LogInUse` or `LogUnusable`."""
        await self._step(self._open)

    async def close(self) -> None:
        """Write what is queued and close; safe to call twice, and while `open` has not finished."""
        await self._step(self._close)

    async def create_topics(self, specs: Collection[TopicSpec]) -> None:
        """Create what is missing and change how long existing topics keep; raise `TopicMismatch`, then none is made."""
        engine = self._running()
        wanted = [spec for spec in specs if engine.view.topics.get(spec.name) != spec]
        if not wanted:
            return
        new = [spec.name for spec in wanted if spec.name not in engine.view.topics]
        await engine.write(lambda ledger, changes: ledger.create(wanted, changes), in_turn=True)
        self._members = [member for member in self._members if not member.left]
        for member in self._members:
            member.topics_created(new)

    def partitions_of(self, topic: str) -> int | None:
        """How many partitions a topic has; None if there is no such topic."""
        spec = self._running().view.topics.get(topic)
        return None if spec is None else spec.partitions

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """Write all drafts or none; raise `LogBusy` if too much is waiting, `LogFull` or `RecordTooLarge`."""
        if not drafts:
            return []
        offsets: list[int] = await self._running().write(lambda ledger, changes: ledger.append(drafts, changes), drafts)
        return offsets

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""
        engine = self._running()
        spans = {partition: engine.view.span(partition) for partition in partitions}
        return await engine.files.ask(partial(read_beginnings, spans=spans))

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have."""
        view = self._running().view
        return {partition: view.span(partition).end for partition in partitions}

    def rows_of(self, partition: Partition) -> FileRows | None:
        """The rows of a partition of a compacted topic, found by what compaction has noted; None of any other topic."""
        engine = self._running()
        spec = engine.view.topics.get(partition.topic)
        return engine.rows_of(partition) if spec and spec.compacted else None

    def join(self, group: str, *, on_revoked: OnPartitions, on_assigned: OnPartitions, assign: Assign) -> SqliteMember:
        """Become a member of a consumer group; may be called before `open`."""
        member = SqliteMember(
            self._running, MemberTerms(group, on_revoked, on_assigned, assign), settings=self.settings
        )
        self._members.append(member)
        return member

    async def compact(self) -> Tidied:
        """Compact, expire and shrink at once instead of waiting for the next round."""
        self._running()
        if self._keeper is None:
            raise LogError(f"The log {self.path} is not open.")
        return await self._keeper.tidy()

    def _running(self) -> Engine:
        if self._engine is None:
            raise LogError(f"The log {self.path} is not open.")
        return self._engine

    async def _step(self, step: Callable[[], Awaitable[None]]) -> None:
        # The caller may be cancelled; a step that was begun still ends, so that no lock and no thread is left over.
        task = asyncio.create_task(self._in_turn(step))
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        await asyncio.shield(task)

    async def _in_turn(self, step: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            await step()

    async def _open(self) -> None:
        if self._engine is None:
            self._engine = await Engine.start(self.path, self.settings)
            self._keeper = Keeper(self._engine, self._clock)

    async def _close(self) -> None:
        engine, self._engine = self._engine, None
        keeper, self._keeper = self._keeper, None
        if engine is None or keeper is None:
            return
        for member in self._members:
            await member.leave()
        self._members.clear()
        await keeper.stop()
        await engine.stop()
