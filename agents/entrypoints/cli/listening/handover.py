"""`holdingline hand-on-case`: one case, several, or all that a person has; each is an order and a fact of its own."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import uuid4  # noqa: TID251 - a person who gives an order twice means two orders

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    REFUSED_EXIT,
    AsJson,
    By,
    LogUrl,
    Misused,
    ModeName,
    aside,
    fail,
    identified,
    said,
    say,
)
from agents.entrypoints.cli.orders import give
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.signatures import KeyFile, SaidTo, unlock
from agents.runtime.door.door import Door
from streams.decisions.authority.order import Order
from streams.decisions.cases.desks import has_it
from streams.decisions.desk.order_table import once_proven
from streams.projections.case_list import by_clock
from streams.subjects.case import Case
from streams.subjects.fold import begun
from streams.telling.facts import apart, fact_lines
from streams.values import Subject, SubjectKind
from streams.words.cases import HandOnCase
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Command, command, signed
from streams.words.register.entries import Register

app = typer.Typer()


def _identifiers(parameter: typer.CallbackParam, value: list[str] | None) -> list[str]:
    return [identified(parameter, one) or one for one in value or ()]


CaseIds = Annotated[
    list[str] | None,
    typer.Argument(callback=_identifiers, help="The case, or several; none with --mine.", show_default=False),
]
To = Annotated[str, typer.Argument(callback=identified, help="The person who is to answer it.")]
Why = Annotated[str, typer.Argument(callback=said, help="Why, in a sentence.")]
Mine = Annotated[bool, typer.Option("--mine", help="All that you have and that still wait for an answer.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal whether several are to be handed on.")]


@app.command("hand-on-case")
def hand_on_case(  # budget: which cases, to whom, why, who, with which key, on which log
    *,
    case: CaseIds = None,
    to: To,
    reason: Why,
    by: By,
    mine: Mine = False,
    yes: Yes = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    key: KeyFile = None,
    said_to: SaidTo = None,
    as_json: AsJson = False,
) -> None:
    """Hand a case on to a person of the register, who is to answer it; or several, or all that you have (--mine).

    Several are shown first, and go with one yes; so does one that another person has. Each that cannot be handed on is
    named with why, and the others go; then the command ends with exit code 3.
    """
    if bool(case) is mine:
        raise Misused("name the cases, or say --mine for all that you have: one of both")
    names = list(dict.fromkeys(case or asyncio.run(_all_of(by, mode=mode, log=log))))
    shared = {"by": by, "mode": mode, "log": log, "key": key, "said_to": said_to, "as_json": as_json}
    body = HandOnCase(to=to, reason=reason)
    if case and len(names) == 1:
        seen = _as_seen(names[0], body, shared, asks=not (yes or as_json or said_to))
        give([seen], {**shared, "subject": _about(names[0])})
    elif said_to:
        raise Misused("a code from paper proves one order: hand the cases on one at a time")
    elif not names:
        raise Misused(f"{by} has no case that waits for an answer: see `holdingline cases`")
    else:
        _hand_on(names, body, shared, asks=not (yes or as_json))


def _about(case: str) -> Subject:
    return Subject(kind=SubjectKind.CASE, id=case)


async def _all_of(by: str, *, mode: str, log: str) -> Sequence[str]:
    """The cases that this person has, or whose desk they are at now, and that wait for an answer; by the clock."""
    now = SystemClock().now()
    async with open_door(mode, log) as door:
        cases, register = (await door.overview()).cases, await door.last_good_register() or Register(trust="-")
    return [one.id for one in by_clock(cases) if one.waits and by in has_it(one, register, now=now)]


def _as_seen(case: str, body: HandOnCase, shared: Mapping[str, Any], *, asks: bool) -> HandOnCase:
    """The order for one case, with who has it; wait on a terminal for a yes to take it from another person."""
    free, _, register = asyncio.run(_look_ahead([case], body, shared))
    if case not in free:  # The worker says why not.
        return body
    if (whose := _had_by_another(free[case], register, shared)) and not shared["as_json"]:
        typer.echo(whose, err=True)
        _require_yes("Hand it on all the same?", asks=asks)
    return body.model_copy(update={"had_by": free[case].had_by})


def _had_by_another(case: Case, register: Register, shared: Mapping[str, Any]) -> str:
    """That another person than the one who gives the order has the case; empty if none has."""
    return f"{register.called(case.holder)} has it" if case.holder and case.holder != shared["by"] else ""


def _require_yes(question: str, *, asks: bool) -> None:
    if asks and sys.stdin.isatty():
        typer.confirm(question, abort=True, err=True)


def _hand_on(names: Sequence[str], body: HandOnCase, shared: Mapping[str, Any], *, asks: bool) -> None:
    """Show the cases, wait on a terminal for the one yes, give an order for each, and say what became of all."""
    # Ask for the passphrase first: looking for it must not make an order stale.
    key = unlock(shared["key"]) if shared["key"] else None
    free, refused, register = asyncio.run(_look_ahead(names, body, shared))
    if free and not shared["as_json"]:
        typer.echo(f"To {register.called(body.to)}, because: {apart(body.reason)}", err=True)
        for name, case in free.items():
            whose = _had_by_another(case, register, shared)
            typer.echo(f"  {name}: {apart(case.about or '')}{whose and f'; {whose}'}", err=True)
    for line in [] if shared["as_json"] else _reasons_of(refused):
        typer.echo(line, err=True)
    if free:
        _require_yes(f"Hand on {len(free)}?", asks=asks)
    facts = list[Fact]()
    try:
        asyncio.run(_give_each([*free.values()], body, facts, shared={**shared, "key": key}))
    finally:
        # Also if the service stopped half-way: those that are handed on stay so.
        done = [one for one in facts if not isinstance(one.body, CommandRefused)]
        lines = fact_lines(done, zone=register.hours.zone)
        say([one.model_dump(mode="json") for one in done], lines, as_json=shared["as_json"])
    late = {one.subject.id: one.body for one in facts if isinstance(one.body, CommandRefused)}
    if refused or late:
        more = {name: why.model_dump(mode="json") for name, why in {**refused, **late}.items()}
        words = (
            "\n".join(_reasons_of({**refused, **late} if shared["as_json"] else late))
            or f"{len(refused)} stay as they were"
        )
        raise fail(words, as_json=shared["as_json"], code=REFUSED_EXIT, more={"refused": more})


async def _look_ahead(
    names: Sequence[str], body: HandOnCase, shared: Mapping[str, Any]
) -> tuple[Mapping[str, Case], Mapping[str, CommandRefused], Register]:
    """Each case that would be handed on now, as it is; and each that would be refused, with why."""
    free, refused = dict[str, Case](), dict[str, CommandRefused]()
    async with open_door(shared["mode"], shared["log"]) as door:
        register = await door.last_good_register() or Register(trust="-")
        for name in names:
            state, now = await door.state(_about(name)) or begun(_about(name), shared["mode"]), SystemClock().now()
            answers = once_proven(Order(_order(name, body, shared), state, register, now))
            if why := next((one for one in answers if isinstance(one, CommandRefused)), None):
                refused[name] = why
            elif isinstance(state, Case):
                free[name] = state
    return free, refused, register


def _order(case: str, body: HandOnCase, shared: Mapping[str, Any]) -> Command:
    now = SystemClock().now()
    return command(body, cause=uuid4(), mode=shared["mode"], subject=_about(case), at=now, by=shared["by"])


async def _give_each(cases: Sequence[Case], body: HandOnCase, facts: list[Fact], *, shared: Mapping[str, Any]) -> None:
    """Give an order for each case, one after another, and add what answers it to the facts."""
    tell = aside(as_json=shared["as_json"])
    async with Door(shared["mode"], shared["log"]) as door:
        for case in cases:
            # Who took it while this person looked keeps it.
            given = _order(case.id, body.model_copy(update={"had_by": case.had_by}), shared)
            facts += await door.ask(signed(given, shared["key"]) if shared["key"] else given, tell=tell)


def _reasons_of(refused: Mapping[str, CommandRefused]) -> Iterator[str]:
    """For each case that is not handed on: every reason, and who could say yes."""
    for name, why in refused.items():
        could = f"; who could: {', '.join(why.who_could)}" if why.who_could else ""
        yield apart(f"{name} is not handed on: {'; '.join(why.reasons)}{could}")
