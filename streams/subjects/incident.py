"""The state of one incident: the fold of its facts, in order, and nothing else; a fact seen before changes nothing."""

import operator
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from streams.signs import folded
from streams.subjects.outgoing import Outgoing
from streams.values import Identifier, Subject, Utc, derive_id
from streams.why import because
from streams.words.briefings.letters import BriefingFact, Briefings
from streams.words.delivery import SETTLED, Delivery, DeliveryState, MessageReported, verb_for
from streams.words.facts import Fact
from streams.words.holds import HoldLifted, HoldPlaced, Holds
from streams.words.incident import (
    Declare,
    Ending,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    Methane,
    ReportReceived,
)
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import StoryFact
from streams.words.listening.stories_noted import NotedStories
from streams.words.listening.tags import TagsNoted
from streams.words.network.orders import NetworkFact
from streams.words.network.state import Network
from streams.words.release import AmplifiedPostChanged, Credit, LineDrafted, Message, MessageAuthorised
from streams.words.stops import DraftReturned, DraftWithdrawn


class Status(StrEnum):
    """How far an incident has come; `none` is before its first report."""

    NONE = "none"
    STANDBY = "standby"
    DECLARED = "declared"
    CANCELLED = "cancelled"
    STOOD_DOWN = "stood-down"


OVER = frozenset({Status.CANCELLED, Status.STOOD_DOWN})
"""An incident in one of these is over."""


class Incident(Outgoing):
    """All that the facts of one incident add up to; `streams.subjects.past` has what leaves it once it is settled.

    `reported` and `released` count its reports and messages; `numbers` says which message was which.
    `lapsing` are the posts of partners that went out again and say themselves until when they hold.
    `ending` is how it ended; None while it goes on, and where an older version folded its end.
    `tags` are the hashtags that people use of it, as they were noted last, and `listed` the posts of listed authors.
    """

    kind: Literal["incident"] = "incident"
    status: Status = Status.NONE
    declaration: Declare | None = None
    declared_at: Utc | None = None
    reclassified_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    reclassified_by: Identifier | None = Field(default=None, exclude_if=operator.not_)
    ending: Ending | None = Field(default=None, exclude_if=operator.not_)
    reports: tuple[Methane, ...] = ()
    reported: int = 0
    numbers: Mapping[Identifier, int] = Field(default_factory=dict)
    released: int = 0
    holds: Holds = Holds()
    network: Network = Field(default=Network(), exclude_if=Network().__eq__)
    lapsing: tuple[Credit, ...] = Field(default=(), exclude_if=operator.not_)
    stories: NotedStories = Field(default=NotedStories(), exclude_if=NotedStories().__eq__)
    briefings: Briefings = Field(default=Briefings(), exclude_if=Briefings().__eq__)
    tags: TagsNoted | None = Field(default=None, exclude_if=operator.not_)
    listed: Mapping[InfluenceCategory, ListedNoted] = Field(default_factory=dict, exclude_if=operator.not_)

    @property
    def own_tags(self) -> frozenset[str]:
        """The hashtags that it was declared or renamed with, folded."""
        return frozenset(map(folded, self.declaration.hashtags)) if self.declaration else frozenset()

    @property
    def subject(self) -> Subject:
        """The incident."""
        return Subject.incident(self.id)

    @property
    def known_as(self) -> str | None:
        """What people call it; on standby what its newest report says."""
        if self.declaration:
            return self.declaration.name
        return self.reports[-1].known_by if self.reports else None

    @property
    def is_begun(self) -> bool:
        """Whether anything happened besides orders that were refused, such as those with a mistyped identifier."""
        return self.status is not Status.NONE or bool(self.answered)

    @property
    def is_live(self) -> bool:
        """Whether mentions and partner posts may still belong to it."""
        return self.status is Status.DECLARED

    @property
    def held_back(self) -> Sequence[Delivery]:
        """Every delivery that waits for a person's word since a freeze: not settled, not cancelled."""
        waits = (one for one in self.deliveries.values() if one.id in self.stops.held)
        return [one for one in waits if one.state not in SETTLED and one.message_id not in self.stops.releases]

    def story_open(self, number: int, now: datetime) -> bool:
        """Whether nothing of ours answers this story: no answer is out or waits for sign-off, and none is ruled out."""
        found = self.stories.known[number]
        draft = self.drafts.get(found.proposed or "")
        lapsed = found.answering == "proposed" and (draft is None or draft.expires_at <= now)
        return lapsed or found.answering == "open"

    @property
    def over(self) -> str | None:
        """Why nothing new goes out about it, in words; None if it goes on."""
        return None if self.is_live else because("incident-is", "the incident is {status}", status=self.status)

    def holds_about(self, message: Message) -> Holds:
        """The holds that bear on these words."""
        return self.holds.about(message.credit.post_id if message.credit else None)

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the incident."""
        change = {**_incident_change(self, fact), **_network_change(self.network, fact), **self.outgoing_change(fact)}
        change |= _heard_change(self, fact)
        if isinstance(fact.body, BriefingFact):
            change["briefings"] = self.briefings.after(fact.body, at=fact.at, claim=fact.hash)
        return change


Change = dict[str, Any]


def _incident_change(incident: Incident, fact: Fact) -> Change:
    match fact.body:
        case ReportReceived(methane=methane):
            status = Status.STANDBY if incident.status is Status.NONE else incident.status
            return {"status": status, "reports": (*incident.reports, methane), "reported": incident.reported + 1}
        case IncidentDeclared(declaration=declaration):
            reports = (*incident.reports, declaration.methane)
            return {
                "status": Status.DECLARED,
                "declaration": declaration,
                "declared_at": incident.declared_at or fact.at,
                "reports": reports,
                "reported": incident.reported + 1,
            }
        case IncidentRenamed() | IncidentReclassified() as changed:
            last = {"reclassified_at": fact.at, "reclassified_by": fact.by}
            noted = last if isinstance(changed, IncidentReclassified) else {}
            return {"declaration": _redeclared(incident.declaration, changed), **noted}
        case IncidentStoodDown() | IncidentCancelled() as end:
            status = Status.STOOD_DOWN if isinstance(end, IncidentStoodDown) else Status.CANCELLED
            return {"status": status, "ending": Ending(by=fact.by, at=fact.at, reason=end.reason)}
        case LineDrafted(message=message):
            credit, stops = message.credit, incident.stops
            strange = credit.account_id if credit and fact.body.is_strange else None
            return {
                **({"stops": stops.after_strange(strange, fact.at)} if strange else {}),
                "drafts": {**incident.drafts, message.id: message},
                "drafted_by": {**incident.drafted_by, message.id: fact.by},
                **({"entered_by": {**incident.entered_by, message.id: by}} if (by := fact.relayed_by) else {}),
            }
        case MessageAuthorised() | MessageReported() as let_out:
            return _let_out(incident, let_out)
        case DraftReturned(message_id=name) | DraftWithdrawn(message_id=name):
            return incident.without_draft(name)
        case HoldPlaced() | HoldLifted() as held:
            return {"holds": incident.holds.after(held)}
        case AmplifiedPostChanged(credit=credit):
            post = (credit.account_id, credit.post_id)
            left = tuple(one for one in incident.lapsing if (one.account_id, one.post_id) != post)
            return {"holds": incident.holds.without(credit.post_id), "lapsing": left}
        case _:
            return {}


def _network_change(network: Network, fact: Fact) -> Change:
    body = fact.body
    if isinstance(body, NetworkFact):
        return {"network": network.after(body, by=fact.by, at=fact.at)}
    match body:
        case ReportReceived(methane=methane, responder=responder, responder_name=name):
            own = None if responder is None else (responder, name or responder)
            return {"network": network.reported(methane.letters, whose=own, by=fact.by, at=fact.at)}
        case IncidentDeclared(declaration=declaration, steps=steps, schedulers=schedulers):
            reported = network.reported(declaration.methane.letters, whose=None, by=fact.by, at=fact.at)
            return {"network": reported.model_copy(update={"steps": steps, "schedulers": schedulers})}
        case _:
            return {}


def _heard_change(incident: Incident, fact: Fact) -> Change:
    body, stories = fact.body, incident.stories
    if isinstance(body, StoryFact):
        return {"stories": stories.after(body, by=fact.by)}
    match body:
        case TagsNoted():
            return {"tags": body}
        case ListedNoted():
            return {"listed": {**incident.listed, body.category: body}}
        case MessageAuthorised(message=message) | MessageReported(message=message):
            return {"stories": stories.let_out(message.id, fact.at)}
        case DraftReturned(message_id=name) | DraftWithdrawn(message_id=name):
            return {"stories": stories.without_draft(name)}
        case _:
            return {}


def _redeclared(declaration: Declare | None, changed: IncidentRenamed | IncidentReclassified) -> Declare | None:
    """The declaration as it holds now. What the incident was called stays among its words, by which posts find it."""
    if declaration is None:
        return None
    if isinstance(changed, IncidentReclassified):
        return declaration.model_copy(update={"type": changed.type, "level": changed.level})
    hashtags = changed.hashtags or declaration.hashtags
    words = words_kept(declaration, changed.name, hashtags=hashtags)
    return declaration.model_copy(update={"name": changed.name, "hashtags": hashtags, "words": words})


def words_kept(declaration: Declare, name: str, *, hashtags: Sequence[str]) -> tuple[str, ...]:
    """The words by which posts find the incident beside this name and these hashtags: also its old ones."""
    given = dict.fromkeys([*declaration.words, declaration.name, *declaration.hashtags])
    return tuple(one for one in given if one != name and one not in hashtags)


def _let_out(incident: Incident, body: MessageAuthorised | MessageReported) -> Change:
    message, reported = body.message, body if isinstance(body, MessageReported) else None
    yes = body.yes if isinstance(body, MessageReported) else body.authorisation
    return {
        **incident.without_draft(message.id),
        **({"lapsing": (*incident.lapsing, message.credit)} if message.credit and message.credit.lapses_at else {}),
        "messages": {**incident.messages, message.id: message},
        "numbers": {**incident.numbers, message.id: incident.released + 1},
        "released": incident.released + 1,
        "authorisations": {**incident.authorisations, message.id: yes},
        **({"deliveries": _put_by_hand(incident, reported)} if reported else {}),
    }


def _put_by_hand(incident: Incident, reported: MessageReported) -> Mapping[str, Delivery]:
    """The deliveries with those of words that are public already, where nothing more is to be done."""
    message = reported.message
    verb = verb_for(message, incident.messages.get(message.follows or ""))
    there = [
        Delivery(
            id=derive_id("dlv", message.id, channel),
            message_id=message.id,
            channel=channel,
            state=DeliveryState.CONFIRMED,
            receipt=receipt,
            verb=verb,
            by_hand=reported.by_hand.get(channel),
        )
        for channel, receipt in reported.on.items()
    ]
    return {**incident.deliveries, **{one.id: one for one in there}}
