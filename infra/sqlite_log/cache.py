"""The newest records of every partition, kept in memory under one bound."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from infra.log import Partition, Record
from infra.sqlite_log.file.codec import RECORD_BYTES_OVERHEAD, size_of

_OFFSET = attrgetter("offset")


class Tail:
    """All records of one partition from `start` on, without exception."""

    __slots__ = ("_records", "bytes", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.bytes = 0
        self._records: list[Record] = []

    def add(self, record: Record) -> None:
        """Take the newest record of the partition."""
        self._records.append(record)
        self.bytes += weight_of(record)

    def since(self, position: int, records_max: int) -> Sequence[Record]:
        """The records from a position on, oldest first; the position is not before `start`."""
        at = bisect_left(self._records, position, key=_OFFSET)
        return self._records[at : at + records_max]

    def evict(self, bytes_at_least: int) -> int:
        """Let the oldest records go; answers with the bytes set free."""
        freed, many = 0, 0
        for record in self._records:
            if freed >= bytes_at_least:
                break
            freed, many, self.start = freed + weight_of(record), many + 1, record.offset + 1
        return self._drop(many, freed)

    def forget_before(self, offset: int) -> int:
        """Let the records before an offset go; answers with the bytes set free."""
        many = bisect_left(self._records, offset, key=_OFFSET)
        self.start = max(self.start, offset)
        return self._drop(many, sum(map(weight_of, self._records[:many])))

    def _drop(self, many: int, freed: int) -> int:
        del self._records[:many]
        self.bytes -= freed
        return freed


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
