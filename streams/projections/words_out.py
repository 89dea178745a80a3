"""Which words of an incident are out now, on which channels and since when; what was mended or taken back is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.subjects.incident import Incident
from streams.subjects.past import Released, released
from streams.values import Utc
from streams.words.delivery import Delivery, DeliveryState
from streams.words.release import MENDS, Message


@dataclass(frozen=True, slots=True)
class WordsOut:
    """One message that is public, or may be, or is on its way; `on` are its deliveries that were not mended.

    `person` is who let it out, or the rule that did, with those who made it.
    `since` is when a channel first had it; None while none surely has.
    """

    message: Message
    person: str
    on: tuple[Delivery, ...]
    since: Utc | None


def words_out(incident: Incident) -> Sequence[WordsOut]:
    """What the public can read now, the newest first; `incident` is whole."""
    let_out = sorted(released(incident), key=lambda one: -one.number)
    mended = _replacements(let_out)
    found = [_out(one, mended) for one in let_out]
    return [one for one in found if one.on]


def first_out(incident: Incident) -> Utc | None:
    """When words of our own were first public, whether or not they still are; `incident` is whole."""
    ours = (one for one in released(incident) if one.message.credit is None)
    found = (_public_at(to, one) for one in ours for to in one.deliveries if to.state is DeliveryState.CONFIRMED)
    return min(found, default=None)


def _out(one: Released, mended: frozenset[tuple[str, str]]) -> WordsOut:
    on = [
        delivery
        for delivery in one.deliveries
        if delivery.state is not DeliveryState.REFUSED and (one.message.id, delivery.channel) not in mended
    ]
    confirmed = [_public_at(delivery, one) for delivery in on if delivery.state is DeliveryState.CONFIRMED]
    since = min(confirmed, default=None)
    yes = one.authorisation
    person = f"{yes.person}, by hand" if yes.reported_by else yes.person
    if rule := yes.standing:
        person = f"the rule on {rule.partner} that {rule.registered_by} registered and {rule.approved_by} approved"
    return WordsOut(message=one.message, person=person, on=tuple(on), since=since)


def _public_at(delivery: Delivery, one: Released) -> Utc:
    """When the channel had it, as far as that is known; never before the yes."""
    receipt = delivery.receipt
    return (receipt.at if receipt else None) or delivery.tried_at or one.authorisation.at


def _replacements(let_out: Sequence[Released]) -> frozenset[tuple[str, str]]:
    """Each message and channel where a correction or withdrawal of it surely took its place."""
    return frozenset(
        (one.message.follows, delivery.channel)
        for one in let_out
        if one.message.purpose in MENDS and one.message.follows
        for delivery in one.deliveries
        if delivery.state is DeliveryState.CONFIRMED
    )


@dataclass(frozen=True, slots=True)
class NotOut:
    """Words that a channel refused and that nothing followed there: the public of that channel lacks them."""

    message: Message
    delivery: Delivery


def not_out(incident: Incident) -> Sequence[NotOut]:
    """What was let out last for each channel and refused there, the newest first; `incident` is whole.

    What a person cancelled is not missing.
    """
    last: dict[str, NotOut] = {}
    for one in sorted(released(incident), key=lambda one: -one.number):
        for delivery in one.deliveries:
            last.setdefault(delivery.channel, NotOut(message=one.message, delivery=delivery))
    refused = [one for one in last.values() if one.delivery.state is DeliveryState.REFUSED]
    return [one for one in refused if one.message.id not in incident.stops.releases]
