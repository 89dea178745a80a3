"""Staging: what an event sends waits with the event, and is committed together with its offset.

The stage hangs on the message itself, so nothing has to be looked up, and a dropped message takes its stage along.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from faust import current_event
from faust.agents import current_agent
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from infra.driver.session.tenure import Tenure
from infra.log import Draft, Headers, LogError, Record

STAGED_BYTES_MAX = 16 * 1024 * 1024
"""What one event may send: it is one commit, and the log bounds what a commit holds."""


class TooMuchStaged(LogError):
    """The event sends more than one commit can hold: split it into several events."""


class StaleEvent(LogError):
    """The worker has rejoined since this event was delivered; its work is thrown away, the event comes again."""


Undo = Callable[[], None]
"""Takes back one write to a table."""

CREATE_TIME = 0
"""Kafka's mark for a timestamp given by the sender."""


@dataclass(slots=True)
class Stage:
    """What the agents handling one message have sent and written so far; each step knows its agent."""

    steps: list[tuple[object, Draft]] = field(default_factory=list)
    undos: list[tuple[object, Undo]] = field(default_factory=list)
    bytes_count: int = 0

    def add(self, draft: Draft) -> None:
        self.bytes_count += size_of(draft)
        if self.bytes_count > STAGED_BYTES_MAX:
            raise TooMuchStaged
        self.steps.append((current_agent(), draft))

    def add_undo(self, undo: Undo) -> None:
        self.undos.append((current_agent(), undo))

    def discard(self) -> None:
        """Take back what the current agent did; another agent on the same message keeps its own."""
        agent = current_agent()
        for owner, undo in reversed(self.undos):
            if owner is agent:
                undo()
        self.undos = [undo for undo in self.undos if undo[0] is not agent]
        self.steps = [step for step in self.steps if step[0] is not agent]
        self.bytes_count = sum(size_of(draft) for _, draft in self.steps)

    def drafts(self) -> Sequence[Draft]:
        return [draft for _, draft in self.steps]


class Delivered(ConsumerMessage):
    """A message that this driver has delivered: it carries its stage, its session, and the offset after it."""

    __slots__ = ("in_flight", "is_committed", "next_offset", "stage", "tenure", "where")

    def __init__(self, record: Record, *, value: Any, next_offset: int, tenure: Tenure) -> None:
        super().__init__(
            record.partition.topic,
            record.partition.number,
            record.offset,
            record.timestamp_ms / 1000.0,
            CREATE_TIME,
            list(record.headers),
            record.key,
            value,
            None,
            tp=TP(*record.partition),
            generation_id=tenure.number,
        )
        self.tenure = tenure
        self.where = record.partition
        self.next_offset = next_offset
        self.stage = Stage()
        self.in_flight = False
        self.is_committed = False

    def require_living(self) -> None:
        """Raise `StaleEvent` if the session of this message is over."""
        if self.tenure.is_over:
            raise StaleEvent


def current_message() -> Delivered | None:
    """The message whose event the running task handles, if the driver delivered it and it is not acked yet."""
    event = current_event()
    message = event.message if event is not None else None
    return message if isinstance(message, Delivered) and not message.acked else None


def current_stage() -> Stage | None:
    """The stage for what the running task sends; None outside an event, since a send there goes straight to the log."""
    message = current_message()
    return None if message is None else message.stage


def as_pairs(headers: Any) -> Headers:
    """Headers as the log keeps them; Faust hands over a mapping, pairs or nothing."""
    pairs = headers.items() if hasattr(headers, "items") else headers or ()
    return tuple((str(name), bytes(text)) for name, text in pairs)


def size_of(record: Draft) -> int:
    """Bytes of key, value and headers together."""
    headers = sum(len(name) + len(text) for name, text in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers
