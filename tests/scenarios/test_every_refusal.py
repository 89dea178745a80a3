"""Every place where a decision can refuse is walked: the refusal says what is wrong, what to do, and who could say yes.

A new refusal without a case fails here: the places are read from the source, see `tests/refusals/places.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import get_args

import pytest
from pydantic import BaseModel

from agents.runtime.views.console_words import console_says
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import answer
from streams.decisions.verdict import NOBODY, Refused
from streams.values import IncidentType, Power
from streams.why import Why, in_terms
from streams.words.facts import CommandRefused
from streams.words.release import LineDrafted
from streams.words.sign_off import SearchOutcome
from tests import oracle
from tests.refusals import places
from tests.refusals.accounts import ACCOUNTS
from tests.refusals.asking import ASKING
from tests.refusals.by_hand import CASES_BY_HAND
from tests.refusals.case import Case, from_
from tests.refusals.cases import CASES_OF_PEOPLE
from tests.refusals.changes import CHANGES
from tests.refusals.deleting import DELETIONS
from tests.refusals.network import NETWORK
from tests.refusals.our_words import CALLED, OURS, WHAT_ORDERS_DO, gaps_in
from tests.refusals.partners import PARTNERS
from tests.refusals.people import PEOPLE
from tests.refusals.plans import PLANS
from tests.refusals.proofs import PROOFS
from tests.refusals.sending import SENDS
from tests.refusals.stories import STORIES
from tests.refusals.watch import WATCHED
from tests.refusals.words import WORDS

CASES: Sequence[Case] = (
    *PEOPLE,
    *WORDS,
    *STORIES,
    *PROOFS,
    *ASKING,
    *SENDS,
    *CHANGES,
    *CASES_OF_PEOPLE,
    *PARTNERS,
    *CASES_BY_HAND,
    *DELETIONS,
    *ACCOUNTS,
    *PLANS,
    *NETWORK,
    *WATCHED,
)


@dataclass(frozen=True)
class Walked:
    """What became of every case."""

    heard: places.Heard
    answers: Sequence[Sequence[object]]


@pytest.fixture(scope="module")
def walked() -> Walked:
    heard = places.Heard()
    with pytest.MonkeyPatch.context() as patch:
        heard.listens(patch)
        answers = [told(case) for case in CASES]
    heard.said.extend(words for one in answers for words in said(one))
    return Walked(heard, answers)


def told(case: Case) -> Sequence[object]:
    given = case.given()
    return answer(given) if isinstance(given, Order) else list(given)


def said(answers: Iterable[object]) -> Iterator[str]:
    """Every sentence in which something is refused, put off or passed over."""
    for one in answers:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Refused | CommandRefused):
            yield from one.reasons
        elif isinstance(one, LineDrafted):
            yield from one.message.doubts
        elif isinstance(one, BaseModel):
            yield from (str(words) for name, words in one if name in {"reason", "words"} and words)


def test_every_place_that_can_refuse_is_walked(walked: Walked) -> None:
    """No call that makes a refusal is left out."""
    assert sorted(places.calls() - walked.heard.places) == []


def test_every_sentence_of_a_refusal_is_heard(walked: Walked) -> None:
    """Also those that are one of many reasons in one refusal."""
    heard = set(walked.heard.said)
    assert [place for place, words in places.sentences().items() if not any(map(words.search, heard))] == []


def test_no_refusal_tells_a_moment_in_another_zone_than_the_trusts(walked: Walked) -> None:
    """People of the trust read their own clocks: a time in UTC is an hour wrong for them all summer."""
    assert [one for one in walked.heard.said if re.search(r"\d\d:\d\d(:\d\d)?(\.\d+)?( ?UTC|Z)\b", one)] == []


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.says for case in CASES])
def test_a_refusal_says_what_it_is_about(walked: Walked, number: int) -> None:
    case, answers = CASES[number], walked.answers[number]
    assert case.says in "; ".join(said(answers)), answers


def test_nobody_is_named_whom_the_oracle_has_not_judged(walked: Walked) -> None:
    """Where a refusal names people, or says that there is nobody, its case says who they should be."""
    for case, answers in zip(CASES, walked.answers, strict=True):
        for refused in answers:
            if isinstance(refused, CommandRefused) and (refused.who_could or NOBODY in refused.reasons):
                assert case.could or not isinstance(case.given(), Order), refused


WELSH = console_says("cy", is_live=True).forms
WELSH_KINDS = frozenset(kind for kind in WELSH if ":" not in kind and kind != "or")
UNTOLD_MAX = 11
"""At most so many sentences of refusals that a page can show are in English on Welsh pages: a new one says its kind."""


def gaps(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


def test_each_kind_of_reason_has_its_form_in_welsh_and_each_form_its_kind() -> None:
    """A new kind without a Welsh form fails here."""
    assert sorted(places.kinds()) == sorted(WELSH_KINDS)
    assert {
        kind: named for kind, named in places.kinds().items() if named not in {None, frozenset(gaps(WELSH[kind]))}
    } == {}


def test_every_refusal_whose_reasons_have_kinds_is_told_in_welsh(walked: Walked) -> None:
    """With everything in it that fills the English sentence, the reasons inside reasons too, and our words in Welsh."""
    heard: set[str] = set()
    for fact in (one for answers in walked.answers for one in answers):
        for why in filter(None, made(fact)):
            told = why.told(WELSH)
            assert told, why
            assert why.told({}) is None, why
            assert gaps(WELSH[why.kind]) == set(why.gaps), why
            heard.add(why.kind)
            for gap, words in gaps_in(why):
                assert gap in CALLED or not (set(in_terms(gap, words, forms=WELSH).split(", ")) & OURS), (
                    why.kind,
                    gap,
                    words,
                )
    assert len(heard) > len(WELSH_KINDS) / 2


def made(fact: object) -> Sequence[Why | None]:
    """How the reasons in this fact were made, where it keeps that."""
    kept = (getattr(one, "why", ()) for one in (fact, getattr(fact, "message", None)))
    return [why for one in kept if isinstance(one, tuple) for why in one]


def test_moments_are_told_in_welsh_and_what_a_person_wrote_stays_as_it_is() -> None:
    for told, welsh in (("14 Jan 2026 22:31 GMT", "14 Ion 2026 22:31 GMT"), ("15 January", "15 Ionawr")):
        assert in_terms("time", told, forms=WELSH) == welsh
        assert in_terms("reason", told, forms=WELSH) == told


def test_each_power_type_and_order_has_its_words_in_welsh() -> None:
    """Wherever a reason names one, so that no word of ours is English in a Welsh sentence."""
    types, ends = IncidentType, get_args(SearchOutcome)
    named = (("power", Power), ("type", types), ("types", types), ("words", WHAT_ORDERS_DO), ("ended", ends))
    for gap, words in named:
        assert [one for one in words if f"{gap}:{one}" not in WELSH] == []


def test_no_new_refusal_is_in_english_alone() -> None:
    assert len(places.untold()) <= UNTOLD_MAX, "make the reason with `because`, and put its form into reasons.json"


AUTHORITY = [number for number, case in enumerate(CASES) if case.could]


@pytest.mark.parametrize("number", AUTHORITY, ids=[CASES[number].says for number in AUTHORITY])
def test_where_authority_is_the_matter_exactly_those_are_named_who_could_say_yes(walked: Walked, number: int) -> None:
    """By an oracle of their own; and where nobody can, that is said."""
    order, (refused,) = CASES[number].given(), walked.answers[number]
    could = CASES[number].could
    assert isinstance(order, Order)
    assert isinstance(refused, CommandRefused)
    assert could
    able = could.names(order)
    assert sorted(refused.who_could) == sorted(oracle.titles(order.register, able))
    assert (NOBODY in refused.reasons) is (not able)
    if could.same:
        others = [name for name in order.register.people if not refuses(from_(order, name))]
        assert sorted(others) == sorted(able)


def refuses(order: Order) -> bool:
    return any(isinstance(fact, CommandRefused) for fact in answer(order))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.says for case in CASES])
def test_every_reason_says_what_to_do(walked: Walked, number: int) -> None:
    """After what is wrong stands what to do about it, or whom to ask; and no value of a program stands in it."""
    for refused in walked.answers[number]:
        if isinstance(refused, Refused | CommandRefused):
            advice = [bool(refused.who_could) or bool(re.search(r"\w.*: \w", one)) for one in refused.reasons]
            assert all(advice), refused.reasons
            assert [one for one in refused.reasons if re.search(r"\bNone\b|[\[\]<>]|\(\)|  |: :", one)] == []
