"""`holdingline`: the command line. Every command answers in words, or with JSON when asked.

A command's module is imported when the command is named, so that a question to the record waits for nothing else.
"""

import gc
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from agents.entrypoints.commands import MODULE_OF, SECTIONS
from agents.entrypoints.garbage import look_seldom
from agents.entrypoints.terminal import UNWRITTEN_EXIT, Unwritten, give_up_output, terminals
from streams.values import RULES_VERSION

GOING_ON = frozenset({"serve", "console", "exercise"})
"""Every other command ends soon: to look for what it leaves in cycles takes a tenth of its time, and frees nothing."""
NOTHING_DONE = "Nothing was ordered, and nothing has changed."
"""Every question comes before what it asks about is done."""


class Commands(TyperGroup):
    """The commands of every module; one is looked up in its own module only."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer has a context of its own
        """Every command, in the order of the help."""
        del ctx
        return list(MODULE_OF)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """The command of this name; None if there is none."""
        del ctx
        module = MODULE_OF.get(cmd_name)
        found = commands_of(module).get(cmd_name) if module else None
        if cmd_name in GOING_ON and not gc.isenabled():
            look_seldom()
        return found

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Every command in a line, under its heading; no module is imported for it."""
        del ctx
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """The command that is named; a name that nearly is a command's is answered with that."""
        if args[0] not in MODULE_OF and (near := get_close_matches(args[0], MODULE_OF)):
            ctx.fail(f"there is no command {args[0]}: did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Run the command; who answers its question with no, or breaks it off, hears that nothing came of it."""
        try:
            return super().invoke(ctx)
        except typer.Abort as error:
            if error.__context__:  # Who breaks off is still on the line of the question.
                typer.echo(err=True)
            typer.echo(NOTHING_DONE, err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    name="holdingline",
    cls=Commands,
    help="A trust's first true word in public within minutes: right, signed off, once on each channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(wanted: bool) -> None:
    """Print the release and the version of its rules, which each fact names, and end."""
    if wanted:
        typer.echo(f"holdingline {version('holdingline')}, rules of {RULES_VERSION}")
        raise typer.Exit


@app.callback()
def holdingline(
    *,
    asked: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which release this is, and end."),
    ] = False,
) -> None:
    """A trust's first true word in public within minutes: right, signed off, once on each channel."""
    del asked


def commands_of(module: str) -> Mapping[str, Any]:
    """The commands that a module has, by name."""
    part: Any = import_module(module)
    part.app.rich_markup_mode = None  # Its colours are signs that a `Terminal` writes out.
    return get_group(part.app).commands


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. An error that has a sentence of its own is shown as that. Ends with `SystemExit`."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # In a process of its own also a command that goes on: until its module is imported, nothing is left to look for.
    if arguments is None or not GOING_ON.intersection(given):
        gc.disable()
    try:
        with terminals():
            _run(given)
    finally:
        gc.enable()
        if arguments is None:
            # The process ends: to look once more among all that there is takes a sixth of a question's time.
            gc.freeze()


def _run(given: Sequence[str]) -> None:
    try:
        app(given)
    except Unwritten as error:
        give_up_output()
        from agents.entrypoints.cli.options import fail  # noqa: PLC0415 - only a command that failed needs it

        sys.exit(fail(str(error), as_json="--json" in given, code=UNWRITTEN_EXIT).exit_code)
    except Exception as error:
        if (sentence := _sentence_of(error)) is None:
            raise
        from agents.entrypoints.cli.options import fail  # noqa: PLC0415 - as above

        sys.exit(fail(sentence, as_json="--json" in given).exit_code)


def _way_in(closed: Path) -> str:
    """The owner of a file, or of the folder that hides it; a group mostly has the name of its user."""
    for one in (closed, *closed.parents):
        with suppress(OSError, KeyError):
            owner, group = one.owner(), one.group()
            user = group if owner == "root" else owner
            belongs = f"{one} belongs to the user {owner} and the group {group}"
            return f"{belongs}; run this as `sudo -u {user}`, or have it opened to your user"
    return "run this as the user it belongs to, or have it opened to yours"


def _sentence_of(error: Exception) -> str | None:
    """What to tell a person about an error that has a sentence of its own; None for any other."""
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    from agents.adapters.registers import UnusableRegisters  # noqa: PLC0415 - as above
    from agents.entrypoints.cli.options import sentence_of  # noqa: PLC0415 - as above
    from infra.log import LogError  # noqa: PLC0415 - as above
    from streams.errors import MessageError  # noqa: PLC0415 - as above

    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename} is closed to you: {_way_in(Path(error.filename))}"
    spoken = isinstance(error, LogError | MessageError | UnusableRegisters | ValidationError)
    return sentence_of(error) if spoken else None
