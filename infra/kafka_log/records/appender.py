"""Appends from outside any group: by one batch if that is enough, else by a transaction of its own."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.records import producers
from infra.kafka_log.records.batches import pack, require_sizes
from infra.kafka_log.records.transactions import offsets_of, transact
from infra.kafka_log.trouble import translated
from infra.log import Draft, LogError


class Appender:
    """Writes in the order of its calls.

    A batch of one partition is all or nothing by itself. What needs several batches is written in a transaction, whose
    producer has a name of its own, so that no other process can be mistaken for it.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._settings = nodes.settings
        self._plain: Any = None
        self._transactional: Any = None
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[list[int]]] = set()
        self._closed = False

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """Write all drafts or none; answers with their offsets. A cancelled append may still be written."""
        if self._closed:
            raise LogError("The log is not open.")
        require_sizes(drafts, self._settings.record_bytes_max)
        if not drafts:
            return []
        task = asyncio.create_task(self._append(drafts))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Finish what was begun, as far as the cluster lets us, and close; safe to call twice."""
        self._closed = True
        if self._running:
            await asyncio.wait(set(self._running), timeout=self._settings.close_seconds_max)
        for task in self._running:
            task.cancel()
        await self._drop()

    async def _append(self, drafts: Sequence[Draft]) -> list[int]:
        with translated():
            async with asyncio.timeout(self._settings.request_seconds_max), self._turn:
                await self._nodes.require_topics({draft.partition for draft in drafts})
                try:
                    return await self._write(drafts)
                except BaseException:
                    await self._drop()
                    raise

    async def _write(self, drafts: Sequence[Draft]) -> list[int]:
        producer = await self._plain_producer()
        packed = pack(producer, drafts)
        if len(packed) > 1:
            return await transact(await self._transactional_producer(), drafts)
        ((partition, batch),) = packed
        await producers.follow(producer, {partition.topic})
        written = await (await producer.send_batch(batch, partition.topic, partition=partition.number))
        return offsets_of(drafts, packed, firsts=[written.offset])

    async def _plain_producer(self) -> Any:
        if self._plain is None:
            producer = AIOKafkaProducer(**self._settings.producer("appends"))
            await producers.start(producer, self._settings.open_seconds_max)
            self._plain = producer
        return self._plain

    async def _transactional_producer(self) -> Any:
        if self._transactional is None:
            producer = AIOKafkaProducer(
                **self._settings.producer("appends-together"),
                transactional_id=f"holdingline-append-{secrets.token_hex(8)}",
                transaction_timeout_ms=int(self._settings.transaction_seconds_max * 1000),
            )
            await producers.start(producer, self._settings.open_seconds_max)
            self._transactional = producer
        return self._transactional

    async def _drop(self) -> None:
        """Drop both producers: after an error it is unknown what they still hold."""
        plain, self._plain = self._plain, None
        transactional, self._transactional = self._transactional, None
        for producer in (plain, transactional):
            if producer is not None:
                await producers.end(producer, seconds_max=self._settings.close_seconds_max)
