"""Words that people put up by hand while the service was down come into the record, so marked and within reach."""

from datetime import UTC
from typing import Any

import pytest

from streams.projections.promises import left_open
from streams.projections.words_out import words_out
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.telling.facts import fact_lines, picture
from streams.values import Purpose
from streams.words.delivery import DeliveryAsked, DeliveryClaimed, DeliveryState, MessageReported, Verb
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.release import MessageAuthorised, RecordByHand
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE

LINK = "https://network.example/ours/1"
REGISTER = builders.register()
TEXT = "There is an incident at Ashby Junction. More by 23:30."


def entered(**changes: Any) -> RecordByHand:
    """Words with a link on one channel and none on the other."""
    plain = {"said_yes": COMMANDER, "texts": {"en": TEXT}, "links": {"website": "", "social": LINK}, "put_at": NOW}
    return RecordByHand.model_validate({**plain, **changes})


def given(body: Any, incident: Incident, **changes: Any) -> tuple[list[Fact], Incident]:
    order = builders.order(body, incident, register=changes.pop("register", REGISTER), **changes)
    facts, after = builders.judged(order)
    return [*facts], after


def reported(**changes: Any) -> Incident:
    return given(entered(**changes), builders.declared())[1]


def mended(purpose: Purpose, incident: Incident) -> tuple[list[Fact], Incident]:
    follows = next(iter(incident.messages))
    body = builders.holding(purpose=purpose, follows=follows, next_update_at=None)
    return given(body, incident)


def test_nothing_is_sent_and_nothing_of_ours_authorised_it() -> None:
    """One fact says so; every channel has it by a person's word, and no machine is asked for anything."""
    facts, after = given(entered(), builders.declared())
    (fact,) = facts
    assert isinstance(fact.body, MessageReported)
    assert not any(isinstance(one.body, MessageAuthorised | DeliveryAsked | DeliveryClaimed) for one in facts)
    assert {one.state for one in after.deliveries.values()} == {DeliveryState.CONFIRMED}
    yes = after.authorisations[fact.body.message.id]
    assert (yes.person, yes.reported_by, yes.at, yes.until) == (COMMANDER, COMMANDER, NOW, NOW)
    told = " ".join([*fact_lines(facts, zone=UTC), *picture(after, zone=UTC)])
    assert "PUT THERE BY HAND on website, social" in told
    assert "nothing here let it out" in told
    assert "signed off by" not in told


def test_the_public_picture_the_promise_and_the_end_know_these_words() -> None:
    promised = NOW.replace(hour=23, minute=30)
    after = reported(next_update_at=promised)
    (out,) = words_out(after)
    assert (out.since, out.person) == (NOW, f"{COMMANDER}, by hand")
    assert [one.by for one in promises(after, NOW)] == [promised]
    assert any("of no all-clear" in line for line in left_open(after, [], now=NOW, zone=UTC))


@pytest.mark.parametrize(("purpose", "verb"), [(Purpose.CORRECTION, Verb.CORRECT), (Purpose.WITHDRAWAL, Verb.WITHDRAW)])
def test_what_mends_it_is_asked_of_a_person_where_there_is_a_link_and_of_a_machine_where_not(
    purpose: Purpose, verb: Verb
) -> None:
    """No machine knows the post that a person wrote, so that it could change or delete it."""
    _, after = mended(purpose, reported())
    mending = {one.channel: one for one in after.deliveries.values() if one.message_id != next(iter(after.messages))}
    assert mending.keys() == {"website", "social"}
    assert {one.verb for one in mending.values()} == {verb}
    by_hand = mending["social"].by_hand
    assert mending["social"].is_task
    assert by_hand
    assert by_hand.open == LINK
    assert mending["website"].by_hand is None
    assert mending["website"].state is DeliveryState.SENDING


def test_a_correction_of_the_correction_is_by_hand_there_too() -> None:
    _, once = mended(Purpose.CORRECTION, reported())
    second = [*once.messages][1]
    body = builders.holding(purpose=Purpose.CORRECTION, follows=second, next_update_at=None, slots={"time": "22:50"})
    _, twice = given(body, once)
    third = [*twice.messages][2]
    (there,) = [one for one in twice.deliveries.values() if (one.message_id, one.channel) == (third, "social")]
    assert there.by_hand
    assert there.by_hand.open == LINK


def test_an_all_clear_reaches_the_channels_that_had_the_words_and_goes_by_machine() -> None:
    body = builders.holding(purpose=Purpose.ALL_CLEAR, next_update_at=None)
    _, after = given(body, reported(links={"social": LINK}))
    clears = [one for one in after.deliveries.values() if one.message_id == [*after.messages][1]]
    assert [(one.channel, one.by_hand) for one in clears] == [("social", None)]


def test_a_yes_that_its_person_could_not_give_is_noted_and_the_words_are_kept() -> None:
    """They are public: to leave them out would hide them from every correction."""
    facts, after = given(entered(said_yes=NURSE), builders.declared())
    assert isinstance(facts[0].body, MessageReported)
    assert any("the yes of Test Site Nurse (Site Nurse) is in doubt" in one for one in facts[0].body.message.doubts)
    assert facts[0].body.yes.rule == "no rule of the register"
    assert len(after.messages) == 1


def test_words_that_were_mended_by_hand_are_entered_as_mended() -> None:
    """The wrong ones first, then the correction that follows them: the wrong ones are out no more."""
    wrong = reported()
    first = next(iter(wrong.messages))
    _, after = given(
        entered(texts={"en": "CORRECTION. It is at Ashby Bridge."}, purpose=Purpose.CORRECTION, follows=first), wrong
    )
    assert [one.message.purpose for one in words_out(after)] == [Purpose.CORRECTION]


def test_it_may_be_entered_once_the_incident_is_over() -> None:
    over = builders.carried_out(builders.declared(), StandDown(reason="it is over"))
    facts, _ = given(entered(), over)
    assert isinstance(facts[0].body, MessageReported)
