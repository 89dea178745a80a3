"""The gate of an account: what is not sent now, since a person shut the account, or since its budget is used."""

from collections.abc import Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.channels.kinds import kind_on
from streams.decisions.stops.shut_accounts import shut
from streams.decisions.stops.stop_orders import NOT_SENT
from streams.subjects.incident import Incident
from streams.values import Purpose, sentence
from streams.words.delivery import Delivery, DeliveryPaced, DeliveryState
from streams.words.facts import FactBody
from streams.words.register.entries import Register
from streams.words.release import Message
from streams.words.stops import DeliveryHeld


def put_off(order: Order, delivery: Delivery) -> Sequence[FactBody]:
    """What is written instead of a claim; empty if the account takes one now."""
    if reason := shut(delivery.channel, order.register):
        return [DeliveryHeld(delivery_id=delivery.id, reason=sentence(reason))]
    free = order.budgets.free_at(delivery, order.incident, register=order.register, now=order.now)
    if free is None:
        return []
    reason = sentence(_used(delivery.channel, order.register))
    return [
        DeliveryPaced(
            delivery_id=delivery.id, channel=delivery.channel, attempt=delivery.attempt, reason=reason, retry_at=free
        )
    ]


def hurried(order: Order, message: Message) -> Sequence[FactBody]:
    """What a correction waits for goes at once, if all of the budget allows it: it uses the reserve too."""
    if message.purpose is not Purpose.CORRECTION:
        return []
    waiting = [one for one in order.incident.deliveries.values() if one.message_id == message.follows and one.paced_at]
    return [one.ask_again() for one in waiting if one.state is DeliveryState.UNSENT]


def held(order: Order) -> Sequence[FactBody]:
    """What a shut account holds from now on, so that a person hears of it at once."""
    return [
        DeliveryHeld(delivery_id=one.id, reason=sentence(shut(one.channel, order.register) or ""))
        for one in _to_hold(order.incident, order.register)
    ]


def is_due(incident: Incident, register: Register) -> bool:
    """Whether a tick would hold anything back."""
    return any(True for _ in _to_hold(incident, register))


def _to_hold(incident: Incident, register: Register) -> Iterator[Delivery]:
    for one in incident.deliveries.values() if register.shut else ():
        waits = one.state in NOT_SENT and one.message_id not in incident.stops.releases
        if waits and one.channel in register.shut and one.id not in incident.stops.held:
            yield one


def _used(channel: str, register: Register) -> str:
    kind = kind_on(channel, register)
    rate = kind.rate if kind else None
    much = f"{rate.requests} in {rate.within.total_seconds() / 60:.0f} minutes" if rate else "so many"
    return f"{channel} takes {much}, with a part kept for corrections and withdrawals: this goes out by itself later"
