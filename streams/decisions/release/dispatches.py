"""A dispatch: all that a channel needs for one delivery, drawn from the incident's record and its past."""

from itertools import islice

from streams.decisions.authority.order import Order
from streams.decisions.release.corrections import chain_on, is_or_may_be_public
from streams.subjects.incident import Incident
from streams.words.delivery import Delivery, Dispatch, Earlier, Verb

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
    followed = [*islice(chain_on(order, message.follows, channel=delivery.channel), EARLIER_MAX + 1)]
    # A correction that never came there has nothing to change or delete: what it should have mended has.
    followed = [one for one in followed if is_or_may_be_public(one[0])] or followed
    if not followed:
        return dispatch
    (delivered, at), *before = followed
    mended = before if delivery.verb is Verb.WITHDRAW else []
    ended = [Earlier(key=one.id, at=when, receipt=one.receipt) for one, when in mended]
    update = {"target": delivered.receipt, "target_key": delivered.id, "target_at": at, "earlier": tuple(ended)}
    return dispatch.model_copy(update=update)
