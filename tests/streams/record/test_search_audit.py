"""The auditor finds each step of a search that was jumped, repeated, or taken without its reason."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from streams.record.search_audit import audit, late, overdue
from streams.words.facts import Fact
from streams.words.sign_off import Call, PageRecorded, PersonPaged, PersonPassedOver, SearchEnded
from tests.builders import COMMANDER
from tests.searches import CHAIR, Asking, chain, register


def night() -> Asking:
    """The commander is silent on both contacts, the officer on one that failed at first, the chair says yes."""
    told = Asking(register(chain(ordered=True)))
    told.draft()
    told.reports()
    told.wait(150)
    told.reports()
    told.wait(150)
    told.reports("failed")
    told.reports("unknown")
    told.wait(150)
    told.reports()
    told.wait(150)
    told.reports()
    told.signs(CHAIR)
    assert told.search.ended
    return told


def missed() -> Asking:
    """The commander is reached at the second attempt only, and silent then; nobody can be asked after them."""
    told = Asking(register(chain(COMMANDER)))
    told.draft()
    told.reports("failed")
    told.reports("failed")
    told.wait(20)
    told.reports("failed")
    told.reports()
    while told.search.ended is None:
        told.until_due()
        if told.search.pages and told.search.pages[-1].outcome is None:
            told.reports("failed")
    return told


WHOLE = night().facts
MISSED = missed().facts
FIRST_CALL: Call = next(fact.body.call for fact in WHOLE if isinstance(fact.body, PersonPaged))


def test_a_night_as_it_should_be_has_nothing_to_find() -> None:
    for facts in (WHOLE, MISSED):
        assert audit(facts) == []
        assert late(facts, facts[-1].at) == []


def without(kind: type, number: int = 0) -> list[Fact]:
    drop = [fact for fact in WHOLE if isinstance(fact.body, kind)][number]
    return [fact for fact in WHOLE if fact is not drop]


def changed(kind: type, number: int = 0, facts: Sequence[Fact] = WHOLE, **update: Any) -> list[Fact]:
    edit = [fact for fact in facts if isinstance(fact.body, kind)][number]
    body = edit.body.model_copy(update=update)
    return [one if one is not edit else one.model_copy(update={"body": body}) for one in facts]


def doubled(kind: type, number: int) -> list[Fact]:
    again = [fact for fact in WHOLE if isinstance(fact.body, kind)][number]
    return [copy for one in WHOLE for copy in ([one, one] if one is again else [one])]


def sooner(kind: type, number: int) -> list[Fact]:
    early = [fact for fact in WHOLE if isinstance(fact.body, kind)][number]
    return [one if one is not early else one.model_copy(update={"at": one.at - timedelta(seconds=99)}) for one in WHOLE]


BROKEN: dict[str, Callable[[], list[Fact]]] = {
    "page 2 follows page 0": lambda: without(PersonPaged),
    "step 2 was taken where step 1 is next": lambda: without(PersonPassedOver),
    "passed over as away after 2 pages": lambda: changed(PersonPassedOver, 0, why="away"),
    "the page before it has no report yet": lambda: doubled(PersonPaged, 0),
    "the reminder came before its time": lambda: sooner(PersonPaged, 1),
    "had time until": lambda: sooner(PersonPassedOver, 0),
    "is to be asked on a contact of the first page": lambda: changed(
        PersonPaged, 0, call=FIRST_CALL.model_copy(update={"person": CHAIR})
    ),
    "the time to answer was changed": lambda: changed(PersonPaged, 1, answer_by=WHOLE[0].at),
    "was reached": lambda: changed(PersonPassedOver, 0, why="unreachable"),
    "was given up after 1 of 2 attempts": lambda: changed(PersonPassedOver, 0, why="unreachable"),
    "cannot be silent": lambda: changed(PageRecorded, 3, facts=MISSED, outcome="unknown"),
    "attempt 3 follows attempt 1": lambda: changed(PersonPaged, 2, facts=MISSED, attempt=3),
    "the attempt before it was not over": lambda: changed(PageRecorded, 1, facts=MISSED, outcome="unknown"),
    "the attempt before it had reached somebody": lambda: changed(PageRecorded, 1, facts=MISSED, outcome="sent"),
    "declined for": lambda: changed(PersonPassedOver, 0, why="declined"),
    "the search had ended": lambda: doubled(SearchEnded, 0),
    "did not say yes": lambda: changed(SearchEnded, 0, person=COMMANDER),
    "it gave up after 2 of 3 steps": lambda: changed(SearchEnded, 0, outcome="nobody"),
    "a search that never began": lambda: changed(PersonPaged, 0, search_id="srch-none"),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_way_to_break_it_is_found(sentence: str) -> None:
    found = audit(BROKEN[sentence]())
    assert any(sentence in one for one in found), found


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_any_step_that_was_dropped_is_found(place: int) -> None:
    """But a report that is the step's last, which nothing after it rests on, and what is not about the search."""
    if WHOLE[place].body.kind not in {"sign_off_sought", "person_paged", "person_passed_over"}:
        return
    assert audit([*WHOLE[:place], *WHOLE[place + 1 :]])


def test_what_is_due_and_does_not_come_is_overdue() -> None:
    """A worker that stands still is found by whoever looks, and in the record afterwards."""
    told = Asking(register())
    told.draft()
    told.reports()
    assert overdue(told.incident, told.now + timedelta(seconds=200)) == []
    (sentence,) = overdue(told.incident, told.now + timedelta(seconds=220))
    assert "should have gone on at 22:33:30 UTC" in sentence
    told.wait(1000)
    assert "seconds late" in late(told.facts, told.now)[0]
