"""The door: how another process writes to the topics of a cluster and reads them, beside the workers."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from aiokafka import errors
from aiokafka.protocol.admin import DescribeGroupsRequest

from infra.kafka_log.group.offsets import read_committed
from infra.kafka_log.loggers import limit_loggers
from infra.kafka_log.nodes import EARLIEST, LATEST, Nodes
from infra.kafka_log.records.appender import Appender
from infra.kafka_log.records.reader import Reader
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.trouble import translated
from infra.log import Batch, Draft, LogError, Partition, TopicSpec


class KafkaDoor:
    """A cluster without a seat in any group; used from one event loop, with `async with` or open and close.

    What is appended lies on its topic when `append` returns, worker or no worker. Everything read is committed.
    """

    def __init__(self, settings: KafkaLogSettings, *, group: str) -> None:
        self.settings = settings
        self._group = group
        self._parts: tuple[Nodes, Reader, Appender] | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Find the cluster; raises `LogBusy` if no broker answers, `LogUnusable` if none lets us in."""
        limit_loggers()
        nodes = Nodes(self.settings)
        try:
            await nodes.open()
        except BaseException:
            await nodes.close()
            raise
        self._parts = (nodes, Reader(nodes), Appender(nodes))

    async def close(self) -> None:
        """Close; safe to call twice."""
        parts, self._parts = self._parts, None
        if parts is not None:
            nodes, reader, appender = parts
            reader.close()
            await appender.close()
            await nodes.close()

    async def append(self, drafts: Sequence[Draft]) -> None:
        """Write all drafts or none; raise `RecordTooLarge`, or what the cluster says."""
        await self._open_parts()[2].append(drafts)

    async def worker_runs(self) -> bool:
        """Whether the group has members, one of which takes what is appended; one that died counts for a session."""
        nodes = self._nodes()
        with translated():
            async with asyncio.timeout(self.settings.request_seconds_max):
                while True:
                    members = await self._ask_members(nodes)
                    if members is not None:
                        return bool(members)
                    await nodes.pause()

    async def silent_seconds(self) -> float:
        """Always 0: a member that is silent for a session leaves its group, so that `worker_runs` tells it."""
        return 0.0

    async def require_writable(self) -> None:
        """Nothing is asked: that each partition has a leader is seen when its end is, and the doctor counts copies."""

    async def oldest_left_ms(self) -> None:
        """Always None: what is appended lies on its topic at once."""

    async def topics(self) -> Mapping[str, TopicSpec]:
        """Every topic of the cluster by its name, with its partitions; how long it keeps is the cluster's to say."""
        nodes = self._nodes()
        with translated():
            await nodes.look()
        return {name: TopicSpec(name, partitions=count) for name, count in nodes.topics().items()}

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""
        return await self._nodes().offsets(partitions, EARLIEST)

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have."""
        return await self._nodes().offsets(partitions, LATEST)

    async def committed(self, group: str, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset a group will read, None if it never committed."""
        return await read_committed(self._nodes(), group, partitions=partitions)

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read at most `records_max` records of each partition, waiting up to `wait_seconds` for the first."""
        return await self._open_parts()[1].read(positions, records_max=records_max, wait_seconds=wait_seconds)

    def _open_parts(self) -> tuple[Nodes, Reader, Appender]:
        if self._parts is None:
            raise LogError("The log is not open.")
        return self._parts

    def _nodes(self) -> Nodes:
        return self._open_parts()[0]

    async def _ask_members(self, nodes: Nodes) -> Sequence[Any] | None:
        """The members of the group, None if its coordinator cannot say now."""
        try:
            answer = await nodes.ask_coordinator(self._group, DescribeGroupsRequest([self._group]))
        except errors.KafkaError as error:
            if not error.retriable:
                raise
            return None
        ((code, _, _, _, _, members, *_),) = answer.groups
        if code:
            nodes.forget_coordinator(self._group)
        return None if code else members
