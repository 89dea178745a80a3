"""Sending: what a channel is asked on behalf of a delivery, and what its answer means. Nothing here decides or reports.

Anything but a receipt or a clear no leaves it open whether the message is public.
"""

from dataclasses import dataclass
from datetime import datetime

from agents.ports import Channel, Clock, NotSent, Rejected, Unclear
from streams.words.delivery import Dispatch, Look, Outcome, Receipt, Sight


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt, or what a look showed: a receipt where it is public, else a sentence why it is not."""

    outcome: Outcome
    reason: str | None = None
    receipt: Receipt | None = None


async def send(dispatch: Dispatch, channel: Channel, *, clock: Clock, until: datetime) -> Answer:
    """Publish within the time of the claim."""
    seconds_left = (until - clock.now()).total_seconds()
    if seconds_left <= 0:
        return Answer("unsent", "the claim had lapsed before anything was sent")
    try:
        async with clock.timeout(seconds_left):
            return Answer("confirmed", receipt=await channel.publish(dispatch))
    except Rejected as refusal:
        return Answer("refused", f"the channel refused it: {refusal}")
    except NotSent as hindrance:
        return Answer("unsent", f"it could not be sent: {hindrance}")
    except TimeoutError:
        return Answer("unknown", f"the channel gave no answer within {seconds_left:.0f} seconds")
    except Unclear as doubt:
        return Answer("unknown", f"sending broke off: {doubt}")
    except Exception as error:  # noqa: BLE001 - whatever it was, the message may be public
        return Answer("unknown", f"sending broke off: {type(error).__name__}: {error}")


async def verify(taken: Answer, dispatch: Dispatch, *, channel: Channel, clock: Clock, until: datetime) -> Answer:
    """Look at what the channel took; if it cannot be looked at in the claim's time, the channel's own word counts."""
    seconds_left = max((until - clock.now()).total_seconds(), 0)
    seen = await read_back(dispatch, channel, clock=clock, seconds=seconds_left) or taken
    return Answer("unknown", "the channel took it and does not show it yet") if seen.outcome == "absent" else seen


async def read_back(dispatch: Dispatch, channel: Channel, *, clock: Clock, seconds: float) -> Answer | None:
    """What the channel shows of it; None if that cannot be told now."""
    try:
        async with clock.timeout(seconds):
            return _answer_of(await channel.look(dispatch))
    except Exception:  # noqa: BLE001 - not knowing is what it already is
        return None


def _answer_of(seen: Look) -> Answer:
    """What a look found out."""
    match seen.sight:
        case Sight.SHOWN:
            return Answer("confirmed", receipt=seen.receipt)
        case Sight.ABSENT:
            return Answer("absent", "read back: it is not on the channel")
        case Sight.HIDDEN:
            return Answer("hidden", f"the channel has it and does not show it: {seen.why}", seen.receipt)
        case Sight.DIFFERENT:
            return Answer("different", f"the channel shows other words in its place: {seen.why}", seen.receipt)
