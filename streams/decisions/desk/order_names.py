"""What an order names: messages, deliveries and drafts, which may have left the record."""

from collections.abc import Iterator

from pydantic import BaseModel

from streams.decisions.authority.order import Order
from streams.decisions.release import take_backs
from streams.subjects.incident import Incident
from streams.words.orders import Tick
from streams.words.release import NotePostChange

NAMING = ("message_id", "delivery_id", "follows")


def names_in(order: Order) -> Iterator[str]:
    """What the order names, our copies of the posts that it is about."""
    body = order.command.body
    yield from named_by(body)
    changed = [body.credit] if isinstance(body, NotePostChange) else []
    if isinstance(body, Tick) and isinstance(order.state, Incident):
        changed = take_backs.lapsed(order.state, order.now)
    for credit in changed:
        yield from (copy.message.id for copy in order.versions(credit.account_id, credit.post_id))


def named_by(body: BaseModel) -> Iterator[str]:
    """The messages, deliveries and drafts that an order names: they may have left the record."""
    for name, value in body:
        if name in NAMING and isinstance(value, str):
            yield value
        elif isinstance(value, BaseModel):
            yield from named_by(value)
