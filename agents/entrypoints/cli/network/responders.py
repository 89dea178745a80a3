"""`holdingline responders`: who they are and how they are reached; of an incident, who is in, leads and says what."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from agents.entrypoints.cli.network.reading import incident_on
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    ModeName,
    RegisterFolder,
    identified,
    say,
)
from agents.entrypoints.cli.register.in_force import standing_register
from streams.subjects.incident import Incident
from streams.telling.facts import apart
from streams.telling.network.beside import compared, told_beside
from streams.telling.network.lines import awaited_lines, contact_lines, present_line
from streams.words.network.entries import Responder
from streams.words.register.entries import Register

app = typer.Typer()


@app.command()
def responders(  # budget: of which incident, and by which log and register
    incident: Annotated[
        str | None, typer.Argument(callback=identified, help="One incident; only the register, if none is given.")
    ] = None,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the responders with their people on call; of an incident who is in and leads, and where reports differ.

    The numbers are for our own people. It needs no running worker.
    """
    known = standing_register(register, mode=mode, log=log)
    about = incident_on(log, mode, name=incident) if incident else None
    say(_answer(known, about), [*map(apart, _lines(known, about))], as_json=as_json)


def _lines(register: Register, incident: Incident | None) -> Iterator[str]:
    if not register.responders:
        yield "no responders are known: write them into register/responders.yaml"
    if incident:
        yield present_line(incident.network) or "no responder is in this incident: `holdingline responder-in`"
    for one in register.responders.values():
        yield f"{one.name} ({one.id}), {one.category}{_role(one, incident)}"
        yield from (f"    {line}" for line in contact_lines(one))
    if incident is None:
        return
    if beside := [*told_beside(incident.network, register.hours.zone)]:
        yield "What each reports; no word of it is public:"
        yield from (f"  {line}" for line in beside)
    yield from awaited_lines(incident.holds.in_force(register.holds), incident.network)


def _role(one: Responder, incident: Incident | None) -> str:
    if incident is None:
        return ""
    if one.id not in incident.network.present:
        return ", not in the incident"
    return ", LEADS" if incident.network.lead == one.id else ", in the incident"


def _answer(register: Register, incident: Incident | None) -> Mapping[str, Any]:
    """The same for a program."""
    known = [one.model_dump(mode="json") for one in register.responders.values()]
    if incident is None:
        return {"responders": known}
    network = incident.network
    letters = [
        {
            "letter": one.field,
            "differs": one.differs,
            "said": [{"by": saying.who, "words": saying.words, "since": saying.since} for saying in one.said],
        }
        for one in compared(network)
    ]
    return {"responders": known, "present": [*network.present], "lead": network.lead, "reports": letters}
