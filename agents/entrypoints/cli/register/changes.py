"""`holdingline register`: changes of power, each by two people: found, propose, confirm, withdraw, and what waits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    By,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    identified,
    said,
    say,
)
from agents.entrypoints.cli.orders import give
from agents.entrypoints.cli.register.in_force import register_log, told_standing
from agents.entrypoints.cli.signatures import KeyFile
from streams.telling.changes import as_difference, told_difference, told_waiting
from streams.telling.facts import apart
from streams.values import THE_REGISTER
from streams.words.register.changes import (
    SECTIONS,
    Change,
    ChangeOrder,
    Changes,
    ConfirmChange,
    Difference,
    FoundRegister,
    ProposeChange,
    Section,
    WithdrawChange,
    contents_of,
    differences,
    founding_hash,
    in_mode,
)
from streams.words.register.entries import Register

app = typer.Typer()

ChangeId = Annotated[
    str, typer.Argument(callback=identified, help="The change, as `holdingline register changes` shows it.")
]
Reason = Annotated[str, typer.Argument(callback=said, help="Why, in a sentence.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing more: what is shown is what is meant.")]


@app.command()
def changes(
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show what waits for another person's yes, and which entries of the files are not in force yet."""
    known, files = register_log(mode, log).changes, in_mode(load(data_folder(register)), mode)
    lines = [*told_standing(files, known, mode=mode)]
    for change in known.waiting.values():
        lines += [
            told_waiting(change, files.hours.zone),
            *_shown(change, known, files),
            f"  content {change.content_hash}",
        ]
    answer = {
        "founded_at": known.founded_at,
        "waiting": [change.model_dump(mode="json") for change in known.waiting.values()],
        "not_in_force": [one.model_dump(mode="json") for one in differences(files, known)],
    }
    say(answer, [*map(apart, lines)], as_json=as_json)


@app.command()
def found(  # budget: who, with which key, from which files, on which log
    by: By,
    *,
    yes: Yes = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose that the files as they are be the register from which every change starts; another person confirms.

    In a register that was founded before, this is about what came with a later release: the responders.
    """
    files, known = in_mode(load(data_folder(register)), mode), register_log(mode, log).changes
    content = founding_hash(files, known, sections=SECTIONS)
    _require_yes([*_entries(files, known.to_found), f"content {content}"], yes=yes)
    order = FoundRegister(content_hash=content, sections=SECTIONS)
    _give([order], by, mode=mode, log=log, key=key, as_json=as_json)


@app.command()
def propose(  # budget: what, why, by whom, with which key, from which files, on which log
    entries: Annotated[list[str] | None, typer.Argument(help="As people/NAME; all that differ if none.")] = None,
    *,
    by: By,
    reason: Annotated[str, typer.Option(callback=said, help="Why, in a sentence.")],
    yes: Yes = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose the entries of the files that are not in force; another person confirms each of these changes."""
    known = register_log(mode, log).changes
    wanted = _choose(differences(load(data_folder(register)), known), entries or [])
    _require_yes([line for one in wanted for line in told_difference(one)], yes=yes)
    orders = [ProposeChange(section=one.section, entry=one.entry, content=one.new, reason=reason) for one in wanted]
    _give(orders, by, mode=mode, log=log, key=key, as_json=as_json)


@app.command()
def confirm(  # budget: what, by whom, with which key, from which files, on which log
    change: Annotated[
        str | None,
        typer.Argument(
            callback=identified, help="The change, as `holdingline register changes` shows it, if several wait."
        ),
    ] = None,
    content_hash: Annotated[str | None, typer.Argument(help="The hash of what you read; asked for if none.")] = None,
    *,
    by: By,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Say yes to a change after reading what is in force and what shall be; never to your own."""
    known, files = register_log(mode, log).changes, in_mode(load(data_folder(register)), mode)
    only = next(iter(known.waiting)) if change is None and len(known.waiting) == 1 else change
    found = known.waiting.get(only or "")
    if found is None:
        if not known.waiting:
            none = "no change waits for a yes"
            raise Misused(f"{none}: propose one first, with `holdingline register propose`, or `found` for the first")
        told = f"no change {change} waits" if change else "several changes wait, so name the one that you mean"
        raise Misused(f"{told}: those that do: {', '.join(known.waiting)}")
    _require_yes([told_waiting(found, files.hours.zone), *_shown(found, known, files)], yes=content_hash is not None)
    order = ConfirmChange(change_id=found.id, content_hash=content_hash or found.content_hash)
    _give([order], by, mode=mode, log=log, key=key, as_json=as_json)


@app.command()
def withdraw(  # budget: what, why, by whom, with which key, on which log
    change: ChangeId,
    reason: Reason,
    *,
    by: By,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Take a change back before it is confirmed: one person is enough."""
    order = WithdrawChange(change_id=change, reason=reason)
    _give([order], by, mode=mode, log=log, key=key, as_json=as_json)


def _give(  # budget: the parts of an order that come from options
    orders: Sequence[ChangeOrder], by: str, *, mode: str, log: str, key: Path | None, as_json: bool
) -> None:
    give(orders, {"subject": THE_REGISTER, "by": by, "mode": mode, "log": log, "key": key, "as_json": as_json})


def _choose(found: Sequence[Difference], entries: Sequence[str]) -> Sequence[Difference]:
    """The differences that the person named; `Misused` if one of them does not differ."""
    named = {f"{one.section}/{one.entry}": one for one in found}
    if not named:
        raise Misused("nothing differs from what is in force, or the register is not founded: see `register changes`")
    for entry in entries:
        if entry not in named:
            raise Misused(f"{entry} does not differ from what is in force: choose of {', '.join(named)}")
    return [named[entry] for entry in entries or named]


def _shown(change: Change, known: Changes, files: Register) -> Sequence[str]:
    """What a change brings. For the founding: what these files hold, if their hash is the one it names."""
    difference = as_difference(change, known)
    if difference:
        return [f"  {line}" for line in told_difference(difference)]
    if founding_hash(files, known, sections=change.sections) != change.content_hash:
        return ["  its entries are not those of the files here: read them where they lie, see --register"]
    return [f"  {line}" for line in _entries(files, change.sections)]


def _entries(files: Register, sections: Sequence[Section]) -> Sequence[str]:
    """Every entry that a founding lets count."""
    return [f"{section} {name}" for section, name, _ in contents_of(files, sections)]


def _require_yes(lines: Sequence[str], *, yes: bool) -> None:
    """Show what is about to be ordered; go on only if the person says yes."""
    for line in lines:
        typer.echo(apart(line), err=True)
    if not yes:
        typer.confirm("Is this what you mean?", abort=True, err=True)
