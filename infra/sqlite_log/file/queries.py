"""What is read from the file: batches, beginnings, committed offsets."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from infra.log import Batch, Partition, Record
from infra.sqlite_log.file.codec import offset_at, place_of, record_of, size_of


class Stretch(NamedTuple):
    """A stretch of one partition: offsets from `start` to before `end`, lying under the partition's number."""

    shelf_id: int
    start: int
    end: int


class Bounds(NamedTuple):
    """How much one read returns of one partition."""

    records_max: int
    bytes_max: int


def read_batches(
    connection: sqlite3.Connection, *, spans: Mapping[Partition, Stretch], bounds: Bounds
) -> dict[Partition, Batch]:
    """Read on in several partitions; those in which there is nowhere to go are left out."""
    return {
        partition: _read_batch(connection, partition, span=span, bounds=bounds)
        for partition, span in spans.items()
        if span.start < span.end
    }


def batch_of(records: list[Record], end: int, *, cut: bool) -> Batch:
    """A batch that reads on behind its last record if it was cut short, else at the end, over the gaps."""
    return Batch(records, records[-1].offset + 1 if cut else end)


def within(records: list[Record], bounds: Bounds) -> list[Record]:
    """The first records that the bounds allow, at least one if there is one."""
    size = 0
    for count, record in enumerate(records[: bounds.records_max], start=1):
        size += size_of(record)
        if size >= bounds.bytes_max:
            return records[:count]
    return records[: bounds.records_max]


def _read_batch(connection: sqlite3.Connection, partition: Partition, *, span: Stretch, bounds: Bounds) -> Batch:
    rows = connection.execute(
        "SELECT place, key, value, timestamp_ms, headers FROM record "
        "WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
        (*_places(span), bounds.records_max),
    )
    records = []
    size = 0
    for row in rows:
        record = record_of(row, partition)
        records.append(record)
        size += size_of(record)
        if size >= bounds.bytes_max:
            break
    return batch_of(records, span.end, cut=len(records) >= bounds.records_max or size >= bounds.bytes_max)


def read_beginnings(connection: sqlite3.Connection, spans: Mapping[Partition, Stretch]) -> dict[Partition, int]:
    """The offset of the first record held in each stretch, or the stretch's end."""
    return {partition: _read_beginning(connection, span) for partition, span in spans.items()}


def _read_beginning(connection: sqlite3.Connection, span: Stretch) -> int:
    row = connection.execute(
        "SELECT place FROM record WHERE place >= ? AND place < ? ORDER BY place LIMIT 1", _places(span)
    ).fetchone()
    return span.end if row is None else offset_at(row[0])


def read_committed(connection: sqlite3.Connection, group: str) -> dict[Partition, int]:
    """What the group will read next, for partitions in which it has committed."""
    rows = connection.execute(
        "SELECT topic, number, offset FROM group_offset JOIN partition ON partition.id = partition_id "
        "WHERE group_name = ?",
        (group,),
    )
    return {Partition(topic, number): offset for topic, number, offset in rows}


def _places(span: Stretch) -> tuple[int, int]:
    return place_of(span.shelf_id, max(0, span.start)), place_of(span.shelf_id, span.end)
