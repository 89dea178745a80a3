"""The log as a worker on a Kafka cluster holds it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from aiokafka import errors
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from infra.kafka_log.group.member import GroupTerms, KafkaMember
from infra.kafka_log.group.seat import GroupPlace
from infra.kafka_log.loggers import limit_loggers
from infra.kafka_log.nodes import EARLIEST, LATEST, Nodes
from infra.kafka_log.protocol import GroupMember, StaticLeaveGroupRequest
from infra.kafka_log.records.appender import Appender
from infra.kafka_log.records.reader import Reader
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.topics import create_topics
from infra.log import Assign, Draft, LogError, OnPartitions, Partition, TopicSpec


class KafkaLog:
    """A cluster, and this worker's part in it: implements `infra.log.Log`.

    `assignor` is what the group's leader deals partitions with, in aiokafka's interface; called when a group is joined.
    """

    def __init__(
        self, settings: KafkaLogSettings, *, assignor: Callable[[], Any] = lambda: RoundRobinPartitionAssignor
    ) -> None:
        self.settings = settings
        self._assignor = assignor
        self._parts: tuple[Nodes, Reader, Appender] | None = None
        self._members: list[KafkaMember] = []
        self._seats: dict[str, GroupMember] = {}
        self._places: dict[str, GroupPlace] = {}
        self._compacted: set[str] = set()
        self._turn = asyncio.Lock()
        self._steps: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Find the cluster; raises `LogBusy` if no broker answers, `LogUnusable` if none lets us in."""
        await self._step(self._open)

    async def close(self) -> None:
        """Finish what was begun, give up every seat and close; safe to call twice, and while `open` runs."""
        await self._step(self._close)

    async def create_topics(self, specs: Collection[TopicSpec]) -> None:
        """Create what is missing; raises `TopicMismatch` if partitions differ, then none is made."""
        nodes = self._nodes()
        self._compacted |= {spec.name for spec in specs if spec.compacted}
        if any(nodes.partitions_of(spec.name) != spec.partitions for spec in specs):
            await create_topics(nodes, specs)
            self._members = [member for member in self._members if not member.left]
            for member in self._members:
                member.topics_created()

    def partitions_of(self, topic: str) -> int | None:
        """How many partitions a topic has; None if there is no such topic, as far as is known."""
        return self._nodes().partitions_of(topic)

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """Write all drafts or none; raise `RecordTooLarge`, or what the cluster says."""
        return await self._running()[2].append(drafts)

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""
        return await self._nodes().offsets(partitions, EARLIEST)

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have; open transactions count, so that a reader waits for their end."""
        return await self._nodes().offsets(partitions, LATEST)

    def rows_of(self, partition: Partition) -> None:
        """None: a cluster finds no record by its key."""

    def join(self, group: str, *, on_revoked: OnPartitions, on_assigned: OnPartitions, assign: Assign) -> KafkaMember:
        """Become a member of a consumer group; who gets what is dealt by the assignor, not by `assign`."""
        del assign
        nodes, reader, appender = self._running()
        place = self._places.setdefault(group, GroupPlace())
        terms = GroupTerms(group, place, self._assignor(), self._compacted, appender.append, on_revoked, on_assigned)
        member = KafkaMember(nodes, reader, terms=terms, seated=self._note_seat)
        self._members.append(member)
        return member

    def _note_seat(self, member: GroupMember) -> None:
        self._seats[member.group] = member

    def _running(self) -> tuple[Nodes, Reader, Appender]:
        if self._parts is None:
            raise LogError("The log is not open.")
        return self._parts

    def _nodes(self) -> Nodes:
        return self._running()[0]

    async def _step(self, step: Callable[[], Awaitable[None]]) -> None:
        # The caller may be cancelled; a step that was begun still ends, so that no connection is left over.
        task = asyncio.create_task(self._in_turn(step))
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        await asyncio.shield(task)

    async def _in_turn(self, step: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            await step()

    async def _open(self) -> None:
        if self._parts is not None:
            return
        limit_loggers()
        nodes = Nodes(self.settings)
        try:
            await nodes.open()
        except BaseException:
            await nodes.close()
            raise
        self._parts = (nodes, Reader(nodes), Appender(nodes))

    async def _close(self) -> None:
        parts, self._parts = self._parts, None
        if parts is None:
            return
        nodes, reader, appender = parts
        for member in self._members:
            await member.leave()
        self._members.clear()
        reader.close()
        await appender.close()
        await self._give_up_seats(nodes)
        await nodes.close()

    async def _give_up_seats(self, nodes: Nodes) -> None:
        """Tell the groups, so that others need not wait for the end of a session."""
        seats, self._seats = self._seats, {}
        for member in seats.values():
            try:
                async with asyncio.timeout(self.settings.close_seconds_max):
                    await nodes.ask_coordinator(member.group, StaticLeaveGroupRequest(member))
            except (errors.KafkaError, TimeoutError):
                # It ends by itself, a session later.
                continue
