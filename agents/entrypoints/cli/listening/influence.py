"""`holdingline influence`: the influence list, who vouched for each author, and when somebody is to look again."""

from collections.abc import Iterator
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
from agents.entrypoints.cli.register.in_force import standing_register
from streams.telling.facts import apart
from streams.telling.listening.influence import author_line
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

    They stand in register/influence.yaml; a change needs a second person. It needs no running worker.
    """
    known = standing_register(register, mode=mode, log=log)
    today = SystemClock().now().astimezone(known.hours.zone).date()
    answer = {"influence": [one.model_dump(mode="json") for one in known.influence.values()]}
    say(answer, [*map(apart, _lines(known, today))], as_json=as_json)


def _lines(register: Register, today: date) -> Iterator[str]:
    if not register.influence:
        yield "no author is on the list: write them into register/influence.yaml"
    yield from (author_line(one, today) for one in register.influence.values())
