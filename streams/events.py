"""Facts: what happened to an incident, in the past tense. What else flows is in `streams.posts`.

Only the incident agent writes facts. Each carries the hash of the one before it in its incident, see `streams.chain`.
"""

from typing import Annotated, Literal

from pydantic import Field

from streams.changes import ChangeFact
from streams.commands import Declare, Wiring
from streams.holds import HoldLifted, HoldPlaced
from streams.messages import Authorisation, Credit, Dispatch, Message, Methane
from streams.searching import SearchFact
from streams.stopping import StopFact
from streams.values import Frozen, Identifier, Mode, Sentence, Utc, Word


class ExerciseBegun(Frozen):
    """A drill began; none of its channels can reach the public."""

    kind: Literal["exercise_begun"] = "exercise_begun"
    title: Word
    wiring: tuple[Wiring, ...]


class ReportReceived(Frozen):
    """A METHANE or ETHANE report came in."""

    kind: Literal["report_received"] = "report_received"
    methane: Methane


class IncidentDeclared(Frozen):
    """The incident was declared, by this rule of authority."""

    kind: Literal["incident_declared"] = "incident_declared"
    declaration: Declare
    rule: Sentence


class IncidentStoodDown(Frozen):
    """The incident is over."""

    kind: Literal["incident_stood_down"] = "incident_stood_down"
    reason: Sentence
    rule: Sentence


class IncidentCancelled(Frozen):
    """The incident never was."""

    kind: Literal["incident_cancelled"] = "incident_cancelled"
    reason: Sentence
    rule: Sentence


class LineDrafted(Frozen):
    """A line waits for another person's sign-off."""

    kind: Literal["line_drafted"] = "line_drafted"
    message: Message


class MessageAuthorised(Frozen):
    """A message may go public: this content, by this person, under this rule."""

    kind: Literal["message_authorised"] = "message_authorised"
    message: Message
    authorisation: Authorisation


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
    """

    kind: Literal["delivery_unknown"] = "delivery_unknown"
    delivery_id: Identifier
    attempt: int
    looks: int
    reason: Sentence
    look_again_at: Utc | None
    look_now: bool = False
    dispatch: Dispatch


class AmplifiedPostChanged(Frozen):
    """A partner edited or deleted a post that we sent out again: somebody has to decide what ours becomes."""

    kind: Literal["amplified_post_changed"] = "amplified_post_changed"
    credit: Credit
    change: Literal["edited", "deleted"]


class SignalNoted(Frozen):
    """The commander was shown a signal, with the templates that fit."""

    kind: Literal["signal_noted"] = "signal_noted"
    signal: Literal["surge"]
    minute: Utc
    count: int
    templates: tuple[Identifier, ...]


class CommandRefused(Frozen):
    """An order was refused; each reason says what to do, `who_could` who could say yes now."""

    kind: Literal["command_refused"] = "command_refused"
    command_kind: Word
    reasons: tuple[Sentence, ...] = Field(min_length=1)
    who_could: tuple[Sentence, ...] = ()


FactBody = Annotated[
    ExerciseBegun
    | ReportReceived
    | IncidentDeclared
    | IncidentStoodDown
    | IncidentCancelled
    | LineDrafted
    | MessageAuthorised
    | DeliveryAsked
    | DeliveryClaimed
    | DeliveryConfirmed
    | DeliveryRefused
    | DeliveryUnsent
    | DeliveryUnknown
    | AmplifiedPostChanged
    | SignalNoted
    | HoldPlaced
    | HoldLifted
    | CommandRefused
    | SearchFact
    | StopFact
    | ChangeFact,
    Field(discriminator="kind"),
]


class Fact(Frozen):
    """Something that happened to an incident, in its place in the chain.

    `cause` is the order it answers and `cause_hash` the hash of that order, see `Command.content`.
    `register_version` names the register that the order was judged by.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    incident_id: Identifier
    sequence: int = Field(ge=1)
    at: Utc
    by: Identifier
    cause: Identifier
    body: FactBody
    register_version: str | None = None
    cause_hash: str | None = None
    previous: str
    hash: str = ""
