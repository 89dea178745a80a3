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


def hand_over(file: Path, *, readable: bool = False) -> None:
    """Give what root wrote to the user and the group of its folder; what another user wrote stays as it is.

    Without it the service could not open what root backed up or put back.
    `readable`: a group that may read the folder, and is not root's own, may read the file too.
    """
    if os.geteuid() != 0:
        return
    folder = file.parent.stat()
    os.chown(file, folder.st_uid, folder.st_gid)
    if readable and folder.st_gid != os.getegid():
        own = file.stat().st_mode
        file.chmod(own | folder.st_mode & (0o050 if file.is_dir() else 0o040))


def close_to_others(file: Path) -> None:
    """Take every right to this file from other users. A file of another user stays as it is: see `open_to_others`."""
    if file.stat().st_mode & OTHERS:
        with suppress(PermissionError):
            file.chmod(OWN)


def open_to_others(path: Path) -> list[Path]:
    """Which files of this log another user may open."""
    return [one for one in files_of(path) if one.exists() and one.stat().st_mode & OTHERS]
