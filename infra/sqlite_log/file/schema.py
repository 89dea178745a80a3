"""The tables of a log file, their versions, and the way from an older version to this one."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.log import LogUnusable

APPLICATION_ID: Final = 0x686C6F67
"""Written into the header of every log file, so that no other database is taken for one."""

Migration = Sequence[str]
"""The statements that lead from one version to the next."""

_FIRST: Final[Migration] = (
    """CREATE TABLE topic (
        name TEXT PRIMARY KEY,
        partitions INTEGER NOT NULL CHECK (partitions > 0),
        compacted INTEGER NOT NULL,
        retention_seconds REAL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE partition (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL REFERENCES topic (name),
        number INTEGER NOT NULL,
        next_offset INTEGER NOT NULL DEFAULT 0,
        compacted_to INTEGER NOT NULL DEFAULT 0,
        UNIQUE (topic, number)
    ) STRICT""",
    # The place joins partition and offset; see the codec.
    """CREATE TABLE record (
        place INTEGER PRIMARY KEY,
        key BLOB,
        value BLOB,
        timestamp_ms INTEGER NOT NULL,
        headers BLOB
    ) STRICT""",
    # The place where compaction has seen a key last. Only compaction writes it, so appends pay nothing.
    """CREATE TABLE latest (
        partition_id INTEGER NOT NULL,
        key BLOB NOT NULL,
        offset INTEGER NOT NULL,
        bury_ms INTEGER,
        PRIMARY KEY (partition_id, key)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX latest_bury ON latest (bury_ms) WHERE bury_ms IS NOT NULL",
    """CREATE TABLE consumer_group (
        name TEXT PRIMARY KEY,
        generation INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE group_offset (
        group_name TEXT NOT NULL,
        partition_id INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        PRIMARY KEY (group_name, partition_id)
    ) STRICT, WITHOUT ROWID""",
    # `append_end` is the id of the last record of the same append; `bytes_before` counts all that ever came before.
    """CREATE TABLE inbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        append_end INTEGER NOT NULL,
        bytes_before INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        partition_id INTEGER NOT NULL,
        key BLOB,
        value BLOB,
        timestamp_ms INTEGER NOT NULL,
        headers BLOB
    ) STRICT""",
)

MIGRATIONS: Final[Sequence[Migration]] = (_FIRST,)
"""One entry a version, the first leads from nothing to version 1. Append here, never change what was released."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the tables, 0 for an empty file; raise `LogUnusable` for a database that is no log."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application_id != APPLICATION_ID:
        if tables:
            raise LogUnusable(f"The file {path} is a database but not a log: name another file.")
        return 0
    version = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
    return int(version)


def refuse_newer(version: int, path: Path, *, known: int = len(MIGRATIONS)) -> None:
    """Raise `LogUnusable` if a newer release has written the file."""
    if version > known:
        raise LogUnusable(
            f"The log file {path} has schema version {version}, this release knows up to {known}: "
            "start the newer release, or restore a backup made before it."
        )


def upgrade(connection: sqlite3.Connection, path: Path, *, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the tables to the newest version, in one transaction; raise `LogUnusable` for a newer one."""
    version = version_of(connection, path)
    refuse_newer(version, path, known=len(migrations))
    if version == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _climb(connection, version, migrations)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _climb(connection: sqlite3.Connection, version: int, migrations: Sequence[Migration]) -> None:
    if version == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, since_s INTEGER NOT NULL) STRICT")
    for number, statements in enumerate(migrations[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_version VALUES (?, unixepoch())", (number,))
