"""A search asks one after another, each on their contacts in turn, and says why it goes on."""

from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.authority.powers import Act
from streams.decisions.release.delegations import stands
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.sign_off.page_steps import WORDS_MAX
from streams.decisions.verdict import Allowed
from streams.decisions.wording.renderer import is_marked
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryClaimed, RecordOutcome
from streams.words.incident import StandDown
from streams.words.register.entries import Chain, Contact, Person
from streams.words.release import DraftLine, SignOff
from streams.words.sign_off import Decline, PersonPassedOver, RecordPage, SearchEnded, SeekSignOff
from streams.words.stops import CancelRelease
from tests import builders, keyring
from tests.builders import COMMANDER, DRILL, OFFICER, SIGNER, WRITER
from tests.searches import CHAIR, Asking, chain, contacts, delegating, matter_chain, people, proposal, register, step
from tests.storytelling import AGENT, EVIDENCE, note, rebuttal


def asking(*chains: Chain, **changes: Any) -> Asking:
    return Asking(register(*chains, **changes))


def test_a_draft_is_taken_to_the_first_of_its_chain_at_once() -> None:
    """One answer: the draft, the search, and the claim of the first page, for this run."""
    night = asking()
    drafted, sought, paged = night.draft()
    assert (drafted.kind, sought.kind, paged.kind) == ("line_drafted", "sign_off_sought", "person_paged")
    assert [one.person for one in sought.asked] == [COMMANDER, OFFICER, CHAIR]
    assert (paged.call.person, paged.call.contact, paged.run) == (COMMANDER, contacts(COMMANDER)[0], "run-1")
    assert f"Yes: holdingline sign-off inc-1 {drafted.message.id}\n" in paged.call.text


@pytest.mark.parametrize("end", range(6))
def test_a_page_ends_the_words_of_a_draft_after_a_whole_word(end: int) -> None:
    """With an ellipsis, within what a text message has room for."""
    said = builders.line().texts["en"]
    words = f"{said} It is {'very, ' * end}early. {'Nothing else is known. ' * 30}".strip()
    paged = asking().give(builders.line(texts={"en": words}, channels=("website",)))[-1]
    shown = paged.call.text.splitlines()[1]
    assert len(shown) <= WORDS_MAX
    assert shown.endswith("…")
    assert f"{words} ".startswith(f"{shown.removesuffix('…')} ")


def test_a_page_for_an_answer_to_a_story_says_which_with_its_evidence() -> None:
    night = asking()
    night.give(note(), AGENT)
    paged = night.give(rebuttal())[-1]
    assert f"Answers story 3. Evidence: {EVIDENCE}\n" in paged.call.text


def test_a_draft_without_a_chain_waits_as_ever() -> None:
    night = Asking(builders.register())
    assert builders.kinds(night.draft()) == ["line_drafted"]


def test_who_does_not_answer_is_reminded_on_the_other_contact_and_then_passed_over() -> None:
    """A reminder after half the time, the next person after all of it."""
    night = asking()
    night.draft()
    night.reports()
    assert night.wait(149) == []
    (reminder,) = night.wait(1)
    assert (reminder.call.person, reminder.call.contact, reminder.round) == (COMMANDER, contacts(COMMANDER)[1], 2)
    night.reports()
    assert night.wait(149) == []
    silent, paged = night.wait(1)
    assert (silent.why, paged.call.person) == ("silent", OFFICER)


def test_a_page_that_surely_failed_is_tried_on_the_next_contact_at_once() -> None:
    night = asking()
    night.draft()
    recorded, paged = night.reports("failed")
    assert (recorded.outcome, paged.call.contact) == ("failed", contacts(COMMANDER)[1])


def test_a_claim_without_a_report_is_unknown_and_that_contact_is_left_alone() -> None:
    """The page may have come: another contact is tried at once, this one never again in this step."""
    night = asking(chain(COMMANDER, steps=(step(COMMANDER, reminders=5),)))
    night.draft()
    recorded, paged = night.wait(22)
    assert (recorded.outcome, paged.call.contact) == ("unknown", contacts(COMMANDER)[1])
    night.reports()
    while night.search.ended is None:
        if night.until_due() and night.search.pages:
            night.reports()
    assert [page.call.contact for page in night.pages].count(contacts(COMMANDER)[0]) == 1
    assert len(night.pages) == 7


def test_a_late_report_of_a_page_changes_nothing() -> None:
    night = asking()
    night.draft()
    night.wait(22)
    late = night.pages[0]
    report = RecordPage(search_id=late.search_id, number=late.number, outcome="sent", words="late")
    assert night.give(report, by="escalation-agent") == []


def without_a_key(name: str) -> dict[str, Person]:
    """Somebody who signs, and whose only key has ended."""
    ended = keyring.key(name, expires_at=builders.NOW)
    return {name: people()[name].model_copy(update={"keys": (ended,)})}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"away": (COMMANDER,)}, "away"),
        ({"people": {name: one for name, one in people().items() if name != COMMANDER}}, "unregistered"),
        ({"people": {**people(), COMMANDER: people()[COMMANDER].model_copy(update={"contacts": ()})}}, "no-contact"),
        ({"rota": ()}, "no-power"),
        ({"people": {**people(), **without_a_key(COMMANDER)}}, "no-power"),
    ],
)
def test_who_cannot_say_yes_now_is_passed_over_with_the_reason(changed: dict[str, object], why: str) -> None:
    night = asking(**changed)
    night.give(builders.declaration(), OFFICER)
    passed, paged = night.draft()[2:]
    assert isinstance(passed, PersonPassedOver)
    assert (passed.person, passed.why, paged.call.person) == (COMMANDER, why, OFFICER)


def test_nobody_is_asked_about_their_own_words() -> None:
    night = asking(chain(WRITER, SIGNER))
    assert [body.kind for body in night.draft()][2:] == ["person_passed_over", "person_paged"]
    assert night.passed == [(WRITER, "own-words")]


def test_a_step_may_be_whoever_is_on_call() -> None:
    night = asking(chain(steps=(step(None, rota="on-call"), step(None, rota="nobody"))))
    night.draft()
    assert night.pages[0].call.person == COMMANDER
    night.misses()
    assert night.passed[-1] == (None, "nobody-on-rota")


def test_who_is_asked_can_pass_it_on_at_once() -> None:
    night = asking()
    night.draft()
    no = Decline(search_id=night.search.id, reason="I am in theatre")
    assert "wait for Test Director On Call" in builders.reasons(night.give(no, OFFICER))
    passed, paged = night.give(no, COMMANDER)
    assert (passed.why, paged.call.person) == ("declined", OFFICER)


def test_a_yes_ends_the_search() -> None:
    night = asking()
    night.draft()
    assert [one.kind for one in night.signs(COMMANDER)][-2:] == ["search_ended", "person_told"]
    assert night.search.ended
    assert (night.search.ended.outcome, night.search.ended.person) == ("answered", COMMANDER)


def test_an_incident_that_is_over_ends_its_searches() -> None:
    night = asking()
    night.draft()
    assert night.give(StandDown(reason="over"), COMMANDER)[1].outcome == "withdrawn"


def test_a_draft_that_has_expired_is_not_asked_about_any_more() -> None:
    night = asking()
    night.give(builders.line())
    night.reports()
    night.wait(59 * 60)
    assert night.search.ended
    assert night.search.ended.outcome == "lapsed"


def test_where_nobody_answers_the_commander_is_told_so_and_who_is_left() -> None:
    night = asking(chain(COMMANDER))
    night.draft()
    night.reports()
    while night.search.ended is None:
        night.until_due()
        if night.search.pages:
            night.reports()
    ended = night.search.ended
    assert ended.outcome == "nobody"
    assert "Test Chair (Chair)" in ended.left
    assert not any("Comms Lead" in one for one in ended.left)
    assert not any(night.register.called(COMMANDER) == one for one in ended.left)


def in_vain(night: Asking) -> SearchEnded:
    """Nobody answers."""
    while night.search.ended is None:
        if night.search.pages and night.search.pages[-1].outcome is None:
            night.reports()
        night.until_due()
    return night.search.ended


def test_what_was_delegated_for_this_case_goes_out_and_nothing_else() -> None:
    """The template that was named, by whom it was delegated, once on each channel."""
    night = asking(delegating())
    night.draft()
    ended = in_vain(night)
    assert (ended.outcome, ended.person, ended.rule) == ("delegated", COMMANDER, f"lines/delegated-by/{COMMANDER}")
    (message,) = night.incident.messages.values()
    assert (message.template, message.slots["place"]) == ("major-incident", "Ashby General")
    assert all(one.state == "sending" for one in night.incident.deliveries.values())
    assert len(night.incident.drafts) == 1


@pytest.mark.parametrize(
    ("spoilt", "because"),
    [
        ({"approval": None}, "never approved"),
        ({"template": "flood"}, "no template flood"),
        ({"delegated_by": WRITER}, "edited after"),
    ],
)
def test_a_delegation_that_does_not_hold_lets_nothing_out(spoilt: dict[str, object], because: str) -> None:
    whole = delegating()
    assert whole.delegated
    broken = whole.model_copy(update={"delegated": whole.delegated.model_copy(update=spoilt)})
    night = asking(broken)
    night.draft()
    ended = in_vain(night)
    assert ended.outcome == "nobody"
    assert because in ended.reason
    assert not night.incident.messages


def test_a_delegation_that_was_changed_meanwhile_lets_nothing_out() -> None:
    night = asking(delegating())
    night.draft()
    night.register = register(delegating(title="Another"))
    assert "was changed since the search began" in in_vain(night).reason


def later_line(night: Asking, minutes: int) -> DraftLine:
    """A line that promises the next word so many minutes from now."""
    promised = night.now + timedelta(minutes=minutes)
    text = builders.line().texts["en"].replace("23:30", f"{promised:%H:%M}")
    return builders.line(texts={"en": text}, next_update_at=promised, expires_at=promised)


def test_what_was_delegated_goes_out_once_however_many_drafts_nobody_answers() -> None:
    """Each draft promises another time; whoever hands them in would else release what they may not, again and again."""
    night = asking(delegating())
    for minutes in (40, 50):
        night.give(later_line(night, minutes), WRITER)
        in_vain(night)
    ended = [one.ended for one in night.incident.searches.values() if one.ended and one.concern is None]
    assert [one.outcome for one in ended] == ["delegated", "nobody"]
    assert "was let out in this incident already" in ended[1].reason
    assert len(night.incident.messages) == 1


def test_what_a_person_stopped_is_not_let_out_again_by_delegation() -> None:
    """No channel took it because somebody cancelled it: that was a no."""
    night = asking(delegating())
    night.give(later_line(night, 40), WRITER)
    in_vain(night)
    (name,) = night.incident.messages
    for delivery in list(night.incident.deliveries):
        unsent = RecordOutcome(delivery_id=delivery, attempt=1, outcome="unsent", reason="it is down")
        night.give(unsent, "publishing-agent")
    night.give(CancelRelease(message_id=name, reason="it is not true"), COMMANDER)
    assert {one.state for one in night.incident.deliveries.values()} == {"refused"}
    night.give(later_line(night, 50), WRITER)
    assert "was let out in this incident already" in in_vain(night).reason


def test_a_delegated_message_that_loses_its_delegation_is_not_sent() -> None:
    """The delegation is judged again at the last moment."""
    night = asking(delegating())
    act = Act(Power.RELEASE_HOLDING, night.now)
    assert isinstance(stands("lines", act, channels=["website"], register=night.register), Allowed)
    gone = stands("lines", act, channels=["website"], register=register(chain()))
    assert "delegates nothing any more" in str(gone)
    night.draft()
    in_vain(night)
    claimed = next(fact.body for fact in night.facts if isinstance(fact.body, DeliveryClaimed))
    assert isinstance(may_send(claimed.dispatch, night.register, now=night.now), Allowed)
    other = register(delegating("another"))
    assert "delegates another message by now" in str(may_send(claimed.dispatch, other, now=night.now))


def test_a_proposal_is_taken_to_those_with_the_power_to_release_it() -> None:
    holding = chain(COMMANDER, id="first-words", power="release-holding")
    night = asking(holding)
    drafted, _, paged = night.give(proposal(), by="site-nurse")
    assert drafted.message.template == "major-incident"
    assert paged.call.person == COMMANDER
    assert night.signs(COMMANDER)[0].authorisation.power == "release-holding"


def test_a_page_in_a_drill_is_marked() -> None:
    night = Asking(register(), mode=DRILL)
    night.draft()
    assert is_marked(night.pages[0].call.text)


def test_in_an_ordered_chain_the_next_counts_only_when_their_turn_has_come() -> None:
    """Before: refused, with who is asked and until when. After silence: yes; and the first may still answer."""
    night = asking(chain(ordered=True))
    night.draft()
    night.reports()
    refused = night.signs(CHAIR)[0]
    assert (
        "wait for Test Director On Call (Director On Call), who is asked now until 22:36:00 GMT" in refused.reasons[0]
    )
    assert refused.who_could == ("Test Director On Call (Director On Call)",)
    outsider = night.signs(SIGNER)[0]
    assert "nobody else" in outsider.reasons[0]
    night.wait(150)
    night.reports()
    night.wait(150)
    assert night.search.step == 1
    assert night.signs(COMMANDER)[0].kind == "message_authorised"


def who_may_report() -> dict[str, Person]:
    powers = people()
    for name in (COMMANDER, OFFICER, CHAIR):
        granted = builders.person(name, "report-to-police").grants  # type: ignore[arg-type] # a power by its word
        powers[name] = powers[name].model_copy(update={"grants": (*powers[name].grants, *granted)})
    return powers


def test_a_matter_is_decided_by_the_first_of_its_chain_who_answers() -> None:
    """As the guidance has it for a suspected hate crime: the chief executive, else the chair, else a director."""
    night = asking(matter_chain(), people=who_may_report())
    put = SeekSignOff(matter="A post threatens a colleague: shall the police be told?", chain="police")
    assert builders.kinds(night.give(put)) == ["sign_off_sought", "person_paged"]
    yes = SignOff(message_id=night.search.id, content_hash=night.search.matter_hash())
    assert "its hash differs" in builders.reasons(night.give(yes.model_copy(update={"content_hash": ""}), COMMANDER))
    assert "one after another" in builders.reasons(night.give(yes, CHAIR))
    assert "ask another person" in builders.reasons(night.give(yes, WRITER))
    ended, *told = night.give(yes, COMMANDER)
    assert [one.call.person for one in told] == [COMMANDER]
    assert (ended.outcome, ended.person, ended.rule) == ("answered", COMMANDER, f"{COMMANDER}/report-to-police")
    assert "is over" in builders.reasons(night.give(yes, COMMANDER))


def test_contacts_are_those_of_the_first_page() -> None:
    """A register that changes in the night changes nobody's turn and no contact of a search under way."""
    night = asking()
    night.draft()
    night.reports()
    moved = {
        name: one.model_copy(update={"contacts": (Contact(via="chat", address="x"),)}) for name, one in people().items()
    }
    night.register = register(chain(CHAIR), people=moved)
    night.wait(150)
    assert night.pages[-1].call.contact == contacts(COMMANDER)[1]


def test_an_ordered_chain_is_not_jumped_by_another_chain_nor_by_a_release() -> None:
    """Neither a search along another chain, nor a release past the chain, lets the next one speak out of turn."""
    night = asking(chain(ordered=True), chain(CHAIR, id="quick"))
    night.draft()
    night.reports("failed")
    night.reports("failed")
    in_vain(night)
    draft = next(iter(night.incident.drafts))
    assert "no other chain instead" in builders.reasons(night.give(SeekSignOff(message_id=draft, chain="quick")))
    first_words = chain(COMMANDER, OFFICER, id="first-words", power=Power.RELEASE_HOLDING, ordered=True)
    day = asking(first_words)
    refused = day.give(builders.holding(), by=OFFICER)[0]
    assert "asks Test Director On Call (Director On Call) first: propose it" in refused.reasons[0]
    assert day.give(builders.holding(), by=COMMANDER)[0].kind == "message_authorised"


def test_a_search_for_a_draft_is_no_matter_that_can_be_decided() -> None:
    """A yes to the search itself ends nothing: the yes belongs to the draft."""
    night = asking()
    night.draft()
    stray = SignOff(message_id=night.search.id, content_hash=night.search.matter_hash())
    assert "no draft" in builders.reasons(night.give(stray, COMMANDER))
    assert night.search.ended is None


def test_the_same_matter_is_not_put_twice_at_once() -> None:
    night = asking(matter_chain(), people=who_may_report())
    night.give(SeekSignOff(matter="May we answer the paper?", chain="police"))
    again = night.give(SeekSignOff(matter="May we answer the paper?", chain="police"))
    assert "this is being decided already" in builders.reasons(again)


def test_nobody_waits_for_their_turn_to_withdraw() -> None:
    """Stopping is easier than starting, whatever a chain says."""
    powers = people()
    for name in (COMMANDER, OFFICER):
        powers[name] = powers[name].model_copy(
            update={"grants": builders.person(name, *builders.COMMAND_POWERS).grants}
        )
    night = asking(chain(COMMANDER, OFFICER, power=Power.WITHDRAW, ordered=True), people=powers)
    night.give(builders.holding(), by=OFFICER)
    withdrawn = builders.holding(purpose=Purpose.WITHDRAWAL, slots={}, next_update_at=None)
    assert night.give(withdrawn, by=OFFICER)[0].kind == "message_authorised"
