"""`holdingline approve` and `holdingline delegation approve`: a second person reads the words, and orders the yes."""

from collections.abc import Iterable
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import approve as approve_template
from agents.adapters.registers import approve_delegation as approve_for_file
from agents.adapters.registers import as_yaml, data_folder, delegation_as_yaml, load
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    By,
    LogUrl,
    ModeName,
    RegisterFolder,
    refusal,
    say,
)
from agents.entrypoints.cli.orders import give
from agents.entrypoints.cli.register.in_force import standing_register
from agents.entrypoints.cli.signatures import KeyFile
from streams.decisions.verdict import Refused
from streams.telling.approvals import told_delegation, told_template
from streams.telling.facts import apart
from streams.values import THE_REGISTER, TRAINING
from streams.words.register.approvals import ApproveContent, must_sign
from streams.words.register.changes import in_mode

app = typer.Typer()
delegation_app = typer.Typer()
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing more: what is shown is what is meant.")]
ForFile = Annotated[
    bool,
    typer.Option(
        "--print",
        help="Give no order: print the lines for the file, which count in drills, and for people who need no key.",
    ),
]


@app.command()
def approve(  # budget: what, by whom, with which key, from which files, on which log
    template: Annotated[str, typer.Argument(help="The template to approve.")],
    by: By,
    *,
    yes: Yes = False,
    for_file: ForFile = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Show every text of a template and approve exactly that content for a year; never your own template.

    It is an order of yours, which the register's log keeps: with a key, nobody else can give it in your name.
    """
    # Who has to sign is for the worker to judge; the files say who has the power.
    files = in_mode(load(data_folder(register)), TRAINING)
    verdict = approve_template(files, template, by=by, at=SystemClock().now())
    if isinstance(verdict, Refused):
        raise refusal(verdict, as_json=as_json)
    _show(told_template(files.templates[template], files))
    if for_file:
        say(verdict.model_dump(mode="json"), [as_yaml(verdict)], as_json=as_json)
        return
    _require_yes(yes=yes)
    order = ApproveContent(section="templates", entry=template, content_hash=verdict.content_hash)
    give([order], {"subject": THE_REGISTER, "by": by, "mode": mode, "log": log, "key": key, "as_json": as_json})


@delegation_app.command("approve")
def approve_delegation(  # budget: what, by whom, with which key, from which files, on which log
    chain: Annotated[str, typer.Argument(help="The chain whose delegation to approve.")],
    *,
    by: By,
    yes: Yes = False,
    for_file: ForFile = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what a chain delegates and approve exactly that for a year.

    A person who must sign gives this order for what they delegate themselves, too: a file can name anybody.
    """
    files = standing_register(register, mode=mode, log=log)
    found = files.chains.get(chain)
    own = found is not None and found.delegated is not None and found.delegated.delegated_by == by
    own = own and must_sign(by, files)
    if not own or for_file:
        verdict = approve_for_file(in_mode(files, TRAINING), chain, by=by, at=SystemClock().now())
        if isinstance(verdict, Refused):
            raise refusal(verdict, as_json=as_json)
        found = verdict
    if found is None:
        return
    _show(told_delegation(found, files))
    if for_file:
        say(found.model_dump(mode="json"), [delegation_as_yaml(found)], as_json=as_json)
        return
    _require_yes(yes=yes)
    order = ApproveContent(section="chains", entry=chain, content_hash=found.delegation_hash())
    give([order], {"subject": THE_REGISTER, "by": by, "mode": mode, "log": log, "key": key, "as_json": as_json})


def _show(lines: Iterable[str]) -> None:
    """On the error stream, so that a program that reads the answer finds nothing else in it."""
    for line in lines:
        typer.echo(apart(line), err=True)


def _require_yes(*, yes: bool) -> None:
    if not yes:
        typer.confirm("Do you approve exactly these words?", abort=True, err=True)
