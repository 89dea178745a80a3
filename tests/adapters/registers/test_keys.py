"""`check` finds what is wrong with keys, and only a second person with the power enrols one."""

from pathlib import Path

import pytest

from agents.adapters.registers import check, enrol, key_as_yaml, report
from streams.words.register.keys import Key
from tests import keyring
from tests.adapters.breaking import Break, copied
from tests.examples import APPROVER, CHIEF, NOW, WRITER, example_register

PEOPLE, TRUST = "register/people.yaml", "register/trust.yaml"
ENROLLER = "dilys.maenhir"
CHAIR = "  role: chair\n"


def key(name: str = CHIEF, **changes: str) -> Key:
    return keyring.key(name, enrolled_by=ENROLLER).model_copy(update=changes)


def entry(one: Key) -> str:
    """The lines that enrolling prints, as they stand in a person's entry."""
    return "\n".join(key_as_yaml(one, CHIEF).splitlines()[1:]) + "\n"


def with_key(folder: Path, lines: str = "", *, after: str = CHAIR) -> Path:
    """A copy of the example whose chair has this key."""
    copied(folder)
    Break(PEOPLE, after, after + (lines or entry(key())), "", "").apply(folder)
    return folder


def test_the_printed_entry_is_a_sound_one(tmp_path: Path) -> None:
    assert report(check(with_key(tmp_path), NOW)) == report(check(copied(tmp_path / "plain"), NOW))


BREAKS = [
    Break(PEOPLE, f"enrolled_by: {ENROLLER}", "enrolled_by: gwilym.heddfan", "enrolled_by: gwilym", "whose own it is"),
    Break(PEOPLE, f"enrolled_by: {ENROLLER}", f"enrolled_by: {WRITER}", f"enrolled_by: {WRITER}", "may not enrol keys"),
    Break(PEOPLE, "enrolled_by: dilys", "enrolled_by: d", "enrolled_by: d.", "may not enrol keys"),
    Break(
        PEOPLE, "expires_at: 2026-12-15", "expires_at: 2026-01-14", "expires_at: 2026-01", "expired on 14 January 2026"
    ),
    Break(
        PEOPLE, "expires_at: 2026-12-15", "expires_at: 2026-02-10", "expires_at: 2026-02", "expires on 10 February 2026"
    ),
    Break(PEOPLE, "expires_at: 2026-12", "expires_at: 2025-12", "expires_at: 2025-12", "ends before it begins"),
    Break(PEOPLE, key().public_key[:9], "not/base64", "not/base64", "is no public key"),
    Break(PEOPLE, f'"{key().public_key}"', f'"{"A" * 43}="', "AAAA", "a key that anybody can sign with"),
    Break(
        PEOPLE,
        "      expires_at: 2026-12-15T22:31:00Z\n",
        "      expires_at: 2026-12-15T22:31:00Z\n      revoked_at: 2026-01-10T00:00:00Z\n",
        "  keys:",
        "no key of gwilym.heddfan is in force",
    ),
    Break(PEOPLE, entry(key()), entry(key()) + entry(key()).partition("\n")[2], "", "is given twice"),
    Break(TRUST, "languages:", "unsigned_orders: refused\nlanguages:", "", "has powers and no key"),
    Break(TRUST, "languages:", "unsigned_orders: perhaps\nlanguages:", "unsigned_orders", "unsigned_orders is"),
]


@pytest.mark.parametrize("broken", BREAKS, ids=[broken.says for broken in BREAKS])
def test_each_fault_of_a_key_is_found_at_its_line(broken: Break, tmp_path: Path) -> None:
    folder = with_key(tmp_path)
    broken.apply(folder)
    found = list(check(folder, NOW))
    said = any(broken.says in one.sentence for one in found) if not broken.at else broken.is_found(found, folder)
    assert said, report(found)


def test_a_key_of_two_people_is_found(tmp_path: Path) -> None:
    folder = with_key(tmp_path)
    Break(PEOPLE, "  role: medical director\n", "  role: medical director\n" + entry(key()), "", "").apply(folder)
    assert any("is also the one of gwilym.heddfan" in one.sentence for one in check(folder, NOW))


def test_a_second_person_with_the_power_enrols_a_key() -> None:
    assert enrol(example_register(), key(), person=CHIEF) is None


@pytest.mark.parametrize(
    ("person", "by", "says"),
    [
        (ENROLLER, ENROLLER, "cannot enrol a key of their own"),
        (CHIEF, WRITER, "has no power to enrol-key"),
        (CHIEF, "stranger", "is not on the register"),
        ("stranger", ENROLLER, "stranger is not on the register"),
    ],
)
def test_who_may_not_enrol_a_key_is_told_and_who_could(person: str, by: str, says: str) -> None:
    refused = enrol(example_register(), key(enrolled_by=by), person=person)
    assert refused
    assert says in refused.reasons[0]
    assert person == "stranger" or "Beca Tirglas (medical director)" in (refused.who_could or ())


def test_a_key_that_somebody_holds_is_not_enrolled_again() -> None:
    register = example_register()
    holder = register.people[APPROVER].model_copy(update={"keys": (key(),)})
    held = register.model_copy(update={"people": {**register.people, APPROVER: holder}})
    refused = enrol(held, key(), person=CHIEF)
    assert refused
    assert f"{APPROVER} holds the key" in refused.reasons[0]
