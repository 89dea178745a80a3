"""A text is as long as the network says: by characters, by what a reader sees, by weight, or in text messages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.channels.lengths import (
    BASIC,
    EXTENDED,
    LINK_COUNTS,
    code_points,
    graphemes,
    links_shortened,
    segments,
    weighted,
)

FAMILY = "\U0001f468‍\U0001f469‍\U0001f467"
WORDS = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")))


@pytest.mark.parametrize(
    ("text", "points", "seen"),
    [("", 0, 0), ("Tân", 3, 3), ("Ta\u0302n", 4, 3), (FAMILY, 5, 1), ("\U0001f1ec\U0001f1e7", 2, 1), ("ưở", 2, 2)],
)
def test_a_reader_sees_fewer_characters_than_are_written(text: str, points: int, seen: int) -> None:
    assert (code_points(text), graphemes(text)) == (points, seen)


@given(st.text())
def test_nothing_is_seen_that_is_not_written(text: str) -> None:
    """And a text that is not empty is seen."""
    assert (text != "") <= graphemes(text) <= code_points(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Fire at Ysbyty Ardudwy, tân", 27),
        ("火事", 4),
        ("Fire \U0001f525", 7),
        (FAMILY, 2),
        ("Ta\u0302n", 3),
        ("See https://alerts.trust.example/m-1?lang=cy.", 4 + LINK_COUNTS + 1),
        ("See http://a.example", 4 + LINK_COUNTS),
        ("See a.example", 4 + LINK_COUNTS),
        ("Write to desk@trust.example", 27),
        ("At 22.31 we said it.", 20),
    ],
)
def test_x_counts_by_weight(text: str, length: int) -> None:
    """Other letters than Latin and each emoji count twice, a link 23, however long it is."""
    assert weighted(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("火事", 2),
        ("Ta\u0302n", 3),
        (f"Fire {FAMILY}", 6),
        ("See https://alerts.trust.example/m-1?lang=cy.", 4 + LINK_COUNTS + 1),
        ("See http://a.example", 4 + LINK_COUNTS),
        # Without http:// it is no link there.
        ("See a.example", 13),
        ("See https://alerts.trust.example/tân-yn-yr-ysbyty", 49),
    ],
)
def test_mastodon_counts_what_a_reader_sees_and_shortens_links(text: str, length: int) -> None:
    assert links_shortened(text) == length


@given(WORDS)
def test_without_a_link_mastodon_counts_what_a_reader_sees(text: str) -> None:
    plain = text.replace("/", "")
    assert links_shortened(plain) == graphemes(unicodedata.normalize("NFC", plain))


@given(WORDS, WORDS)
def test_two_texts_weigh_what_they_weigh_together(one: str, other: str) -> None:
    """A line break parts words, so nothing grows together that would count less."""
    assert weighted(f"{one}\n{other}") == weighted(one) + 1 + weighted(other)


@given(st.text(alphabet=st.characters(min_codepoint=ord("a"), max_codepoint=ord("z")), max_size=400))
def test_plain_words_weigh_what_they_have_characters(text: str) -> None:
    assert weighted(text) == code_points(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" + "€" * 152, 2),
        # An escape and its character stay together: one septet of a segment is lost.
        ("€" * 153, 3),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("ŵ" * 134, 2),
        ("ŵ" * 135, 3),
        ("\U0001f525" * 35, 1),
        ("\U0001f525" * 36, 2),
        ("\U0001f525" * 67, 3),
    ],
)
def test_a_text_message_is_cut_where_a_phone_network_cuts_it(text: str, number: int) -> None:
    """160 septets, or 153 in each of several; with any other character 70, or 67."""
    assert segments(text) == number


@given(st.text(alphabet=sorted(BASIC | EXTENDED), min_size=1))
def test_septets_fit_into_as_many_segments_as_they_need(text: str) -> None:
    """At least what a count of septets says, and at most one septet more lost in each segment."""
    septets = sum(1 + (one in EXTENDED) for one in text)
    least = 1 if septets <= 160 else -(-septets // 153)
    most = 1 if septets <= 160 else -(-septets // 152)
    assert least <= segments(text) <= most


@given(st.text(), st.text())
def test_more_words_are_never_fewer_text_messages(one: str, other: str) -> None:
    assert max(segments(one), segments(other)) <= segments(one + other)


def test_the_basic_characters_are_those_of_the_standard() -> None:
    """127 of 128 places: the last one is the escape."""
    assert (len(BASIC), len(EXTENDED)) == (127, 10)
