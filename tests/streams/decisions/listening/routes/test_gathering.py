"""How many cases posts become: bounded, the same however they are cut, and none is lost without being said."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.routes.gathering import (
    BOUNDS,
    CASES_MAX,
    HOUR,
    HOURS_KEPT,
    QUARTER,
    Found,
    More,
    Opened,
    RoutesHeard,
    gather,
    is_case,
)
from streams.words.cases import CaseSort
from streams.words.posts import Routed


def routed(number: int, sort: CaseSort, *, heard: int, person: int) -> Routed:
    return Routed(heard, sort, "rule", ("word",), addressed=True, post=number, person=person, name=f"p-{number}")


HELP, THREAT, ABUSE = CaseSort.CALL_FOR_HELP, CaseSort.THREAT, CaseSort.ABUSE
POSTS = st.lists(
    st.builds(
        lambda heard, sort, number, person: routed(number, sort, heard=heard, person=person),
        st.integers(0, 3 * HOUR),
        st.sampled_from(CaseSort),
        st.integers(1, 40),
        st.integers(1, 12),
    ),
    max_size=120,
)


def posts(sort: CaseSort, count: int, *, first: int = 1, at: int = 1_000, person: int | None = None) -> list[Routed]:
    numbers = range(first, first + count)
    return [routed(one, sort, heard=at, person=person or one) for one in numbers]


def heard(*given: Routed, before: RoutesHeard | None = None) -> tuple[RoutesHeard, list[Found]]:
    return gather(before or RoutesHeard(), given, mode="live", about="watch/trust", firsts={})


def opened(found: Sequence[Found]) -> list[Opened]:
    return [one for one in found if isinstance(one, Opened)]


def test_the_third_call_for_help_in_a_quarter_of_an_hour_begins_to_gather() -> None:
    """Two are cases of their own; all others are one case, with their number."""
    _, found = heard(*posts(HELP, 40))
    assert [one.takes_all for one in opened(found)] == [False, False, True]
    last = opened(found)[-1].case_id
    assert {one.case_id for one in found if isinstance(one, More)} == {last}
    assert [one.gathered for one in found if isinstance(one, More) and one.gathered] == [2, 4, 8, 16, 32]


def test_calls_for_help_that_come_far_apart_stay_single() -> None:
    """Nothing is gathered on a quiet day."""
    _, found = heard(*(posts(HELP, 1, first=one, at=one * QUARTER)[0] for one in range(1, 9)))
    assert [one.takes_all for one in opened(found)] == [False] * 8


def test_threats_stay_single_until_nobody_could_read_them_all() -> None:
    """Then the rest is one case."""
    _, found = heard(*posts(THREAT, 500))
    cases = opened(found)
    assert len(cases) == BOUNDS[THREAT].single + 1
    assert [one.takes_all for one in cases].count(True) == 1


def test_one_person_is_one_case() -> None:
    """However often they write; of the posts the first three are kept."""
    _, found = heard(*posts(THREAT, 1_000, person=7))
    assert len(opened(found)) == 1
    assert sum(one.keep for one in found if isinstance(one, More)) == 2


def test_the_same_post_again_is_nothing_new() -> None:
    """A feed that tells it twice, or somebody who passes it on."""
    first = posts(THREAT, 1)
    assert len(heard(*first, *first)[1]) == 1


def test_a_number_is_said_again_after_a_quarter_of_an_hour() -> None:
    """Also while it grows slowly."""
    before, _ = heard(*posts(HELP, 10))
    _, found = heard(*posts(HELP, 1, first=90, at=1_000 + QUARTER - 1), before=before)
    assert [one.gathered for one in found if isinstance(one, More)] == [None]
    _, found = heard(*posts(HELP, 1, first=91, at=1_000 + QUARTER), before=before)
    assert [type(one) for one in found] == [Opened]


def test_abuse_and_complaints_that_are_not_to_us_are_only_counted() -> None:
    """They are no case; how many there were is known by the hour."""
    assert not is_case(ABUSE, addressed=False)
    assert is_case(ABUSE, addressed=True)
    assert is_case(HELP, addressed=False)
    after, found = heard(*[Routed(1_000, ABUSE, "rule")] * 50)
    assert found == []
    assert sum(after.sorts[ABUSE].hours.values()) == 50


@given(given_posts=POSTS, cut=st.integers(0, 120))
def test_posts_cut_in_two_give_the_same_cases(given_posts: list[Routed], cut: int) -> None:
    """A batch that comes otherwise, or again on the same beginnings, gives the same."""
    whole = heard(*given_posts)
    before, first = heard(*given_posts[:cut])
    after, second = heard(*given_posts[cut:], before=before)
    assert (after, [*first, *second]) == whole


@given(given_posts=POSTS)
def test_every_post_is_a_case_or_in_one_or_was_told_before(given_posts: list[Routed]) -> None:
    """Nothing is passed over: what opened no case joined one that did."""
    after, found = heard(*given_posts)
    cases = {one.case_id for one in opened(found)}
    assert {one.case_id for one in found} == cases
    heard_of = Counter(one.sort for one in given_posts)
    assert {sort: sum(one.hours.values()) for sort, one in after.sorts.items()} == heard_of


def test_a_hostile_flood_is_bounded() -> None:
    """10,000 accounts a minute with varied abuse, for hours: few cases, and a record that does not grow."""
    state, cases, told = RoutesHeard(), 0, 0
    for minute in range(0, 240, 24):
        state, found = heard(*posts(ABUSE, 10_000, first=minute * 10_000 + 1, at=1_000 + minute * 4), before=state)
        cases += len(opened(found))
        told = max([told, *(one.gathered or 0 for one in found if isinstance(one, More))])
        assert len(state.model_dump_json()) < 2_000
    assert cases <= 4
    assert told > 50_000


def test_people_who_write_on_and_on_do_not_fill_the_record() -> None:
    """For days; only so many cases may be joined, and counts of days ago are dropped."""
    state = RoutesHeard()
    for hour in range(HOURS_KEPT + 20):
        crowd = [posts(THREAT, 1, first=hour * 1_000 + one, at=hour * HOUR, person=one)[0] for one in range(1, 100)]
        state, _ = heard(*crowd, before=state)
    assert len(state.sorts[THREAT].cases) <= CASES_MAX
    assert len(state.sorts[THREAT].hours) <= HOURS_KEPT
