"""The METHANE report by prompts, letter by letter, for somebody who has no file at hand."""

import typer

from streams.commands import Declare, Report
from streams.messages import Methane
from streams.values import IncidentType


def methane() -> Methane:
    """Ask for the letters of JESIP's report in their order."""
    return Methane(
        major_incident=typer.confirm("M  Major incident declared?"),
        exact_location=typer.prompt("E  Exact location"),
        type_of_incident=typer.prompt("T  Type of incident"),
        hazards=_several("H  Hazards, present and potential"),
        access=_maybe("A  Access"),
        number_of_casualties=_maybe("N  Number and severity of casualties"),
        emergency_services=_several("E  Emergency services, present and required"),
    )


def declaration() -> Declare | Report:
    """Ask for the report; where it declares, also for what the incident is known by."""
    given = methane()
    if not given.major_incident:
        return Report(methane=given)
    return Declare(
        methane=given,
        name=typer.prompt("Name of the incident", default=f"{given.type_of_incident}, {given.exact_location}"),
        type=typer.prompt(f"Type ({', '.join(IncidentType)})", default=IncidentType.MAJOR, type=IncidentType),
        level=typer.prompt("Level, 1 to 4", default=3, type=int),
        hashtags=_several("Hashtags"),
        words=_several("Other words that people will use for it"),
    )


def _several(question: str) -> tuple[str, ...]:
    answer: str = typer.prompt(f"{question} (with commas between)", default="", show_default=False)
    return tuple(part.strip() for part in answer.split(",") if part.strip())


def _maybe(question: str) -> str | None:
    answer: str = typer.prompt(question, default="", show_default=False)
    return answer or None
