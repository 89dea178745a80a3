"""Troubles of a channel, played on demand: which one, at which attempt, as a list gives them."""

from collections.abc import Callable
from enum import StrEnum

from agents.adapters.clocks import SystemClock
from agents.ports import Clock, NotSent, Rejected
from streams.words.delivery import Dispatch


class Trouble(StrEnum):
    """A trouble of the world: what the sender learns, and what became of the message.

    An answer that is cut, or an error of the server (5xx), is an answer that is lost or one that broke off before.
    """

    NOT_SENT = "not sent"
    TOO_MANY = "takes no more requests for now"
    REFUSED = "refused"
    BROKEN_BEFORE = "broke off before it was public"
    ANSWER_LOST = "public, and the answer lost"
    HANGS_BEFORE = "no answer, and not public"
    HANGS_AFTER = "no answer, and public"
    LATE = "no answer, and public later"
    HIDDEN = "taken, and not shown"


Plan = Callable[[Dispatch, int], Trouble | None]
"""Which trouble a dispatch meets at its nth attempt, counted from 1; None for no trouble."""


def no_faults(dispatch: Dispatch, attempt: int) -> None:
    """Plan no trouble at all."""
    del dispatch, attempt


def in_turn(*faults: Trouble | None) -> Plan:
    """Plan the same for every dispatch: the first trouble at its first attempt, and so on, then none."""
    return lambda _, attempt: faults[attempt - 1] if attempt <= len(faults) else None


HANGS_SECONDS = 86_400.0
"""No caller waits so long for an answer."""
REAL = SystemClock()


async def play_before(fault: Trouble | None, who: str, *, what: str, clock: Clock = REAL) -> None:
    """Play a trouble that keeps `what` from leaving; `who` is named in the error."""
    match fault:
        case Trouble.NOT_SENT:
            raise NotSent(f"the {who} could not be reached (played)")
        case Trouble.TOO_MANY:
            raise NotSent(f"the {who} takes no more requests for now (played)")
        case Trouble.REFUSED:
            raise Rejected(f"the {who} does not take this {what} (played)")
        case Trouble.BROKEN_BEFORE:
            raise ConnectionError("the connection broke off (played)")
        case Trouble.HANGS_BEFORE:
            await _hang(clock)
        case _:
            pass


async def play_after(fault: Trouble | None, *, clock: Clock = REAL) -> None:
    """Play a trouble that loses the answer, after the message has left."""
    if fault is Trouble.ANSWER_LOST:
        raise ConnectionError("the connection broke off (played)")
    if fault is Trouble.HANGS_AFTER:
        await _hang(clock)


async def _hang(clock: Clock) -> None:
    await clock.sleep(HANGS_SECONDS)
    raise ConnectionError("no answer came for a day (played)")
