"""Audits searches: whether an incident's facts prove that every step of every search ran, in order and in time.

It shares no code with the rules that decide what a search does next, so that the two check each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatchmethod

from streams.decisions.sign_off.page_steps import due_at
from streams.decisions.stops.stop_orders import PASSES_A_FREEZE
from streams.subjects.fold import begun, fold
from streams.subjects.incident import Incident
from streams.words.facts import Fact
from streams.words.register.entries import ChainStep, Contact
from streams.words.release import LineDrafted, MessageAuthorised
from streams.words.sign_off import (
    ASKED_IN_VAIN,
    ATTEMPTS_MAX,
    PageRecorded,
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    SearchEnded,
    SearchPaused,
    SearchResumed,
    SignOffSought,
)
from streams.words.stops import IncidentFrozen, IncidentResumed

LATE = timedelta(seconds=60)
ABOUT_SEARCHES = (PersonPaged, PageRecorded, PersonPassedOver, SearchPaused, SearchResumed, SearchEnded, PersonTold)


def audit(facts: Iterable[Fact]) -> list[str]:
    """A sentence for each step of a search that was skipped, done twice, or done without a reason; in order."""
    found: list[str] = []
    trails: dict[str, _Trail] = {}
    around = _Around()
    for fact in facts:
        body = fact.body
        around.follow(body)
        if isinstance(body, SignOffSought):
            trails.setdefault(body.search_id, _Trail(body, around))
        elif isinstance(body, ABOUT_SEARCHES):
            trail = trails.get(body.search_id)
            wrong = trail.follow(fact) if trail else ["it is about a search that never began"]
            found += [f"{fact.subject.called}: fact {fact.sequence}, {body.kind}: {one}" for one in wrong]
    return found


def overdue(incident: Incident, now: datetime) -> list[str]:
    """A sentence for each search with a step that was due more than `LATE` ago."""
    return [
        f"incident {incident.id}: search {name} should have gone on at {moment:%H:%M:%S} UTC: see that a worker runs"
        for name, moment in _long_due(incident, now)
    ]


def late(facts: Sequence[Fact], now: datetime) -> list[str]:
    """A sentence for each step that ran late, for instance because a worker was down, or has not run by now."""
    if not facts:
        return []
    incident, found = begun(facts[0].subject, facts[0].mode), list[str]()
    if not isinstance(incident, Incident):
        return []
    for fact in facts:
        found += [
            f"incident {incident.id}: fact {fact.sequence} came {int((fact.at - moment).total_seconds())} seconds late"
            for _, moment in _long_due(incident, fact.at)
        ]
        incident = fold(incident, fact)
    return found + overdue(incident, now)


def _long_due(incident: Incident, now: datetime) -> list[tuple[str, datetime]]:
    due = [(one.id, moment) for one in incident.searches.values() if (moment := due_at(one))]
    return [(name, moment) for name, moment in due if now - moment > LATE]


@dataclass
class _Around:
    """The other facts of the incident so far: who signed what off, and what a freeze stops."""

    signed: dict[str, str] = field(default_factory=dict)
    stoppable: set[str] = field(default_factory=set)
    frozen: bool = False

    def follow(self, body: object) -> None:
        if isinstance(body, MessageAuthorised):
            self.signed[body.message.id] = body.authorisation.person
        elif isinstance(body, LineDrafted) and body.message.purpose not in PASSES_A_FREEZE:
            self.stoppable.add(body.message.id)
        elif isinstance(body, IncidentFrozen | IncidentResumed):
            self.frozen = isinstance(body, IncidentFrozen)

    def stops(self, message_id: str | None) -> bool:
        return self.frozen and message_id in self.stoppable


@dataclass
class _Trail:
    """One search, followed fact by fact."""

    sought: SignOffSought
    around: _Around
    step: int = 0
    paused: bool = False
    paged: int = 0
    asked_at: datetime | None = None
    answer_by: datetime | None = None
    attempt: int = 0
    rounds: int = 0
    pages: list[tuple[Contact, int, str | None]] = field(default_factory=list)
    ended: bool = False
    paged_on: set[tuple[str, Contact]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    telling: dict[int, str] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def follow(self, fact: Fact) -> list[str]:
        """What is wrong with the next fact; the trail then includes it."""
        if self.ended and not self._is_of_the_end(fact.body):
            return ["the search had ended"]
        return list(self._judge(fact.body, fact))

    def _is_of_the_end(self, body: object) -> bool:
        """Whether this is a page that tells a person of the end, or its report."""
        return isinstance(body, PersonTold) or (isinstance(body, PageRecorded) and body.number in self.telling)

    @singledispatchmethod
    def _judge(self, body: object, fact: Fact) -> Iterator[str]:
        raise TypeError(f"{body} of {fact.id} is not about a search")

    @_judge.register
    def _(self, body: PersonPaged, fact: Fact) -> Iterator[str]:
        yield from self._in_place(body.step)
        if not 0 <= body.step < min(len(self.sought.asked), len(self.sought.chain.steps)):
            return
        asked, step = self.sought.asked[body.step], self.sought.chain.steps[body.step]
        if body.call.person != asked.person or body.call.contact not in asked.contacts:
            yield f"{body.call.person} was paged where {asked.name} is to be asked on a contact of the first page"
        if body.number != self.paged + 1:
            yield f"page {body.number} follows page {self.paged}"
        if self.paused or (body.attempt and self.around.stops(self.sought.message_id)):
            yield f"{asked.name} was asked for what could not go out"
        if any(outcome is None for _, _, outcome in self.pages):
            yield "the page before it has no report yet"
        if body.attempt != self.attempt:
            yield from self._begun_anew(body.attempt, fact.at)
        if any(contact == body.call.contact and outcome == "unknown" for contact, _, outcome in self.pages):
            yield "this contact may have been reached already"
        yield from self._in_time(body, fact.at, step)
        self.rounds, self.paged = body.round, body.number
        self.pages.append((body.call.contact, body.number, None))
        self.paged_on.add((body.call.person, body.call.contact))

    @_judge.register
    def _(self, body: PersonTold, fact: Fact) -> Iterator[str]:
        del fact
        person, contact = body.call.person, body.call.contact
        if not self.ended:
            yield f"{person} was told of the end before it came"
        if (person, contact) not in self.paged_on:
            yield f"{person} was told on a contact on which no page of the search came"
        if person in self.told:
            yield f"{person} was told twice"
        if body.number != self.paged + 1:
            yield f"page {body.number} follows page {self.paged}"
        self.paged = body.number
        self.told.add(person)
        self.telling[body.number] = person

    @_judge.register
    def _(self, body: PageRecorded, fact: Fact) -> Iterator[str]:
        del fact
        if body.number in self.telling:
            person = self.telling.pop(body.number)
            if body.outcome == "unknown" and person not in self.doubtful:
                # It may never have come, so it may be sent once more.
                self.doubtful.add(person)
                self.told.discard(person)
            return
        if not self.pages or self.pages[-1][1:] != (body.number, None):
            yield f"page {body.number} waits for no report"
            return
        self.pages[-1] = (*self.pages[-1][:2], body.outcome)

    @_judge.register
    def _(self, body: PersonPassedOver, fact: Fact) -> Iterator[str]:
        yield from self._in_place(body.step)
        if (body.why in ASKED_IN_VAIN) is not bool(self.pages):
            yield f"{body.person} was passed over as {body.why} after {len(self.pages)} pages"
        if body.why == "silent" and self.answer_by and fact.at < self.answer_by:
            yield f"{body.person} had time until {self.answer_by:%H:%M:%S} UTC"
        # Facts from before attempts were counted were judged by a milder rule.
        if body.why == "silent" and self.attempt and not self._reached():
            yield f"{body.person} was never reached, and so cannot be silent"
        if body.why == "unreachable" and self._reached():
            yield f"{body.person} was reached"
        if body.why == "unreachable" and 0 < self.attempt < ATTEMPTS_MAX:
            yield f"{body.person} was given up after {self.attempt} of {ATTEMPTS_MAX} attempts"
        if body.why == "declined" and fact.by != body.person:
            yield f"{fact.by} declined for {body.person}"
        self.step = body.step + 1
        self._begin(0)

    @_judge.register
    def _(self, body: SearchPaused | SearchResumed, fact: Fact) -> Iterator[str]:
        del fact
        pauses = isinstance(body, SearchPaused)
        if pauses is self.paused or pauses is not self.around.stops(self.sought.message_id):
            yield "the incident was frozen or resumed at another time than the search"
        self.paused = pauses
        self._begin(0)

    @_judge.register
    def _(self, body: SearchEnded, fact: Fact) -> Iterator[str]:
        self.ended = True
        everybody = len(self.sought.asked)
        if body.outcome in {"nobody", "delegated"} and self.step < everybody:
            yield f"it gave up after {self.step} of {everybody} steps"
        if body.outcome == "answered":
            said_yes = self.around.signed.get(self.sought.message_id or "", None if self.sought.message_id else fact.by)
            if said_yes != body.person:
                yield f"{body.person} did not say yes"
            turns = [one.person for one in self.sought.asked[: self.step + 1]]
            if self.sought.chain.ordered and body.person not in turns:
                yield f"{body.person} said yes before their turn"

    def _in_time(self, body: PersonPaged, at: datetime, step: ChainStep) -> Iterator[str]:
        lasts = timedelta(seconds=step.answer_within_seconds)
        if self.asked_at is None:
            self.asked_at, self.answer_by = at, at + lasts
        elif body.round > self.rounds and at < self.asked_at + lasts * self.rounds / (step.reminders + 1):
            yield "the reminder came before its time"
        elif body.round == self.rounds and self.pages and self.pages[-1][2] == "sent":
            yield "the page before it was sent, and nobody asked for another"
        if body.answer_by != self.answer_by:
            yield "the time to answer was changed"

    def _begun_anew(self, attempt: int, at: datetime) -> Iterator[str]:
        """Only a person who was not reached is asked again: when their time is over, or once every contact failed."""
        failed = all(outcome == "failed" for _, _, outcome in self.pages)
        if attempt != self.attempt + 1 or attempt > ATTEMPTS_MAX:
            yield f"attempt {attempt} follows attempt {self.attempt}"
        if self._reached():
            yield "the attempt before it had reached somebody"
        if not failed and self.answer_by and at < self.answer_by:
            yield "the attempt before it was not over"
        self._begin(attempt)

    def _begin(self, attempt: int) -> None:
        self.attempt, self.asked_at, self.answer_by, self.rounds = attempt, None, None, 0
        self.pages.clear()

    def _reached(self) -> bool:
        return any(outcome == "sent" for _, _, outcome in self.pages)

    def _in_place(self, step: int) -> Iterator[str]:
        if step != self.step or step >= len(self.sought.asked):
            yield f"step {step + 1} was taken where step {self.step + 1} is next"
