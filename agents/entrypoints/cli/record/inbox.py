"""`holdingline inbox`: what waits for the yes of one person, and their overdue cases, each with the command to type."""

import asyncio
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    By,
    LogUrl,
    Misused,
    ModeName,
    say,
    zone_of,
)
from agents.entrypoints.cli.order_fields import typed
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.views.tables import Overview
from streams.decisions.desk.order_table import ORDERS
from streams.projections import inbox as projection
from streams.subjects.attention import Waiting
from streams.subjects.state import State
from streams.telling.attention import told_attention, told_content
from streams.values import Subject, SubjectKind
from streams.words.listening.watch import NotOurs
from streams.words.orders import CommandBody
from streams.words.register.changes import ConfirmChange, ProposeChange
from streams.words.register.entries import Register
from streams.words.release import SignOff

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class ShownYes:
    """One thing that waits for a person's yes: what it is, and the commands to choose one of."""

    waits: Waiting
    content: Sequence[str]
    commands: Sequence[str]
    zone: tzinfo

    def lines(self) -> Iterator[str]:
        """What to read, and below it what to type."""
        yield told_attention(self.waits, self.zone)
        yield from (f"    {line}" for line in self.content)
        yield from (f"  {command}" for command in self.commands)

    def answer(self) -> Mapping[str, Any]:
        """The same for a program."""
        shown = {"says": told_attention(self.waits, self.zone), "content": self.content, "commands": self.commands}
        return {**self.waits.model_dump(mode="json"), **shown}


@app.command()
def inbox(by: By, *, log: LogUrl = DEFAULT_LOG, mode: ModeName = DEFAULT_MODE, as_json: AsJson = False) -> None:
    """Show what waits for your yes, and your overdue cases, with the command to type; it needs no running worker.

    What the rules would refuse you now is left out. It is judged by the register that was in force last.
    """
    seen, register = asyncio.run(_look(mode, log))
    shown: list[ShownYes] = []
    if register:
        if by not in register.people:
            raise Misused(f"{by} is not on the register: give your identifier as the register has it")
        shared = _shared(by, log=log, mode=mode)
        now = SystemClock().now()
        for state in seen.states:
            found = projection.inbox(by, state, register=register, now=now)
            shown += [_shown(one, state, shared, zone=zone_of(register)) for one in found]
    lines = [line for one in shown for line in one.lines()] or [f"nothing waits for the yes of {by}"]
    say([one.answer() for one in shown], lines, as_json=as_json)


def _shown(one: Waiting, state: State, shared: Sequence[str], *, zone: tzinfo) -> ShownYes:
    commands = [_command(body, state.subject, shared) for body in projection.answers(one, state)]
    return ShownYes(one, [*told_content(one, state, zone=zone)], commands, zone)


def _command(body: CommandBody, subject: Subject, shared: Sequence[str]) -> str:
    """The command line that gives this order; one that shows the content and asks for the yes takes no hash."""
    kind = ORDERS[type(body)]
    name = kind.command or body.kind
    by_key = kind.about is None and subject.kind not in {SubjectKind.INCIDENT, SubjectKind.REGISTER}
    alone = kind.about is SubjectKind.REGISTER and (kind.command or "").startswith("register ")
    names_none = alone or kind.about is SubjectKind.WATCH
    about = [] if names_none else [subject.key if by_key else subject.id]
    fields = typed(body, without=["content_hash"] if isinstance(body, ConfirmChange | SignOff) else [])
    if isinstance(body, NotOurs):
        fields = ["--reason", *fields]
    if isinstance(body, ProposeChange):
        fields = [f"{body.section}/{body.entry}", "--reason", body.reason]
    return shlex.join(["holdingline", *name.split(), *about, *fields, *shared])


def _shared(by: str, *, log: str, mode: str) -> Sequence[str]:
    """Who gives the order and where, as far as it is not what a command does by itself."""
    where = {"--log": (log, DEFAULT_LOG), "--mode": (mode, DEFAULT_MODE)}
    named = [word for name, (given, usual) in where.items() if given != usual for word in (name, given)]
    return ["--as", by, *named]


async def _look(mode: str, log: str) -> tuple[Overview, Register | None]:
    """Everything in memory, and the register that was in force last."""
    async with open_door(mode, log) as door:
        return await door.overview(), await door.last_good_register()
