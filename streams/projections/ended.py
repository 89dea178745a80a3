"""What stays in memory of an incident that is over: enough to find its facts, and to know which posts it carries."""

from datetime import datetime, timedelta

from streams.incident import Incident, Status
from streams.values import Frozen, Identifier, Mode, Utc
from streams.words.delivery import DeliveryState

OVER = frozenset({Status.CANCELLED, Status.STOOD_DOWN})
ENDED_KEPT = timedelta(hours=24)
"""How long an incident that is over stays in memory, unless a setting says otherwise."""
SETTLED = frozenset({DeliveryState.CONFIRMED, DeliveryState.REFUSED})


class CarriedPost(Frozen):
    """A partner's post that went out again through our accounts."""

    account_id: Identifier
    post_id: Identifier


class Ended(Frozen):
    """An incident that left memory: its `sequence` facts, the last of which has the hash `head`, are in the log."""

    id: Identifier
    mode: Mode
    status: Status
    name: str | None
    sequence: int
    head: str
    last_at: Utc
    carries: tuple[CarriedPost, ...] = ()


def ended(incident: Incident, now: datetime, *, kept: timedelta) -> Ended | None:
    """What stays of an incident; None while it goes on, waits for something, or ended less than `kept` ago."""
    last_at = incident.last_at
    if incident.status not in OVER or last_at is None or now < last_at + kept or _waits(incident):
        return None
    declaration = incident.declaration
    given = [message.credit for message in incident.messages.values() if message.credit]
    return Ended(
        id=incident.id,
        mode=incident.mode,
        status=incident.status,
        name=declaration.name if declaration else None,
        sequence=incident.sequence,
        head=incident.head,
        last_at=last_at,
        carries=tuple(CarriedPost(account_id=one.account_id, post_id=one.post_id) for one in given),
    )


def _waits(incident: Incident) -> bool:
    """Whether a channel or a person still has to answer."""
    open_searches = any(search.ended is None for search in incident.searches.values())
    return open_searches or any(one.state not in SETTLED for one in incident.deliveries.values())


def is_leaving(incident: Incident, now: datetime, *, kept: timedelta) -> bool:
    """Whether an incident may leave memory: lets a timer stay silent."""
    return ended(incident, now, kept=kept) is not None
