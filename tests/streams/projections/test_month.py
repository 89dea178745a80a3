"""The report of a month: every figure of an invented month, counted by hand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from agents.runtime.views.console_words import LANGUAGES, console_says
from streams.decisions.desk.judge import judge
from streams.projections.drill_scores import DrillScore
from streams.projections.month import ChannelMonth, Delays, FirstWord, HashtagUse, MonthReport, month_report
from streams.subjects.case import Case
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.telling.briefing.letter import said
from streams.telling.briefing.month_sections import MONTH_SECTIONS
from streams.values import LIVE, Purpose, Subject, SubjectKind
from streams.words.cases import AnswerCase, CaseSort, CloseCase, Nature, OpenCase
from streams.words.delivery import SETTLED, DeliveryConfirmed
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.orders import CommandBody
from streams.words.release import SignOff
from tests import builders
from tests.builders import COMMANDER, NOW, SIGNER, WRITER

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
"""An incident is declared on 14 January at 22:31, which is `NOW`."""
CASE = Subject(kind=SubjectKind.CASE, id="case-1")
LATE_CASE = Subject(kind=SubjectKind.CASE, id="case-2")


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


class Kept:
    """A subject's facts while orders are given to it."""

    def __init__(self, state: Incident | Case) -> None:
        self.state, self.facts = state, list[Fact]()

    def give(self, body: CommandBody, *, minutes: float, by: str = COMMANDER) -> None:
        order = builders.order(body, self.state, by, now=after(minutes))
        facts, self.state = judge(order, run="run-1", register_version="v")  # type: ignore[assignment] # it is one of the two
        assert facts
        assert facts[0].body.kind != "command_refused", facts[0].body
        self.facts += facts

    def public(self, *, minutes: float) -> None:
        """All that was asked for is public everywhere."""
        assert isinstance(self.state, Incident)
        waiting = [one.id for one in self.state.deliveries.values() if one.state not in SETTLED]
        bodies = [DeliveryConfirmed(delivery_id=name) for name in waiting]
        found = builders.facts_of(self.state, bodies, at=after(minutes))
        self.facts += found
        self.state = fold_all(self.state, found)


def incident() -> Kept:
    """First word after 4 minutes, a promise that was broken, a correction after 30, a line whose yes took 7."""
    night = Kept(Incident(id="inc-1", mode=LIVE))
    night.give(builders.declaration(), minutes=0)
    night.give(builders.holding(next_update_at=after(20)), minutes=3)
    night.public(minutes=4)
    (first,) = night.state.messages  # type: ignore[union-attr] # it is an incident
    night.give(
        builders.holding(slots={"time": "22:40"}, purpose=Purpose.CORRECTION, follows=first, next_update_at=None),
        minutes=33,
    )
    night.public(minutes=34)
    night.give(builders.line(), minutes=40, by=WRITER)
    (draft,) = night.state.drafts.values()  # type: ignore[union-attr] # as above
    night.give(SignOff(message_id=draft.id, content_hash=draft.content_hash), minutes=47, by=SIGNER)
    night.public(minutes=48)
    return night


def case(about: Subject, sort: CaseSort, *, answered: float | None) -> Kept:
    one = Kept(Case(id=about.id, mode=LIVE))
    one.give(OpenCase(sort=sort, about="The car park", answer_by=after(60)), minutes=0)
    if answered is not None:
        one.give(AnswerCase(done="They were told"), minutes=answered)
        one.give(CloseCase(reason="They are content", nature=Nature.PLACE), minutes=answered + 1)
    return one


def month(*, since: datetime = SINCE, until: datetime = UNTIL, now: datetime = UNTIL) -> MonthReport:
    chains = {
        Subject.incident("inc-1"): incident().facts,
        CASE: case(CASE, CaseSort.COMPLAINT, answered=50).facts,
        LATE_CASE: case(LATE_CASE, CaseSort.MEDIA_ENQUIRY, answered=None).facts,
    }
    return month_report(chains, mode=LIVE, since=since, until=until, now=now)


def test_what_became_public_is_counted_by_channel() -> None:
    assert dict(month().channels) == {
        "social": ChannelMonth(own=2, mending=1),
        "website": ChannelMonth(own=2, mending=1),
    }


def test_the_delays_are_those_counted_by_hand() -> None:
    report = month()
    assert report.first_words == (
        FirstWord(incident="inc-1", name="Ashby coach crash", declared_at=NOW, first_word_seconds=240),
    )
    assert report.sign_offs == Delays(count=1, median_seconds=420, longest_seconds=420)
    assert report.corrections == Delays(count=1, median_seconds=1800, longest_seconds=1800)


def test_a_promise_whose_word_came_late_is_broken_and_one_without_a_word_is_late() -> None:
    assert dict(month().promises) == {"broken": 1, "overdue": 1}


def test_cases_are_counted_by_sort_and_the_one_that_nobody_answered_is_late() -> None:
    report = month()
    complaint, media = report.cases[CaseSort.COMPLAINT], report.cases[CaseSort.MEDIA_ENQUIRY]
    assert (complaint.opened, complaint.answered, complaint.late) == (1, 1, 0)
    assert complaint.answers == Delays(count=1, median_seconds=3000, longest_seconds=3000)
    assert (media.opened, media.answered, media.late, media.open) == (1, 0, 1, 1)
    assert dict(report.complaints) == {Nature.PLACE: 1}


def test_the_hashtag_of_the_incident_is_known_from_the_start() -> None:
    (use,) = month().hashtags
    assert use == HashtagUse(incident="inc-1", name=use.name, hashtag="#AshbyCrash", messages=3, from_the_start=True)


def test_a_month_in_which_it_ended_has_no_beginning_of_it_and_one_before_has_nothing() -> None:
    """The promise fell due before 22:55, by when a correction had not kept it; what came then is the later part's."""
    split = after(35)
    earlier, later = month(until=split, now=split), month(since=split)
    assert (dict(earlier.promises), dict(later.promises)) == ({"overdue": 1}, {"overdue": 1})
    assert [one.own for one in earlier.channels.values()] == [1, 1]
    assert [one.own for one in later.channels.values()] == [1, 1]
    assert (earlier.corrections.count, later.corrections.count) == (1, 0)
    assert (len(earlier.first_words), len(later.first_words)) == (1, 0)
    assert (earlier.sign_offs.count, later.sign_offs.count) == (0, 1)
    empty = month_report({}, mode=LIVE, since=SINCE, until=UNTIL, now=UNTIL)
    assert empty.channels == {}
    assert empty.readers is None


def test_the_scores_of_exercises_stand_beside_those_of_the_time_before() -> None:
    """Those of the month, in their order; they change nothing else of the report."""

    def score(title: str, day: int, held: int, **more: int) -> DrillScore:
        at = SINCE.replace(day=day)
        return DrillScore(title=title, played_at=at, passed=held == 5, expected=5, held=held, **more)

    first, other = score("Coach crash", 3, 3, cases=4, in_time=2), score("Silent night", 4, 5, first_word_seconds=95)
    again = score("Coach crash", 20, 5, first_word_seconds=61)
    before = first.model_copy(update={"played_at": SINCE - timedelta(days=3), "held": 1})
    later = first.model_copy(update={"played_at": UNTIL})
    scores = [again, before, later, other, first]
    report = month_report({}, mode=LIVE, since=SINCE, until=UNTIL, now=UNTIL, scores=scores)
    assert [(one.score, one.before) for one in report.scores] == [(first, before), (other, None), (again, first)]
    assert report.drills == ()
    told = [*MONTH_SECTIONS["drills"](report)]
    assert [one.name for one in told] == [
        *("month-score", "month-score-silent", "month-score-cases", "month-score-before"),
        *("month-score", "month-score-word"),
        *("month-score", "month-score-word", "month-score-before"),
    ]
    assert [one.urgent for one in told if one.name == "month-score"] == [True, False, False]
    for language in LANGUAGES:
        lines = [said(one, console_says(language, is_live=True), zone=UTC, now=UNTIL) for one in told]
        assert not [line for line in lines if "{" in line]
        assert "Coach crash" in lines[0]


def test_an_incident_that_is_over_closes_its_promise() -> None:
    night = Kept(Incident(id="inc-1", mode=LIVE))
    night.give(builders.declaration(), minutes=0)
    night.give(builders.holding(next_update_at=after(50)), minutes=3)
    night.public(minutes=4)
    night.give(StandDown(reason="it is over"), minutes=10)
    report = month_report({Subject.incident("inc-1"): night.facts}, mode=LIVE, since=SINCE, until=UNTIL, now=UNTIL)
    assert dict(report.promises) == {"closed": 1}
    assert all(later.at >= earlier.at for earlier, later in pairwise(night.facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_told_in_this_language(language: str) -> None:
    says, report = console_says(language, is_live=True), month()
    for name, section in MONTH_SECTIONS.items():
        assert says(f"month-{name}")
        told = [said(one, says, zone=UTC, now=UNTIL + timedelta(days=1)) for one in section(report)]
        assert all(told)
        assert not any("{" in one for one in told)
    (spoken,) = [one for one in MONTH_SECTIONS["speed"](report) if one.name == "month-first-word"]
    assert (spoken.gaps["minutes"], spoken.gaps["seconds"]) == (4, 0)
