"""What must hold, judged from outside: by what the public can read, and by the facts as they were stored."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from streams.chain import faults
from streams.codec import decode, encode
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.topics import FACTS
from streams.values import Purpose
from streams.words.delivery import (
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnsent,
)
from streams.words.facts import Fact
from streams.words.release import MessageAuthorised
from streams.words.stops import HeldReleased, IncidentFrozen, IncidentResumed, ReleaseCancelled
from tests.scenarios.simulation import Simulation
from tests.scenarios.world import Publication

MAYBE_PUBLIC = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.CONFIRMED)
SETTLED = (DeliveryState.CONFIRMED, DeliveryState.REFUSED)


RIGHTLY = (
    "the channel refused it",
    "nothing new goes out about it",
    "not on the rota",
    "the release was cancelled by",
    "mends these words and went out before them",
    "withdrew these words",
)
MENDS = (Purpose.WITHDRAWAL, Purpose.CORRECTION)


class Broken(AssertionError):
    """A rule that never bends was bent."""


def watch(sim: Simulation) -> None:
    """At every step: nothing is public twice, and nothing public is shown as not public."""
    known = sim.incident.deliveries
    for publication in sim.world.public:
        key = publication.dispatch.key
        if sim.world.shows(key) > 1:
            raise Broken(f"doubled: {key}")
        if key not in known or known[key].state not in MAYBE_PUBLIC:
            raise Broken(f"{key} is public and is shown as {known[key].state if key in known else 'nothing'}")


def judge(sim: Simulation) -> None:
    """When all has settled: nothing lost, nothing doubled, nothing unauthorised, and the record tells it."""
    watch(sim)
    for delivery in sim.incident.deliveries.values():
        _settled(sim, delivery)
    for publication in sim.world.public:
        _authorised(sim, publication)
    asked_everywhere(sim)
    recorded(sim)


def recorded(sim: Simulation) -> None:
    """The record tells it all: nothing was sent that was stopped, the chain is whole, and the table follows from it."""
    stopped(sim.facts)
    in_order(sim.facts)
    stored = [encode(fact) for fact in sim.facts]
    again = [decode(FACTS, one) for one in stored]
    if broken := faults([one.model_dump(mode="json") for one in again]):
        raise Broken(f"chain: {broken}")
    if fold_all(Incident(id=sim.incident.id, mode=sim.incident.mode), [*again, *again]) != sim.incident:
        raise Broken("the table is not what its facts add up to")


def _settled(sim: Simulation, delivery: Delivery) -> None:
    shown = sim.world.shows(delivery.id)
    if delivery.state not in SETTLED:
        raise Broken(f"lost: {delivery.id} ended as {delivery.state}")
    if shown != (delivery.state is DeliveryState.CONFIRMED):
        raise Broken(f"{delivery.id} is {delivery.state} and public {shown} times")
    if delivery.state is DeliveryState.REFUSED:
        rightly_refused(sim, delivery)


def rightly_refused(sim: Simulation, delivery: Delivery) -> None:
    """Only a channel's no, a person's, an incident's end, or that of message or authority keeps a message back."""
    fact = next(
        one
        for one in reversed(sim.facts)
        if isinstance(one.body, DeliveryRefused) and one.body.delivery_id == delivery.id
    )
    ended = min(_expiry(sim, delivery), sim.incident.authorisations[delivery.message_id].until)
    said = delivery.reason or ""
    if any(one in said for one in RIGHTLY):
        return
    if fact.at < ended:
        raise Broken(f"lost: {delivery.id} was refused for no reason: {said}")


def _expiry(sim: Simulation, delivery: Delivery) -> datetime:
    return sim.incident.messages[delivery.message_id].expires_at


def _authorised(sim: Simulation, publication: Publication) -> None:
    """Before it was public, a yes for exactly this content and a claim on it were on the record."""
    earlier = [fact.body for fact in sim.facts[: publication.facts_before]]
    dispatch = publication.dispatch
    yes = [one for one in earlier if isinstance(one, MessageAuthorised) and one.message.id == dispatch.message.id]
    claims = [one for one in earlier if isinstance(one, DeliveryClaimed) and one.delivery_id == dispatch.key]
    if not yes or not claims:
        raise Broken(f"{dispatch.key} was public before it was authorised and claimed")
    authorisation = yes[0].authorisation
    if authorisation.content_hash != dispatch.message.content():
        raise Broken(f"{dispatch.key} is not what was authorised")
    if publication.at >= min(authorisation.until, dispatch.message.expires_at):
        raise Broken(f"{dispatch.key} went out after message or authority had ended")


def stopped(facts: Sequence[Fact]) -> None:
    """No claim is granted after a cancel; in a freeze and after it none but for what mends, or by a person's word."""
    cancelled: set[str] = set()
    frozen, held = False, set[str]()
    for body in (fact.body for fact in facts):
        match body:
            case ReleaseCancelled(message_id=name):
                cancelled.add(name)
            case IncidentFrozen():
                frozen = True
            case IncidentResumed():
                frozen, held = False, {*body.held}
            case HeldReleased(delivery_id=name):
                held.discard(name)
            case DeliveryClaimed(delivery_id=name, dispatch=sent):
                waits = name in held or (frozen and sent.message.purpose not in MENDS)
                if waits or sent.message.id in cancelled:
                    raise Broken(f"{name} was claimed after it had been stopped")


def in_order(facts: Sequence[Fact]) -> None:
    """No words are sent after those that mend them, but where these surely did not go out; nor both at once."""
    state: dict[tuple[str, str], str] = {}
    about: dict[str, str] = {}
    mends: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    where: dict[str, tuple[str, str]] = {}
    for body in (fact.body for fact in facts):
        match body:
            case MessageAuthorised(message=message) if message.purpose in MENDS and message.follows:
                about[message.id] = message.follows
            case DeliveryAsked(delivery_id=name, message_id=message_id, channel=channel):
                where[name] = message_id, channel
            case DeliveryClaimed(delivery_id=name):
                message_id, channel = where[name]
                if mends[message_id, channel]:
                    raise Broken(f"{name} was sent after what mends it")
                followed = about.get(message_id, ""), channel
                if state.get(followed) == "delivery_claimed":
                    raise Broken(f"{name} was sent while its message was being sent")
                mends[followed].add(name)
            case DeliveryRefused(delivery_id=name) | DeliveryUnsent(delivery_id=name):
                message_id, channel = where[name]
                mends[about.get(message_id, ""), channel].discard(name)
        if about_one := where.get(getattr(body, "delivery_id", "")):
            state[about_one] = body.kind


def asked_everywhere(sim: Simulation) -> None:
    for message in sim.incident.messages.values():
        asked = {one.channel for one in sim.incident.deliveries.values() if one.message_id == message.id}
        if asked != set(message.channels):
            raise Broken(f"lost: {message.id} was asked for on {asked} only")
