"""Order on a channel: what waits for what, what is not sent any more for what came since, and what goes next.

No correction or withdrawal comes before its message. Words that were withdrawn, and were not public yet, never are.
Nothing waits for a person: what a freeze holds back, or whose outcome is unknown, is not waited for. But a correction
that changes a post in its place waits while looks go on for that post.
"""

from collections.abc import Iterator

from streams.chain import is_sealed
from streams.decisions.authority.order import Order
from streams.decisions.channels.kinds import kind_on
from streams.decisions.release.corrections import chain_on, is_or_may_be_public
from streams.decisions.stops import stop_orders
from streams.decisions.wording.renderer import quote
from streams.subjects.outgoing import Outgoing
from streams.values import Purpose
from streams.why import because
from streams.words.delivery import Delivery, DeliveryClaimed, DeliveryState, DeliveryUnknown
from streams.words.facts import Fact
from streams.words.register.entries import Register
from streams.words.release import MAY_FOLLOW_THE_END, MENDS, Message

LET_OUT = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.CONFIRMED)
"""A delivery in one of these states was sent, or is just being sent."""


def waits_for(incident: Outgoing, delivery: Delivery, *, register: Register) -> Delivery | None:
    """The delivery on the same channel that goes first; None if this one may go now."""
    message = incident.messages[delivery.message_id]
    kind = kind_on(delivery.channel, register)
    in_order = kind is not None and kind.in_order and message.purpose is not Purpose.WITHDRAWAL
    earlier = True
    for other in incident.deliveries.values():
        earlier = earlier and other.id != delivery.id
        if other.channel != delivery.channel or other.id == delivery.id:
            continue
        is_followed = other.message_id == message.follows
        if (is_followed or in_order) and other.state is DeliveryState.SENDING:
            return other
        if is_followed and _is_changed_in_place(incident, delivery, register=register) and _is_looked_for(other):
            return other
        if _is_renewed_by(incident, other, message) and (_is_looked_for(other) or other.state is DeliveryState.SENDING):
            return other
        # A withdrawal stops what has not gone yet, so it does not wait for it.
        goes_first = message.purpose is not Purpose.WITHDRAWAL if is_followed else in_order and earlier
        goes_first = goes_first or (earlier and _is_renewed_by(incident, other, message))
        if goes_first and _will_go(incident, other) and not _waits_for_a_look(incident, other, register=register):
            return other
    return None


def _is_renewed_by(incident: Outgoing, other: Delivery, message: Message) -> bool:
    """Whether the other takes a partner's words back by itself, and these are newer words of the same partner."""
    yes = incident.authorisations.get(other.message_id)
    takes_back = incident.messages[other.message_id].purpose is Purpose.WITHDRAWAL and yes and yes.standing
    return bool(message.credit and takes_back and takes_back.partner == message.credit.partner)


def _is_changed_in_place(incident: Outgoing, delivery: Delivery, *, register: Register) -> bool:
    """Whether this is a correction that changes a post which it finds only by the post's receipt."""
    purpose, kind = incident.messages[delivery.message_id].purpose, kind_on(delivery.channel, register)
    return purpose is Purpose.CORRECTION and kind is not None and kind.finds_by_receipt(purpose)


def _is_looked_for(delivery: Delivery) -> bool:
    """Whether its outcome is unknown, and time alone settles it."""
    return delivery.state is DeliveryState.UNKNOWN and delivery.due_at is not None


def _waits_for_a_look(incident: Outgoing, delivery: Delivery, *, register: Register) -> bool:
    """Whether this is a correction that waits because looks go on for its post: newer words do not wait for that."""
    if not _is_changed_in_place(incident, delivery, register=register):
        return False
    about = (incident.messages[delivery.message_id].follows, delivery.channel)
    return any((one.message_id, one.channel) == about and _is_looked_for(one) for one in incident.deliveries.values())


def mended(incident: Outgoing, delivery: Delivery) -> str | None:
    """Why this delivery is not sent, or not again, since later words mend it; None if none do.

    A withdrawal counts on every channel from the moment somebody authorised it, and one of a correction on those that
    the correction was asked for: it ends what that corrected too. A correction counts on this channel once it was sent
    there: before that the words it corrects may still go out first.
    """
    for later in _mending(incident, delivery.message_id, channel=delivery.channel):
        if later.purpose is Purpose.WITHDRAWAL and later.id not in incident.stops.releases:
            return because("withdrew-words", "{message} withdrew these words", message=quote(later))
        if any(_is_let_out(one, later, delivery.channel) for one in incident.deliveries.values()):
            form = "{message} mends these words and went out before them"
            return because("mended-before", form, message=quote(later))
    return None


def turn(order: Order, delivery: Delivery) -> str | None:
    """Which words on its channel this delivery waits for; None if it is its turn."""
    first = waits_for(order.outgoing, delivery, register=order.register)
    if first is None:
        return None
    form = "it waits until {message} is settled on {channel}"
    return because("waits-its-turn", form, message=words(order, first), channel=first.channel)


def words(order: Order, delivery: Delivery) -> str:
    """How the words of a delivery begin, also where they are long settled."""
    name = delivery.message_id
    if message := order.outgoing.messages.get(name):
        return quote(message)
    settled = order.past.released(name)
    return quote(settled.message) if settled else name


def over(incident: Outgoing, message: Message) -> str | None:
    """Why the end of the incident keeps these words back; None if it goes on, or if they may follow its end."""
    if incident.over is None or message.purpose in MAY_FOLLOW_THE_END:
        return None
    return because("nothing-new", "{over}: nothing new goes out about it", over=incident.over)


def is_granted(fact: Fact, claimed: DeliveryClaimed, *, incident: Outgoing) -> bool:
    """Whether the record has granted the claim of this sealed fact, or has gone on since: it never lags behind one."""
    delivery = incident.deliveries.get(claimed.delivery_id)
    if fact.sequence > incident.sequence:
        return False
    lasts = delivery and delivery.state is DeliveryState.SENDING and delivery.attempt == claimed.attempt
    return delivery.claim == fact.hash if delivery and lasts else True


def is_sought(fact: Fact, unknown: DeliveryUnknown, *, incident: Outgoing) -> bool:
    """Whether the record asks for this very look, and nothing was found out since."""
    delivery = incident.deliveries.get(unknown.delivery_id)
    if not is_sealed(fact) or delivery is None or delivery.state is not DeliveryState.UNKNOWN:
        return False
    return delivery.claim == fact.hash


def has_gone_on(fact: Fact, unknown: DeliveryUnknown, *, incident: Outgoing) -> bool:
    """Whether the record, which never lags behind a true fact, may have asked for this look and gone on since."""
    delivery = incident.deliveries.get(unknown.delivery_id)
    if not is_sealed(fact) or fact.sequence > incident.sequence:
        return False
    if delivery is None or delivery.state is not DeliveryState.UNKNOWN or delivery.claim is None:
        return True
    return (delivery.attempt, delivery.looks) > (unknown.attempt, unknown.looks)


def overtaken(claimed: DeliveryClaimed, incident: Outgoing) -> str | None:
    """Why a claim that was granted is not used: what people stopped, withdrew or ended since. None if nothing was."""
    delivery = incident.deliveries.get(claimed.delivery_id)
    if delivery is None or delivery.state is not DeliveryState.SENDING or delivery.attempt != claimed.attempt:
        return because("settled-before", "this attempt was settled before anything was sent")
    message = claimed.dispatch.message
    stopped = stop_orders.stopped(incident.stops, message, delivery_id=delivery.id)
    return stopped or over(incident, message) or mended(incident, delivery)


def withdrawn(incident: Outgoing, message: Message) -> Iterator[Delivery]:
    """Deliveries that this withdrawal stops: those of the words that it ends, where they surely are not public."""
    if message.purpose is Purpose.WITHDRAWAL and message.follows:
        for one in incident.deliveries.values():
            is_meant = message in _mending(incident, one.message_id, channel=one.channel)
            if is_meant and one.state in stop_orders.NOT_SENT:
                yield one


def in_doubt(incident: Outgoing, delivery: Delivery) -> Iterator[Delivery]:
    """The delivery of the message that this one mends, if it is unknown there: a copy of it may land after the mend."""
    message = incident.messages[delivery.message_id]
    if message.purpose in MENDS:
        for one in incident.deliveries.values():
            is_followed = one.message_id == message.follows and one.channel == delivery.channel
            if is_followed and one.state is DeliveryState.UNKNOWN:
                yield one


def found_by_receipt(order: Order, mend: Delivery) -> Delivery | None:
    """What this delivery changes or deletes on its channel, if that is or may be public and is found only by a receipt.

    None for other words, for a channel that knows our keys or only adds words, and where nothing is to be mended.
    """
    message, kind = order.outgoing.messages[mend.message_id], kind_on(mend.channel, order.register)
    if message.purpose not in MENDS or message.follows is None or not (kind and kind.finds_by_receipt(message.purpose)):
        return None
    here = chain_on(order, message.follows, channel=mend.channel)
    return next((one for one, _ in here if is_or_may_be_public(one)), None)


def next_up(incident: Outgoing, register: Register) -> Delivery | None:
    """The first delivery that was asked for and had to wait, and may go now."""
    waiting = (one for one in incident.deliveries.values() if one.state is DeliveryState.ASKED)
    return next((one for one in waiting if _may_go(incident, one, register)), None)


def _may_go(incident: Outgoing, delivery: Delivery, register: Register) -> bool:
    return stop_orders.waits(incident, delivery) is None and waits_for(incident, delivery, register=register) is None


def _will_go(incident: Outgoing, delivery: Delivery) -> bool:
    """Whether time alone sends or settles this delivery, so that others may wait for it."""
    if delivery.state is DeliveryState.SENDING:
        return True
    if delivery.state not in stop_orders.NOT_SENT or delivery.message_id in incident.stops.releases:
        return False
    return stop_orders.waits(incident, delivery) is None and mended(incident, delivery) is None


def _mending(incident: Outgoing, message_id: str, *, channel: str) -> Iterator[Message]:
    """What mends this message, and what withdraws a correction of it that this channel was asked for."""
    for one in incident.messages.values():
        if one.follows != message_id or one.purpose not in MENDS:
            continue
        yield one
        if one.purpose is Purpose.CORRECTION and _is_asked(incident, one.id, channel=channel):
            later = _mending(incident, one.id, channel=channel)
            yield from (withdrawal for withdrawal in later if withdrawal.purpose is Purpose.WITHDRAWAL)


def _is_asked(incident: Outgoing, message_id: str, *, channel: str) -> bool:
    return any((one.message_id, one.channel) == (message_id, channel) for one in incident.deliveries.values())


def _is_let_out(delivery: Delivery, message: Message, channel: str) -> bool:
    return delivery.message_id == message.id and delivery.channel == channel and delivery.state in LET_OUT
