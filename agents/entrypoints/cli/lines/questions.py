"""One question at the terminal: an answer that cannot be is asked for again with the reason; Enter keeps the last."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError

from agents.entrypoints.cli.options import Misused
from streams.codec import first_fault
from streams.coming_times import NoSuchTime, coming, shown

NOTHING = "-"
"""What a person types for an answer that they take out."""
Read = Callable[[str], Any]


def ask(question: str, read: Read, *, kept: object = None, optional: bool = False) -> Any:  # noqa: ANN401 - whatever is read
    """What the person answers, read; `kept` on Enter; None on Enter or `-` where it is `optional`.

    `read` raises `Misused`, `NoSuchTime` or `ValidationError` for what cannot be.
    """
    hint = f" [{_short(kept)}]" if kept is not None else " [none]" if optional else ""

    def made(answer: str) -> Any:  # noqa: ANN401 - as above
        typed = answer.strip() or (_short(kept) if kept is not None else "")
        if not typed and optional:
            return None
        if typed == NOTHING and optional:
            return None
        if not typed:
            raise typer.BadParameter("it cannot be left out")
        try:
            return read(typed)
        except ValidationError as error:
            raise typer.BadParameter(first_fault(error)) from None
        except (Misused, NoSuchTime) as error:
            raise typer.BadParameter(str(error)) from None

    return typer.prompt(f"{question}{hint}", default="", show_default=False, value_proc=made, err=True)


def of_kind(kind: Any) -> Read:  # noqa: ANN401 - any type that pydantic knows
    """Reads an answer of this kind, as it is kept in JSON."""
    answers: TypeAdapter[Any] = TypeAdapter(kind)
    return lambda typed: answers.dump_python(answers.validate_python(typed), mode="json")


def one_of(known: Sequence[str]) -> Read:
    """Reads one of these names, or its number in the list."""

    def read(typed: str) -> str:
        if typed.isdecimal() and 0 < int(typed) <= len(known):
            return known[int(typed) - 1]
        if typed not in known:
            raise Misused(f"there is no {typed}: write one of {', '.join(known)}")
        return typed

    return read


def several_of(known: Sequence[str]) -> Read:
    """Reads names of this list, with commas or blanks between."""

    def read(typed: str) -> list[str]:
        return [*dict.fromkeys(map(one_of(known), typed.replace(",", " ").split()))]

    return read


def a_time(now: datetime, zone: ZoneInfo) -> Read:
    """Reads a time to come, and says on the error stream which moment it is."""

    def read(typed: str) -> str:
        meant = coming(typed, now=now, zone=zone)
        typer.echo(f"  {shown(meant)}", err=True)
        return meant.isoformat()

    return read


def _short(kept: object) -> str:
    return ", ".join(map(str, kept)) if isinstance(kept, list) else str(kept)
