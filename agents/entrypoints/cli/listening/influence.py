"""`holdingline influence`: the influence list, who vouched for each author, and when somebody is to look again."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    ModeName,
    RegisterFolder,
    say,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.register.in_force import standing_register
from infra.operating import has_log
from streams.decisions.listening.spread import SharedLately
from streams.telling.facts import apart
from streams.telling.listening.influence import author_line, proposal_line
from streams.words.register.entries import Register

app = typer.Typer()


@app.command()
def influence(
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the authors whose posts about us are told at once, with who vouched for them and until when.

    They stand in register/influence.yaml; a change needs a second person. Accounts whose posts many people pass on are
    proposed. It needs no running worker.
    """
    known, now = standing_register(register, mode=mode, log=log), SystemClock().now()
    today = now.astimezone(known.hours.zone).date()
    proposed = asyncio.run(_shared(mode, log)).waiting(known, now) if has_log(log) else {}
    answer = {"influence": [one.model_dump(mode="json") for one in known.influence.values()], "proposed": proposed}
    say(answer, [*map(apart, _lines(known, today, proposed=proposed))], as_json=as_json)


async def _shared(mode: str, log: str) -> SharedLately:
    async with open_door(mode, log) as door:
        return await door.accounts_shared()


def _lines(register: Register, today: date, *, proposed: Mapping[str, int]) -> Iterator[str]:
    yield from (proposal_line(account, people) for account, people in proposed.items())
    if not register.influence:
        yield "no author is on the list: write them into register/influence.yaml"
    yield from (author_line(one, today) for one in register.influence.values())
