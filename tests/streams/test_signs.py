"""What people take for the same text is the same; what cannot be seen is mended, kept where it joins, or named."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from streams.signs import folded, hashtags_in, mended, unseen
from streams.values import Hashtag, Prose, prose
from tests import builders

WELSH_FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
JOINED = {
    "a flag": WELSH_FLAG,
    "a fire fighter": "\U0001f469\u200d\U0001f692",
    "one with a skin tone": "\U0001f469\U0001f3fd\u200d\U0001f692",
    "a burning heart": "\u2764\ufe0f\u200d\U0001f525",
    "a Persian word": "\u0645\u06cc\u200c\u0631\u0648\u06cc\u0645",
    "a Hindi word": "\u0915\u094d\u200d\u0937",
}
PROSE: TypeAdapter[str] = TypeAdapter(Prose)
HASHTAG: TypeAdapter[str] = TypeAdapter(Hashtag)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tŷ Gwyn", "Ty\u0302 Gwyn"),
        ("Tŷ Gwyn", "ty gwyn"),
        ("#TŷGwyn", "＃ＴｙＧｗｙｎ"),
        ("St Mary's Hall", "St Mary’s Hall"),
        ("St Mary's Hall", "St Marys Hall"),
        ("Ardudwy-Vale", "Ardudwy\u2011Vale"),
        ("coach", "co\u200bach"),
        ("Straße", "STRASSE"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_what_looks_or_sounds_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_accents_of_letters_fall_away_and_no_sign_beside_them_does() -> None:
    """Also one that a font draws like an accent, and that joins letters instead."""
    for sign in map(chr, range(0x300, 0x370)):
        is_accent = unicodedata.combining(sign) != 0 and sign.casefold() == sign
        assert (folded(f"a{sign}b") == "ab") == is_accent, f"{ord(sign):x}"


@given(st.text(max_size=40))
def test_a_text_and_its_other_compositions_fold_alike(text: str) -> None:
    """However a keyboard or a system stores an accent."""
    assert len({folded(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}) == 1


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED.keys())
def test_signs_that_join_arrive_whole(text: str) -> None:
    """In a partner's words and in our own."""
    assert prose(f"a {text} b") == PROSE.validate_python(f"a {text} b") == f"a {text} b"


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u202e", "\u2066", "\U000e0067", "\ufeff", "\x1b"])
def test_a_sign_that_nobody_sees_and_that_joins_nothing_is_named_with_its_place(sign: str) -> None:
    """Alone it could hide a name, or turn the text round."""
    with pytest.raises(ValidationError, match=rf"U\+{ord(sign):04X} as character 3: take it out"):
        PROSE.validate_python(f"co{sign}ach")
    assert unseen(prose(f"co{sign}ach")) is None


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\t", "\u3000"])
def test_another_space_becomes_a_plain_one(space: str) -> None:
    """Word processors and telephones write it before a colon or a unit."""
    assert PROSE.validate_python(f"22:31{space}GMT") == "22:31 GMT"


@given(st.text(max_size=60))
def test_foreign_words_always_become_words_that_can_be_said(text: str) -> None:
    """What is left is taken as it is, and mending it again changes nothing."""
    said = prose(text)
    assert not said or PROSE.validate_python(said) == said == prose(said) == mended(said)


def test_a_hashtag_is_taken_however_it_is_typed() -> None:
    assert HASHTAG.validate_python("＃Ty\u0302Gwyn") == "#TŷGwyn"
    assert hashtags_in("Crews at ＃TyGwyn now") == hashtags_in("#TŷGwyn")


@pytest.mark.parametrize("there", ["#AshbyCrash", "#ashbycrash", "＃AshbyCrash", "#ÂshbyCrash"])
def test_a_hashtag_stands_once(there: str) -> None:
    """A partner's own words hold it already."""
    message = next(iter(builders.released().messages.values()))
    said = message.model_copy(update={"texts": {"en": f"The lane is closed. {there}"}, "hashtags": ("#AshbyCrash",)})
    assert said.text_for("en") == f"The lane is closed. {there}"
    assert message.text_for("en").endswith(" #AshbyCrash")
