"""`holdingline plans`: the planned posts, those that are held, and those that went out in the last days."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import typer

from agents.entrypoints.cli.options import DEFAULT_LOG, DEFAULT_MODE, AsJson, LogUrl, ModeName, say, zone_of
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.door.reading import BadRecord, told_bad
from agents.runtime.views.tables import Overview
from streams.telling.facts import apart, plan_lines

app = typer.Typer()


@app.command()
def plans(log: LogUrl = DEFAULT_LOG, mode: ModeName = DEFAULT_MODE, *, as_json: AsJson = False) -> None:
    """Show every planned post with its words and its time, those that are held, and those that went out lately.

    A record that cannot be read hides nothing else: it is named first. It needs no running worker.
    """
    seen, bad, zone = asyncio.run(_look(mode, log))
    is_live = any(one.is_live for one in seen.incidents)
    lines = [apart(line) for one in seen.plans for line in plan_lines(one, zone, is_live=is_live)] or ["no posts"]
    held = ["an incident goes on: no planned post goes out by itself"] if is_live and seen.plans else []
    unread = [{"kind": "bad-record", **one.answer()} for one in bad]
    shown = [one.model_dump(mode="json") for one in seen.plans]
    say([*shown, *unread], [*told_bad(bad), *held, *lines], as_json=as_json)


async def _look(mode: str, log: str) -> tuple[Overview, Sequence[BadRecord], ZoneInfo]:
    async with open_door(mode, log) as door:
        zone = zone_of(await door.last_good_register())
        return await door.overview(), door.bad, zone
