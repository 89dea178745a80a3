"""A worker's way to the log of another lane."""

import asyncio
from collections.abc import Callable, Collection

import structlog

from agents.runtime.door.lanes import Across
from infra.log import Draft, Log, LogError, TopicSpec
from streams.lanes import Lane

logger = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25


class Crossing:
    """From one lane's worker to the log of the other, which it reads, and on which it leaves messages."""

    def __init__(self, mode: str, url: str, lane: Lane) -> None:
        self._where = (mode, url, lane)
        self._across = Across(*self._where)

    @property
    def log(self) -> Log:
        """The other lane's log."""
        return self._across.log

    async def open(self, seconds_max: float, topics: Collection[TopicSpec] = ()) -> None:
        """Open the door, and wait until the other lane has made these topics; `LogError` or `TimeoutError` in the end.

        A reader that comes before its topic is there would never see any of it.
        """
        async with asyncio.timeout(seconds_max):
            while True:
                try:
                    await self._across.open()
                    await self._across.log.create_topics(topics)
                except LogError as error:
                    logger.warning("the other lane's log cannot be opened yet", reason=str(error))
                    await self._across.close()
                    self._across = Across(*self._where)
                    await asyncio.sleep(PAUSE_SECONDS)
                else:
                    return

    async def close(self) -> None:
        """Close the door."""
        await self._across.close()

    async def put(self, draft: Callable[[Log], Draft]) -> None:
        """Leave a message, and try until it is taken: the event that says it waits, and no other lane does.

        The event may come again after this; what it says then has the same identifier, and is answered once.
        """
        while True:
            try:
                await self.log.append([draft(self.log)])
            except LogError as error:
                logger.warning("the other lane takes nothing yet; trying again", reason=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                return
