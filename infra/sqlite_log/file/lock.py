"""One worker, one log: a lock that the operating system drops when its holder dies."""

import fcntl
import os
import time
from pathlib import Path

from infra.log import LogInUse, LogUnusable

ASKING_SECONDS_MAX = 0.05


class WorkerLock:
    """The right to be the worker of a log file, held on a file beside it, named `<log>.lock`.

    The lock file stays behind on purpose: removing it would let two workers hold locks on two files of one name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock or raise `LogInUse` naming the holder; `LogUnusable` if there is no folder for it."""
        folder = self._path.parent
        if not folder.is_dir():
            raise LogUnusable(f"The folder {folder} does not exist: make it, or name another file for the log.")
        try:
            descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise LogUnusable(f"The lock file {self._lock_path} cannot be opened: {error.strerror}.") from error
        try:
            _lock(descriptor)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            advice = "stop it if it shall end, or give this one a file of its own, as another mode needs"
            raise LogInUse(f"Another worker{holder} holds the log file {self._path}: {advice}.") from error
        self._descriptor = descriptor
        self._sign(descriptor)

    def release(self) -> None:
        """Let the next worker in; safe to call twice."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None

    @staticmethod
    def _sign(descriptor: int) -> None:
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
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


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
    return f" (process {text})" if text.isdigit() else ""
