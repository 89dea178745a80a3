"""What people, deliveries and subjects are called in a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from streams.decisions.wording.renderer import beginning
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.subjects.state import State
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


def name_of(state: State) -> str:
    """What a person calls the subject: the name of an incident, what a case is about, how a planned post begins.

    An incident on standby is called by its newest report.
    """
    match state:
        case Plan(message=message) if message:
            return beginning(next(iter(message.texts.values())))
        case Case(about=about) if about:
            return about
        case Incident():
            return state.known_as or state.subject.called
        case _:
            return state.subject.called
