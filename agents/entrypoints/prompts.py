"""The METHANE report by prompts, letter by letter, for somebody who has no file at hand."""

import click
import typer

from streams.commands import Declare
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


def declaration() -> Declare:
    """Ask for the report, then for what an incident is known by."""
    report = methane()
    return Declare(
        methane=report,
        name=typer.prompt("Name of the incident", default=f"{report.type_of_incident}, {report.exact_location}"),
        type=IncidentType(
            typer.prompt("Type", default="major", type=click.Choice([one.value for one in IncidentType]))
        ),
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
