"""Nobody is woken for words that a freeze keeps back; what a freeze lets through is sought as ever."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from streams.decisions.sign_off.page_steps import due_at
from streams.record.search_audit import audit
from streams.telling.searches import told_searches
from streams.values import Power, Purpose
from streams.words.facts import Fact
from streams.words.sign_off import Decline, PersonPaged, SearchPaused, SearchResumed, SeekSignOff
from streams.words.stops import Freeze, IncidentFrozen, IncidentResumed, Resume
from tests import builders
from tests.builders import COMMANDER, WRITER
from tests.searches import WAIT_SECONDS, Asking, chain, matter_chain, people, proposal, register

WAIT, GO_ON = Freeze(reason="the place may be wrong"), Resume(reason="the place is right")


def frozen() -> Asking:
    """A draft whose first page came, and then a freeze."""
    night = Asking(register())
    night.draft()
    night.reports()
    assert builders.kinds(night.give(WAIT, COMMANDER)) == ["incident_frozen", "search_paused"]
    return night


def test_a_freeze_pauses_a_search_for_what_it_keeps_back() -> None:
    """No reminder, nobody passed over, however long it lasts; who looks is told so."""
    night = frozen()
    assert night.wait(10 * WAIT_SECONDS) == []
    assert len(night.pages) == 1
    assert "paused, nobody is asked" in next(told_searches(night.incident, zone=UTC))
    assert "nobody is asked until" in builders.reasons(night.give(Decline(search_id=night.search.id, reason="no")))


def test_at_the_resumption_who_was_asked_is_asked_again_with_all_their_time() -> None:
    """While it was frozen a yes of theirs was refused, so that time is not theirs to answer for."""
    night = frozen()
    night.wait(2 * WAIT_SECONDS)
    _, resumed, paged = night.give(GO_ON, COMMANDER)
    assert (resumed.kind, paged.call.person, paged.attempt) == ("search_resumed", COMMANDER, 1)
    assert paged.answer_by == night.now + timedelta(seconds=WAIT_SECONDS)
    night.reports()
    assert night.signs(COMMANDER)[0].kind == "message_authorised"
    assert audit(night.facts) == []


def test_a_draft_that_comes_during_a_freeze_wakes_nobody_until_it_is_resumed() -> None:
    night = Asking(register())
    night.give(WAIT, COMMANDER)
    assert builders.kinds(night.draft()) == ["line_drafted", "sign_off_sought", "search_paused"]
    assert builders.kinds(night.give(GO_ON, COMMANDER)) == ["incident_resumed", "search_resumed", "person_paged"]
    assert audit(night.facts) == []


def test_a_draft_that_expires_during_a_freeze_ends_its_search_in_time() -> None:
    night = Asking(register())
    night.give(builders.line())
    night.reports()
    night.give(WAIT, COMMANDER)
    assert due_at(night.search) == builders.NEXT_UPDATE
    ended, told = night.wait(59 * 60)
    assert (ended.outcome, told.call.person) == ("lapsed", COMMANDER)


@pytest.mark.parametrize("purpose", [Purpose.WITHDRAWAL, Purpose.CORRECTION])
def test_what_a_freeze_lets_through_is_sought_during_it(purpose: Purpose) -> None:
    power = Power.WITHDRAW if purpose is Purpose.WITHDRAWAL else Power.RELEASE_HOLDING
    night = Asking(register(chain(COMMANDER, power=power)))
    night.give(WAIT, COMMANDER)
    slots = {"time": "22:15"} if purpose is Purpose.CORRECTION else {}
    drafted = night.give(proposal(purpose=purpose, slots=slots), by=builders.NURSE)
    assert builders.kinds(drafted)[-1] == "person_paged", drafted
    assert audit(night.facts) == []


def test_a_matter_is_decided_during_a_freeze() -> None:
    """A suspected hate crime goes to the police whatever we publish."""
    told = people()
    told[COMMANDER] = told[COMMANDER].model_copy(
        update={"grants": builders.person(COMMANDER, Power.REPORT_TO_POLICE, Power.WITHDRAW, Power.DECLARE).grants}
    )
    night = Asking(register(matter_chain(), people=told))
    night.give(WAIT, COMMANDER)
    assert builders.kinds(night.give(SeekSignOff(matter="Shall we?", chain="police"), by=WRITER))[-1] == "person_paged"


def whole() -> list[Fact]:
    night = frozen()
    night.give(GO_ON, COMMANDER)
    night.reports()
    night.signs(COMMANDER)
    return night.facts


def without(kind: type) -> list[Fact]:
    return [fact for fact in whole() if not isinstance(fact.body, kind)]


def paged_in_the_freeze() -> list[Fact]:
    """The page after the resumption, moved before it."""
    facts = whole()
    page = [fact for fact in facts if isinstance(fact.body, PersonPaged)][-1]
    rest = [fact for fact in facts if fact is not page]
    place = next(number for number, fact in enumerate(rest) if isinstance(fact.body, IncidentResumed))
    return [*rest[:place], page, *rest[place:]]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda: without(IncidentFrozen), "frozen or resumed at another time"),
        (lambda: without(IncidentResumed), "frozen or resumed at another time"),
        (lambda: without(SearchPaused), "frozen or resumed at another time"),
        (lambda: without(SearchResumed), "was asked for what could not go out"),
        (paged_in_the_freeze, "was asked for what could not go out"),
    ],
)
def test_the_auditor_finds_a_pause_without_a_freeze_and_a_page_in_one(
    broken: Callable[[], list[Fact]], says: str
) -> None:
    assert audit(whole()) == []
    assert any(says in one for one in audit(broken()))
