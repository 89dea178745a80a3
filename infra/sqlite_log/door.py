"""The door: how another process writes to a log, and reads it, while its worker runs or not."""

import asyncio
import shutil
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.log import Batch, Draft, LogError, LogFull, Partition, TopicSpec
from infra.sqlite_log.engine import require_size
from infra.sqlite_log.file.connections import connect_door, require_file
from infra.sqlite_log.file.files import Files
from infra.sqlite_log.file.lock import is_held, silence_of
from infra.sqlite_log.file.queries import Bounds, Stretch, read_batches, read_beginnings, read_committed
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import translated
from infra.sqlite_log.writer.inbox import leave, read_oldest
from infra.sqlite_log.writer.ledger import read_shelves, read_topics, unknown

ROOM_BYTES_MIN = 64 * 1024**2
"""With less room than this, a night's log may not fit."""
LOOK_MILLISECONDS_MAX = 1_500
"""So long another process may write before we call the file locked."""


class SqliteDoor:
    """A log file without the right to be its worker; used from one event loop, with `async with` or open and close.

    What is appended lies in the file's inbox when `append` returns: it survives, and the worker puts it on its topics
    in order and once, at once or when it next starts. Everything read is committed.
    """

    def __init__(self, path: Path | str, *, settings: SqliteLogSettings | None = None) -> None:
        self.path = Path(path).resolve()
        self.settings = settings or SqliteLogSettings()
        self._files: Files | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Look at the file; raise `LogUnusable` if there is no log."""
        require_file(self.path)  # Who looks often for a log that is not there yet starts no thread for it.
        files = Files(self.path, self.settings)
        try:
            await files.ask(read_topics)
        except BaseException:
            files.close()
            raise
        self._files = files

    async def close(self) -> None:
        """Close; safe to call twice."""
        files, self._files = self._files, None
        if files is not None:
            await asyncio.to_thread(files.close)

    async def append(self, drafts: Sequence[Draft]) -> None:
        """Leave all drafts or none for the worker.

        Raises `LogBusy` if the worker has too much to take or the file stays locked, `LogFull`, `RecordTooLarge`,
        and `LogError` for a topic that does not exist. A cancelled append may still be written.
        """
        self._open_files()
        for draft in drafts:
            require_size(draft, self.settings)
        if drafts:
            await asyncio.to_thread(self._leave, drafts)

    async def worker_runs(self) -> bool:
        """Whether a worker holds the file now: what is appended is then taken at once."""
        return await asyncio.to_thread(is_held, self.path)

    async def silent_seconds(self) -> float:
        """For how long the worker has not shown that it goes on."""
        return await asyncio.to_thread(silence_of, self.path)

    async def require_writable(self) -> None:
        """Raise `LogBusy` while another process keeps the file locked, `LogFull` if its disk has hardly any room."""
        self._open_files()
        free = shutil.disk_usage(self.path.parent).free
        if free < ROOM_BYTES_MIN:
            room = f"{free / 1024**2:.0f} MiB are left for the log file {self.path}"
            raise LogFull(f"Only {room}: free some space, a full disk stops every release.")
        await asyncio.to_thread(self._lock_once)

    async def oldest_left_ms(self) -> int | None:
        """The time that the oldest record in the inbox bears, in milliseconds since the epoch; None if it is empty."""
        return await self._open_files().ask(read_oldest)

    async def topics(self) -> Mapping[str, TopicSpec]:
        """Every topic of the log by its name."""
        return await self._open_files().ask(read_topics)

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""
        starts = dict.fromkeys(partitions, 0)
        return await self._open_files().ask(lambda connection: read_beginnings(connection, _spans(connection, starts)))

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have."""
        starts = dict.fromkeys(partitions, 0)
        spans = await self._open_files().ask(partial(_spans, positions=starts))
        return {partition: span.end for partition, span in spans.items()}

    async def committed(self, group: str, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset a group will read, None if it never committed."""
        known = await self._open_files().ask(partial(read_committed, group=group))
        return {partition: known.get(partition) for partition in partitions}

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read at most `records_max` records of each partition, waiting up to `wait_seconds` for the first."""
        bounds = Bounds(max(1, records_max), self.settings.read_bytes_max)
        deadline = asyncio.get_running_loop().time() + wait_seconds
        while True:
            batches = await self._open_files().ask(lambda connection: _read(connection, positions, bounds))
            left_seconds = deadline - asyncio.get_running_loop().time()
            if batches or left_seconds <= 0:
                return batches
            await asyncio.sleep(min(left_seconds, self.settings.inbox_poll_seconds))

    def _open_files(self) -> Files:
        if self._files is None:
            raise LogError(f"The log {self.path} is not open.")
        return self._files

    def _lock_once(self) -> None:
        connection = connect_door(self.path, self.settings)
        try:
            with translated(self.path):
                connection.execute(f"PRAGMA busy_timeout = {LOOK_MILLISECONDS_MAX}")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        finally:
            connection.close()

    def _leave(self, drafts: Sequence[Draft]) -> None:
        connection = connect_door(self.path, self.settings)
        try:
            with translated(self.path):
                connection.execute("BEGIN IMMEDIATE")
                leave(connection, drafts, settings=self.settings)
                connection.execute("COMMIT")
        finally:
            # A transaction that was not committed is rolled back by closing.
            connection.close()


def _spans(connection: sqlite3.Connection, positions: Mapping[Partition, int]) -> dict[Partition, Stretch]:
    shelves = read_shelves(connection)
    for partition in positions:
        if partition not in shelves:
            raise unknown(partition)
    return {
        partition: Stretch(shelves[partition].id, start, shelves[partition].end)
        for partition, start in positions.items()
    }


def _read(connection: sqlite3.Connection, positions: Mapping[Partition, int], bounds: Bounds) -> dict[Partition, Batch]:
    return read_batches(connection, spans=_spans(connection, positions), bounds=bounds)
