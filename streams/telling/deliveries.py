"""Deliveries in words: what each channel was asked, and what came of it."""

from streams.telling.names import Names
from streams.words.delivery import (
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
)

DeliveryFact = DeliveryAsked | DeliveryClaimed | DeliveryConfirmed | DeliveryRefused | DeliveryUnsent | DeliveryUnknown


def told_delivery(body: DeliveryFact, names: Names) -> str:
    """One sentence for one fact about a delivery; it names the channel if the fact or `names` does."""
    match body:
        case DeliveryAsked():
            return f"{body.channel} asked to publish {body.message_id} (attempt {body.attempt})"
        case DeliveryClaimed():
            return f"{body.dispatch.channel}: sending, delivery {body.delivery_id}"
        case DeliveryConfirmed():
            receipt = body.receipt.called if body.receipt else "no receipt"
            return f"PUBLIC{names.on(body.delivery_id)}: delivery {body.delivery_id} ({receipt})"
        case DeliveryRefused():
            return f"NOT PUBLIC{names.on(body.delivery_id)}: delivery {body.delivery_id}: {body.reason}"
        case DeliveryUnsent():
            again = f"the next attempt is due at {body.retry_at.astimezone(names.zone):%H:%M:%S %Z}"
            return f"not public yet{names.on(body.delivery_id)}, {again}: delivery {body.delivery_id}: {body.reason}"
        case DeliveryUnknown():
            where = f"delivery {body.delivery_id} on {body.dispatch.channel}"
            return f"UNKNOWN, it may be public: {where}: {body.reason}"
