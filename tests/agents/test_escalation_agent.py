"""The escalation agent makes the pages of its own run, once, and says honestly what it knows of them."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from agents import escalation
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.memory.played_faults import Trouble
from agents.ports import Clock, Pager
from streams.chain import START, seal
from streams.errors import Forged
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import Subject, SubjectKind
from streams.words.facts import Fact
from streams.words.sign_off import Decline, PersonPaged, PersonTold, RecordPage
from tests import builders
from tests.agents.doubles import HeldBackground, MemoryStore, clock_at, clock_for
from tests.builders import COMMANDER, DRILL, LIVE, NOW
from tests.searches import Asking, register


def asked() -> tuple[Incident, Fact]:
    night = Asking(register())
    night.draft()
    return night.incident, next(fact for fact in night.facts if isinstance(fact.body, PersonPaged))


def ended() -> tuple[Incident, Fact]:
    """A yes came: the claim of the page that tells the person who was asked."""
    night = Asking(register())
    night.draft()
    night.reports()
    night.signs(COMMANDER)
    return night.incident, next(fact for fact in night.facts if isinstance(fact.body, PersonTold))


def claimed() -> Fact:
    return asked()[1]


async def reported(
    fact: Fact,
    *,
    pager: Pager | None = None,
    run: str = "run-1",
    clock: Clock | None = None,
    state: State | None = None,
) -> Sequence[tuple[str, str]]:
    """What the agent reports when it is given the fact twice: outcome and words."""
    background = HeldBackground()
    pagers = {"sms": pager} if pager else {}
    records = MemoryStore[State]({builders.SUBJECT.key: state or asked()[0]})
    needs = escalation.Needs(run, clock or clock_at(), pagers, background, records)
    assert list(await escalation.handle(fact, needs)) == []
    assert list(await escalation.handle(fact, needs)) == []
    bodies = [one.body for one in await background.finish()]
    return [(body.outcome, body.words) for body in bodies if isinstance(body, RecordPage)]


def faulty(fault: Trouble) -> MemoryPager:
    return MemoryPager(LIVE, plan=lambda _: fault, pretends_live=True)


async def test_a_page_that_was_claimed_for_this_run_is_made_once() -> None:
    pager = MemoryPager(LIVE, pretends_live=True)
    assert await reported(claimed(), pager=pager) == [("sent", "page 1")]
    assert len(pager.calls) == 1


async def test_a_page_of_another_run_is_left_alone() -> None:
    pager = MemoryPager(LIVE, pretends_live=True)
    assert await reported(claimed(), pager=pager, run="run-2") == []
    assert list(pager.calls) == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Trouble.NOT_SENT, "failed"),
        (Trouble.REFUSED, "failed"),
        (Trouble.BROKEN_BEFORE, "unknown"),
        (Trouble.ANSWER_LOST, "unknown"),
        (Trouble.HANGS_BEFORE, "unknown"),
        (Trouble.HANGS_AFTER, "unknown"),
    ],
)
async def test_only_a_clear_no_is_a_failure(fault: Trouble, outcome: str) -> None:
    """Whatever else went wrong, the page may have come."""
    async with asyncio.timeout(180):
        ((found, words),) = await reported(claimed(), pager=faulty(fault), clock=clock_for(fault))
    assert found == outcome
    assert words


async def test_a_contact_without_a_pager_fails_with_what_to_do() -> None:
    ((outcome, words),) = await reported(claimed())
    assert (outcome, words.partition(":")[0]) == ("failed", "this worker has no pager for sms")


async def test_a_pager_of_another_mode_is_not_used() -> None:
    drill = MemoryPager(DRILL)
    ((outcome, words),) = await reported(claimed(), pager=drill)
    assert (outcome, "is of mode exercise-1" in words) == ("failed", True)
    assert list(drill.calls) == []


async def test_a_claim_that_has_lapsed_pages_nobody() -> None:
    """A worker that was paused wakes up late: somebody else may have been asked since."""
    pager = MemoryPager(LIVE, pretends_live=True)
    ((outcome, _),) = await reported(claimed(), pager=pager, clock=clock_at(NOW + timedelta(seconds=21)))
    assert outcome == "failed"
    assert list(pager.calls) == []


@pytest.mark.parametrize("forged", ["hash", "unsealed", "words", "search", "number", "sequence", "incident", "case"])
async def test_a_page_that_the_record_does_not_have_is_not_made(forged: str) -> None:
    """Somebody wrote it beside the desk, well sealed and for this run: no person is paged."""
    fact, pager = claimed(), MemoryPager(LIVE, pretends_live=True)
    assert isinstance(fact.body, PersonPaged)
    words = fact.body.model_copy(update={"call": fact.body.call.model_copy(update={"key": "forged"})})
    changed: dict[str, dict[str, Any]] = {
        "words": {"body": words},
        "search": {"body": words.model_copy(update={"search_id": "search-forged"})},
        "number": {"body": words.model_copy(update={"number": 7})},
        "sequence": {"sequence": 99},
        "incident": {"subject": Subject.incident("inc-forged")},
        "case": {"subject": Subject(kind=SubjectKind.CASE, id="case-forged")},
    }
    written = {"hash": fact.model_copy(update={"hash": START}), "unsealed": fact.model_copy(update={"body": words})}
    found = written.get(forged) or seal(fact.model_copy(update=changed[forged]))
    with pytest.raises(Forged):
        await reported(found, pager=pager)
    assert list(pager.calls) == []


async def test_a_page_whose_search_went_on_since_is_not_made_and_is_no_forgery() -> None:
    """Its number was given, and its report is there or nobody waits for one."""
    night = Asking(register())
    night.draft()
    fact = next(fact for fact in night.facts if isinstance(fact.body, PersonPaged))
    night.give(Decline(search_id=night.search.id, reason="not me"), by=COMMANDER)
    pager, background = MemoryPager(LIVE, pretends_live=True), HeldBackground()
    records = MemoryStore[State]({builders.SUBJECT.key: night.incident})
    needs = escalation.Needs("run-1", clock_at(NOW), {"sms": pager}, background, records)
    assert list(await escalation.handle(fact, needs)) == []
    assert list(await background.finish()) == []
    assert list(pager.calls) == []


async def test_a_page_that_is_settled_while_it_waits_for_its_turn_is_not_made() -> None:
    """The claim was good when it came; the person passed it on before the pager was free."""
    night = Asking(register())
    night.draft()
    fact = next(fact for fact in night.facts if isinstance(fact.body, PersonPaged))
    pager, background = MemoryPager(LIVE, pretends_live=True), HeldBackground()
    records = MemoryStore[State]({builders.SUBJECT.key: night.incident})
    needs = escalation.Needs("run-1", clock_at(NOW), {"sms": pager}, background, records)
    await escalation.handle(fact, needs)
    night.give(Decline(search_id=night.search.id, reason="not me"), by=COMMANDER)
    records.put(builders.SUBJECT.key, night.incident)
    (report,) = await background.finish()
    assert isinstance(report.body, RecordPage)
    assert report.body.outcome == "failed"
    assert list(pager.calls) == []


async def test_who_was_asked_is_told_the_end_once_and_asked_for_nothing() -> None:
    """Who signed, and when; in a drill the live pager tells nobody."""
    incident, fact = ended()
    pager = MemoryPager(LIVE, pretends_live=True)
    assert await reported(fact, pager=pager, state=incident) == [("sent", "page 1")]
    (call,) = pager.calls
    assert "was signed off by Test Director On Call (Director On Call) at 22:31" in call.text
    assert (call.person, call.answer_by) == (COMMANDER, None)
    assert "holdingline" not in call.text
    assert not re.search(r"inc-|msg-", call.text), "people know it by its name and its first words"
    ((outcome, words),) = await reported(fact, pager=MemoryPager(DRILL), state=incident)
    assert (outcome, "is of mode exercise-1" in words) == ("failed", True)


async def test_a_forged_page_about_the_end_is_not_made() -> None:
    incident, fact = ended()
    assert isinstance(fact.body, PersonTold)
    call = fact.body.call.model_copy(update={"text": "Ring this number."})
    forged = seal(fact.model_copy(update={"body": fact.body.model_copy(update={"call": call})}))
    pager = MemoryPager(LIVE, pretends_live=True)
    with pytest.raises(Forged):
        await reported(forged, pager=pager, state=incident)
    assert list(pager.calls) == []
