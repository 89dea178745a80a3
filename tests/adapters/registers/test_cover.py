"""`check` names gaps in cover before they come: what no person may do, on which channel, from when to when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import check, data_folder, key_as_yaml
from agents.adapters.registers.checks.contacts import works
from streams.words.register.entries import Contact, Via
from tests import keyring
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import PEOPLE, ROTA

NOW = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
"""A Wednesday night."""
WEEKEND = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
"""A Thursday, three days before the clocks go forward."""


def gaps(folder: Path, now: datetime = NOW) -> Sequence[str]:
    return [fault.sentence for fault in check(folder, now) if fault.sentence.startswith("nobody who can be reached")]


def without(folder: Path, power: str, *holders: str) -> None:
    """Take this power from these people."""
    for holder in holders:
        path = folder / PEOPLE
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if f"id: {holder}/{power}," not in line), encoding="utf-8")


def test_the_example_has_no_gap() -> None:
    assert gaps(data_folder()) == []


def test_a_hole_in_the_rota_is_told_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    """If only people on the rota may declare, and the rota has a hole, no one may declare in it."""
    folder = copied(tmp_path)
    without(folder, "declare", "samira.dastwick")
    Break(ROTA, "2026-01-01T00:00:00Z", "2026-01-15T06:00:00Z", "", "").apply(folder)
    declaring = [one for one in gaps(folder) if "may declare" in one]
    [said] = declaring
    assert "may declare from Wed 14 January 2026 22:31 to Thu 15 January 2026 06:00, in any incident:" in said


def test_a_hole_is_told_for_each_channel_and_only_for_the_cases_it_is_one_for(tmp_path: Path) -> None:
    """Somebody on call may release at low levels, on the site only: elsewhere, and at higher levels, no one may."""
    folder = copied(tmp_path)
    without(folder, "release-holding", "samira.dastwick", "nest.aberdulas", "ifor.brynllwyd")
    on_call = Break(
        ROTA, "person: lowri.penfynach, starts_at: 2026-01", "person: hari.okonwell, starts_at: 2026-01", "", ""
    )
    on_call.apply(folder)
    told = [one for one in gaps(folder) if "from Wed 14 January 2026 22:31 to Thu 15 January 2026 09:00" in one]
    [on_site] = [one for one in told if "may release-holding on site" in one]
    [by_mail] = [one for one in told if "may release-holding on email" in one]
    assert "in any incident" in by_mail
    assert "major (level 3, 4)" in on_site


def test_gaps_that_come_back_every_night_are_told_three_times_and_counted(tmp_path: Path) -> None:
    """In the clock of the trust, which goes forward over this weekend."""
    folder = copied(tmp_path)
    without(folder, "stand-down", "samira.dastwick", "nest.aberdulas", "ifor.brynllwyd")
    told = [one for one in gaps(folder, WEEKEND) if "may stand-down" in one]
    nights = [
        "from Thu 26 March 2026 17:30 to Fri 27 March 2026 09:00, in",
        "from Fri 27 March 2026 17:30 to Mon 30 March 2026 09:00, in",
        "from Mon 30 March 2026 17:30 to Tue 31 March 2026 09:00, and 5 times more, in",
    ]
    assert len(told) == len(nights)
    assert [night for night in nights if not any(night in one for one in told)] == []


def test_who_cannot_be_reached_covers_nothing(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    without(folder, "declare", "nest.aberdulas", "ifor.brynllwyd", "mared.cwmhelyg")
    assert gaps(folder) == []
    path = folder / PEOPLE
    text = (
        path.read_text(encoding="utf-8")
        .replace("01632 960001", "0163 96")
        .replace("samira.dastwick@ardudwy-vale.example.org", "samira.dastwick")
    )
    path.write_text(text, encoding="utf-8")
    said = [fault.sentence for fault in check(folder, NOW)]
    assert any(one.startswith("“0163 96” is nothing that sms can reach: write a whole number") for one in said)
    assert "“samira.dastwick” is nothing that email can reach: write it like name@example.org" in said
    assert "samira.dastwick has powers, but no contact to be reached on: add a number or an address" in said
    assert any("nobody who can be reached may declare from Wed 14 January 2026 22:31" in one for one in said)


def test_whose_last_key_has_ended_covers_nothing_from_then_on(tmp_path: Path) -> None:
    """They sign, and could not: a gap begins when the key ends, though a newer key would close it."""
    folder = copied(tmp_path)
    without(folder, "declare", "nest.aberdulas", "ifor.brynllwyd", "mared.cwmhelyg", "lowri.penfynach", "hari.okonwell")
    assert not [one for one in gaps(folder) if "may declare" in one]
    ended = keyring.key("x", enrolled_by="dilys.maenhir", expires_at=NOW + timedelta(hours=5))
    entry = "\n".join(key_as_yaml(ended, "samira.dastwick").splitlines()[1:])
    chief = "  role: chief executive\n"
    Break(PEOPLE, chief, f"{chief}{entry}\n", "", "").apply(folder)
    [said] = [one for one in gaps(folder) if "may declare" in one]
    assert "from Thu 15 January 2026 03:31 to " in said


@pytest.mark.parametrize(
    ("via", "address", "expected"),
    [
        ("sms", "01632 960001", True),
        ("phone", "+44 (0)1632 960001", True),
        ("phone", "+353 20 912 0001", True),
        ("phone", "999", False),
        ("sms", "01632 96OOO1 ext", False),
        ("sms", "someone@example.org", False),
        ("email", "first.last@sub.example.org", True),
        ("email", "first last@example.org", False),
        ("email", "first@example", False),
        ("email", "a@b@example.org", False),
        ("chat", "@first:chat.example.org", True),
        ("chat", "first last", False),
    ],
)
def test_a_contact_works_when_its_address_can_be_one(via: Via, address: str, *, expected: bool) -> None:
    assert works(Contact(via=via, address=address)) is expected
