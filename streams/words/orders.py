"""Every order there is, and what all of them carry. Doors and agents put them on `M.commands`; any may be refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from streams.values import (
    Frozen,
    Identifier,
    Mode,
    Subject,
    Utc,
    derive_id,
    digest,
)
from streams.words.briefings.letters import RecordBriefing
from streams.words.cases import CaseOrder
from streams.words.delivery import DeliveryOrder
from streams.words.feeds import NoteFeed
from streams.words.holds import HoldOrder
from streams.words.incident import IncidentOrder
from streams.words.listening.influence import NoteListed, NoteListedOfUs
from streams.words.listening.stories import StoryOrder
from streams.words.listening.tags import NoteTags
from streams.words.listening.watch import WatchOrder
from streams.words.network.orders import NetworkOrder
from streams.words.plans import PlanOrder
from streams.words.register.accounts import AccountOrder, NoteRoute
from streams.words.register.changes import ChangeOrder
from streams.words.register.kept import NoteFiles, NoteUnconfirmed
from streams.words.register.keys import Proof, prove
from streams.words.register.partners import LookAlikeOrder
from streams.words.register.passkeys import NoteSignIns
from streams.words.release import ReleaseOrder
from streams.words.risks.noted import NoteRisks
from streams.words.sign_off import SignOffOrder
from streams.words.stops import StopOrder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Giver(StrEnum):
    """Who gives an order: a person of the register, or a machine in its own name."""

    PERSON = "person"
    PUBLISHING = "publishing-agent"
    ESCALATION = "escalation-agent"
    AMPLIFICATION = "amplification-agent"
    MENTIONS = "mentions-agent"
    BRIEFING = "briefing-agent"
    PAUSING = "pausing-agent"
    CLOCK = "clock"
    DIRECTOR = "exercise-director"
    CONSOLE = "console"


class Tick(Frozen):
    """Let time pass for an incident: claims lapse, retries fall due."""

    kind: Literal["tick"] = "tick"


CommandBody = Annotated[
    IncidentOrder
    | ReleaseOrder
    | SignOffOrder
    | StopOrder
    | HoldOrder
    | NetworkOrder
    | StoryOrder
    | DeliveryOrder
    | ChangeOrder
    | CaseOrder
    | AccountOrder
    | PlanOrder
    | WatchOrder
    | RecordBriefing
    | NoteFiles
    | NoteUnconfirmed
    | NoteRisks
    | NoteRoute
    | NoteFeed
    | NoteSignIns
    | LookAlikeOrder
    | NoteTags
    | NoteListed
    | NoteListedOfUs
    | Tick,
    Field(discriminator="kind"),
]


class Command(Frozen):
    """An order about one subject. `by` is a person of the register or an agent; `at` is when it was given.

    `seen` is the place in the subject's chain of the last fact that the person had seen.
    `proof` is the person's signature over all the rest.
    """

    version: Literal[1, 2] = 2
    id: Identifier
    mode: Mode
    subject: Subject
    at: Utc
    by: Identifier
    body: CommandBody
    seen: int | None = Field(default=None, ge=0)
    proof: Proof | None = None

    _stored: Mapping[str, Any] | None = None

    def content(self) -> str:
        """Hash of the order as it was stored, its proof included."""
        return digest(self.stored())

    def stored(self) -> Mapping[str, Any]:
        """The order's JSON as it was stored: what was set, also where a later release added fields that it lacks."""
        return self._stored or self.model_dump(mode="json", exclude_unset=True)

    def stored_as(self, stored: Mapping[str, Any]) -> Self:
        """The same order, lifted from this JSON of an older version."""
        lifted = self.model_copy()
        lifted._stored = stored  # noqa: SLF001 - it is our own
        return lifted


def command(  # budget: these are the six parts of an order, five of them named
    body: CommandBody, *, cause: object, mode: Mode, subject: Subject, at: Utc, by: Identifier
) -> Command:
    """Build a command whose identifier derives from its cause: the same cause gives the same order again."""
    return Command(
        id=derive_id("cmd", mode, subject.key, body.kind, by, cause),
        mode=mode,
        subject=subject,
        at=at,
        by=by,
        body=body,
    )


def signed(given: Command, private_key: "Ed25519PrivateKey") -> Command:
    """The same order with its proof."""
    return given.model_copy(update={"proof": prove(given.model_dump(mode="json"), private_key)})
