"""`holdingline`: the command line. Every command answers in words, or with JSON when asked."""

import sys
from collections.abc import Sequence

import typer
from pydantic import ValidationError

from agents.adapters.registers import UnusableRegisters
from agents.entrypoints.cli import doctor, exercise, feed, orders, topics
from agents.entrypoints.cli.options import fail, sentence_of
from agents.entrypoints.cli.record import anchor, evidence, records
from agents.entrypoints.cli.register import changes, delegations, keys, questions, show
from agents.entrypoints.worker import serve
from infra.log import LogError
from streams.errors import MessageError

app = typer.Typer(
    name="holdingline",
    help="A trust's first true word in public within minutes: right, signed off, once on each channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for part in (
    serve,
    exercise,
    orders,
    keys,
    feed,
    records,
    evidence,
    anchor,
    questions,
    delegations,
    show,
    topics,
    doctor,
):
    app.add_typer(part.app)
show.register_app.add_typer(changes.app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what can be said in a sentence is said in one. Ends with `SystemExit`."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(given)
    except (LogError, MessageError, UnusableRegisters, ValidationError) as error:
        sys.exit(fail(sentence_of(error), as_json="--json" in given).exit_code)
