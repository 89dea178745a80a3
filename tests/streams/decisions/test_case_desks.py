"""Who has a case that a machine opened, by when it is answered, whom it pages; suspected hate and its ordered chain."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.decisions.authority.working_hours import in_hours
from streams.decisions.cases.desks import after_hours, has_it
from streams.decisions.desk.judge import judge
from streams.projections.case_list import by_clock, counted, offered
from streams.projections.inbox import inbox
from streams.subjects.attention import waiting
from streams.subjects.case import Case, CaseStatus
from streams.values import LIVE, Power
from streams.words.attention import CASES, Addressed, CaseRule
from streams.words.cases import (
    AcknowledgeCase,
    AskPolice,
    CaseSort,
    CloseCase,
    Nature,
    OpenCase,
    ReportToPolice,
    SuspectHate,
)
from streams.words.orders import CommandBody, Tick
from streams.words.register.entries import AnswerUse, Register
from streams.words.sign_off import Acknowledge, PersonPaged, RecordPage, SearchEnded, SignOffSought
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, OFFICER, SIGNER, WRITER
from tests.searches import chain, reachable

MACHINE = "mentions-agent"
FOUND = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="A post asks about visiting.", by_rule="press", words=("deadline",))
PEOPLE = {name: reachable(one) for name, one in builders.people().items()}
DIRECTORS = {COMMANDER: reachable(builders.person(COMMANDER, Power.REPORT_TO_POLICE)), NURSE: PEOPLE[NURSE]}
POLICE = chain(COMMANDER, id="hate", title="To the police", power=Power.REPORT_TO_POLICE, ordered=True)
RULES: tuple[CaseRule, ...] = (
    CaseRule(id="media-enquiry", person=WRITER, answer_minutes=30),
    CaseRule(id="hate-crime", person=NURSE, answer_minutes=15),
)
NEW = Case(id="case-1", mode=LIVE)


def register(**changes: Any) -> Register:
    plain = {
        "people": {**PEOPLE, **DIRECTORS},
        "chains": {"lines": chain(OFFICER), POLICE.id: POLICE},
        "cases": {one.id: one for one in RULES},
    }
    return builders.register(**{**plain, **changes})


def found(**changes: Any) -> Case:
    return builders.carried_out(NEW, FOUND.model_copy(update=changes), by=MACHINE, register=register())


def judged(body: CommandBody, case: Case, by: str, *, at: datetime = NOW) -> tuple[Sequence[Any], Case]:
    order = builders.order(body, case, by, register=register(), now=at, id=f"cmd-{case.sequence}-{body.kind}")
    facts, after = judge(order, run="run-1", register_version="v1")
    assert isinstance(after, Case)
    return [fact.body for fact in facts], after


def test_every_sort_has_a_rule_under_the_same_name() -> None:
    assert {*get_args(Addressed)} == {*CASES} == {one.value for one in CaseSort}


def test_a_case_that_a_machine_opens_is_at_its_desk_until_a_person_takes_it() -> None:
    case = found()
    assert case.holder is None
    assert case.answer_by == NOW + timedelta(minutes=30)
    assert has_it(case, register(), now=NOW) == [WRITER]
    assert [one.kind for one in waiting(case, NOW)] == ["untaken"]
    assert [one.kind for one in inbox(WRITER, case, register=register(), now=NOW)] == ["untaken"]
    assert [*inbox(OFFICER, case, register=register(), now=NOW)] == []
    taken = builders.carried_out(case, AcknowledgeCase(), by=OFFICER, register=register())
    assert (taken.holder, taken.status) == (OFFICER, "checking")
    assert [*waiting(taken, NOW)] == []


def test_the_desk_is_paged_at_once_and_who_takes_the_page_on_has_the_case() -> None:
    (begun, paged), case = judged(Tick(), found(), "clock")
    assert isinstance(begun, SignOffSought)
    assert isinstance(paged, PersonPaged)
    assert paged.call.person == WRITER
    assert "cases case-1" in paged.call.text
    assert "holdingline acknowledge case/case-1" in paged.call.text
    sent = RecordPage(search_id=begun.search_id, number=paged.number, outcome="sent", words="sent")
    _, case = judged(sent, case, "escalation-agent")
    (ended, told), case = judged(Acknowledge(search_id=begun.search_id), case, WRITER)
    assert (ended.outcome, told.call.person, case.holder) == ("answered", WRITER, WRITER)
    assert judged(Tick(), case, "clock")[0] == []


def test_an_answer_that_is_late_pages_its_holder_first() -> None:
    taken = builders.carried_out(found(), AcknowledgeCase(), by=OFFICER, register=register())
    late = NOW + timedelta(minutes=31)
    (begun, paged), _ = judged(Tick(), taken, "clock", at=late)
    assert (begun.concern.about, paged.call.person) == ("case", OFFICER)


@settings(max_examples=30)
@given(st.integers(0, 500 * 24 * 60), st.integers(1, 10 * 60))
def test_working_minutes_pass_in_the_trusts_hours_alone(later: int, minutes: int) -> None:
    """The answer is due in the hours, and no working minute more than it was given lies before it."""
    hours = register().hours
    at = NOW + timedelta(minutes=later)
    due = after_hours(at, timedelta(minutes=minutes), hours=hours)
    passed = sum(in_hours(at + timedelta(minutes=one), hours) for one in range(int((due - at).total_seconds() // 60)))
    assert passed == minutes


def test_suspected_hate_is_with_the_named_person_whoever_had_it() -> None:
    taken = builders.carried_out(found(), AcknowledgeCase(), by=OFFICER, register=register())
    case = builders.carried_out(taken, SuspectHate(reason="it names a group"), by=OFFICER, register=register())
    assert (case.sort, case.holder, has_it(case, register(), now=NOW)) == ("hate-crime", None, [NURSE])
    (_, paged), _ = judged(Tick(), case, "clock")
    assert paged.call.person == NURSE


def test_the_ordered_chain_decides_whether_it_is_reported_and_no_one_else() -> None:
    case = builders.carried_out(found(), SuspectHate(reason="it names a group"), by=OFFICER, register=register())
    (sought, paged, *_), case = judged(AskPolice(), case, NURSE)
    assert (sought.matter is not None, paged.call.person) == (True, COMMANDER)
    assert "holdingline report-to-police case-1" in paged.call.text
    assert [one.kind for one in inbox(COMMANDER, case, register=register(), now=NOW)] == ["matter"]
    (refused,), _ = judged(ReportToPolice(), case, SIGNER)
    assert refused.kind == "command_refused"
    facts, case = judged(ReportToPolice(), case, COMMANDER)
    ends = [one for one in facts if isinstance(one, SearchEnded)]
    assert [(one.outcome, one.person) for one in ends] == [("answered", COMMANDER)]
    assert case.holder is None, "the yes of a director leaves the case at its desk"


def answers(says: str, *sorts: str, name: str, hazards: Sequence[str] = ("visiting",)) -> Any:
    use = AnswerUse.model_validate({"says": says, "sorts": sorts})
    return builders.approved(builders.template(id=name, answers=use, hazards=tuple(hazards), slots={}))


TEMPLATES = {
    one.id: one
    for one in (
        answers("checking", "media-enquiry", name="checking"),
        answers("answer", name="visiting"),
        answers("answer", name="parking", hazards=("parking",)),
        answers("where-to-turn", "complaint", name="turn"),
        answers("out-of-hours", name="hours"),
        answers("signpost", "call-for-help", name="signpost"),
    )
}


def test_the_nearest_approved_answers_are_offered_first_that_we_are_checking_to_who_is_answered_at_all_hours() -> None:
    """A newsroom that asks at night is answered at night: when we look at our accounts is told first to no such one."""
    told = register(templates=TEMPLATES)
    assert [one.id for one in offered(found(), told, now=NOW)] == ["checking", "hours", "visiting"]
    waits = CaseRule(id="media-enquiry", answer_minutes=30, counts="in-hours")
    in_hours = register(templates=TEMPLATES, cases={"media-enquiry": waits})
    assert [one.id for one in offered(found(), in_hours, now=NOW)] == ["hours", "checking", "visiting"]
    noon = NOW.replace(hour=12)
    assert [one.id for one in offered(found(), told, now=noon)] == ["checking", "visiting"]
    unapproved = {name: one.model_copy(update={"approval": None}) for name, one in TEMPLATES.items()}
    assert offered(found(), register(templates=unapproved), now=NOW) == []


def test_who_calls_for_help_at_night_is_told_first_where_it_is_to_be_had() -> None:
    told = register(templates=TEMPLATES)
    assert [one.id for one in offered(found(sort=CaseSort.CALL_FOR_HELP), told, now=NOW)][:2] == ["signpost", "hours"]


@pytest.mark.parametrize("sort", [CaseSort.COMPLAINT, CaseSort.ABUSE, CaseSort.THREAT, CaseSort.HATE_CRIME])
def test_a_complaint_is_offered_where_to_turn_alone_and_what_is_hostile_nothing(sort: CaseSort) -> None:
    shown = [one.id for one in offered(found(sort=sort), register(templates=TEMPLATES), now=NOW)]
    assert shown == (["turn"] if sort is CaseSort.COMPLAINT else [])


def test_no_answer_goes_out_on_a_channel() -> None:
    assert register(templates=TEMPLATES).messages == {}


def test_the_list_has_what_is_due_first_on_top_and_what_is_answered_last() -> None:
    late = found().model_copy(update={"id": "late", "answer_by": NOW - timedelta(minutes=5)})
    done = found().model_copy(
        update={"id": "done", "status": CaseStatus.ANSWERED, "answer_by": NOW - timedelta(hours=1)}
    )
    assert [one.id for one in by_clock([done, found(), late])] == ["late", "case-1", "done"]
    assert by_clock([found()], sort=CaseSort.THREAT) == []


def test_complaints_are_counted_by_nature_as_they_are_closed() -> None:
    """Every nature is named, so that none looks left out; what was closed before or after does not count."""
    case = found(sort=CaseSort.COMPLAINT)
    order = builders.order(CloseCase(reason="Done.", nature=Nature.WAITING), case, OFFICER, register=register())
    facts, _ = judge(order, run="run-1", register_version="v1")
    day = timedelta(days=1)
    seen = counted(facts, since=NOW - day, until=NOW + day)
    assert {*seen} == {*Nature}
    assert {nature: count for nature, count in seen.items() if count} == {Nature.WAITING: 1}
    assert not any(counted(facts, since=NOW + day, until=NOW + 2 * day).values())
