"""The words of a take-back: the register's own, approved like all others, and what happens without them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from streams.decisions.partners.accounts import post_became
from streams.decisions.release.take_backs import is_due
from streams.decisions.sign_off.concerns import rule_for
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident, Status
from streams.subjects.past import Past, ended, set_aside, whole
from streams.telling.facts import fact_line
from streams.values import Purpose
from streams.words.delivery import DeliveryState
from streams.words.orders import Tick
from streams.words.register.entries import Template
from streams.words.release import AmplifiedPostChanged, NotePostChange, PostChange, Release
from tests import builders
from tests.builders import COMMANDER, NOW, WRITER
from tests.streams.decisions.release.test_partner_posts import GONE, after, echoed, post, public, withdrawals


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


LATER = NOW + timedelta(hours=2)
TICK = Tick()


def warned() -> Incident:
    """An incident in which a warning is out that holds for two hours."""
    return public(after(builders.declared(), post(lapses_at=LATER))[1])


@pytest.mark.parametrize("change", get_args(PostChange))
def test_whatever_becomes_of_a_post_ours_is_taken_back_on_each_channel(change: PostChange) -> None:
    """Edited, deleted, past its time, its account suspended or gone: at once, and nobody has to be found for it."""
    facts, then = after(echoed(), NotePostChange(credit=builders.credit(), change=change))
    [withdrawal] = withdrawals(facts)
    [noted] = [fact.body for fact in facts if isinstance(fact.body, AmplifiedPostChanged)]
    assert post_became(noted) in fact_line(next(fact for fact in facts if fact.body is noted))
    assert all(one.state is DeliveryState.CONFIRMED for one in public(then).deliveries.values())
    assert withdrawal.channels


@pytest.mark.parametrize("thinned", [False, True])
def test_a_warning_that_is_over_is_taken_back_by_the_passing_of_time(thinned: bool) -> None:  # noqa: FBT001 - two cases
    """Also once it left memory, and once only; before its time nothing happens."""
    incident = warned()
    state, rows = set_aside(incident, at=NOW) if thinned else (incident, {})
    early = replace(builders.order(TICK, state, "clock"), past=Past(rows.get))
    assert not is_due(state, NOW)
    assert builders.judged(early)[0] == []
    late = replace(builders.order(TICK, state, "clock", now=LATER, id="late"), past=Past(rows.get))
    assert is_due(state, LATER)
    facts, then = builders.judged(late)
    assert len(withdrawals(facts)) == 1
    assert not is_due(whole(then, rows), LATER)


def test_a_warning_that_was_taken_back_before_its_time_is_not_taken_back_again() -> None:
    _, then = after(warned(), NotePostChange(credit=builders.credit(lapses_at=LATER), change="deleted"))
    assert not is_due(public(then), LATER)


def test_an_incident_stays_in_memory_until_its_warnings_are_taken_back() -> None:
    """Else no time would pass for them."""
    over = warned().model_copy(update={"status": Status.STOOD_DOWN, "searches": {}})
    assert ended(over, NOW + timedelta(days=9), kept=timedelta()) is None


def test_words_that_cannot_be_taken_back_by_themselves_are_the_first_thing_that_waits() -> None:
    """Without approved words a person has to decide, and is paged: before all else that waits."""
    register = builders.register(templates={})
    _, incident = after(builders.declared(), post(), register=register)
    _, incident = after(public(incident), GONE, register=register)
    _, incident = after(incident, builders.line(), WRITER, register=register)
    kinds = [one.kind for one in waiting(incident, NOW)]
    assert kinds[0] == "changed-post"
    assert rule_for("changed-post", register).pages == "now"
