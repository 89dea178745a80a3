"""What the status and the answers tell a person: the words they say yes to, what became of a question, and the mode."""

import re
from datetime import UTC
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.exercise.play.lines import KINDS, moment_of
from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.telling.facts import apart, fact_line, fact_lines, picture, told
from streams.telling.names import Names, names_of
from streams.values import Power, Purpose, digest
from streams.words.delivery import DeliveryAsked, DeliveryConfirmed
from streams.words.facts import FactBody
from streams.words.incident import IncidentStoodDown
from streams.words.release import Propose, SignOff
from streams.words.sign_off import SeekSignOff
from streams.words.stops import IncidentFrozen
from tests import builders
from tests.builders import COMMANDER, DRILL, LIVE, NURSE, WRITER
from tests.searches import Asking, chain, matter_chain, people, proposal, reachable, register
from tests.strategies import built

BODIES = [member for one in get_args(get_args(FactBody)[0]) for member in get_args(one) or (one,)]


def lines(incident: Incident) -> str:
    return "\n".join(picture(incident, zone=UTC))


@pytest.mark.parametrize("mode", [LIVE, DRILL])
def test_the_status_and_every_answer_say_in_which_mode(mode: str) -> None:
    """A drill is never taken for the real thing, nor the real thing for a drill; nor is summer time for UTC."""
    assert f"mode {mode}" in lines(builders.declared(mode))
    (fact,) = builders.facts_of(builders.declared(mode), [IncidentStoodDown(reason="over", rule="rule")])
    assert fact_line(fact).startswith(f"{builders.NOW:%H:%M:%S} UTC ")
    assert fact_line(fact).endswith(f", {mode}]")


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
    for shown in (fact_line(fact), lines(incident), apart(forged)):
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
    assert any(" holding msg-" in fact_line(fact) for fact in night.facts if fact.body.kind == "line_drafted")


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
        assert f" to {first} " in fact_line(fact)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_each_fact_has_one_sentence_wherever_it_is_told(body: Any, data: st.DataObject) -> None:
    """The command line and the drill, whose lines the report prints, show the sentence with only a frame around it."""
    fact = builders.facts_of(builders.declared(), [data.draw(built(body))])[0]
    sentence = told(fact)
    assert sentence.strip()
    assert told(fact.body) == sentence
    assert apart(sentence) in fact_line(fact)
    moment = moment_of(fact, Names())
    assert (moment is not None) == (body in KINDS)
    assert moment is None or moment.text == sentence


def test_the_drill_shows_every_fact_but_the_steps_of_the_machinery() -> None:
    """What it leaves out is named here, so that a new kind of fact is shown unless somebody adds it."""
    quiet = {body.__name__ for body in BODIES if body not in KINDS}
    changes = {
        "ChangeProposed",
        "ChangeConfirmed",
        "EntryFounded",
        "RegisterFounded",
        "ChangeWithdrawn",
        "ChangeLapsed",
        "FilesNoted",
        "UnconfirmedNoted",
        "RisksNoted",
        "RouteNoted",
        "FeedNoted",
        "SignInsFailed",
        "ContentApproved",
    }
    cases = {"EnquiryNoted", "CaseEvidenceReleased"}
    accounts = {"AccountShut", "SecretChanged", "AccountOpened", "AccountNoted", "LookAlikesSettled"}
    watch = {"WatchNoted", "WatchedCloser", "FoundNotOurs", "WatchSettled"}
    posts = {"PostDrafted", "PostPlanned", "PostHeld", "PostToReview", "PostDropped", "PostCorrectionDrafted"}
    posts |= {"PostTakenOver", "PostUnscheduled", "PauseSought"}
    letters = {"BriefingClaimed", "BriefingRecorded"}
    rest = changes | cases | posts | accounts | watch | letters
    assert quiet == {"DeliveryAsked", "DeliveryClaimed", "PageRecorded"} | rest


def test_a_delivery_is_told_with_its_channel_where_the_facts_name_it() -> None:
    """The fact that confirms a delivery has only its identifier; an earlier one has the channel."""
    incident = builders.declared()
    facts = builders.facts_of(incident, answer(builders.order(builders.holding(), incident, COMMANDER)))
    asked = next(fact.body for fact in facts if isinstance(fact.body, DeliveryAsked))
    confirmed = builders.facts_of(incident, [DeliveryConfirmed(delivery_id=asked.delivery_id)])
    assert f"PUBLIC on {asked.channel}: " in fact_lines(confirmed, known=facts, zone=UTC)[0]
    assert f"PUBLIC: delivery {asked.delivery_id}" in fact_lines(confirmed, zone=UTC)[0]


def test_people_are_named_where_the_register_is_at_hand() -> None:
    known = register(chain(COMMANDER))
    names = names_of([], known)
    (fact,) = builders.facts_of(builders.declared(), [IncidentStoodDown(reason="over", rule="rule")])
    assert fact_line(fact.model_copy(update={"by": COMMANDER}), names).endswith(
        f"[{known.called(COMMANDER)}, {fact.mode}]"
    )
