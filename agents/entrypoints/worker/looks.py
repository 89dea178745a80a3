"""What the console's pages show of the register's files, the log and drills, put together from their own parts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from agents.adapters.registers import data_folder
from agents.adapters.registers.checks.hours.cover import gaps_of
from agents.adapters.registers.table import as_lines, decision_table
from agents.console.looks import Looks, Table
from agents.entrypoints.pack_note import told_of_pack
from agents.runtime.cluster.doctor import Finding, examine
from streams.values import LIVE
from streams.words.register.entries import Register

HOUR_SECONDS, MINUTE_SECONDS, LOOK_SECONDS = 3600, 60, 3
"""So long a look is kept: a gap of hours changes slowly, who may what with the minute; a worker dies at any second."""
Look = TypeVar("Look")


def looks(mode: str, log: str, *, folder: Path | None = None) -> Looks:
    """How the pages of the console of this mode look at the rest; `folder` holds the files of the trust's register.

    What takes long is kept for all who ask: the console serves nobody else while it looks.
    """
    scenarios = sorted(path.stem for path in (data_folder() / "exercises").glob("*.yaml"))
    service: list[tuple[datetime, Sequence[Finding]]] = []

    async def service_kept(now: datetime) -> Sequence[Finding]:
        if not service or not timedelta(0) <= now - service[0][0] < timedelta(seconds=LOOK_SECONDS):
            service[:] = [(now, await examine(mode, log, now=now))]
        return service[0][1]

    def pack(register: Register, now: datetime) -> str | None:
        is_true, words = told_of_pack(folder, register, now=now) if folder and mode == LIVE else (True, "")
        return None if is_true else words

    return Looks(_kept(decisions, MINUTE_SECONDS), _kept(gaps, HOUR_SECONDS), service_kept, scenarios, pack)


def _kept(look: Callable[[Register, datetime], Look], seconds: int) -> Callable[[Register, datetime], Look]:
    """The same look, which is kept so long for the same register."""
    kept: dict[tuple[str, int], Look] = {}

    def look_or_recall(register: Register, now: datetime) -> Look:
        key = register.version(), int(now.timestamp() // seconds)
        if key not in kept:
            kept.clear()
            kept[key] = look(register, now)
        return kept[key]

    return look_or_recall


def decisions(register: Register, now: datetime) -> Table:
    """The decision table, section by section."""
    groups = [[*lines] for is_line, lines in groupby(as_lines(decision_table(register, now)), key=bool) if is_line]
    return [(first, [line.strip() for line in rest]) for first, *rest in groups]


def gaps(register: Register, now: datetime) -> Sequence[str]:
    """Each time in the next two weeks in which a power is not covered."""
    return [*gaps_of(register, now)]
