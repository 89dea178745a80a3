"""The records that a fetch has brought of one partition, handed out as far as a reader wants."""

from itertools import islice
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.record.memory_records import MemoryRecords

from infra.kafka_log.trouble import translate
from infra.log import Batch, LogUnusable, Partition, Record


class _Records(PartitionRecords):  # type: ignore[misc] # aiokafka ships no types.
    """aiokafka's reading of batches and transactions, which makes our records at once instead of its own first."""

    def _consumer_record(self, tp: Partition, found: Any) -> Record:
        return Record(tp, found.offset, found.key, found.value, found.timestamp, tuple(found.headers))


class Fetched:
    """Committed records of one partition from one offset on.

    Records of undone transactions and the marks of transactions are left out; `position` steps over them.
    """

    def __init__(self, partition: Partition, position: int, *, answer: Any) -> None:
        self._partition = partition
        self.position = position
        *_, aborted, records = (*answer[:-2], answer[-1]) if len(answer) == len(_V11_FIELDS) else answer
        self.size_bytes = len(records or b"")
        self.exhausted = False
        self._records = _Records(
            partition,
            MemoryRecords(records or b""),
            aborted,
            position,
            key_deserializer=None,
            value_deserializer=None,
            check_crcs=True,
            isolation_level=READ_COMMITTED,
        )

    def take(self, records_max: int) -> Batch:
        """The next records, possibly none, and where to read on; `LogUnusable` if the next one cannot be read."""
        taken: list[Record] = []
        try:
            taken.extend(islice(self._records, records_max))
        except Exception as error:
            # The rest is fetched again: an iterator that has failed says that it has come to its end.
            self.exhausted = True
            if not taken:
                raise self._unreadable(error) from error
            self.position = taken[-1].offset + 1
        else:
            self.exhausted = len(taken) < records_max
            self.position = self._records.next_fetch_offset
        return Batch(taken, self.position)

    def _unreadable(self, error: Exception) -> LogUnusable:
        topic, number = self._partition
        return LogUnusable(
            f"{topic} {number} cannot be read from {self.position} on: {translate(error)} Whoever writes so must not, "
            "and kafka-delete-records.sh removes it with all before it."
        )


_V11_FIELDS = ("last_stable_offset", "log_start_offset", "aborted", "preferred_read_replica", "records")
"""What a fetch answers of a partition after its error and high watermark, from v11 on; before, without the replica."""
