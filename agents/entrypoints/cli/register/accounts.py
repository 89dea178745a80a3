"""`holdingline accounts`: the accounts on which we speak, whose they are, how old each secret is, and its last test."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    ModeName,
    RegisterFolder,
    say,
    zone_of,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.views.tables import Overview
from infra.log import LogError
from infra.operating import has_log
from streams.decisions.accounts.secret_age import SecretAge, age_of
from streams.decisions.register.risks import graver_first
from streams.subjects.account import AccountLog
from streams.subjects.register_log import RegisterLog
from streams.telling.changes import told_shut, told_test
from streams.telling.facts import apart
from streams.words.register.changes import in_force
from streams.words.register.entries import ChannelEntry, Register
from streams.words.risks.entries import Risk

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """One account as the register and the record have it."""

    entry: ChannelEntry
    state: AccountLog | None
    age: SecretAge | None
    fault: str | None
    risks: Sequence[Risk]

    def lines(self, register: Register, *, now: datetime, zone: tzinfo) -> Iterator[str]:
        """What a person reads of it."""
        entry = self.entry
        platform = entry.options.get("platform")
        yield f"{entry.id}: {entry.title} ({entry.kind}{f', {platform}' if platform else ''})"
        reach = ", ".join(register.called(one) for one in entry.reach) or "no one is named"
        yield f"  for {entry.purpose or '(no purpose is named)'}"
        yield f"  its owner is {register.called(entry.owner)}; who else can reach it: {reach}"
        if entry.schedulers:
            yield f"  other programs that post there: {', '.join(one.name for one in entry.schedulers)}"
        yield f"  {self._secret(now)}"
        rated = [f"{one.id} ({one.after.score}, {one.after.band})" for one in self.risks]
        yield f"  risks, with their scores after mitigation: {', '.join(rated) or 'none is assessed'}"
        noted = self.state.noted if self.state else None
        if self.fault:
            yield f"  nothing can go out: {self.fault}"
        elif noted and (test := told_test(noted, zone)):
            yield f"  {test}"
        else:
            yield "  no test is noted: a worker tests what a machine can reach"
        if self.state and self.state.shut:
            yield f"  {told_shut(self.state.shut, zone)}"

    def answer(self, now: datetime) -> Mapping[str, Any]:
        """The same for a program."""
        entry, age = self.entry, self.age
        shown = entry.model_dump(mode="json", include={"id", "kind", "title", "owner"})
        more = {"purpose": entry.purpose, "reach": entry.reach, "secret": entry.credential and entry.credential.called}
        dates = {"changed_at": age and age.changed_at, "due_at": age and age.due_at}
        state = self.state.model_dump(mode="json", include={"shut", "noted"}) if self.state else {}
        amiss = {"overdue": bool(age and age.is_overdue(now)), "fault": self.fault}
        return {**shown, **more, **dates, **amiss, "risks": [one.id for one in self.risks], **state}

    def _secret(self, now: datetime) -> str:
        age, credential = self.age, self.entry.credential
        if age is None:
            return "it has no secret"
        where = f"secret {credential.called}" if credential else "the secret that people have"
        if age.changed_at is None or age.due_at is None:
            return f"{where}: no day is noted on which it was changed"
        word = "OVERDUE since" if age.is_overdue(now) else "to be changed by"
        return f"{where}: changed on {age.changed_at:%d %b %Y}, {word} {age.due_at:%d %b %Y}"


@app.command()
def accounts(
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """List every account on which we speak: whose it is, what for, how old its secret is, its last test, who shut it.

    No secret is shown, only the name of the variable in which the worker finds it. It needs no running worker.
    If the log does not answer, the accounts are listed as the files have them.
    """
    files, now = load(data_folder(register)), SystemClock().now()
    seen = Overview([], cases=[], ended=[])
    if has_log(log):
        try:
            seen = asyncio.run(_look(mode, log))
        except LogError as error:
            typer.echo(f"what the record has of the accounts cannot be told: {error}", err=True)
    own = seen.register_log or RegisterLog(mode=mode)
    counts = in_force(files, own.changes, mode=mode)
    shown = _listing(counts, own, seen.accounts)
    lines = [apart(line) for one in shown for line in one.lines(counts, now=now, zone=zone_of(counts))]
    say([one.answer(now) for one in shown], lines or ["the register names no channel"], as_json=as_json)


def _listing(register: Register, own: RegisterLog, accounts: Sequence[AccountLog]) -> Sequence[ShownAccount]:
    states, graver = {one.id: one for one in accounts}, graver_first(register)
    found = []
    for name, entry in register.channels.items():
        state = states.get(name)
        fault = own.routes[name].fault if name in own.routes else None
        risks = [one for one in graver if name in one.channels]
        found.append(ShownAccount(entry, state, age_of(entry, state, register=register), fault, risks))
    return found


async def _look(mode: str, log: str) -> Overview:
    async with open_door(mode, log) as door:
        return await door.overview()
