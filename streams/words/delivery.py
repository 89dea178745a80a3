"""A delivery: one message on one channel. The orders and facts about it, and its state as they add up."""

import operator
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.values import (
    Form,
    Frozen,
    Identifier,
    IncidentType,
    Level,
    Link,
    Mode,
    Purpose,
    Reference,
    Sentence,
    Utc,
    Word,
    derive_id,
)
from streams.why import Why
from streams.words.holds import Holds
from streams.words.release import Authorisation, Message


class Verb(StrEnum):
    """What a delivery does on its channel."""

    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REPOST = "repost"
    UN_REPOST = "un-repost"


def verb_for(message: Message, about: Message | None) -> Verb:
    """What the deliveries of a message do; `about` is the message that it follows, if it follows one."""
    match message.purpose:
        case Purpose.AMPLIFICATION:
            return Verb.REPOST
        case Purpose.WITHDRAWAL if about and about.purpose is Purpose.AMPLIFICATION:
            return Verb.UN_REPOST
        case Purpose.WITHDRAWAL:
            return Verb.WITHDRAW
        case Purpose.CORRECTION:
            return Verb.CORRECT
        case _:
            return Verb.PUBLISH


class Receipt(Frozen):
    """Where a message is public on one channel, as the channel or a person who looked there says.

    `reference` is the channel's own identifier, `version` names the state of the post that was seen (a CID, an edit),
    `at` is when it was known to be public.
    """

    reference: Reference | None = None
    version: Reference | None = None
    url: Link | None = None
    at: Utc | None = None
    words: Sentence

    @property
    def called(self) -> str:
        """The receipt in a sentence, with its link where there is one."""
        return f"{self.words}: {self.url}" if self.url else self.words


class Sight(StrEnum):
    """What a look at a channel shows of a delivery.

    `SHOWN`: the public sees it as it was sent. `DIFFERENT`: other words are in its place. `HIDDEN`: the channel has it
    and does not show it. `ABSENT`: it is not there.
    """

    SHOWN = "shown"
    DIFFERENT = "different"
    HIDDEN = "hidden"
    ABSENT = "absent"


AMISS = (Sight.DIFFERENT, Sight.HIDDEN)
"""What a person has to see to: the words are on the channel, and the public does not read them."""


class Look(Frozen):
    """What a look showed. `receipt` says where, if it is there; `why` says what is amiss, if something is."""

    sight: Sight
    receipt: Receipt | None = None
    why: Sentence | None = None


class Earlier(Frozen):
    """What an earlier message is known by on a channel: the key of its dispatch there, and the time of its yes.

    `receipt` says where it is public there, if that is known.
    """

    key: Identifier
    at: Utc
    receipt: Receipt | None = Field(default=None, exclude_if=operator.not_)


class Dispatch(Frozen):
    """All that a channel needs to publish one delivery. `key` is the same however often it is tried.

    `holds` are the incident's own as they stood at the claim; right before it is sent those of that moment count.
    `target` is where the message that this one follows is public on the same channel; `target_key` and `target_at`
    are the key of its own dispatch there and when its words were authorised, also where no receipt came.
    `earlier` are the messages that a withdrawal ends along with its target, because the target corrects them.
    `incident_id` and `incident_name` are for people inside: a channel shows `public_incident` and the message's titles.
    """

    key: Identifier
    mode: Mode
    incident_id: Identifier
    incident_name: Word
    incident_type: IncidentType | None = None
    incident_level: Level | None = None
    channel: Identifier
    message: Message
    authorisation: Authorisation
    holds: Holds = Holds()
    verb: Verb = Verb.PUBLISH
    target: Receipt | None = None
    target_key: Identifier | None = Field(default=None, exclude_if=operator.not_)
    target_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    earlier: tuple[Earlier, ...] = Field(default=(), exclude_if=operator.not_)

    @property
    def public_incident(self) -> str:
        """What the public may call the incident by: the same for all its messages, and no word that a person typed."""
        return derive_id("incident", self.mode, self.incident_id)


class Resolution(StrEnum):
    """How an outcome that is unknown gets known.

    `SEND_AGAIN`: the channel knows the key again. `READ_BACK`: a look tells. `ASK_A_PERSON`: neither does.
    """

    SEND_AGAIN = "send-again"
    READ_BACK = "read-back"
    ASK_A_PERSON = "ask-a-person"


Outcome = Literal["confirmed", "refused", "unsent", "unknown", "absent", "different", "hidden"]
"""What a worker may report of an attempt, or of a look."""


class ClaimDelivery(Frozen):
    """Ask to be the one who sends: granted at most once for each attempt."""

    kind: Literal["claim_delivery"] = "claim_delivery"
    delivery_id: Identifier
    attempt: int = Field(ge=1)
    run: Identifier


class RecordOutcome(Frozen):
    """Report what became of an attempt, or what a look at the channel showed.

    `unsent`: this attempt surely did not publish. `unknown`: it may have. `absent`: looked, and nothing is there.
    `different` and `hidden`: looked, and it is there, but the public does not read it.
    `looks` is the number of the look that showed it; None if the attempt itself was answered.
    """

    kind: Literal["record_outcome"] = "record_outcome"
    delivery_id: Identifier
    attempt: int = Field(ge=1)
    outcome: Outcome
    reason: Sentence | None = None
    receipt: Receipt | None = None
    looks: int | None = Field(default=None, exclude_if=operator.not_)


class ResolveDelivery(Frozen):
    """Say, after looking at the channel, whether a delivery of unknown outcome is public.

    `attempt` is the one in doubt when the channel was looked at: what was seen tells nothing about a later one.
    `url` is where the message can be seen.
    """

    kind: Literal["resolve_delivery"] = "resolve_delivery"
    delivery_id: Identifier = Field(description="The delivery of unknown outcome.")
    attempt: int = Field(ge=1, description="The attempt that you looked for, as the status shows it.")
    public: bool = Field(description="Whether the message is there.")
    evidence: Sentence = Field(description="What you saw on the channel, in a sentence.")
    url: Link | None = Field(default=None, description="Where it can be seen, if it is there.")


class DoneByHand(Frozen):
    """Say that you did by hand what a delivery asks for, on a channel that no machine can reach."""

    kind: Literal["done_by_hand"] = "done_by_hand"
    delivery_id: Identifier = Field(description="The delivery, as `holdingline inbox` shows it.")
    url: Link | None = Field(default=None, description="Where the post can be seen, if it has a link.")


DeliveryOrder = ClaimDelivery | RecordOutcome | ResolveDelivery | DoneByHand


class ByHand(Frozen):
    """What a person needs to put a message on a channel that no machine can reach.

    `platform` names the network, `open` is where to write there, `form` says which form of the words it takes.
    """

    platform: Identifier
    open: Link
    form: Form


class DeliveryAsked(Frozen):
    """A channel was asked to publish, mend or take back; before version 2 `verb` was not said, see `verb_for`.

    `by_hand` is set where a person is asked, since no machine can reach the channel.
    """

    kind: Literal["delivery_asked"] = "delivery_asked"
    delivery_id: Identifier
    message_id: Identifier
    channel: Identifier
    attempt: int = 1
    verb: Verb | None = None
    by_hand: ByHand | None = Field(default=None, exclude_if=operator.not_)


class MessageReported(Frozen):
    """Words that people put up by hand, without this service, as one of them reports; nothing here let them out.

    `on` says where they are, by channel, and `by_hand` where a person has to mend them.
    """

    kind: Literal["message_reported"] = "message_reported"
    message: Message
    yes: Authorisation
    on: Mapping[Identifier, Receipt]
    by_hand: Mapping[Identifier, ByHand] = Field(default_factory=dict)


class DeliveryClaimed(Frozen):
    """One worker's run may send until then; every other run has to wait."""

    kind: Literal["delivery_claimed"] = "delivery_claimed"
    delivery_id: Identifier
    attempt: int
    run: Identifier
    until: Utc
    dispatch: Dispatch


class DeliveryConfirmed(Frozen):
    """The message is public on this channel. `left` says what a person still has to delete there by hand."""

    kind: Literal["delivery_confirmed"] = "delivery_confirmed"
    delivery_id: Identifier
    receipt: Receipt | None = None
    left: Sentence | None = Field(default=None, exclude_if=operator.not_)


class DeliveryRefused(Frozen):
    """The message will not be public on this channel."""

    kind: Literal["delivery_refused"] = "delivery_refused"
    delivery_id: Identifier
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)


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
    `sight` is what the last look showed amiss, and `receipt` where; both are None as long as none did.
    """

    kind: Literal["delivery_unknown"] = "delivery_unknown"
    delivery_id: Identifier
    attempt: int
    looks: int
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)
    look_again_at: Utc | None
    look_now: bool = False
    way: Resolution | None = None
    absent_from: Utc | None = None
    sight: Sight | None = Field(default=None, exclude_if=operator.not_)
    receipt: Receipt | None = Field(default=None, exclude_if=operator.not_)
    dispatch: Dispatch


class DeliveryPaced(Frozen):
    """The channel's account has sent so much that this waits until `retry_at`; then another attempt is due."""

    kind: Literal["delivery_paced"] = "delivery_paced"
    delivery_id: Identifier
    channel: Identifier
    attempt: int
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)
    retry_at: Utc


DeliveryFact = (
    DeliveryAsked
    | DeliveryClaimed
    | DeliveryConfirmed
    | DeliveryRefused
    | DeliveryUnsent
    | DeliveryUnknown
    | DeliveryPaced
)


class DeliveryState(StrEnum):
    """How far a delivery has come; if it is `unknown`, it may be public."""

    ASKED = "asked"
    SENDING = "sending"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


SETTLED = (DeliveryState.CONFIRMED, DeliveryState.REFUSED)
"""A delivery in one of these states is over."""


class Delivery(Frozen):
    """One message on one channel. `due_at` is when time alone changes something, None where nothing waits.

    `receipt` says where it is public.

    Once an attempt ended unknown, `may_be_public` holds until somebody has looked: a later attempt proves nothing.
    `tried_at` is when the first of the attempts in doubt was claimed, `tried_until` when the last claim of them ends.
    `claim` is the hash of the fact that granted the attempt, or asked for the look, for as long as either lasts.
    `sight` is what is amiss with it on the channel, while its outcome is unknown; None if nothing is, or none looked.
    `by_hand` is set where a person puts it on the channel: no attempt is made, and it is not public until they say so.
    `is_blind` says that its last attempt or look is about words of which nobody knew then where, or whether, they are.
    `paced_at` is since when it waits for its account's budget; None if it does not.
    `left` says what a person still has to delete there by hand, now that this is public.
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
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)
    may_be_public: bool = False
    receipt: Receipt | None = None
    verb: Verb = Verb.PUBLISH
    tried_at: Utc | None = None
    tried_until: Utc | None = None
    claim: str | None = None
    sight: Sight | None = None
    by_hand: ByHand | None = Field(default=None, exclude_if=operator.not_)
    is_blind: bool = Field(default=False, exclude_if=operator.not_)
    paced_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    left: str | None = Field(default=None, exclude_if=operator.not_)

    @property
    def is_task(self) -> bool:
        """Whether a person still has to put it there by hand."""
        return self.by_hand is not None and self.state is DeliveryState.ASKED

    def ask_again(self) -> DeliveryAsked:
        """The fact that asks the channel for another attempt."""
        return DeliveryAsked(
            delivery_id=self.id,
            message_id=self.message_id,
            channel=self.channel,
            attempt=self.attempt + 1,
            verb=self.verb,
            by_hand=self.by_hand,
        )
