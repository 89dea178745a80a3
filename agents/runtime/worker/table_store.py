"""A Faust table as a `Store`: values are models, written as JSON."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from faust.types import TableT
from pydantic import TypeAdapter

Model = TypeVar("Model")

KEPT = 256


class TableStore(Generic[Model]):
    """One table of one model; keys and values are bytes in the table and in its changelog.

    The last `KEPT` models stay beside their bytes, so an incident's state is not decoded again for every order.
    """

    def __init__(self, table: TableT[bytes, bytes], model: TypeAdapter[Model]) -> None:
        self._table = table
        self._model = model
        self._kept: OrderedDict[str, tuple[bytes, Model]] = OrderedDict()

    def get(self, key: str) -> Model | None:
        """The value of a key, None where there is none."""
        written = self._table.get(key.encode())
        if written is None:
            return None
        kept = self._kept.get(key)
        # The cached model is valid only for these exact bytes; an undo or another worker may have replaced them.
        if kept is not None and kept[0] is written:
            return kept[1]
        return self._keep(key, written, self._model.validate_json(written))

    def put(self, key: str, value: Model) -> None:
        """Set a value, as part of the event being handled."""
        written = self._model.dump_json(value)
        self._table[key.encode()] = written
        self._keep(key, written, value)

    def remove(self, key: str) -> None:
        """Take a value away, as part of the event being handled."""
        self._table.pop(key.encode(), None)

    def keys(self) -> Sequence[str]:
        """Every key there is, the one that came first first."""
        return [key.decode() for key in self._table]

    def _keep(self, key: str, written: bytes, value: Model) -> Model:
        self._kept[key] = (written, value)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return value
