"""What a stand-down would leave behind."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.values import Purpose
from streams.words.delivery import DeliveryState


def left_open(incident: Incident, cases: Iterable[Case], *, now: datetime) -> Iterator[str]:
    """What a stand-down would leave behind, a sentence each: promises, words without an all-clear, cases."""
    for one in promises(incident, now):
        if one.is_open:
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
