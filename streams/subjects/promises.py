"""Promises: "next update by 23:30", and whether the next word came in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from streams.subjects.incident import OVER, Incident
from streams.values import Frozen, Identifier, Purpose, Utc
from streams.words.delivery import DeliveryState
from streams.words.release import Message

PromiseState = Literal["open", "overdue", "kept", "broken", "closed"]


REMINDED_AHEAD = timedelta(minutes=10)
"""So long before a promise is due people are reminded of it, if it was made earlier than that."""


class Promise(Frozen):
    """A message said when the next word comes; open until that word, or until the incident is over.

    `made_at` is when its words were authorised.
    """

    message_id: Identifier
    by: Utc
    made_at: Utc | None = None
    state: PromiseState

    @property
    def is_open(self) -> bool:
        """Whether the public still waits for the next word."""
        return self.state in {"open", "overdue"}


def promises(incident: Incident, now: datetime) -> Iterator[Promise]:
    """Every promise that was made in public, in order; `incident` is whole.

    A message that went out nowhere promised nothing, and kept nothing. A partner's words are not our next word.
    Nor is a correction that names no time: it says that the next word comes when it was promised.
    """
    public = {one.message_id for one in incident.deliveries.values() if one.state is DeliveryState.CONFIRMED}
    spoken = [message for message in incident.messages.values() if message.id in public and _is_ours(message, incident)]
    for place, message in enumerate(spoken, 1):
        if message.next_update_at is None:
            continue
        later = next((one for one in spoken[place:] if not _leaves_open(one)), None)
        by = message.next_update_at
        followed_at = incident.authorisations[later.id].at if later else None
        made_at, state = incident.authorisations[message.id].at, _state(incident, by, now=now, followed_at=followed_at)
        yield Promise(message_id=message.id, by=by, made_at=made_at, state=state)


def is_to_remind(promise: Promise, now: datetime) -> bool:
    """Whether a promise that nobody has kept yet is due so soon that people are reminded of it."""
    from_then = promise.by - REMINDED_AHEAD
    return promise.state == "open" and from_then <= now and promise.made_at is not None and promise.made_at < from_then


def _state(incident: Incident, by: datetime, *, now: datetime, followed_at: datetime | None) -> PromiseState:
    if followed_at:
        return "kept" if followed_at <= by else "broken"
    if incident.status in OVER:
        return "closed"
    return "open" if now <= by else "overdue"


def _leaves_open(message: Message) -> bool:
    """Whether the public goes on waiting for the next word after it."""
    return message.purpose is Purpose.CORRECTION and message.next_update_at is None


def _is_ours(message: Message, incident: Incident) -> bool:
    """Whether it is neither a post of a partner nor the taking back of one, which both go out by a standing rule."""
    return message.credit is None and incident.authorisations[message.id].standing is None
