"""Who is in an incident, who leads, and which steps are done: as facts, and the same however often an order comes."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.decisions.desk.order_table import answer
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.telling.network.lines import network_lines, next_steps, step_lines, steps_of
from streams.values import LIVE, Power, Purpose
from streams.words.holds import HeldField, HoldPlaced, LiftHold, PlaceHold
from streams.words.incident import StandDown
from streams.words.network.entries import FIRST_WORD, Step
from streams.words.network.orders import BringIn, SetLead, TakeOut, TickStep, UntickStep
from streams.words.orders import CommandBody
from tests import builders, responding
from tests.builders import COMMANDER, INCIDENT, NOW, NURSE, WRITER
from tests.responding import answered, declared, report

STEPS = responding.steps()
RESPONDERS = [*responding.responders()]
LATE = NOW + timedelta(minutes=12)


def orders() -> st.SearchStrategy[CommandBody]:
    responders, steps = st.sampled_from([*RESPONDERS, "navy"]), st.sampled_from([*STEPS, "tea"])
    return st.one_of(
        responders.map(lambda one: BringIn(responder=one)),
        responders.map(lambda one: TakeOut(responder=one, reason="their part is done")),
        responders.map(lambda one: SetLead(responder=one)),
        steps.map(lambda one: TickStep(step=one)),
        steps.map(lambda one: UntickStep(step=one, reason="it was another one")),
        st.sampled_from([None, *RESPONDERS]).map(lambda one: report(one, emergency_services=("police", "fire"))),
    )


@given(st.lists(orders(), max_size=15))
@settings(max_examples=150)
def test_whatever_is_ordered_the_network_stays_whole(given_orders: list[CommandBody]) -> None:
    """The lead is present, nothing is ticked that is no step, and an order that comes again changes nothing."""
    incident = declared()
    for number, body in enumerate(given_orders):
        told = responding.register()
        once = builders.carried_out(incident, body, register=told, id=f"cmd-{number}")
        network = once.network
        assert network.lead is None or network.lead in network.present
        assert set(network.present) <= set(RESPONDERS)
        assert set(network.ticked) <= set(STEPS)
        assert not set(network.present) & set(network.taken_out)
        again = builders.carried_out(once, body, register=told, id=f"again-{number}")
        unlike = {"reporters"}
        assert again.network.model_dump(exclude=unlike) == network.model_dump(exclude=unlike)
        incident = once


def test_the_step_of_the_first_word_is_done_once_it_is_public_whether_or_not_a_person_ticks_it_off() -> None:
    """And stays done if the words are withdrawn; no other step is done by itself."""
    step = Step(id=FIRST_WORD, title={"en": "Release the first word"}, who={"en": "director on call"}, due_minutes=15)
    began = builders.released()
    late, network = NOW + timedelta(hours=1), began.network.model_copy(update={"steps": (step, *STEPS.values())})
    sent = began.model_copy(update={"network": network})
    assert [one.step.id for one in next_steps(sent, late)][:1] == [FIRST_WORD]
    claimed = builders.carried_out(sent, builders.claim(sent), by="publishing-agent")
    public = builders.carried_out(claimed, builders.outcome(claimed, "confirmed"), by="publishing-agent")
    assert FIRST_WORD not in [one.step.id for one in next_steps(public, late)]
    (line, *_) = step_lines(public, late, zone=UTC, language="en")
    assert line == "[x] first-word: Release the first word"
    assert [one.is_done for one in steps_of(public)] == [True, *[False] * len(STEPS)]
    taken_back = builders.carried_out(public, builders.holding(purpose=Purpose.WITHDRAWAL), by=WRITER)
    assert steps_of(taken_back)[0].is_done


def test_ticking_twice_is_one_tick_and_it_stays_the_first_persons() -> None:
    ticked = responding.given(declared(), TickStep(step="debrief"), by=WRITER)
    assert answered(ticked, TickStep(step="debrief")) == ["command_refused"]
    assert ticked.network.ticked["debrief"].by == WRITER


@pytest.mark.parametrize("by", [COMMANDER, WRITER])
def test_commander_and_officer_may_both_keep_it(by: str) -> None:
    for body in (BringIn(responder="council"), SetLead(responder="police"), TickStep(step="debrief")):
        assert answered(declared(), body, by=by)[-1] in {"responder_joined", "lead_set", "step_ticked"}


def test_a_person_without_such_a_power_is_told_who_could() -> None:
    order = builders.order(TickStep(step="debrief"), declared(), NURSE, register=responding.register())
    (refused,) = [one.model_dump() for one in answer(order)]
    assert len(refused["who_could"]) == 2
    assert f"no power to {Power.DECLARE}" in "; ".join(refused["reasons"])


def test_the_services_that_a_report_names_are_in_and_the_first_of_a_category_is_meant() -> None:
    told = declared(methane=builders.methane(emergency_services=("Police", "Vale Council", "mountain rescue")))
    assert [*told.network.present] == ["police", "council"]


def test_whose_report_it_is_is_in_too() -> None:
    assert [*responding.given(declared(), report("ambulance")).network.present] == ["ambulance"]


def test_a_responder_that_a_person_took_out_is_not_brought_in_by_a_report() -> None:
    left = responding.given(declared(), BringIn(responder="police"), TakeOut(responder="police", reason="they left"))
    named = report(emergency_services=("police",))
    assert not responding.given(left, named).network.present
    assert [*responding.given(left, named, BringIn(responder="police")).network.present] == ["police"]


def test_the_lead_changes_and_ends_with_the_responder() -> None:
    changed = responding.given(declared(), SetLead(responder="police"), SetLead(responder="ambulance"))
    assert (changed.network.lead, [*changed.network.present]) == ("ambulance", ["police", "ambulance"])
    left = responding.given(changed, TakeOut(responder="ambulance", reason="they left"))
    assert left.network.lead is None


def test_a_step_that_is_late_waits_for_a_person_only_if_the_trust_says_so() -> None:
    late = NOW + timedelta(minutes=20)
    assert [one.step.id for one in steps_of(declared()) if one.is_overdue(late)] == ["switchboard", "lead-agency"]
    assert [one.what for one in waiting(declared(), late) if one.kind == "step"] == ["switchboard"]
    assert "2 more" not in "\n".join(network_lines(declared(), late, zone=UTC))


def test_a_step_waits_no_more_once_it_is_ticked_or_the_incident_is_over() -> None:
    for body in (TickStep(step="switchboard"), StandDown(reason="it is over")):
        after = responding.given(declared(), body)
        assert [one for one in waiting(after, LATE) if one.kind == "step"] == []


def test_steps_are_ticked_after_the_end_too() -> None:
    """The debrief comes afterwards."""
    over = responding.given(declared(), StandDown(reason="it is over"))
    assert answered(over, TickStep(step="debrief")) == ["step_ticked"]


def test_an_incident_keeps_the_list_that_it_was_declared_with() -> None:
    incident = builders.carried_out(Incident(id=INCIDENT, mode=LIVE), builders.declaration())
    assert incident.network.steps == ()
    assert answered(incident, TickStep(step="debrief")) == ["command_refused"]


def test_a_hold_of_an_incident_waits_for_the_word_that_the_registers_hold_waits_for() -> None:
    """The police's post is what it takes; the ambulance's is not enough."""
    told = responding.register(holds={"cause": builders.hold(waits_for=("police",))})
    incident = builders.carried_out(declared(), PlaceHold(field=HeldField.CAUSE, about="how it began"), register=told)
    hold = incident.holds.placed[-1]
    assert hold.waits_for == ("police",)
    lifted = answer(builders.order(LiftHold(hold=hold.id, reason="they said why"), incident, register=told))
    assert "comes from the police first" in builders.reasons(lifted)


def test_what_a_hold_waits_for_is_what_it_was_placed_with() -> None:
    """A field that waits for nobody's word has no such line in its fact, as before."""
    placed = builders.after(declared(), [HoldPlaced(hold=builders.hold(), rule="r")])
    assert "waits_for" not in placed.holds.placed[-1].model_dump_json()
