"""Planned posts come few a day and hours apart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.plans.pace import APART, DAY_MAX, WEEK, WEEK_MAX, too_fast
from tests import builders, planned
from tests.builders import WRITER
from tests.planned import AT

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 1, 19, tzinfo=UTC)
MINUTES = st.integers(0, 28 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(st.lists(MINUTES, max_size=60))
def test_posts_that_keep_the_pace_are_never_too_many_nor_too_near(times: list[datetime]) -> None:
    """However many people want to plan, in whatever order."""
    kept: list[datetime] = []
    for one in times:
        if not [*too_fast(one, kept, zone=LONDON)]:
            kept.append(one)
    kept.sort()
    assert all(later - one >= APART for one, later in pairwise(kept))
    days = [one.astimezone(LONDON).date() for one in kept]
    assert all(days.count(day) <= DAY_MAX for day in days)
    assert all(sum(1 for one in kept if abs(one - middle) < WEEK / 2) <= WEEK_MAX for middle in kept[:1])


def test_a_post_too_near_to_another_is_refused_unless_a_person_says_so() -> None:
    """The order says when the others are, so that it can be judged again years later."""
    near = planned.post(beside=(AT + timedelta(minutes=30),))
    refused, _ = planned.given(planned.untouched(), near, by=WRITER)
    assert "leave 2 hours between them" in builders.reasons(list(refused))
    bodies, _ = planned.given(planned.untouched(), near.model_copy(update={"despite_pace": True}), by=WRITER)
    assert builders.kinds(bodies) == ["post_drafted"]
