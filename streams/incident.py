"""The state of one incident: nothing but the fold of its facts, in order; a fact seen before changes nothing."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import reduce
from typing import Any

from pydantic import Field

from streams.chain import START
from streams.values import Frozen, Identifier, Mode, Utc
from streams.words import sign_off
from streams.words.delivery import (
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
)
from streams.words.facts import CommandRefused, Fact
from streams.words.holds import HoldLifted, HoldPlaced, Holds
from streams.words.incident import (
    Declare,
    IncidentCancelled,
    IncidentDeclared,
    IncidentStoodDown,
    Methane,
    ReportReceived,
)
from streams.words.register.changes import REGISTER, Changes
from streams.words.release import AmplifiedPostChanged, Authorisation, Credit, LineDrafted, Message, MessageAuthorised
from streams.words.sign_off import Search
from streams.words.stops import DraftReturned, DraftWithdrawn, Stops

KEPT = 1_000
"""So many orders are remembered where what others do could go on without end: refused ones, and the register's own."""


class Status(StrEnum):
    """Where an incident stands; `none` is before its first report."""

    NONE = "none"
    STANDBY = "standby"
    DECLARED = "declared"
    CANCELLED = "cancelled"
    STOOD_DOWN = "stood-down"


class Incident(Frozen):
    """All that the facts of one incident add up to; `head` is the hash of the last one.

    `answered` and `refused` are the orders that it has heard; until refused ones stood apart, `answered` held both.
    """

    id: Identifier
    mode: Mode
    status: Status = Status.NONE
    declaration: Declare | None = None
    declared_at: Utc | None = None
    sequence: int = 0
    head: str = START
    reports: tuple[Methane, ...] = ()
    drafts: Mapping[Identifier, Message] = Field(default_factory=dict)
    drafted_by: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    messages: Mapping[Identifier, Message] = Field(default_factory=dict)
    authorisations: Mapping[Identifier, Authorisation] = Field(default_factory=dict)
    deliveries: Mapping[Identifier, Delivery] = Field(default_factory=dict)
    answered: tuple[Identifier, ...] = ()
    refused: tuple[Identifier, ...] = ()
    holds: Holds = Holds()
    searches: Mapping[Identifier, Search] = Field(default_factory=dict)
    stops: Stops = Stops()
    changes: Changes = Changes()

    def has_heard(self, order_id: str) -> bool:
        """Whether this order was answered already."""
        return order_id in self.answered or order_id in self.refused

    @property
    def is_live(self) -> bool:
        """Whether mentions and partner posts may still belong to it."""
        return self.status is Status.DECLARED

    def amplified(self, credit: Credit) -> Message | None:
        """The message that already carries this partner's post."""
        for message in self.messages.values():
            if message.credit and (message.credit.account_id, message.credit.post_id) == (
                credit.account_id,
                credit.post_id,
            ):
                return message
        return None


Change = Mapping[str, Any]


def fold(incident: Incident, fact: Fact) -> Incident:
    """Add one fact; one that is already in changes nothing."""
    if fact.sequence <= incident.sequence:
        return incident
    change = {**_incident_change(incident, fact), **_delivery_change(incident, fact), **_answered(incident, fact)}
    change["searches"] = sign_off.after(incident.searches, fact.body, at=fact.at)
    change["changes"] = incident.changes.after(fact.body, at=fact.at)
    change["stops"] = incident.stops.after(fact.body, by=fact.by, at=fact.at)
    return incident.model_copy(update={"sequence": fact.sequence, "head": fact.hash, **change})


def fold_all(incident_id: str, mode: str, *, facts: Iterable[Fact]) -> Incident:
    """Fold the facts of one incident from nothing."""
    return reduce(fold, facts, Incident(id=incident_id, mode=mode))


def _answered(incident: Incident, fact: Fact) -> Change:
    """Remember which orders were answered; those about deliveries repeat safely by the delivery's own state."""
    if fact.body.kind.startswith("delivery_") or incident.has_heard(fact.cause):
        return {}
    if isinstance(fact.body, CommandRefused):
        # Anybody can have orders refused without end. One that is forgotten did nothing yet: given again it is judged
        # as if it came for the first time, and refused for its age where it is old.
        return {"refused": (*incident.refused[1 - KEPT :], fact.cause)}
    # The register's own log goes on for years; an order from before the last thousand is refused for its age.
    before = incident.answered[1 - KEPT :] if incident.id == REGISTER else incident.answered
    return {"answered": (*before, fact.cause)}


def _incident_change(incident: Incident, fact: Fact) -> Change:
    match fact.body:
        case ReportReceived(methane=methane):
            status = Status.STANDBY if incident.status is Status.NONE else incident.status
            return {"status": status, "reports": (*incident.reports, methane)}
        case IncidentDeclared(declaration=declaration):
            reports = (*incident.reports, declaration.methane)
            return {
                "status": Status.DECLARED,
                "declaration": declaration,
                "declared_at": incident.declared_at or fact.at,
                "reports": reports,
            }
        case IncidentStoodDown():
            return {"status": Status.STOOD_DOWN}
        case IncidentCancelled():
            return {"status": Status.CANCELLED}
        case LineDrafted(message=message):
            return {
                "drafts": {**incident.drafts, message.id: message},
                "drafted_by": {**incident.drafted_by, message.id: fact.by},
            }
        case MessageAuthorised(message=message, authorisation=authorisation):
            return {
                "drafts": _without(incident.drafts, message.id),
                "messages": {**incident.messages, message.id: message},
                "authorisations": {**incident.authorisations, message.id: authorisation},
            }
        case DraftReturned(message_id=name) | DraftWithdrawn(message_id=name):
            return {"drafts": _without(incident.drafts, name)}
        case HoldPlaced() | HoldLifted() as held:
            return {"holds": incident.holds.after(held)}
        case AmplifiedPostChanged(credit=credit):
            return {"holds": incident.holds.without(credit.post_id)}
        case _:
            return {}


def _without(drafts: Mapping[str, Message], name: str) -> Mapping[str, Message]:
    return {one: draft for one, draft in drafts.items() if one != name}


def _delivery_change(incident: Incident, fact: Fact) -> Change:
    delivery = _delivery_after(incident.deliveries, fact)
    return {"deliveries": {**incident.deliveries, delivery.id: delivery}} if delivery else {}


def _delivery_after(deliveries: Mapping[str, Delivery], fact: Fact) -> Delivery | None:
    match fact.body:
        case DeliveryAsked() as asked:
            return Delivery(
                id=asked.delivery_id,
                message_id=asked.message_id,
                channel=asked.channel,
                state=DeliveryState.ASKED,
                attempt=asked.attempt,
            )
        case DeliveryClaimed() as claimed:
            tried = {"tried_at": deliveries[claimed.delivery_id].tried_at or fact.at, "tried_until": claimed.until}
            claim = {"attempt": claimed.attempt, "run": claimed.run, "due_at": claimed.until, **tried}
            return _moved(deliveries, claimed.delivery_id, DeliveryState.SENDING, claim)
        case DeliveryConfirmed() as confirmed:
            return _moved(deliveries, confirmed.delivery_id, DeliveryState.CONFIRMED, {})
        case DeliveryRefused() as refused:
            return _moved(deliveries, refused.delivery_id, DeliveryState.REFUSED, {"reason": refused.reason})
        case DeliveryUnsent() as unsent:
            wait = {"reason": unsent.reason, "due_at": unsent.retry_at, "may_be_public": False}
            settled = {"tried_at": None, "tried_until": None}
            return _moved(deliveries, unsent.delivery_id, DeliveryState.UNSENT, {**wait, **settled})
        case DeliveryUnknown() as unknown:
            doubt = {"reason": unknown.reason, "due_at": unknown.look_again_at, "looks": unknown.looks}
            return _moved(deliveries, unknown.delivery_id, DeliveryState.UNKNOWN, {**doubt, "may_be_public": True})
        case _:
            return None


def _moved(deliveries: Mapping[str, Delivery], name: str, state: DeliveryState, update: Change) -> Delivery:
    return deliveries[name].model_copy(update={"state": state, "due_at": None, "reason": None, **update})
