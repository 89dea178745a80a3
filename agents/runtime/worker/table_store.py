"""A Faust table as a `Store`: values are models, written as JSON."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import structlog
from faust import current_event
from faust.types import TableT
from pydantic import TypeAdapter, ValidationError

from agents.ports import Store
from agents.runtime.door.reading import unknown_value
from agents.runtime.door.tables import MARK, own_key
from streams.errors import MessageError
from streams.subjects.declared import DECLARED, Declared, declared_of
from streams.subjects.past import Row
from streams.subjects.state import State
from streams.values import SubjectKind

logger = structlog.get_logger(__name__)

Model = TypeVar("Model")

Find = Callable[[bytes], Iterable[bytes]]

KEPT = 256


class UnreadableRow(MessageError):
    """What the worker's table has of this cannot be read: restore the log, or start the release that wrote it."""


class TableStore(Generic[Model]):
    """One table of one model; keys and values are bytes in the table and in its changelog.

    The last `KEPT` models stay beside their bytes, so an incident's state is not decoded again for every order.

    A value that cannot be read is `UnreadableRow` for the event that asks for it, which becomes a dead letter, and no
    other event is touched. It is never made again from the facts: somebody may have put some beside those of the desk,
    and only the table knows which are the desk's own.
    """

    def __init__(self, table: TableT[bytes, bytes], model: TypeAdapter[Model], *, find: Find | None = None) -> None:
        """`find` answers with the keys of the table that begin so."""
        model.rebuild()  # No event waits for it.
        self._find = find
        self._table = table
        self._model = model
        self._kept: OrderedDict[str, tuple[bytes, Model]] = OrderedDict()

    def get(self, key: str) -> Model | None:
        """The value of a key, None where there is none; `UnreadableRow` if it cannot be read."""
        written = self._table.get(key.encode())
        if written is None:
            return None
        kept = self._kept.get(key)
        # The cached model is valid only for these exact bytes; an undo or another worker may have replaced them.
        if kept is not None and kept[0] == written:
            return kept[1]
        try:
            value = self._model.validate_json(written)
        except ValidationError as error:
            do = "restore the log from a backup, or start the release that wrote it; see `holdingline log verify`"
            logger.warning("a value of a table cannot be read: run log verify", key=key)
            raise UnreadableRow(f"what the table has of {key} is {unknown_value(error)}: {do}") from None
        return self._keep(key, written, value)

    def put(self, key: str, value: Model) -> None:
        """Set a value, as part of the event being handled."""
        written = self._model.dump_json(value)
        self._table[key.encode()] = written
        self._keep(key, written, value)

    def remove(self, key: str) -> None:
        """Take a value away, as part of the event being handled."""
        self._table.pop(key.encode(), None)

    def keys(self, prefix: str = "") -> Sequence[str]:
        """Every key that begins so; the others are not looked at, if the table finds keys by itself."""
        found = self._table if self._find is None else self._find(prefix.encode())
        # A key that is no text is none of ours, and there is nothing to ask for under it.
        return [key for one in found if (key := one.decode(errors="replace")).startswith(prefix)]

    def _keep(self, key: str, written: bytes, value: Model) -> Model:
        self._kept[key] = (written, value)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return value


class OwnRows(Generic[Model]):
    """A table of which each partition has rows of its own by the same names; an event sees those of its partition.

    A worker that takes a partition over then finds what belongs to it, and nothing of the others.
    """

    def __init__(self, rows: TableStore[Model], *, partitions: int) -> None:
        self._rows, self._partitions = rows, partitions

    def get(self, key: str) -> Model | None:
        """As `TableStore.get`."""
        return self._rows.get(self._own(key))

    def put(self, key: str, value: Model) -> None:
        """Set a value, as part of the event being handled."""
        self._rows.put(self._own(key), value)

    def remove(self, key: str) -> None:
        """Take a value away, as part of the event being handled."""
        self._rows.remove(self._own(key))

    def keys(self, prefix: str = "") -> Sequence[str]:
        """Every key of this partition that begins so."""
        names = [(one, one.partition(MARK)[0]) for one in self._rows.keys(prefix)]
        return [key for name, key in names if name == self._own(key)]

    def _own(self, key: str) -> str:
        event = current_event()
        partition = event.message.partition if event else 0
        return own_key(key, partition, of=self._partitions)


def declared_in(past: Store[Row], states: Store[State]) -> Declared:
    """How many incidents were declared; in a log of an earlier release, which has no such row, those that go on."""
    found = past.get(DECLARED)
    if isinstance(found, Declared):
        return found
    return declared_of(_readable(states, key) for key in states.keys(f"{SubjectKind.INCIDENT}/"))


def _readable(states: Store[State], key: str) -> State | None:
    """What cannot be read keeps no incident from being declared."""
    with suppress(MessageError):
        return states.get(key)
    return None
