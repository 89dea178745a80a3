"""What the facts of a path say by themselves: drafts, yeses, freezes, cancellations; added up without the product."""

from collections.abc import Sequence
from typing import TypeVar

from streams.words.delivery import DeliveryAsked, DeliveryRefused
from streams.words.facts import Fact
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import IncidentCancelled, IncidentDeclared, IncidentStoodDown
from streams.words.release import LineDrafted, Message, MessageAuthorised
from streams.words.sign_off import PersonPassedOver, SignOffSought
from streams.words.stops import (
    DraftReturned,
    DraftWithdrawn,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
)

Body = TypeVar("Body")


class Record:
    """Facts in their order."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.bodies = [fact.body for fact in facts]

    def all(self, kind: type[Body]) -> list[Body]:
        return [body for body in self.bodies if isinstance(body, kind)]

    def last(self, *kinds: type) -> object | None:
        return next((body for body in reversed(self.bodies) if isinstance(body, kinds)), None)

    @property
    def declared(self) -> bool:
        """Whether the incident goes on."""
        return isinstance(self.last(IncidentDeclared, IncidentStoodDown, IncidentCancelled), IncidentDeclared)

    @property
    def frozen(self) -> bool:
        return isinstance(self.last(IncidentFrozen, IncidentResumed), IncidentFrozen)

    @property
    def waiting(self) -> dict[str, Message]:
        """The drafts that nobody has signed off, returned or withdrawn."""
        drafts: dict[str, Message] = {}
        for body in self.bodies:
            match body:
                case LineDrafted(message=message):
                    drafts[message.id] = message
                case MessageAuthorised(message=message):
                    drafts.pop(message.id, None)
                case DraftReturned(message_id=name) | DraftWithdrawn(message_id=name):
                    drafts.pop(name, None)
        return drafts

    @property
    def authorised(self) -> dict[str, MessageAuthorised]:
        return {one.message.id: one for one in self.all(MessageAuthorised)}

    @property
    def cancelled(self) -> set[str]:
        return {one.message_id for one in self.all(ReleaseCancelled)}

    @property
    def alive(self) -> dict[str, DeliveryAsked]:
        """Deliveries that were not refused for good."""
        refused = {one.delivery_id for one in self.all(DeliveryRefused)}
        return {one.delivery_id: one for one in self.all(DeliveryAsked) if one.delivery_id not in refused}

    @property
    def holds(self) -> set[str]:
        """What is kept back and nobody has lifted."""
        lifted = {one.hold for one in self.all(HoldLifted)}
        return {one.hold.id for one in self.all(HoldPlaced)} - lifted

    def is_held(self, delivery: str) -> bool:
        """Asked for before a freeze ended, and not let go by a person since."""
        resumed = [n for n, body in enumerate(self.bodies) if isinstance(body, IncidentResumed)]
        if not resumed:
            return False
        before, since = self.bodies[: resumed[-1]], self.bodies[resumed[-1] :]
        asked = any(isinstance(body, DeliveryAsked) and body.delivery_id == delivery for body in before)
        return asked and not any(isinstance(body, HeldReleased) and body.delivery_id == delivery for body in since)

    def search_for(self, subject: str) -> SignOffSought | None:
        """The last search for a draft."""
        return next((one for one in reversed(self.all(SignOffSought)) if one.message_id == subject), None)

    def passed(self, search_id: str) -> list[PersonPassedOver]:
        return [one for one in self.all(PersonPassedOver) if one.search_id == search_id]
