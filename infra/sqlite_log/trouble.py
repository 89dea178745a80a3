"""Foreign errors translated: nothing of SQLite's leaves this package."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from infra.log import LogBusy, LogError, LogFull, LogUnusable, RecordTooLarge

_NO_ROOM: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"})
_DAMAGED: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED")
_CLOSED_DOOR: Final = ("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY", "SQLITE_AUTH")
_NOT_KEPT: Final = frozenset({"SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"})


def name_of(error: sqlite3.Error) -> str:
    """SQLite's own name of the error, empty if Python's module raised it by itself."""
    return getattr(error, "sqlite_errorname", "")


def is_no_room(error: sqlite3.Error) -> bool:
    """Tell whether a disk or a quota is full, which may pass."""
    return name_of(error) in _NO_ROOM


def is_final(error: sqlite3.Error) -> bool:
    """Whether the file must be opened again: after a failed sync it is unknown what the disk has kept."""
    return name_of(error) in _NOT_KEPT


def translate(error: sqlite3.Error, path: Path) -> LogError:
    """Say in a sentence what became of the log file."""
    name = name_of(error)
    if is_no_room(error):
        return LogFull(
            f"No room is left for the log file {path}: nothing was written. Free some space, it then goes on."
        )
    if name in _NOT_KEPT:
        return LogUnusable(f"The disk did not keep what was written to {path}: look at the disk, then start again.")
    if name.startswith(_DAMAGED):
        return LogUnusable(f"The log file {path} is damaged or is not a log: restore it from a backup.")
    if name.startswith(_BUSY):
        return LogBusy(f"Another process kept the log file {path} locked for too long: nothing was written. Try again.")
    if name.startswith(_CLOSED_DOOR):
        return LogUnusable(f"The log file {path} cannot be opened for writing: {_way_in(path)}")
    if name == "SQLITE_TOOBIG":
        return RecordTooLarge("The record is larger than a database row can be.")
    return LogUnusable(f"The log file {path} could not be used: {error}.")


def _way_in(path: Path) -> str:
    """What lets the caller into this file: mostly to be the user who owns it."""
    for one in (path, path.parent):
        with suppress(OSError, KeyError):
            if one.stat().st_uid != os.geteuid():
                do = f"run this as that user (sudo -u {one.owner()}), or have it given to yours (chown)."
                return f"{one} belongs to the user {one.owner()}: {do}"
            break
    return "check its folder and its permissions."


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise errors of SQLite as errors of the log."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
