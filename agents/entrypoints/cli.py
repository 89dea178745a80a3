"""`holdingline`: the command line. Every command answers in words, or with JSON when asked."""

import sys
from collections.abc import Sequence

import typer
from pydantic import ValidationError

from agents.adapters.registers import UnusableRegisters
from agents.entrypoints import (
    anchoring,
    changing,
    delegations,
    evidence,
    examining,
    exercising,
    feeding,
    keys,
    orders,
    records,
    registering,
    serving,
    showing,
    topics,
)
from agents.entrypoints.options import fail, sentence_of
from infra.log import LogError
from streams.errors import MessageError

app = typer.Typer(
    name="holdingline",
    help="A trust's first true word in public within minutes: right, signed off, once on each channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for part in (
    serving,
    exercising,
    orders,
    keys,
    feeding,
    records,
    evidence,
    anchoring,
    registering,
    delegations,
    showing,
    topics,
    examining,
):
    app.add_typer(part.app)
showing.register_app.add_typer(changing.app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what can be said in a sentence is said in one. Ends with `SystemExit`."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(given)
    except (LogError, MessageError, UnusableRegisters, ValidationError) as error:
        sys.exit(fail(sentence_of(error), as_json="--json" in given).exit_code)
