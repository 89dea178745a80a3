"""Rows of a compacted partition found by key: what compaction has noted, and what was written since.

Compaction keeps the last place of each key (`latest`), so that nothing else is read for a key that it has seen. What it
has not seen yet is read once and kept in memory until it has: so much as comes between two of its rounds.
"""

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from infra.sqlite_log.file.codec import OFFSET_BITS, offset_at, place_of
from infra.sqlite_log.file.queries import Stretch
from infra.sqlite_log.trouble import translate, translated

TAIL_KEYS_MIN = 1_000
"""With fewer keys in memory it is not looked whether compaction has seen them."""
# The last record of each key, as far as compaction has come, lies at the place that `latest` notes.
VALUE = """SELECT record.value
    FROM latest CROSS JOIN record ON record.place = (latest.partition_id << ? | latest.offset)
    WHERE latest.partition_id = ? AND latest.key = ?"""
KEYS = """SELECT latest.key
    FROM latest CROSS JOIN record ON record.place = (latest.partition_id << ? | latest.offset)
    WHERE latest.partition_id = ? AND latest.key >= ? AND latest.key < ? AND record.value IS NOT NULL"""
NEXT_KEY = "SELECT key FROM latest WHERE partition_id = ? AND key >= ? ORDER BY key LIMIT 1"
TAIL = "SELECT place, key, value FROM record WHERE place >= ? AND place < ? AND key IS NOT NULL ORDER BY place"
PAST_ALL = b"\xff"
"""After a prefix: past all keys that begin so, since keys are UTF-8 text."""


class FileRows:
    """Implements `infra.log.RowsByKey`; used from one event loop, whose thread reads the file."""

    def __init__(
        self, connection: Callable[[], sqlite3.Connection], path: Path, *, span: Callable[[], Stretch]
    ) -> None:
        """`span` is the partition up to its present end."""
        self._connection = connection
        self._path = path
        self._span = span
        self._tail: dict[bytes, tuple[int, bytes | None]] = {}
        self._tail_ends: int | None = None
        self._trim_at = TAIL_KEYS_MIN

    def get(self, key: bytes) -> bytes | None:
        """What was written last under a key; None if nothing was, or if that was a deletion."""
        try:
            shelf_id = self._read_on().shelf_id
            if key in self._tail:
                return self._tail[key][1]
            found = self._ask(VALUE, OFFSET_BITS, shelf_id, key)
        except sqlite3.Error as error:
            raise translate(error, self._path) from error
        return found[0][0] if found else None

    def keys(self, prefix: bytes = b"") -> Collection[bytes]:
        """Every key that begins so and has a value; those of other beginnings are not read."""
        with translated(self._path):
            found = dict.fromkeys(self._noted(self._read_on().shelf_id, prefix))
        return self._with_tail(found, lambda key: key.startswith(prefix))

    def keys_after(self, mark: bytes, part: bytes) -> Collection[bytes]:
        """Every key with a value that goes on with `part` after its first `mark`.

        Of the keys that are the same up to the mark only these are read, however many others there are.
        """
        found: dict[bytes, None] = {}
        with translated(self._path):
            shelf_id, at = self._read_on().shelf_id, b""
            while rows := self._ask(NEXT_KEY, shelf_id, at):
                key = rows[0][0]
                begins = key.partition(mark)[0] + mark
                found.update(dict.fromkeys(self._noted(shelf_id, begins + part)))
                # A key without the mark comes before all that begin with it and the mark.
                at = key + b"\0" if key < begins else begins + PAST_ALL
        return self._with_tail(found, lambda key: key.partition(mark)[2].startswith(part) and mark in key)

    def _noted(self, shelf_id: int, prefix: bytes) -> list[bytes]:
        return [key for (key,) in self._ask(KEYS, OFFSET_BITS, shelf_id, prefix, prefix + PAST_ALL)]

    def _with_tail(self, found: dict[bytes, None], wanted: Callable[[bytes], bool]) -> Collection[bytes]:
        for key, (_, value) in self._tail.items():
            if value is None:
                found.pop(key, None)
            elif wanted(key):
                found[key] = None
        return found

    def _read_on(self) -> Stretch:
        """Take in what was written since the last look."""
        span = self._span()
        if self._tail_ends is None:
            self._tail_ends = self._compacted_to(span.shelf_id)
        if self._tail_ends < span.end:
            places = (place_of(span.shelf_id, self._tail_ends), place_of(span.shelf_id, span.end))
            for place, key, value in self._ask(TAIL, *places):
                self._tail[key] = (offset_at(place), value)
            self._tail_ends = span.end
            self._trim(span.shelf_id)
        return span

    def _trim(self, shelf_id: int) -> None:
        """Forget what compaction has seen by now."""
        if len(self._tail) >= self._trim_at:
            seen = self._compacted_to(shelf_id)
            self._tail = {key: one for key, one in self._tail.items() if one[0] >= seen}
            self._trim_at = max(TAIL_KEYS_MIN, 2 * len(self._tail))

    def _compacted_to(self, shelf_id: int) -> int:
        return int(self._ask("SELECT compacted_to FROM partition WHERE id = ?", shelf_id)[0][0])

    def _ask(self, question: str, *given: object) -> list[Any]:
        return self._connection().execute(question, given).fetchall()
