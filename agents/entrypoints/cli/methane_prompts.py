"""The METHANE report by prompts, letter by letter, for somebody who has no file at hand."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from pydantic import Field, TypeAdapter, ValidationError

from streams.codec import first_fault
from streams.values import Hashtag, IncidentType, Word
from streams.words.incident import Declare, Methane, Report


def methane() -> Methane:
    """Ask for the letters of JESIP's report in their order."""
    return Methane(
        major_incident=typer.confirm("M  Major incident declared?"),
        exact_location=typer.prompt("E  Exact location", value_proc=_of(Word)),
        type_of_incident=typer.prompt("T  Type of incident", value_proc=_of(Word)),
        hazards=_several("H  Hazards, present and potential"),
        access=_maybe("A  Access"),
        number_of_casualties=_maybe("N  Number and severity of casualties"),
        emergency_services=_several("E  Emergency services, present and required"),
    )


def declaration() -> Declare | Report:
    """Ask for the report; if it declares a major incident, also for name, type, level, hashtags and words."""
    given = methane()
    if not given.major_incident:
        return Report(methane=given)
    return Declare(
        methane=given,
        name=typer.prompt("Name of the incident", default=given.known_by, value_proc=_of(Word)),
        type=typer.prompt("Type", default=IncidentType.MAJOR, type=IncidentType),
        level=typer.prompt("Level, 1 to 4", default=3, value_proc=_of(Annotated[int, Field(ge=1, le=4)])),
        hashtags=_several("Hashtags, like #PontDdu", Hashtag),
        words=_several("Other words that people will use for it"),
    )


def _of(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - whatever kind an answer is of
    """A parser for an answer of this kind. If it fails, the prompt asks again and keeps the earlier answers."""
    answers: TypeAdapter[Any] = TypeAdapter(kind)

    def made(answer: Any) -> Any:  # noqa: ANN401 - as above
        try:
            return answers.validate_python(answer)
        except ValidationError as error:
            raise typer.BadParameter(first_fault(error)) from None

    return made


def _several(question: str, kind: Any = Word) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    def made(answer: str) -> Any:  # noqa: ANN401 - as above
        return _of(tuple[kind, ...])([part.strip() for part in answer.split(",") if part.strip()])

    several: tuple[Any, ...] = typer.prompt(
        f"{question} (with commas between)", default="", show_default=False, value_proc=made
    )
    return several


def _maybe(question: str) -> str | None:
    made = _of(Word)
    maybe: str | None = typer.prompt(
        question, default="", show_default=False, value_proc=lambda answer: made(answer) if answer else None
    )
    return maybe
