"""What the writer knows, and the statements with which it writes; used inside a transaction, by one thread."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from infra.log import Draft, Fenced, LogError, Partition, Record, TopicMismatch, TopicSpec
from infra.sqlite_log.file.codec import row_of


@dataclass(slots=True)
class Shelf:
    """One partition: the number under which its records lie, and the offset that the next one will have."""

    id: int
    end: int


@dataclass(slots=True)
class JobChanges:
    """What one piece of work changed and readers must learn once it is committed."""

    records: list[Record] = field(default_factory=list)
    thinned: dict[Partition, int] = field(default_factory=dict)
    """Partitions in which records before this offset have been removed."""
    topics: list[TopicSpec] = field(default_factory=list)
    shelves: dict[Partition, Shelf] = field(default_factory=dict)


def read_topics(connection: sqlite3.Connection) -> dict[str, TopicSpec]:
    """Every topic of the log."""
    rows = connection.execute("SELECT name, partitions, compacted, retention_seconds FROM topic")
    return {name: TopicSpec(name, count, bool(compacted), keep) for name, count, compacted, keep in rows}


def read_shelves(connection: sqlite3.Connection) -> dict[Partition, Shelf]:
    """Every partition of the log."""
    rows = connection.execute("SELECT topic, number, id, next_offset FROM partition")
    return {Partition(topic, number): Shelf(shelf_id, end) for topic, number, shelf_id, end in rows}


class Ledger:
    """The state of the log as the running transaction sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.reload()

    def reload(self) -> None:
        """Forget what a rolled back transaction had changed."""
        self.topics = read_topics(self.connection)
        self._shelves = read_shelves(self.connection)

    def shelf(self, partition: Partition) -> Shelf:
        """Find a partition or raise `LogError`."""
        found = self._shelves.get(partition)
        if found is None:
            raise unknown(partition)
        return found

    def partition_of(self, shelf_id: int) -> Partition:
        """Find the partition that lies under this number."""
        return next(partition for partition, shelf in self._shelves.items() if shelf.id == shelf_id)

    def append(self, drafts: Iterable[Draft], changes: JobChanges) -> list[int]:
        """Write records at the ends of their partitions; answers with their offsets."""
        records = [self._number(draft) for draft in drafts]
        self.connection.executemany(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
            [row_of(record, self._shelves[record.partition].id) for record in records],
        )
        touched = {record.partition for record in records}
        self.connection.executemany(
            "UPDATE partition SET next_offset = ? WHERE id = ?",
            [(self._shelves[partition].end, self._shelves[partition].id) for partition in touched],
        )
        changes.records.extend(records)
        return [record.offset for record in records]

    def _number(self, draft: Draft) -> Record:
        shelf = self.shelf(draft.partition)
        offset = shelf.end
        shelf.end += 1
        return Record(draft.partition, offset, draft.key, draft.value, draft.timestamp_ms, draft.headers)

    def create(self, specs: Sequence[TopicSpec], changes: JobChanges) -> None:
        """Create missing topics, change how long existing ones keep; raise `TopicMismatch`."""
        for spec in specs:
            known = self.topics.get(spec.name)
            if known == spec:
                continue
            if known is not None and known.partitions != spec.partitions:
                raise TopicMismatch(
                    f"The topic {spec.name} has {known.partitions} partitions, not {spec.partitions}: "
                    "declare it with the number it has, or under another name."
                )
            self._write_topic(spec)
            if known is None:
                changes.shelves.update(self._new_shelves(spec))
            self.topics[spec.name] = spec
            changes.topics.append(spec)

    def _write_topic(self, spec: TopicSpec) -> None:
        self.connection.execute(
            "INSERT INTO topic VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
            "SET compacted = excluded.compacted, retention_seconds = excluded.retention_seconds",
            (spec.name, spec.partitions, spec.compacted, spec.retention_seconds),
        )

    def _new_shelves(self, spec: TopicSpec) -> dict[Partition, Shelf]:
        made = {}
        for number in range(spec.partitions):
            cursor = self.connection.execute("INSERT INTO partition (topic, number) VALUES (?, ?)", (spec.name, number))
            made[Partition(spec.name, number)] = Shelf(cursor.lastrowid or 0, 0)
            self._shelves[Partition(spec.name, number)] = Shelf(cursor.lastrowid or 0, 0)
        return made

    def next_generation(self, group: str) -> int:
        """Begin a new membership of a group, which fences the one before."""
        row = self.connection.execute(
            "INSERT INTO consumer_group VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET generation = generation + 1 "
            "RETURNING generation",
            (group,),
        ).fetchone()
        return int(row[0])

    def require_generation(self, group: str, generation: int) -> None:
        """Raise `Fenced` unless this is the newest membership of the group."""
        row = self.connection.execute("SELECT generation FROM consumer_group WHERE name = ?", (group,)).fetchone()
        if row is None or row[0] != generation:
            raise Fenced

    def move_offsets(self, group: str, offsets: Mapping[Partition, int]) -> None:
        """Set what the group will read next."""
        self.connection.executemany(
            "INSERT INTO group_offset VALUES (?, ?, ?) "
            "ON CONFLICT (group_name, partition_id) DO UPDATE SET offset = excluded.offset",
            [(group, self.shelf(partition).id, offset) for partition, offset in offsets.items()],
        )


def unknown(partition: Partition) -> LogError:
    """The error for a partition that does not exist."""
    return LogError(f"There is no partition {partition.number} of a topic {partition.topic}: create the topic first.")
