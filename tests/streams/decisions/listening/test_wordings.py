"""Copies of a post have one wording, and of many wordings the same ones are read."""

import pytest

from streams.decisions.listening.wordings import (
    READ_MAX,
    SHELF_MAX,
    SHELVES,
    KnownWordings,
    WordingShelf,
    asks,
    doubts_of,
    hashed,
    read,
    spoken_words,
    wording_of,
)
from streams.words.posts import Mention
from tests.builders import LIVE, NOW

SAID = "Ward 9 at Ashby is shut!"


def post(number: int, text: str) -> Mention:
    return Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{number}", at=NOW, text=text)


def wording(text: str) -> int:
    return wording_of(spoken_words(text))


@pytest.mark.parametrize(
    "copy",
    [
        "RT @invented: Ward 9 at Ashby is shut!",
        "ward 9 at ashby is SHUT #AshbyCrash",
        "Ward 9 at Ashby is shut https://news.invalid/9",
        "@one@there.invalid @two Ward 9 at Ashby is shut... www.news.invalid",
        "\u0057ard 9 at Ashby is shut \U0001f6a8",
    ],
)
def test_a_copy_has_the_same_wording(copy: str) -> None:
    """To whomever it is addressed, whatever it is tagged with, and however it is set."""
    assert wording(copy) == wording(SAID)


def test_other_words_are_another_wording() -> None:
    """Also where only a number differs, and where the order does."""
    assert len({wording(one) for one in (SAID, "Ward 8 at Ashby is shut!", "At Ashby ward 9 is shut!")}) == 3


def test_a_wording_is_the_same_number_for_ever() -> None:
    """Workers of several processes and releases compare them."""
    assert wording(SAID) == 99_478_347_559_285


def test_a_post_of_tags_alone_has_no_wording() -> None:
    assert wording("#AshbyCrash @invented https://news.invalid") == 0


def test_of_many_wordings_the_same_are_read_each_time() -> None:
    """At most so many of a batch, and it is said of how many one was read; a smaller batch reads those of it, too."""
    posts = {wording(f"said {number}"): post(number, f"said {number}") for number in range(5_000)}
    told, one_in = read(posts, ())
    assert 0 < len(told) <= READ_MAX
    assert one_in == 64
    few = dict(list(posts.items())[:1_000])
    assert {one.wording for one in told} & few.keys() <= {one.wording for one in read(few, ())[0]}
    assert read(dict(list(posts.items())[:READ_MAX]), ())[1] == 1


def test_words_of_doubt_are_found_in_a_post() -> None:
    """In either language, as whole phrases."""
    doubts = doubts_of(("is it true", "Ydy hyn yn wir"))
    assert asks(spoken_words("Is it true that ward 9 is shut?"), doubts)
    assert asks(spoken_words("ydy HYN yn wir?"), doubts)
    assert not asks(spoken_words("it is true"), doubts)


def test_a_word_travels_as_a_number_and_once() -> None:
    assert len(hashed(["ward", "ward", "nine"])) == 2


def test_the_wording_that_was_not_heard_for_longest_makes_room() -> None:
    """A shelf never holds more than it may."""
    known = KnownWordings(lambda _: WordingShelf())
    for number in range(1, SHELF_MAX + 2):
        known.keep(number * SHELVES, 7)
        known.keep(SHELVES, 8)
    assert known.story(SHELVES) == 8
    assert known.story(2 * SHELVES) is None
    assert len(known.shelves()[0].known) == SHELF_MAX
