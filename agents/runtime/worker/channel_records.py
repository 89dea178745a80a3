"""Records of channels: one that was lost is put back from the facts, before anything more is shown."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from agents.ports import Channel, KeepsRecord, NotSent
from infra.log import LogError
from streams.projections.public import confirmed_on
from streams.words.facts import Fact

logger = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
Read = Callable[[], Awaitable[Sequence[Fact]]]
"""Every fact of this mode; it is asked only while a channel lacks something."""


async def put_back(channels: Mapping[str, Channel], facts: Read, *, mode: str) -> None:
    """Look at each channel of this mode that keeps a record, and put back what it lacks.

    A failure is logged and stops nothing.
    """
    for name, channel in channels.items():
        if channel.mode != mode or not isinstance(channel, KeepsRecord):
            continue
        try:
            if await channel.lacks_records():
                confirmed = confirmed_on(name, await facts(), mode=mode)
                if count := await channel.restore(confirmed):
                    logger.error("the record of a channel was lost, and is put back", channel=name, posts=count)
        except (NotSent, LogError, OSError) as error:
            logger.warning("the record of a channel cannot be looked after; trying again", channel=name, why=str(error))


async def keep_whole(channels: Mapping[str, Channel], facts: Read, *, mode: str) -> None:
    """Put back what is lost while the worker runs, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await put_back(channels, facts, mode=mode)
