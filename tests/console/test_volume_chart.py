"""The picture of the volume: bars in proportion, the line of what is usual, and marks where something happened."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from agents.console.pages.overviews.volume_chart import FOOT, HEAD, HEIGHT, WIDTH, volume_chart
from streams.telling.briefing.volume import QUARTER, QuarterHeard, VolumeMark
from tests.examples import NOW

MARKS = st.lists(
    st.builds(VolumeMark, st.sampled_from(["surge", "release", "correction"]), st.just(NOW), st.integers(0, 99))
)
QUARTERS = st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 10**4), MARKS), min_size=1, max_size=96).map(
    lambda found: [QuarterHeard(NOW + QUARTER * n, *one) for n, one in enumerate(found)]
)


@given(QUARTERS)
def test_bars_stay_within_their_drawing_and_in_proportion(quarters: list[QuarterHeard]) -> None:
    chart = volume_chart(quarters)
    assert [one.quarter for one in chart.bars] == quarters
    for one in chart.bars:
        assert one.x >= 0
        assert one.x + one.width <= WIDTH + 0.1
        assert HEAD - 0.1 <= one.y <= HEIGHT - FOOT
        assert HEAD - 0.1 <= one.line_y <= HEIGHT - FOOT
        assert abs(one.y + one.height - (HEIGHT - FOOT)) < 0.1
        for other in chart.bars:
            assert one.quarter.people <= other.quarter.people or one.height >= other.height


@given(QUARTERS)
def test_no_mark_hides_another_or_leaves_the_drawing(quarters: list[QuarterHeard]) -> None:
    chart = volume_chart(quarters)
    assert {(one.mark.sort, one.x) for one in chart.marks} == {
        (mark.sort, place.x) for place in chart.marks for mark in [place.mark]
    }
    assert sum(len({mark.sort for mark in one.marks}) for one in quarters) == len(chart.marks)
    assert all(0 <= one.x <= WIDTH and 0 <= one.y <= HEAD for one in chart.marks)
    for one in chart.marks:
        same = [other for other in chart.marks if other.x == one.x and other.mark.sort != one.mark.sort]
        assert all(other.y != one.y for other in same)


def test_a_day_of_quarters_has_at_most_five_times_beneath_it() -> None:
    chart = volume_chart([QuarterHeard(NOW + timedelta(minutes=15 * n), n, 3.0) for n in range(96)])
    assert len(chart.ticks) <= 5
    assert chart.most.people == 95
