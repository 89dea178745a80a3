"""Partners that say otherwise than one another: the later post waits for a person, who sees which is right."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.partners.contradictions import COMPARED_WITHIN, contradicted
from streams.subjects.attention import waiting
from streams.telling.network.partners_beside import differing_posts
from streams.words.release import LineDrafted, MessageAuthorised
from tests import builders
from tests.builders import NOW
from tests.refusals.partners import two_partners
from tests.streams.decisions.release.test_partner_posts import GONE, after, post, public

POLICE = {"partner": "police", "account_id": "did:vale:2"}


def answered(first: str, second: str, *, later: timedelta = timedelta(), who: Mapping[str, str] = POLICE) -> Any:
    """What the desk makes of the second post once the first is out."""
    register = two_partners()
    _, incident = after(builders.declared(), post(1, first), register=register)
    body = post(2, second, **who).model_copy(update={"posted_at": NOW + later})
    return after(incident, body, register=register, now=NOW + later)[0][0].body


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Two people have died.", "Nobody has died."),
        ("2 people are dead.", "Three were killed."),
        ("Mae dau wedi marw.", "3 people died."),
        ("Please evacuate now.", "Please stay inside."),
        ("Leave your homes.", "Arhoswch y tu mewn."),
    ],
)
def test_the_later_of_two_that_disagree_waits_for_a_person(first: str, second: str) -> None:
    """It says with whom and about what; neither is called wrong, and nothing counts against an account."""
    body = answered(first, second)
    assert isinstance(body, LineDrafted)
    assert not body.is_strange
    assert any(
        f"says otherwise than Vale Ambulance (post “{first}” of 22:31 GMT) about" in one for one in body.message.doubts
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Two people have died.", "2 people died."),
        ("Two people have died.", "Three people are hurt."),
        ("Please evacuate.", "Do not stay inside."),
        ("Please evacuate.", "The road is closed."),
        ("Two people have died.", "The road is closed."),
    ],
)
def test_what_agrees_or_is_about_something_else_goes_out(first: str, second: str) -> None:
    assert isinstance(answered(first, second), MessageAuthorised)


def test_what_was_taken_back_says_nothing_any_more() -> None:
    """Its author deleted it before the other partner spoke."""
    register = two_partners()
    _, incident = after(builders.declared(), post(1, "Two people have died."), register=register)
    _, incident = after(public(incident), GONE, register=register)
    body = post(2, "Nobody has died.", **POLICE)
    assert isinstance(after(incident, body, register=register)[0][0].body, MessageAuthorised)


@pytest.mark.parametrize(
    ("later", "waiting_now"), [("The road is closed.", 1), ("You may leave now.", 0), ("Do not stay inside.", 0)]
)
def test_what_a_partner_said_holds_until_it_speaks_about_the_same_again(later: str, waiting_now: int) -> None:
    """A post about the road leaves standing that people are to stay inside; one about leaving takes its place."""
    register = two_partners()
    _, incident = after(builders.declared(), post(1, "Please stay inside."), register=register)
    _, incident = after(public(incident), post(2, later), register=register)
    facts, incident = after(public(incident), post(3, "Leave your homes.", **POLICE), register=register)
    assert isinstance(facts[0].body, LineDrafted if waiting_now else MessageAuthorised)
    assert len(differing_posts(incident)) == waiting_now
    assert sum(1 for one in waiting(incident, NOW) if one.beside) == waiting_now


def test_a_partner_may_say_more_than_it_said_and_what_is_old_is_not_compared() -> None:
    own = {"partner": "ambulance", "account_id": "did:vale:1"}
    assert isinstance(answered("Two people have died.", "Three people have died.", who=own), MessageAuthorised)
    later = COMPARED_WITHIN + timedelta(minutes=1)
    assert isinstance(answered("Two people have died.", "Three people have died.", later=later), MessageAuthorised)


@given(text=st.text(max_size=200))
def test_any_words_at_all_are_compared(text: str) -> None:
    _, incident = after(builders.declared(), post(1, "Two people have died. Please evacuate."))
    order = builders.order(post(2), incident)
    assert len(list(contradicted(order, two_partners().partners["police"], text=text))) <= 2
