"""What waits for a person pages people by the register's rule, once, until somebody takes it on or it is settled."""

from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.sign_off import concerns
from streams.record.search_audit import audit
from streams.values import Power
from streams.words.delivery import DeliveryState, RecordOutcome
from streams.words.register.attention import AttentionRule
from streams.words.register.entries import Register
from streams.words.sign_off import Acknowledge, PersonPaged, RecordPage, SignOffSought
from tests import builders
from tests.builders import COMMANDER, OFFICER, SIGNER
from tests.searches import Asking, chain, contacts, register

FIRST_WORDS = chain(COMMANDER, OFFICER, id="first-words", title="First words", power=Power.RELEASE_HOLDING)
LATE = timedelta(minutes=60)


def on_call(**changes: Any) -> Register:
    return register(FIRST_WORDS, **changes)


def confirmed(night: Asking) -> None:
    """Every channel says that the words are there."""
    for delivery in [*night.incident.deliveries.values()]:
        if delivery.state is DeliveryState.SENDING:
            there = RecordOutcome(delivery_id=delivery.id, attempt=delivery.attempt, outcome="confirmed")
            night.give(there, "publishing-agent")


def promised(told: Register) -> Asking:
    """A holding message is public that promises the next word."""
    night = Asking(told)
    night.give(builders.holding(), COMMANDER)
    confirmed(night)
    return night


def broken(told: Register) -> Asking:
    night = promised(told)
    night.wait(LATE.total_seconds())
    return night


def pages(night: Asking) -> list[PersonPaged]:
    return [fact.body for fact in night.facts if isinstance(fact.body, PersonPaged)]


def sought(night: Asking) -> list[SignOffSought]:
    return [fact.body for fact in night.facts if isinstance(fact.body, SignOffSought) and fact.body.concern]


def report(night: Asking) -> list[Any]:
    """The newest page came."""
    page = pages(night)[-1]
    came = RecordPage(search_id=page.search_id, number=page.number, outcome="sent", words="sent")
    return night.give(came, "escalation-agent")


def test_a_broken_promise_pages_the_person_on_call_until_somebody_takes_it_on() -> None:
    """The page says what happened and what to type; who was asked is told who has it; it asks for nothing."""
    night = promised(on_call())
    assert night.wait(59 * 60) == []
    begun, paged = night.wait(60)
    (message,) = night.incident.messages
    assert (begun.concern.about, begun.concern.what, begun.sought_by) == ("promise", message, "clock")
    assert (paged.call.person, paged.call.contact) == (COMMANDER, contacts(COMMANDER)[0])
    first, to_do, mine, other, until = paged.call.text.splitlines()
    assert f"The next update, promised with {message}, is OVERDUE since 23:30" in first
    assert to_do.startswith("To do: holdingline release inc-1 TEMPLATE")
    assert mine == f"I have it: holdingline acknowledge inc-1 {begun.search_id}"
    assert other == f"Not me: holdingline decline inc-1 {begun.search_id} 'why'"
    assert until == "The next person is asked at 23:36."
    report(night)
    ended, told = night.give(Acknowledge(search_id=begun.search_id), COMMANDER)
    assert (ended.outcome, ended.person) == ("answered", COMMANDER)
    assert (told.call.person, told.call.contact) == (COMMANDER, contacts(COMMANDER)[0])
    assert "Test Director On Call (Director On Call) has taken it on" in told.call.text
    assert "holdingline" not in told.call.text
    assert told.call.text.endswith("Nothing more is asked of you.")
    assert audit(night.facts) == []


def test_a_concern_that_nobody_takes_on_goes_up_the_chain_and_everybody_asked_is_told_of_its_end() -> None:
    night = broken(on_call())
    report(night)
    night.wait(150)
    report(night)
    silent, paged = night.wait(150)
    assert (silent.why, paged.call.person) == ("silent", OFFICER)
    report(night)
    *_, first, second = night.give(Acknowledge(search_id=paged.search_id), OFFICER)
    assert [one.call.person for one in (first, second)] == [COMMANDER, OFFICER]
    assert first.call.text == second.call.text
    assert audit(night.facts) == []


def test_whoever_was_asked_is_told_when_the_next_word_is_out_also_after_a_search_in_vain() -> None:
    """Who released it, and when."""
    for in_vain in (False, True):
        night = broken(on_call())
        while in_vain and night.concerns[0].ended is None:
            report(night)
            night.until_due()
        assert not night.told
        night.give(
            builders.holding(slots={**builders.SLOTS, "time": "22:20"}, next_update_at=night.now + LATE), OFFICER
        )
        confirmed(night)
        assert {one.call.person for one in night.told} == ({COMMANDER, OFFICER} if in_vain else {COMMANDER})
        said = f"signed off by Test Chief Operating Officer (Chief Operating Officer) at {night.now:%H:%M}"
        assert all(said in one.call.text for one in night.told)
        assert audit(night.facts) == []


def test_each_concern_has_one_search_however_long_it_waits_and_however_often_the_worker_starts() -> None:
    night = broken(on_call())
    for number in range(40):
        night.run = f"run-{number}"
        if pages(night)[-1].run == night.run:
            report(night)
        night.wait(300)
    assert len(sought(night)) == 1
    assert len({(one.call.key) for one in pages(night)}) == len(pages(night))
    assert not concerns.is_due(night.store.values[builders.SUBJECT.key], night.now, register=night.register)


@pytest.mark.parametrize("rule", [{"pages": "never"}, {"pages": "in-hours"}, {"chain": "gone"}, {"chain": "other"}])
def test_the_rule_of_the_register_says_whether_and_when_and_whom_to_page(rule: dict[str, Any]) -> None:
    """A chain that is not there any more is no reason to page nobody."""
    other = chain(SIGNER, id="other", power=Power.SIGN_OFF_LINE)
    attention = {"promise": AttentionRule(id="promise", **rule)}
    night = broken(register(FIRST_WORDS, other, attention=attention))
    asked = {"other": SIGNER, "gone": COMMANDER}.get(rule.get("chain", ""))
    assert [one.call.person for one in pages(night)] == ([asked] if asked else [])
    morning = (timedelta(hours=10, minutes=30)).total_seconds()
    night.wait(morning)
    assert bool(pages(night)) is (rule.get("pages") != "never")
