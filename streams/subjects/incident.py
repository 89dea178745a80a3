"""The state of one incident: the fold of its facts, in order, and nothing else; a fact seen before changes nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from streams.subjects.state import State
from streams.values import Identifier, Subject, Utc
from streams.words.delivery import (
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryFact,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
    verb_for,
)
from streams.words.facts import Fact
from streams.words.holds import HoldLifted, HoldPlaced, Holds
from streams.words.incident import (
    Declare,
    IncidentCancelled,
    IncidentDeclared,
    IncidentStoodDown,
    Methane,
    ReportReceived,
)
from streams.words.release import AmplifiedPostChanged, Authorisation, LineDrafted, Message, MessageAuthorised
from streams.words.stops import DraftReturned, DraftWithdrawn, StopFact, Stops


class Status(StrEnum):
    """How far an incident has come; `none` is before its first report."""

    NONE = "none"
    STANDBY = "standby"
    DECLARED = "declared"
    CANCELLED = "cancelled"
    STOOD_DOWN = "stood-down"


OVER = frozenset({Status.CANCELLED, Status.STOOD_DOWN})
"""An incident in one of these is over."""


class Incident(State):
    """All that the facts of one incident add up to; `streams.subjects.past` has what leaves it once it is settled.

    `reported` and `released` count its reports and messages; `numbers` says which message was which.
    `spent` are the codes of sheets that were said here.
    """

    kind: Literal["incident"] = "incident"
    status: Status = Status.NONE
    declaration: Declare | None = None
    declared_at: Utc | None = None
    reports: tuple[Methane, ...] = ()
    reported: int = 0
    drafts: Mapping[Identifier, Message] = Field(default_factory=dict)
    drafted_by: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    messages: Mapping[Identifier, Message] = Field(default_factory=dict)
    numbers: Mapping[Identifier, int] = Field(default_factory=dict)
    released: int = 0
    authorisations: Mapping[Identifier, Authorisation] = Field(default_factory=dict)
    deliveries: Mapping[Identifier, Delivery] = Field(default_factory=dict)
    holds: Holds = Holds()
    stops: Stops = Stops()
    spent: tuple[Identifier, ...] = ()

    @property
    def subject(self) -> Subject:
        """The incident."""
        return Subject.incident(self.id)

    @property
    def is_begun(self) -> bool:
        """Whether anything happened besides orders that were refused, such as those with a mistyped identifier."""
        return self.status is not Status.NONE or bool(self.answered)

    @property
    def is_live(self) -> bool:
        """Whether mentions and partner posts may still belong to it."""
        return self.status is Status.DECLARED

    def holds_about(self, message: Message) -> Holds:
        """The holds that bear on these words."""
        return self.holds.about(message.credit.post_id if message.credit else None)

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the incident."""
        body = fact.body
        if isinstance(body, DeliveryFact):
            change = _delivery_change(self, body, fact)
        elif isinstance(body, StopFact):
            change = {**_incident_change(self, fact), "stops": self.stops.after(body, by=fact.by, at=fact.at)}
        else:
            change = _incident_change(self, fact)
        return {**change, "spent": tuple(dict.fromkeys([*self.spent, fact.spent]))} if fact.spent else change


Change = dict[str, Any]


def _incident_change(incident: Incident, fact: Fact) -> Change:
    match fact.body:
        case ReportReceived(methane=methane):
            status = Status.STANDBY if incident.status is Status.NONE else incident.status
            return {"status": status, "reports": (*incident.reports, methane), "reported": incident.reported + 1}
        case IncidentDeclared(declaration=declaration):
            reports = (*incident.reports, declaration.methane)
            return {
                "status": Status.DECLARED,
                "declaration": declaration,
                "declared_at": incident.declared_at or fact.at,
                "reports": reports,
                "reported": incident.reported + 1,
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
                **_decided(incident, message.id),
                "messages": {**incident.messages, message.id: message},
                "numbers": {**incident.numbers, message.id: incident.released + 1},
                "released": incident.released + 1,
                "authorisations": {**incident.authorisations, message.id: authorisation},
            }
        case DraftReturned(message_id=name) | DraftWithdrawn(message_id=name):
            return _decided(incident, name)
        case HoldPlaced() | HoldLifted() as held:
            return {"holds": incident.holds.after(held)}
        case AmplifiedPostChanged(credit=credit):
            return {"holds": incident.holds.without(credit.post_id)}
        case _:
            return {}


def _decided(incident: Incident, draft: str) -> Change:
    """A draft that somebody decided waits no longer, and its author is in what they decided."""
    return {
        "drafts": {name: one for name, one in incident.drafts.items() if name != draft},
        "drafted_by": {name: one for name, one in incident.drafted_by.items() if name != draft},
    }


def _delivery_change(incident: Incident, body: DeliveryFact, fact: Fact) -> Change:
    delivery = _delivery_after(incident, body, fact)
    return {"deliveries": {**incident.deliveries, delivery.id: delivery}}


def _delivery_after(incident: Incident, body: DeliveryFact, fact: Fact) -> Delivery:
    match body:
        case DeliveryAsked() as asked:
            before = incident.deliveries.get(asked.delivery_id)
            return Delivery(
                id=asked.delivery_id,
                message_id=asked.message_id,
                channel=asked.channel,
                state=DeliveryState.ASKED,
                attempt=asked.attempt,
                verb=asked.verb or verb_for(incident.messages[asked.message_id], None),
                by_hand=asked.by_hand,
                paced_at=before.paced_at if before else None,
            )
        case DeliveryClaimed() as claimed:
            tried_at = incident.deliveries[claimed.delivery_id].tried_at or fact.at
            claim = {"attempt": claimed.attempt, "run": claimed.run, "due_at": claimed.until, "claim": fact.hash}
            tried = {"tried_at": tried_at, "tried_until": claimed.until}
            return _moved(incident, claimed, DeliveryState.SENDING, {**claim, **tried})
        case DeliveryConfirmed() as confirmed:
            return _moved(incident, confirmed, DeliveryState.CONFIRMED, {"receipt": confirmed.receipt})
        case DeliveryRefused() as refused:
            return _moved(incident, refused, DeliveryState.REFUSED, {"reason": refused.reason})
        case DeliveryUnsent() as unsent:
            wait = {"reason": unsent.reason, "due_at": unsent.retry_at, "may_be_public": False}
            settled = {"tried_at": None, "tried_until": None}
            return _moved(incident, unsent, DeliveryState.UNSENT, {**wait, **settled})
        case DeliveryPaced() as paced:
            before = incident.deliveries[paced.delivery_id]
            wait = {"reason": paced.reason, "due_at": paced.retry_at, "paced_at": before.paced_at or fact.at}
            # What may be public already stays in doubt: it is looked at then, and not sent again before.
            is_in_doubt = before.state is DeliveryState.UNKNOWN
            return _moved(incident, paced, DeliveryState.UNKNOWN if is_in_doubt else DeliveryState.UNSENT, wait)
        case DeliveryUnknown() as unknown:
            doubt = {"reason": unknown.reason, "due_at": unknown.look_again_at, "looks": unknown.looks}
            seen = {"sight": unknown.sight, "receipt": unknown.receipt}
            look = {"claim": fact.hash if unknown.look_now else None, "may_be_public": True}
            return _moved(incident, unknown, DeliveryState.UNKNOWN, {**doubt, **seen, **look})


def _moved(incident: Incident, body: DeliveryFact, state: DeliveryState, update: Change) -> Delivery:
    delivery = incident.deliveries[body.delivery_id]
    anew = {"state": state, "due_at": None, "reason": None, "claim": None, "sight": None, "paced_at": None}
    return delivery.model_copy(update={**anew, **update})
