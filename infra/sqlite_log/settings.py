"""Every number of the SQLite log, with its unit last in its name."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.log import Draft

MEBIBYTE = 1024 * 1024

AtDoor = Callable[[Draft], Draft]
"""Called on the writer's thread with each record that a door left; returns the record that is written."""


@dataclass(frozen=True, slots=True)
class SqliteLogSettings:
    """The numbers of one log file; the defaults suit one machine with an ordinary disk.

    Worker and doors may use different settings on one file: each keeps to its own bounds.
    """

    record_bytes_max: int = MEBIBYTE
    """Key, value and headers of one record together."""

    queue_bytes_max: int = 64 * MEBIBYTE
    queue_requests_max: int = 10_000
    """What may wait for the writer: beyond it an append is refused as busy and a commit waits its turn."""
    queue_wait_seconds_max: float = 60.0
    """How long a commit waits its turn."""
    group_bytes_max: int = 16 * MEBIBYTE
    group_requests_max: int = 1_000
    """How much of what waits becomes one transaction."""

    inbox_bytes_max: int = 64 * MEBIBYTE
    inbox_records_max: int = 10_000
    """What doors may leave for the worker before they are refused as busy."""
    inbox_slice_records: int = 500
    """How many of them one transaction takes over, rounded up to whole appends."""
    at_door: AtDoor | None = None
    """What is written for a record that a door left: the record or another in its place; None takes every record."""
    inbox_poll_seconds: float = 0.025
    """How often the worker looks whether a door has written, and a waiting door whether the worker has."""

    cache_bytes_max: int = 16 * MEBIBYTE
    """Newest records kept in memory, all partitions together; who lags reads the file, which costs no more."""
    read_bytes_max: int = 8 * MEBIBYTE
    """What one read returns of one partition, but always one record."""
    read_threads: int = 2
    read_wait_seconds_max: float = 30.0
    """How long a read of the file may take."""

    lock_wait_seconds_max: float = 10.0
    """How long one process waits for the other's transaction."""
    close_wait_seconds_max: float = 30.0
    """How long closing waits for what was begun."""
    callback_wait_seconds_max: float = 300.0
    """How long a membership waits for `on_revoked` and `on_assigned`."""
    rejoin_pause_seconds: float = 0.5
    """How long a membership waits before it asks again for what the disk or the queue refused."""

    beat_seconds: float = 2.0
    """How often the worker shows at the lock file that its event loop goes on."""

    file_bytes_max: int | None = None
    """The file grows no further than this, `LogFull` says so; None leaves it to the disk."""
    wal_pages_max: int = 1_000
    """Pages in the write-ahead file before they are carried over into the main file."""
    wal_bytes_kept: int = 16 * MEBIBYTE
    """What the write-ahead file keeps on disk once it has been carried over."""
    open_check_bytes_max: int = 64 * MEBIBYTE
    """A file no larger than this is checked for damage when it is opened."""

    tidy_interval_seconds: float = 30.0
    """Time between two rounds of compaction and retention; 0 leaves them to `compact`."""
    tidy_slice_records: int = 200
    """Records looked at in one slice: a commit waits for one slice at most."""
    tidy_pause_seconds: float = 0.005
    """Time between two slices, left to the commits."""
    compact_records_min: int = 1_000
    """New records of a partition before a round compacts it."""
    compact_whole_seconds: float = 6 * 3_600.0
    """So often a round compacts every partition, however few its new records are, and leaves no write-ahead file."""
    tombstone_grace_seconds: float = 86_400.0
    """How long a deletion stays readable after compaction saw it, so that a slow reader learns of it."""
    free_pages_kept: int = 256
    """Empty pages left in the file for new records; the rest goes back to the disk."""
    free_pages_slice: int = 256
    """Pages given back in one slice."""
