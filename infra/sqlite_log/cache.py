"""The newest records of every partition, kept in memory under one bound."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from infra.log import Partition, Record
from infra.sqlite_log.file.codec import RECORD_BYTES_OVERHEAD, size_of

_OFFSET = attrgetter("offset")


class Tail:
    """All records of one partition from `start` on, without exception."""

    __slots__ = ("_first", "_records", "bytes", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.bytes = 0
        self._records: list[Record] = []
        self._first = 0

    def add(self, record: Record) -> None:
        """Take the newest record of the partition."""
        self._records.append(record)
        self.bytes += weight_of(record)

    def since(self, position: int, records_max: int) -> Sequence[Record]:
        """The records from a position on, oldest first; the position is not before `start`."""
        at = bisect_left(self._records, position, lo=self._first, key=_OFFSET)
        return self._records[at : at + records_max]

    def evict(self, bytes_at_least: int) -> int:
        """Let the oldest records go; answers with the bytes set free."""
        freed = 0
        while freed < bytes_at_least and self._first < len(self._records):
            freed += self._drop_first()
        self._shrink()
        return freed

    def forget_before(self, offset: int) -> int:
        """Let the records before an offset go; answers with the bytes set free."""
        freed = 0
        while self._first < len(self._records) and self._records[self._first].offset < offset:
            freed += self._drop_first()
        self.start = max(self.start, offset)
        self._shrink()
        return freed

    def _drop_first(self) -> int:
        record = self._records[self._first]
        freed = weight_of(record)
        self.bytes -= freed
        self.start = record.offset + 1
        self._first += 1
        return freed

    def _shrink(self) -> None:
        # Dropped records stay in the list until they are many, so that dropping one is cheap.
        if self._first * 2 > len(self._records):
            del self._records[: self._first]
            self._first = 0


class TailCache:
    """The tails of all partitions, at most `bytes_max` together; the largest tail pays first."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._tails: dict[Partition, Tail] = {}
        self.bytes = 0

    def begin(self, partition: Partition, start: int) -> None:
        """Hold a partition's records from this offset on."""
        self._tails[partition] = Tail(start)

    def start_of(self, partition: Partition) -> int:
        """The offset from which on the cache knows every record."""
        return self._tails[partition].start

    def since(self, partition: Partition, position: int, *, records_max: int) -> Sequence[Record]:
        """The records from a position on, oldest first; the position is not before `start_of`."""
        return self._tails[partition].since(position, records_max)

    def add(self, records: Sequence[Record]) -> None:
        """Take newly committed records in the order they were written."""
        for record in records:
            self._tails[record.partition].add(record)
            self.bytes += weight_of(record)
        while self.bytes > self._bytes_max:
            largest = max(self._tails.values(), key=attrgetter("bytes"))
            # A good part at once, so that the largest need not be looked for at every record.
            self.bytes -= largest.evict(max(self.bytes - self._bytes_max, largest.bytes // 8))

    def forget_before(self, partition: Partition, offset: int) -> None:
        """Send readers to the file for what lies before an offset, since the log has removed some of it."""
        self.bytes -= self._tails[partition].forget_before(offset)


def weight_of(record: Record) -> int:
    """What a record costs in memory, in bytes."""
    return size_of(record) + RECORD_BYTES_OVERHEAD
