"""What runs while a log is open: the writer's thread, the reading threads, and between them the view of the loop."""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra.log import Batch, Draft, LogBroken, LogError, Partition, RecordTooLarge
from infra.sqlite_log.file.codec import RECORD_BYTES_OVERHEAD, size_of
from infra.sqlite_log.file.connections import connect_writer
from infra.sqlite_log.file.files import Files
from infra.sqlite_log.file.lock import WorkerLock
from infra.sqlite_log.file.queries import Bounds, Stretch, read_batches
from infra.sqlite_log.file.rows import FileRows
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import translated
from infra.sqlite_log.view import LogView
from infra.sqlite_log.writer.gate import Gate
from infra.sqlite_log.writer.ledger import read_shelves, read_topics
from infra.sqlite_log.writer.transaction import Job, Work
from infra.sqlite_log.writer.writer import Writer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileHold:
    """The right to a log file and the connection that writes to it."""

    lock: WorkerLock
    connection: sqlite3.Connection
    view: LogView

    @classmethod
    def take(cls, path: Path, settings: SqliteLogSettings) -> "FileHold":
        """Lock and open the file; raise `LogInUse` or `LogUnusable`."""
        lock = WorkerLock(path)
        lock.take()
        try:
            lock.require_log()
            connection = connect_writer(path, settings)
            with translated(path):
                topics, shelves = read_topics(connection), read_shelves(connection)
            lock.remember()
        except BaseException:
            lock.release()
            raise
        return cls(lock, connection, LogView(topics, shelves, cache_bytes_max=settings.cache_bytes_max))


class Engine:
    """An open log; every method may be called from one event loop only."""

    def __init__(self, path: Path, settings: SqliteLogSettings, hold: FileHold) -> None:
        self.settings = settings
        self.view = hold.view
        self.files = Files(path, settings)
        self._path = path
        self._lock = hold.lock
        self._gate = Gate(settings)
        self._loop = asyncio.get_running_loop()
        self._replies: dict[Job, asyncio.Future[Any]] = {}
        self._closed = False
        self._broken: LogBroken | None = None
        self._writer = Writer(hold.connection, path, settings=settings, deliver=self._deliver, broke=self._broke)
        self._writer.start()
        self._beats = asyncio.create_task(self._beat(), name="log beat")

    @classmethod
    async def start(cls, path: Path, settings: SqliteLogSettings) -> "Engine":
        """Take hold of the file and begin to run; raise `LogInUse` or `LogUnusable`."""
        return cls(path, settings, await asyncio.to_thread(FileHold.take, path, settings))

    async def stop(self) -> None:
        """Write what is queued, then close the file."""
        self._closed = True
        self._beats.cancel()
        self.view.wake_all()
        stopped = await asyncio.to_thread(self._writer.stop, self.settings.close_wait_seconds_max)
        await asyncio.to_thread(self.files.close)
        self._abandon()
        if stopped:
            self._lock.release()
        else:
            # A thread that hangs in the disk may still write: the lock stays until the process ends.
            logger.error("The log file %s is still being written: end this process before the next starts.", self._path)

    async def write(self, work: Work, drafts: Sequence[Draft] = (), *, in_turn: bool = False) -> Any:
        """Have the writer do a job; its answer once that is durable, or the error for which nothing was written.

        If the queue is full, a job `in_turn` waits, any other is refused with `LogBusy`.
        """
        self._require_open()
        weight_bytes = self._weigh(drafts)
        if in_turn:
            await self._gate.enter_in_turn(weight_bytes)
            if self._closed:
                self._gate.exit(weight_bytes)
                self._require_open()
        else:
            self._gate.enter(weight_bytes)
        job = Job(work, weight_bytes)
        reply = self._replies[job] = self._loop.create_future()
        self._writer.submit(job)
        # No limit here: a caller that stopped waiting would not know whether it was written. The writer has limits.
        return await reply

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> dict[Partition, Batch]:
        """Read on in several partitions, waiting up to `wait_seconds` for something new."""
        bounds = Bounds(max(1, records_max), self.settings.read_bytes_max)
        deadline = self._loop.time() + wait_seconds
        while True:
            self._require_open()
            with self.view.watch(positions) as news:
                batches = await self._look(positions, bounds)
                left_seconds = deadline - self._loop.time()
                if batches or left_seconds <= 0:
                    return batches
                await asyncio.wait((news,), timeout=left_seconds)

    def rows_of(self, partition: Partition) -> FileRows:
        """The rows of a partition, by key."""
        return FileRows(self.files.connection, self._path, span=partial(self.view.span, partition))

    async def _beat(self) -> None:
        while True:
            await asyncio.to_thread(self._lock.beat)
            await asyncio.sleep(self.settings.beat_seconds)

    async def _look(self, positions: Mapping[Partition, int], bounds: Bounds) -> dict[Partition, Batch]:
        batches: dict[Partition, Batch] = {}
        from_file: dict[Partition, Stretch] = {}
        for partition, position in positions.items():
            span = self.view.span(partition, position)
            if span.start >= span.end:
                continue
            batch = self.view.cached(partition, span=span, bounds=bounds)
            if batch is None:
                from_file[partition] = span
            else:
                batches[partition] = batch
        if from_file:
            batches |= await self.files.ask(partial(read_batches, spans=from_file, bounds=bounds))
        return batches

    def _require_open(self) -> None:
        if self._closed:
            raise LogError(f"The log {self._path} is closed.")
        if self._broken:
            raise LogBroken(str(self._broken))

    def _weigh(self, drafts: Sequence[Draft]) -> int:
        weight_bytes = 0
        for draft in drafts:
            require_size(draft, self.settings)
            weight_bytes += size_of(draft) + RECORD_BYTES_OVERHEAD
        self.view.require(draft.partition for draft in drafts)
        return weight_bytes

    def _broke(self, error: LogBroken) -> None:
        """Called on the writer's thread: from now on every read and write says why the log cannot be used."""
        self._broken = error
        with suppress(RuntimeError):  # The loop was closed before the log.
            self._loop.call_soon_threadsafe(self.view.wake_all)

    def _deliver(self, jobs: Sequence[Job]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._settle, jobs)
        except RuntimeError:
            # The loop was closed before the log: no caller is left to answer.
            logger.warning("The log file %s was written to after its event loop had ended.", self._path)

    def _settle(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self.view.apply(job.changes)
        for job in jobs:
            reply = self._replies.pop(job, None)
            if reply is None:
                continue
            self._gate.exit(job.weight_bytes)
            if reply.done():
                continue
            if job.error is None:
                reply.set_result(job.answer)
            else:
                reply.set_exception(job.error)

    def _abandon(self) -> None:
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(LogError(f"The log {self._path} was closed before this was written."))
        self._replies.clear()


def require_size(draft: Draft, settings: SqliteLogSettings) -> None:
    """Raise `RecordTooLarge` for a record above the bound."""
    size = size_of(draft)
    if size > settings.record_bytes_max:
        raise RecordTooLarge(
            f"A record for {draft.partition.topic} has {size} bytes, the log accepts {settings.record_bytes_max}: "
            "send less, or keep the contents elsewhere and send where they lie."
        )
