"""A claim before anything is sent; an outcome that is not known stays unknown until somebody has looked."""

from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from streams.decisions.channels.resolution import LONGEST_LOOK, LOOKS_MAX
from streams.decisions.desk.order_table import answer
from streams.decisions.release.delivery_orders import LAPSE_GRACE, is_due, may_send
from streams.decisions.verdict import Allowed, Refused
from streams.subjects.incident import Incident, Status
from streams.values import Power
from streams.words.delivery import (
    ClaimDelivery,
    Delivery,
    DeliveryClaimed,
    DeliveryState,
    DeliveryUnknown,
    Dispatch,
    Receipt,
    RecordOutcome,
    ResolveDelivery,
)
from streams.words.orders import CommandBody, Tick
from streams.words.release import AmplifiedPostChanged, Amplify, NotePostChange
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, claim, first_delivery, kinds, order, outcome, reasons

AGENT = "publishing-agent"
OUTCOMES = get_args(RecordOutcome.model_fields["outcome"].annotation)
A_WHILE = timedelta(minutes=5)


def then(incident: Incident, *bodies: CommandBody, at: datetime = NOW) -> Incident:
    return builders.carried_out(incident, *bodies, by=AGENT, now=at)


def first(incident: Incident) -> Delivery:
    return incident.deliveries[first_delivery(incident)]


def sending() -> Incident:
    incident = builders.released()
    return then(incident, claim(incident))


def unknown() -> Incident:
    return then(sending(), outcome(sending(), "unknown"))


def dispatch(incident: Incident | None = None) -> Dispatch:
    incident = incident or builders.released()
    claimed = answer(order(claim(incident), incident, AGENT))[0]
    assert isinstance(claimed, DeliveryClaimed)
    return claimed.dispatch


def look(incident: Incident, **changes: Any) -> ResolveDelivery:
    plain = {"delivery_id": first_delivery(incident), "attempt": 1, "public": True, "evidence": "seen"}
    return ResolveDelivery.model_validate({**plain, **changes})


def test_a_claim_is_granted_once() -> None:
    """To one run; another is refused, the same one asking again is told nothing new."""
    incident = sending()
    assert first(incident).run == "run-1"
    assert answer(order(claim(incident), incident, AGENT, id="again")) == []
    assert "cannot be claimed" in reasons(answer(order(claim(incident, run="run-2"), incident, AGENT)))


@pytest.mark.parametrize("attempt", [2, 7])
def test_only_the_attempt_that_is_due_can_be_claimed(attempt: int) -> None:
    """A number that was not asked for is refused."""
    incident = builders.released()
    assert "cannot be claimed" in reasons(answer(order(claim(incident, attempt), incident, AGENT)))


def test_a_claim_on_nothing_is_refused() -> None:
    """An identifier that is not there is not made up."""
    body = ClaimDelivery(delivery_id="dlv-none", attempt=1, run="run-1")
    assert "no delivery dlv-none" in reasons(answer(order(body, builders.declared(), AGENT)))


def test_a_claim_ends_with_the_channels_time_the_authority_or_the_message() -> None:
    """Whichever is first."""
    incident = builders.released()
    almost = next(iter(incident.messages.values())).expires_at - timedelta(seconds=3)
    for at, ends in ((NOW, NOW + timedelta(seconds=10)), (almost, almost + timedelta(seconds=3))):
        claimed = answer(order(claim(incident), incident, AGENT, now=at))[0]
        assert isinstance(claimed, DeliveryClaimed)
        assert claimed.until == ends


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"people": {}}, "not on the register"),
        ({"rota": ()}, "not on the rota"),
        ({"templates": {}}, "no longer what was released"),
        ({"channels": {}}, "no longer on the register"),
        ({"templates": {"major-incident": builders.template(title="New")}}, "no longer what was released"),
    ],
)
def test_authority_is_judged_again_when_claimed_and_when_sent(change: dict[str, Any], reason: str) -> None:
    """What changed since the release counts: person, rota, template, channel."""
    incident, register = builders.released(), builders.register(**change)
    bodies = answer(order(claim(incident), incident, AGENT, register=register))
    assert kinds(bodies) == ["delivery_refused"]
    assert reason in bodies[0].model_dump()["reason"]
    verdict = may_send(dispatch(), register, now=NOW)
    assert isinstance(verdict, Refused)
    assert reason in "; ".join(verdict.reasons)


def test_what_is_sound_may_be_sent() -> None:
    """The last check lets through what nothing speaks against."""
    assert isinstance(may_send(dispatch(), builders.register(), now=NOW), Allowed)


def test_who_speaks_for_one_channel_says_nothing_about_another() -> None:
    """That it is not public sends it again: a power that is bound to a channel is bound here too."""
    elsewhere = "social" if first(unknown()).channel == "website" else "website"
    for channel, given in ((first(unknown()).channel, ["delivery_unsent"]), (elsewhere, ["command_refused"])):
        looker = builders.person(NURSE, Power.RESOLVE_DELIVERY, channels=(channel,))
        register = builders.register(people={**builders.people(), NURSE: looker})
        look = ResolveDelivery(delivery_id=first(unknown()).id, attempt=1, public=False, evidence="looked")
        assert kinds(answer(order(look, unknown(), NURSE, register=register))) == given


def test_a_partners_post_that_was_edited_or_deleted_meanwhile_is_not_sent() -> None:
    """The standing yes is to the post as it stands; what may be public already stays unknown."""
    post = Amplify(credit=builders.credit(), text="Please keep away.", posted_at=NOW)
    gone = NotePostChange(credit=builders.credit(), change="deleted")
    unsent = then(then(builders.declared(), post), claim(then(builders.declared(), post)))
    unsent = then(unsent, outcome(unsent, "unsent"))
    noted = builders.after(unsent, [AmplifiedPostChanged(credit=builders.credit(), change="deleted")])
    bodies = answer(order(Tick(), noted, AGENT, now=NOW + timedelta(seconds=30)))
    assert kinds(bodies) == ["delivery_refused"]
    assert "edited or deleted this post" in bodies[0].model_dump()["reason"]
    assert first(then(unsent, gone)).state is DeliveryState.REFUSED, "it does not wait for its time"


def test_a_mark_that_does_not_fit_the_mode_stops_the_sending() -> None:
    """Rule 3, at the last step: neither a drill's words live nor unmarked words in a drill."""
    live, drill = dispatch(), dispatch(builders.released(builders.DRILL))
    for one, mode in ((live, "exercise-1"), (drill, "live")):
        verdict = may_send(one.model_copy(update={"mode": mode}), builders.register(), now=NOW)
        assert isinstance(verdict, Refused)
        assert "exercise mark" in "; ".join(verdict.reasons)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.STOOD_DOWN])
def test_after_the_end_nothing_new_goes_out(status: Status) -> None:
    """Whatever has not left yet stays here, with the reason."""
    incident = builders.released().model_copy(update={"status": status})
    bodies = answer(order(claim(incident), incident, AGENT))
    assert kinds(bodies) == ["delivery_refused"]
    assert status in bodies[0].model_dump()["reason"]


@pytest.mark.parametrize(
    ("word", "state"),
    [("confirmed", "confirmed"), ("refused", "refused"), ("unsent", "unsent"), ("unknown", "unknown")],
)
def test_an_outcome_becomes_the_state(word: str, state: str) -> None:
    """As the sender reports it."""
    assert first(then(sending(), outcome(sending(), word))).state == state


@pytest.mark.parametrize("word", ["refused", "unsent"])
def test_what_may_be_public_is_not_ruled_out_by_a_later_attempt(word: str) -> None:
    """Only a look at the channel can: the first attempt may have gone through."""
    again = then(unknown(), claim(unknown(), 2, "run-2"))
    after = first(then(again, outcome(again, word, 2)))
    assert (after.state, after.may_be_public) == (DeliveryState.UNKNOWN, True)


@pytest.mark.parametrize("word", [one for one in OUTCOMES if one != "confirmed"])
def test_a_late_report_about_an_earlier_attempt_changes_nothing(word: str) -> None:
    """A worker that was paused reports on what others have long taken over."""
    again = then(unknown(), claim(unknown(), 2, "run-2"))
    assert answer(order(outcome(again, word, 1), again, AGENT, id="late")) == []


def test_that_it_is_public_is_always_recorded() -> None:
    """From whichever attempt, in whichever state, once."""
    for incident in (builders.released(), sending(), unknown(), then(sending(), outcome(sending(), "refused"))):
        after = then(incident, outcome(incident, "confirmed", receipt=Receipt(words="r")))
        assert first(after).state is DeliveryState.CONFIRMED
        assert answer(order(outcome(after, "confirmed"), after, AGENT, id="twice")) == []


@pytest.mark.parametrize("word", OUTCOMES)
def test_a_report_on_nothing_is_refused(word: str) -> None:
    """An identifier that is not there is not made up."""
    body = RecordOutcome(delivery_id="dlv-none", attempt=1, outcome=word)  # type: ignore[arg-type] # one of them
    assert "no delivery dlv-none" in reasons(answer(order(body, builders.declared(), AGENT)))


def test_a_claim_without_a_receipt_becomes_unknown_when_it_lapses() -> None:
    """Not before, not a moment later than the grace for a sender's last word."""
    incident = sending()
    due = first(incident).due_at
    assert due is not None
    early, lapsed = due + LAPSE_GRACE - timedelta(microseconds=1), due + LAPSE_GRACE
    assert not is_due(incident, early)
    assert answer(order(Tick(), incident, "clock", now=early)) == []
    assert is_due(incident, lapsed)
    after = first(then(incident, Tick(), at=lapsed))
    assert (after.state, after.may_be_public) == (DeliveryState.UNKNOWN, True)


def test_looks_come_further_apart_and_end() -> None:
    """A channel that cannot be read is not hammered for ever; at last a person has to look."""
    incident, now, waits = unknown(), NOW, []
    for _ in range(LOOKS_MAX):
        due = first(incident).due_at
        assert due is not None
        waits.append(due - now)
        now = due
        found = answer(order(Tick(), incident, "clock", now=now, id=f"tick-{now}".replace(" ", "-").replace("+", "-")))
        assert isinstance(found[0], DeliveryUnknown)
        assert found[0].look_now
        incident = builders.after(incident, found, at=now)
    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_LOOK
    assert first(incident).due_at is None
    assert not is_due(incident, now + timedelta(days=1))
    assert first(incident).state is DeliveryState.UNKNOWN


def test_an_idempotent_channel_that_always_fails_is_not_tried_for_ever() -> None:
    """Every look is a new attempt there; attempts count as looks do."""
    incident, now = unknown(), NOW
    for attempt in range(2, 60):
        due = first(incident).due_at
        if due is None:
            break
        now = due
        incident = then(incident, Tick(), claim(incident, attempt), at=now)
        if first(incident).state is DeliveryState.SENDING:
            incident = then(incident, outcome(incident, "unknown", attempt), at=now)
    assert first(incident).attempt <= LOOKS_MAX + 1
    assert (first(incident).state, first(incident).due_at) == (DeliveryState.UNKNOWN, None)


def test_each_attempt_has_twice_the_time_of_the_one_before_up_to_a_minute() -> None:
    """A worker or a channel that is slower than the first time gets done at last."""
    incident, now, lasted = unknown(), NOW, []
    for attempt in range(2, 7):
        now = first(incident).due_at or now
        incident = then(incident, Tick(), claim(incident, attempt), at=now)
        lasted.append((first(incident).due_at or now) - now)
        incident = then(incident, outcome(incident, "unknown", attempt), at=now)
    assert [one.total_seconds() for one in lasted] == [20, 40, 60, 60, 60]


def test_what_may_be_public_and_cannot_be_sent_again_stays_unknown() -> None:
    """The authority ended meanwhile: that says nothing about the attempt before."""
    late = NOW + timedelta(hours=10)
    after = first(then(unknown(), claim(unknown(), 2), at=late))
    assert after.state is DeliveryState.UNKNOWN
    assert "cannot be sent again" in str(after.reason)


def test_what_was_surely_not_sent_is_asked_for_again_when_due_or_refused_with_the_reason() -> None:
    """A retry waits, then asks anew; where the right has ended it says so."""
    unsent = then(sending(), outcome(sending(), "unsent"))
    due = first(unsent).due_at
    assert due is not None
    assert due > NOW
    asked = first(then(unsent, Tick(), at=due))
    assert (asked.state, asked.attempt) == (DeliveryState.ASKED, 2)
    late = first(then(unsent, Tick(), at=NOW + timedelta(hours=12)))
    assert late.state is DeliveryState.REFUSED
    assert late.reason


def test_a_person_says_what_became_of_it() -> None:
    """Public: confirmed. Not public: it may be sent again."""
    for public, state in ((True, DeliveryState.CONFIRMED), (False, DeliveryState.UNSENT)):
        after = builders.carried_out(unknown(), look(unknown(), public=public))
        assert first(after).state is state
        assert public or not first(after).may_be_public


@pytest.mark.parametrize(
    ("changes", "by", "reason"),
    [
        ({"delivery_id": "dlv-none"}, COMMANDER, "not of unknown outcome"),
        ({"attempt": 2}, COMMANDER, "look at the channel again"),
        ({}, NURSE, "no power to resolve-delivery"),
    ],
)
def test_a_look_that_does_not_count_is_refused(changes: dict[str, Any], by: str, reason: str) -> None:
    """No such doubt, another attempt's, or somebody who may not say."""
    assert reason in reasons(answer(order(look(unknown(), **changes), unknown(), by)))


def test_two_people_who_looked_at_the_same_moment_do_not_send_it_three_times() -> None:
    """The second look was at the first attempt; by the time it is heard, another is in doubt."""
    resolved = builders.carried_out(unknown(), look(unknown(), public=False))
    due = first(resolved).due_at
    assert due is not None
    asked = then(resolved, Tick(), at=due)
    again = then(asked, claim(asked, 2), outcome(asked, "unknown", 2), at=due)
    assert first(again).state is DeliveryState.UNKNOWN
    second = order(look(again, public=False), again, id="second", now=due)
    assert "tried again since" in reasons(answer(second))


def test_ticks_change_nothing_while_nothing_is_due() -> None:
    """Time alone does nothing to what is asked for, confirmed or refused."""
    for incident in (builders.released(), then(sending(), outcome(sending(), "confirmed"))):
        assert answer(order(Tick(), incident, "clock", now=NOW + A_WHILE, id="t")) == []
        assert not is_due(incident, NOW + A_WHILE)
