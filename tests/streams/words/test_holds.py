"""Names on a list are found however they are spelt, from their prints alone; other words are not taken for them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.wording.listed_names import NAME_WORDS_MAX, listed, name_print, name_prints, words_of

SPELT = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parent / "data" / "held_names.txt").read_text("utf-8").splitlines()
]
NAMES = (
    "Siân Pritchard",
    "Tomos Gruffydd",
    "Marguerite O'Dell",
    "Björn Håkansson",
    "Łukasz Wójcik",
    "Catrin Llwyd",
    "Dafydd ap Rhys",
    "Rhiannon",
    "Müller",
)
HELD = frozenset(name_prints(NAMES, "salt"))
MISSED_MAX = 2
OTHERS = """
Sian is a river in another country.
Pritchard Street is open. Prichard's Bakery is shut.
Tomos the tank is on show on Gruffydd Road.
The statue of Thomas Griffith is safe.
Catrin's Corner shop gives bread. Llwyd means grey.
The Dell is under water, and so is O'Dell's garage.
Marguerites are in flower on Odell Road.
David ap Rhys Road. Rhys and ap are words.
Lukas Wood is shut, and so is Millers' Lane.
Mae'r ffordd i Ruffydd ar gau.
""".strip().splitlines()


def test_a_name_is_found_in_the_spellings_that_people_use() -> None:
    """Case, accents, possessives, line breaks, hashtags, the surname first, what Welsh does to its first letter."""
    missed = []
    for line in SPELT:
        before, name, *_ = re.split(r"[⟦⟧]", line)
        found = listed(re.sub(r"[⟦⟧]", "", line), HELD, salt="salt")
        if not any(start < len(before) + len(name) and len(before) < end for start, end in found):
            missed.append(line)
    assert len(missed) <= MISSED_MAX, missed


@pytest.mark.parametrize("text", OTHERS)
def test_words_that_are_only_like_a_name_are_let_through(text: str) -> None:
    """A street may be called like somebody."""
    assert listed(text, HELD, salt="salt") == ()


WORDS = st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=8).filter(
    lambda word: len(words_of(word)) == 1
)


@given(
    words=st.lists(WORDS, min_size=1, max_size=NAME_WORDS_MAX), between=st.sampled_from([" ", "  ", "\n", "-", ", "])
)
def test_any_name_is_found_by_the_print_that_was_made_of_it(words: list[str], between: str) -> None:
    """In whatever alphabet, and with whatever stands between its words."""
    name = between.join(words)
    assert listed(f"It was {name}, they say.", frozenset({name_print(name, "a")}), salt="a")


def test_a_print_of_another_salt_finds_nothing() -> None:
    """Two lists cannot be compared."""
    assert listed("Siân Pritchard", HELD, salt="another") == ()


@given(text=st.text(max_size=80))
def test_any_text_can_be_looked_through_for_names(text: str) -> None:
    """Also letters that are none once their accents are gone."""
    assert listed(f"{text}ͺ Rhiannon", HELD, salt="salt")
