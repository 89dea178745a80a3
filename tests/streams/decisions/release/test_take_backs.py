"""The words of a take-back: the register's own, approved like all others, and what happens without them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from streams.subjects.attention import waiting
from streams.values import Purpose
from streams.words.register.entries import Template
from streams.words.release import Release
from tests import builders
from tests.builders import COMMANDER, NOW
from tests.streams.decisions.release.test_partner_posts import GONE, after, echoed, withdrawals


def unapproved() -> Template:
    return builders.take_back().model_copy(update={"approval": None})


def edited() -> Template:
    return builders.take_back().model_copy(update={"title": "Edited since"})


def run_out() -> Template:
    return builders.approved(builders.take_back(), expires_at=NOW - timedelta(days=1))


def test_the_words_of_a_take_back_are_the_registers_as_a_second_person_approved_them() -> None:
    """In each language of the trust, with the partner's name; the record names the template and its content."""
    incident = echoed()
    [withdrawal] = withdrawals(after(incident, GONE)[0])
    assert withdrawal.texts == {
        "en": "Vale Ambulance has changed a post. Please do not rely on it.",
        "cy": "Mae Vale Ambulance wedi newid neges. Peidiwch â dibynnu arni.",
    }
    assert (withdrawal.template, withdrawal.template_hash) == ("take-back", builders.take_back().content_hash())


def test_an_approval_that_only_ran_out_still_takes_back() -> None:
    """As for every withdrawal: to stop is the easier thing."""
    assert withdrawals(after(echoed(), GONE, register=builders.register(templates={"take-back": run_out()}))[0])


@pytest.mark.parametrize("made", [None, unapproved, edited], ids=["none", "not approved", "edited since"])
def test_without_approved_words_nothing_is_said_and_a_person_decides(made: Callable[[], Template] | None) -> None:
    """What the partner did is on the record, the copy waits for a person, and the page says what to type."""
    register = builders.register(templates={"take-back": made()} if made else {})
    facts, then = after(echoed(), GONE, register=register)
    assert [fact.body.kind for fact in facts if fact.body.kind.startswith(("message", "delivery"))] == []
    assert "amplified_post_changed" in {fact.body.kind for fact in facts}
    [copy] = then.messages
    assert [(one.kind, one.what) for one in waiting(then, NOW)] == [("changed-post", copy)]


def test_a_person_says_in_the_same_words_that_a_post_is_taken_back() -> None:
    """The template has the partner's name by the post that the withdrawal follows."""
    incident = echoed()
    [copy] = incident.messages
    body = Release(template="take-back", purpose=Purpose.WITHDRAWAL, follows=copy)
    [withdrawal] = withdrawals(after(incident, body, COMMANDER)[0])
    assert withdrawal.texts["en"].startswith("Vale Ambulance has changed")
