"""A budget is never exceeded, its reserve is always there for a mend, and nothing that waits is lost."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.channels.budgets import (
    NOTHING,
    SLOTS,
    TURNS_MAX,
    ceiling,
    count_at,
    free_at,
    with_claim,
    with_turn,
)
from streams.decisions.channels.card import ChannelKind, Rate
from streams.decisions.channels.kinds import KINDS, PLATFORMS
from streams.values import Purpose
from tests.builders import NOW

RATES = st.builds(
    lambda requests, share, seconds: Rate(requests, timedelta(seconds=seconds), kept=requests * share // 100),
    st.integers(1, 30),
    st.integers(0, 49),
    st.sampled_from([7, 60, 61, 300, 3600, 86_400]),
)
ASKED = st.lists(st.tuples(st.floats(0, 0.4), st.sampled_from(Purpose)), max_size=60)
"""Messages, each after which part of the span it comes, and what it is for."""


def sent(rate: Rate, asked: list[tuple[float, Purpose]]) -> list[tuple[datetime, Purpose]]:
    """When each message goes out if each waits until it may, and those after it with it."""
    now, spent, found = NOW, NOTHING, []
    for share, purpose in asked:
        now += rate.within * share
        while (free := free_at(spent, rate, most=ceiling(rate, purpose), now=now)) is not None:
            assert free > now
            now = free
        spent = with_claim(spent, rate, at=now)
        found.append((now, purpose))
    return found


@given(RATES, ASKED)
def test_no_span_of_that_length_has_more_than_the_budget_and_each_message_goes_out(
    rate: Rate, asked: list[tuple[float, Purpose]]
) -> None:
    """Whatever comes when, wherever the span begins; and all of it goes, in its order."""
    found = sent(rate, asked)
    assert [purpose for _, purpose in found] == [purpose for _, purpose in asked]
    moments = [at for at, _ in found]
    for first in moments:
        assert sum(first <= at < first + rate.within for at in moments) <= rate.requests


@given(RATES, ASKED)
def test_a_mend_never_waits_for_other_words(rate: Rate, asked: list[tuple[float, Purpose]]) -> None:
    """However many other words came before, as many corrections as are kept go out at once."""
    others = [(share, purpose) for share, purpose in asked if ceiling(rate, purpose) < rate.requests]
    now, spent = NOW, NOTHING
    for at, _ in sent(rate, others):
        now, spent = at, with_claim(spent, rate, at=at)
    for _ in range(rate.kept):
        assert free_at(spent, rate, most=ceiling(rate, Purpose.CORRECTION), now=now) is None
        spent = with_claim(spent, rate, at=now)


@given(RATES, ASKED)
def test_a_partners_posts_never_slow_our_own_words(rate: Rate, asked: list[tuple[float, Purpose]]) -> None:
    """However many echoes went out, as many of our own words go out at once as are kept for them."""
    echoes = [(share, Purpose.AMPLIFICATION) for share, _ in asked]
    now, spent = NOW, NOTHING
    for at, _ in sent(rate, echoes):
        now, spent = at, with_claim(spent, rate, at=at)
    for _ in range(rate.kept):
        assert free_at(spent, rate, most=ceiling(rate, Purpose.HOLDING), now=now) is None
        spent = with_claim(spent, rate, at=now)


@given(RATES, ASKED, st.integers(0, 100))
def test_more_before_it_never_brings_a_message_forward(
    rate: Rate, asked: list[tuple[float, Purpose]], before: int
) -> None:
    """And the time that is named lies ahead."""
    spent, now = NOTHING, NOW
    for at, _ in sent(rate, asked):
        now, spent = at, with_claim(spent, rate, at=at)
    most = ceiling(rate, Purpose.AMPLIFICATION)
    free = free_at(spent, rate, most=most, now=now)
    if free is None:
        assert count_at(spent, rate, now=now) < most
        return
    for number in range(before):
        spent = with_turn(spent, most=most, name=f"dlv-{number}", at=free)
        later = free_at(spent, rate, most=most, now=now)
        assert later is not None
        assert now < free <= later
        free = later


def played(
    rate: Rate, asked: list[tuple[float, Purpose]], *, late: list[float], seed: int
) -> tuple[dict[str, datetime], dict[str, int]]:
    """When each message goes out, and how often each was put off, if all are on incidents of their own.

    Those that are due try in any order, each late by a part of a slot.
    """
    slot, chance, spent = max(1, rate.within // SLOTS // timedelta(seconds=1)), Random(seed), NOTHING
    due, out, put_off, now = {}, dict[str, datetime](), Counter[str](), NOW
    for number, (share, _) in enumerate(asked):
        now += rate.within * share
        due[f"dlv-{number:02}"] = now
    while due:
        soonest = min(due.values())
        tried = [name for name, at in due.items() if at <= soonest]
        chance.shuffle(tried)
        for name in tried:
            number = int(name[4:])
            most, at = ceiling(rate, asked[number][1]), soonest + timedelta(seconds=slot * late[number])
            free = free_at(spent, rate, most=most, now=at, name=name)
            if free is None:
                spent = with_claim(spent, rate, at=at, name=name)
                out[name] = at
                del due[name]
            else:
                put_off[name] += 1
                spent = with_turn(spent, most=most, name=name, at=free)
                due[name] = free
    return out, put_off


LATE = st.lists(st.floats(0, 0.9), min_size=60, max_size=60)


@given(RATES, ASKED, LATE, st.integers())
def test_messages_of_many_incidents_are_put_off_once_each(
    rate: Rate, asked: list[tuple[float, Purpose]], late: list[float], seed: int
) -> None:
    """Each has a turn of its own on the account: when it comes, there is room for it, whoever tries first."""
    out, put_off = played(rate, [(share, Purpose.HOLDING) for share, _ in asked], late=late, seed=seed)
    assert sorted(out) == [f"dlv-{number:02}" for number in range(len(asked))]
    assert max(put_off.values(), default=0) <= 1


@given(RATES, ASKED, LATE, st.integers())
def test_messages_of_many_incidents_all_go_out_and_never_above_the_budget(
    rate: Rate, asked: list[tuple[float, Purpose]], late: list[float], seed: int
) -> None:
    """Whatever each is for: a turn is a plan, and the claims decide."""
    out, _ = played(rate, asked, late=late, seed=seed)
    assert len(out) == len(asked)
    for first in out.values():
        assert sum(first <= at < first + rate.within for at in out.values()) <= rate.requests


@given(RATES, ASKED)
def test_turns_of_other_words_never_slow_a_mend(rate: Rate, asked: list[tuple[float, Purpose]]) -> None:
    """However many wait."""
    spent = NOTHING
    for number, (_, purpose) in enumerate(asked):
        if (most := ceiling(rate, purpose)) < rate.requests:
            spent = with_turn(spent, most=most, name=f"dlv-{number}", at=NOW)
    assert free_at(spent, rate, most=ceiling(rate, Purpose.WITHDRAWAL), now=NOW) is None


def test_turns_are_kept_only_as_long_as_they_count_and_only_so_many() -> None:
    """A delivery that was cancelled meanwhile takes no room for ever, and a flood does not fill the row."""
    rate, spent = Rate(4, timedelta(minutes=1), kept=1), NOTHING
    for number in range(TURNS_MAX + 10):
        spent = with_turn(spent, most=3, name=f"dlv-{number}", at=NOW + timedelta(seconds=number % 50))
    assert len(spent.turns) == TURNS_MAX
    spent = with_claim(spent, rate, at=NOW + timedelta(minutes=3), name="another")
    assert spent.turns == {}


@given(RATES, ASKED)
def test_what_is_kept_of_an_account_does_not_grow(rate: Rate, asked: list[tuple[float, Purpose]]) -> None:
    """Some slots of one span, however much was sent."""
    spent = NOTHING
    for at, _ in sent(rate, asked):
        spent = with_claim(spent, rate, at=at)
    assert len(spent.claims) <= 130


@pytest.mark.parametrize(
    "kind", [one for one in (*KINDS.values(), *PLATFORMS.values()) if one.rate], ids=lambda k: k.name
)
def test_every_card_leaves_something_for_each(kind: ChannelKind) -> None:
    """Corrections, our own words and partners' posts all have a part of the budget."""
    assert kind.rate
    assert 0 < 2 * kind.rate.kept < kind.rate.requests
