"""Reads of the file, on threads of their own with a connection each."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from infra.log import LogBusy, LogError
from infra.sqlite_log.file.connections import connect_reader
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import translated

Answer = TypeVar("Answer")
Query = Callable[[sqlite3.Connection], Answer]
"""A question to the file; it runs inside one read transaction, so all it reads is of one moment."""


class Files:
    """Reading connections to one log file; used from one event loop."""

    def __init__(self, path: Path, settings: SqliteLogSettings) -> None:
        self._path = path
        self._settings = settings
        self._pool = ThreadPoolExecutor(settings.read_threads, thread_name_prefix=f"reader of {path.name}")
        self._own = threading.local()
        self._connections: list[sqlite3.Connection] = []

    async def ask(self, query: Query[Answer]) -> Answer:
        """Ask a question of the file; raise `LogBusy` when it takes too long."""
        return await self._bound(lambda: self._answer(query))

    async def checkpoint(self, *, empties: bool) -> None:
        """Move the write-ahead file into the main file, as far as no reader still needs it.

        With `empties` nothing of it is left on the disk either, unless a reader still needs it.
        """
        await self._bound(partial(self._checkpoint, "TRUNCATE" if empties else "PASSIVE"))

    def close(self) -> None:
        """Finish running reads and let the connections go."""
        self._pool.shutdown(cancel_futures=True)
        while self._connections:
            self._connections.pop().close()

    async def _bound(self, call: Callable[[], Answer]) -> Answer:
        try:
            answer = asyncio.get_running_loop().run_in_executor(self._pool, call)
        except RuntimeError as error:
            raise LogError(f"The log {self._path} is closed.") from error
        try:
            async with asyncio.timeout(self._settings.read_wait_seconds_max):
                return await answer
        except TimeoutError as error:
            raise LogBusy(f"The log file {self._path} could not be read in time: look at the disk.") from error

    def _answer(self, query: Query[Answer]) -> Answer:
        with translated(self._path):
            connection = self.connection()
            connection.execute("BEGIN")
            try:
                return query(connection)
            finally:
                connection.execute("ROLLBACK")

    def _checkpoint(self, how: str) -> None:
        with translated(self._path):
            self.connection().execute(f"PRAGMA wal_checkpoint({how})").fetchall()

    def connection(self) -> sqlite3.Connection:
        """The reading connection of the thread that asks."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = connect_reader(self._path, self._settings)
            self._own.connection = connection
            self._connections.append(connection)
        return connection
