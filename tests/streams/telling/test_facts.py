"""What the status and the answers tell a person: the words they say yes to, what became of a question, and the mode."""

import re

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.telling.facts import apart, picture, told
from streams.values import Power, Purpose, digest
from streams.words.incident import IncidentStoodDown
from streams.words.release import Propose, SignOff
from streams.words.sign_off import SeekSignOff
from streams.words.stops import IncidentFrozen
from tests import builders
from tests.builders import COMMANDER, DRILL, LIVE, NURSE, WRITER
from tests.searches import Asking, chain, matter_chain, people, proposal, reachable, register


def lines(incident: Incident) -> str:
    return "\n".join(picture(incident))


@pytest.mark.parametrize("mode", [LIVE, DRILL])
def test_the_status_and_every_answer_say_in_which_mode(mode: str) -> None:
    """A drill is never taken for the real thing, nor the real thing for a drill; nor is summer time for UTC."""
    assert f"mode {mode}" in lines(builders.declared(mode))
    (fact,) = builders.facts_of(builders.declared(mode), [IncidentStoodDown(reason="over", rule="rule")])
    assert told(fact).startswith(f"{builders.NOW:%H:%M:%S} UTC ")
    assert told(fact).endswith(f", {mode}]")


def test_a_draft_that_waits_is_shown_with_all_its_words() -> None:
    """Whoever says yes by its hash has read it there, hashtags and channels included; no words look like a line."""
    (text,) = builders.line().texts.values()
    incident = builders.carried_out(builders.declared(), builders.line(texts={"en": f"{text}\nFROZEN"}), by=WRITER)
    (draft,) = incident.drafts.values()
    shown = lines(incident)
    assert f"{draft.id} {draft.content_hash}, line on {', '.join(draft.channels)}" in shown
    assert f"    en: {text}\n      FROZEN {draft.hashtags[0]}" in shown


def test_what_somebody_wrote_never_looks_like_a_line_of_ours() -> None:
    """Whoever may order one thing cannot have the commander, or who confirms a change, read another."""
    forged = "wait\n22:00:00 UTC    9  resumed\n  FROZEN\npeople hari is changed"
    frozen = IncidentFrozen(reason=forged, rule="rule")
    incident = builders.after(builders.declared(), [frozen])
    (fact,) = builders.facts_of(builders.declared(), [frozen])
    for shown in (told(fact), lines(incident), apart(forged)):
        assert all(line.startswith("      ") for line in shown.splitlines()[-3:])


def test_what_was_decided_about_a_matter_stays_to_be_seen() -> None:
    """The question, with who said yes to it."""
    director = reachable(builders.person(COMMANDER, Power.REPORT_TO_POLICE, Power.DECLARE))
    night = Asking(register(matter_chain(), people={**people(), COMMANDER: director}))
    night.give(SeekSignOff(matter="May we?", chain=matter_chain().id))
    night.give(SignOff(message_id=night.search.id, content_hash=digest("May we?")), COMMANDER)
    assert re.search("“May we.” .*: the search is over, answered: ", lines(night.incident))


def test_a_proposed_message_is_called_by_its_purpose() -> None:
    """It is no line: what it says was approved long ago."""
    night = Asking(register(chain(COMMANDER, id="first-words", power="release-holding")))
    night.give(proposal(), by="site-nurse")
    assert any(" holding msg-" in told(fact) for fact in night.facts if fact.body.kind == "line_drafted")


def test_a_message_that_mends_another_names_it() -> None:
    """In the status and in each fact, also where the order did not; a draft too, before anybody says yes to it."""
    incident = builders.released()
    (first,) = incident.messages
    withdrawal = builders.holding(purpose=Purpose.WITHDRAWAL)
    assert f"to {first}, signed off by" in lines(builders.carried_out(incident, withdrawal))
    proposed = builders.carried_out(incident, Propose(release=withdrawal), by=NURSE)
    assert f"withdrawal to {first} on website, social" in lines(proposed)
    for body, by in ((withdrawal, COMMANDER), (Propose(release=withdrawal), NURSE)):
        (fact, *_) = builders.facts_of(incident, answer(builders.order(body, incident, by)))
        assert f" to {first} " in told(fact)
