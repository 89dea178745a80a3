"""Lazy tables: a row is read when it is asked for, so that neither a start nor memory grows with what is in the table.

What events have written is kept in memory until it is committed. All else is found in the log, if that finds rows by
key (`Log.rows_of`); if not, recovery reads the changelog into a file of this process (`SpilledRows`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

import faust
from yarl import URL

from infra.driver.session.session import Session
from infra.driver.session.staging import Delivered, StaleEvent, current_message
from infra.driver.tables.spilled import SpilledRows
from infra.driver.tables.table import RowStore, Table
from infra.log import Log, LogError, Partition, Record, RowsByKey

PENDING_MAX = 200
"""With so many written rows in memory, those that are committed leave it."""


class PendingRow(NamedTuple):
    """What an event wrote under a key, a deletion if it is None, and the partition of the changelog that has it."""

    value: bytes | None
    partition: int
    message: Delivered | None


class LazyStore(RowStore):
    """The rows of a lazy table; keys and values are bytes, keys are UTF-8 text."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._pending: dict[bytes, PendingRow] = {}
        self._rows: dict[int, RowsByKey | SpilledRows] = {}
        self._full_at = PENDING_MAX

    def find(self, key: bytes) -> bytes | None:
        """The value of a key, None if it has none."""
        written = self._pending.get(key)
        if written is not None:
            return written.value
        row = self._committed(key)
        return row[1] if row else None

    def _committed(self, key: bytes) -> tuple[int, bytes] | None:
        """The partition and the value of a key that no running event has written, None if it has none."""
        try:
            for number, rows in self._rows.items():
                if (value := rows.get(key)) is not None:
                    return number, value
        except LogError as error:
            _end_session(error)
        return None

    def find_keys(self, prefix: bytes = b"") -> Collection[bytes]:
        """Every key that begins so and has a value."""
        found: dict[bytes, None] = {}
        try:
            for rows in self._rows.values():
                found.update(dict.fromkeys(rows.keys(prefix)))
        except LogError as error:
            _end_session(error)
        for key, one in self._pending.items():
            if one.value is None:
                found.pop(key, None)
            elif key.startswith(prefix):
                found[key] = None
        return found

    def begin(self, partition: Partition, log: Log) -> bool:
        """Whether the log finds the rows of this partition; if not, they are to be read into this table."""
        rows = log.rows_of(partition)
        self._rows[partition.number] = rows or SpilledRows()
        return rows is not None

    def take(self, number: int, records: Iterable[Record]) -> None:
        """Take in records of a partition whose rows the log does not find."""
        rows = self._rows[number]
        if isinstance(rows, SpilledRows):
            rows.take((record.key, record.value) for record in records)

    def held(self, key: Any) -> Any:
        """What an event has written under a key and the log may not have; None leaves it to the log."""
        return self._pending.get(key)

    def put_back(self, key: Any, held: Any) -> None:
        """Let a key have what it had before an event wrote it."""
        if held is None:
            self._pending.pop(key, None)
        else:
            self._pending[key] = held

    def place_of(self, key: Any) -> int | None:
        """The partition in which a key lies; where there is but one, no key is looked for."""
        written = self._pending.get(key)
        if written is not None or len(self._rows) == 1:
            return written.partition if written else next(iter(self._rows))
        row = self._committed(key)
        return row[0] if row else None

    def places_of(self, key: Any) -> Collection[int]:
        """Any of its partitions: to look for the key would cost more than to open them again."""
        del key
        return self._rows.keys()

    def note(self, key: Any, encoded: bytes | None, *, partition: int | None) -> None:
        """Keep what an event has written until it is committed."""
        if len(self._pending) >= self._full_at:
            self._let_go()
        self._pending[key] = PendingRow(encoded, partition or 0, current_message())

    def _let_go(self) -> None:
        """Leave to the log, or to the file, what it has by now."""
        done = {key: one for key, one in self._pending.items() if one.message and one.message.is_committed}
        for number, rows in self._rows.items():
            if isinstance(rows, SpilledRows):
                rows.take((key, one.value) for key, one in done.items() if one.partition == number)
        for key in done:
            del self._pending[key]
        self._full_at = max(PENDING_MAX, 2 * len(self._pending))

    def keep(self, partitions: Collection[int]) -> None:
        """Forget what does not lie in one of these partitions."""
        self._pending = {key: one for key, one in self._pending.items() if one.partition in partitions}
        self._rows = {number: rows for number, rows in self._rows.items() if number in partitions}

    def forget(self) -> None:
        self.keep(())

    # As a mapping, for Faust and for whoever wants all of it.

    keys, values, items = Mapping.keys, Mapping.values, Mapping.items

    def __getitem__(self, key: Any) -> Any:
        value = self.find(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self.find(key) is not None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.find_keys())

    def __len__(self) -> int:
        return len(self.find_keys())

    def __setitem__(self, key: Any, value: Any) -> None:
        """What was written is noted with its changelog."""

    def __delitem__(self, key: Any) -> None:
        """What was deleted is noted with its changelog."""


class LazyTable(Table):
    """A table of bytes that is read row by row; see the module."""

    def _new_store_by_url(self, url: str | URL) -> Any:
        return LazyStore(url, self.app, self, table_name=self.name, loop=self.loop)

    def begin(self, partition: Partition, log: Log) -> bool:
        """Whether the log finds the rows of this partition; if not, they are to be read into this table."""
        begun: bool = self._rows.begin(partition, log)
        return begun

    def take(self, partition: Partition, records: Iterable[Record]) -> None:
        """Take in records of a partition whose rows the log does not find."""
        self._rows.take(partition.number, records)

    def find_keys(self, prefix: bytes = b"") -> Collection[bytes]:
        """Every key that begins so and has a value; those of other beginnings are not read."""
        found: Collection[bytes] = self._rows.find_keys(prefix)
        return found

    def on_key_get(self, key: Any) -> None:
        """Nothing is to be taken back: bytes are not changed in place."""
        faust.Table.on_key_get(self, key)
        message = current_message()
        if message is not None:
            message.require_living()

    def __getitem__(self, key: Any) -> Any:
        self.on_key_get(key)
        return self._rows[key]


def _end_session(error: LogError) -> NoReturn:
    """What the log fails at is no fault of the running event: its session ends, and the event comes again."""
    message = current_message()
    if message is None or not isinstance(message.tenure, Session):
        raise error
    message.tenure.fail(error)
    raise StaleEvent from error
