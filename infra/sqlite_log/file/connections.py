"""Connections to a log file: the worker's writing one, reading ones, and a door's."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from infra.log import LogUnusable
from infra.sqlite_log.file.ownership import close_to_others, files_of, open_private
from infra.sqlite_log.file.schema import refuse_newer, upgrade, version_of
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import translated

Prepare = Callable[[sqlite3.Connection, Path, SqliteLogSettings], None]
"""What is done with a connection before anybody has it."""


def connect_writer(path: Path, settings: SqliteLogSettings) -> sqlite3.Connection:
    """Open the file for the worker, made or upgraded if needed; raise `LogUnusable`."""
    _own(path)
    return _connect(path, settings, mode="rwc", prepare=_prepare)


def connect_reader(path: Path, settings: SqliteLogSettings) -> sqlite3.Connection:
    """Open an existing log for reading; raise `LogUnusable`."""
    connection = connect_door(path, settings)
    connection.execute("PRAGMA query_only = ON")
    return connection


def connect_door(path: Path, settings: SqliteLogSettings) -> sqlite3.Connection:
    """Open an existing log beside its worker; raise `LogUnusable` if there is none."""
    require_file(path)
    return _connect(path, settings, mode="rw", prepare=_join)


def require_file(path: Path) -> None:
    """Raise `LogUnusable` if there is no such file."""
    if not path.is_file():
        raise LogUnusable(f"There is no log file {path}: start the worker first, or name the file it uses.")


def _own(path: Path) -> None:
    """Make the file if there is none, and close it and those beside it to others; SQLite makes more with its rights.

    A file that is there is not opened: to close it again would drop the locks that SQLite holds on it in this process.
    """
    try:
        if not path.exists():
            os.close(open_private(path, os.O_RDWR | os.O_EXCL))
        for file in files_of(path):
            if file.is_file():
                close_to_others(file)
    except OSError as error:
        raise LogUnusable(f"The log file {path} cannot be opened ({error.strerror}): check its folder.") from error


def _connect(path: Path, settings: SqliteLogSettings, *, mode: str, prepare: Prepare) -> sqlite3.Connection:
    """A prepared connection; none is left open if that fails."""
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=settings.lock_wait_seconds_max,
            # The code begins and ends transactions itself.
            isolation_level=None,
            # Each connection belongs to one thread at a time; it is only closed from another.
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            prepare(connection, path, settings)
        except BaseException:
            connection.close()
            raise
        return connection


def _prepare(connection: sqlite3.Connection, path: Path, settings: SqliteLogSettings) -> None:
    if version_of(connection, path) == 0:
        # Only an empty file takes this setting.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    # What is deleted is overwritten: it may be about a person.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {settings.wal_pages_max}")
    connection.execute(f"PRAGMA journal_size_limit = {settings.wal_bytes_kept}")
    upgrade(connection, path)
    _limit(connection, settings)
    if path.stat().st_size <= settings.open_check_bytes_max:
        _check(connection, path)


def _join(connection: sqlite3.Connection, path: Path, settings: SqliteLogSettings) -> None:
    version = version_of(connection, path)
    if version == 0:
        raise LogUnusable(f"The file {path} holds no log yet: start the worker first, or name the file it uses.")
    refuse_newer(version, path)
    _limit(connection, settings)


def _limit(connection: sqlite3.Connection, settings: SqliteLogSettings) -> None:
    if settings.file_bytes_max is not None:
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {max(1, settings.file_bytes_max // page_bytes)}")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise LogUnusable(f"The log file {path} is damaged ({finding}): restore it from a backup.")
