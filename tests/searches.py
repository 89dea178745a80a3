"""A trust whose chains look for a yes, in code: commander, then officer, then signer. For the tests of searches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agents import desk as agent
from streams.decisions.sign_off.page_steps import due_at, is_due
from streams.subjects.incident import Incident
from streams.subjects.past import Row, whole
from streams.subjects.state import State
from streams.values import Power
from streams.words.facts import Fact
from streams.words.orders import CommandBody, Tick
from streams.words.register.entries import Absence, Chain, ChainStep, Contact, Delegation, Person, Register
from streams.words.release import Propose, SignOff
from streams.words.sign_off import (
    Asked,
    PageOutcome,
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    RecordPage,
    Search,
    SignOffSought,
)
from tests import builders
from tests.agents.doubles import MemoryStore, clock_at, kept, not_recalled
from tests.builders import COMMANDER, LIVE, NOW, OFFICER, SIGNER, SUBJECT, WRITER
from tests.scenarios.simulation import run

CHAIR = "chair"
WAIT_SECONDS = 300
STEPS = (COMMANDER, OFFICER, CHAIR)


def step(person: str | None, **changes: Any) -> ChainStep:
    return ChainStep(**{"person": person, "answer_within_seconds": WAIT_SECONDS, "reminders": 1, **changes})


def chain(*people: str, **changes: Any) -> Chain:
    """A chain that asks these people for a line, if nothing else is said."""
    plain: dict[str, Any] = {
        "id": "lines",
        "title": "Sign-off of lines",
        "power": Power.SIGN_OFF_LINE,
        "steps": tuple(step(one) for one in people or STEPS),
    }
    return Chain(**{**plain, **changes})


def contacts(name: str) -> tuple[Contact, ...]:
    return (Contact(via="sms", address=f"01632 960{len(name):03}"), Contact(via="email", address=f"{name}@example.org"))


def reachable(one: Person, **changes: Any) -> Person:
    return one.model_copy(update={"contacts": contacts(one.id), **changes})


def people(*away: str) -> dict[str, Person]:
    """Everybody of the made-up trust, and a chair, each with two contacts; the officer may sign off at any hour."""
    everybody = [one for one in builders.people().values() if one.id != OFFICER]
    everybody += [builders.person(OFFICER, *builders.COMMAND_POWERS), builders.person(CHAIR, Power.SIGN_OFF_LINE)]
    absence = Absence(starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1))
    return {one.id: reachable(one, away=(absence,) if one.id in away else ()) for one in everybody}


def register(*chains: Chain, away: Sequence[str] = (), **changes: Any) -> Register:
    """The register with these chains, by default the one that looks for a sign-off of lines."""
    named = {one.id: one for one in chains or (chain(),)}
    return builders.register(**{"people": people(*away), "chains": named, **changes})


def delegating(template: str = "major-incident", **changes: Any) -> Chain:
    """A chain whose commander delegated the holding message, and a second person approved."""
    delegated = Delegation(template=template, slots={"place": "Ashby General"}, delegated_by=COMMANDER)
    plain = chain(delegated=delegated, **changes)
    approval = builders.approved(builders.template()).approval
    assert approval
    approval = approval.model_copy(update={"by": SIGNER, "content_hash": plain.delegation_hash()})
    return plain.model_copy(update={"delegated": delegated.model_copy(update={"approval": approval})})


def matter_chain(**changes: Any) -> Chain:
    plain = {"id": "police", "title": "Report to the police", "power": Power.REPORT_TO_POLICE, "ordered": True}
    return chain(**{**plain, **changes})


def sought() -> SignOffSought:
    """A search that asks the commander first, about nothing that was drafted."""
    asked = tuple(Asked(person=one, name=one, contacts=contacts(one)) for one in STEPS)
    whole = matter_chain()
    return SignOffSought(
        search_id="srch-1", matter="May we?", chain=whole, asked=asked, sought_by=WRITER, register_version="1"
    )


def proposal(**changes: Any) -> Propose:
    return Propose(release=builders.holding(**changes))


@dataclass
class Asking:
    """The desk alone, with a clock that moves when told; nobody makes its pages."""

    register: Register
    now: datetime = NOW
    mode: str = LIVE
    run: str = "run-1"
    facts: list[Fact] = field(default_factory=list)
    store: MemoryStore[State] = field(default_factory=MemoryStore)
    past: MemoryStore[Row] = field(default_factory=MemoryStore)
    given: int = 0

    def __post_init__(self) -> None:
        self.give(builders.declaration(), COMMANDER)

    @property
    def incident(self) -> Incident:
        found = self.store.get(SUBJECT.key)
        assert found is None or isinstance(found, Incident)
        assert found
        return whole(found, {key.partition("|")[2]: row for key, row in self.past.values.items()})

    @property
    def search(self) -> Search:
        """The one that was begun last for a yes."""
        return [one for one in self.incident.searches.values() if one.concern is None][-1]

    @property
    def concerns(self) -> list[Search]:
        """The searches for somebody who takes on what waits."""
        return [one for one in self.incident.searches.values() if one.concern]

    @property
    def pages(self) -> list[PersonPaged]:
        """Every page that asks for a yes."""
        paged = [fact.body for fact in self.facts if isinstance(fact.body, PersonPaged)]
        return [one for one in paged if self.incident.searches[one.search_id].concern is None]

    @property
    def told(self) -> list[PersonTold]:
        """Every page that tells of the end of a search."""
        return [fact.body for fact in self.facts if isinstance(fact.body, PersonTold)]

    @property
    def passed(self) -> list[tuple[str | None, str]]:
        over = [fact.body for fact in self.facts if isinstance(fact.body, PersonPassedOver)]
        searches = self.incident.searches
        return [(one.person, one.why) for one in over if searches[one.search_id].concern is None]

    def give(self, body: CommandBody, by: str = WRITER) -> list[Any]:
        """Give an order now, and answer with the bodies of its facts."""
        self.given += 1
        order = builders.command(body, by, at=self.now, id=f"cmd-{self.given}", mode=self.mode)
        register, tables = lambda: self.register, (self.store, self.past)
        needs = agent.Needs(self.mode, self.run, clock_at(self.now), register, kept, *tables, not_recalled)
        facts = run(agent.handle(order, needs))
        self.facts += facts
        return [fact.body for fact in facts]

    def draft(self) -> list[Any]:
        return self.give(builders.line(expires_at=NOW + timedelta(hours=5), next_update_at=builders.NEXT_UPDATE))

    def reports(self, outcome: PageOutcome = "sent") -> list[Any]:
        """Report on the newest page."""
        page = self.pages[-1]
        words = RecordPage(search_id=page.search_id, number=page.number, outcome=outcome, words="said")
        return self.give(words, by="escalation-agent")

    def misses(self) -> list[Any]:
        """No page reaches who is asked now: what came of the last one."""
        step, came = self.search.step, list[Any]()
        while self.search.step == step:
            came = self.reports("failed") if self.search.pages[-1].outcome is None else self.until_due()
        return came

    def signs(self, by: str) -> list[Any]:
        """Say yes to the newest draft, as it stands."""
        draft = [*self.incident.drafts.values()][-1]
        return self.give(SignOff(message_id=draft.id, content_hash=draft.content_hash), by)

    def wait(self, seconds: float) -> list[Any]:
        """Let so much time pass, and one tick at its end."""
        self.now += timedelta(seconds=seconds)
        return self.give(Tick(), by="clock") if is_due(self.incident, self.now, register=self.register) else []

    def until_due(self) -> list[Any]:
        """Let time pass until something is due."""
        due = [moment for search in self.incident.searches.values() if (moment := due_at(search))]
        return self.wait(max((min(due) - self.now).total_seconds(), 0))
