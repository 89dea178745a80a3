"""One worker, one log: a lock that the operating system drops when its holder dies."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from infra.log import LogInUse, LogUnusable
from infra.sqlite_log.file.ownership import open_private

ASKING_SECONDS_MAX = 0.05
USED = "has used the log\n"


class WorkerLock:
    """The right to be the worker of a log file, held on a file beside it, named `<log>.lock`.

    The lock file stays behind on purpose: removing it would let two workers hold locks on two files of one name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._descriptor: int | None = None
        self._had_log = False

    def take(self) -> None:
        """Take the lock or raise `LogInUse` naming the holder; `LogUnusable` if there is no folder for it."""
        folder = self._path.parent
        if not folder.is_dir():
            raise LogUnusable(f"The folder {folder} does not exist: make it, or name another file for the log.")
        try:
            descriptor = open_private(self._lock_path, os.O_RDWR)
        except OSError as error:
            raise LogUnusable(
                f"The lock file {self._lock_path} cannot be opened ({error.strerror}): remove it, while no worker runs."
            ) from error
        try:
            _lock(descriptor)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            advice = "stop it if it shall end, or give this one a file of its own, as another mode needs"
            raise LogInUse(f"Another worker{holder} holds the log file {self._path}: {advice}.") from error
        self._descriptor = descriptor
        self._had_log = _remembers(descriptor)
        self._sign(descriptor, USED if self._had_log else "")

    def require_log(self) -> None:
        """Raise `LogUnusable` if an earlier worker used a log file of this name that is not there now."""
        if self._had_log and not (self._path.is_file() and self._path.stat().st_size):
            raise LogUnusable(
                f"The log file {self._path} is missing, and a worker has used it before: put it back, or restore it "
                f"from a backup. If a new log shall begin with no memory of it, remove {self._lock_path} first."
            )

    def remember(self) -> None:
        """Note that there is a log now, so that a later start misses it if it is not there."""
        if self._descriptor is not None:
            self._sign(self._descriptor, USED)

    def beat(self) -> None:
        """Show that this worker goes on: a process that hangs still holds the lock, see `silence_of`."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.utime(self._descriptor)

    def release(self) -> None:
        """Let the next worker in; safe to call twice."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None

    @staticmethod
    def _sign(descriptor: int, note: str) -> None:
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n{note}".encode(), 0)
        except OSError:
            # The name is for people; a full disk must not keep the worker from starting.
            return


def _lock(descriptor: int) -> None:
    """Lock, or raise `OSError`; a second try waits out a process that only asked `is_held`."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        time.sleep(ASKING_SECONDS_MAX)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(path: Path) -> bool:
    """Whether a worker holds this log file; asking keeps a worker out only as long as the question takes."""
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def silence_of(path: Path) -> float:
    """Seconds since the worker of this log file last showed that it goes on; 0 where no worker ever was."""
    try:
        beat = path.with_name(path.name + ".lock").stat().st_mtime
    except OSError:
        return 0.0
    return max(0.0, time.time() - beat)  # noqa: TID251 - the file system dates the beat by the machine's time


def _remembers(descriptor: int) -> bool:
    return USED in os.pread(descriptor, 64, 0).decode(errors="replace")


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, 32, 0).decode(errors="replace").partition("\n")[0]
    return f" (process {text})" if text.isdigit() else ""
