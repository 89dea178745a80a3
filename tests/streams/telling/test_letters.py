"""What a terminal gets: no sign that it would obey or hide, no letter that it cannot show, and the same JSON."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.telling.letters import fitting, fitting_json, harmless

ENCODINGS = ("ascii", "latin-1", "cp1252", "cp850", "cp437", "iso8859-14", "utf-8")
OBEYED = (
    "\x1b[2K",
    "\r",
    "\x07",
    "\x7f",
    "\x9b1m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\ufeff",
    "\u200b",
    "\u2028",
)
CARRIED = (
    "Tŷ Gwyn",
    "a\u00a0b",
    "می\u200cروم",
    "\U0001f468\u200d\U0001f692",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f",
)


@pytest.mark.parametrize("sign", OBEYED)
def test_what_a_terminal_would_obey_or_hide_is_written_out(sign: str) -> None:
    shown = harmless(f"a{sign}b")
    assert shown.isprintable()
    assert json.loads(f'"{shown}"') == f"a{sign}b"


@pytest.mark.parametrize("words", CARRIED)
def test_joined_emoji_flags_and_the_joiners_of_persian_stay_as_they_are(words: str) -> None:
    assert harmless(words) == words


def test_letters_for_a_flag_without_the_flag_are_hidden_words() -> None:
    assert harmless("ok\U000e0067") == r"ok\udb40\udc67"


@given(st.text(st.characters(codec=None)), st.sampled_from(ENCODINGS))
def test_any_text_can_be_shown_on_any_terminal(text: str, encoding: str) -> None:
    """And a lone half of a sign too, which Python reads from a file name that is no UTF-8."""
    fitting(harmless(text), encoding).encode(encoding)


@given(st.text(), st.sampled_from(ENCODINGS))
def test_json_says_the_same_on_any_terminal(text: str, encoding: str) -> None:
    shown = fitting_json(harmless(json.dumps([text], ensure_ascii=False)), encoding)
    assert json.loads(shown.encode(encoding).decode(encoding)) == [text]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Tân yn Nhŷ Gwyn", ("Tan yn Nhy Gwyn", "Tân yn Nhy Gwyn", "Tân yn Nhy Gwyn")),
        ("“yes” – St Mary’s …", ('"yes" - St Mary\'s ...', '"yes" - St Mary\'s ...', "“yes” – St Mary’s …")),
        ("y\u0302", ("y", "y", "y")),
    ],
)
def test_a_letter_that_a_terminal_lacks_becomes_the_one_that_people_read_it_as(
    words: str, shown: Sequence[str]
) -> None:
    assert tuple(fitting(words, one) for one in ("ascii", "latin-1", "cp1252")) == shown
