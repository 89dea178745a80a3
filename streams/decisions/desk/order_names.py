"""What an order names: messages, deliveries and drafts, which may have left the record."""

from collections.abc import Iterator

from pydantic import BaseModel

from streams.decisions.authority.order import Order
from streams.words.release import NotePostChange

NAMING = ("message_id", "delivery_id", "follows")


def names_in(order: Order) -> Iterator[str]:
    """What the order names, and our copy of the post that it is about."""
    body = order.command.body
    yield from named_by(body)
    if isinstance(body, NotePostChange) and (copy := order.past.carrying(body.credit.account_id, body.credit.post_id)):
        yield copy.message.id


def named_by(body: BaseModel) -> Iterator[str]:
    """The messages, deliveries and drafts that an order names: they may have left the record."""
    for name, value in body:
        if name in NAMING and isinstance(value, str):
            yield value
        elif isinstance(value, BaseModel):
            yield from named_by(value)
