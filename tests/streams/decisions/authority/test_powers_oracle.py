"""Authority by property: whatever the grants, hours, rotas, deputies and absences, the answer is the register's own."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.authority.powers import Act, may, may_on_all, who_could
from streams.decisions.authority.working_hours import LONGEST
from streams.decisions.verdict import Allowed, Refused
from streams.values import IncidentType, Power
from streams.words.register.entries import Absence, Grant, Hours, Person, Register, Shift, WorkingHours
from tests.builders import NOW
from tests.oracle import rules, titles

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
        assert list(verdict.who_could or ()) == able
        assert verdict.fact("declare").who_could == tuple(able)


@given(register=REGISTERS, act=ACTS, name=st.sampled_from(NAMES))
def test_on_several_channels_a_yes_means_every_one_of_them(register: Register, act: Act, name: str) -> None:
    """And who could is whoever could act on all of them at once."""
    verdict = may_on_all(name, act, channels=CHANNELS, register=register)
    able = [one for one in NAMES if all(rules(one, replace(act, channel=channel), register) for channel in CHANNELS)]
    assert isinstance(verdict, Allowed) is (name in able)
    if isinstance(verdict, Refused):
        assert list(verdict.who_could or ()) == titles(register, able)


@given(register=REGISTERS, act=ACTS, name=st.sampled_from(NAMES), share=st.floats(0, 0.999))
def test_authority_lasts_as_long_as_it_says(register: Register, act: Act, name: str, share: float) -> None:
    """At any moment before its end the person still may, by the same rule; it never lasts more than a day."""
    verdict = may(name, act, register=register)
    if isinstance(verdict, Allowed):
        assert act.at < verdict.until <= act.at + LONGEST
        later = act.at + (verdict.until - act.at) * share
        assert verdict.rule in rules(name, replace(act, at=later), register)
