"""Rows that recovery has read, in a file of this process alone: it has no name, and goes when nobody has it."""

import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from infra.log import LogError

EMPTY = "CREATE TABLE row (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID"
PAST_ALL = b"\xff"
"""After a prefix: past all keys that begin so, since keys are UTF-8 text."""


class SpilledRows:
    """What was written last under each key of one partition, for a log that finds no row by its key.

    SQLite makes the file, which only this process can open, where `SQLITE_TMPDIR` or `TMPDIR` says, and keeps in memory
    as much as its cache holds. Every method raises `LogError` if the file cannot be used, as on a full disk.
    """

    def __init__(self) -> None:
        with _told():
            self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self._connection.close)
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute(EMPTY)

    def get(self, key: bytes) -> bytes | None:
        """What was written last under a key; None if nothing was, or if that was a deletion."""
        with _told():
            row = self._connection.execute("SELECT value FROM row WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def keys(self, prefix: bytes = b"") -> Collection[bytes]:
        """Every key that begins so."""
        with _told():
            found = self._connection.execute(
                "SELECT key FROM row WHERE key >= ? AND key < ?", (prefix, prefix + PAST_ALL)
            ).fetchall()
        return [key for (key,) in found]

    def take(self, changes: Iterable[tuple[bytes | None, bytes | None]]) -> None:
        """Take in keys and values in the order in which they were written; a value None deletes its key."""
        last = {key: value for key, value in changes if key is not None}
        with _told():
            self._connection.execute("BEGIN")
            self._connection.executemany("DELETE FROM row WHERE key = ?", [(key,) for key in last])
            there = [(key, value) for key, value in last.items() if value is not None]
            self._connection.executemany("INSERT INTO row VALUES (?, ?)", there)
            self._connection.execute("COMMIT")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LogError(f"The file for the rows of a table cannot be used ({error}): look at the disk.") from error
