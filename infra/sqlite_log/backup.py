"""A copy of a log file, taken while its worker runs, and put back where there is no log."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from infra.log import LogFull, LogUnusable
from infra.sqlite_log.file.connections import connect_door
from infra.sqlite_log.file.ownership import files_of, hand_over, open_private
from infra.sqlite_log.file.schema import refuse_newer, version_of
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import is_no_room, translated


def backup(path: Path | str, target: Path | str) -> int:
    """Copy the log at `path` to `target`, as it was at one moment; answers with the copy's size in bytes.

    Blocks until done; call it from a process or a thread of its own. The worker writes on meanwhile, its write-ahead
    file growing until the copy is complete. The target appears, or is replaced, only once it is whole and checked.
    Raises `LogUnusable` if the log or the copy is damaged or the target cannot be written, `LogFull` without room.
    """
    source, goal = Path(path).resolve(), Path(target).resolve()
    refuse_own_files([source], goal)
    if not goal.parent.is_dir():
        raise LogUnusable(f"The folder {goal.parent} does not exist: make it, or name another file for the backup.")
    part = goal.with_name(f"{goal.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(open_private(part, os.O_RDWR | os.O_EXCL))
        _copy(source, part)
        check(part)
        _sync(part)
        size_bytes = part.stat().st_size
        hand_over(part)
        part.replace(goal)
        _sync(goal.parent)
    except OSError as error:
        raise LogUnusable(f"The backup {goal} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return size_bytes


def restore(copy: Path, path: Path, *, sha256: str) -> str:
    """Put a copy in the place of a log that is not there, and say so; a log that is there stays, and that is said.

    `<log>.lock` may be there. Raises `LogUnusable` if the copy has another SHA-256, is damaged, or cannot be written.
    """
    goal = path.resolve()
    if there := [one.name for one in files_of(goal) if one.exists() and not one.name.endswith(".lock")]:
        return f"{path}: {' and '.join(there)} is there and stays; to restore the log, move it away first"
    part = goal.with_name(f"{goal.name}.{os.getpid()}.part")
    try:
        with copy.open("rb") as whole, os.fdopen(open_private(part, os.O_RDWR | os.O_EXCL), "w+b") as file:
            shutil.copyfileobj(whole, file)
            file.seek(0)
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise LogUnusable(f"The copy {copy} is not as it was: take another backup.")
        check(part)
        _sync(part)
        hand_over(part)
        # Unlike a renaming, this never replaces a log that a worker has begun meanwhile.
        goal.hardlink_to(part)
        _sync(goal.parent)
    except OSError as error:
        raise LogUnusable(f"The log {path} cannot be restored: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return f"{path}: restored"


def refuse_own_files(logs: Iterable[Path], target: Path) -> None:
    """Raise `LogUnusable` if the target is a file of one of these logs, under whatever name or link."""
    goal = Path(target).resolve()
    for file in (own.resolve() for log in logs for own in files_of(log.resolve())):
        if goal == file or (goal.exists() and file.exists() and goal.samefile(file)):
            raise LogUnusable(f"The backup cannot replace {file} itself, which belongs to the log: name another file.")


def check(path: Path | str) -> None:
    """Read a whole log file and raise `LogUnusable` if it is damaged."""
    file = Path(path).resolve()
    with translated(file):
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            version = version_of(connection, file)
            refuse_newer(version, file)
            findings = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        finally:
            connection.close()
    if version == 0 or findings != ["ok"]:
        raise LogUnusable(f"The copy {file} is damaged: {' '.join(findings)}. Check the disk and the log itself.")


def _copy(source: Path, part: Path) -> None:
    connection = connect_door(source, SqliteLogSettings())
    try:
        with translated(source):
            _copy_pages(connection, part)
    finally:
        connection.close()


def _copy_pages(connection: sqlite3.Connection, part: Path) -> None:
    copy = sqlite3.connect(part)
    try:
        # One step: in several, each commit of the worker would make it begin again.
        connection.backup(copy, pages=-1)
        # The copy is one file, without a write-ahead file beside it; a worker that opens it changes that.
        copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if is_no_room(error):
            raise LogFull(f"No room is left for the backup {part}: the log is untouched.") from error
        raise
    finally:
        copy.close()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
