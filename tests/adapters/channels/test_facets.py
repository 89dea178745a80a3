"""What of a post is a link or a hashtag: counted in bytes, as the network counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.channels.bluesky.facets import facets, shown

PIECES = st.sampled_from(
    [
        "⚠️ –",
        "👨‍👩‍👧‍👦",
        "Rhybudd: tân yn Ysbyty Tŷ Gwyn,",
        "ŵ",
        "stay away.",
        "https://alerts.trust.example/tân?a=1&b=2#now",
        "HTTP://trust.example",
        "#TânTŷGwyn",
        "#Fire",
        "#",
        "#1",
        "(",
        ")",
        "\n",
        "https://",
        "a@b.example",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_each_facet_covers_its_own_words_and_no_other_does(text: str) -> None:
    """Whatever comes before it: letters of several bytes, and signs of several letters."""
    ends = 0
    for facet in facets(text):
        (feature,) = facet["features"]
        words = shown(text, facet)
        assert words == feature.get("uri") or words == f"#{feature.get('tag')}"
        assert facet["index"]["byteStart"] >= ends
        ends = facet["index"]["byteEnd"]


@given(st.text(max_size=200))
def test_any_text_has_facets_that_lie_within_it(text: str) -> None:
    """None points past the text or into a letter: a server would take it, and programs would show anything."""
    for facet in facets(text):
        assert shown(text, facet)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://trust.example/a.", ["https://trust.example/a"]),
        ("(https://trust.example/a_(b))", ["https://trust.example/a_(b)"]),
        ("“https://trust.example”", ["https://trust.example"]),
        ("Tân! https://trust.example/tân, #TânTŷGwyn.", ["https://trust.example/tân", "#TânTŷGwyn"]),
        ("https://trust.example/#Fire", ["https://trust.example/#Fire"]),
        ("#Fire#Smoke", ["#Fire"]),
        ("No #1, C#, a#b, # alone", []),
        ("Away.Please stay away", []),
        ("http://", []),
    ],
)
def test_what_is_a_link_and_what_a_hashtag(text: str, found: list[str]) -> None:
    """A link begins with its scheme: where a space was forgotten, two words are no address that somebody may buy."""
    assert [shown(text, facet) for facet in facets(text)] == found


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 3), (2, 200), (5, 3), (1, 2)])
def test_bytes_that_are_no_part_of_the_text_are_refused(start: int, end: int) -> None:
    """Past its end, before its start, the wrong way round, or half a letter."""
    with pytest.raises(ValueError, match=r"\w+"):
        shown("ŵy", {"index": {"byteStart": start, "byteEnd": end}})
