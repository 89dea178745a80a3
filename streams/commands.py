"""Commands: orders that may be refused, in the imperative. Doors and agents put them on `M.commands`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from streams.changes import ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.holds import LiftHold, PlaceHold
from streams.messages import Credit, Methane
from streams.proof import Proof, prove
from streams.registers import SlotName
from streams.searching import Decline, RecordPage, SeekSignOff
from streams.stopping import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft
from streams.values import (
    Frozen,
    Hashtag,
    Identifier,
    IncidentType,
    Language,
    Level,
    Mode,
    Prose,
    Purpose,
    Sentence,
    Utc,
    Word,
    derive_id,
    digest,
)

LIST_MAX = 50
"""So many channels, hashtags or words may one order name; each is looked up for every post, person or grant."""


class Wiring(Frozen):
    """A channel as a worker has wired it up: which mode it publishes for and whose credential it holds."""

    channel: Identifier
    kind: Identifier
    mode: Mode
    credential_mode: Mode | None = None


class BeginExercise(Frozen):
    """Start a drill on these channels; refused where any of them could reach the public."""

    kind: Literal["begin_exercise"] = "begin_exercise"
    title: Word
    wiring: tuple[Wiring, ...]


class Report(Frozen):
    """Hand in a METHANE or ETHANE report; a first one opens the incident on standby."""

    kind: Literal["report"] = "report"
    methane: Methane


class Declare(Frozen):
    """Declare an incident: from here on it has words and hashtags that mentions and partners are matched by."""

    kind: Literal["declare"] = "declare"
    name: Word
    type: IncidentType
    level: Level
    methane: Methane
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=LIST_MAX)
    words: tuple[Word, ...] = Field(default=(), max_length=LIST_MAX)


class StandDown(Frozen):
    """End the incident: it is over."""

    kind: Literal["stand_down"] = "stand_down"
    reason: Sentence


class Cancel(Frozen):
    """Cancel the incident: it never was; whatever has not left yet stays here."""

    kind: Literal["cancel"] = "cancel"
    reason: Sentence


class Release(Frozen):
    """Release one of a template's messages with its slots filled, at once on its channels."""

    kind: Literal["release"] = "release"
    template: Identifier
    purpose: Purpose = Purpose.HOLDING
    slots: Mapping[SlotName, Word] = Field(default_factory=dict)
    channels: tuple[Identifier, ...] = Field(default=(), max_length=LIST_MAX)
    follows: Identifier | None = None
    next_update_at: Utc | None = None


class Propose(Frozen):
    """Hand in one of a template's messages, filled in, for somebody with the power to sign off."""

    kind: Literal["propose"] = "propose"
    release: Release


class DraftLine(Frozen):
    """Hand in a line for another person to sign off. `what` names the event in each language."""

    kind: Literal["draft_line"] = "draft_line"
    texts: Mapping[Language, Prose]
    channels: tuple[Identifier, ...] = Field(min_length=1, max_length=LIST_MAX)
    what: Mapping[Language, Word]
    where: Word
    when: Word
    next_update_at: Utc
    expires_at: Utc
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=LIST_MAX)


class SignOff(Frozen):
    """Say yes to the draft with exactly this content."""

    kind: Literal["sign_off"] = "sign_off"
    message_id: Identifier
    content_hash: str


class Amplify(Frozen):
    """Send a registered partner's post out again through our accounts, with credit."""

    kind: Literal["amplify"] = "amplify"
    credit: Credit
    text: Prose
    language: Language = "en"
    posted_at: Utc


class WithdrawAmplification(Frozen):
    """Note that a partner edited or deleted a post that we sent out again."""

    kind: Literal["withdraw_amplification"] = "withdraw_amplification"
    credit: Credit
    change: Literal["edited", "deleted"]


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


class NoteSignal(Frozen):
    """Put a signal, and the templates that fit, before the commander."""

    kind: Literal["note_signal"] = "note_signal"
    signal: Literal["surge"]
    minute: Utc
    count: int = Field(ge=0)


class Tick(Frozen):
    """Let time pass for an incident: claims lapse, retries fall due."""

    kind: Literal["tick"] = "tick"


CommandBody = Annotated[
    BeginExercise
    | Report
    | Declare
    | StandDown
    | Cancel
    | Release
    | DraftLine
    | SignOff
    | Amplify
    | WithdrawAmplification
    | ClaimDelivery
    | RecordOutcome
    | ResolveDelivery
    | NoteSignal
    | Tick
    | Propose
    | PlaceHold
    | LiftHold
    | SeekSignOff
    | Decline
    | RecordPage
    | ReturnDraft
    | WithdrawDraft
    | CancelRelease
    | Freeze
    | Resume
    | ReleaseHeld
    | FoundRegister
    | ProposeChange
    | ConfirmChange
    | WithdrawChange,
    Field(discriminator="kind"),
]


class Command(Frozen):
    """An order for one incident. `by` is a person of the register or an agent; `at` is when it was given.

    `proof` is the person's signature over all the rest.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    incident_id: Identifier
    at: Utc
    by: Identifier
    body: CommandBody
    proof: Proof | None = None

    def content(self) -> str:
        """Hash of the order as it was stored, its proof included."""
        return digest(self.model_dump(mode="json", exclude_unset=True))


def command(  # budget: these are the six parts of an order, five of them named
    body: CommandBody, *, cause: object, mode: Mode, incident_id: Identifier, at: Utc, by: Identifier
) -> Command:
    """Build a command whose identifier derives from its cause: the same cause gives the same order again."""
    return Command(
        id=derive_id("cmd", mode, incident_id, body.kind, by, cause),
        mode=mode,
        incident_id=incident_id,
        at=at,
        by=by,
        body=body,
    )


def signed(given: Command, private_key: Ed25519PrivateKey) -> Command:
    """The same order with its proof."""
    return given.model_copy(update={"proof": prove(given.model_dump(mode="json"), private_key)})
