"""Every order there is, and what all of them carry. Doors and agents put them on `M.commands`; any may be refused."""

from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
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
from streams.words.delivery import (
    ClaimDelivery,
    RecordOutcome,
    ResolveDelivery,
)
from streams.words.holds import LiftHold, PlaceHold
from streams.words.incident import (
    BeginExercise,
    Cancel,
    Declare,
    NoteSignal,
    Report,
    StandDown,
)
from streams.words.register.changes import ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.words.register.keys import Proof, prove
from streams.words.release import (
    Amplify,
    DraftLine,
    Propose,
    Release,
    SignOff,
    WithdrawAmplification,
)
from streams.words.sign_off import Decline, RecordPage, SeekSignOff
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft


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
    """An order about one subject. `by` is a person of the register or an agent; `at` is when it was given.

    `proof` is the person's signature over all the rest.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    subject: Subject
    at: Utc
    by: Identifier
    body: CommandBody
    proof: Proof | None = None

    def content(self) -> str:
        """Hash of the order as it was stored, its proof included."""
        return digest(self.model_dump(mode="json", exclude_unset=True))


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


def signed(given: Command, private_key: Ed25519PrivateKey) -> Command:
    """The same order with its proof."""
    return given.model_copy(update={"proof": prove(given.model_dump(mode="json"), private_key)})
