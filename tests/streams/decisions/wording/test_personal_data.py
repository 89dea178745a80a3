"""Personal data in a text is found and told by kind and place; what the registers call ours is let through."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nhs_number.validate import is_valid

from streams.decisions.wording.personal_data import is_number, is_postcode, personal_data
from streams.words.register.slots import KnownPlace, Telephone
from tests import builders

REGISTER = builders.register(
    places={"ashby": KnownPlace(id="ashby", names={"en": "Ashby General"}, postcodes=("LL49 9AB",))},
    telephones={"relatives": Telephone(id="relatives", title="Relatives", number="01632 960099")},
    mail_domains=("vale.example.org",),
)
YEAR = 2026


def kinds(text: str) -> list[str]:
    return [found.kind for found in personal_data(text, REGISTER, year=YEAR)]


def check_digit(nine: str) -> int:
    """Modulus 11, as the NHS Data Dictionary has it; 10 means that there is no such number."""
    return -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11


# Below 4 the numbers are Scotland's, which begin with a date.
NINE = st.from_regex(r"[4-7][0-9]{8}", fullmatch=True)
SPACES = st.lists(st.sampled_from(["", " ", "-", ".", " - "[:2], "\u00a0"]), min_size=9, max_size=9)


@given(
    nine=NINE,
    between=SPACES,
    before=st.sampled_from(["", "No. ", "(", "at 22:31, "]),
    after=st.sampled_from(["", ".", ")"]),
)
def test_an_nhs_number_is_found_in_any_spacing(nine: str, between: list[str], before: str, after: str) -> None:
    """With up to two signs between any of its digits, whatever stands around it."""
    digit = check_digit(nine)
    assume(digit < 10)
    number = nine[0] + "".join(f"{gap}{one}" for gap, one in zip(between, f"{nine[1:]}{digit}", strict=True))
    assert "an NHS number" in kinds(f"{before}{number}{after}")


@given(nine=NINE, last=st.integers(0, 9))
def test_ten_digits_without_the_check_digit_are_no_nhs_number(nine: str, last: int) -> None:
    """One in eleven numbers is one by chance; no other is taken for one."""
    assert (
        ("an NHS number" in kinds(f"Order {nine}{last} today"))
        is (last == check_digit(nine))
        is is_valid(f"{nine}{last}")
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("She was born on 12 March 1961.", "a date of birth"),
        ("DOB: 12/03/61", "a date of birth"),
        ("date of birth 1961-03-12", "a date of birth"),
        ("The patient (3/4/1958) is here.", "a date of birth"),
        ("Ganwyd ar 3 Mai 1980.", "a date of birth"),
        ("Dyddiad geni: 03.05.1980", "a date of birth"),
        ("Near LL49 9AD.", "a postcode that is not ours"),
        ("near ll499ad.", "a postcode that is not ours"),
        ("Call 01632 960001.", "a telephone number that is not ours"),
        ("Call 07700900123 now.", "a telephone number that is not ours"),
        ("Call +44 (0)20 7946 0018.", "a telephone number that is not ours"),
        ("Call +1 202 555 0143.", "a telephone number that is not ours"),
        ("Write to somebody@mail.example.", "an e-mail address that is not ours"),
        ("Write to press@notvale.example.org.", "an e-mail address that is not ours"),
    ],
)
def test_what_is_somebodys_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ours: 01632 960099, +44 1632 960099, (01632) 960 099.",
        "Call 111 or 999 at 22:31, next update by 00:00 on 14/01/2026.",
        "We are at LL49 9AB and ll499ab, on floor B4 2nd door, M25 4to 5.",
        "Write to press@vale.example.org or desk@news.vale.example.org.",
        "1,234,567 people; B4391; level 4; 2026-01-14 22:31; 943 476 591.",
        "Since 1948 the NHS has been here; the unit opened on 3 May 2026.",
    ],
)
def test_what_is_ours_or_nobodys_is_let_through(text: str) -> None:
    assert kinds(text) == []


def test_what_may_stand_in_the_registers_lists_is_told() -> None:
    """However a number is written; a postcode in full."""
    assert all(is_number(text) for text in ("01632 960099", "+441632960099", "+44 (0)1632 960 099"))
    assert not any(is_number(text) for text in ("ask at the desk", "99", ""))
    assert is_postcode("LL49 9AB")
    assert not is_postcode("LL49")


@given(text=st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    """And every place lies within it."""
    for found in personal_data(text, REGISTER, year=YEAR):
        assert 0 <= found.start < found.end <= len(text)
