"""Every fact there is, and its place in the chain. Only the desk writes facts; see `streams.chain`."""

import operator
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Sentence, Subject, Utc, Word
from streams.why import Why
from streams.words.briefings.letters import BriefingFact
from streams.words.cases import CaseFact
from streams.words.delivery import DeliveryFact, MessageReported
from streams.words.feeds import FeedNoted
from streams.words.holds import HoldFact
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    ReportReceived,
    SignalNoted,
)
from streams.words.listening.facts import HeardFact
from streams.words.network.orders import NetworkFact
from streams.words.plans import PlanFact
from streams.words.register.accounts import AccountFact, RouteNoted
from streams.words.register.changes import ChangeFact
from streams.words.register.kept import FilesNoted, UnconfirmedNoted
from streams.words.register.partners import LookAlikeFact
from streams.words.register.passkeys import SignInsFailed
from streams.words.release import AmplifiedPostChanged, LineDrafted, MessageAuthorised
from streams.words.risks.noted import RisksNoted
from streams.words.sign_off import SearchFact
from streams.words.stops import StopFact


class CommandRefused(Frozen):
    """An order was refused; each reason says what to do, `who_could` who could say yes now.

    `wrong_code` is the sheet of codes of which a wrong one was entered.
    `why` says for each reason how it was made, for other languages than English; None where that is not known.
    """

    kind: Literal["command_refused"] = "command_refused"
    command_kind: Word
    reasons: tuple[Sentence, ...] = Field(min_length=1)
    who_could: tuple[Sentence, ...] = ()
    wrong_code: Identifier | None = Field(default=None, exclude_if=operator.not_)
    why: tuple[Why | None, ...] = Field(default=(), exclude_if=operator.not_)


FactBody = Annotated[
    ExerciseBegun
    | ReportReceived
    | IncidentDeclared
    | IncidentRenamed
    | IncidentReclassified
    | IncidentStoodDown
    | IncidentCancelled
    | LineDrafted
    | MessageAuthorised
    | MessageReported
    | DeliveryFact
    | AmplifiedPostChanged
    | SignalNoted
    | HoldFact
    | NetworkFact
    | HeardFact
    | CommandRefused
    | SearchFact
    | StopFact
    | ChangeFact
    | FilesNoted
    | UnconfirmedNoted
    | RisksNoted
    | RouteNoted
    | FeedNoted
    | SignInsFailed
    | LookAlikeFact
    | CaseFact
    | PlanFact
    | AccountFact
    | BriefingFact,
    Field(discriminator="kind"),
]


class Fact(Frozen):
    """Something that happened to a subject, in its place in the chain.

    `cause` is the order it answers and `cause_hash` the hash of that order, see `Command.content`.
    `register_version` names the register that the order was judged by, `rules_version` the rules.
    `spent` is the code of a sheet that proved the order, and that proves no other; `relayed_by` entered it.
    """

    version: Literal[1, 2] = 2
    id: Identifier
    mode: Mode
    subject: Subject
    sequence: int = Field(ge=1)
    at: Utc
    by: Identifier
    cause: Identifier
    body: FactBody
    register_version: str | None = None
    rules_version: str | None = None
    spent: Identifier | None = None
    relayed_by: Identifier | None = Field(default=None, exclude_if=operator.not_)
    cause_hash: str | None = None
    previous: str
    hash: str = ""

    _stored_version: int | None = None

    @property
    def written_as(self) -> int:
        """The version that this fact was stored in, which may be older than the one that it was lifted to."""
        return self._stored_version or self.version

    def stored_as(self, stored: Mapping[str, Any]) -> Self:
        """The same fact, lifted from this JSON of an older version."""
        lifted = self.model_copy()
        lifted._stored_version = stored["version"]  # noqa: SLF001 - it is our own
        return lifted
