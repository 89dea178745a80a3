"""What others know of a log: if it is missing, and they know of facts, the worker does not begin a new one."""

import asyncio
from pathlib import Path

from agents.adapters.anchors import noted_in
from agents.adapters.channels.site import record
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.cli.record.noted_anchors import anchors_in
from agents.runtime.door.door import Door
from infra.addresses import ALONE, scheme_of
from infra.log import LogError
from infra.operating import has_log
from streams.words.register.entries import Register

DO = (
    "put the log back, or restore it from a backup (`holdingline backup` makes them); if a new one shall begin that "
    "knows nothing of this"
)


def refuse_to_forget(register: Register, *, log: str, mode: str, anchor: str | None) -> None:
    """Raise `Misused` if the embedded log has no fact of this mode, and the page or an anchor shows that it had some.

    `anchor` is the address where `holdingline anchor` notes anchors; only those in a file or a repository are read.
    """
    if scheme_of(log) != ALONE or asyncio.run(_has_facts(log, mode)):
        return
    for entry in register.channels.values():
        folder = entry.options.get("folder")
        if entry.kind == "site" and folder and (count := record.count(Path(folder), mode)):
            known = f"the record of channel {entry.id} has {count} posts of mode {mode}"
            raise Misused(f"the log {log} has no facts, and {known}: {DO}, move {folder} away first")
    file = noted_in(anchor) if anchor else None
    noted = [one for one in anchors_in(file, mode) if one.heads] if file and file.exists() else []
    if noted:
        known = f"an anchor of {noted[-1].at:%Y-%m-%d %H:%M} UTC in {file} knows {len(noted[-1].heads)} chains"
        raise Misused(f"the log {log} has no facts, and {known} of mode {mode}: {DO}, name another anchor file")


async def _has_facts(log: str, mode: str) -> bool:
    if not has_log(log):
        return False
    try:
        async with Door(mode, log) as door:
            return await door.has_facts()
    except LogError:
        # No worker of this mode has made its topics yet; a log that is damaged is named when it is opened.
        return False
