"""What was seen so far: the facts, the dead letters, when each inject was put, and what the channels hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agents.exercise.played import Publication
from agents.exercise.script.cues import Play
from streams.decisions.listening.surge import Counts
from streams.subjects.fold import fold
from streams.subjects.incident import Incident
from streams.values import SubjectKind
from streams.words.cases import CaseOpened
from streams.words.delivery import DeliveryAsked, DeliveryConfirmed, Dispatch
from streams.words.facts import Fact
from streams.words.posts import DeadLetter
from streams.words.release import MessageAuthorised


@dataclass(slots=True)
class Given:
    """When an inject was put on its topic, and as what: identifiers, and for a post its account and number."""

    at: datetime
    ids: list[str] = field(default_factory=list)
    post: tuple[str, str] | None = None


@dataclass(slots=True)
class Seen:
    """Grows while the exercise runs; `counts`, `unmatched` and `on_channels` are read when it ends.

    `cases` are identifiers by names as `complaint 1`, in the order in which they were opened.
    """

    play: Play
    facts: list[Fact] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    unmatched: int = 0
    recounted: int = 0
    on_channels: Mapping[str, Sequence[Dispatch]] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        """Take in one fact."""
        self.facts.append(fact)
        if fact.subject.kind is SubjectKind.INCIDENT:
            before = self.incidents.get(fact.subject.id) or Incident(id=fact.subject.id, mode=self.play.mode)
            self.incidents[fact.subject.id] = fold(before, fact)
        if isinstance(fact.body, CaseOpened):
            before_it = sum(name.startswith(f"{fact.body.sort} ") for name in self.cases)
            self.cases[f"{fact.body.sort} {before_it + 1}"] = fact.subject.id

    def authorised(self) -> Iterator[tuple[Fact, MessageAuthorised]]:
        """Every authorised message, in order."""
        for fact in self.facts:
            if isinstance(fact.body, MessageAuthorised):
                yield fact, fact.body

    def of_post(self, name: str) -> Iterator[tuple[Fact, MessageAuthorised]]:
        """The messages that carry the partner's post of this inject."""
        post = self.given[name].post if name in self.given else None
        for fact, body in self.authorised():
            credit = body.message.credit
            if credit and (credit.account_id, credit.post_id) == post:
                yield fact, body

    def confirmed(self, message_id: str) -> dict[str, Fact]:
        """The fact that confirms this message, by channel."""
        channels = {
            fact.body.delivery_id: fact.body.channel
            for fact in self.facts
            if isinstance(fact.body, DeliveryAsked) and fact.body.message_id == message_id
        }
        return {
            channels[fact.body.delivery_id]: fact
            for fact in self.facts
            if isinstance(fact.body, DeliveryConfirmed) and fact.body.delivery_id in channels
        }

    def publications(self) -> list[Publication]:
        """What became public, in order of time."""
        found = [
            Publication(
                at=fact.at,
                channel=channel,
                purpose=body.message.purpose,
                texts={language: body.message.text_for(language) for language in body.message.texts},
                incident_id=fact.subject.id,
                message_id=body.message.id,
                person=body.authorisation.person,
                rule=body.authorisation.rule,
                fact=fact.id,
                standing=body.authorisation.standing,
            )
            for _, body in self.authorised()
            for channel, fact in self.confirmed(body.message.id).items()
        ]
        return sorted(found, key=lambda one: (one.at, one.channel))
