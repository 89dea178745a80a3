"""Between a record and a message: decode it, check that it is on its own topic, or say why it is a dead letter."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from infra.log import Headers, Record
from streams.codec import decode, says
from streams.errors import MessageError, Undecodable
from streams.topics import TopicPlan, key_of
from streams.values import sentence
from streams.words.orders import Command
from streams.words.posts import DeadLetter

HEADERS_BYTES_MAX = 8 * 1024
"""What the description of a dead letter takes, generously."""


def receive(plan: TopicPlan, *, key: bytes | None, value: bytes | None, mode: str) -> Any:  # noqa: ANN401 - the plan names the type
    """The message of a record; `MessageError` where it cannot be one of this topic and mode.

    A command of another mode is passed on: the desk refuses it with a fact.
    """
    message = decode(plan, value)
    if key != key_of(message):
        raise Undecodable(f"its key is not its {plan.key}: send it again under its {plan.key}")
    if message.mode != mode and not isinstance(message, Command):
        raise Undecodable(f"it is of mode {message.mode} on a topic of mode {mode}: send it where it belongs")
    return message


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a dead letter comes from."""

    topic: str
    partition: int
    offset: int
    handler: str


def dead_letter_headers(origin: Origin, error: Exception, *, at: datetime, cut: bool) -> Mapping[str, bytes]:
    """Describe a record that could not be handled, in the headers under which it is kept; `cut` as `beginnings` did."""
    reason = reason_of(error)
    letter = DeadLetter(
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        handler=origin.handler,
        reason=sentence(f"only its beginning is kept here: {reason}") if cut else reason,
        at=at,
    )
    return {name: str(value).encode() for name, value in letter.model_dump(mode="json").items()}


def beginnings(record: Record, *, bytes_max: int | None) -> tuple[bytes | None, bytes | None]:
    """Key and value, cut short if the record plus dead-letter headers would exceed the log's limit.

    Otherwise a record of the largest size would stop the worker at each start.
    """
    if bytes_max is None:
        return record.key, record.value
    room = bytes_max - HEADERS_BYTES_MAX
    key = record.key and record.key[:room]
    return key, record.value and record.value[: room - len(key or b"")]


def dead_letter_of(headers: Headers) -> DeadLetter:
    """Read the description back."""
    return DeadLetter.model_validate({name: value.decode(errors="replace") for name, value in headers})


def reason_of(error: Exception) -> str:
    """A sentence for a person; it never quotes the record, whose words may be somebody's."""
    if isinstance(error, MessageError):
        return sentence(str(error))
    if isinstance(error, ValidationError):
        return sentence(f"the handler could not build its answer from it: {says(error)}")
    return sentence(f"the handler failed with {type(error).__name__}: look at the service's log for {_place(error)}")


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else "the place"


@dataclass(frozen=True, slots=True)
class Buried:
    """A dead letter with its content, shown as text where it is text, as base64 where not."""

    letter: DeadLetter
    key: str
    value: str


def shown(value: bytes | None) -> str:
    """A dead letter's content for a person who asked for it: text where it is text, base64 where not."""
    try:
        return (value or b"").decode()
    except UnicodeDecodeError:
        return base64.b64encode(value or b"").decode()
