"""Tables: in memory, rebuilt from their changelogs, with one writer, and able to take a write back.

A write is taken back from the bytes of its changelog record, so a value that a handler changed in place is mended too.
"""

from collections.abc import Callable, Collection, Iterable
from types import SimpleNamespace
from typing import Any

import faust
import faust.stores.memory
from faust.agents import current_agent
from faust.types import EventT, FutureMessage
from yarl import URL

from infra.driver.refusals import JOIN, WINDOW, Unsupported
from infra.driver.session.staging import Delivered, current_message
from infra.log import Partition

Held = tuple[bytes | None, int | None]
"""The bytes that a key was last written as, and the partition that they lie in."""
NOTHING: Held = (None, None)


class ManyWriters(ValueError):
    """A table has one writer: one agent, one input topic, concurrency 1; with more, its counts would be wrong."""


class RowStore(faust.stores.memory.Store[Any, Any]):
    """Faust's memory store, which also keeps the bytes of each value; a changelog is applied in order."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.encoded: dict[Any, bytes] = {}

    def apply_changelog_batch(  # budget: the parameters are those of Faust's own method
        self, batch: Iterable[EventT[Any]], to_key: Callable[[Any], Any], to_value: Callable[[Any], Any]
    ) -> None:
        for event in batch:
            key, encoded = to_key(event.key), event.message.value
            if encoded is None:
                self.put_back(key, NOTHING)
            else:
                self.data[key] = to_value(event.value)
                self.note(key, encoded, partition=event.message.partition)

    def held(self, key: Any) -> Held:
        """The bytes that a key was last written as, and the partition that they lie in."""
        return self.encoded.get(key), self._key_partition.get(key)

    def place_of(self, key: Any) -> int | None:
        """The partition of the changelog in which a key lies, None if it lies in none."""
        return self._key_partition.get(key)

    def places_of(self, key: Any) -> Collection[int]:
        """The partitions of the changelog in which a key may lie."""
        partition = self.place_of(key)
        return () if partition is None else (partition,)

    def put_back(self, key: Any, held: Held) -> None:
        """Let a key have the value that it had; `NOTHING` removes it."""
        encoded, partition = held
        if encoded is None:
            self.data.pop(key, None)
        else:
            self.data[key] = self._decode(encoded)
        self.note(key, encoded, partition=partition)

    def _decode(self, encoded: bytes) -> Any:
        """Read a value as recovery would, through the schema of the changelog."""
        table: Any = self.table
        message = SimpleNamespace(value=encoded)
        return table._to_value(table.changelog_topic.schema.loads_value(self.app, message))

    def note(self, key: Any, encoded: bytes | None, *, partition: int | None) -> None:
        """Keep the bytes of a changelog record, and its partition."""
        if encoded is None or partition is None:
            self.encoded.pop(key, None)
            self._key_partition.pop(key, None)
        else:
            self.encoded[key] = encoded
            self._key_partition[key] = partition

    def keep(self, partitions: Collection[int]) -> None:
        """Forget every key that does not lie in one of these partitions."""
        for key in [key for key in self.data if self._key_partition.get(key) not in partitions]:
            self.put_back(key, NOTHING)

    def forget(self) -> None:
        self.data.clear()
        self.encoded.clear()
        self._key_partition.clear()


class _OneWriter:
    """What a table asks before a write."""

    app: Any
    name: str
    _writer: tuple[str, str] | None = None

    def check_write(self) -> None:
        """Refuse a stale event and a second writer, before anything has changed."""
        message, agent = current_message(), current_agent()
        if message is None:
            return
        message.require_living()
        if agent is not None:
            self.claim(agent.name, message.topic, concurrency=agent.concurrency)

    def claim(self, agent: str, topic: str, *, concurrency: int = 1) -> None:
        """Make an agent the writer of this table, or raise `ManyWriters`."""
        writer = (agent, topic)
        if concurrency != 1:
            raise ManyWriters(f"Agent {agent!r} writes table {self.name!r} and must have concurrency 1.")
        if self._writer is None:
            self._writer = writer
        if self._writer != writer:
            one, other = self._writer
            raise ManyWriters(
                f"Table {self.name!r} is written by agent {one!r} on topic {other!r}; "
                f"agent {agent!r} on topic {topic!r} would be a second writer."
            )


class Table(_OneWriter, faust.Table[Any, Any]):
    """A Faust table that can take writes back.

    A write belongs to the partition of its event, or to the one in which its key lies already: else an event of another
    partition would change the row in memory, and whoever takes the partition over would have the old one. Only this
    worker writes to either. So the options that write to other partitions, or read a worker's own writes back into its
    table, are refused.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        for option in ("use_partitioner", "synchronize_all_active_partitions", "is_global"):
            if settings.get(option):
                raise Unsupported(f"Table {settings.get('name')!r}: {option} would give a partition two writers.")
        super().__init__(*args, **settings)

    join = left_join = inner_join = outer_join = combine = JOIN
    tumbling = hopping = using_window = WINDOW

    def _new_store_by_url(self, url: str | URL) -> Any:
        if URL(url).scheme != "memory":
            raise ValueError(f"Table {self.name!r}: only the memory store forgets what was not committed.")
        return RowStore(
            url,
            self.app,
            self,
            table_name=self.name,
            key_type=self.key_type,
            value_type=self.value_type,
            key_serializer=self.key_serializer,
            value_serializer=self.value_serializer,
            loop=self.loop,
        )

    @property
    def _rows(self) -> Any:
        """The store; Faust's interface calls it something more general."""
        return self.data

    def keep(self, partitions: Collection[int]) -> None:
        """Clear the table but for these partitions: the changelogs of the others are read again."""
        if partitions:
            self._rows.keep(partitions)
        else:
            self.forget()

    def forget(self) -> None:
        """Clear the whole table."""
        self._rows.forget()

    def on_key_get(self, key: Any) -> None:
        """Note how to take back a change in place: the bytes that the value was last written as are its old state.

        Of a table of bytes nothing is noted: none is changed in place.
        """
        super().on_key_get(key)
        message, store = current_message(), self._rows
        if message is not None:
            message.require_living()
            if isinstance(store.data.get(key), bytes):
                return
            self._touch(message, key)
            message.stage.add_undo(lambda: store.put_back(key, store.held(key)))

    def on_key_set(self, key: Any, value: Any) -> None:
        self.check_write()
        super().on_key_set(key, value)

    def on_key_del(self, key: Any) -> None:
        self.check_write()
        super().on_key_del(key)

    def send_changelog(self, partition: int | None, key: Any, *args: Any, **kwargs: Any) -> FutureMessage:
        store, message = self._rows, current_message()
        before, place = store.held(key), store.place_of(key)
        if place is not None:
            partition = place
        sent = super().send_changelog(partition, key, *args, **kwargs)
        if message is not None:
            self._touch(message, key)
            message.stage.add_undo(lambda: store.put_back(key, before))
        store.note(key, sent.message.value, partition=partition)
        return sent

    def _touch(self, message: Delivered, key: Any) -> None:
        """Until this event is committed, memory and changelog differ in its partition, and in the one the key had."""
        topic, where = self.changelog_topic.get_topic_name(), {message.partition, *self._rows.places_of(key)}
        self.app.ground.trusted.touch(message, [Partition(topic, number) for number in where])
