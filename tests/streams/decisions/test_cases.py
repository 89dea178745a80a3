"""A case moves as the list here says, and lives on after the incident that it came from."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.advice import CASE_ADVICE
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import ORDERS, answer
from streams.subjects.case import Case, CaseStatus
from streams.subjects.fold import begun
from streams.subjects.incident import Status
from streams.telling.cases import case_line
from streams.telling.facts import told
from streams.values import LIVE, Power, Subject, SubjectKind
from streams.words.cases import (
    AcknowledgeCase,
    AnswerCase,
    AskPolice,
    CaseSort,
    CloseCase,
    Criterion,
    Effect,
    EnquiryFrom,
    GatherMore,
    HandOnCase,
    ModerateCase,
    NoteEnquiry,
    OpenCase,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
    Treatment,
)
from streams.words.incident import Cancel, StandDown
from streams.words.orders import CommandBody, Tick
from tests import builders
from tests.builders import COMMANDER, NOW, OFFICER, WRITER
from tests.searches import chain

SUBJECT = Subject(kind=SubjectKind.CASE, id="paper-1")
NONE, OPEN, HANDED_ON, CHECKING, ANSWERED, CLOSED = CaseStatus
STILL_OPEN = (OPEN, HANDED_ON, CHECKING, ANSWERED)
MOVES: Mapping[tuple[CaseStatus, str], CaseStatus] = {
    (NONE, "open_case"): OPEN,
    **{(status, "gather_more"): status for status in (OPEN, HANDED_ON, CHECKING)},
    **{(status, "gather_more"): OPEN for status in (ANSWERED, CLOSED)},
    (OPEN, "hand_on_case"): HANDED_ON,
    (HANDED_ON, "hand_on_case"): HANDED_ON,
    (CHECKING, "hand_on_case"): CHECKING,
    **{(status, "acknowledge_case"): CHECKING for status in (OPEN, HANDED_ON, CHECKING)},
    **{(status, "note_enquiry"): status for status in STILL_OPEN},
    **{(status, "answer_case"): ANSWERED for status in (OPEN, HANDED_ON, CHECKING)},
    **{(status, "moderate_case"): status for status in STILL_OPEN},
    **{(status, "suspect_hate"): OPEN for status in STILL_OPEN},
    **{(status, "ask_police"): status for status in STILL_OPEN},
    **{(status, "report_to_police"): status for status in STILL_OPEN},
    (CLOSED, "release_case_evidence"): CLOSED,
    **{(status, "close_case"): CLOSED for status in STILL_OPEN},
}
"""Every move of a case, written down a second time: what the table of orders is held against."""
TO_POLICE = chain(COMMANDER, id="hate-crime", title="Report to the police", power=Power.REPORT_TO_POLICE, ordered=True)
POLICE = builders.register(
    people={**builders.people(), COMMANDER: builders.person(COMMANDER, Power.REPORT_TO_POLICE)},
    chains={TO_POLICE.id: TO_POLICE},
)
OPENED = OpenCase(
    sort=CaseSort.MEDIA_ENQUIRY,
    about="A paper asks how long the road is shut.",
    incident=builders.INCIDENT,
    answer_by=NOW + timedelta(hours=1),
)
STEPS: tuple[CommandBody, ...] = (
    HandOnCase(to=WRITER, reason="on call for the press"),
    AcknowledgeCase(answer_by=NOW + timedelta(hours=2), said="checking"),
    NoteEnquiry(first_contact=True, asker=EnquiryFrom.LOCAL, effect=Effect.STOPS),
    AnswerCase(done="sent the link to the page"),
    CloseCase(reason="answered"),
)
OF_HATE: tuple[CommandBody, ...] = (
    ModerateCase(criterion=Criterion.OFFENSIVE, treatment=Treatment.HIDE),
    SuspectHate(reason="it names a group"),
    AskPolice(),
    ReportToPolice(),
    ReleaseCaseEvidence(reason="the police have it"),
)
GIVEN: Mapping[str, CommandBody] = {one.kind: one for one in (OPENED, GatherMore(gathered=2), *STEPS, *OF_HATE)}


def untouched() -> Case:
    case = begun(SUBJECT, LIVE)
    assert isinstance(case, Case)
    return case


def in_status(status: CaseStatus) -> Case:
    return builders.carried_out(untouched(), OPENED).model_copy(update={"status": status})


def sorted_for(case: Case, kind: str) -> Case:
    """The case as an order of this kind can be about it, its status apart."""
    hostile = {
        "moderate_case": CaseSort.ABUSE,
        "ask_police": CaseSort.HATE_CRIME,
        "report_to_police": CaseSort.HATE_CRIME,
    }
    fit = case.model_copy(update={"sort": hostile.get(kind, case.sort), "suspected": kind == "release_case_evidence"})
    if kind != "report_to_police":
        return fit
    asked = builders.carried_out(fit.model_copy(update={"status": OPEN}), AskPolice(), by=WRITER, register=POLICE)
    return asked.model_copy(update={"status": case.status})


def test_there_is_an_order_of_every_kind_here() -> None:
    of_cases = [kind.body.model_fields["kind"].default for kind in ORDERS.values() if kind.about is SubjectKind.CASE]
    assert sorted(of_cases) == sorted(GIVEN)


@pytest.mark.parametrize(("status", "kind"), list(product(CaseStatus, GIVEN)))
def test_a_case_moves_exactly_as_it_is_written_down_here(status: CaseStatus, kind: str) -> None:
    case = sorted_for(in_status(status), kind)
    order = builders.order(GIVEN[kind], case, id="cmd-now", register=POLICE)
    bodies = answer(order)
    after = builders.after(case, bodies, order.command).status
    if (status, kind) in MOVES:
        assert "command_refused" not in builders.kinds(bodies)
        assert after is MOVES[status, kind]
    else:
        assert CASE_ADVICE[status] in builders.reasons(bodies)
        assert after is status


def test_a_case_knows_what_it_is_about_and_who_has_it() -> None:
    case = builders.carried_out(untouched(), OPENED, by=OFFICER)
    assert (case.about, case.holder, case.incident) == (OPENED.about, OFFICER, builders.INCIDENT)
    case = builders.carried_out(case, STEPS[0])
    assert case.holder == WRITER
    assert WRITER in case_line(case, zone=UTC)
    assert OPENED.about in case_line(case, zone=UTC)


@given(st.lists(st.sampled_from(STEPS), max_size=4), st.sampled_from([StandDown, Cancel]), st.integers(0, 4))
def test_a_case_outlives_its_incident(steps: list[CommandBody], end: type[StandDown | Cancel], when: int) -> None:
    """Whenever the incident ends, each order about the case has the answer that it would have had without the end."""
    incident = builders.declared()
    case = alone = builders.carried_out(untouched(), OPENED)
    for number, step in enumerate(steps):
        if number == when:
            incident = builders.carried_out(incident, end(reason="over"))
            assert incident.status is not Status.DECLARED
        alone = builders.carried_out(alone, step)
        case = builders.carried_out(case, step)
    assert case == alone
    assert case.incident == incident.id


def test_time_that_passes_changes_no_case() -> None:
    case = in_status(OPEN)
    facts, after = judge(builders.order(Tick(), case, by="clock"), run="run-1", register_version="v1")
    assert (list(facts), after) == ([], case)


def test_each_fact_of_a_case_is_told_in_a_sentence() -> None:
    case, lines = untouched(), []
    for body in (OPENED, *STEPS):
        (fact,) = answer(builders.order(body, case))
        lines.append(told(fact))
        case = builders.carried_out(case, body, by=COMMANDER)
    assert lines[0].startswith("media-enquiry opened, from incident inc-1, to be answered by")
    assert lines[1:] == [
        f"case handed on to {WRITER}: on call for the press",
        "first answer given with checking: we are checking; the next one is due by 15 Jan 2026 00:31 UTC",
        "media enquiry: local-media, first contact; a quick answer would stop it",
        "case answered: sent the link to the page",
        "case closed: answered",
    ]
