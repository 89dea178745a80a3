"""Atomic files: written beside their place, forced to the disk, then renamed, so that no reader sees half of one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from agents.ports import NotSent

STAGED = ".staged"
OWN, PUBLIC, READ_WRITE = 0o600, 0o755, 0o666
LOCK_SECONDS_MAX = 5.0
LOCK_POLL_SECONDS = 0.02


class Disk:
    """The three steps by which a site changes; a test hands in one that fails at any of them."""

    def stage(self, place: Path, content: bytes) -> Path:
        """Write the content beside its place and force it to the disk; it replaces what was staged there before."""
        staged = place.with_name(f".{place.name}{STAGED}")
        with staged.open("wb") as file:
            # As open as its folder, whatever the umask: a web server reads the page, only we read the record.
            os.fchmod(file.fileno(), place.parent.stat().st_mode & READ_WRITE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return staged

    def commit(self, staged: Path, place: Path) -> None:
        """Put the staged file in its place, in one step that survives a loss of power."""
        staged.replace(place)
        _sync_folder(place.parent)

    def remove(self, place: Path) -> None:
        """Remove a file and force that to the disk; it may be gone already."""
        place.unlink(missing_ok=True)
        _sync_folder(place.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder against other threads and processes; `NotSent` after `LOCK_SECONDS_MAX`.

    It blocks its thread. The operating system drops the lock when the process dies.
    """
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, OWN)
    try:
        # Another user who could open it could hold it, and nothing would be published.
        os.fchmod(lock, OWN)
        _acquire(lock)
        yield
    finally:
        os.close(lock)


def make_public(folder: Path) -> None:
    """Make a folder, and those around it, which every user may look into, whatever the umask."""
    if not folder.is_dir():
        make_public(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(PUBLIC)


def _acquire(descriptor: int) -> None:
    patience_ends = monotonic() + LOCK_SECONDS_MAX
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if monotonic() > patience_ends:
                raise NotSent("another publication holds the site's folder: it is tried again") from None
            sleep(LOCK_POLL_SECONDS)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
