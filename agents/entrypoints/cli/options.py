"""What several commands share: their options, where they find the log and the registers, and how they answer."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from agents.entrypoints.terminal import json_for_terminal, utf8_input
from infra.addresses import scheme_of
from streams.codec import says
from streams.decisions.verdict import Refused
from streams.errors import MessageError
from streams.values import Mode, Utc, named
from streams.words.orders import Giver
from streams.words.register.accounts import VAULT_BEGINS
from streams.words.register.entries import Register

REFUSED_EXIT = 3
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Utc)
_MODE: TypeAdapter[str] = TypeAdapter(Mode)


class Misused(MessageError):
    """This cannot be used as it was given: see the sentence, and give it again."""


def named_in(parameter: typer.CallbackParam) -> str:
    """What the help calls an argument or option: `INCIDENT`, `--as`."""
    return parameter.opts[0] if parameter.param_type_name == "option" else str(parameter.name).upper()


def identified(parameter: typer.CallbackParam, value: str | None) -> str | None:
    """An identifier, or the name of a subject with its kind; `Misused` names the argument where it is neither."""
    try:
        if value is not None:
            named(value)
    except ValidationError as error:
        raise Misused(says(error, {"id": named_in(parameter)})) from None
    return value


def a_person(parameter: typer.CallbackParam, value: str) -> str:
    """The identifier of who gives the order; `Misused` where it names a part of the service."""
    if value in {one.value for one in Giver if one is not Giver.PERSON}:
        raise Misused(f"{value} is a part of the service, and no order of its own comes from here: say who you are")
    return identified(parameter, value) or value


AsJson = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
RegisterFolder = Annotated[
    Path | None,
    typer.Option("--register", envvar="HOLDINGLINE_REGISTER", help="The folder of registers and templates."),
]
By = Annotated[
    str, typer.Option("--as", envvar="HOLDINGLINE_PERSON", callback=a_person, help="Who you are on the register.")
]
CaseId = Annotated[
    str, typer.Argument(callback=identified, help="The case's identifier; the person who opens the case chooses it.")
]
AccountId = Annotated[
    str, typer.Argument(callback=identified, help="The account: the identifier of its channel on the register.")
]
PlanId = Annotated[
    str, typer.Argument(callback=identified, help="The post's identifier; the person who plans it chooses it.")
]
SubjectName = Annotated[
    str,
    typer.Argument(
        callback=identified,
        help="The incident's identifier; `case/`, `plan/` or `account/` and an identifier; or `register`.",
    ),
]
IncidentId = Annotated[
    str, typer.Argument(callback=identified, help="The incident's identifier, as `holdingline status` shows it.")
]

JSON_CHARACTERS_MAX = 1_000_000
"""Longer than any order may be."""

IN_FILE = "_FILE"
"""How the name of a variable ends that names the file of a secret."""
SECRET_CHARACTERS_MAX = 10_000

DEFAULT_LOG = "sqlite:///var/holdingline.db"
DEFAULT_MODE = "live"


def _known(mode: str) -> str:
    try:
        return _MODE.validate_python(mode)
    except ValidationError:
        raise Misused(f"{mode!r} is no mode: write live, training or exercise-<id>, in small letters") from None


def _usable(log: str) -> str:
    scheme_of(log)
    return log


LogUrl = Annotated[
    str,
    typer.Option(
        "--log",
        envvar="HOLDINGLINE_LOG",
        callback=_usable,
        help="The log: sqlite:///relative.db, sqlite:////absolute.db or kafka://host:9092.",
    ),
]
ModeName = Annotated[
    str,
    typer.Option("--mode", envvar="HOLDINGLINE_MODE", callback=_known, help="live, training or exercise-<id>."),
]


def make_room(log: str) -> None:
    """Make the folder `var` for a log in it; any other folder is made by the person who names it."""
    if log.startswith("sqlite:///var/"):
        # Others may pass through to the public pages, as a web server must, and see nothing else in it.
        Path("var").mkdir(mode=0o711, exist_ok=True)


def said(text: str) -> str:
    """The reason that a person gave; `Misused` if it is blank."""
    if not text.strip():
        raise Misused("no reason is given: say why, in a sentence")
    return text


def moment(text: str) -> datetime:
    """Read a moment with its offset, `2026-11-21T23:30:00+00:00`; `Misused` if the text is not one."""
    try:
        # A mere number would be read as seconds since 1970.
        return _MOMENT.validate_python(text if "-" in text[1:] else "")
    except ValidationError:
        raise Misused(f"{text} is no moment: write it with its offset, as in 2026-11-21T23:30:00+00:00") from None


def read_json(path: Path, model: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - the adapter names the type
    """Read a JSON file, `-` for standard input; `Misused` names what is wrong in it."""
    try:
        with ExitStack() as opened:
            file = utf8_input() if str(path) == "-" else opened.enter_context(path.open(encoding="utf-8"))
            text = file.read(JSON_CHARACTERS_MAX + 1)
    except (OSError, UnicodeError) as error:
        raise Misused(f"{path} cannot be read ({error}): give a file of UTF-8 JSON") from None
    if len(text) > JSON_CHARACTERS_MAX:
        raise Misused(f"{path} has more than {JSON_CHARACTERS_MAX} characters: give a shorter one")
    try:
        return model.validate_json(text.removeprefix("\ufeff"))  # Some editors begin a file with this mark.
    except ValidationError as error:
        raise Misused(f"{path} is not as it should be: {says(error)}") from None


def pairs(given: Sequence[str]) -> dict[str, str]:
    """Read `name=value` options; `Misused` if the sign is missing or a name is given twice."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise Misused(f"{one} names no value: write it as name=value")
        if name in found:
            raise Misused(f"{name} is given twice: keep the one that is meant")
        found[name] = value
    return found


def say(answer: object, lines: Sequence[str], *, as_json: bool) -> None:
    """Print the answer as JSON, or its lines for a person."""
    if as_json:
        typer.echo(json_for_terminal(to_json(answer, indent=2).decode()))
    else:
        for line in lines:
            typer.echo(line)


def aside(*, as_json: bool) -> Callable[[str], None]:
    """What tells a person how it goes on; the error stream of a script has nothing but an error in JSON."""
    return lambda sentence: None if as_json else typer.echo(sentence, err=True)


def fail(sentence: str, *, as_json: bool, code: int = 1, more: Mapping[str, Any] | None = None) -> typer.Exit:
    """Print what went wrong to the error stream and give the exit to raise."""
    answer = {"error": sentence, **(more or {})}
    typer.echo(json_for_terminal(to_json(answer).decode()) if as_json else sentence, err=True)
    return typer.Exit(code)


def refusal(refused: Refused, *, as_json: bool) -> typer.Exit:
    """Print why not and, if another person can help, who could; give the exit to raise."""
    more = {"reasons": refused.reasons, "who_could": refused.who_could}
    lines = list(refused.reasons)
    if refused.who_could is not None:
        lines.append(f"who could: {', '.join(refused.who_could) or 'nobody on the register'}")
    return fail("\n".join(lines), as_json=as_json, code=REFUSED_EXIT, more=more)


def sentence_of(error: Exception) -> str:
    """The sentence to show for an error that has one."""
    return f"not as it should be: {says(error)}" if isinstance(error, ValidationError) else str(error)


def secret(name: str) -> str | None:
    """A secret by its name: in the environment, else in the file that `<name>_FILE` names there; None if in neither.

    A file is read anew each time, so that a worker has a changed secret without a restart.
    A name that is a place in a vault is looked up there; `NotSent` says why it is not found.
    """
    return _vault()(name) if name.startswith(VAULT_BEGINS) else _in_environment(name)


def _in_environment(name: str) -> str | None:
    if (written := os.environ.get(name)) is not None:
        return written
    file = os.environ.get(f"{name}{IN_FILE}")
    try:
        return Path(file).read_text(encoding="utf-8")[:SECRET_CHARACTERS_MAX].strip() or None if file else None
    except (OSError, UnicodeDecodeError):
        return None


@cache
def _vault() -> Callable[[str], str]:
    """What this process has read from the vault; who needs no secret from there loads nothing for it."""
    from agents.adapters.secrets.vault import VaultSecrets  # noqa: PLC0415 - a command that only reads starts sooner

    return VaultSecrets(_in_environment)


def zone_of(register: Register | None) -> ZoneInfo:
    """The time zone in which a person reads moments: the trust's, or UTC where the log keeps no register."""
    return ZoneInfo(register.hours.timezone if register else "UTC")
