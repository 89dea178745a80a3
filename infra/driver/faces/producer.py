"""The producer: stages what an event sends, and appends everything else to the log."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import faust.transport.producer
from faust.types import TP, FutureMessage, HeadersArg, RecordMetadata
from mode.utils.times import want_seconds

from infra.driver.ground import Ground
from infra.driver.partitions import tp_of
from infra.driver.refusals import WAIT
from infra.driver.session.staging import CREATE_TIME, as_pairs, current_stage
from infra.log import Draft, Partition, TopicSpec

NOT_WRITTEN_YET = -1
"""The offset of a staged record: its place is known only when its event is committed."""


class Producer(faust.transport.producer.Producer):
    """Faust's producer over the log port."""

    @property
    def ground(self) -> Ground:
        return self.app.ground  # type: ignore[attr-defined,no-any-return] # Only a DriverApp gets this producer.

    async def on_start(self) -> None:
        await self.transport.open()  # type: ignore[attr-defined] # Our Transport, not Faust's interface.
        await super().on_start()

    async def on_stop(self) -> None:
        await super().on_stop()
        await self.ground.close()

    async def send(  # noqa: PLR0917 # budget: the parameters are those of Faust's own method
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,
    ) -> Awaitable[RecordMetadata]:
        """Stage under the running event, or append now; the future is done either way when this returns."""
        del transactional_id
        await self.ground.ensure_topic(topic)
        where = self.ground.place(topic, key, partition=partition)
        record = _draft(where, key=key, value=value, timestamp=timestamp, headers=headers)
        stage = current_stage()
        if stage is None:
            return _done(await self._append(record))
        self.ground.require_fit(record)
        stage.add(record)
        return _done(_metadata(record, NOT_WRITTEN_YET))

    send_and_wait = WAIT

    def send_soon(self, fut: FutureMessage) -> None:
        """Stage a changelog record at once: Faust's buffer would send it from a task that knows no event."""
        stage = current_stage()
        if stage is None:
            super().send_soon(fut)
            return
        message = fut.message
        topic = message.channel.get_topic_name()
        where = self.ground.place(topic, message.key, partition=message.partition)
        record = _draft(
            where, key=message.key, value=message.value, timestamp=message.timestamp, headers=message.headers
        )
        self.ground.require_fit(record)
        stage.add(record)
        fut.set_result(_metadata(record, NOT_WRITTEN_YET))
        if message.callback is not None:
            message.callback(fut)

    async def flush(self) -> None:
        if self.buffer.started:
            await self.buffer.flush()

    async def create_topic(self, topic: str, partitions: int, *_: Any, **settings: Any) -> None:
        """Declare a topic; replication is the log's own matter."""
        retention = settings.get("retention")
        spec = TopicSpec(
            topic,
            partitions=partitions,
            compacted=bool(settings.get("compacting")),
            retention_seconds=want_seconds(retention) if retention is not None else None,
        )
        await self.ground.log.create_topics([spec])

    def key_partition(self, topic: str, key: bytes) -> TP:
        return tp_of(self.ground.place(topic, key))

    def supports_headers(self) -> bool:
        return True

    async def _append(self, record: Draft) -> RecordMetadata:
        (offset,) = await self.ground.log.append([record])
        return _metadata(record, offset)


def _draft(where: Partition, *, key: bytes | None, value: bytes | None, timestamp: float | None, headers: Any) -> Draft:
    timestamp_ms = int(timestamp * 1000) if timestamp else time.time_ns() // 1_000_000
    return Draft(where, key, value, timestamp_ms, as_pairs(headers))


def _metadata(record: Draft, offset: int) -> RecordMetadata:
    where = record.partition
    return RecordMetadata(where.topic, where.number, tp_of(where), offset, record.timestamp_ms / 1000, CREATE_TIME)


def _done(metadata: RecordMetadata) -> Awaitable[RecordMetadata]:
    future: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
    future.set_result(metadata)
    return future
