"""The log: the port below the driver.

A log keeps topics made of partitions, the records in them, and the offsets that consumer groups have committed.
It has two implementations: `infra.sqlite_log` (one file, one machine) and `infra.kafka_log` (a cluster).

What every implementation guarantees:

- `Member.commit` makes messages visible and moves offsets in one step: all of it, or nothing.
- A member that no longer owns a partition cannot commit for it: `Fenced`.
- Records of one partition are read in the order they were written; an offset is never given twice.
- A write that returned survives the loss of the process.
- Readers see committed records only.

An implementation raises the errors below and no other.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]
DAMAGED = "damaged-headers"
"""The one header of a record whose headers cannot be read; its value is what is stored in their place."""
NOWHERE = "no topic of this log"
"""The topic of a record that was left for a partition which does not exist."""


class LogError(Exception):
    """The log could not do what was asked; its docstring is the default message."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class Fenced(LogError):
    """Another worker has taken over: this one's membership has ended and nothing it staged was written."""


class Replaced(Fenced):
    """Another worker of the same name has taken this one's place: this one stops, give each a name of its own."""


class LogInUse(LogError):
    """Another worker holds this log: stop it first, or give this one a log of its own."""


class LogFull(LogError):
    """The disk is full: nothing was written; free some space, the worker then goes on by itself."""


class LogBusy(LogError):
    """Too much is waiting to be written: send again in a moment."""


class LogUnusable(LogError):
    """The log cannot be read: restore it from a backup."""


class LogBroken(LogUnusable):
    """The log cannot be used as it was opened: this worker stops, look at the disk, then start it again."""


class BadAddress(LogError, ValueError):
    """The address of the log cannot be used: write sqlite:///relative.db, sqlite:////absolute.db or kafka://host:9092."""


class RecordTooLarge(LogError):
    """The record is larger than the log accepts."""


class TopicMismatch(LogError):
    """The topic exists with another number of partitions: it cannot be changed in place."""


class Partition(NamedTuple):
    """One partition of a topic; partitions are numbered from 0."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """What a topic is: partitions counts from 1; `retention_seconds` None keeps for ever."""

    name: str
    partitions: int = 1
    compacted: bool = False
    retention_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A record not written yet; `timestamp_ms` is since the epoch, UTC."""

    partition: Partition
    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record as read; `timestamp_ms` is since the epoch, UTC; a None value in a compacted topic deletes its key."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read of one partition gave.

    `next_offset` is the offset to read on from; it may lie beyond the last record, since compaction,
    retention and transaction markers leave gaps.
    """

    records: Sequence[Record]
    next_offset: int


OnPartitions = Callable[[set[Partition], int], Awaitable[None]]
"""Called with partitions and the generation of the membership that they belong to.

A generation is the one before it plus one. If it is more, others may have had the partitions in between.
"""

Assign = Callable[[Mapping[str, int]], set[Partition]]
"""Topics with their partition counts in, the partitions of this worker out (used by a log without a coordinator)."""


class Member(Protocol):
    """One worker's membership in one consumer group: what fences it.

    If another worker has come under the same name, every method but `leave` raises `Replaced`: joining again would only
    drive that one out. If the log can no longer be used as it was opened, they raise `LogBroken`.
    So that the worker calls one of them, it first gets an empty assignment.
    """

    async def subscribe(self, topics: Collection[str]) -> None:
        """Take part in these topics; `on_revoked` and `on_assigned` are then called from a task, never from here."""

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read at most `records_max` committed records of each partition, from its position on.

        Waits up to `wait_seconds` until there is at least one; then answers with what is there, possibly nothing.
        A position that retention has removed reads on from the first record left.
        """

    async def committed(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset the group will read, None if it never committed."""

    async def commit(  # budget: the three parts of one commit, each of a type of its own
        self, drafts: Sequence[Draft], offsets: Mapping[Partition, int], generation: int
    ) -> None:
        """Write the drafts and move the offsets, all or nothing.

        `Fenced` if another worker has taken over; `LogFull`, `LogBusy` or `LogUnusable` if the log cannot write.
        """

    async def leave(self) -> None:
        """End the membership; safe to call twice."""


class RowsByKey(Protocol):
    """What was written last under each key of one partition of a compacted topic, read when it is asked for.

    Only what is committed is there; what is asked for is read at once, so that the caller waits for the disk. Keys are
    UTF-8 text. Every method raises `LogError` if the log cannot be read.
    """

    def get(self, key: bytes) -> bytes | None:
        """What was written last under a key; None if nothing was, or if that was a deletion."""

    def keys(self, prefix: bytes = b"") -> Collection[bytes]:
        """Every key that begins so and has a value; those of other beginnings are not read."""

    def keys_after(self, mark: bytes, part: bytes) -> Collection[bytes]:
        """Every key with a value that goes on with `part` after its first `mark`.

        Of the keys that are the same up to the mark only these are read, however many others there are.
        """


class Log(Protocol):
    """Topics, records and offsets; every method may be called from one event loop only."""

    async def open(self) -> None:
        """Make the log ready or raise `LogInUse` or `LogUnusable`."""

    async def close(self) -> None:
        """Finish what was begun, and close; safe to call twice, and before `open` has finished."""

    async def create_topics(self, specs: Collection[TopicSpec]) -> None:
        """Create what is missing; the same spec again changes nothing; `TopicMismatch` if partitions differ."""

    def partitions_of(self, topic: str) -> int | None:
        """How many partitions a topic has; None if there is no such topic."""

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """Write all drafts or none, outside any group; answers with their offsets once they are durable."""

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset of the first record still held, or of the next one to be written."""

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The offset that the next record will have."""

    def rows_of(self, partition: Partition) -> RowsByKey | None:
        """The rows of a partition of a compacted topic; None if the log finds none by key, and has to be read."""

    def join(self, group: str, *, on_revoked: OnPartitions, on_assigned: OnPartitions, assign: Assign) -> Member:
        """Become a member of a consumer group."""
