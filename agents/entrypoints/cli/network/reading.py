"""Reading one incident for a command that shows it."""

import asyncio

from agents.entrypoints.cli.options import Misused
from agents.entrypoints.cli.record.doors import open_door
from streams.subjects.incident import Incident
from streams.values import Subject


def incident_on(log: str, mode: str, *, name: str) -> Incident:
    """The incident of this name; `Misused` if there is none."""
    found = asyncio.run(_read(mode, log, name=name))
    if not isinstance(found, Incident) or not found.is_begun:
        raise Misused(f"there is no incident {name}: see `holdingline status`")
    return found


async def _read(mode: str, log: str, *, name: str) -> object:
    async with open_door(mode, log) as door:
        return await door.state(Subject.incident(name))
