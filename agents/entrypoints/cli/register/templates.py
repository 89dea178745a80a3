"""`holdingline templates`: what is ready to be said, each text with its slots."""

from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    identified,
    say,
)
from agents.entrypoints.cli.register.in_force import standing_register
from streams.telling.templates import told_template, told_templates

app = typer.Typer()


@app.command()
def templates(
    template: Annotated[
        str | None, typer.Argument(callback=identified, help="One template, with all its texts; all, if none is given.")
    ] = None,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show each text that is ready to be said, with the slots to fill and what they take."""
    now, standing = SystemClock().now(), standing_register(register, mode=mode, log=log)
    if template is None:
        chosen, lines = list(standing.templates.values()), [*told_templates(standing, now)]
    elif template in standing.templates:
        one = standing.templates[template]
        chosen, lines = [one], [*told_template(one, standing, now=now)]
    else:
        raise Misused(f"there is no template {template}: choose one of {', '.join(standing.templates)}")
    say([one.model_dump(mode="json") for one in chosen], lines or ["no templates"], as_json=as_json)
