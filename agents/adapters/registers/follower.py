"""The current registers: read again when a file changes; if that fails, the last good ones stay."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic

import structlog

from agents.adapters.clocks import SystemClock
from agents.adapters.registers.faults import Fault, UnusableRegisters, report
from agents.adapters.registers.files import files, load
from agents.adapters.registers.rota.turns import window
from streams.words.register.entries import Register

LOOK_SECONDS = 1.0
LOGGED_MAX = 20
Stamp = tuple[object, ...]
system_time = SystemClock().now
logger = structlog.get_logger(__name__)


class FileRegisters:
    """The port `Registers` over a data folder: while the files cannot be used, the last good register stays in force.

    At the start that is what `last_good` answers with, so a restart takes nothing that a running service refuses.
    If there is none and the files cannot be used, `UnusableRegisters` is raised.
    Files are checked once a second at most, so a change counts up to a second after it was saved.
    `unfit` finds what only the caller can tell of a register: why it cannot speak and page by it.
    `faults` are those that keep the files from being used now.
    """

    def __init__(
        self,
        folder: Path,
        *,
        elapsed: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = system_time,
        last_good: Callable[[], Register | None] = lambda: None,
        unfit: Callable[[Register], Sequence[Fault]] = lambda _: (),
    ) -> None:
        self._folder, self._elapsed, self._now, self._unfit = folder, elapsed, now, unfit
        self._stamp = self._stamp_of()
        self.faults: Sequence[Fault] = ()
        kept = last_good()
        try:
            self._register = self._load(before=kept)
        except UnusableRegisters as unusable:
            if kept is None:
                raise
            self._register = kept
            self._note(unusable.faults, logger.error)
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
            self._register = self._load(before=self._register)
        except UnusableRegisters as unusable:
            self._note(unusable.faults, logger.warning)
        else:
            self.faults = ()
            logger.info("registers read again", version=self._register.version())

    def _load(self, *, before: Register | None) -> Register:
        register = load(self._folder, self._now(), judges=True, before=before)
        if faults := self._unfit(register):
            raise UnusableRegisters(faults)
        return register

    def places(self) -> Sequence[str]:
        """File and line of each of the faults."""
        return [f"{fault.file}:{fault.line}" for fault in sorted(set(self.faults))]

    def _note(self, faults: Sequence[Fault], tell: Callable[..., object]) -> None:
        self.faults = faults
        tell(
            "registers unusable, the last good ones stay in force",
            version=self._register.version(),
            faults=report(faults)[:LOGGED_MAX],
        )

    def _stamp_of(self) -> Stamp:
        """A value that changes when a file is edited, replaced, added or removed, and when a rota week begins."""
        return (window(self._now()), *(_look_at(path) for path in files(self._folder)))


def _look_at(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (path.name, 0, 0, 0)
    return (path.name, found.st_mtime_ns, found.st_size, found.st_ino)
