"""The gate of an account: what is not sent now, since a person shut the account, or since its budget is used."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.decisions.channels.budgets import rate_on
from streams.decisions.stops.shut_accounts import shut
from streams.decisions.stops.stop_orders import NOT_SENT, not_sent
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.values import Purpose, sentence
from streams.why import because, kept
from streams.words.delivery import Delivery, DeliveryPaced, DeliveryState
from streams.words.facts import FactBody
from streams.words.register.entries import Register
from streams.words.release import Message
from streams.words.stops import DeliveryHeld

LOOK_AGAIN = timedelta(minutes=5)


def put_off(order: Order, delivery: Delivery) -> Sequence[FactBody]:
    """What is written instead of a claim; empty if the account takes one now."""
    if reason := shut(delivery.channel, order.register):
        return [_at_a_shut_account(order, delivery, reason)]
    free = order.budgets.free_at(delivery, order.outgoing, register=order.register, now=order.now)
    if free is None:
        return []
    return [_paced(delivery, _used(delivery.channel, order.register), retry_at=free)]


def _paced(delivery: Delivery, reason: str, *, retry_at: datetime) -> DeliveryPaced:
    return DeliveryPaced(
        delivery_id=delivery.id,
        channel=delivery.channel,
        attempt=delivery.attempt,
        **kept(reason),
        retry_at=retry_at,
    )


def _at_a_shut_account(order: Order, delivery: Delivery, reason: str) -> FactBody:
    """An incident's words wait for a person. A planned post is planned again by one, and in doubt it is looked at."""
    if isinstance(order.state, Incident):
        return DeliveryHeld(delivery_id=delivery.id, reason=sentence(reason))
    if delivery.may_be_public:
        return _paced(delivery, reason, retry_at=order.now + LOOK_AGAIN)
    return not_sent(delivery.id, reason)


def hurry(order: Order, message: Message) -> Sequence[FactBody]:
    """What a correction waits for goes at once, if all of the budget allows it: it uses the reserve too."""
    if message.purpose is not Purpose.CORRECTION:
        return []
    waiting = [one for one in order.outgoing.deliveries.values() if one.message_id == message.follows and one.paced_at]
    return [one.ask_again() for one in waiting if one.state is DeliveryState.UNSENT]


def holds(order: Order) -> Sequence[FactBody]:
    """What a shut account holds from now on, so that a person hears of it at once."""
    return [
        DeliveryHeld(delivery_id=one.id, reason=sentence(shut(one.channel, order.register) or ""))
        for one in _to_hold(order.outgoing, order.register)
    ]


def is_due(record: Outgoing, register: Register) -> bool:
    """Whether a tick would hold anything back."""
    return any(True for _ in _to_hold(record, register))


def _to_hold(record: Outgoing, register: Register) -> Iterator[Delivery]:
    for one in record.deliveries.values() if register.shut else ():
        waits = one.state in NOT_SENT and one.message_id not in record.stops.releases
        if waits and one.channel in register.shut and one.id not in record.stops.held:
            yield one


def _used(channel: str, register: Register) -> str:
    rate = rate_on(channel, register)
    form = "{channel} takes {much}, with a part kept for corrections and withdrawals: this goes out by itself later"
    if rate is None:
        return because("budget-used", form, channel=channel, much=because("so-many", "so many"))
    minutes = f"{rate.within.total_seconds() / 60:.0f}"
    much = because("so-many-in", "{requests} in {minutes} minutes", requests=rate.requests, minutes=minutes)
    return because("budget-used", form, channel=channel, much=much)
