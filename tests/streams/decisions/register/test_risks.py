"""What the risk register lacks; and none of it keeps a first word back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.register.risks import (
    channels_without_risk,
    extreme,
    graver_first,
    is_activity_assessed,
    late_reviews,
    safeguards_off,
)
from streams.subjects.attention import waiting
from streams.telling.attention import told_attention, told_content
from streams.words.attention import PAGES, AttentionRule, CaseRule
from streams.words.register.entries import Register
from streams.words.risks.entries import OFF, Band, Mitigation, Rating, Risk, Safeguard
from streams.words.risks.noted import NoteRisks
from tests import builders, changing
from tests.builders import NOW
from tests.changing import NOBODY, answered, given

FILES = changing.register()
REVIEW = date(2026, 5, 1)
BANDS = {
    Band.LOW: {1, 2, 3},
    Band.MODERATE: {4, 5, 6},
    Band.HIGH: {8, 9, 10, 12},
    Band.EXTREME: {15, 16, 20, 25},
}


def risk(name: str, after: int, **changes: Any) -> Risk:
    rating = Rating(likelihood=after, impact=after)
    given = {"what": {"en": "It happens."}, "before": rating, "after": rating, "owner": "chief", "review_on": REVIEW}
    return Risk(**{"id": name, **given, **changes})


def register(*risks: Risk) -> Register:
    return builders.register(risks={one.id: one for one in risks})


@pytest.mark.parametrize("band", Band)
def test_each_score_has_the_band_of_the_nhs_risk_matrix(band: Band) -> None:
    figures = range(1, 6)
    ratings = [Rating(likelihood=one, impact=other) for one in figures for other in figures]
    assert {one.score for one in ratings if one.band is band} == BANDS[band]


def test_every_channel_that_no_risk_names_is_unassessed() -> None:
    first, *others = builders.register().channels
    assert [*channels_without_risk(register())] == [first, *others]
    known = register(risk("one", 1, channels=(first,)))
    assert [*channels_without_risk(known)] == others
    assert not is_activity_assessed(known)
    assert is_activity_assessed(register(risk("one", 1)))


def test_a_review_is_overdue_from_the_day_after_its_day_on() -> None:
    known = register(risk("one", 1))
    assert not late_reviews(known, REVIEW)
    assert [one.id for one in late_reviews(known, date(2026, 5, 2))] == ["one"]


def test_the_grave_risks_come_first_and_the_extreme_ones_are_named() -> None:
    known = register(risk("small", 1), risk("grave", 5), risk("middle", 3))
    assert [one.id for one in graver_first(known)] == ["grave", "middle", "small"]
    assert [one.id for one in extreme(known)] == ["grave"]


def test_a_safeguard_that_the_register_leaves_off_is_named_where_a_risk_counts_on_it() -> None:
    """Every one of which that can be told has a sentence that says where it is switched on."""
    counted = [Mitigation(does={"en": "It is done."}, safeguard=one) for one in Safeguard]
    known = register(risk("all", 3, mitigations=tuple(counted)))
    assert not {Safeguard.MENDING, Safeguard.CASES, Safeguard.STORIES} & {*safeguards_off(known)}
    never = {sort: CaseRule(id=sort, pages="never") for sort in ("threat", "complaint")}
    quiet = {"story": AttentionRule(id="story", pages="never")}
    off = known.model_copy(update={"people": {}, "cases": never, "attention": quiet})
    assert {*safeguards_off(off)} == {*OFF}
    assert safeguards_off(off.model_copy(update={"risks": register(risk("none", 3)).risks})) == []
    only_complaints = off.model_copy(update={"cases": {"complaint": never["complaint"]}})
    assert Safeguard.CASES not in safeguards_off(only_complaints)


def test_a_first_word_goes_out_whatever_the_risk_register_lacks() -> None:
    """An overdue review, an account without an assessment, and a risk that stays extreme keep nothing back."""
    grave = register(risk("grave", 5, review_on=date(2020, 1, 1)))
    assert [*channels_without_risk(grave)]
    given = builders.order(builders.holding(), builders.declared(), register=grave)
    assert "message_authorised" in builders.kinds(answer(given))


def test_overdue_reviews_wait_in_the_log_until_somebody_looked() -> None:
    """Each with the day since which it waits; the same again is no news, and they page nobody."""
    late = {"grave": REVIEW, "small": date(2026, 5, 2)}
    log = given(NOBODY, NoteRisks(late=late), FILES, by="clock")
    found = [*waiting(log, NOW)]
    assert [(one.kind, one.what, one.until) for one in found] == [
        ("risk", "grave", datetime(2026, 5, 1, tzinfo=UTC)),
        ("risk", "small", datetime(2026, 5, 2, tzinfo=UTC)),
    ]
    assert "the review of risk grave is OVERDUE" in told_attention(found[0], zone=UTC)
    assert [*told_content(found[0], log, zone=UTC)] == ["it was to be reviewed by 01 May 2026; no release waits for it"]
    assert PAGES["risk"] == "never"
    assert answered(log, NoteRisks(late=late), FILES, by="clock") == []
    looked = given(log, NoteRisks(late={"small": late["small"]}), FILES, by="clock")
    assert [(one.what, one.time) for one in waiting(looked, NOW)] == [("small", found[1].time)], "it waits as before"
    assert [*waiting(given(looked, NoteRisks(), FILES, by="clock"), NOW)] == []
