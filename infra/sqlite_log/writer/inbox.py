"""The inbox: what doors have left in the file for the worker to put on the topics.

A door writes its records in a transaction of its own. The worker moves them to their topics and deletes them from the
inbox in one transaction, so each arrives exactly once; appends keep their order and stay whole.
"""

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from infra.log import NOWHERE, Draft, LogBusy, Partition
from infra.sqlite_log.file.codec import encode_headers, readable_headers, size_of
from infra.sqlite_log.settings import AtDoor, SqliteLogSettings
from infra.sqlite_log.writer.ledger import JobChanges, Ledger, read_shelves, unknown

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much lies in the inbox, and the number of its next record."""

    records: int
    bytes: int
    last_id: int
    bytes_ever: int


def leave(connection: sqlite3.Connection, drafts: Sequence[Draft], *, settings: SqliteLogSettings) -> None:
    """Write the drafts to the inbox inside the running transaction; raise `LogBusy` or `LogError`."""
    waiting = waiting_in(connection)
    _refuse_flood(waiting, drafts, settings)
    shelves = read_shelves(connection)
    end = waiting.last_id + len(drafts)
    before = waiting.bytes_ever
    for number, draft in enumerate(drafts, start=waiting.last_id + 1):
        if draft.partition not in shelves:
            raise unknown(draft.partition)
        row = (draft.key, draft.value, draft.timestamp_ms, encode_headers(draft.headers))
        size = size_of(draft)
        connection.execute(
            "INSERT INTO inbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, end, before, size, shelves[draft.partition].id, *row),
        )
        before += size


def read_oldest(connection: sqlite3.Connection) -> int | None:
    """The time of the record that lies in the inbox longest, in milliseconds since the epoch; None if it is empty."""
    first = connection.execute("SELECT timestamp_ms FROM inbox ORDER BY id LIMIT 1").fetchone()
    return None if first is None else int(first[0])


def waiting_in(connection: sqlite3.Connection) -> Backlog:
    """Count what lies in the inbox by looking at its first and its last record only."""
    first = connection.execute("SELECT id, bytes_before FROM inbox ORDER BY id LIMIT 1").fetchone()
    last = connection.execute("SELECT id, bytes_before + bytes FROM inbox ORDER BY id DESC LIMIT 1").fetchone()
    if first is None:
        # Numbers are never used again, also after the inbox was emptied.
        number = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'").fetchone()
        return Backlog(0, 0, number[0] if number else 0, 0)
    return Backlog(last[0] - first[0] + 1, last[1] - first[1], last[0], last[1])


def _refuse_flood(waiting: Backlog, drafts: Sequence[Draft], settings: SqliteLogSettings) -> None:
    records = waiting.records + len(drafts)
    size = waiting.bytes + sum(size_of(draft) for draft in drafts)
    if records > settings.inbox_records_max or size > settings.inbox_bytes_max:
        raise LogBusy(
            f"The inbox of the log holds {waiting.records} records the worker has not taken: "
            "see that it runs, then send again."
        )


def take_over(  # budget: from where, to where, and by which rule
    ledger: Ledger, changes: JobChanges, *, records_max: int, at_door: AtDoor | None = None
) -> bool:
    """Move the oldest appends to their topics; tells whether more is left.

    A row that no door of this release wrote keeps none of the others waiting: one for a partition that does not exist
    is for the topic `NOWHERE`, and damaged headers are one header `DAMAGED`, so that `at_door` can put another in its
    place. What is for `NOWHERE` even then is logged and left out.
    """
    connection = ledger.connection
    ids = connection.execute("SELECT max(id, append_end) FROM inbox ORDER BY id LIMIT ?", (records_max,)).fetchall()
    if not ids:
        return False
    last_id = ids[-1][0]
    partitions = {shelf.id: partition for partition, shelf in read_shelves(connection).items()}
    drafts = []
    rows = connection.execute(
        "SELECT id, partition_id, key, value, timestamp_ms, headers FROM inbox WHERE id <= ? ORDER BY id", (last_id,)
    )
    for row_id, shelf_id, key, value, timestamp_ms, headers in rows:
        partition = partitions.get(shelf_id, Partition(NOWHERE, shelf_id))
        draft = Draft(partition, key, value, timestamp_ms, readable_headers(headers))
        draft = at_door(draft) if at_door else draft
        if draft.partition.topic == NOWHERE:
            logger.error("Row %d of the inbox names no partition of this log, and is left out.", row_id)
        else:
            drafts.append(draft)
    ledger.append(drafts, changes)
    connection.execute("DELETE FROM inbox WHERE id <= ?", (last_id,))
    return len(ids) == records_max
