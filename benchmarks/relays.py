"""What a release is held against: the same durable steps in a row, and nothing else."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.ground import Ground

STEPS = (
    "the order",
    "the authorisation and the claim that it grants",
)
"""What must be durable before a channel is asked, one commit each; the channel is asked by who reads the last one."""
PAYLOAD = b"x" * 4_000
"""About as much as a step of ours writes."""
Samples = list[float]


def bare_commits(releases: int) -> Samples:
    """Milliseconds of the same commits on a plain SQLite file, in a row."""
    times = Samples()
    with TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, value BLOB)")
        for _ in range(releases):
            began = time.perf_counter()
            for _ in STEPS:
                connection.execute("INSERT INTO records (value) VALUES (?)", (PAYLOAD,))
            times.append((time.perf_counter() - began) * 1000)
        connection.close()
    return times


class Relay:
    """A chain of topics: the first step is a write, each further one a transaction that consumes and sends."""

    def __init__(self, ground: Ground) -> None:
        self._topics = [f"{ground.mode}.relay-{number}" for number in range(len(STEPS))]
        self._servers, self._copies = list(ground.bootstrap), ground.copies
        self._stack = AsyncExitStack()
        self._writer: Any = None
        self._hops: list[tuple[Any, Any, str, str]] = []
        self._reader: Any = None

    async def start(self) -> None:
        """Make the topics, join the groups, and have every producer ready."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._servers)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, 1, self._copies) for name in self._topics])
        finally:
            await admin.close()
        self._writer = await self._producer()
        for source, target in zip(self._topics, self._topics[1:], strict=False):
            producer = await self._producer(transactional_id=f"hop-{source}")
            self._hops.append((await self._consumer(source), producer, f"group-of-{source}", target))
        self._reader = await self._consumer(self._topics[-1])

    async def stop(self) -> None:
        """Let go of everything."""
        await self._stack.aclose()

    async def pass_on(self) -> None:
        """One record from the first topic to whoever reads the last."""
        await self._writer.send_and_wait(self._topics[0], PAYLOAD)
        for consumer, producer, group, target in self._hops:
            found = await consumer.getone()
            async with producer.transaction():
                await producer.send(target, found.value)
                place = TopicPartition(found.topic, found.partition)
                await producer.send_offsets_to_transaction({place: found.offset + 1}, group)
        await self._reader.getone()

    async def _producer(self, **settings: Any) -> Any:  # noqa: ANN401 - aiokafka ships no types
        plain = {"acks": "all", "enable_idempotence": True, "retry_backoff_ms": 20, **settings}
        producer = AIOKafkaProducer(bootstrap_servers=self._servers, **plain)
        return await self._stack.enter_async_context(producer)

    async def _consumer(self, topic: str) -> Any:  # noqa: ANN401 - aiokafka ships no types
        consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=self._servers,
            group_id=f"group-of-{topic}",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        return await self._stack.enter_async_context(consumer)


@asynccontextmanager
async def relay(ground: Ground) -> AsyncIterator[Relay]:
    """A relay that runs, on topics that go with the ground."""
    chain = Relay(ground)
    try:
        await chain.start()
        yield chain
    finally:
        await chain.stop()


async def relayed(chain: Relay, times: int, *, pause_seconds: float) -> Samples:
    """Milliseconds of each passage, with a pause before it."""
    samples = Samples()
    for _ in range(times):
        await asyncio.sleep(pause_seconds)
        began = time.perf_counter()
        await chain.pass_on()
        samples.append((time.perf_counter() - began) * 1000)
    return samples


def at(samples: Sequence[float], percent: int) -> float:
    """A percentile."""
    return sorted(samples)[min(len(samples) - 1, len(samples) * percent // 100)]
