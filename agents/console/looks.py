"""Looks: what pages show of the world around the log, which the program that starts the console gives them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.runtime.cluster.doctor import Finding
from streams.words.register.entries import Register

Table = Sequence[tuple[str, Sequence[str]]]
"""Lines under headings."""


async def _none(now: datetime) -> Sequence[Finding]:
    del now
    return []


@dataclass(frozen=True, slots=True)
class Looks:
    """How to look: at the whole decision table of a register, at its gaps in the next weeks, at the log and its worker.

    `scenarios` are the names of those that a drill can play. `pack` says what is wrong with the last offline pack.
    """

    decisions: Callable[[Register, datetime], Table] = lambda _, __: ()
    gaps: Callable[[Register, datetime], Sequence[str]] = lambda _, __: ()
    service: Callable[[datetime], Awaitable[Sequence[Finding]]] = _none
    scenarios: Sequence[str] = ()
    pack: Callable[[Register, datetime], str | None] = lambda _, __: None
