"""The state of a subject whose words go out: drafts, messages, their yeses and deliveries, and what is stopped."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from streams.subjects.state import State
from streams.values import Identifier
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
    Dispatch,
    verb_for,
)
from streams.words.facts import Fact
from streams.words.holds import Holds
from streams.words.release import Authorisation, Message
from streams.words.stops import StopFact, Stops


class Outgoing(State):
    """The words of one subject on their way to the public; each kind of subject says when they are over.

    `entered_by` is who entered a draft that its author said on the telephone.
    """

    drafts: Mapping[Identifier, Message] = Field(default_factory=dict)
    drafted_by: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    entered_by: Mapping[Identifier, Identifier] = Field(default_factory=dict, exclude_if=operator.not_)
    messages: Mapping[Identifier, Message] = Field(default_factory=dict)
    authorisations: Mapping[Identifier, Authorisation] = Field(default_factory=dict)
    deliveries: Mapping[Identifier, Delivery] = Field(default_factory=dict)
    stops: Stops = Stops()

    @property
    def over(self) -> str | None:
        """Why nothing new goes out about it, in words; None if it goes on."""
        raise NotImplementedError

    def holds_about(self, message: Message) -> Holds:
        """The holds of its own that bear on these words; those of the register hold everywhere."""
        del message
        return Holds()

    def outgoing_change(self, fact: Fact) -> dict[str, Any]:
        """What a fact about a delivery or a stop changes; empty for any other."""
        body = fact.body
        if isinstance(body, DeliveryFact):
            delivery = _delivery_after(self, body, fact)
            return {"deliveries": {**self.deliveries, delivery.id: delivery}}
        if isinstance(body, StopFact):
            return {"stops": self.stops.after(body, by=fact.by, at=fact.at)}
        return {}

    def without_draft(self, draft: str) -> dict[str, Any]:
        """The change by which a draft that somebody decided waits no longer, and its author is in what they decided."""
        return {
            "drafts": {name: one for name, one in self.drafts.items() if name != draft},
            "drafted_by": {name: one for name, one in self.drafted_by.items() if name != draft},
            "entered_by": {name: one for name, one in self.entered_by.items() if name != draft},
        }

    def writers_of(self, draft: str) -> Sequence[Identifier]:
        """Who wrote a draft, and who entered it for them; nobody where no such draft waits."""
        return [found[draft] for found in (self.drafted_by, self.entered_by) if draft in found]


def _delivery_after(record: Outgoing, body: DeliveryFact, fact: Fact) -> Delivery:
    match body:
        case DeliveryAsked() as asked:
            before = record.deliveries.get(asked.delivery_id)
            return Delivery(
                id=asked.delivery_id,
                message_id=asked.message_id,
                channel=asked.channel,
                state=DeliveryState.ASKED,
                attempt=asked.attempt,
                verb=asked.verb or verb_for(record.messages[asked.message_id], None),
                by_hand=asked.by_hand,
                paced_at=before.paced_at if before else None,
            )
        case DeliveryClaimed() as claimed:
            tried_at = record.deliveries[claimed.delivery_id].tried_at or fact.at
            claim = {"attempt": claimed.attempt, "run": claimed.run, "due_at": claimed.until, "claim": fact.hash}
            tried = {"tried_at": tried_at, "tried_until": claimed.until, "is_blind": is_blind(claimed.dispatch)}
            return _moved(record, claimed, DeliveryState.SENDING, {**claim, **tried})
        case DeliveryConfirmed() as confirmed:
            found = {"receipt": confirmed.receipt, "left": confirmed.left}
            return _moved(record, confirmed, DeliveryState.CONFIRMED, found)
        case DeliveryRefused() as refused:
            return _moved(record, refused, DeliveryState.REFUSED, {"reason": refused.reason, "why": refused.why})
        case DeliveryUnsent() as unsent:
            wait = {"reason": unsent.reason, "due_at": unsent.retry_at, "may_be_public": False}
            settled = {"tried_at": None, "tried_until": None}
            return _moved(record, unsent, DeliveryState.UNSENT, {**wait, **settled})
        case DeliveryPaced() as paced:
            waiting = record.deliveries[paced.delivery_id]
            why = {"reason": paced.reason, "why": paced.why}
            wait = {**why, "due_at": paced.retry_at, "paced_at": waiting.paced_at or fact.at}
            # What may be public already stays in doubt: it is looked at then, and not sent again before.
            is_in_doubt = waiting.state is DeliveryState.UNKNOWN
            return _moved(record, paced, DeliveryState.UNKNOWN if is_in_doubt else DeliveryState.UNSENT, wait)
        case DeliveryUnknown() as unknown:
            why = {"reason": unknown.reason, "why": unknown.why}
            doubt = {**why, "due_at": unknown.look_again_at, "looks": unknown.looks}
            seen = {"sight": unknown.sight, "receipt": unknown.receipt}
            look = {"claim": fact.hash if unknown.look_now else None, "may_be_public": True}
            sent: dict[str, Any] = {"is_blind": is_blind(unknown.dispatch)} if unknown.look_now else {}
            if unknown.absent_from is None:
                sent["tried_until"] = None
            return _moved(record, unknown, DeliveryState.UNKNOWN, {**doubt, **seen, **look, **sent})


def is_blind(dispatch: Dispatch) -> bool:
    """Whether it mends words of which nobody knows where they are, or whether they are there."""
    return dispatch.target_key is not None and None in {dispatch.target, *(one.receipt for one in dispatch.earlier)}


def _moved(record: Outgoing, body: DeliveryFact, state: DeliveryState, update: dict[str, Any]) -> Delivery:
    delivery = record.deliveries[body.delivery_id]
    anew = {"state": state, "due_at": None, "reason": None, "why": (), "claim": None, "sight": None, "paced_at": None}
    return delivery.model_copy(update={**anew, **update})
