"""Stories gather posts that say much the same; one copied wording is no story, and a flood of them stays small."""

import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.stories import (
    KNOWN_MAX,
    PEOPLE_MAX,
    STORIES_MAX,
    StoriesKept,
    StoryFinder,
    StoryPosts,
    StoryTold,
)
from streams.decisions.listening.wordings import (
    KnownWordings,
    WordingShelf,
    doubts_of,
    hashed,
    read,
    spoken_words,
    wording_of,
)
from streams.words.posts import Mention, Voice
from tests.builders import LIVE, NOW

Said = tuple[int, str]
"""Who says what."""
DOUBTS = doubts_of(("is it true",))
SHUT = ("Ward nine is shut tonight", "tonight they shut ward nine", "ward nine shut, is it true")
WATER = ("the water in the canteen tastes odd", "odd taste of canteen water today")


class Listener:
    """Hears posts in batches, with what is kept between them as it is stored."""

    def __init__(self) -> None:
        self.stories, self.posts, self.shelves = StoriesKept(), StoryPosts(), dict[int, WordingShelf]()
        self.told: list[StoryTold] = []
        self.count = 0

    def hear(self, batch: Sequence[Said], heard: int = 1_000) -> None:
        """One batch of posts."""
        known = KnownWordings(lambda number: self.shelves.get(number, WordingShelf()))
        finder = StoryFinder(self.stories, known, posts=self.posts)
        first: dict[int, Mention] = {}
        voices = []
        for number, (person, text) in enumerate(batch, self.count):
            wording = wording_of(spoken_words(text))
            mention = Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{person}", at=NOW, text=text)
            first.setdefault(wording, mention)
            voices.append(Voice(heard, person, wording=wording))
        self.count += len(batch)
        told, one_in = read(first, DOUBTS)
        by_wording = {one.wording: one for one in told}
        self.told += [found for voice in voices if (found := finder.hear(voice, by_wording))]
        self.stories = StoriesKept.model_validate_json(finder.kept(read_one_in=one_in).model_dump_json())
        self.posts = StoryPosts.model_validate_json(finder.posts().model_dump_json())
        self.shelves |= {
            name: WordingShelf.model_validate_json(one.model_dump_json()) for name, one in known.shelves().items()
        }


def heard(*batches: Iterable[Said]) -> Listener:
    listener = Listener()
    for batch in batches:
        listener.hear([*batch])
    return listener


def said(texts: Sequence[str], people: Iterable[int]) -> list[Said]:
    return [(person, texts[person % len(texts)]) for person in people]


def test_five_people_and_two_wordings_make_a_story() -> None:
    """It is told once, with its posts, people and wordings, and how many ask whether it is true."""
    listener = heard(said(SHUT, range(5)))
    (found,) = listener.told
    story = found.story
    assert (story.called, story.people_count, story.wordings, story.posts, story.asking) == (1, 5, 3, 5, 1)
    assert found.before == 0


def test_it_is_told_again_when_twice_as_many_people_tell_it() -> None:
    """And not in between."""
    listener = heard(said(SHUT, range(9)), said(SHUT, range(9, 11)))
    assert [(one.before, one.story.people_count) for one in listener.told] == [(0, 5), (5, 10)]


def test_two_topics_are_two_stories() -> None:
    listener = heard([*said(SHUT, range(6)), *said(WATER, range(10, 16))])
    assert [one.story.called for one in listener.told] == [1, 2]
    assert [one.people_count for one in listener.stories.shown] == [6, 6]


def test_a_wording_that_was_copied_a_thousand_times_is_one_voice_and_no_story() -> None:
    """However many accounts copy it."""
    listener = heard([(person, SHUT[0]) for person in range(1_000)])
    assert listener.told == []
    assert listener.stories.shown == ()


def test_one_person_alone_makes_no_story() -> None:
    """However many wordings they use."""
    assert heard([(1, f"{SHUT[0]} {number}") for number in range(100)]).told == []


POSTS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([*SHUT, *WATER])), max_size=60)


@given(POSTS, st.data())
def test_the_same_posts_cut_otherwise_tell_the_same_stories(posts: list[Said], data: st.DataObject) -> None:
    """As long as every wording is read."""
    cut = data.draw(st.integers(0, len(posts)))
    whole, parts = heard(posts), heard(posts[:cut], posts[cut:])
    assert whole.told == parts.told
    assert whole.stories.shown == parts.stories.shown
    assert whole.posts == parts.posts


def words(dice: random.Random) -> str:
    nouns = ["ward", "bed", "road", "lorry", "queue"]
    return " ".join(f"{dice.choice(nouns)}{dice.randrange(9_000)}" for _ in range(9))


def test_a_flood_of_varied_posts_stays_small_and_is_no_story() -> None:
    """Ten thousand accounts, each with words of its own: what is kept has its bounds, and what was not read is said."""
    dice = random.Random(7)
    listener = heard(*([(10_000 * turn + one, words(dice)) for one in range(5_000)] for turn in range(6)))
    kept = listener.stories
    assert kept.shown == ()
    assert len(kept.stories) <= STORIES_MAX
    assert len(kept.frequencies) <= KNOWN_MAX
    assert kept.read_one_in > 1
    assert len(kept.model_dump_json()) < 400_000
    assert len(listener.posts.posts) <= STORIES_MAX


def test_a_flood_that_says_much_the_same_is_one_story_with_a_bounded_count_of_people() -> None:
    """Each account has a wording of its own. The people are then an estimate."""
    listener = heard(*([(5_000 * turn + one, f"{SHUT[0]} {one}") for one in range(5_000)] for turn in range(2)))
    (story,) = listener.stories.shown
    assert len(story.people) <= PEOPLE_MAX
    assert story.level > 0
    assert len(listener.told) < 12


def test_each_twenty_stories_the_next_need_twice_the_people() -> None:
    """A flood of small stories is no list that a person could read."""
    topics = [[(100 * topic + one, f"topic{topic} first{topic} w{one % 2}") for one in range(6)] for topic in range(60)]
    assert len(heard(*topics).stories.shown) == 20


def test_a_story_that_people_were_shown_stays_while_others_make_room() -> None:
    listener = heard(said(SHUT, range(6)))
    for turn in range(3):
        listener.hear([(900 + one, f"alone{turn * 140 + one}") for one in range(140)], 1_001 + turn)
    assert [one.called for one in listener.stories.shown] == [1]
    assert len(listener.stories.stories) == STORIES_MAX


def test_the_story_that_was_not_heard_for_longest_makes_room() -> None:
    """Also if it became so in the same batch: one that is heard again there stays."""
    listener = heard()
    for turn in range(3):
        listener.hear([(one, f"alone{turn * 100 + one}") for one in range(100)], 1_000 + turn)
    assert [one.number for one in listener.stories.stories] == [*range(1, STORIES_MAX + 1)]
    listener.hear([(901, "new1"), (902, "alone1"), (903, "new2"), (904, "new3"), (905, "new4")], 1_003)
    assert [one.number for one in listener.stories.stories] == [2, *range(6, STORIES_MAX + 5)]


def test_three_posts_stand_for_a_story_until_their_words_have_left_the_log() -> None:
    """They are of three wordings; after seven days no post is named any more."""
    listener = heard(said(SHUT, range(6)))
    ((posts),) = listener.posts.posts.values()
    assert [one.post for one in posts] == ["m-0", "m-1", "m-2"]
    week = 7 * 24 * 240
    assert listener.posts.kept_at(1_000 + week - 1) == listener.posts
    assert listener.posts.kept_at(1_000 + week).posts == {}


def test_our_own_words_that_are_nearest_are_named() -> None:
    """None is, where none is near."""
    listener = heard(said(SHUT, range(6)), said(WATER, range(10, 16)))
    finder = StoryFinder(listener.stories, KnownWordings(lambda _: WordingShelf()), posts=StoryPosts())
    shut, water = listener.stories.shown
    ours = [("visiting", hashed(spoken_words("ward nine is open, no ward is shut"))), ("parking", hashed(["parking"]))]
    assert finder.nearest(shut, ours) == "visiting"
    assert finder.nearest(water, ours[1:]) is None


@pytest.mark.parametrize("people", [5, 64, 1_000])
def test_people_are_counted_by_quarter_of_an_hour(people: int) -> None:
    """A person who comes back in another quarter counts there too, and once in all."""
    listener = heard(said(SHUT, range(people)))
    listener.hear(said(SHUT, range(people)), 1_000 + 60)
    (story,) = listener.stories.shown
    assert sorted(story.quarters) == [16, 17]
    assert story.people_count == pytest.approx(people, rel=0.35)
    assert all(count == pytest.approx(people, rel=0.35) for count in story.quarters.values())
