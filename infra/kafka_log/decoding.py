"""What a fetch has brought of one partition, handed out record by record as far as a reader wants."""

from itertools import islice
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.record.memory_records import MemoryRecords
from faust.types import TP

from infra.log import Batch, Record


class _Records(PartitionRecords):  # type: ignore[misc] # aiokafka ships no types.
    """aiokafka's reading of batches and transactions, which makes our records at once instead of its own first."""

    def _consumer_record(self, tp: TP, found: Any) -> Record:
        return Record(tp, found.offset, found.key, found.value, found.timestamp, tuple(found.headers))


class Fetched:
    """Committed records of one partition from one offset on.

    Records of undone transactions and the marks of transactions are left out; `position` steps over them.
    """

    def __init__(self, partition: TP, position: int, *, answer: Any) -> None:
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
        """The next records, possibly none, and where to read on."""
        taken = list(islice(self._records, records_max))
        self.exhausted = len(taken) < records_max
        self.position = self._records.next_fetch_offset
        return Batch(taken, self.position)


_V11_FIELDS = ("last_stable_offset", "log_start_offset", "aborted", "preferred_read_replica", "records")
"""What a fetch answers of a partition after its error and high watermark, from v11 on; before, without the replica."""
