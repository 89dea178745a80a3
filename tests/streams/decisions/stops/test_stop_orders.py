"""Stopping needs less than starting: who may stop what, what that leaves, and what it takes to go on."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.release.delivery_orders import is_due
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident, Status
from streams.values import Power, Purpose
from streams.words.delivery import Delivery, DeliveryState, ResolveDelivery
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody, Tick
from streams.words.release import Amplify, Message, SignOff
from streams.words.stops import (
    CancelRelease,
    Freeze,
    IncidentResumed,
    ReleaseCancelled,
    ReleaseHeld,
    Resume,
    ReturnDraft,
    WithdrawDraft,
)
from tests import builders, searches
from tests.builders import (
    COMMANDER,
    NOW,
    NURSE,
    OFFICER,
    SIGNER,
    WRITER,
    claim,
    first_delivery,
    judged,
    kinds,
    order,
    outcome,
)

AGENT = "publishing-agent"
FREEZE = Freeze(reason="we are not sure")
RESUME = Resume(reason="we are sure")
LATER = NOW + timedelta(minutes=5)
COULD = "Test Director On Call (Director On Call)"


def drafted(**changes: Any) -> tuple[Incident, Message]:
    incident = builders.carried_out(builders.declared(), builders.line(**changes), by=WRITER)
    return incident, next(iter(incident.drafts.values()))


def then(incident: Incident, *bodies: CommandBody, by: str = AGENT, at: datetime = NOW) -> Incident:
    return builders.carried_out(incident, *bodies, by=by, now=at)


def in_state(state: str) -> Incident:
    """A released message whose first delivery was claimed and ended so; the second was never claimed."""
    incident = builders.released()
    claimed = then(incident, claim(incident))
    return claimed if state == "sending" else then(claimed, outcome(claimed, state))


def first(incident: Incident) -> Delivery:
    return incident.deliveries[first_delivery(incident)]


def message_of(incident: Incident) -> str:
    return next(iter(incident.messages))


def refusal(body: CommandBody, incident: Incident, by: str = COMMANDER, **changes: Any) -> CommandRefused:
    (fact,) = answer(order(body, incident, by, id="cmd-refused", **changes))
    assert isinstance(fact, CommandRefused), fact
    return fact


def cancel(incident: Incident) -> CancelRelease:
    return CancelRelease(message_id=message_of(incident), reason="wrong place")


def resumed(incident: Incident) -> Incident:
    return then(incident, FREEZE, RESUME, by=COMMANDER)


def held(incident: Incident) -> ReleaseHeld:
    return ReleaseHeld(delivery_id=first_delivery(incident))


def test_a_returned_draft_is_signed_off_by_nobody_and_the_refusal_says_who_returned_it_and_why() -> None:
    """By whoever could have signed it off."""
    incident, draft = drafted()
    incident = then(incident, ReturnDraft(message_id=draft.id, reason="say where"), by=SIGNER)
    assert draft.id not in incident.drafts
    refused = refusal(SignOff(message_id=draft.id, content_hash=draft.content_hash), incident)
    said = "this draft was returned by Test Medical Director (Medical Director) at 22:31 GMT (say where)"
    assert refused.reasons == (f"{said}: hand in a new one",)


@pytest.mark.parametrize("by", [WRITER, COMMANDER])
def test_a_draft_is_withdrawn_by_its_author_or_whoever_may_withdraw(by: str) -> None:
    """And then waits no more."""
    incident, draft = drafted()
    incident = then(incident, WithdrawDraft(message_id=draft.id, reason="not needed"), by=by)
    refused = refusal(SignOff(message_id=draft.id, content_hash=draft.content_hash), incident)
    assert "this draft was withdrawn by " in refused.reasons[0]


@pytest.mark.parametrize("body", [ReturnDraft, WithdrawDraft])
def test_who_may_not_stop_a_draft_is_told_who_could(body: type[ReturnDraft | WithdrawDraft]) -> None:
    incident, draft = drafted()
    refused = refusal(body(message_id=draft.id, reason="no"), incident, NURSE)
    assert COULD in refused.who_could


def test_the_author_of_a_draft_does_not_return_it() -> None:
    """Also not one who may sign off lines; they withdraw it."""
    incident, draft = drafted()
    refused = refusal(ReturnDraft(message_id=draft.id, reason="no"), incident, WRITER)
    assert refused.reasons == ("who wrote a draft does not return it: withdraw it",)
    assert COULD in refused.who_could
    assert "Test Comms Lead (Comms Lead)" not in refused.who_could


@pytest.mark.parametrize("body", [ReturnDraft, WithdrawDraft])
def test_a_draft_that_is_not_there_is_neither_returned_nor_withdrawn(body: type[ReturnDraft | WithdrawDraft]) -> None:
    refused = refusal(body(message_id="msg-none", reason="no"), builders.declared())
    assert "no draft msg-none waits for sign-off" in refused.reasons[0]


@pytest.mark.parametrize(("body", "by"), [(ReturnDraft, COMMANDER), (WithdrawDraft, WRITER)])
def test_a_stopped_draft_ends_its_search(body: type[ReturnDraft | WithdrawDraft], by: str) -> None:
    """In the same step; and the search says why."""
    register = searches.register()
    asked = order(builders.line(), builders.declared(), WRITER, register=register)
    _, incident = judged(asked)
    stop = body(message_id=next(iter(incident.drafts)), reason="say where")
    facts, after = judged(order(stop, incident, by, register=register))
    assert kinds(fact.body for fact in facts)[-2:] == ["search_ended", "person_told"]
    (search,) = after.searches.values()
    assert search.ended is not None
    assert search.ended.outcome == "withdrawn"
    assert "say where" in search.ended.reason


def test_two_sign_offs_at_once_give_one_release() -> None:
    """The second is shown who signed, and when."""
    incident, draft = drafted()
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    once = then(incident, yes, by=SIGNER)
    assert "was signed off by" in refusal(yes, once, COMMANDER).reasons[0]
    assert len(once.messages) == 1


@pytest.mark.parametrize("power", MAY_STOP)
def test_one_of_three_powers_alone_cancels_and_freezes(power: Power) -> None:
    """Releasing and signing off on any one of the message's channels is enough."""
    bounds = {} if power is Power.WITHDRAW else {"channels": ("social",)}
    people = {NURSE: builders.person(NURSE, power, **bounds)}
    told = builders.register(people={**builders.people(), **people})
    incident = builders.released()
    cancelled = answer(order(cancel(incident), incident, NURSE, register=told))
    assert kinds(cancelled) == ["release_cancelled", "delivery_refused", "delivery_refused"]
    assert kinds(answer(order(FREEZE, incident, NURSE, register=told))) == ["incident_frozen"]
    if power is not Power.RELEASE_HOLDING:
        frozen = then(incident, FREEZE, by=COMMANDER)
        assert COULD in refusal(RESUME, frozen, NURSE, register=told).who_could


@pytest.mark.parametrize("body", [FREEZE, cancel(builders.released())])
def test_who_may_not_stop_is_told_who_could(body: CommandBody) -> None:
    assert COULD in refusal(body, builders.released(), NURSE).who_could


@pytest.mark.parametrize(
    ("state", "after", "told"),
    [
        ("asked", "refused", ""),
        ("unsent", "refused", ""),
        ("sending", "sending", "being sent now and may become public"),
        ("unknown", "unknown", "look at the channel"),
        ("confirmed", "confirmed", "it is public: decide whether to correct or withdraw it"),
    ],
)
def test_cancelling_ends_what_was_not_sent_and_says_what_it_cannot_stop(state: str, after: str, told: str) -> None:
    """What is being sent, unknown or public stays what it is."""
    incident = builders.released() if state == "asked" else in_state(state)
    asked = order(cancel(incident), incident)
    bodies = answer(asked)
    assert isinstance(bodies[0], ReleaseCancelled)
    assert told in " ".join(bodies[0].beyond)
    assert bool(bodies[0].beyond) is bool(told)
    done = first(builders.after(incident, bodies, asked.command))
    assert done.state == after
    assert after != "refused" or done.reason == f"the release was cancelled by {COULD}: wrong place"


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_no_further_attempt_is_claimed_for_a_cancelled_message(state: str) -> None:
    """What surely was not sent ends as refused; what may be public stays unknown."""
    incident = then(in_state(state), cancel(in_state(state)), by=COMMANDER)
    if state == "unknown":
        claimed = first(then(incident, claim(incident, 2)))
        assert claimed.state is DeliveryState.UNKNOWN
        assert "the release was cancelled" in (claimed.reason or "")
    unsent = then(incident, outcome(incident, "unsent" if state == "sending" else "absent"))
    assert is_due(unsent, LATER)
    ended = first(then(unsent, Tick(), at=LATER))
    assert ended.state is DeliveryState.REFUSED
    assert "the release was cancelled" in (ended.reason or "")


def test_what_cannot_be_cancelled_is_refused_with_what_to_do() -> None:
    """No such message, cancelled before, or nothing on its way any more."""
    incident = then(builders.released(), cancel(builders.released()), by=COMMANDER)
    assert "was cancelled by" in refusal(cancel(incident), incident).reasons[0]
    nothing = CancelRelease(message_id="msg-none", reason="no")
    assert "no message msg-none" in refusal(nothing, incident).reasons[0]
    public = builders.released()
    for name in public.deliveries:
        public = then(public, outcome(public, "confirmed").model_copy(update={"delivery_id": name}))
    refused = refusal(cancel(public), public)
    assert "release a withdrawal" in refused.reasons[0]
    assert COULD in refused.who_could


def test_while_frozen_only_withdrawals_and_corrections_are_authorised() -> None:
    """Releases, all-clears, lines and partners' posts wait; each refusal says who froze it and who could resume."""
    incident, draft = drafted()
    incident = then(incident, FREEZE, by=WRITER)
    post = Amplify(credit=builders.credit(), text="Crews are here.", posted_at=NOW)
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    for body in (builders.holding(), builders.holding(purpose=Purpose.ALL_CLEAR), yes, post):
        refused = refusal(body, incident)
        assert "the incident is frozen by Test Comms Lead (Comms Lead) at 22:31 GMT" in refused.reasons[0]
        assert refused.who_could == (COULD,)
    for purpose in (Purpose.CORRECTION, Purpose.WITHDRAWAL):
        asked = order(builders.holding(purpose=purpose), incident)
        facts, _ = judged(asked)
        assert kinds(fact.body for fact in facts).count("delivery_claimed") == 2


@pytest.mark.parametrize("stop", [(FREEZE,), (FREEZE, RESUME)])
def test_no_claim_is_granted_while_frozen_and_none_by_itself_afterwards(stop: tuple[CommandBody, ...]) -> None:
    """What was not sent waits, however long; what is unknown is looked at and not sent again."""
    asked = then(builders.released(), *stop, by=COMMANDER)
    assert "cannot be claimed" in refusal(claim(asked), asked, AGENT).reasons[0]
    unsent = then(in_state("unsent"), *stop, by=COMMANDER)
    assert not is_due(unsent, LATER)
    assert answer(order(Tick(), unsent, "clock", now=LATER)) == []
    unknown = then(in_state("unknown"), *stop, by=COMMANDER)
    assert is_due(unknown, LATER)
    again = first(then(unknown, claim(unknown, 2)))
    assert again.state is DeliveryState.UNKNOWN
    assert "is not sent again" in (again.reason or "")


def test_what_was_being_sent_when_frozen_and_did_not_leave_waits_too() -> None:
    """Its claim was granted before; its next one is not."""
    frozen = then(in_state("sending"), FREEZE, by=COMMANDER)
    assert "being sent now" in frozen_beyond(in_state("sending"))
    unsent = then(frozen, outcome(frozen, "unsent"))
    assert not is_due(unsent, LATER)
    assert first_delivery(unsent) in then(unsent, RESUME, by=COMMANDER).stops.held


def frozen_beyond(incident: Incident) -> str:
    return " ".join(answer(order(FREEZE, incident))[0].model_dump()["beyond"])


def test_a_held_delivery_goes_on_at_once_when_it_is_released() -> None:
    """And it alone."""
    incident = resumed(in_state("unsent"))
    facts, after = judged(order(held(incident), incident, now=LATER))
    assert kinds(fact.body for fact in facts) == ["held_released", "delivery_asked", "delivery_claimed"]
    assert first(after).attempt == 2
    assert after.stops.held == tuple(name for name in incident.deliveries if name != first_delivery(incident))


def test_a_held_delivery_of_unknown_outcome_may_be_sent_again_once_it_is_released() -> None:
    incident = resumed(in_state("unknown"))
    assert first(then(incident, claim(incident, 2))).state is DeliveryState.UNKNOWN
    released = then(incident, held(incident), by=COMMANDER)
    assert first(then(released, claim(released, 2))).state is DeliveryState.SENDING


def test_a_held_delivery_that_may_not_be_sent_any_more_is_refused_with_the_reason() -> None:
    """Its message expired while it waited."""
    incident, late = resumed(in_state("unsent")), NOW + timedelta(hours=2)
    asked = order(held(incident), incident, at=late, now=late)
    _, after = judged(asked)
    assert first(after).state is DeliveryState.REFUSED
    assert "the message expired" in (first(after).reason or "")


def test_a_held_delivery_can_be_cancelled_and_waits_no_more() -> None:
    incident = resumed(in_state("unsent"))
    assert waits(incident) == [("held", name) for name in incident.deliveries]
    cancelled = then(incident, cancel(incident), by=COMMANDER)
    assert first(cancelled).state is DeliveryState.REFUSED
    assert waits(cancelled) == []


def test_a_held_delivery_that_is_unknown_is_listed_once_and_not_at_all_once_it_is_known_to_be_public() -> None:
    """A person finds out first whether it is public: if so nothing is to be let out, else it is held as before."""
    looked_for = resumed(in_state("unknown"))
    one, *others = looked_for.deliveries
    in_vain = first(looked_for).model_copy(update={"due_at": None})
    unknown = looked_for.model_copy(update={"deliveries": {**looked_for.deliveries, one: in_vain}})
    assert waits(unknown) == [("unknown", one), *(("held", name) for name in others)]
    public = then(unknown, ResolveDelivery(delivery_id=one, attempt=1, public=True, evidence="I see it"), by=COMMANDER)
    assert waits(public) == [("held", name) for name in others]
    absent = then(
        unknown, ResolveDelivery(delivery_id=one, attempt=1, public=False, evidence="It is not there"), by=COMMANDER
    )
    assert ("held", one) in waits(absent)


def waits(incident: Incident) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in waiting(incident, NOW)]


def test_what_cannot_be_released_from_a_freeze_is_refused_with_what_to_do() -> None:
    """Not held, still frozen, settled meanwhile, or by somebody who may not let these words out there."""
    incident = resumed(in_state("unsent"))
    assert "no delivery dlv-none is held" in refusal(ReleaseHeld(delivery_id="dlv-none"), incident).reasons[0]
    assert COULD in refusal(held(incident), incident, NURSE).who_could
    again = then(incident, Freeze(reason="not sure again"), by=COMMANDER)
    assert "is frozen by" in refusal(held(again), again).reasons[0]
    public = then(incident, outcome(incident, "confirmed"))
    assert "is held: those that are" in refusal(held(public), public).reasons[0]


def test_freezing_twice_and_resuming_what_is_not_frozen_are_refused() -> None:
    incident = builders.released()
    assert "not frozen" in refusal(RESUME, incident).reasons[0]
    frozen = then(incident, FREEZE, by=WRITER)
    assert "frozen by Test Comms Lead" in refusal(FREEZE, frozen).reasons[0]
    assert COULD in refusal(RESUME, frozen, OFFICER).who_could


def test_what_mends_is_never_held() -> None:
    """A correction that waited for its next try when the incident was frozen goes out as if nothing had been."""
    incident = then(builders.declared(), builders.holding(purpose=Purpose.CORRECTION), by=COMMANDER)
    claimed = then(incident, claim(incident))
    unsent = then(then(claimed, outcome(claimed, "unsent")), FREEZE, by=COMMANDER)
    assert first(then(unsent, Tick(), at=LATER)).state is DeliveryState.ASKED
    (fact,) = answer(order(RESUME, unsent))
    assert isinstance(fact, IncidentResumed)
    assert fact.held == ()


def test_after_the_end_what_is_on_its_way_can_still_be_stopped() -> None:
    """A correction or all-clear may be on its way."""
    ended = builders.released().model_copy(update={"status": Status.STOOD_DOWN})
    assert kinds(answer(order(cancel(ended), ended)))[0] == "release_cancelled"
    assert kinds(answer(order(FREEZE, ended))) == ["incident_frozen"]
