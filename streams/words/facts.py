"""Every fact there is, and its place in the chain. Only the desk writes facts; see `streams.chain`."""

from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Sentence, Subject, Utc, Word
from streams.words.delivery import (
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
)
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentStoodDown,
    ReportReceived,
    SignalNoted,
)
from streams.words.register.changes import ChangeFact
from streams.words.release import AmplifiedPostChanged, LineDrafted, MessageAuthorised
from streams.words.sign_off import SearchFact
from streams.words.stops import StopFact


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
    """Something that happened to a subject, in its place in the chain.

    `cause` is the order it answers and `cause_hash` the hash of that order, see `Command.content`.
    `register_version` names the register that the order was judged by.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    subject: Subject
    sequence: int = Field(ge=1)
    at: Utc
    by: Identifier
    cause: Identifier
    body: FactBody
    register_version: str | None = None
    cause_hash: str | None = None
    previous: str
    hash: str = ""
