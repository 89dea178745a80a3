"""What a release would say, shown to the person before it is given; the order is bound to these words.

Rendered by the register that the last order of the incident was judged by: it is in the log, wherever the files are.
"""

import asyncio
import sys

import typer

from agents.adapters.clocks import SystemClock
from agents.runtime.door.door import Door
from streams.codec import decode
from streams.decisions.authority.order import Order
from streams.decisions.release.release_orders import prepared
from streams.errors import MessageError
from streams.subjects.fold import begun, fold_all
from streams.telling.facts import told_words
from streams.topics import REGISTERS
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.release import Message, Release


def in_view_of(given: Command, log: str, *, asks: bool) -> Command:
    """The order bound to the words that it would let out, once the person has seen them.

    As it was given, where it would be refused: the worker says why. `asks` waits for a yes on a terminal.
    """
    if not isinstance(given.body, Release):
        return given
    message, seen = asyncio.run(_prepare(given, given.body, log))
    if message is None:
        return given
    typer.echo(f"{message.purpose} on {', '.join(message.channels)}:", err=True)
    for line in told_words(message):
        typer.echo(f"  {line}", err=True)
    if asks and sys.stdin.isatty() and not typer.confirm("Release these words?", err=True):
        raise typer.Abort
    body = given.body.model_copy(update={"shown": message.words()})
    # To read takes time, and an order may be too old.
    return given.model_copy(update={"body": body, "seen": seen, "at": SystemClock().now()})


async def _prepare(given: Command, body: Release, log: str) -> tuple[Message | None, int]:
    """The message that the order would let out, and the place of the last fact that was read for it."""
    async with Door(given.mode, log) as door:
        facts = await door.facts_about(given.subject)
        register = await _register_of(facts[-1], door) if facts else None
    if register is None:
        return None, 0
    state = fold_all(begun(given.subject, given.mode), facts)
    message = prepared(Order(given, state, register, SystemClock().now()), body)
    return (message if isinstance(message, Message) else None), state.sequence


async def _register_of(fact: Fact, door: Door) -> Register | None:
    """The register that a fact was judged by, as the log keeps it."""
    for kept in await door.records(REGISTERS):
        try:
            record = decode(REGISTERS, kept.value)
        except MessageError:
            continue  # `log verify` names it.
        if record.id == fact.register_version:
            register: Register = record.register()
            return register
    return None
