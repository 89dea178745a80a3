"""The brokers: who leads which partition, who coordinates which group, and asking them until they answer."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

from aiokafka import TopicPartition, errors
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.protocol.offset import OffsetRequest

from infra.kafka_log.protocol import by_topic
from infra.kafka_log.refusal import reason_of
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.trouble import NoBroker, translated
from infra.log import LogError, Partition

EARLIEST = -2
LATEST = -1
"""Kafka's numbers for the two ends of a partition."""
ANSWER_OF_ANY_NODE = -1
READ_UNCOMMITTED = 0
GOODBYE_SECONDS = 0.1


async def close(client: Any, *, seconds_max: float) -> None:
    """Close a client, in time: it waits for open requests, and a silent broker never answers them."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds_max):
            await client.close()


class Nodes:
    """One client that knows every topic of the cluster; a group number separates its connections to one broker."""

    def __init__(self, settings: KafkaLogSettings) -> None:
        self.settings = settings
        self._client: Any = None
        self._coordinators: dict[str, int] = {}

    @property
    def client(self) -> Any:
        if self._client is None:
            raise LogError("The log is not open.")
        return self._client

    async def open(self) -> None:
        """Find the cluster; raises `NoBroker` if no broker answers, `LogUnusable` if none lets us in."""
        client = AIOKafkaClient(**self.settings.client("log"))
        self._client = client
        with translated():
            async with asyncio.timeout(self.settings.open_seconds_max):
                try:
                    await client.bootstrap()
                except errors.KafkaConnectionError as error:
                    raise await reason_of(self.settings) or error from error
                await self.look()

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            await close(client, seconds_max=self.settings.close_seconds_max)
            if self.settings.access.ssl_context is not None:
                # Encrypted connections say goodbye after their close: a loop that ends at once would cut them off.
                await asyncio.sleep(GOODBYE_SECONDS)

    async def look(self) -> None:
        """Ask again which topics there are and which broker leads each partition."""
        async with asyncio.timeout(self.settings.request_seconds_max):
            await self.client.force_metadata_update()

    def partitions_of(self, topic: str) -> int | None:
        """How many partitions a topic has, as far as is known."""
        known = self.client.cluster.partitions_for_topic(topic)
        return len(known) if known else None

    def topics(self) -> Mapping[str, int]:
        """Every topic but Kafka's own, with its partitions."""
        cluster = self.client.cluster
        return {topic: len(cluster.partitions_for_topic(topic)) for topic in cluster.topics()}

    def leader(self, partition: Partition) -> int | None:
        """The broker that leads a partition, None while there is none."""
        node = self.client.cluster.leader_for_partition(TopicPartition(*partition))
        return None if node in {None, -1} else int(node)

    def by_leader(self, partitions: Iterable[Partition]) -> Mapping[int | None, list[Partition]]:
        """The partitions of each broker; None has those without a leader."""
        found: dict[int | None, list[Partition]] = {}
        for partition in partitions:
            found.setdefault(self.leader(partition), []).append(partition)
        return found

    async def require_topics(self, partitions: Iterable[Partition]) -> None:
        """Refuse partitions that do not exist."""
        unknown = [tp for tp in partitions if tp.number >= (self.partitions_of(tp.topic) or 0)]
        if unknown:
            await self.look()
        for tp in unknown:
            if tp.number >= (self.partitions_of(tp.topic) or 0):
                raise LogError(f"There is no partition {tp.number} of a topic {tp.topic!r}.")

    def any(self) -> int:
        """One broker of the cluster; raises `NoBroker` if none is known."""
        node = self.client.get_random_node()
        if node is None:
            raise NoBroker
        return int(node)

    async def send(self, node: int, request: Any, *, pipe: int = ConnectionGroup.DEFAULT) -> Any:
        """Ask one broker; a pipe is a connection of its own, since a broker answers each in turn."""
        return await self.client.send(node, request, group=pipe)

    async def offsets(self, partitions: Collection[Partition], at: int) -> Mapping[Partition, int]:
        """The first or the next offset of each partition; the next one counts open transactions too."""
        with translated():
            async with asyncio.timeout(self.settings.request_seconds_max):
                await self.require_topics(partitions)
                found: dict[Partition, int] = {}
                while missing := [tp for tp in partitions if tp not in found]:
                    asked = [self._ask_offsets(node, tps, at) for node, tps in self.by_leader(missing).items()]
                    for answer in await asyncio.gather(*asked):
                        found.update(answer)
                    if len(found) < len(set(partitions)):
                        await self.pause()
                return {tp: found[tp] for tp in partitions}

    async def pause(self) -> None:
        """Wait a moment and look again who leads, after an answer that was no use."""
        await asyncio.sleep(self.settings.retry_pause_seconds)
        await self.look()

    async def _ask_offsets(self, node: int | None, partitions: list[Partition], at: int) -> Mapping[Partition, int]:
        if node is None:
            return {}
        topics = [(topic, [(number, at) for number in numbers]) for topic, numbers in by_topic(partitions).items()]
        try:
            answer = await self.send(node, OffsetRequest(ANSWER_OF_ANY_NODE, READ_UNCOMMITTED, topics))
        except errors.KafkaError:
            return {}
        return {
            Partition(topic, number): offset
            for topic, numbers in answer.topics
            for number, code, _, offset in numbers
            if code == 0
        }

    async def ask_coordinator(self, group: str, request: Any) -> Any:
        """Ask the coordinator of a group; raises a `KafkaError` if it cannot be asked now."""
        node = self._coordinators.get(group)
        if node is None:
            node = await self.client.coordinator_lookup(CoordinationType.GROUP, group)
            self._coordinators[group] = node
        try:
            return await self.send(node, request)
        except errors.KafkaError:
            self.forget_coordinator(group)
            raise

    def forget_coordinator(self, group: str) -> None:
        """Look the coordinator up again: it has moved."""
        self._coordinators.pop(group, None)

    def require_brokers(self, count: int) -> None:
        """Refuse to keep more copies than there are brokers."""
        found = len(self.client.cluster.brokers())
        if found == 0:
            raise NoBroker
        if found < count:
            raise LogError(
                f"The cluster has {found} brokers, {count} copies of each record are wanted: start more brokers, "
                f"or ask for fewer copies, as in kafka://host:9092?replication={found}."
            )
