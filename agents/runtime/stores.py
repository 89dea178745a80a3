"""A Faust table as a `Store`: values are models, written as JSON."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from faust.types import TableT
from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


class TableStore(Generic[Model]):
    """One table of one model; keys and values are bytes in the table and in its changelog."""

    def __init__(self, table: TableT[bytes, bytes], model: type[Model]) -> None:
        self._table = table
        self._model = model

    def get(self, key: str) -> Model | None:
        """The value of a key, None where there is none."""
        written = self._table.get(key.encode())
        return None if written is None else self._model.model_validate_json(written)

    def put(self, key: str, value: Model) -> None:
        """Set a value, as part of the event being handled."""
        self._table[key.encode()] = value.model_dump_json().encode()

    def remove(self, key: str) -> None:
        """Take a value away, as part of the event being handled."""
        self._table.pop(key.encode(), None)

    def keys(self) -> Sequence[str]:
        """Every key there is, the one that came first first."""
        return [key.decode() for key in self._table]
