"""Fetching: two lanes read open partitions and hand records to Faust's streams.

Batched topics have a lane of their own, so that a flood there never stands before an ordinary event.
What is in flight is bounded by partition; a full partition is left out until its events are committed.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from infra.driver.staging import Delivered
from infra.log import Batch, LogError, Partition

if TYPE_CHECKING:
    from infra.driver.consumer import Consumer

RECORDS_MAX = 50
"""A larger fetch would starve later hops while an early topic has a backlog, at the same speed."""
BATCH_RECORDS_MAX = 2_000
IN_FLIGHT_MAX = 200
BATCHES_IN_FLIGHT_MAX = 2
WAIT_SECONDS = 0.5
WAIT_SECONDS_WHEN_FULL = 0.01


class Fetching:
    """The positions of the open partitions, and the two loops that move them."""

    def __init__(self, consumer: "Consumer") -> None:
        self._consumer = consumer
        self._positions: dict[Partition, int] = {}
        self._opened = asyncio.Event()

    def open(self, positions: Mapping[Partition, int]) -> None:
        self._positions = dict(positions)
        self._opened.set()

    def close(self) -> None:
        self._opened.clear()
        self._positions = {}

    def position(self, partition: Partition) -> int | None:
        return self._positions.get(partition)

    def seek(self, partition: Partition, offset: int) -> None:
        if partition in self._positions:
            self._positions[partition] = offset

    async def run(self) -> None:
        await asyncio.gather(self._lane(batched=False), self._lane(batched=True))

    async def _lane(self, *, batched: bool) -> None:
        while not self._consumer.should_stop:
            await self._opened.wait()
            epoch = self._consumer.ground.epoch
            mine = self._mine(batched=batched)
            wanted = {tp: self._positions[tp] for tp in mine if self._has_room(tp, batched=batched)}
            wait_seconds = WAIT_SECONDS if len(wanted) == len(mine) else WAIT_SECONDS_WHEN_FULL
            if wanted:
                await self._read(wanted, epoch, batched=batched, wait_seconds=wait_seconds)
            else:
                await asyncio.sleep(wait_seconds)

    def _mine(self, *, batched: bool) -> list[Partition]:
        """The open partitions of a lane that a stream listens to."""
        batched_topics = self._consumer.ground.batched_topics
        listened = self._consumer.app.topics._tp_to_callback  # type: ignore[attr-defined] # Faust's conductor.
        return [tp for tp in self._positions if tp in listened and (tp.topic in batched_topics) is batched]

    def _has_room(self, partition: Partition, *, batched: bool) -> bool:
        return self._consumer.flights.count(partition) < (BATCHES_IN_FLIGHT_MAX if batched else IN_FLIGHT_MAX)

    async def _read(self, wanted: Mapping[Partition, int], epoch: int, *, batched: bool, wait_seconds: float) -> None:
        limit = BATCH_RECORDS_MAX if batched else RECORDS_MAX
        membership = self._consumer.membership
        try:
            batches = await membership.member.read(wanted, records_max=limit, wait_seconds=wait_seconds)
        except LogError as error:
            if epoch == self._consumer.ground.epoch:
                membership.rejoin(error)
                await asyncio.sleep(wait_seconds)
            return
        for partition, batch in batches.items():
            if not self._is_current(partition, epoch):
                return
            self._positions[partition] = batch.next_offset
            await self._deliver(batch, epoch, batched=batched)
        await asyncio.sleep(0)

    def _is_current(self, partition: Partition, epoch: int) -> bool:
        return epoch == self._consumer.ground.epoch and partition in self._positions

    async def _deliver(self, batch: Batch, epoch: int, *, batched: bool) -> None:
        if not batch.records:
            return
        if batched:
            records = tuple(batch.records)
            await self._hand_over(Delivered(records[-1], value=records, next_offset=batch.next_offset, epoch=epoch))
            return
        for record in batch.records:
            if not self._is_current(record.partition, epoch):
                return
            message = Delivered(record, value=record.value, next_offset=record.offset + 1, epoch=epoch)
            await self._hand_over(message)

    async def _hand_over(self, message: Delivered) -> None:
        """Put a message in flight and then into the streams; what no stream wants is done at once."""
        app = self._consumer.app
        if app.topics.acks_enabled_for(message.topic):
            self._consumer.flights.add(message)
        await self._consumer.callback(message)
        if message.refcount == 0 and not message.acked:
            message.acked = True
            self._consumer.committer.bell.set_result(None)
