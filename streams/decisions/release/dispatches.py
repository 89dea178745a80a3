"""A dispatch: all that a channel needs for one delivery, drawn from the incident's record and its past."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from streams.decisions.authority.order import Order
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.delivery import Delivery, Dispatch, Earlier, Verb
from streams.words.release import Message

EARLIER_MAX = 20


def dispatch_for(order: Order, delivery: Delivery) -> Dispatch:
    """The dispatch of a delivery. What it follows is known by its key and the time of its yes before any receipt is.

    A withdrawal of a correction also ends what that corrected: nobody may read the wrong words without it.
    """
    incident = order.outgoing
    declaration = incident.declaration if isinstance(incident, Incident) else None
    message = incident.messages[delivery.message_id]
    dispatch = Dispatch(
        key=delivery.id,
        mode=incident.mode,
        incident_id=incident.id,
        incident_name=declaration.name if declaration else incident.id,
        incident_type=declaration.type if declaration else None,
        incident_level=declaration.level if declaration else None,
        channel=delivery.channel,
        message=message,
        authorisation=incident.authorisations[delivery.message_id],
        holds=incident.holds_about(message),
        verb=delivery.verb,
    )
    followed = [*islice(_followed(order, message, channel=delivery.channel), EARLIER_MAX + 1)]
    if not followed:
        return dispatch
    (delivered, at), *before = followed
    mended = before if delivery.verb is Verb.WITHDRAW else []
    ended = [Earlier(key=one.id, at=when, receipt=one.receipt) for one, when in mended]
    update = {"target": delivered.receipt, "target_key": delivered.id, "target_at": at, "earlier": tuple(ended)}
    return dispatch.model_copy(update=update)


def _followed(order: Order, message: Message, *, channel: str) -> Iterator[tuple[Delivery, datetime]]:
    """The delivery on this channel of the message that this one follows, and, if that is a correction, of those before.

    With the time of each yes; it ends where a message never went there.
    """
    followed = message.follows
    while followed is not None:
        released, incident = order.past.released(followed), order.outgoing
        known = [*incident.deliveries.values(), *(released.deliveries if released else ())]
        delivery = next((one for one in known if (one.message_id, one.channel) == (followed, channel)), None)
        authorisation = released.authorisation if released else incident.authorisations.get(followed)
        before = released.message if released else incident.messages.get(followed)
        if delivery is None or authorisation is None:
            return
        yield delivery, authorisation.at
        followed = before.follows if before and before.purpose is Purpose.CORRECTION else None
