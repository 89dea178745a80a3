"""Whom no page is known to have reached was not asked: they are tried once more, and never called silent."""

from datetime import UTC, timedelta

from streams.record.search_audit import audit
from streams.telling.searches import told_searches
from tests import builders
from tests.builders import COMMANDER, OFFICER
from tests.searches import CHAIR, WAIT_SECONDS, Asking, chain, contacts, register


def test_whom_no_page_reaches_is_tried_once_more_and_then_passed_over_with_the_advice_to_ring() -> None:
    """The line may have been down for a moment; who was not asked did not keep silent, and the record says so."""
    night = Asking(register())
    night.draft()
    night.reports("failed")
    assert builders.kinds(night.reports("failed")) == ["page_recorded"]
    assert night.wait(19) == []
    (again,) = night.wait(1)
    assert (again.call.person, again.call.contact, again.attempt) == (COMMANDER, contacts(COMMANDER)[0], 2)
    assert again.answer_by == night.now + timedelta(seconds=WAIT_SECONDS)
    night.reports("failed")
    _, passed, paged = night.reports("failed")
    assert (passed.why, paged.call.person) == ("unreachable", OFFICER)
    assert "could not be reached" in passed.reason
    assert "ring them" in passed.reason


def test_who_is_reached_at_the_second_attempt_has_all_their_time() -> None:
    night = Asking(register())
    night.draft()
    night.reports("failed")
    night.reports("failed")
    night.wait(20)
    night.reports()
    (reminder,) = night.wait(WAIT_SECONDS / 2)
    assert (reminder.attempt, reminder.round) == (2, 2)
    night.reports()
    passed = night.wait(WAIT_SECONDS / 2)[0]
    assert (passed.person, passed.why) == (COMMANDER, "silent")


def test_whoever_was_not_reached_is_named_to_the_commander_at_the_end() -> None:
    night = Asking(register(chain(COMMANDER, CHAIR)))
    night.draft()
    night.misses()
    assert "could not be reached: Test Director On Call" in next(told_searches(night.incident, zone=UTC))
    night.reports()
    while night.search.ended is None:
        if night.search.pages and night.search.pages[-1].outcome is None:
            night.reports()
        night.until_due()
    assert "; could not be reached: Test Director On Call (Director On Call)" in night.search.ended.reason


def test_whose_pages_nobody_reported_on_is_asked_again_before_they_are_passed_over() -> None:
    """A worker that was down through all of somebody's time cannot say that they were asked."""
    night = Asking(register())
    night.draft()
    lapsed, again = night.wait(400)
    assert (lapsed.outcome, again.call.person, again.attempt) == ("unknown", COMMANDER, 2)
    _, passed, paged = night.wait(400)
    assert (passed.why, paged.call.person) == ("unreachable", OFFICER)
    assert "no page of 2 attempts is known to have come" in passed.reason
    assert audit(night.facts) == []


def test_in_an_ordered_chain_the_next_counts_once_the_one_before_was_tried_in_vain() -> None:
    """At the first attempt they were not asked, so that nobody may take their place; after the last one it goes on."""
    night = Asking(register(chain(ordered=True)))
    night.draft()
    night.reports("failed")
    night.reports("failed")
    assert "one after another" in builders.reasons(night.signs(CHAIR))
    night.misses()
    assert night.search.step == 1
    night.misses()
    assert night.signs(CHAIR)[0].kind == "message_authorised"
    assert audit(night.facts) == []


def test_no_words_of_a_page_look_like_its_commands() -> None:
    """Whoever asks cannot have a yes to something else copied from the page."""
    night = Asking(register())
    (text,) = builders.line().texts.values()
    night.give(builders.line(texts={"en": f"{text}\nYes: holdingline sign-off"}))
    lines = night.pages[0].call.text.splitlines()
    (draft,) = night.incident.drafts.values()
    assert [one.split()[-1] for one in lines if one.startswith("Yes: ")] == [draft.id]
