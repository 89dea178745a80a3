"""What was stopped in words: drafts sent back, releases cancelled, a freeze and what it holds, fields held back."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from streams.subjects.incident import Incident
from streams.telling.names import Names
from streams.words.delivery import Delivery
from streams.words.holds import HoldFact, HoldLifted
from streams.words.register.accounts import PartnerResumed, PartnerStopped
from streams.words.stops import (
    DeliveryHeld,
    DraftReturned,
    DraftWithdrawn,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
    Stop,
    StopFact,
)


def told_stop(body: StopFact) -> str:
    """One line for one fact about stopping."""
    match body:
        case DraftReturned():
            return f"draft {body.message_id} returned: {body.reason}"
        case DraftWithdrawn():
            return f"draft {body.message_id} withdrawn: {body.reason}"
        case ReleaseCancelled():
            return f"release {body.message_id} cancelled: {body.reason}{told_beyond(body.beyond)}"
        case IncidentFrozen():
            return f"FROZEN, nothing but withdrawals and corrections goes out: {body.reason}{told_beyond(body.beyond)}"
        case IncidentResumed():
            return f"resumed: {body.reason}; held until released one by one: {', '.join(body.held) or 'nothing'}"
        case DeliveryHeld():
            return f"HELD, delivery {body.delivery_id} waits until it is released or cancelled: {body.reason}"
        case HeldReleased():
            return f"held delivery {body.delivery_id} goes on"
        case PartnerStopped():
            by = f", by rule {body.rule}" if body.rule else ""
            account = f" from account {body.account_id}" if body.account_id else ""
            return f"STOPPED, no post of {body.partner_name}{account} goes out by itself{by}: {body.reason}"
        case PartnerResumed():
            accounts = f" from {', '.join(body.accounts)}" if body.accounts else ""
            return f"posts of partner {body.partner}{accounts} go out by themselves again: {body.reason}"


def told_hold(body: HoldFact, names: Names) -> str:
    """One line for one fact about a hold."""
    if isinstance(body, HoldLifted):
        return f"hold {body.hold} lifted{f' on post {body.evidence}' if body.evidence else ''}: {body.reason}"
    hold = body.hold
    until = f"until one of {', '.join(map(names.person, hold.holders))} lifts it{told_beyond(body.beyond)}"
    return f"held back: {hold.about} ({hold.field}), hold {hold.id}, {until}"


def told_stops(incident: Incident, zone: tzinfo) -> Iterator[str]:
    """The freeze, and what became of drafts, releases, partners and accounts that were stopped."""
    frozen = incident.stops.frozen
    if frozen:
        yield f"FROZEN by {frozen.by} at {frozen.at.astimezone(zone):%H:%M %Z}: {frozen.reason}"
    yield from _told("draft", incident.stops.drafts, zone)
    stops = incident.stops
    accounts = {f"{name} of {partner}": one for partner, by in stops.accounts.items() for name, one in by.items()}
    of_partners = (("partner", stops.partners), ("account", accounts))
    for kind, stopped in (("release", stops.releases), *of_partners):
        yield from _told(kind, stopped, zone)


def _told(kind: str, stopped: Mapping[str, Stop], zone: tzinfo) -> Iterator[str]:
    for name, stop in stopped.items():
        at = f"{stop.at.astimezone(zone):%H:%M %Z}"
        yield f"{stop.what}: {kind} {name}, by {stop.by} at {at}: {stop.reason}"


def told_wait(incident: Incident, delivery: Delivery) -> str:
    """An addition to the state of a delivery if it waits for a person's word."""
    return ", HELD until it is released or cancelled" if delivery.id in incident.stops.held else ""


def told_beyond(places: tuple[str, ...]) -> str:
    """The end of a line about a stop: what it came too late for."""
    return f". Not stopped: {'; '.join(places)}" if places else ""
