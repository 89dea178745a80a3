"""A delivery: one message on one channel. The orders and facts about it, and where it stands as they add up."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Sentence, Utc
from streams.words.release import Dispatch


class Resolution(StrEnum):
    """How an outcome that is unknown gets known.

    `SEND_AGAIN`: the channel knows the key again. `READ_BACK`: a look tells. `ASK_A_PERSON`: neither does.
    """

    SEND_AGAIN = "send-again"
    READ_BACK = "read-back"
    ASK_A_PERSON = "ask-a-person"


class ClaimDelivery(Frozen):
    """Ask to be the one who sends: granted at most once for each attempt."""

    kind: Literal["claim_delivery"] = "claim_delivery"
    delivery_id: Identifier
    attempt: int = Field(ge=1)
    run: Identifier


class RecordOutcome(Frozen):
    """Report what became of an attempt, or what a look at the channel showed.

    `unsent`: this attempt surely did not publish. `unknown`: it may have. `absent`: looked, and nothing is there.
    """

    kind: Literal["record_outcome"] = "record_outcome"
    delivery_id: Identifier
    attempt: int = Field(ge=1)
    outcome: Literal["confirmed", "refused", "unsent", "unknown", "absent"]
    reason: Sentence | None = None
    receipt: Sentence | None = None


class ResolveDelivery(Frozen):
    """Say, after looking at the channel, whether a delivery of unknown outcome is public.

    `attempt` is the one in doubt when the channel was looked at: what was seen tells nothing about a later one.
    """

    kind: Literal["resolve_delivery"] = "resolve_delivery"
    delivery_id: Identifier
    attempt: int = Field(ge=1)
    public: bool
    evidence: Sentence


class DeliveryAsked(Frozen):
    """A channel was asked to publish a message."""

    kind: Literal["delivery_asked"] = "delivery_asked"
    delivery_id: Identifier
    message_id: Identifier
    channel: Identifier
    attempt: int = 1


class DeliveryClaimed(Frozen):
    """One worker's run may send, until then; whoever else wants to has to wait."""

    kind: Literal["delivery_claimed"] = "delivery_claimed"
    delivery_id: Identifier
    attempt: int
    run: Identifier
    until: Utc
    dispatch: Dispatch


class DeliveryConfirmed(Frozen):
    """The message is public on this channel."""

    kind: Literal["delivery_confirmed"] = "delivery_confirmed"
    delivery_id: Identifier
    receipt: Sentence | None = None


class DeliveryRefused(Frozen):
    """The message will not be public on this channel."""

    kind: Literal["delivery_refused"] = "delivery_refused"
    delivery_id: Identifier
    reason: Sentence


class DeliveryUnsent(Frozen):
    """The attempt surely did not publish; another is due at `retry_at`."""

    kind: Literal["delivery_unsent"] = "delivery_unsent"
    delivery_id: Identifier
    attempt: int
    reason: Sentence
    retry_at: Utc


class DeliveryUnknown(Frozen):
    """The message may or may not be public. At `look_again_at` the channel is looked at again; None: a person must.

    `look_now` says that this moment has come; `looks` counts how often it did.
    `way` is how it gets known. A look that finds nothing proves nothing before `absent_from`: a copy may still land.
    """

    kind: Literal["delivery_unknown"] = "delivery_unknown"
    delivery_id: Identifier
    attempt: int
    looks: int
    reason: Sentence
    look_again_at: Utc | None
    look_now: bool = False
    way: Resolution | None = None
    absent_from: Utc | None = None
    dispatch: Dispatch


class DeliveryState(StrEnum):
    """Where a delivery stands; `unknown` may be public."""

    ASKED = "asked"
    SENDING = "sending"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Delivery(Frozen):
    """One message on one channel. `due_at` is when time alone changes something, None where nothing waits.

    Once an attempt ended unknown, `may_be_public` holds until somebody has looked: a later attempt proves nothing.
    `tried_at` is when the first of the attempts in doubt was claimed, `tried_until` when the last claim of them ends.
    """

    id: Identifier
    message_id: Identifier
    channel: Identifier
    state: DeliveryState
    attempt: int = 1
    run: Identifier | None = None
    due_at: Utc | None = None
    looks: int = 0
    reason: str | None = None
    may_be_public: bool = False
    tried_at: Utc | None = None
    tried_until: Utc | None = None
