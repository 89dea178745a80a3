"""Doors: how a process beside the worker writes to the worker's log and reads it.

A door appends and reads. Only the worker makes topics and joins groups. Opening a door imports neither Faust nor, for
the embedded log, a Kafka client: most commands do nothing else, and answer at once.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol, Self

from yarl import URL

from infra.addresses import path_of, scheme_of
from infra.log import Batch, Draft, Fenced, LogError, LogUnusable, Member, Partition, TopicSpec

LEFT_FOR_THE_WORKER = -1
"""The offset of a record that the worker will place."""


class LogDoor(Protocol):
    """What a ground offers to other processes."""

    async def open(self) -> None:
        """Find the log or raise `LogUnusable`."""

    async def close(self) -> None:
        """Close; safe to call twice."""

    async def append(self, drafts: Sequence[Draft]) -> None:
        """Leave all drafts or none for the worker; they are durable when this returns."""

    async def worker_runs(self) -> bool:
        """Whether a worker is there to take what is appended."""

    async def silent_seconds(self) -> float:
        """For how long the worker that runs has not shown that it goes on; 0 where the ground dismisses such a one."""

    async def require_writable(self) -> None:
        """Raise `LogError` if the log takes nothing now, as far as that can be told without writing to it."""

    async def oldest_left_ms(self) -> int | None:
        """When the oldest append was written that no worker has put on its topic, in ms since the epoch; else None."""

    async def topics(self) -> Mapping[str, TopicSpec]:
        """Every topic of the log by its name."""

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have."""

    async def committed(self, group: str, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset that a group will read, None if it never committed."""

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read committed records on from these positions."""


class DoorLog:
    """A door behind the port `infra.log.Log`; used with `async with`, or with `open` and `close`."""

    def __init__(self, door: LogDoor) -> None:
        self._door = door
        self._topics: Mapping[str, TopicSpec] = {}
        self.beginnings = door.beginnings
        self.ends = door.ends
        self.worker_runs = door.worker_runs
        self.silent_seconds = door.silent_seconds
        self.oldest_left_ms = door.oldest_left_ms
        self.require_writable = door.require_writable
        self.committed = door.committed

    async def __aenter__(self) -> Self:
        try:
            await self.open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        await self._door.open()
        self._topics = await self._door.topics()

    async def close(self) -> None:
        await self._door.close()

    def require_one_of(self, topics: Collection[str]) -> None:
        """Raise `LogUnusable` for a log with none of these: no worker was there yet, or this user may see none."""
        if not any(self.partitions_of(topic) for topic in topics):
            none = ", ".join(sorted(topics))
            raise LogUnusable(f"The worker makes topics, and has made none of {none}: start it once.")

    async def create_topics(self, specs: Collection[TopicSpec]) -> None:
        """Only look whether the worker has made them."""
        self._topics = await self._door.topics()
        missing = sorted(spec.name for spec in specs if spec.name not in self._topics)
        if missing:
            raise LogError(f"The worker makes topics, and has not made {', '.join(missing)}: start it once.")

    def partitions_of(self, topic: str) -> int | None:
        spec = self._topics.get(topic)
        return None if spec is None else spec.partitions

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        await self._door.append(drafts)
        return [LEFT_FOR_THE_WORKER] * len(drafts)

    def rows_of(self, partition: Partition) -> None:
        """None: only the log of a worker finds rows."""

    def join(self, group: str, **_: Any) -> Member:
        del group
        return DoorMember(self._door)


class DoorMember:
    """A reader: it takes no part in a group and commits nothing."""

    def __init__(self, door: LogDoor) -> None:
        self.read = door.read

    async def subscribe(self, topics: Collection[str]) -> None:
        """Nothing is assigned to a reader."""

    async def committed(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        return dict.fromkeys(partitions)

    async def commit(  # budget: the port fixes these three
        self, drafts: Sequence[Draft], offsets: Mapping[Partition, int], generation: int
    ) -> None:
        raise Fenced(f"A door commits nothing: {len(drafts)} drafts, {len(offsets)} offsets, {generation=}.")

    async def leave(self) -> None:
        """Nothing was joined."""


def door_of(url: str, group: str) -> DoorLog:
    """The door to the log of an address; `group` names the workers that `worker_runs` asks for."""
    if scheme_of(url) == "kafka":
        from infra.kafka_log import KafkaDoor, settings_of, urls_of  # noqa: PLC0415 - no aiokafka for an embedded log

        return DoorLog(KafkaDoor(settings_of(urls_of(url), worker="door"), group=group))
    from infra.sqlite_log import SqliteDoor  # noqa: PLC0415 - as above

    return DoorLog(SqliteDoor(path_of(URL(url))))
