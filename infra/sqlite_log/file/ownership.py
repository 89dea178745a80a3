"""Whose files these are: only the service's own user may open them, whatever the umask was when they were made."""

import os
from contextlib import suppress
from pathlib import Path

OWN, OTHERS = 0o600, 0o077
SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock")
"""The log file, and those that lie beside it and belong to it."""


def files_of(path: Path) -> list[Path]:
    """The log file and every file of it, whether it is there or not."""
    return [path.with_name(path.name + suffix) for suffix in SUFFIXES]


def open_private(path: Path, flags: int) -> int:
    """Open a file, made if there is none, and close it to other users; `OSError` if that cannot be done.

    A link is not followed, and a pipe in the file's place keeps nobody waiting.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, OWN)
    try:
        if os.fstat(descriptor).st_mode & OTHERS:
            with suppress(PermissionError):
                os.fchmod(descriptor, OWN)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def close_to_others(file: Path) -> None:
    """Take every right to this file from other users. A file of another user stays as it is: see `open_to_others`."""
    if file.stat().st_mode & OTHERS:
        with suppress(PermissionError):
            file.chmod(OWN)


def open_to_others(path: Path) -> list[Path]:
    """Which files of this log another user may open."""
    return [one for one in files_of(path) if one.exists() and one.stat().st_mode & OTHERS]
