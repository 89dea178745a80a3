"""The logs of the lanes: where each lies, a door to one for others, and a worker's way to the log of another lane."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog

from infra.addresses import beside
from infra.doors import DoorLog, door_of
from infra.log import Draft, Log, LogError, TopicSpec
from streams.lanes import Lane, owner_of
from streams.topics import CARRYING, TopicPlan

logger = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25


def topics_on(url: str, lane: Lane) -> Sequence[TopicPlan]:
    """What lies on the log of this lane's worker: its own topics, and those of each lane that shares the log."""
    here = log_of_lane(url, lane)
    return [plan for plan in CARRYING if log_of_lane(url, owner_of(plan)) == here]


def log_of_lane(url: str, lane: Lane) -> str:
    """The address of a lane's log; the control lane has the one that settings name."""
    return beside(url, lane.log) if lane.log else url


class Across:
    """A door to a lane's log, for whoever is not its worker; used with `open` and `close`."""

    def __init__(self, mode: str, url: str, lane: Lane) -> None:
        self.url = log_of_lane(url, lane)
        self._door = door_of(self.url, lane.group(mode))
        self._topics = [plan.named(mode) for plan in lane.owns]
        self._log: DoorLog | None = None

    @property
    def log(self) -> DoorLog:
        """The log behind the door."""
        if self._log is None:
            raise LogError("the door to the other log is not open: open it before use")
        return self._log

    @property
    def is_open(self) -> bool:
        """Whether it was opened."""
        return self._log is not None

    def shares(self, other: "Across") -> bool:
        """Whether both lead to one log."""
        return self.url == other.url

    async def open(self) -> None:
        """Open the door; `LogError` where there is no such log yet."""
        try:
            await self._door.open()
            self._door.require_one_of(self._topics)
        except BaseException:
            await self._door.close()
            raise
        self._log = self._door

    async def close(self) -> None:
        """Let go; safe to call twice."""
        await self._door.close()


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
        """Let go."""
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
