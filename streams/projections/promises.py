"""Promises: "next update by 23:30", and whether the next word came in time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Literal

from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.past import OVER
from streams.values import Frozen, Identifier, Purpose, Utc
from streams.words.delivery import DeliveryState

PromiseState = Literal["open", "overdue", "kept", "broken", "closed"]


class Promise(Frozen):
    """A message said when the next word comes; open until that word, or until the incident is over."""

    message_id: Identifier
    by: Utc
    state: PromiseState


def promises(incident: Incident, now: datetime) -> Iterator[Promise]:
    """Every promise that was made in public, in order; `incident` is whole.

    A message that went out nowhere promised nothing, and kept nothing.
    """
    public = {one.message_id for one in incident.deliveries.values() if one.state is DeliveryState.CONFIRMED}
    spoken = [message for message in incident.messages.values() if message.id in public]
    for message, later in zip_longest(spoken, spoken[1:]):
        if message.next_update_at is None:
            continue
        by = message.next_update_at
        followed_at = incident.authorisations[later.id].at if later else None
        yield Promise(message_id=message.id, by=by, state=_state(incident, by, now=now, followed_at=followed_at))


def left_open(incident: Incident, cases: Iterable[Case], *, now: datetime) -> Iterator[str]:
    """What a stand-down would leave behind, a sentence each: promises, words without an all-clear, cases."""
    for one in promises(incident, now):
        if one.state in {"open", "overdue"}:
            yield f"the next update was promised by {one.by:%d %b %H:%M} UTC, with {one.message_id}: release it first"
    public = {one.message_id for one in incident.deliveries.values() if one.state is DeliveryState.CONFIRMED}
    said = {message.purpose for message in incident.messages.values() if message.id in public}
    if said and not said & {Purpose.ALL_CLEAR, Purpose.WITHDRAWAL}:
        yield "the public was told of the incident and of no all-clear: release one"
    for draft in incident.drafts.values():
        yield f"draft {draft.id} waits for sign-off, and nobody can sign it off any more"
    for case in cases:
        if case.incident == incident.id and case.is_open:
            yield f"case {case.id} ({case.sort}) is not closed; it stays open and is shown in the status"


def _state(incident: Incident, by: datetime, *, now: datetime, followed_at: datetime | None) -> PromiseState:
    if followed_at:
        return "kept" if followed_at <= by else "broken"
    if incident.status in OVER:
        return "closed"
    return "open" if now <= by else "overdue"
