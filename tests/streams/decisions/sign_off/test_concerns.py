"""What waits for a person pages people by the register's rule, once, until somebody takes it on or it is settled."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.entrypoints.commands import MODULE_OF
from streams.decisions.desk.judge import judge
from streams.decisions.sign_off import concerns
from streams.decisions.sign_off.concern_words import COMMANDS, PLAIN, told
from streams.decisions.sign_off.concerns import rule_for
from streams.decisions.wording.renderer import is_marked
from streams.record.search_audit import audit
from streams.subjects.attention import HEARD_WITHIN, Waiting, waiting
from streams.subjects.case import Case
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import Level, Power, Purpose
from streams.words.attention import PAGES, AttentionRule, Kind
from streams.words.cases import CaseSort, OpenCase
from streams.words.delivery import DeliveryState, RecordOutcome, ResolveDelivery
from streams.words.incident import Reclassify, StandDown
from streams.words.orders import CommandBody, Tick
from streams.words.register.accounts import NoteRoute
from streams.words.register.entries import Register
from streams.words.release import Amplify
from streams.words.sign_off import Acknowledge, Decline, PageRecorded, PersonPaged, RecordPage, SignOffSought
from streams.words.stops import Freeze, Resume
from tests import builders
from tests.builders import COMMANDER, LIVE, NOW, OFFICER, SIGNER, WRITER
from tests.searches import Asking, chain, contacts, register

FIRST_WORDS = chain(COMMANDER, OFFICER, id="first-words", title="First words", power=Power.RELEASE_HOLDING)
LATE = timedelta(minutes=60)


def on_call(**changes: Any) -> Register:
    return register(FIRST_WORDS, **changes)


@pytest.mark.parametrize("kind", PLAIN)
def test_a_person_reads_what_waits_by_names_and_not_by_identifiers(kind: Kind) -> None:
    """The command of the page has those; a channel, a partner and a step are called as the register calls them."""
    name = "msg-0123456789abcdef0123"
    channel = "email" if "{channel}" in PLAIN[kind] else None
    night = Asking(on_call())
    said = told(
        Waiting(kind=kind, subject=builders.SUBJECT, what=name, channel=channel), night.incident, register=on_call()
    )
    assert name not in said or "{partner}" in PLAIN[kind] or "{step}" in PLAIN[kind]


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


REMINDED = 49 * 60
"""Ten minutes before the promise is due."""


def test_a_promise_that_is_due_soon_pages_once_and_is_settled_by_the_next_word() -> None:
    """The page says until when and what to type; who was asked is told who let the word out."""
    night = promised(on_call())
    assert night.wait(REMINDED - 1) == []
    begun, paged = night.wait(1)
    (message,) = night.incident.messages
    assert (begun.concern.about, begun.concern.what) == ("reminder", message)
    assert (paged.call.person, paged.call.contact) == (COMMANDER, contacts(COMMANDER)[0])
    first, to_do, *_ = paged.call.text.splitlines()
    assert "No next word is on its way, and the update that the public was promised is due by 23:30" in first
    assert message not in first, "it is in the command alone"
    assert to_do.startswith("To do: holdingline release inc-1 TEMPLATE")
    report(night)
    later = builders.holding(slots={"place": "Ashby General", "time": "23:21"}, next_update_at=night.now + LATE)
    night.give(later, COMMANDER)
    confirmed(night)
    assert [one.concern.about for one in sought(night) if one.concern] == ["reminder"]
    assert night.incident.searches[begun.search_id].ended
    assert "Settled at 23:20: by Test Director On Call (Director On Call)" in night.told[-1].call.text


def test_a_promise_that_is_broken_after_its_reminder_pages_by_its_own_rule() -> None:
    """Those who were reminded hear that the time has come; each of the two pages once."""
    night = promised(on_call())
    night.wait(REMINDED)
    report(night)
    night.wait(11 * 60)
    assert [one.concern.about for one in sought(night) if one.concern] == ["reminder", "promise"]
    assert any("the time has come, and the next word is not out" in one.call.text for one in night.told)
    assert [one.kind for one in waiting(night.incident, night.now)] == ["promise"]


@pytest.mark.parametrize("end", ["all-clear", "stand-down"])
def test_the_end_of_an_incident_settles_a_reminder(end: str) -> None:
    night = promised(on_call())
    night.wait(REMINDED)
    all_clear = builders.holding(purpose=Purpose.ALL_CLEAR, next_update_at=None)
    body = StandDown(reason="it is over") if end == "stand-down" else all_clear
    night.give(body, COMMANDER)
    confirmed(night)
    night.wait(20 * 60)
    assert [one.concern.about for one in sought(night) if one.concern] == ["reminder"]
    assert list(waiting(night.incident, night.now)) == []


def test_nobody_is_reminded_of_a_promise_that_was_only_just_made() -> None:
    """Who promises the next word in a few minutes knows it."""
    night = Asking(on_call())
    night.give(builders.holding(next_update_at=night.now + timedelta(minutes=10)), COMMANDER)
    confirmed(night)
    night.wait(9 * 60)
    assert sought(night) == []


def test_a_broken_promise_pages_the_person_on_call_until_somebody_takes_it_on() -> None:
    """The page says what happened and what to type; who was asked is told who has it; it asks for nothing."""
    night = promised(on_call(attention={"reminder": AttentionRule(id="reminder", pages="never")}))
    assert night.wait(59 * 60) == []
    begun, paged = night.wait(60)
    (message,) = night.incident.messages
    assert (begun.concern.about, begun.concern.what, begun.sought_by) == ("promise", message, "clock")
    assert (paged.call.person, paged.call.contact) == (COMMANDER, contacts(COMMANDER)[0])
    first, to_do, mine, other, until = paged.call.text.splitlines()
    assert "The next update that the public was promised is OVERDUE since 23:30" in first
    assert message not in first, "it is in the command alone"
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


def changed(night: Asking, by: str, level: Level = 1) -> list[Any]:
    """Another level; whom it pages is paged at once."""
    facts = night.give(Reclassify(level=level, reason="fewer were hurt"), by)
    assert "incident_reclassified" in {one.kind for one in facts}, facts
    return facts


def test_another_level_pages_those_who_are_asked_for_first_words_but_who_changed_it() -> None:
    """Once for each change, until one of them takes note of it; it is on the list of what waits as long."""
    night = Asking(on_call())
    changed(night, COMMANDER)
    (paged,) = pages(night)
    assert paged.call.person == OFFICER
    assert "The type or level of inc-1 was changed" in paged.call.text
    assert [one.kind for one in waiting(night.incident, night.now)] == ["reclassified"]
    report(night)
    night.give(Acknowledge(search_id=paged.search_id), OFFICER)
    assert [*waiting(night.incident, night.now)] == []
    night.wait(3600)
    assert len(pages(night)) == 1
    changed(night, COMMANDER, level=2)
    assert len(night.concerns) == 2
    assert audit(night.facts) == []


def test_another_level_waits_for_a_quarter_of_an_hour_and_not_after_the_end() -> None:
    night = Asking(on_call())
    changed(night, COMMANDER)
    night.wait(HEARD_WITHIN.total_seconds())
    assert [*waiting(night.incident, night.now)] == []
    assert all(one.ended for one in night.concerns)
    changed(night, COMMANDER, level=2)
    night.give(StandDown(reason="It is over."), COMMANDER)
    assert [*waiting(night.incident, night.now)] == []
    assert audit(night.facts) == []


def test_a_level_that_only_one_person_knows_how_to_speak_at_pages_no_person_who_knows_it() -> None:
    night = Asking(register(FIRST_WORDS.model_copy(update={"steps": FIRST_WORDS.steps[:1]})))
    changed(night, COMMANDER)
    assert pages(night) == []


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


def test_a_closing_whose_worker_died_is_sent_once_more() -> None:
    """No report came before its claim lapsed: the person hears it from the next worker, and no third time."""
    night = broken(on_call())
    report(night)
    night.give(Acknowledge(search_id=night.concerns[-1].id), COMMANDER)
    assert len(night.told) == 1
    night.wait(23)
    first, second = night.told
    assert (first.call.person, first.call.contact) == (second.call.person, second.call.contact)
    assert (first.call.text, first.call.key == second.call.key) == (second.call.text, False)
    night.wait(23)
    night.wait(23)
    assert len(night.told) == 2
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


STEPS = st.lists(
    st.sampled_from(["release", "confirm", "unknown", "resolve", "draft", "sign", "freeze", "resume", "ack", "decline"])
    | st.integers(min_value=20, max_value=4_000),
    max_size=25,
)


def deed(night: Asking, what: str) -> None:
    """Something that people or channels do; what the rules refuse at this moment changes nothing."""
    deliveries = [*night.incident.deliveries.values()]
    sending = [one for one in deliveries if one.state is DeliveryState.SENDING]
    doubtful = [one for one in deliveries if one.state is DeliveryState.UNKNOWN]
    asked = [one for one in night.concerns if one.ended is None]
    if what == "release":
        at = night.now + timedelta(minutes=30)
        slots = {**builders.SLOTS, "time": f"{night.now:%H:%M}"}
        night.give(builders.holding(slots=slots, next_update_at=at), COMMANDER)
    elif what in {"confirm", "unknown"} and sending:
        outcome: Any = "confirmed" if what == "confirm" else "unknown"
        said = RecordOutcome(delivery_id=sending[0].id, attempt=sending[0].attempt, outcome=outcome, reason="as seen")
        night.give(said, "publishing-agent")
    elif what == "resolve" and doubtful:
        one = doubtful[0]
        seen = ResolveDelivery(delivery_id=one.id, attempt=one.attempt, public=True, evidence="seen")
        night.give(seen, COMMANDER)
    elif what == "draft":
        night.draft()
    elif what == "sign" and night.incident.drafts:
        night.signs(COMMANDER)
    elif what in {"freeze", "resume"}:
        night.give(Freeze(reason="wait") if what == "freeze" else Resume(reason="go on"), COMMANDER)
    elif what == "ack" and asked:
        night.give(Acknowledge(search_id=asked[0].id), OFFICER)
    elif what == "decline" and asked and asked[0].asks and asked[0].asks.person:
        night.give(Decline(search_id=asked[0].id, reason="not me"), asked[0].asks.person)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_all_that_waits_and_pages_has_one_search_and_none_that_is_settled_is_asked_about(steps: list[Any]) -> None:
    """Whatever happens, in whatever order.

    Each person is told of each end once, or twice if it is not known whether it came.
    """
    night = Asking(on_call())
    for one in steps:
        if isinstance(one, str):
            deed(night, one)
        else:
            night.wait(one)
        if len(pages(night)) and night.incident.searches[pages(night)[-1].search_id].pages:
            report(night)
        night.wait(0)
        waits = {thing.key: thing for thing in waiting(night.incident, night.now)}
        begun = [thing.concern.key for thing in sought(night) if thing.concern]
        assert len(begun) == len(set(begun))
        drafts_asked = {search.message_id for search in night.incident.searches.values()}
        for key, thing in waits.items():
            frozen = thing.kind == "draft" and night.incident.stops.frozen
            if PAGES[thing.kind] == "now" and thing.kind != "unanswered" and not frozen:
                assert key in begun or thing.what in drafts_asked
        open_ones = {search.subject for search in night.concerns if search.ended is None}
        assert open_ones <= set(waits)
    assert audit(night.facts) == []
    told = Counter((one.search_id, one.call.person) for one in night.told)
    reports = [fact.body for fact in night.facts if isinstance(fact.body, PageRecorded)]
    doubtful = {(one.search_id, one.number) for one in reports if one.outcome == "unknown"}
    again = {(one.search_id, one.call.person) for one in night.told if (one.search_id, one.number) in doubtful}
    assert all(count <= 1 + (who in again) for who, count in told.items())
    assert set(told) <= {(one.search_id, one.call.person) for one in pages(night)}


def test_a_rule_for_stopped_partners_holds_for_their_accounts_until_these_have_their_own() -> None:
    partners = AttentionRule(id="stopped-partner", pages="in-hours", chain="partners-posts")
    accounts = AttentionRule(id="stopped-account", pages="never")
    old = builders.register(attention={"stopped-partner": partners})
    new = builders.register(attention={"stopped-partner": partners, "stopped-account": accounts})
    assert rule_for("stopped-account", old) == partners
    assert rule_for("stopped-account", new) == accounts
    assert rule_for("stopped-account", builders.register()).pages == "now"
    assert rule_for("stopped-partner", builders.register(attention={"stopped-account": accounts})).pages == "now"


def test_every_kind_of_thing_that_waits_has_a_usual_rule_and_a_command_that_exists() -> None:
    assert set(PAGES) == set(get_args(Kind)) == set(COMMANDS)
    assert {text.split()[1] for text in COMMANDS.values()} <= MODULE_OF.keys()


def test_a_drill_marks_its_pages_and_makes_them_in_its_own_mode() -> None:
    night = Asking(on_call(), mode=builders.DRILL)
    night.give(builders.holding(), COMMANDER)
    confirmed(night)
    night.wait(LATE.total_seconds())
    report(night)
    night.give(Acknowledge(search_id=night.concerns[0].id), COMMANDER)
    calls = [*(one.call for one in pages(night)), *(one.call for one in night.told)]
    assert len(calls) == 2
    assert all(one.mode == builders.DRILL and is_marked(one.text) for one in calls)


def test_the_person_who_sought_a_yes_in_vain_is_paged_first_and_nobody_who_was_silent() -> None:
    night = Asking(register())
    night.draft()
    while night.search.ended is None:
        if night.search.pages and night.search.pages[-1].outcome is None:
            night.reports()
        night.until_due()
    (concern,) = night.concerns
    assert [one.person for one in concern.asked] == [WRITER]


def test_a_partners_post_is_not_the_next_word_that_was_promised() -> None:
    night = promised(on_call())
    echo = Amplify(credit=builders.credit(), text="Crews are here.", posted_at=night.now)
    night.give(echo, "amplification-agent")
    confirmed(night)
    night.wait(LATE.total_seconds())
    assert [one.concern.about for one in sought(night) if one.concern] == ["promise"]


def overdue_case() -> State:
    """A complaint whose answer was due a minute ago."""
    opened = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited long.", answer_by=NOW - timedelta(minutes=1))
    return builders.carried_out(Case(id="complaint-1", mode=LIVE), opened, by=WRITER)


def register_without_a_route() -> State:
    """The log of a register whose worker found that nothing can go out on a channel."""
    return builders.carried_out(RegisterLog(mode=LIVE), NoteRoute(channel="social", fault="no answer"), by="clock")


@pytest.mark.parametrize("made", [overdue_case, register_without_a_route], ids=["a case", "the register's log"])
def test_what_waits_in_a_case_or_in_the_registers_log_pages_once_and_tells_who_took_it_on(
    made: Callable[[], State],
) -> None:
    """By the same rules as in an incident: one search, one page, and the end for everybody who got it."""
    told = on_call(attention={"case": AttentionRule(id="case", chain="first-words")})

    def judged(body: CommandBody, state: State, by: str) -> tuple[list[Any], State]:
        order = builders.order(body, state, by, register=told, subject=state.subject, id=f"cmd-{state.sequence}-{by}")
        facts, after = judge(order, run="run-1", register_version="v1")
        return [fact.body for fact in facts], after

    first = WRITER if made is overdue_case else COMMANDER  # Who has the case is asked before anybody else.
    (begun, paged), state = judged(Tick(), made(), "clock")
    assert paged.call.person == first
    assert f"To do: {COMMANDS[begun.concern.about].partition(' {')[0]}" in paged.call.text
    assert judged(Tick(), state, "clock")[0] == []
    came = RecordPage(search_id=begun.search_id, number=paged.number, outcome="sent", words="sent")
    _, state = judged(came, state, "escalation-agent")
    (ended, closing), _ = judged(Acknowledge(search_id=begun.search_id), state, COMMANDER)
    assert (ended.outcome, closing.call.person) == ("answered", first)
