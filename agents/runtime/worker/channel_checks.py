"""Checks of channels: whether we could speak there, found out before somebody has to."""

import asyncio
from datetime import datetime
from typing import Protocol, runtime_checkable

from agents.ports import Channel, NotSent, Rejected
from streams.values import sentence

ANSWER_SECONDS_MAX = 10.0


@runtime_checkable
class HasLapsingSecret(Protocol):
    """A channel whose secret lapses by itself, so that a person has to make another one before then."""

    def secret_due(self) -> datetime | None:
        """Since when it is to be changed, or from when on, by the last check; None if that is not known."""


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
