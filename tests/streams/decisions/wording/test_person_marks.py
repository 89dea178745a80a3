"""Numbers that mark a person are refused; what may be an address or a number plate is shown to the person who signs."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from streams.decisions.wording.contents import contents_faults, doubts
from streams.decisions.wording.person_marks import ADDRESS, HOSPITAL, INSURANCE, PLATE, certain, suspected
from streams.decisions.wording.personal_data import personal_data, suspected_data
from streams.words.holds import Holds
from streams.words.register.slots import KnownPlace
from tests import builders
from tests.streams.decisions.wording.test_doubts import message

DATA = Path(__file__).parent / "data"
FREE = [
    line
    for name in ("messages_without_personal_data.txt", "messages_without_placeholders.txt")
    for line in (DATA / name).read_text("utf-8").splitlines()
]
SUSPECTED_MAX = 8
"""Of two and a half thousand texts in which nobody lives and no car stands; a bound only ever falls."""
UNUSED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")

REFUSED = [
    (INSURANCE, "AB123456C"),
    (INSURANCE, "AB 12 34 56 C"),
    (INSURANCE, "ab123456c"),
    (INSURANCE, "Ref JG-10-37-59-A"),
    (INSURANCE, "NI number ab 12 34 56"),
    (INSURANCE, "National Insurance number: PX 12 34 56 B"),
    (INSURANCE, "rhif Yswiriant Gwladol AB 12 34 56 C"),
    (HOSPITAL, "hospital number H1234567"),
    (HOSPITAL, "Hospital No. 123456"),
    (HOSPITAL, "MRN 00123456"),
    (HOSPITAL, "patient ID: RXA 1234567"),
    (HOSPITAL, "patient's number is 44 12 987"),
    (HOSPITAL, "NHS number 123 456 7890"),
    (HOSPITAL, "rhif ysbyty D123456"),
]
SHOWN = [
    (PLATE, "a blue van, AB12 CDE"),
    (PLATE, "CX71XYZ left the site"),
    (PLATE, "an old Rover, P123 ABC"),
    (PLATE, "ABC 123D"),
    (PLATE, "reg ab12 cde"),
    (PLATE, "registration number: b12 xyw"),
    (PLATE, "number plate ABC 1"),
    (ADDRESS, "14 Castle Street"),
    (ADDRESS, "who lives at 3a Mill Lane, Ashby"),
    (ADDRESS, "27, St. Mary's Road"),
    (ADDRESS, "Flat 2, 9 Elm Court"),
    (ADDRESS, "of 14 Heol y Castell"),
    (ADDRESS, "8 Ffordd Penrhos"),
    (ADDRESS, "5 Stryd Fawr"),
    (ADDRESS, "101 The Old Mill Way"),
]
NOBODYS = (
    "The A55 and M25 are closed; use junction 14 of the A487.",
    "Ward 4 Park View is open, and so are Level 2 Castle Court and gate 3 Mill Road.",
    "At 22:30 High Street was closed; 200 people left Castle Street.",
    "GB123456C and NT 12 34 56 A are no such numbers, nor is AB123456E.",
    "The hospital number is on the letter; 4 patient numbers were wrong; 3 hospitals, 2026.",
    "Call 111 or 999. Bus X71 runs from stop 12.",
)


@pytest.mark.parametrize(("kind", "text"), REFUSED, ids=[text for _, text in REFUSED])
def test_a_number_that_marks_a_person_is_refused(kind: str, text: str) -> None:
    """In the middle of a sentence as well."""
    for words in (text, f"He is safe, {text}, and well."):
        assert kind in {one.kind for one in personal_data(words, builders.register(), year=2026)}, words


@pytest.mark.parametrize(("kind", "text"), SHOWN, ids=[text for _, text in SHOWN])
def test_what_may_be_somebodys_is_shown(kind: str, text: str) -> None:
    for words in (text, f"Please avoid it: {text}, for now."):
        assert kind in {one.kind for one in suspected_data(words, builders.register())}, words
        assert [*certain(words)] == []


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_is_let_through(text: str) -> None:
    assert [*certain(text), *suspected(text)] == []


def test_few_texts_that_name_nobody_are_doubted_and_none_is_refused() -> None:
    assert [text for text in FREE if [*certain(text)]] == []
    assert len(shown := [text for text in FREE if [*suspected(text)]]) <= SUSPECTED_MAX, shown


@given(
    first=st.sampled_from("ABCEGHJKLMNOPRSTWXYZ"),
    second=st.sampled_from("ABCEGHJKLMNPRSTWXYZ"),
    digits=st.from_regex(r"[0-9]{6}", fullmatch=True),
    last=st.sampled_from("ABCD"),
    gap=st.sampled_from(["", " ", "-", "\u00a0"]),
)
def test_every_national_insurance_number_is_found_in_its_usual_spacings(  # budget: the parts of a number
    first: str, second: str, digits: str, last: str, gap: str
) -> None:
    """Those with a prefix that is never given out are none."""
    number = gap.join([first + second, digits[:2], digits[2:4], digits[4:], last])
    assert [*certain(f"See {number}.")] == ([] if first + second in UNUSED else [(INSURANCE, 4, 4 + len(number))])


@given(text=st.text(max_size=120) | st.from_regex(r"([A-Za-z]{1,3}[0-9 ]{1,7}[A-Za-z .]{0,5}){1,6}", fullmatch=True))
def test_any_text_can_be_looked_through(text: str) -> None:
    assume(text)
    for _, start, end in [*certain(text), *suspected(text)]:
        assert 0 <= start < end <= len(text)


def test_the_names_of_our_own_places_are_let_through() -> None:
    ours = builders.register(places={"mill": KnownPlace(id="mill", names={"en": "Unit 4, 12 Mill Park"}, postcodes=())})
    assert suspected_data("We are at Unit 4, 12 Mill Park.", ours) == []
    assert suspected_data("He is at 14 Mill Park.", ours) != []


def test_the_person_who_signs_is_shown_what_the_message_may_hold() -> None:
    """And one with a number that marks a person is refused."""
    line = message("Please avoid 14 Castle Street and CX71 XYZ.")
    shown = "\n".join(doubts(line, builders.register(), holds=Holds()))
    assert "may hold somebody's address (characters 14 to 29): take it out if it is somebody's" in shown
    assert "may hold the number plate of a vehicle (characters 35 to 42)" in shown
    named = message("The man with AB 12 34 56 C is safe.")
    assert any(INSURANCE in one for one in contents_faults(named, builders.register(), holds=Holds()))
