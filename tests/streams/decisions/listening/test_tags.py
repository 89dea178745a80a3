"""Hashtags are counted by people, however posts are cut; no copies, no stuffing and no flood decide which is first."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.tags.heard import (
    EVERYBODY,
    FLOOR,
    PEOPLE_OF_ALL,
    TAG_BYTES_MAX,
    TAGS_MAX,
    USUAL_TAGS_A_DAY,
    WORDINGS_KEPT,
    TagHearing,
    TagLook,
    TagsHeard,
    TagsKnown,
    TagsUsual,
    is_sampled,
    tags_of,
)
from streams.decisions.listening.usual import QUARTER_BINS
from streams.decisions.listening.wordings import spoken_words, wording_of
from streams.words.posts import Voice

START = 100_000 * QUARTER_BINS
OURS, SPAM = "#cwmhelygfire", "#buynow"


def post(number: int, *tags: str, at: int = 0, wording: int | None = None, person: int | None = None) -> Voice:
    """One post of a person of its own, in words of its own, unless it says otherwise."""
    who = random.Random(number if person is None else person).getrandbits(48)
    return Voice(START + at, who, tags=tags, wording=number + 1 if wording is None else wording)


def heard(
    posts: Sequence[Voice], before: TagsHeard | None = None, known: TagsKnown | None = None
) -> tuple[TagsHeard, Sequence[TagLook]]:
    hearing = TagHearing(before or TagsHeard(), known or TagsKnown())
    looks = [look for one in posts if (look := hearing.hear(one))]
    return hearing.heard(), looks


def best(state: TagsHeard, known: TagsKnown | None = None) -> list[str]:
    return [one.tag for one in TagHearing(state, known or TagsKnown()).best()]


def test_five_people_make_a_tag_and_four_do_not() -> None:
    """It says how many people in how many minutes."""
    assert heard([post(number, OURS) for number in range(FLOOR - 1)])[1] == []
    (look,) = heard([post(number, OURS, at=number * 8) for number in range(FLOOR)])[1]
    (found,) = look.found
    assert (found.tag, found.people, found.minutes, found.before) == (OURS, FLOOR, 9, None)


def test_one_person_is_one_however_often_they_post() -> None:
    assert heard([post(number, OURS, person=7) for number in range(500)])[1] == []


def test_one_wording_counts_twice_at_most_whoever_passes_it_on() -> None:
    """Two hundred reposts are one voice; so are posts that hold nothing but the tag."""
    assert heard([post(number, OURS, wording=99) for number in range(200)])[1] == []
    assert heard([post(number, OURS, wording=0) for number in range(200)])[1] == []


def test_ten_copies_stuffed_with_tags_do_not_push_the_tag_of_the_event_down() -> None:
    """Among fifty posts of which twelve have the tag of the event."""
    stuffing = ("#win", "#free", "#love", "#cash", "#news")
    posts = [post(number, *((OURS,) if number % 4 == 0 else ())) for number in range(50)]
    copies = [post(100 + number, *stuffing, wording=5_000) for number in range(10)]
    state, _ = heard([*copies[:5], *posts, *copies[5:]])
    assert best(state) == [OURS]


def test_posts_with_more_than_four_tags_count_a_fifth() -> None:
    """Twenty-four of them, each in words of its own, are not five people; twenty-five are."""
    stuffed = [post(number, "#win", "#free", "#love", "#cash", "#news") for number in range(25)]
    assert best(heard(stuffed[:24])[0]) == []
    assert len(best(heard(stuffed)[0])) == 5


def test_sixty_varied_posts_with_one_tag_come_first_and_hide_nothing() -> None:
    """No count can tell them from people: the tag of the event stays among those that a person chooses from."""
    posts = [post(number, OURS) for number in range(12)]
    flood = [post(1_000 + number, SPAM) for number in range(60)]
    assert best(heard([*posts, *flood])[0]) == [SPAM, OURS]


def test_a_tag_that_is_common_elsewhere_says_nothing() -> None:
    """As often as in other posts of the week before it is no tag of this incident."""
    usual = {EVERYBODY: 10_000, "#monday": 8_000}
    posts = [post(number, OURS if number % 3 == 0 else "#monday") for number in range(30)]
    state, looks = heard(posts, known=TagsKnown(usual=usual))
    assert best(state) == [OURS]
    assert looks[-1].found[0].before == 0


def test_another_look_every_quarter_of_an_hour_says_which_tag_overtook() -> None:
    """Not between two quarters, and not where nothing changed."""
    first = [post(number, OURS) for number in range(FLOOR)]
    more = [post(100 + number, "#helyg", at=1) for number in range(20)]
    still = [post(200 + number, "#helyg", at=QUARTER_BINS * 2 + number) for number in range(QUARTER_BINS * 3)]
    looks = heard([*first, *more, *still])[1]
    assert [([one.tag for one in look.found], look.overtook) for look in looks] == [
        ([OURS], None),
        (["#helyg", OURS], OURS),
    ]
    assert looks[1].turn > looks[0].turn


def test_the_tag_of_a_partner_comes_first_with_its_name() -> None:
    """From one person on, and at once; one that a partner only registered comes when somebody uses it."""
    posts = [post(number, OURS) for number in range(FLOOR)]
    state, _ = heard(posts)
    police = post(100, "#policehelyg")
    (look,) = heard([police], state, TagsKnown(voices={police.person: "police"}))[1]
    assert [(one.tag, one.partner, one.people) for one in look.found] == [
        ("#policehelyg", "police", 1),
        (OURS, None, FLOOR),
    ]
    registered = TagsKnown(registered={"#999helyg": "ambulance"})
    assert best(state, registered) == [OURS]
    assert best(heard([post(100, "#999helyg")], state)[0], registered) == ["#999helyg", OURS]


def test_a_tag_that_may_not_be_offered_is_told_apart_and_takes_the_place_of_no_other() -> None:
    posts = [post(number, f"#t{number % 4}") for number in range(40)]
    looks = heard(posts, known=TagsKnown(unfit=lambda tag: "it may name a person" if tag == "#t0" else None))[1]
    assert [one.unfit for one in looks[0].withheld] == ["it may name a person"]
    later = [post(100 + number, f"#t{number % 4}", at=QUARTER_BINS) for number in range(40)]
    state, looks = heard([*posts, *later], known=TagsKnown(unfit=lambda tag: "no" if tag == "#t0" else None))
    assert [one.tag for one in looks[-1].found] == ["#t1", "#t2", "#t3"]
    assert state.withheld == ("#t0",)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(0, 300), st.integers(0, 20))), st.data())
def test_however_the_posts_are_cut_the_looks_are_the_same(
    given_: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    """And what is kept of them, read back from what is stored."""
    posts = [
        post(number, *(f"#t{one}" for one in range(tags)), at=at, wording=wording, person=person)
        for number, (person, tags, at, wording) in enumerate(given_)
    ]
    whole, looks = heard(posts)
    cut = data.draw(st.integers(0, len(posts)))
    first, before = heard(posts[:cut])
    second, after = heard(posts[cut:], TagsHeard.model_validate_json(first.model_dump_json()))
    assert [*before, *after] == [*looks]
    assert second == whole


def test_a_flood_is_remembered_within_bounds_and_the_tag_of_the_event_stays() -> None:
    """Tags that nobody else uses, and crowds behind tags, find no room without end."""
    dice = random.Random(4)
    posts = [post(number, OURS, at=number // 50) for number in range(60)]
    for number in range(20_000):
        tags = (f"#x{number}", f"#y{dice.randrange(200)}", f"#z{dice.randrange(20)}")
        posts.append(post(1_000 + number, *tags, at=number // 100))
    state, _ = heard(posts)
    assert len(state.people) <= TAGS_MAX
    assert sum(len(one.people) for one in state.people.values()) <= PEOPLE_OF_ALL
    assert len(state.wordings) <= WORDINGS_KEPT
    assert len(state.model_dump_json()) < 500_000
    assert OURS in state.people


def test_people_beyond_the_bound_are_counted_by_a_sample() -> None:
    """Three thousand people are counted to within a fifth."""
    state, _ = heard([post(number, OURS) for number in range(3_000)])
    assert len(state.people[OURS].people) <= 200
    (found,) = TagHearing(state, TagsKnown()).best()
    assert found.people == pytest.approx(3_000, rel=0.2)


def test_people_are_forgotten_a_day_after_their_last_post() -> None:
    state, _ = heard([post(number, OURS) for number in range(FLOOR)])
    late = [post(100 + number, "#helyg", at=24 * 4 * QUARTER_BINS + number) for number in range(QUARTER_BINS)]
    assert best(heard(late, state)[0]) == ["#helyg"]


def test_the_tags_of_a_post_are_folded_once_each_and_bounded() -> None:
    """Case, accents and full width are the same; a number is no tag, and neither is a tag that no network takes."""
    assert tags_of("＃Cwm_Helyg #cwm_helyg #TŷGwyn #1 no #") == ("#cwm_helyg", "#tygwyn")
    assert len(tags_of(" ".join(f"#tag{number}" for number in range(900)))) == 5
    assert tags_of(f"#{'a' * TAG_BYTES_MAX}") == ()


def test_a_wording_is_the_same_whoever_is_named_and_whatever_the_tags() -> None:
    words = "Smoke over the old wing"
    same = [words, f"RT @somebody: {words}", f"{words} #CwmHelyg https://example.org/1", f"{words.upper()} @helyg"]
    assert len({wording_of(spoken_words(one)) for one in same}) == 1
    assert wording_of(spoken_words("#CwmHelyg")) == 0
    assert wording_of(spoken_words("Smoke over the new wing")) != wording_of(spoken_words(words))


def test_the_sample_of_other_posts_is_of_a_week_and_bounded() -> None:
    """The running day is no part of the past: how a day is cut into batches changes nothing before the next."""
    usual = TagsUsual()
    for day in range(20):
        usual = usual.with_posts(day, [("#monday",)] * 3)
    assert usual.before(20, ["#monday", "#other"]) == {EVERYBODY: 21, "#monday": 21, "#other": 0}
    assert usual.before(12, ["#monday"]) == {EVERYBODY: 0, "#monday": 0}
    assert min(usual.days) == 12
    flooded = usual.with_posts(20, [(f"#x{number}",) for number in range(3 * USUAL_TAGS_A_DAY)])
    assert len(flooded.days[20]) <= USUAL_TAGS_A_DAY + 1


def test_about_one_post_in_a_hundred_is_sampled_and_always_the_same_ones() -> None:
    chosen = [number for number in range(20_000) if is_sampled(f"m-{number}")]
    assert 150 < len(chosen) < 250
    assert chosen == [number for number in range(20_000) if is_sampled(f"m-{number}")]
