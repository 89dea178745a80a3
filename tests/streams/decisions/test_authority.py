"""Authority by property: whatever the grants, hours, rotas, deputies and absences, the answer is the register's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.answers import answer
from streams.decisions.authority import LONGEST, Act, in_hours, may, may_on_all, who_could
from streams.decisions.verdict import Allowed, Refused
from streams.registers import Absence, Grant, Hours, Person, Register, Shift, WorkingHours
from streams.values import IncidentType, Power
from tests import builders
from tests.builders import COMMANDER, NOW, OFFICER, SIGNER

NAMES = ("ann", "bob", "cat", "dan")
CHANNELS = ("website", "social")
POWERS = (Power.DECLARE, Power.WITHDRAW)
MOMENTS = st.integers(0, 14 * 24 * 4).map(lambda quarters: NOW + timedelta(minutes=15 * quarters))
SPANS = st.tuples(MOMENTS, st.integers(1, 200)).map(lambda one: (one[0], one[0] + timedelta(minutes=15 * one[1])))
GRANTS = st.builds(
    Grant,
    id=st.sampled_from(["g-1", "g-2", "g-3"]),
    power=st.sampled_from(POWERS),
    types=st.lists(st.sampled_from(IncidentType), max_size=2).map(tuple),
    levels=st.lists(st.integers(1, 4), max_size=2).map(tuple),
    channels=st.lists(st.sampled_from(CHANNELS), max_size=1).map(tuple),
    hours=st.sampled_from(Hours),
    rota=st.sampled_from([None, None, "on-call"]),
)
ABSENCES = SPANS.map(lambda span: Absence(starts_at=span[0], ends_at=span[1]))
SHIFTS = st.builds(
    lambda name, span: Shift(rota="on-call", person=name, starts_at=span[0], ends_at=span[1]),
    st.sampled_from(NAMES),
    SPANS,
)


def somebody(name: str) -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        id=st.just(name),
        name=st.just(name.title()),
        role=st.just(f"role of {name}"),
        grants=st.lists(GRANTS, max_size=3).map(tuple),
        deputies=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
        away=st.lists(ABSENCES, max_size=2).map(tuple),
    )


REGISTERS = st.builds(
    lambda people, rota, holidays: Register(
        trust="Test Trust",
        people={one.id: one for one in people},
        rota=tuple(rota),
        hours=WorkingHours(bank_holidays=tuple(holidays)),
    ),
    st.tuples(*(somebody(name) for name in NAMES)),
    st.lists(SHIFTS, max_size=4),
    st.lists(MOMENTS.map(datetime.date), max_size=2),
)
ACTS = st.builds(
    Act,
    power=st.sampled_from(POWERS),
    at=MOMENTS,
    type=st.none() | st.sampled_from(IncidentType),
    level=st.none() | st.integers(1, 4),
    channel=st.none() | st.sampled_from(CHANNELS),
)


def away(name: str, at: datetime, register: Register) -> bool:
    return any(one.starts_at <= at < one.ends_at for one in register.people[name].away)


def rights(name: str, at: datetime, register: Register) -> list[tuple[str, Grant]]:
    """Said once more, plainly: own grants, and those of everybody whose first present deputy this is."""
    found = [(grant.id, grant) for grant in register.people[name].grants]
    for absent in register.people.values():
        present = [one for one in absent.deputies if not away(one, at, register)]
        if away(absent.id, at, register) and present[:1] == [name]:
            found += [(f"{grant.id}/deputy-of/{absent.id}", grant) for grant in absent.grants]
    return found


def fits(grant: Grant, name: str, act: Act, register: Register) -> bool:
    bounds = [
        (grant.types, act.type),
        (grant.levels, act.level),
        (grant.channels, act.channel),
    ]
    hours = {Hours.ALWAYS: True, Hours.IN_HOURS: in_hours(act.at, register.hours)}
    hours[Hours.OUT_OF_HOURS] = not hours[Hours.IN_HOURS]
    turns = [one for one in register.rota if one.person == name and one.starts_at <= act.at < one.ends_at]
    return (
        grant.power is act.power
        and all(not bound or value is None or value in bound for bound, value in bounds)
        and hours[grant.hours]
        and (grant.rota is None or any(one.rota == grant.rota for one in turns))
    )


def rules(name: str, act: Act, register: Register) -> list[str]:
    """Every rule by which this person may do this now."""
    if away(name, act.at, register):
        return []
    return [rule for rule, grant in rights(name, act.at, register) if fits(grant, name, act, register)]


def titles(register: Register, names: list[str]) -> list[str]:
    return [f"{register.people[name].name} ({register.people[name].role})" for name in names]


@given(register=REGISTERS, act=ACTS, name=st.sampled_from(NAMES))
def test_a_yes_names_a_rule_that_holds_and_a_no_means_that_none_does(register: Register, act: Act, name: str) -> None:
    """Power, type, level, channel, hour, rota, deputies and absences decide, and nothing else."""
    verdict, holding = may(name, act, register=register), rules(name, act, register)
    if isinstance(verdict, Allowed):
        assert verdict.rule in holding
        assert verdict.person == name
    else:
        assert holding == []


@given(register=REGISTERS, act=ACTS, name=st.sampled_from([*NAMES, "stranger"]))
def test_every_refusal_has_reasons_and_names_exactly_those_who_could(register: Register, act: Act, name: str) -> None:
    """So that the commander knows whom to ring; it fits a fact, whatever it says."""
    able = titles(register, [one for one in NAMES if isinstance(may(one, act, register=register), Allowed)])
    assert list(who_could(act, register)) == able
    verdict = may(name, act, register=register)
    if isinstance(verdict, Refused):
        assert verdict.reasons
        assert all(reason.strip() for reason in verdict.reasons)
        assert list(verdict.who_could) == able
        assert verdict.fact("declare").who_could == tuple(able)


@given(register=REGISTERS, act=ACTS, name=st.sampled_from(NAMES))
def test_on_several_channels_a_yes_means_every_one_of_them(register: Register, act: Act, name: str) -> None:
    """And who could is whoever could act on all of them at once."""
    verdict = may_on_all(name, act, channels=CHANNELS, register=register)
    able = [one for one in NAMES if all(rules(one, replace(act, channel=channel), register) for channel in CHANNELS)]
    assert isinstance(verdict, Allowed) is (name in able)
    if isinstance(verdict, Refused):
        assert list(verdict.who_could) == titles(register, able)


@given(register=REGISTERS, act=ACTS, name=st.sampled_from(NAMES), share=st.floats(0, 0.999))
def test_authority_lasts_as_long_as_it_says(register: Register, act: Act, name: str, share: float) -> None:
    """At any moment before its end the person still may, by the same rule; it never lasts more than a day."""
    verdict = may(name, act, register=register)
    if isinstance(verdict, Allowed):
        assert act.at < verdict.until <= act.at + LONGEST
        later = act.at + (verdict.until - act.at) * share
        assert verdict.rule in rules(name, replace(act, at=later), register)


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
