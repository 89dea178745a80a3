"""A transaction: batches and offsets, all or nothing. After any error its producer is of no use any more."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from infra.kafka_log.records.batches import pack
from infra.kafka_log.records.producers import follow
from infra.log import Draft, Partition


async def transact(
    producer: Any, drafts: Sequence[Draft], *, offsets: Mapping[Partition, int] | None = None, group: str | None = None
) -> list[int]:
    """Write the drafts and move the offsets of a group; answers with the offsets of the drafts.

    Every batch is acknowledged before the transaction is committed: aiokafka would commit without one that failed.
    """
    packed = pack(producer, drafts)
    await follow(producer, {draft.partition.topic for draft in drafts})
    await producer.begin_transaction()
    sent: list[Any] = []
    try:
        for tp, batch in packed:
            sent.append(await producer.send_batch(batch, tp.topic, partition=tp.number))  # Kept on an error.
        if offsets:
            moved = {TopicPartition(tp.topic, tp.number): offset for tp, offset in offsets.items()}
            await producer.send_offsets_to_transaction(moved, group)
        written = await asyncio.gather(*sent)
    except BaseException:
        for future in sent:
            future.cancel()
        raise
    await producer.commit_transaction()
    return offsets_of(drafts, packed, firsts=[metadata.offset for metadata in written])


def offsets_of(drafts: Sequence[Draft], packed: Sequence[tuple[Partition, Any]], *, firsts: Sequence[int]) -> list[int]:
    """The offset of each draft, from those of the batches that it lies in."""
    of_partition: dict[Partition, list[int]] = {}
    for (partition, batch), first in zip(packed, firsts, strict=True):
        of_partition.setdefault(partition, []).extend(range(first, first + batch.record_count()))
    turns = {partition: iter(found) for partition, found in of_partition.items()}
    return [next(turns[draft.partition]) for draft in drafts]
