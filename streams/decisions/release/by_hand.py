"""Channels by hand: no machine reaches them, so a person is asked to put the words there, and says when it is done.

What waits for a person's hand is surely not public: what comes first stops it, and nothing has to be found out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.channels.kinds import BY_HAND, PLATFORM, PLATFORMS, kind_of, kind_on
from streams.decisions.release.corrections import deliveries_of, may_be_read
from streams.decisions.stops.stop_orders import not_sent
from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import quote
from streams.subjects.attention import by_hand_until
from streams.subjects.outgoing import Outgoing
from streams.values import Link, Power, Purpose, sentence
from streams.why import because
from streams.words.delivery import (
    ByHand,
    Delivery,
    DeliveryAsked,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryState,
    DoneByHand,
    Receipt,
    Verb,
)
from streams.words.facts import FactBody
from streams.words.incident import IncidentCancelled, IncidentStoodDown
from streams.words.register.entries import ChannelEntry, Register
from streams.words.release import MAY_FOLLOW_THE_END, MENDS, Message

URL = "url"
"""The option that says where a person opens the channel to write there."""
_LINK: TypeAdapter[str] = TypeAdapter(Link)


def settings_of(entry: ChannelEntry) -> ByHand:
    """What the entry of a channel by hand says; `ValueError` if it lacks its network or where to open it."""
    if strange := sorted(entry.options.keys() - {PLATFORM, URL, "languages"}):
        raise ValueError(f"there is no option {strange[0]}: a channel by hand has {PLATFORM} and {URL}")
    platform = entry.options.get(PLATFORM, "")
    if platform not in PLATFORMS:
        raise ValueError(f"its option `{PLATFORM}` has to be one of {', '.join(sorted(PLATFORMS))}")
    try:
        link = _LINK.validate_python(entry.options.get(URL, ""))
    except ValidationError:
        raise ValueError(f"its option `{URL}` has to be the link that a person opens to write there") from None
    return ByHand(platform=platform, open=link, form=PLATFORMS[platform].form)


def asked_on(channel: str, register: Register) -> ByHand | None:
    """What a person needs to write on this channel; None if a machine reaches it, or the register does not say how."""
    entry = register.channels.get(channel)
    if entry is None or entry.kind != BY_HAND.name or kind_of(entry) is None:
        return None
    try:
        return settings_of(entry)
    except ValueError:
        return None


def mended_on(order: Order, message: Message, *, channel: str) -> ByHand | None:
    """What a person needs to mend there what people put there by hand; None if a machine does it."""
    if message.purpose not in MENDS or message.follows is None:
        return None
    there = (one for one in deliveries_of(message.follows, order) if one.channel == channel)
    return next((one.by_hand for one in there), None)


def done(order: Order, body: DoneByHand) -> Sequence[FactBody]:
    """A person put it there: it is public by their word. That counts also if something stopped it meanwhile."""
    delivery = order.outgoing.deliveries.get(body.delivery_id)
    act = replace(order.act(Power.RESOLVE_DELIVERY), channel=delivery.channel if delivery else None)
    verdict = may(order.command.by, act, register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if delivery and delivery.left:
        words = sentence(f"the earlier post was deleted by hand by {order.register.called(order.command.by)}")
        before = delivery.receipt or Receipt(words=words)
        seen = before.model_copy(update={"words": words, "url": body.url or before.url})
        return [DeliveryConfirmed(delivery_id=delivery.id, receipt=seen)]
    if delivery is None or delivery.by_hand is None:
        form = "delivery {delivery} is not done by hand: look at the incident's status"
        return order.refused(because("not-by-hand", form, delivery=body.delivery_id))
    if delivery.state is DeliveryState.CONFIRMED:
        form = "delivery {delivery} is done already: nothing more is to be done"
        return order.refused(because("done-already", form, delivery=delivery.id))
    words = sentence(f"done by hand on {delivery.channel} by {order.register.called(order.command.by)}")
    receipt = Receipt(words=words, url=body.url, at=order.now)
    return [DeliveryConfirmed(delivery_id=delivery.id, receipt=receipt)]


def left_by(order: Order, delivery: Delivery) -> str | None:
    """What this leaves for a person to delete, where a mend on this kind of channel is another post."""
    kind = kind_on(delivery.channel, order.register)
    follows = order.outgoing.messages[delivery.message_id].follows
    if kind is None or not kind.leaves_earlier or delivery.verb in {Verb.PUBLISH, Verb.REPOST}:
        return None
    if not may_be_read(order, follows, channel=delivery.channel):
        return None
    return sentence(f"delete our post with message {follows} there, by hand")


def stopped_by(order: Order, fact: FactBody) -> Sequence[DeliveryRefused]:
    """What nobody has to do by hand any more after this fact."""
    match fact:
        case DeliveryAsked(by_hand=ByHand()):
            return _needless(order, fact)
        case IncidentStoodDown() | IncidentCancelled():
            return _ended(order)
        case _:
            return []


def _needless(order: Order, asked: DeliveryAsked) -> Sequence[DeliveryRefused]:
    """The end of a task that takes back what surely never came to this channel; empty if there is something to do."""
    message = order.outgoing.messages[asked.message_id]
    if asked.verb not in {Verb.WITHDRAW, Verb.UN_REPOST} or message.follows is None:
        return []
    if may_be_read(order, message.follows, channel=asked.channel):
        return []
    form = "{message} never came to {channel}: nothing has to be taken back here"
    return [not_sent(asked.delivery_id, because("never-came", form, message=message.follows, channel=asked.channel))]


def corrected(order: Order, message: Message) -> Iterator[DeliveryRefused]:
    """A correction stops the words that it mends where a person has not put them yet; a withdrawal does so anywhere."""
    if message.purpose is Purpose.CORRECTION and message.follows:
        form = "{message} corrected these words before anybody put them here: use the corrected ones"
        reason = because("corrected-before", form, message=quote(message))
        yield from (not_sent(one.id, reason) for one in tasks(order.outgoing) if one.message_id == message.follows)


def _ended(order: Order) -> Sequence[DeliveryRefused]:
    """The end of the incident takes what is not done yet off the list, except words that may follow the end."""
    incident = order.incident
    form = "the incident is {status}: nobody has to put these words here any more"
    reason = because("by-hand-over", form, status=incident.status)
    return [
        not_sent(one.id, reason)
        for one in tasks(incident)
        if incident.messages[one.message_id].purpose not in MAY_FOLLOW_THE_END
    ]


def lapsed(order: Order) -> Sequence[DeliveryRefused]:
    """Words that expired before anybody put them there."""
    form = "these words expired before anybody put them here by hand: release newer ones"
    reason = because("by-hand-expired", form)
    return [not_sent(one.id, reason) for one in _late(order.outgoing, order.now)]


def is_due(incident: Outgoing, now: datetime) -> bool:
    """Whether a tick would take anything off the list."""
    return any(True for _ in _late(incident, now))


def tasks(incident: Outgoing) -> Iterator[Delivery]:
    """What a person still has to do by hand, a freeze or not."""
    return (one for one in incident.deliveries.values() if one.is_task)


def _late(incident: Outgoing, now: datetime) -> Iterator[Delivery]:
    for one in tasks(incident):
        until = by_hand_until(incident.messages[one.message_id])
        if until and until <= now:
            yield one
