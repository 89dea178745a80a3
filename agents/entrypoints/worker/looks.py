"""What the console's pages show of the register's files, the log and drills, put together from their own parts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby

from agents.adapters.registers import data_folder
from agents.adapters.registers.checks.hours.cover import gaps_of
from agents.adapters.registers.table import as_lines, decision_table
from agents.console.looks import Looks, Table
from agents.runtime.cluster.doctor import Finding, examine
from streams.words.register.entries import Register

HOUR_SECONDS = 3600


def looks(mode: str, log: str) -> Looks:
    """How the pages of the console of this mode look at the rest."""
    scenarios = sorted(path.stem for path in (data_folder() / "exercises").glob("*.yaml"))
    kept: dict[tuple[str, int], Sequence[str]] = {}

    def gaps_kept(register: Register, now: datetime) -> Sequence[str]:
        """The gaps of a register, looked for once an hour: to look takes long, and nobody else is served meanwhile."""
        key = register.version(), int(now.timestamp() // HOUR_SECONDS)
        if key not in kept:
            kept.clear()
            kept[key] = gaps(register, now)
        return kept[key]

    return Looks(decisions, gaps_kept, partial(_service, mode, log=log), scenarios)


def decisions(register: Register, now: datetime) -> Table:
    """The decision table, section by section."""
    groups = [[*lines] for is_line, lines in groupby(as_lines(decision_table(register, now)), key=bool) if is_line]
    return [(first, [line.strip() for line in rest]) for first, *rest in groups]


def gaps(register: Register, now: datetime) -> Sequence[str]:
    """Each time in the next two weeks in which a power is not covered."""
    return [*gaps_of(register, now)]


async def _service(mode: str, now: datetime, *, log: str) -> Sequence[Finding]:
    return await examine(mode, log, now=now)
