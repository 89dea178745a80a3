"""A correction or withdrawal is about one message: the one it names, else the only one of ours that can be meant."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.release.corrections import TOLD_MAX
from streams.decisions.wording.renderer import unmarked
from streams.subjects.incident import Incident
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryConfirmed, DeliveryRefused
from streams.words.facts import CommandRefused
from streams.words.release import Amplify, LineDrafted, Message, MessageAuthorised, Propose, Release, SignOff
from streams.words.stops import CancelRelease
from tests import builders, searches
from tests.builders import COMMANDER, DRILL, LIVE, NOW, NURSE, SIGNER, WRITER
from tests.searches import Asking, delegating, step

LATER = NOW + timedelta(seconds=1)
"""So that it is another order."""
LATER_SLOTS = {**builders.SLOTS, "time": "22:20"}
MENDS = pytest.mark.parametrize("purpose", [Purpose.CORRECTION, Purpose.WITHDRAWAL])


def mending(purpose: Purpose = Purpose.CORRECTION, **changes: Any) -> Release:
    return builders.holding(**{"purpose": purpose, "next_update_at": None, **changes})


def about(incident: Incident, body: Release, **changes: Any) -> str | None:
    """Which message this release mends, as its fact says."""
    (yes, *_) = answer(builders.order(body, incident, **changes))
    assert isinstance(yes, MessageAuthorised), yes
    return yes.message.follows


def last(incident: Incident) -> Message:
    return [*incident.messages.values()][-1]


def with_a_line(incident: Incident) -> Incident:
    """A line went out too."""
    drafted = builders.carried_out(incident, builders.line(), by=WRITER)
    (draft,) = drafted.drafts.values()
    return builders.carried_out(drafted, SignOff(message_id=draft.id, content_hash=draft.content_hash), by=SIGNER)


def confirmed(incident: Incident) -> Incident:
    return builders.after(incident, [DeliveryConfirmed(delivery_id=one) for one in incident.deliveries])


def refused(incident: Incident) -> Incident:
    return builders.after(incident, [DeliveryRefused(delivery_id=one, reason="no") for one in incident.deliveries])


@MENDS
@pytest.mark.parametrize("mode", [LIVE, DRILL])
def test_it_is_about_the_only_message_that_stands(purpose: Purpose, mode: str) -> None:
    """Whether that is on its way or public; a commander has no time to look it up."""
    incident = builders.released(mode)
    assert about(incident, mending(purpose)) == last(incident).id
    assert about(confirmed(incident), mending(purpose)) == last(incident).id


@MENDS
def test_where_two_may_be_meant_it_has_to_say_which(purpose: Purpose) -> None:
    """The refusal gives what there is to choose from, the newest first; one more word in the order is enough."""
    incident = with_a_line(builders.released())
    first, line = incident.messages.values()
    said = builders.reasons(answer(builders.order(mending(purpose), incident)))
    assert said == (
        f"2 messages of ours stand, the newest first ({line.id} “The coach crash at Ashby Junction at 22:15: …”, "
        f"{first.id} “A major incident was declared at Ashby General …”): name the one that it follows"
    )
    assert about(incident, mending(purpose, follows=first.id)) == first.id


def test_no_exercise_mark_takes_the_place_of_the_first_words() -> None:
    incident = with_a_line(builders.released(DRILL))
    assert "“A major incident was" in builders.reasons(answer(builders.order(mending(), incident)))


def test_a_correction_that_was_wrong_is_what_the_next_one_is_about() -> None:
    """What it mended stands no more."""
    incident = builders.carried_out(builders.released(), mending())
    again = mending(slots={**builders.SLOTS, "time": "22:20"})
    assert about(incident, again) == last(incident).id


def test_what_was_withdrawn_stands_no_more() -> None:
    """And a withdrawal itself is nothing to be mended: where nothing is left, none is named."""
    incident = with_a_line(builders.released())
    first, line = incident.messages.values()
    one_left = builders.carried_out(incident, mending(Purpose.WITHDRAWAL, follows=first.id))
    assert about(one_left, mending()) == line.id
    assert about(builders.carried_out(builders.released(), mending(Purpose.WITHDRAWAL)), mending()) is None


def test_what_cannot_become_public_any_more_is_not_meant() -> None:
    """Every channel refused it, or its release was cancelled in time; what may be public is meant."""
    line = with_a_line(refused(builders.released()))
    assert about(line, mending()) == last(line).id
    released = builders.released()
    cancelled = builders.carried_out(released, CancelRelease(message_id=last(released).id, reason="wrong"), by=WRITER)
    assert about(cancelled, mending()) is None
    sending = builders.carried_out(released, builders.claim(released), by="publishing-agent")
    unknown = builders.carried_out(sending, builders.outcome(sending, "unknown", reason="late"), by="publishing-agent")
    stopped = builders.carried_out(unknown, CancelRelease(message_id=last(released).id, reason="wrong"), by=WRITER)
    assert about(stopped, mending()) == last(released).id


def test_what_partners_said_is_taken_back_by_name_only() -> None:
    """Their posts may be many, and make our own word no less clear."""
    post = Amplify(credit=builders.credit(), text="Crews are here.", posted_at=NOW)
    incident = builders.carried_out(builders.released(), post, by="amplification-agent")
    ours, theirs = incident.messages.values()
    assert about(incident, mending()) == ours.id
    assert about(incident, mending(Purpose.WITHDRAWAL, follows=theirs.id)) == theirs.id


def test_of_very_many_the_newest_are_named() -> None:
    incident = builders.declared()
    for minute in range(TOLD_MAX + 2):
        incident = builders.carried_out(incident, builders.holding(slots={**builders.SLOTS, "time": f"22:0{minute}"}))
    said = builders.reasons(answer(builders.order(mending(), incident)))
    assert said.startswith(f"more than {TOLD_MAX} messages of ours stand")
    assert [one for one in incident.messages if one in said] == [*incident.messages][2:]


@pytest.mark.parametrize("purpose", [Purpose.HOLDING, Purpose.ALL_CLEAR])
def test_what_mends_nothing_follows_nothing_unless_it_says_so(purpose: Purpose) -> None:
    """However many messages stand."""
    incident = with_a_line(builders.released())
    other = builders.holding(purpose=purpose, slots={**builders.SLOTS, "time": "22:20"})
    assert about(incident, other) is None


def test_a_proposal_says_it_too() -> None:
    """Before anybody is asked to say yes to it."""
    incident = builders.released()
    (drafted,) = answer(builders.order(Propose(release=mending()), incident, NURSE))
    assert isinstance(drafted, LineDrafted)
    assert drafted.message.follows == last(incident).id


def test_what_is_delegated_for_a_correction_is_about_the_same_message() -> None:
    """Nobody is there to be asked which."""
    whole = delegating(power=Power.RELEASE_HOLDING, steps=(step(COMMANDER),))
    assert whole.delegated
    assert whole.delegated.approval
    mends = whole.delegated.model_copy(update={"purpose": Purpose.CORRECTION, "slots": {}})
    edited = whole.model_copy(update={"delegated": mends})
    yes = whole.delegated.approval.model_copy(update={"content_hash": edited.delegation_hash()})
    approved = edited.model_copy(update={"delegated": mends.model_copy(update={"approval": yes})})
    night = Asking(searches.register(approved))
    for time in ("22:10", "22:20"):
        night.give(builders.holding(slots={**builders.SLOTS, "time": time}), COMMANDER)
    first, _ = night.incident.messages
    night.give(Propose(release=mending(follows=first)), NURSE)
    night.reports()
    night.wait(searches.WAIT_SECONDS)
    assert night.search.ended
    assert night.search.ended.outcome == "delegated"
    assert last(night.incident).follows == first


@MENDS
def test_the_second_of_two_is_mended_in_the_same_words(purpose: Purpose) -> None:
    """The same is the act, what it is about, and the words: never the words alone."""
    incident = confirmed(with_a_line(builders.released()))
    first, line = incident.messages
    incident = confirmed(builders.carried_out(incident, mending(purpose, follows=first)))
    assert about(incident, mending(purpose, follows=line)) == line
    again = builders.reasons(answer(builders.order(mending(purpose, follows=first), incident, at=LATER)))
    assert "these words are out, were out, or are on their way" in again


@MENDS
def test_the_same_order_given_twice_goes_out_once(purpose: Purpose) -> None:
    """A second press of the key names nothing either; a correction is not corrected by its own words."""
    incident = confirmed(builders.carried_out(confirmed(builders.released()), mending(purpose)))
    again = builders.reasons(answer(builders.order(mending(purpose), incident, at=LATER)))
    is_correction = purpose is Purpose.CORRECTION
    assert ("this says what the public has already read" if is_correction else "these words are out, were out") in again


def test_words_that_were_mended_and_taken_back_are_refused_as_words_that_were_out() -> None:
    """The public does not read them now, and nothing is on its way: the refusal says no more than is true."""
    incident = confirmed(builders.carried_out(confirmed(builders.released()), mending(slots=LATER_SLOTS)))
    incident = confirmed(builders.carried_out(incident, mending(Purpose.WITHDRAWAL, follows=last(incident).id)))
    again = builders.reasons(answer(builders.order(builders.holding(), incident, at=LATER)))
    assert "these words are out, were out, or are on their way on" in again


@pytest.mark.parametrize("slots", [builders.SLOTS, {"time": "22:15"}, {"place": "ashby  general", "time": "22:15"}])
@pytest.mark.parametrize("way", ["released", "proposed"])
def test_a_correction_that_changes_nothing_is_refused(slots: Mapping[str, str], way: str) -> None:
    """The wrong words would stand, with an apology below them; on the command line and in a script as on a page."""
    incident = confirmed(builders.released())
    body = mending(slots=slots)
    order = builders.order(Propose(release=body) if way == "proposed" else body, incident)
    assert builders.reasons(answer(order)) == "this says what the public has already read: change what was wrong"
    assert about(incident, mending()) == next(iter(incident.messages)), "another time mends something"


def test_a_correction_in_own_words_that_are_out_already_is_refused() -> None:
    """Whatever is between the words, and with the mark of an exercise or without."""
    incident = confirmed(builders.released())
    (first,) = incident.messages.values()
    same = {language: f" {unmarked(text)}  " for language, text in first.texts.items()}
    wrong = builders.line(texts=same, follows=first.id, next_update_at=None, channels=first.channels)
    assert builders.reasons(answer(builders.order(wrong, incident, by=WRITER))) == (
        "this says what the public has already read: change what was wrong"
    )
    right = wrong.model_copy(update={"texts": {one: f"{text} It was at 22:05." for one, text in same.items()}})
    assert not any(isinstance(one, CommandRefused) for one in answer(builders.order(right, incident, by=WRITER)))
