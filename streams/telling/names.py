"""What people and deliveries are called in a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from streams.words.delivery import DeliveryAsked
from streams.words.facts import Fact
from streams.words.register.entries import Register


@dataclass(frozen=True, slots=True)
class Names:
    """Names and roles by a person's identifier, channels by a delivery's; without a name the identifier is shown.

    Moments are told in `zone`.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC

    def person(self, identifier: str) -> str:
        """Name and role of a person."""
        return self.people.get(identifier, identifier)

    def on(self, delivery_id: str) -> str:
        """` on website`: where a delivery goes, empty if that is not known here."""
        channel = self.channels.get(delivery_id)
        return f" on {channel}" if channel else ""


def names_of(facts: Iterable[Fact], register: Register | None = None) -> Names:
    """The channels that these facts name and the people of this register."""
    bodies = [fact.body for fact in facts]
    channels = {body.delivery_id: body.channel for body in bodies if isinstance(body, DeliveryAsked)}
    people = {name: person.called for name, person in register.people.items()} if register else {}
    return Names(people, channels, register.hours.zone if register else UTC)
