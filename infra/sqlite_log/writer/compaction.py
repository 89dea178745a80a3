"""Compaction and retention, in slices small enough that no commit waits long behind one.

Compaction goes once over each record of a compacted topic. The table `latest` notes the last place of each key.
Seeing a key again, it deletes the record seen before. So a round costs what is new, not what is there, and writing
a record costs nothing for it. A deletion (a record without value) goes itself after a grace period.
"""

import sqlite3
from dataclasses import dataclass

from infra.log import Partition
from infra.sqlite_log.file.codec import offset_at, place_of
from infra.sqlite_log.writer.ledger import JobChanges, Ledger, Shelf


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice did: records removed from the log, pages given back, and whether there is more to do."""

    removed: int = 0
    pages: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class SeenKeys:
    """A record compaction looks at; the one it replaces, if any, is at `before`."""

    key: bytes
    offset: int
    deletes: bool


def compact_slice(
    ledger: Ledger, changes: JobChanges, *, partition: Partition, records_max: int, bury_ms: int
) -> Slice:
    """Go on over a partition; deletions met may be buried at `bury_ms`, milliseconds since the epoch."""
    connection, shelf = ledger.connection, ledger.shelf(partition)
    start = connection.execute("SELECT compacted_to FROM partition WHERE id = ?", (shelf.id,)).fetchone()[0]
    rows = connection.execute(
        "SELECT place, key, value IS NULL FROM record WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
        (place_of(shelf.id, start), place_of(shelf.id, shelf.end), records_max),
    ).fetchall()
    # A record without a key has no successor: it stays.
    seen = [SeenKeys(key, offset_at(place), bool(deletes)) for place, key, deletes in rows if key is not None]
    replaced = _note(connection, shelf, seen=seen, bury_ms=bury_ms)
    _delete(connection, shelf, replaced)
    more = len(rows) == records_max
    compacted_to = offset_at(rows[-1][0]) + 1 if more else shelf.end
    connection.execute("UPDATE partition SET compacted_to = ? WHERE id = ?", (compacted_to, shelf.id))
    changes.thinned[partition] = compacted_to
    return Slice(removed=len(replaced), more=more)


def _note(connection: sqlite3.Connection, shelf: Shelf, *, seen: list[SeenKeys], bury_ms: int) -> set[int]:
    replaced: set[int] = set()
    latest: dict[bytes, SeenKeys] = {}
    for record in seen:
        if record.key in latest:
            replaced.add(latest[record.key].offset)
        latest[record.key] = record
    for record in latest.values():
        before = connection.execute(
            "SELECT offset FROM latest WHERE partition_id = ? AND key = ?", (shelf.id, record.key)
        ).fetchone()
        if before is not None:
            replaced.add(before[0])
        connection.execute(
            "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?)",
            (shelf.id, record.key, record.offset, bury_ms if record.deletes else None),
        )
    return replaced


def bury_slice(ledger: Ledger, changes: JobChanges, *, now_ms: int, records_max: int) -> Slice:
    """Remove deletions whose grace period is over."""
    connection = ledger.connection
    rows = connection.execute(
        "SELECT partition_id, key, offset FROM latest WHERE bury_ms <= ? LIMIT ?", (now_ms, records_max)
    ).fetchall()
    for shelf_id, key, offset in rows:
        partition = ledger.partition_of(shelf_id)
        _delete(connection, ledger.shelf(partition), {offset})
        connection.execute("DELETE FROM latest WHERE partition_id = ? AND key = ?", (shelf_id, key))
        changes.thinned[partition] = max(offset + 1, changes.thinned.get(partition, 0))
    return Slice(removed=len(rows), more=len(rows) == records_max)


def expire_slice(
    ledger: Ledger, changes: JobChanges, *, partition: Partition, records_max: int, before_ms: int
) -> Slice:
    """Remove the oldest records of a partition up to the first that is not older than `before_ms`."""
    connection, shelf = ledger.connection, ledger.shelf(partition)
    rows = connection.execute(
        "SELECT place, key, timestamp_ms FROM record WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
        (place_of(shelf.id, 0), place_of(shelf.id, shelf.end), records_max),
    ).fetchall()
    expired: set[int] = set()
    for place, key, timestamp_ms in rows:
        if timestamp_ms >= before_ms:
            break
        expired.add(offset_at(place))
        connection.execute(
            "DELETE FROM latest WHERE partition_id = ? AND key = ? AND offset = ?", (shelf.id, key, offset_at(place))
        )
    _delete(connection, shelf, expired)
    if expired:
        changes.thinned[partition] = max(expired) + 1
    return Slice(removed=len(expired), more=len(expired) == records_max)


def vacuum_slice(ledger: Ledger, _changes: JobChanges, *, pages_kept: int, pages_max: int) -> Slice:
    """Give empty pages back to the disk, but for some that new records will fill."""
    connection = ledger.connection
    spare = connection.execute("PRAGMA freelist_count").fetchone()[0] - pages_kept
    pages = min(spare, pages_max)
    if pages <= 0:
        return Slice()
    for _ in range(pages):
        # The statement gives back one page a step, and Python's module steps only once if there are no columns.
        connection.execute("PRAGMA incremental_vacuum(1)")
    return Slice(pages=pages, more=spare > pages)


def _delete(connection: sqlite3.Connection, shelf: Shelf, offsets: set[int]) -> None:
    places = [(place_of(shelf.id, offset),) for offset in sorted(offsets)]
    connection.executemany("DELETE FROM record WHERE place = ?", places)
