"""Corrections: which message a correction or withdrawal is about, and on which channels, if the order names neither."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from streams.decisions.authority.order import Order
from streams.decisions.stops.stop_orders import NOT_SENT
from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import PARTNER, quote, unmarked
from streams.decisions.wording.slot_values import says_the_same
from streams.signs import composed
from streams.values import Purpose
from streams.why import because
from streams.words.delivery import Delivery, DeliveryState
from streams.words.register.entries import Template
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS, Message, Release

TOLD_MAX, WORDS_SHOWN = 5, 8
SAID_ALREADY = because("said-already", "this says what the public has already read: change what was wrong")


def meant(order: Order, body: Release) -> str | None:
    """The message that the order is about: the one it names, else the trust's only message that is still in effect."""
    standing = newest(order) if body.purpose in MENDS and not body.follows else ()
    return body.follows or (standing[0].id if len(standing) == 1 else None)


def whose(order: Order, body: Release) -> Mapping[str, Mapping[str, str]]:
    """The name of the partner whose post this is about, if it is about one."""
    followed = order.incident.messages.get(meant(order, body) or "")
    credit = followed.credit if followed else None
    return {PARTNER: dict.fromkeys(order.register.languages, credit.partner_name)} if credit else {}


def unclear(order: Order, body: Release) -> Refused | None:
    """Why it is unclear what the order is about, with the candidates; None if it is clear, or need not be."""
    standing = newest(order) if body.purpose in MENDS and not body.follows else ()
    if len(standing) < 2:  # noqa: PLR2004 - one is meant, two are not told apart
        return None
    count = len(standing) if len(standing) <= TOLD_MAX else f"more than {TOLD_MAX}"
    shown = ", ".join(f"{one.id} “{_first_words(one)}”" for one in standing[:TOLD_MAX])
    form = "{count} messages of ours stand, the newest first ({known}): name the one that it follows"
    return Refused([because("which-message", form, count=count, known=shown)])


def reached(order: Order, body: Release) -> Sequence[str]:
    """The channels that a correction, withdrawal or all-clear goes to: those that had, or may have, what it is about.

    A correction also goes where its message is still on the way. A withdrawal of a correction also goes where the
    correction was asked for and only the wrong words are. Empty for other words, and where no channel had any.
    """
    match body.purpose:
        case Purpose.CORRECTION:
            follows = meant(order, body)
            return channels_with(order, follows) if follows else ()
        case Purpose.WITHDRAWAL:
            follows = meant(order, body)
            asked = deliveries_of(follows, order) if follows else ()
            return tuple(one.channel for one in asked if may_be_read(order, follows, channel=one.channel))
        case Purpose.ALL_CLEAR:
            found = [one for our in order.released() if our.message.credit is None for one in our.deliveries]
        case _:
            return ()
    return _with(found)


def channels_with(order: Order, message_id: str) -> Sequence[str]:
    """The channels that have this message, may have it, or wait for it: those that a correction of it goes to."""
    return _with(deliveries_of(message_id, order))


def unknown(order: Order, message_id: str | None) -> Refused | None:
    """Why nothing can follow this message; None if it went out, or if none is named."""
    if message_id is None or message_id in order.incident.messages:
        return None
    form = "no message {message} went out for it to follow: look at the incident's status"
    return Refused([because("none-to-follow", form, message=message_id)])


def chain_on(order: Order, message_id: str | None, *, channel: str) -> Iterator[tuple[Delivery, datetime]]:
    """The delivery on this channel of this message and, if that is a correction, of those before it, the newest first.

    With the time of each yes; it ends where a message was never asked for there.
    """
    while message_id is not None:
        released, incident = order.past.released(message_id), order.outgoing
        delivery = next((one for one in deliveries_of(message_id, order) if one.channel == channel), None)
        authorisation = released.authorisation if released else incident.authorisations.get(message_id)
        message = released.message if released else incident.messages.get(message_id)
        if delivery is None or authorisation is None:
            return
        yield delivery, authorisation.at
        message_id = message.follows if message and message.purpose is Purpose.CORRECTION else None


def may_be_read(order: Order, message_id: str | None, *, channel: str) -> bool:
    """Whether the public may read there this message or, if it is a correction, what it should have mended."""
    return any(is_or_may_be_public(one) for one, _ in chain_on(order, message_id, channel=channel))


def deliveries_of(message_id: str, order: Order) -> Sequence[Delivery]:
    """What each channel was asked for a message of this incident, also if it left the record."""
    released = order.past.released(message_id)
    here = [one for one in order.outgoing.deliveries.values() if one.message_id == message_id]
    return here or (released.deliveries if released else ())


def is_or_may_be_public(delivery: Delivery) -> bool:
    """Whether the public may have it: it was sent, or is just being sent, and nobody knows that it is not there."""
    return delivery.may_be_public or delivery.state not in {*NOT_SENT, DeliveryState.REFUSED}


def taken_back(order: Order, message_id: str | None) -> Refused | None:
    """Why nothing is left of this message to correct: a withdrawal of it; None if there is none."""
    withdrawals = (one.message for one in order.released() if one.message.purpose is Purpose.WITHDRAWAL)
    last = next((one for one in withdrawals if message_id and one.follows == message_id), None)
    if last is None:
        return None
    form = "{message} withdrew the words that this corrects: hand in a line instead"
    return Refused([because("taken-back", form, message=quote(last))])


def changes_nothing(order: Order, body: Release, *, template: Template) -> Refused | None:
    """Why this correction mends no wrong fact: every slot that it fills says what the message said already.

    By another template, or with another time for the next word, it says something else.
    """
    followed = order.incident.messages.get(meant(order, body) or "") if body.purpose is Purpose.CORRECTION else None
    if followed is None or followed.template != template.id or not body.slots:
        return None
    if body.next_update_at not in {None, followed.next_update_at}:
        return None
    given = {name: (value, followed.slots.get(name, "")) for name, value in body.slots.items()}
    slots = template.slots
    same = all(
        name in slots and says_the_same(slots[name], both, register=order.register) for name, both in given.items()
    )
    return Refused([SAID_ALREADY]) if same else None


def says_again(followed: Message | None, texts: Mapping[str, str]) -> bool:
    """Whether these words, in all their languages, are those of the message that they correct, marked or not."""
    there = followed.texts if followed else {}
    pairs = [(unmarked(there.get(language, "")), unmarked(composed(text))) for language, text in texts.items()]
    return bool(pairs) and all(one.split() == other.split() for one, other in pairs)


def _with(deliveries: Sequence[Delivery]) -> Sequence[str]:
    found = (one.channel for one in deliveries if is_or_may_be_public(one) or one.state in NOT_SENT)
    return tuple(dict.fromkeys(found))


def newest(order: Order) -> Sequence[Message]:
    """The trust's own messages that are or may become public, neither corrected nor withdrawn; the newest first."""
    return [*islice(_standing(order), TOLD_MAX + 1)]


def _standing(order: Order) -> Iterator[Message]:
    """Our own words that are public, or may become so, neither corrected nor withdrawn; the newest first."""
    mended = set[str]()
    for one in order.released():
        message = one.message
        if not one.is_shown:
            continue
        if message.purpose in MENDS and message.follows:
            mended.add(message.follows)
        if message.id not in mended and message.purpose not in MENDED_BY_NAME_ONLY:
            yield message


def _first_words(message: Message) -> str:
    words = unmarked(next(iter(message.texts.values()))).split()
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")
