"""A pipe: one reader's connection to each broker, what it has asked for, and what it got in advance.

A broker answers the requests of a connection in turn and holds an answer back until there is news. So a question that
is still open is waited for again by the next read instead of being asked twice.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import errors
from aiokafka.protocol.fetch import FetchRequest

from infra.kafka_log.nodes import EARLIEST, Nodes
from infra.kafka_log.records.fetched import Fetched
from infra.kafka_log.trouble import translate
from infra.log import Batch, LogError, LogUnusable, Partition

READ_COMMITTED = 1
BYTES_MIN = 1
BESIDE_SECONDS = 0.01
"""How long a read that has some records waits for its other partitions."""


class Pipe:
    """Reads some partitions, again and again."""

    def __init__(self, nodes: Nodes, number: int) -> None:
        self._nodes = nodes
        self._number = number
        self._shelf: dict[Partition, Fetched] = {}
        self._asked: dict[int, asyncio.Task[None]] = {}
        self.busy = False
        self.partitions: frozenset[Partition] = frozenset()

    @property
    def waiting(self) -> bool:
        """Whether a broker has not answered yet."""
        return any(not task.done() for task in self._asked.values())

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """As `Member.read`."""
        self.partitions = frozenset(positions)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_seconds
        while True:
            found = self._take(positions, records_max)
            missing = {tp: at for tp, at in positions.items() if tp not in found}
            left_seconds = max(0.0, deadline - loop.time())
            if missing:
                await self._ask(missing, wait_seconds=0.0 if found else left_seconds)
                found |= self._take(missing, records_max)
            if found or left_seconds <= 0:
                return found

    def close(self) -> None:
        """Forget what was asked and given."""
        for task in self._asked.values():
            task.cancel()
        self._asked.clear()
        self._shelf.clear()

    def _take(self, positions: Mapping[Partition, int], records_max: int) -> dict[Partition, Batch]:
        found = {}
        for partition, at in positions.items():
            fetched = self._shelf.pop(partition, None)
            if fetched is None or fetched.position != at:
                continue
            batch = fetched.take(records_max)
            if batch.next_offset > at:
                found[partition] = batch
            if not fetched.exhausted:
                self._shelf[partition] = fetched
        return found

    async def _ask(self, positions: Mapping[Partition, int], *, wait_seconds: float) -> None:
        """Wait until one broker has answered, at most so long."""
        for node, partitions in self._nodes.by_leader(positions).items():
            if node is None:
                await self._nodes.pause()
            elif node not in self._asked:
                question = {tp: positions[tp] for tp in partitions}
                self._asked[node] = asyncio.create_task(self._fetch(node, question, wait_seconds=wait_seconds))
        asked = set(self._asked.values())
        if not asked:
            return
        done, _ = await asyncio.wait(asked, timeout=wait_seconds or BESIDE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        self._asked = {node: task for node, task in self._asked.items() if task not in done}
        for task in done:
            if task.cancelled():
                raise LogError("The log was closed.")
            task.result()

    async def _fetch(self, node: int, positions: Mapping[Partition, int], *, wait_seconds: float) -> None:
        settings = self._nodes.settings
        wait_ms = int(min(wait_seconds, settings.fetch_wait_seconds) * 1000)
        request = FetchRequest(
            wait_ms,
            BYTES_MIN,
            settings.fetch_bytes_max,
            READ_COMMITTED,
            _by_topic(positions, settings.fetch_partition_bytes_max),
        )
        try:
            answer = await self._nodes.send(node, request, pipe=self._number)
        except errors.KafkaError:
            await self._nodes.pause()
            return
        codes = [
            self._put(Partition(topic, number), code, rest, positions) for topic, number, code, rest in _flat(answer)
        ]
        if any(codes):
            await self._settle(answer, positions)

    def _put(self, partition: Partition, code: int, rest: Any, positions: Mapping[Partition, int]) -> int:
        if code == 0 and rest[-1]:
            self._shelf[partition] = Fetched(partition, positions[partition], answer=rest)
        return code

    async def _settle(self, answer: Any, positions: Mapping[Partition, int]) -> None:
        """Look what is wrong: a leader that has moved, or records that have been removed."""
        if any(code == errors.TopicAuthorizationFailedError.errno for _, _, code, _ in _flat(answer)):
            # Otherwise a reader without the right would wait for ever.
            topics = sorted({topic for topic, _, code, _ in _flat(answer) if code})
            raise translate(errors.TopicAuthorizationFailedError(f"reading {', '.join(topics)}"))
        outside = [
            Partition(topic, number)
            for topic, number, code, _ in _flat(answer)
            if code == errors.OffsetOutOfRangeError.errno
        ]
        if not outside:
            await self._nodes.pause()
            return
        for partition, first in (await self._nodes.offsets(outside, EARLIEST)).items():
            if positions[partition] > first:
                raise LogUnusable(
                    f"{partition.topic} {partition.number} ends before {positions[partition]}, which was read: "
                    "the cluster has lost records."
                )
            self._shelf[partition] = _Removed(first, positions[partition])


class _Removed(Fetched):
    """An empty batch that leads to the first record left."""

    def __init__(self, first: int, position: int) -> None:
        self.position = position
        self.exhausted = True
        self._first = first

    def take(self, records_max: int) -> Batch:
        del records_max
        return Batch((), self._first)


def _by_topic(positions: Mapping[Partition, int], bytes_max: int) -> list[tuple[str, list[tuple[int, int, int]]]]:
    topics: dict[str, list[tuple[int, int, int]]] = {}
    for partition, at in positions.items():
        topics.setdefault(partition.topic, []).append((partition.number, at, bytes_max))
    return list(topics.items())


def _flat(answer: Any) -> Iterable[tuple[str, int, int, Any]]:
    """Topic, partition, error code and the rest of every partition that an answer speaks of."""
    for topic, partitions in answer.topics:
        for number, code, _, *rest in partitions:
            yield topic, number, code, rest
