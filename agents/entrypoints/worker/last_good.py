"""When the files of the register cannot be used: why not, and the register that was in force last, from the log."""

import asyncio
from collections.abc import Callable

from agents.adapters.registers import Fault
from agents.entrypoints.cli.options import Misused
from agents.runtime.door.door import Door
from infra.log import LogError
from infra.operating import has_log
from streams.words.register.entries import Register


def last_good(mode: str, log: str) -> Register | None:
    """The last register that the log keeps; None if there is no log, or none in it, or the log does not answer."""
    return asyncio.run(_read(mode, log)) if has_log(log) else None


def unfit(
    register: Register, *, channels: Callable[[Register], object], pagers: Callable[[Register], object]
) -> list[Fault]:
    """Why the channels or the pagers of a register cannot be built."""
    faults = []
    for file, build in (("channels", channels), ("pagers", pagers)):
        try:
            build(register)
        except Misused as error:
            faults.append(Fault(f"register/{file}.yaml", 1, str(error)))
    return faults


async def _read(mode: str, log: str) -> Register | None:
    try:
        async with Door(mode, log) as door:
            return await door.last_good_register()
    except LogError:
        return None
