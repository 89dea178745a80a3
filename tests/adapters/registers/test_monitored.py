"""An answer that tells when our accounts are looked at tells the trust's own hours, in each language."""

from datetime import time
from pathlib import Path

import pytest

from agents.adapters.registers.checks import check
from agents.adapters.registers.checks.hours.monitored import other_hours
from streams.words.register.entries import WorkingHours
from tests.adapters.breaking import copied
from tests.examples import NOW

HOURS = WorkingHours(opens=time(9), closes=time(17, 30))
TEXT = "messages/answer-out-of-hours.yaml"


@pytest.mark.parametrize(
    "text",
    [
        "We look at it from nine to half past five, Monday to Friday.",
        "Between 9am and 5.30pm, Monday to Friday",
        "09:00–17:30",
        "9 until 17:30",
        "Rydym yn edrych o naw tan hanner awr wedi pump, o ddydd Llun i ddydd Gwener.",
        "We look at it by day. If a life is in danger, ring 999 now.",
        "We answer in three to five working days.",
        "Rydym yn ateb o fewn 3 i 5 diwrnod.",
    ],
)
def test_the_trust_s_own_hours_and_what_is_no_hour_are_let_through(text: str) -> None:
    assert not [*other_hours(text, HOURS)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We look at it from nine to five.", "nine to five"),
        ("Open 8:30 to 17:30", "8:30 to 17:30"),
        ("between 9 and 6pm", "9 and 6pm"),
        ("o naw tan bump", "naw tan bump"),
        ("nine to half past five, Monday to Saturday", "monday … saturday"),
        ("Every day but Sunday", "sunday"),
        ("o ddydd Llun i ddydd Iau", "ddydd llun … ddydd iau"),
    ],
)
def test_other_hours_and_days_are_found(text: str, said: str) -> None:
    assert [*other_hours(text, HOURS)] == [f"“{said}”"]


def test_the_check_names_the_text_and_the_hours_of_the_register(tmp_path: Path) -> None:
    folder = copied(tmp_path / "trust")
    assert not [one for one in check(folder, NOW) if one.file == TEXT]
    text = (folder / "register/trust.yaml").read_text("utf-8")
    (folder / "register/trust.yaml").write_text(text.replace('closes: "17:30:00"', 'closes: "18:00:00"'), "utf-8")
    found = [one.sentence for one in check(folder, NOW) if one.file == TEXT]
    assert len(found) == 2, "in each language"
    assert "it says “nine to half past five”" in found[0]
    assert "the trust's monitored hours are 09:00 to 18:00, Monday to Friday" in found[0]
