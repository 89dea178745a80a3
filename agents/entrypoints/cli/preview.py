"""What a release would say, shown to the person before it is given; the order is bound to these words.

Rendered by the register that the newest fact was judged by: it is in the log, wherever the files are.
"""

import asyncio
import sys
from collections.abc import Sequence

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import zone_of
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.record.shown import told_whole
from streams.decisions.authority.order import Order
from streams.decisions.release.release_orders import prepared
from streams.decisions.wording.shown.renderings import shown_digest
from streams.projections.promises import left_open
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.telling.brief import told_reports
from streams.telling.facts import apart
from streams.telling.listening.tags import tag_lines
from streams.words.incident import StandDown
from streams.words.orders import Command
from streams.words.plans import BESIDE_MAX, PlanPost, ReplanPost
from streams.words.register.entries import Register
from streams.words.release import Message, Release


def in_view_of(given: Command, log: str, *, asks: bool) -> Command:
    """The order bound to the words that it would let out, once the person has seen them.

    As it was given, where it would be refused: the worker says why. `asks` waits for a yes on a terminal.
    """
    if isinstance(given.body, StandDown):
        return _in_view_of_what_is_open(given, log, asks=asks)
    if isinstance(given.body, PlanPost | ReplanPost):
        return asyncio.run(_beside_others(given, given.body, log))
    if not isinstance(given.body, Release):
        return given
    prepared_now = asyncio.run(_prepare(given, given.body, log))
    if prepared_now is None:
        return given
    message, state, register = prepared_now
    for line in (*told_reports(state), *tag_lines(state)) if isinstance(state, Incident) else ():
        typer.echo(apart(line), err=True)
    for line in told_whole(message, register, mode=given.mode):
        typer.echo(line, err=True)
    if asks and sys.stdin.isatty() and not typer.confirm("Release these words?", err=True):
        raise typer.Abort
    body = given.body.model_copy(update={"shown": shown_digest(message, register, mode=given.mode)})
    # To read takes time, and an order may be too old.
    return given.model_copy(update={"body": body, "seen": state.sequence, "at": SystemClock().now()})


def _in_view_of_what_is_open(given: Command, log: str, *, asks: bool) -> Command:
    """The stand-down, once the person has seen which promises, cases and words it would leave behind."""
    lines = asyncio.run(_left_open(given, log)) if asks else []
    for line in lines:
        typer.echo(f"still open: {apart(line)}", err=True)
    if lines and sys.stdin.isatty() and not typer.confirm("Stand down all the same?", err=True):
        raise typer.Abort
    return given.model_copy(update={"at": SystemClock().now()})


async def _beside_others(given: Command, body: PlanPost | ReplanPost, log: str) -> Command:
    """The order with the times of the other posts on its channels, by which its pace is judged."""
    async with open_door(given.mode, log) as door:
        plans = (await door.overview()).plans
    own = next((one for one in plans if one.subject == given.subject), None)
    channels = body.channels if isinstance(body, PlanPost) else own.channels_left() if own else ()
    others = [one for one in plans if one is not own and one.is_at_pace(channels)]
    beside = sorted(one.at for one in others if one.at)[:BESIDE_MAX]
    return given.model_copy(update={"body": body.model_copy(update={"beside": tuple(beside)})})


async def _left_open(given: Command, log: str) -> Sequence[str]:
    async with open_door(given.mode, log) as door:
        state, seen, register = await door.state(given.subject), await door.overview(), await door.last_good_register()
    if not isinstance(state, Incident):
        return []
    place = register.place if register else str
    return [*left_open(state, seen.cases, now=SystemClock().now(), zone=zone_of(register), place=place)]


async def _prepare(given: Command, body: Release, log: str) -> tuple[Message, State, Register] | None:
    """The message that the order would let out, the state that it is made from, and what it is judged by."""
    async with open_door(given.mode, log) as door:
        state = await door.state(given.subject)
        register = await door.last_good_register() if state else None
    if state is None or register is None:
        return None
    message = prepared(Order(given, state, register, SystemClock().now()), body)
    return (message, state, register) if isinstance(message, Message) else None
