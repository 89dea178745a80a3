"""Bank holidays come with the nation that a trust names."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agents.adapters.registers import check, load
from agents.adapters.registers.rota.nations import Nation, bank_holidays
from streams.decisions.authority.working_hours import in_hours
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import TRUST
from tests.examples import NOW, example_register

PROCLAIMED = [
    # As published by the government for England and Wales.
    *("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28"),
    *("2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28"),
    *("2028-01-03", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-29", "2028-08-28", "2028-12-25", "2028-12-26"),
]


@pytest.mark.parametrize("nation", ["england", "wales"])
def test_the_days_on_which_nobody_works_are_those_that_were_proclaimed(nation: Nation) -> None:
    """Three years, without the weekends, which are not worked anyway."""
    found = bank_holidays(nation, 2027)
    weekdays = [day for day in sorted(found) if day.year in (2026, 2027, 2028) and day.weekday() in range(5)]
    assert weekdays == [date.fromisoformat(day) for day in PROCLAIMED]


@pytest.mark.parametrize(
    ("nation", "own", "others"),
    [
        ("scotland", "2026-11-30", "2026-04-06"),
        ("northern-ireland", "2026-07-13", "2026-11-30"),
        ("wales", "2026-04-06", "2026-11-30"),
    ],
)
def test_each_nation_has_days_of_its_own(nation: Nation, own: str, others: str) -> None:
    found = bank_holidays(nation, 2026)
    assert date.fromisoformat(own) in found
    assert date.fromisoformat(others) not in found


def test_the_years_about_now_are_filled_in() -> None:
    assert {day.year for day in example_register().hours.bank_holidays} == set(range(NOW.year - 1, NOW.year + 6))


def test_the_trust_adds_days_of_its_own(tmp_path: Path) -> None:
    """An added day is a local one: it begins at midnight there, in summer an hour before midnight UTC."""
    folder = copied(tmp_path)
    Break(TRUST, "hours:\n", "hours:\n  bank_holidays: [2026-08-03]\n", "", "").apply(folder)
    hours = load(folder, NOW).hours
    assert not in_hours(datetime(2026, 8, 3, 8, 0, tzinfo=UTC), hours)
    assert in_hours(datetime(2026, 8, 4, 8, 0, tzinfo=UTC), hours)
    assert not in_hours(datetime(2026, 8, 31, 8, 0, tzinfo=UTC), hours)


def test_a_nation_that_is_none_is_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken = Break(TRUST, "nation: wales", "nation: Ardudwy", "nation: Ardudwy", "nation is “Ardudwy”")
    broken.apply(folder)
    assert broken.is_found(list(check(folder, NOW)), folder)
