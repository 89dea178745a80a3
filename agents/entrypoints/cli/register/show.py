"""`holdingline register`: the decision table of the trust to read and to sign, and its rota calendars to fetch."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder
from agents.adapters.registers.rota.fetcher import fetch_calendars
from agents.adapters.registers.table import as_lines, as_page, decision_table
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    fail,
    say,
)
from agents.entrypoints.cli.register import changes
from agents.entrypoints.cli.register.in_force import standing_register

app = typer.Typer()
register_app = typer.Typer(help="The register: who may do what.", no_args_is_help=True)
app.add_typer(register_app, name="register")
register_app.add_typer(changes.app)
Output = Annotated[Path | None, typer.Option(help="Write it as a page to print, in this file.")]


@register_app.command()
def show(  # budget: where it is written, and of which register
    *,
    output: Output = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print who may do what, when and on which channels: everything that the register in force decides, in words."""
    now = SystemClock().now()
    table = decision_table(standing_register(register, mode=mode, log=log), now)
    if output:
        page = as_page(table, data_folder() / "pages")
        try:
            output.write_text(page, encoding="utf-8")
        except OSError as error:
            raise Misused(f"{output} cannot be written ({error.strerror}): name another file") from None
        say({"page": str(output), "version": table.version}, [f"{output}: register {table.version}"], as_json=as_json)
    else:
        say(table, as_lines(table), as_json=as_json)


@register_app.command()
def fetch(*, register: RegisterFolder = None, as_json: AsJson = False) -> None:
    """Fetch the rota calendars that are named by address, as `serve` does by itself; exit code 1 if one fails."""
    troubles = asyncio.run(fetch_calendars(data_folder(register), SystemClock().now()))
    if troubles:
        raise fail("\n".join(troubles), as_json=as_json, more={"troubles": troubles})
    say({"troubles": []}, ["every calendar was fetched"], as_json=as_json)
