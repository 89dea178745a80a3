"""Attention: what waits for a person now, whoever that is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from streams.projections.promises import promises
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import Frozen, Identifier, Subject, Utc
from streams.words.delivery import Delivery, DeliveryState

Kind = Literal[
    "draft",
    "matter",
    "held",
    "amiss",
    "unknown",
    "unanswered",
    "changed-post",
    "stopped-partner",
    "promise",
    "change",
    "files",
    "route",
    "page",
    "case",
]


class Waiting(Frozen):
    """One thing that waits. `what` names it: a draft, a search, a delivery, a message, a partner, a change, a case.

    `until` is when it lapses or falls due, None if it waits for ever.
    """

    kind: Kind
    subject: Subject
    what: Identifier
    until: Utc | None = None


def waiting(state: State, now: datetime) -> Iterator[Waiting]:
    """All that waits in one subject, the most pressing kind first; `state` is whole."""
    match state:
        case Incident():
            yield from _in_incident(state, now)
        case RegisterLog():
            if state.unusable and state.unusable.keeps_files:
                yield Waiting(kind="files", subject=state.subject, what=state.id)
            yield from (Waiting(kind="route", subject=state.subject, what=name) for name in state.routes)
            if state.unusable and state.unusable.keeps_page:
                yield Waiting(kind="page", subject=state.subject, what=state.id)
            for change in state.changes.waiting.values():
                yield Waiting(kind="change", subject=state.subject, what=change.id, until=change.lapses_at)
        case Case() if state.is_overdue(now):
            yield Waiting(kind="case", subject=state.subject, what=state.id, until=state.answer_by)


def _in_incident(incident: Incident, now: datetime) -> Iterator[Waiting]:
    about = incident.subject
    for delivery in incident.deliveries.values():
        if delivery.sight:
            yield Waiting(kind="amiss", subject=about, what=delivery.id)
        elif _needs_a_look(delivery):
            yield Waiting(kind="unknown", subject=about, what=delivery.id)
    for promise in promises(incident, now):
        if promise.state == "overdue":
            yield Waiting(kind="promise", subject=about, what=promise.message_id, until=promise.by)
    yield from (Waiting(kind="changed-post", subject=about, what=name) for name in _changed(incident))
    yield from (Waiting(kind="stopped-partner", subject=about, what=name) for name in incident.stops.partners)
    for draft in incident.drafts.values():
        yield Waiting(kind="draft", subject=about, what=draft.id, until=draft.expires_at)
    yield from _searches(incident)
    yield from (Waiting(kind="held", subject=about, what=name) for name in incident.stops.held)


def _searches(incident: Incident) -> Iterator[Waiting]:
    """Matters that are being decided, and drafts that nobody of a chain has signed off."""
    for search in incident.searches.values():
        if search.matter and search.ended is None:
            yield Waiting(kind="matter", subject=incident.subject, what=search.id, until=search.answer_by)
        elif search.ended and search.ended.outcome == "nobody" and _still_open(incident, search.message_id):
            yield Waiting(kind="unanswered", subject=incident.subject, what=search.id)


def _changed(incident: Incident) -> Iterator[str]:
    """Messages whose post the partner edited or deleted, and that no later message mends."""
    mended = {message.follows for message in incident.messages.values()}
    for message in incident.messages.values():
        if message.credit and message.credit.post_id in incident.holds.changed and message.id not in mended:
            yield message.id


def _needs_a_look(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.UNKNOWN and delivery.due_at is None


def _still_open(incident: Incident, message_id: str | None) -> bool:
    return message_id is None or message_id in incident.drafts
