"""A partner's source decides the form of its posts: what is odd, and not the words, costs no post."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import decode, encode
from streams.errors import Undecodable
from streams.topics import PARTNER_POSTS
from streams.values import canonical
from streams.words.posts import PartnerPost

PLAIN: dict[str, Any] = {
    "id": "pp-1",
    "mode": "live",
    "account_id": "did:vale:1",
    "domain": "vale.example",
    "post_id": "post-1",
    "at": "2026-01-14T22:31:00Z",
    "text": "The road is closed.",
}


def read(**changes: Any) -> PartnerPost:
    post: PartnerPost = decode(PARTNER_POSTS, canonical({**PLAIN, **changes}))
    return post


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        *((tag, "en") for tag in ("en", "en-GB", "EN_gb", "eng", None, "und", "gsw", "", 7, "e")),
        *((tag, "cy") for tag in ("cy", "CY", "cy-GB", "cym", "wel")),
    ],
)
def test_a_language_is_read_from_any_tag(written: object, kept: str) -> None:
    """And English where it names none that we could show."""
    assert read(language=written).language == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (["#Ashby"], ("#Ashby",)),
        (["Ashby", "#Ashby"], ("#Ashby",)),
        (["\uff03Ashby"], ("#Ashby",)),
        (["#Ty\u0302"], ("#T\u0177",)),
        ("#Ashby", ("#Ashby",)),
        (["#Ash-by", "", "#T\u00e2n\U0001f525", None, 7, "#Ashby"], ("#Ashby",)),
        (None, ()),
        ({"tag": "Ashby"}, ()),
    ],
)
def test_of_the_hashtags_those_stay_that_are_some(written: object, kept: tuple[str, ...]) -> None:
    assert read(hashtags=written).hashtags == kept


@pytest.mark.parametrize("written", [None, "", "https://vale.example/" + "a" * 300, 7, "a\u202eb", ["x"]])
def test_an_address_that_none_can_follow_is_left_out(written: object) -> None:
    assert read(url=written).url is None


FOREIGN = [
    "tag:social.vale.example,2026-11-28:objectId=1:objectType=Status",
    "https://vale.example/news?id=4711",
    "https://vale.example/news#4711",
    "https://vale.example/a%20b",
    "https://vale.example/t\u0177",
    "https://vale.example/" + "a" * 200,
    "{1225c695}",
    " spaced out ",
]


@pytest.mark.parametrize("field", ["id", "post_id"])
def test_whatever_a_network_calls_a_post_is_one_name_for_it_here(field: str) -> None:
    """The same again gives the same, two are told apart, and what is written again is not changed once more."""
    names = [getattr(read(**{field: name}), field) for name in FOREIGN]
    assert names == [getattr(read(**{field: name}), field) for name in FOREIGN]
    assert len(set(names)) == len(FOREIGN)
    posts = [read(**{field: name}) for name in FOREIGN]
    assert [decode(PARTNER_POSTS, encode(post)) for post in posts] == posts
    assert getattr(read(**{field: 1234567890123456789}), field) == "1234567890123456789"
    assert getattr(read(**{field: "at://did:plc:abc/app.bsky.feed.post/3l"}), field).startswith("at://")


@pytest.mark.parametrize("at", ["Wed, 14 Jan 2026 22:31:00 GMT", "2026-01-14T22:31:00+0000", "14 Jan 2026 22:31 +0000"])
def test_a_time_is_read_as_feeds_write_it(at: str) -> None:
    assert read(at=at).at == read().at


def test_html_is_read_as_words() -> None:
    """A text that only has signs of HTML in it stays as it is."""
    written = (
        '<p>The road is closed &amp; wet, see <a href="https://x.example">#<span>Ashby</span></a></p><p>Thanks</p>'
    )
    assert read(text=written).text == "The road is closed & wet, see #Ashby\nThanks"
    assert read(text="Fewer than <10 people &amp; <b here").text == "Fewer than <10 people &amp; <b here"


def test_a_field_that_the_format_does_not_know_is_passed_over() -> None:
    assert read(sensitive=False, poll={"a": 1}) == read()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": None},
        {"at": "2026-01-14T22:31:00"},
        {"at": "yesterday"},
        {"post_id": None},
        {"post_id": ""},
        {"account_id": None},
        {"domain": 7},
        {"change": "updated"},
        {"mode": "loud"},
    ],
)
def test_what_a_post_cannot_do_without_is_still_refused(changes: dict[str, Any]) -> None:
    """What it says, when, whose it is, and whether it is new."""
    with pytest.raises(Undecodable):
        read(**changes)


@given(
    odd=st.fixed_dictionaries(
        {},
        optional={
            name: st.none() | st.booleans() | st.integers() | st.text(max_size=50) | st.lists(st.text(max_size=5))
            for name in ("language", "hashtags", "url", "anything")
        },
    )
)
def test_no_optional_field_ever_costs_the_words(odd: dict[str, Any]) -> None:
    assert read(**odd).text == "The road is closed."
