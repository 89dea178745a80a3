"""Authority by example: hours, deputies, and who is named as able."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.authority.working_hours import LONGEST, in_hours
from streams.decisions.desk.order_table import answer
from streams.decisions.verdict import Allowed, Refused
from streams.values import Power
from streams.words.register.entries import Absence, Grant, Hours, Person
from tests import builders
from tests.builders import COMMANDER, NOW, OFFICER, SIGNER


def test_somebody_who_may_not_in_any_case_is_not_named() -> None:
    """The writer of a line is nobody to ask for its sign-off."""
    act = Act(Power.SIGN_OFF_LINE, NOW)
    names = who_could(act, builders.register(), but=SIGNER)
    assert names
    assert not [name for name in names if "Medical" in name]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-14T08:59:59+00:00", False),
        ("2026-01-14T09:00:00+00:00", True),
        ("2026-01-14T16:59:59+00:00", True),
        ("2026-01-14T17:00:00+00:00", False),
        ("2026-01-17T12:00:00+00:00", False),  # a Saturday
        ("2026-03-27T08:30:00+00:00", False),  # the Friday before summer time begins
        ("2026-03-30T08:30:00+00:00", True),  # the Monday after: 09:30 in London
        ("2026-03-30T16:30:00+00:00", False),
        ("2026-10-23T08:30:00+00:00", True),  # the Friday before it ends
        ("2026-10-26T08:30:00+00:00", False),
        ("2026-10-26T16:30:00+00:00", True),
        ("2026-12-25T12:00:00+00:00", False),  # a bank holiday
        ("2026-12-28T12:00:00+00:00", False),  # Boxing Day's substitute
        ("2026-12-29T12:00:00+00:00", True),
    ],
)
def test_working_hours_are_those_of_the_trusts_own_clock(moment: str, expected: bool) -> None:  # noqa: FBT001 - a table of examples
    """In summer the clock shows an hour more than UTC; weekends and bank holidays are never in hours."""
    assert in_hours(datetime.fromisoformat(moment), builders.register().hours) is expected


def test_by_night_the_director_and_by_day_the_officer_declares() -> None:
    """Who has authority depends on the hour, and a refusal by day names the officer."""
    register = builders.register()
    noon = NOW.replace(hour=12)
    assert isinstance(may(COMMANDER, Act(Power.DECLARE, NOW), register=register), Allowed)
    refused = may(COMMANDER, Act(Power.DECLARE, noon), register=register)
    assert isinstance(refused, Refused)
    assert refused.who_could == ("Test Chief Operating Officer (Chief Operating Officer)",)
    assert isinstance(may(OFFICER, Act(Power.DECLARE, noon), register=register), Allowed)


def test_at_a_weekend_an_opening_hour_ends_nothing() -> None:
    """On a Saturday at nine nothing opens: out-of-hours authority given a minute before goes on."""
    weekend = datetime(2026, 1, 17, 8, 59, tzinfo=UTC)
    grant = Grant(id="g", power=Power.DECLARE, hours=Hours.OUT_OF_HOURS)
    person = Person(id="ann", name="Ann", role="Director", grants=(grant,))
    verdict = may("ann", Act(Power.DECLARE, weekend), register=builders.register(people={"ann": person}))
    assert isinstance(verdict, Allowed)
    assert verdict.until == weekend + LONGEST


def test_only_the_first_deputy_who_is_there_stands_in() -> None:
    """An ordered chain: the second stands in only while the first is away as well."""
    gone = Absence(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    chief = builders.person("chief", Power.DECLARE, deputies=("chair", "director")).model_copy(update={"away": (gone,)})
    chair, director = builders.person("chair"), builders.person("director")
    act = Act(Power.DECLARE, NOW)

    register = builders.register(people={one.id: one for one in (chief, chair, director)})
    verdict = may("chair", act, register=register)
    assert isinstance(verdict, Allowed)
    assert (verdict.rule, verdict.until) == ("chief/declare/deputy-of/chief", gone.ends_at)
    assert isinstance(may("director", act, register=register), Refused)

    register = builders.register(
        people={one.id: one for one in (chief, chair.model_copy(update={"away": (gone,)}), director)}
    )
    assert isinstance(may("director", act, register=register), Allowed)
    assert isinstance(may("chief", act, register=register), Refused)


def test_the_longest_names_still_fit_a_fact() -> None:
    """A rule by deputy and a long name with a long role are no reason to fail."""
    gone = Absence(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    grants = (Grant(id="g" * 120, power=Power.DECLARE),)
    absent = Person(id="a" * 120, name="A" * 200, role="R" * 200, grants=grants, deputies=("deputy",), away=(gone,))
    deputy = Person(id="deputy", name="D" * 200, role="S" * 200)
    register = builders.register(people={absent.id: absent, "deputy": deputy})
    declared = answer(builders.order(builders.declaration(), by="deputy", register=register))
    assert builders.kinds(declared) == ["incident_declared"]
    refused = answer(builders.order(builders.declaration(), by=absent.id, register=register))
    assert builders.kinds(refused) == ["command_refused"]
