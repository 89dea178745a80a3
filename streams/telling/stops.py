"""What was stopped in words: drafts sent back, releases cancelled, a freeze and what it holds."""

from collections.abc import Iterator

from streams.subjects.incident import Incident
from streams.words.delivery import Delivery
from streams.words.stops import (
    DraftReturned,
    DraftWithdrawn,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
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
        case HeldReleased():
            return f"held delivery {body.delivery_id} goes on"


def told_stops(incident: Incident) -> Iterator[str]:
    """The freeze, and what became of drafts and releases that were stopped."""
    stops = incident.stops
    if stops.frozen:
        yield f"FROZEN by {stops.frozen.by} at {stops.frozen.at:%H:%M} UTC: {stops.frozen.reason}"
    for kind, stopped in (("draft", stops.drafts), ("release", stops.releases)):
        for name, stop in stopped.items():
            yield f"{stop.what}: {kind} {name}, by {stop.by} at {stop.at:%H:%M} UTC: {stop.reason}"


def told_wait(incident: Incident, delivery: Delivery) -> str:
    """What the state of a delivery does not tell: that it waits for a person's word."""
    return ", HELD until it is released or cancelled" if delivery.id in incident.stops.held else ""


def told_beyond(places: tuple[str, ...]) -> str:
    """The end of a line about what stops something: for what it came too late."""
    return f". Not stopped: {'; '.join(places)}" if places else ""
