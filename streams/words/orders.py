"""Every order there is, and what all of them carry. Doors and agents put them on `M.commands`; any may be refused."""

from enum import StrEnum
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from streams.values import (
    Frozen,
    Identifier,
    Mode,
    Utc,
    derive_id,
    digest,
)
from streams.words.delivery import DeliveryOrder
from streams.words.holds import HoldOrder
from streams.words.incident import IncidentOrder
from streams.words.register.changes import ChangeOrder
from streams.words.register.keys import Proof, prove
from streams.words.release import ReleaseOrder
from streams.words.sign_off import SignOffOrder
from streams.words.stops import StopOrder


class Giver(StrEnum):
    """Who gives an order: a person of the register, or a machine in its own name."""

    PERSON = "person"
    PUBLISHING = "publishing-agent"
    ESCALATION = "escalation-agent"
    AMPLIFICATION = "amplification-agent"
    MENTIONS = "mentions-agent"
    CLOCK = "clock"
    DIRECTOR = "exercise-director"


class Tick(Frozen):
    """Let time pass for an incident: claims lapse, retries fall due."""

    kind: Literal["tick"] = "tick"


CommandBody = Annotated[
    IncidentOrder | ReleaseOrder | SignOffOrder | StopOrder | HoldOrder | DeliveryOrder | ChangeOrder | Tick,
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
