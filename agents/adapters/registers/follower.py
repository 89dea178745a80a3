"""The current registers: read again when a file changes; if that fails, the last good ones stay."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic

import structlog

from agents.adapters.clocks import SystemClock
from agents.adapters.registers.faults import UnusableRegisters, report
from agents.adapters.registers.files import files, load
from agents.adapters.registers.rota.turns import window
from streams.words.register.entries import Register

LOOK_SECONDS = 1.0
LOGGED_MAX = 20
Stamp = tuple[object, ...]
system_time = SystemClock().now
logger = structlog.get_logger(__name__)


class FileRegisters:
    """The port `Registers` over a data folder. The first read raises `UnusableRegisters`, later ones log and keep.

    Files are checked once a second at most, so a change counts up to a second after it was saved.
    """

    def __init__(
        self,
        folder: Path,
        *,
        elapsed: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = system_time,
    ) -> None:
        self._folder, self._elapsed, self._now = folder, elapsed, now
        self._stamp = self._stamp_of()
        self._register = load(folder, now(), judges=True)
        self._looked_at = elapsed()

    def __call__(self) -> Register:
        """The current register."""
        if self._elapsed() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = self._elapsed()
            self._look()
        return self._register

    def _look(self) -> None:
        """Take the stamp before reading, so that a change during the reading is seen the next time."""
        stamp = self._stamp_of()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._register = load(self._folder, self._now(), judges=True, before=self._register)
        except UnusableRegisters as unusable:
            logger.warning(
                "registers unusable, the last good ones stay in force", faults=report(unusable.faults)[:LOGGED_MAX]
            )
        else:
            logger.info("registers read again", version=self._register.version())

    def _stamp_of(self) -> Stamp:
        """A value that changes when a file is edited, replaced, added or removed, and when a rota week begins."""
        return (window(self._now()), *(_look_at(path) for path in files(self._folder)))


def _look_at(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (path.name, 0, 0, 0)
    return (path.name, found.st_mtime_ns, found.st_size, found.st_ino)
