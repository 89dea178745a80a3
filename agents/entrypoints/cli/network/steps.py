"""`holdingline steps`: how far an incident is on the trust's own list of what is to be done."""

from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.network.reading import incident_on
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    IncidentId,
    LogUrl,
    ModeName,
    RegisterFolder,
    say,
)
from agents.entrypoints.cli.register.in_force import standing_register
from streams.telling.facts import apart
from streams.telling.network.lines import step_lines, steps_of

app = typer.Typer()
Language = Annotated[str, typer.Option("--language", help="The language of the steps, as en or cy.")]


@app.command()
def steps(  # budget: of which incident, in which language, and by which log and register
    incident: IncidentId,
    *,
    language: Language = "en",
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the steps of the crisis process: which are done, by when the others are due, whose they are, and how.

    It needs no running worker.
    """
    zone = standing_register(register, mode=mode, log=log).hours.zone
    found = incident_on(log, mode, name=incident)
    lines = [*map(apart, step_lines(found, SystemClock().now(), zone=zone, language=language))]
    none = ["no steps: the trust had no list in register/steps.yaml when this incident was declared"]
    say([one.model_dump(mode="json") for one in steps_of(found)], lines or none, as_json=as_json)
