"""The logs of the lanes: where each lies, and a door to one for others."""

from collections.abc import Sequence

from infra.addresses import beside
from infra.doors import DoorLog, door_of
from infra.log import LogError
from streams.lanes import Lane, owner_of
from streams.topics import CARRYING, TopicPlan


def topics_on(url: str, lane: Lane) -> Sequence[TopicPlan]:
    """What lies on the log of this lane's worker: its own topics, and those of each lane that shares the log."""
    here = log_of_lane(url, lane)
    return [plan for plan in CARRYING if log_of_lane(url, owner_of(plan)) == here]


def log_of_lane(url: str, lane: Lane) -> str:
    """The address of a lane's log; the control lane has the one that settings name."""
    return beside(url, lane.log) if lane.log else url


class Across:
    """A door to a lane's log for programs other than its worker; used with `open` and `close`."""

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
        """Close the door; safe to call twice."""
        await self._door.close()
