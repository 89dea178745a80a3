"""What a release is held against: the same durable steps in a row, and nothing else."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from benchmarks.ground import Ground, Kind

STEPS = (
    "the order",
    "the authorisation and the claim that it grants",
)
"""What must be durable before a channel is asked, one commit each; the channel is asked by who reads the last one."""
PAYLOAD = b"x" * 4_000
"""About as much as a step of ours writes."""
Samples = list[float]
Pass = Callable[[], Awaitable[None]]
"""All steps once, one after the other."""


@contextmanager
def bare_commits() -> Iterator[Pass]:
    """The same commits on a plain SQLite file."""
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)) as on:
        on.execute("PRAGMA journal_mode=WAL")
        on.execute("PRAGMA synchronous=FULL")
        on.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, value BLOB)")

        async def commit() -> None:
            for _ in STEPS:
                on.execute("INSERT INTO records (value) VALUES (?)", (PAYLOAD,))

        yield commit


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
        """Close every client."""
        await self._stack.aclose()

    async def pass_on(self) -> None:
        """Pass one record from the first topic to the reader of the last."""
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
async def bare(ground: Ground) -> AsyncIterator[Pass]:
    """The bare steps of this ground, ready to be taken."""
    if ground.kind is Kind.EMBEDDED:
        with bare_commits() as commit:
            yield commit
        return
    chain = Relay(ground)
    try:
        await chain.start()
        yield chain.pass_on
    finally:
        await chain.stop()


def at(samples: Sequence[float], percent: int) -> float:
    """A percentile."""
    return sorted(samples)[min(len(samples) - 1, len(samples) * percent // 100)]
