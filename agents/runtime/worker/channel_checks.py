"""Checks of channels: whether we could speak there, found out before somebody has to."""

import asyncio

from agents.ports import Channel, NotSent, Rejected
from streams.values import sentence

ANSWER_SECONDS_MAX = 10.0


async def fault_of(channel: Channel) -> str | None:
    """What keeps us from speaking there, in a sentence; None if nothing does."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            await channel.check()
    except (NotSent, Rejected) as fault:
        return sentence(str(fault))
    except TimeoutError:
        return f"it gave no answer within {ANSWER_SECONDS_MAX:.0f} seconds: look whether it is there"
    except Exception as error:  # noqa: BLE001 - whatever it was, we could not speak
        return f"its check broke off ({type(error).__name__}): look at the worker's log"
    return None
