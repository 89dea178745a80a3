"""The briefing agent mails what was claimed for its run, once, and says honestly what became of each letter."""

from datetime import timedelta

import pytest

from agents import briefing
from agents.adapters.memory.pager import MemoryPager
from agents.ports import Pager
from agents.runtime.views.situation import mark_in
from streams.errors import Forged
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import digest
from streams.words.briefings.entries import BriefingRule
from streams.words.briefings.letters import RecordBriefing
from streams.words.facts import Fact
from streams.words.orders import Tick
from streams.words.register.entries import Contact, Register
from tests import builders
from tests.agents.doubles import HeldBackground, MemoryStore, clock_at
from tests.builders import DRILL, LIVE, NOW, NURSE, SIGNER

TEXT = "Briefing: Ashby coach crash\nAs of 23:01."
LATER = NOW + timedelta(minutes=30)


def trust() -> Register:
    people = builders.people()
    mail = Contact(via="email", address="medical.director@vale.example")
    people[SIGNER] = people[SIGNER].model_copy(update={"contacts": (mail,)})
    return builders.register(people=people, briefing=BriefingRule(people=(SIGNER, NURSE)))


def claimed(mode: str = LIVE) -> tuple[Incident, Fact]:
    order = builders.order(Tick(), builders.declared(mode), "clock", register=trust(), now=LATER)
    (fact,), after = builders.judged(order)
    return after, fact


async def reported(
    fact: Fact, incident: Incident, *, pager: Pager | None, run: str = "run-1", late_seconds: float = 0
) -> list[RecordBriefing]:
    """What the agent reports when it is given the fact twice."""

    async def write(name: str) -> str:
        assert name == incident.id
        return f"{mark_in(incident.mode, 'en')}{TEXT}"

    background, records = HeldBackground(), MemoryStore[State]({builders.SUBJECT.key: incident})
    clock = clock_at(LATER + timedelta(seconds=late_seconds))
    pagers = {"email": pager} if pager else {}
    needs = briefing.Needs(run, clock, trust, pagers, background, records, write)
    assert list(await briefing.handle(fact, needs)) == []
    assert list(await briefing.handle(fact, needs)) == []
    return [one.body for one in await background.finish() if isinstance(one.body, RecordBriefing)]


async def test_each_person_gets_one_letter_and_who_has_no_address_is_named() -> None:
    after, fact = claimed()
    pager = MemoryPager(LIVE, pretends_live=True)
    (report,) = await reported(fact, after, pager=pager)
    assert [(one.person, one.text) for one in pager.calls] == [(SIGNER, TEXT)]
    assert report.digest == digest(TEXT)
    assert {name: one.outcome for name, one in report.results.items()} == {SIGNER: "sent", NURSE: "failed"}
    assert "no e-mail address" in report.results[NURSE].words


async def test_a_drill_mails_to_its_own_memory_and_never_by_the_live_mail() -> None:
    after, fact = claimed(DRILL)
    memory, live = MemoryPager(DRILL), MemoryPager(LIVE, pretends_live=True)
    assert [one.results[SIGNER].outcome for one in await reported(fact, after, pager=memory)] == ["sent"]
    assert [one.mode for one in memory.calls] == [DRILL]
    assert [one.results[SIGNER].outcome for one in await reported(fact, after, pager=live)] == ["failed"]
    assert live.calls == []


@pytest.mark.parametrize("late_seconds", [0.0, 300.0])
async def test_no_mail_server_and_a_claim_that_lapsed_are_failures_that_are_said(late_seconds: float) -> None:
    after, fact = claimed()
    pager = MemoryPager(LIVE, pretends_live=True) if late_seconds else None
    (report,) = await reported(fact, after, pager=pager, late_seconds=late_seconds)
    assert report.results[SIGNER].outcome == "failed"
    assert pager is None or pager.calls == []


async def test_a_briefing_of_another_run_or_of_no_record_is_not_mailed() -> None:
    after, fact = claimed()
    pager = MemoryPager(LIVE, pretends_live=True)
    assert await reported(fact, after, pager=pager, run="run-2") == []
    with pytest.raises(Forged):
        await reported(fact, builders.declared(), pager=pager)
    assert pager.calls == []
