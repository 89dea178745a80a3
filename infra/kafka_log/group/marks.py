"""Marks: what is deleted from a table must leave the disks, also where nothing is written afterwards.

Kafka compacts every file of a topic but the one that it writes, and closes that one only when a later record comes.
So a deletion that is the last record of a quiet table would delete nothing. A mark is such a later record.
"""

import time
from collections.abc import Collection, Sequence

from infra.log import Draft, Partition

KEY = b"mark"
LATER = 1.25
"""A mark is written so many times the age at which Kafka closes a file after the last write: clocks differ a little."""


class Marks:
    """Knows when each partition was written last; a mark itself is no write that needs another one."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is the age at which a file of a compacted topic is closed."""
        self.pause_seconds = seconds / 2
        self._after_seconds = seconds * LATER
        self._written: dict[Partition, float] = {}

    def note(self, partitions: Collection[Partition]) -> None:
        """These were written now, or may have been by who had them before."""
        self._written |= dict.fromkeys(partitions, time.monotonic())

    def take(self, partitions: Collection[Partition]) -> Sequence[Draft]:
        """The marks that are due on these partitions. Each deletes a key that no table has."""
        now, at_ms = time.monotonic(), time.time_ns() // 1_000_000
        due = [one for one in partitions if now - self._written.get(one, now) >= self._after_seconds]
        for one in due:
            del self._written[one]
        return [Draft(one, KEY, None, at_ms) for one in due]
