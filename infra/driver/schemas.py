"""Schemas that decode nothing, so that undecodable bytes reach a handler that can dead-letter them."""

from typing import Any

import faust
from faust.types.tuples import Message


class RawSchema(faust.Schema[Any, Any]):
    """Passes key and value through as bytes: the handler decodes, and an error there is its own to report."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"key_serializer": "raw", "value_serializer": "raw", "allow_empty": True, **settings})

    def loads_key(self, app: Any, message: Message, **_: Any) -> Any:
        del app
        return message.key

    def loads_value(self, app: Any, message: Message, **_: Any) -> Any:
        del app
        return message.value


class BatchSchema(RawSchema):
    """Passes through the tuple of `infra.log.Record` that a batched topic hands over as one event."""
