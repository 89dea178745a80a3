"""`holdingline doctor`: what the log promises, and whether everything is ready to serve, with what to do if not."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import UnusableRegisters, data_folder, load
from agents.adapters.registers import check as check_registers
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    ModeName,
    RegisterFolder,
    fail,
    say,
    zone_of,
)
from agents.entrypoints.cli.overviews.risks import grave_lines
from agents.entrypoints.cli.register.in_force import (
    accounts_in,
    approvals_in,
    standing_register,
    told_of_files,
    told_of_proof,
    told_of_service,
    told_of_unfounded,
    told_unheard,
)
from agents.entrypoints.outgoing import outgoing as places_reached
from agents.entrypoints.pack_note import told_of_pack
from agents.entrypoints.worker import pagers
from agents.entrypoints.worker.channels import SETTINGS
from agents.entrypoints.worker.feeds.wiring import SETTINGS as FEED_SETTINGS
from agents.entrypoints.worker.own_pages import page_faults
from agents.entrypoints.worker.secrets import unset
from agents.runtime.cluster.doctor import Finding, examine
from infra.addresses import scheme_of
from infra.grounds import PROMISES
from infra.log import LogError
from streams.decisions.channels.kinds import kind_of
from streams.telling.changes import told_shut
from streams.values import LIVE
from streams.words.delivery import Resolution
from streams.words.register.entries import Register

app = typer.Typer()

GROUNDS = ("sqlite", "kafka")
LOST: Mapping[Resolution, str] = {
    Resolution.SEND_AGAIN: "is sent to again, which doubles nothing",
    Resolution.READ_BACK: "is read back",
    Resolution.ASK_A_PERSON: "waits for a person who looks: see `holdingline resolve`",
}
Secrets = Annotated[
    bool,
    typer.Option("--secrets", help="Also look for the secrets of channels and pagers here, where the worker runs."),
]
Promises = Annotated[bool, typer.Option("--promises", help="Only compare what the grounds promise.")]

Outgoing = Annotated[
    bool,
    typer.Option("--outgoing", help="Only list the hosts and ports that this mode connects to, for your firewall."),
]


@app.command()
def doctor(  # budget: what it looks at, and how it answers
    *,
    promises: Promises = False,
    outgoing: Outgoing = False,
    secrets: Secrets = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check the log, its worker, topics, room, clock and registers; exit code 1 if something needs doing."""
    if promises:
        say(promises_of(*GROUNDS), [line for ground in GROUNDS for line in _in_words(ground)], as_json=as_json)
        return
    if outgoing:
        now, folder = SystemClock().now(), data_folder(register)
        places = places_reached(load(folder, now), folder, mode=mode, log=log, now=now)
        say([asdict(one) for one in places], [one.told() for one in places], as_json=as_json)
        return
    ground = scheme_of(log)
    findings = [*asyncio.run(examine(mode, log, now=SystemClock().now())), _registers(register, mode=mode, log=log)]
    files = _files(register)
    findings += _proof(register, mode=mode, log=log)
    findings += [*([_channels(files)] if files else []), _accounts(mode=mode, log=log, zone=zone_of(files))]
    findings += [_partners(files, mode), _risks(files)] if files else []
    findings += [*_pack(register, mode=mode, log=log), *([_secrets(register, mode)] if secrets else [])]
    lines = [f"{'ok' if one.ok else 'PROBLEM':<8} {one.about:<9} {one.words}" for one in findings]
    answer = {"findings": [asdict(one) for one in findings], "promises": promises_of(ground)}
    if not all(one.ok for one in findings):
        raise fail("\n".join(lines), as_json=as_json, more=answer)
    say(answer, [*lines, *_in_words(ground)], as_json=as_json)


def promises_of(*grounds: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What each kind of log promises, and what it does not."""
    return {
        ground: [
            {"name": name, "what": one.what, "holds": one.holds(ground), "means": _means(name, ground)}
            for name, one in PROMISES.items()
        ]
        for ground in grounds
    }


def _in_words(ground: str) -> Sequence[str]:
    lines = [f"what {ground} promises:"]
    for name, one in PROMISES.items():
        lines.append(f"  {'yes' if one.holds(ground) else 'no':<4} {one.what} {_means(name, ground)}")
    return lines


def _means(name: str, ground: str) -> str:
    return {"sqlite": PROMISES[name].sqlite, "kafka": PROMISES[name].kafka}[ground][1]


def _registers(register: RegisterFolder, *, mode: str, log: str) -> Finding:
    now = SystemClock().now()
    faults = check_registers(
        data_folder(register),
        now,
        settings=SETTINGS,
        pagers=pagers.SETTINGS,
        accounts_heard=FEED_SETTINGS,
        approvals=approvals_in(mode, log),
        accounts=accounts_in(mode, log),
    )
    faults = [*faults, *page_faults(data_folder(register))]
    if faults:
        words = [f"{faults[0].sentence}; {len(faults)} in all: see `holdingline check`", *told_of_service(mode, log)]
        return Finding("registers", ok=False, words="; ".join(words))
    if unfounded := told_of_unfounded(register, mode=mode, log=log):
        return Finding("registers", ok=False, words="; ".join(unfounded))
    founded, *unconfirmed = told_of_files(register, mode=mode, log=log)
    more = f"; {len(unconfirmed)} entries wait: see `holdingline register changes`" if unconfirmed else ""
    return Finding("registers", ok=True, words=f"no faults; {founded}{more}")


def _proof(register: RegisterFolder, *, mode: str, log: str) -> Sequence[Finding]:
    """Whether orders prove who gave them; nothing if the registers cannot be read."""
    try:
        told = told_of_proof(register, mode=mode, log=log)
    except UnusableRegisters:
        return []
    return [Finding("proof", ok=not told, words="; ".join(told) or "every order in live is signed, or this is a drill")]


def _files(register: RegisterFolder) -> Register | None:
    """The registers as they are written; None if they cannot be read, which is a finding of its own."""
    try:
        return load(data_folder(register))
    except UnusableRegisters:
        return None


def _channels(files: Register) -> Finding:
    """What to expect of each channel when an answer is lost."""
    rows = {one.id: kind_of(one) for one in files.channels.values()}
    known = [f"{name} ({row.name}) {LOST[row.resolution]}" for name, row in rows.items() if row]
    strange = [name for name, row in rows.items() if row is None]
    words = "; ".join([*known, *(f"{name} is of a kind that nobody knows" for name in strange)])
    return Finding("channels", ok=not strange, words=f"when an answer is lost: {words}")


def _partners(files: Register, mode: str) -> Finding:
    """Which partners no feed hears: a person may bring their posts, so that is no problem; but it is to be known."""
    silent = told_unheard(files, mode)
    return Finding("partners", ok=True, words="; ".join(silent) or "every partner is heard, or this mode hears none")


def _risks(files: Register) -> Finding:
    """Whether risks are assessed, and which stay extreme; no problem of the service, since no release waits for it."""
    told = "; ".join(grave_lines(files))
    return Finding("risks", ok=True, words=told or "no risk stays extreme after its mitigations")


def _accounts(*, mode: str, log: str, zone: tzinfo) -> Finding:
    """Which accounts a person shut; the age of their secrets is among the faults of the registers."""
    shut = [f"{name}: {told_shut(one.shut, zone)}" for name, one in accounts_in(mode, log).items() if one.shut]
    words = "; ".join(shut) or "no account is shut"
    return Finding("accounts", ok=not shut, words=words)


def _pack(register: RegisterFolder, *, mode: str, log: str) -> Sequence[Finding]:
    """Whether the offline pack is too old or of another register; nothing in a drill, or if nothing can be read."""
    if mode != LIVE:
        return []
    try:
        known = standing_register(register, mode=mode, log=log)
    except (UnusableRegisters, LogError):
        return []
    is_true, words = told_of_pack(data_folder(register), known, now=SystemClock().now())
    return [Finding("pack", ok=is_true, words=words)]


def _secrets(register: RegisterFolder, mode: str) -> Finding:
    """The machine that runs the doctor need not have the worker's secrets, so a missing one is only noted."""
    try:
        lacking = unset(load(data_folder(register)), mode=mode)
    except UnusableRegisters:
        return Finding("secrets", ok=False, words="the registers cannot be read, so they name no secrets: mend them")
    return Finding("secrets", ok=not lacking, words="; ".join(lacking) or "every secret of this mode is set")
