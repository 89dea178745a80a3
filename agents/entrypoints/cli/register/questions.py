"""Questions to the registers: who may do what, and is everything in them as it should be."""

from pathlib import Path
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import UnusableRegisters, data_folder, load, report
from agents.adapters.registers import check as check_registers
from agents.adapters.registers import hashes as content_hashes
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    REFUSED_EXIT,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    fail,
    moment,
    say,
)
from agents.entrypoints.cli.overviews.risks import grave_lines
from agents.entrypoints.cli.register.in_force import (
    accounts_in,
    approvals_in,
    register_log,
    told_of_files,
    told_of_holds,
    told_of_proof,
    told_of_service,
    told_standing,
    told_unheard,
)
from agents.entrypoints.worker import pagers
from agents.entrypoints.worker.channels import SETTINGS
from agents.entrypoints.worker.feeds.wiring import SETTINGS as FEED_SETTINGS
from agents.entrypoints.worker.own_pages import page_faults
from streams.decisions.authority.powers import Act, may_order
from streams.decisions.verdict import Refused
from streams.moments import told_in
from streams.telling.templates import told_checks, told_unapproved
from streams.values import IncidentType, Power
from streams.words.register.changes import in_force

app = typer.Typer()


@app.command()
def can(  # budget: what authority depends on
    person: Annotated[str, typer.Argument(help="A person of the register.")],
    power: Annotated[Power, typer.Argument(help="What they want to do.")],
    *,
    type: Annotated[IncidentType | None, typer.Option(help="The incident's type.")] = None,  # noqa: A002 - the option's name
    level: Annotated[int | None, typer.Option(min=1, max=4, help="The incident's level.")] = None,
    channel: Annotated[str | None, typer.Option(help="The channel.")] = None,
    at: Annotated[str | None, typer.Option(help="The hour, with offset; now, if none is given.")] = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a person may do something, by which rule and until when, or why not and who could; exit code 3."""
    act = Act(power, moment(at) if at else SystemClock().now(), type=type, level=level, channel=channel)
    files, changes = load(data_folder(register)), register_log(mode, log).changes
    standing = in_force(files, changes, mode=mode)
    if channel is not None and channel not in standing.channels:
        raise Misused(f"there is no channel {channel} in force: choose one of {', '.join(standing.channels)}")
    verdict = may_order(person, act, channels=(), register=standing)
    if isinstance(verdict, Refused):
        # A person who is new, or whose power is not confirmed yet, has to hear what is left to do.
        waits = [line for line in told_standing(files, changes, mode=mode) if f" people {person} (" in line]
        could = f"who could: {', '.join(verdict.who_could or ()) or 'nobody on the register'}"
        lines = [*verdict.reasons, *waits, could]
        more = {"allowed": False, "reasons": verdict.reasons, "who_could": verdict.who_could}
        raise fail("\n".join(lines), as_json=as_json, code=REFUSED_EXIT, more=more)
    yes = f"yes, by rule {verdict.rule}, until {told_in(standing.hours.zone, verdict.until)}"
    say({"allowed": True, "rule": verdict.rule, "until": verdict.until}, [yes], as_json=as_json)


@app.command()
def hashes(*, register: RegisterFolder = None, as_json: AsJson = False) -> None:
    """Print the content hash of every template; an approval is bound to it."""
    found = content_hashes(data_folder(register))
    say(found, [f"{content_hash}  {file}" for file, content_hash in found.items()], as_json=as_json)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The folder of registers and templates.")] = None,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find every fault in registers and templates, with file, line and a sentence; exit code 1 on any.

    If they can be read, say also which entries are not in force yet, which holds no one can lift any more, and what the
    message checks advise on each template, with its reading age.
    """
    files = folder or register
    faults = check_registers(
        data_folder(files),
        SystemClock().now(),
        settings=SETTINGS,
        pagers=pagers.SETTINGS,
        accounts_heard=FEED_SETTINGS,
        approvals=approvals_in(mode, log),
        accounts=accounts_in(mode, log),
    )
    faults = [*faults, *page_faults(data_folder(files))]
    try:
        where = {"mode": mode, "log": log}
        standing = [*told_of_proof(files, **where), *told_of_files(files, **where), *told_of_holds(files, **where)]
        written = load(data_folder(files))
        standing += [*told_unapproved(written), *told_unheard(written, mode), *told_checks(written)]
        standing += grave_lines(written)
    except UnusableRegisters:
        standing = []
    standing += told_of_service(mode, log)
    if faults:
        found = [{"file": one.file, "line": one.line, "sentence": one.sentence} for one in faults]
        more = {"faults": found, "standing": standing}
        raise fail("\n".join([*report(faults), *standing]), as_json=as_json, more=more)
    say({"faults": [], "standing": standing}, ["no faults", *standing], as_json=as_json)
