"""Troubles of a channel, played on demand: which one, at which try, drawn by a seed or told beforehand."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random

from agents.ports import NotSent, Rejected
from streams.words.release import Dispatch


class Trouble(StrEnum):
    """A trouble of the world: what the sender is told, and what it did to the message."""

    NOT_SENT = "not sent"
    REFUSED = "refused"
    BROKEN_BEFORE = "broke off before it was public"
    ANSWER_LOST = "public, and the answer lost"
    HANGS_BEFORE = "no answer, and not public"
    HANGS_AFTER = "no answer, and public"


Plan = Callable[[Dispatch, int], Trouble | None]
"""Which trouble befalls a dispatch at its nth try here, counted from 1; None for none."""


def no_faults(dispatch: Dispatch, attempt: int) -> None:
    """Plan no trouble at all."""
    del dispatch, attempt


def in_turn(*faults: Trouble | None) -> Plan:
    """Plan the same for every dispatch: the first fault at its first try, and so on, then none."""
    return lambda _, attempt: faults[attempt - 1] if attempt <= len(faults) else None


def seeded(seed: int, rates: Mapping[Trouble, float]) -> Plan:
    """Plan each fault at its rate, from 0 to 1 and together at most 1; seed, key and try alone decide."""
    if min(rates.values(), default=0) < 0 or sum(rates.values()) > 1:
        raise ValueError("the rates of faults are shares of one: none below 0, together at most 1")

    def plan(dispatch: Dispatch, attempt: int) -> Trouble | None:
        drawn = Random(f"{seed} {dispatch.key} {attempt}").random()  # noqa: S311 - a played fault keeps no secret
        for fault, rate in rates.items():
            drawn -= rate
            if drawn < 0:
                return fault
        return None

    return plan


async def play_before(fault: Trouble | None, who: str, *, what: str) -> None:
    """Let the trouble come that keeps it from leaving; `who` meets it, `what` is not taken."""
    match fault:
        case Trouble.NOT_SENT:
            raise NotSent(f"the {who} could not be reached (played)")
        case Trouble.REFUSED:
            raise Rejected(f"the {who} does not take this {what} (played)")
        case Trouble.BROKEN_BEFORE:
            raise ConnectionError("the connection broke off (played)")
        case Trouble.HANGS_BEFORE:
            await asyncio.Event().wait()
        case _:
            pass


async def play_after(fault: Trouble | None) -> None:
    """Let the trouble come that loses the answer: by now it has left."""
    if fault is Trouble.ANSWER_LOST:
        raise ConnectionError("the connection broke off (played)")
    if fault is Trouble.HANGS_AFTER:
        await asyncio.Event().wait()
