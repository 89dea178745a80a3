"""A warning that its source makes stricter: what it said is taken back, and what it says now goes out in its place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.release.channel_order import waits_for
from streams.subjects.incident import Incident
from streams.subjects.past import Past, set_aside
from streams.values import Purpose
from streams.words.delivery import DeliveryState
from streams.words.facts import CommandRefused, Fact
from streams.words.release import Amplify, LineDrafted, MessageAuthorised, NotePostChange, newer
from tests import builders
from tests.builders import DRILL, NOW
from tests.streams.decisions.release.test_partner_posts import AGENT, GONE, after, edit, post, public, withdrawals

ALERT, WARNING, SEVERE = (
    f"{word} for the Vale: be ready." for word in ("Flood alert", "Flood warning", "Severe flood")
)
LATER = NOW + timedelta(minutes=5)


def renewing(text: str) -> Amplify:
    return post(text=text).model_copy(update={"renews": True})


def raised(incident: Incident, text: str, number: int = 1, **changes: Any) -> tuple[Sequence[Fact], Incident]:
    """What the desk makes of an edited warning: the two orders of the agent, one behind the other."""
    noted, incident = after(incident, edit(text), id=f"note-{number}", **changes)
    out, incident = after(incident, renewing(text), id=f"renew-{number}", **changes)
    return [*noted, *out], incident


def standing(incident: Incident) -> list[str]:
    """The posts of partners that the public reads, or will once all channels have answered."""
    gone = {one.follows for one in incident.messages.values() if one.purpose is Purpose.WITHDRAWAL}
    asked = {one.message_id for one in incident.deliveries.values() if one.state is not DeliveryState.REFUSED}
    return [one.texts["en"] for one in incident.messages.values() if one.credit and one.id in asked - gone]


def warned(mode: str = builders.LIVE) -> Incident:
    return public(after(builders.declared(mode), post(text=ALERT))[1])


@pytest.mark.parametrize("mode", [builders.LIVE, DRILL])
def test_the_newer_words_go_out_by_themselves_and_the_older_are_taken_back_first(mode: str) -> None:
    """On every channel the withdrawal goes before them."""
    facts, then = raised(warned(mode), WARNING)
    bodies = [fact.body for fact in facts]
    [withdrawal] = withdrawals(facts)
    [newest] = [one.message for one in bodies if isinstance(one, MessageAuthorised) and one.message.credit]
    assert [one.message.id for one in bodies if isinstance(one, MessageAuthorised)] == [withdrawal.id, newest.id]
    for one in then.deliveries.values():
        if one.message_id == newest.id:
            first = waits_for(then, one, register=builders.register())
            assert first is not None
            assert (first.message_id, first.channel) == (withdrawal.id, one.channel)
    assert [WARNING in text for text in standing(public(then))] == [True]
    assert {one.state for one in public(then).deliveries.values()} == {DeliveryState.CONFIRMED}


def test_each_of_several_steps_takes_the_place_of_the_one_before_it() -> None:
    """Also back down to words that it had before, and its deletion takes back the newest."""
    incident = warned()
    for number, text in enumerate((WARNING, SEVERE, ALERT, WARNING)):
        facts, incident = raised(incident, text, number, now=LATER)
        incident = public(incident)
        assert [one.split(": ", 1)[1] for one in standing(incident)] == [text]
        assert len(withdrawals(facts)) == 1
    facts, incident = after(incident, GONE, now=LATER)
    assert len(withdrawals(facts)) == 1
    assert standing(incident) == []


@given(steps=st.lists(st.sampled_from([ALERT, WARNING, SEVERE]), max_size=6))
def test_no_two_words_of_one_warning_ever_stand_together(steps: list[str]) -> None:
    """Whatever comes, however often; what the partner says last stands."""
    incident, register = warned(), builders.register(partners={"ambulance": builders.partner(posts_max=99)})
    for number, text in enumerate(steps):
        _, incident = raised(incident, text, number, register=register)
        assert [one.split(": ", 1)[1] for one in standing(incident)] == [text]


def test_the_same_words_again_change_nothing() -> None:
    facts, incident = raised(warned(), ALERT)
    assert [type(fact.body) for fact in facts] == [CommandRefused]
    assert len(incident.messages) == 1


def test_once_the_older_words_left_memory_the_newer_go_out_all_the_same() -> None:
    thinned, rows = set_aside(warned(), at=NOW)
    past = Past(rows.get)
    order = builders.order(edit(WARNING), thinned, AGENT)
    noted, then = builders.judged(replace(order, past=past))
    order = builders.order(renewing(WARNING), then, AGENT, id="renew")
    renewed, _ = builders.judged(replace(order, past=past))
    assert len(withdrawals(noted)) == 1
    [message] = [fact.body.message for fact in renewed if isinstance(fact.body, MessageAuthorised)]
    assert message.credit is not None
    assert message.credit.post_id == newer("post-1", 2)


def test_without_words_for_a_withdrawal_the_newer_do_not_stand_beside_the_older() -> None:
    """A person is asked about the post that changed, and shares what it says now."""
    register = builders.register(templates={})
    facts, _ = raised(warned(), WARNING, register=register)
    assert not any(isinstance(fact.body, MessageAuthorised) for fact in facts)
    [refused] = [fact.body for fact in facts if isinstance(fact.body, CommandRefused)]
    assert "earlier words of this post are still out here" in refused.reasons[0]


def test_what_the_decision_does_not_allow_waits_for_a_person_and_the_older_words_are_gone() -> None:
    facts, then = raised(warned(), "Flood warning: 20 % off sandbags.")
    assert len(withdrawals(facts)) == 1
    [draft] = [fact.body.message for fact in facts if isinstance(fact.body, LineDrafted)]
    assert standing(public(then)) == []
    gone, _ = after(then, NotePostChange(credit=builders.credit(), change="deleted"), now=LATER)
    assert draft.id in str([fact.body for fact in gone])
