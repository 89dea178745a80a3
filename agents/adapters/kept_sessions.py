"""Sessions of the console in a file, so that a console that starts again knows who is signed in: hashes, no token."""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import structlog

logger = structlog.get_logger(__name__)


class KeptSessions:
    """A file of SQLite, which only its owner may read. One that cannot be written any more signs no person out."""

    def __init__(self, file: Path) -> None:
        """Open or make the file; `OSError` or `sqlite3.Error` if it cannot be."""
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("CREATE TABLE IF NOT EXISTS sessions (name TEXT PRIMARY KEY, text TEXT NOT NULL)")

    def load(self) -> Mapping[str, str]:
        """Text by name."""
        return dict(self._connection.execute("SELECT name, text FROM sessions"))

    def put(self, name: str, text: str) -> None:
        """Keep this under its name."""
        self._write("INSERT OR REPLACE INTO sessions VALUES (?, ?)", name, text)

    def drop(self, name: str) -> None:
        """Keep it no more."""
        self._write("DELETE FROM sessions WHERE name = ?", name)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _write(self, statement: str, *values: str) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            logger.warning("a session is in memory only: its file cannot be written", reason=str(error))
