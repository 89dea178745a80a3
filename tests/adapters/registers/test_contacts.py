"""A contact counts only if it can be called as it stands: what the gateway refuses at night is told by day."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers.checks.contacts import works
from streams.words.register.entries import Contact, Via
from tests.adapters.breaking import Break, copied, faults
from tests.adapters.breaks import PEOPLE

SAMIRA = "{via: sms, address: 01632 960001}"


def told(folder: Path, number: str, *, via: Via = "sms") -> list[str]:
    """What `check` says about this number in the place of a person's."""
    Break(PEOPLE, SAMIRA, f'{{via: {via}, address: "{number}"}}', "", "").apply(copied(folder))
    return [fault.sentence for fault in faults(folder) if fault.file == PEOPLE]


@pytest.mark.parametrize("number", ["07700 900001", "+44 7700 900001", "+44 (0)7700-900001", "0044 7700 900001"])
def test_a_number_that_a_gateway_takes_is_no_fault(number: str, tmp_path: Path) -> None:
    assert told(tmp_path, number) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("O7700 900001", r"it holds “O” \(latin capital letter o\), which nothing dials; write a whole number"),
        ("07700\u2011900001", "non-breaking hyphen"),
        ("07700 900001 ext 3", "it holds “e”"),
        ("07700 900001#3", "number sign"),
        ("tel:07700900001", "it holds “t”"),
        ("٠٧٧٠٠٩٠٠٠٠١", "arabic-indic digit zero"),
        ("０７７００９００００１", "fullwidth digit zero"),
        ("07700 900001 / 900002", "solidus"),
        ("44+7700900001", "plus sign"),
        ("07700 90000", "write a whole number, as in 07700 900001"),
        ("07700 9000011", "write a whole number"),
        ("+7 700 900001", "write a whole number"),
        ("999", "write a whole number"),
        ("01766 555123", "“01766 555123” is no mobile number, so a text may never arrive: give a mobile number"),
        ("0800 555 1234", "no mobile number"),
    ],
)
def test_a_number_that_no_text_reaches_is_named_with_what_is_wrong(number: str, sentence: str, tmp_path: Path) -> None:
    [said] = [one for one in told(tmp_path, number) if number in one]
    assert re.search(sentence, said)


def test_an_extension_can_be_dialled_by_a_person(tmp_path: Path) -> None:
    assert told(tmp_path, "01766 555123 ext 3", via="phone") == []


@given(st.text(alphabet="0123456789 ()+-.oOxe\u2011٠/#", min_size=8, max_size=18))
def test_what_counts_as_a_number_holds_only_what_a_gateway_takes(number: str) -> None:
    """GOV.UK Notify leaves out white space, brackets, hyphens and a plus, and refuses what is then no digit."""
    if number.strip() and works(Contact(via="sms", address=number.strip())):
        left = re.sub(r"[\s()+-]", "", number)
        assert left.isascii()
        assert left.isdigit()
        assert len(left) >= len("7700900001")
