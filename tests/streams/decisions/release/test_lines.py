"""A correction in its own words: it follows the wrong message, and goes out on another person's yes as a line does."""

from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryAsked, DeliveryConfirmed, Verb
from streams.words.facts import FactBody
from streams.words.incident import Cancel, StandDown
from streams.words.register.slots import KnownPlace
from streams.words.release import DraftLine, LineDrafted, Message, MessageAuthorised, Release, SignOff
from streams.words.stops import Freeze
from tests import builders, searches
from tests.builders import DRILL, LIVE, NOW, NURSE, SIGNER, WRITER, reasons
from tests.searches import Asking

WRONG = "The coach crash at Ashby Junction at 22:15: 14 people are in our care. Next word by 23:30."
RIGHT = {"en": "We wrote that 14 people are in our care. It is 4. We are sorry."}
LATER = NOW + timedelta(seconds=1)


def correction(follows: str, **changes: Any) -> DraftLine:
    """What an officer writes, with nothing that a correction need not say."""
    return DraftLine(**{"texts": RIGHT, "channels": ("website", "social"), "follows": follows, **changes})


def with_a_line(mode: str = LIVE) -> tuple[Incident, str]:
    """A line with a wrong fact is public."""
    incident = builders.carried_out(builders.declared(mode), builders.line(texts={"en": WRONG}), by=WRITER)
    (draft,) = incident.drafts.values()
    incident = builders.carried_out(incident, yes_to(draft), by=SIGNER)
    return builders.after(incident, [DeliveryConfirmed(delivery_id=one) for one in incident.deliveries]), draft.id


def yes_to(draft: Message) -> SignOff:
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)


def given(body: Any, incident: Incident, by: str = WRITER, **changes: Any) -> list[FactBody]:
    return [*answer(builders.order(body, incident, by, **{"id": "cmd-now", **changes}))]


def drafted(body: DraftLine, incident: Incident, **changes: Any) -> Message:
    (fact,) = given(body, incident, **changes)
    assert isinstance(fact, LineDrafted), fact
    return fact.message


@pytest.mark.parametrize("mode", [LIVE, DRILL])
def test_a_wrong_fact_in_a_line_is_corrected_in_words_of_its_own_on_another_persons_yes(mode: str) -> None:
    """Each channel is asked to correct, which each kind does in its best way; the yes names the message."""
    incident, first = with_a_line(mode)
    draft = drafted(correction(first), incident)
    assert (draft.purpose, draft.follows, draft.template) == (Purpose.CORRECTION, first, None)
    assert draft.titles == incident.messages[first].titles
    waiting = builders.carried_out(incident, correction(first), by=WRITER, id="cmd-now")
    assert "cannot sign it off" in reasons(given(yes_to(draft), waiting, id="cmd-own"))
    yes, *asked = given(yes_to(draft), waiting, SIGNER, id="cmd-yes")
    assert isinstance(yes, MessageAuthorised)
    assert (yes.authorisation.power, yes.authorisation.drafted_by) == (Power.SIGN_OFF_LINE, WRITER)
    assert [one.verb for one in asked if isinstance(one, DeliveryAsked)] == [Verb.CORRECT, Verb.CORRECT]


def test_free_words_never_go_out_on_the_power_that_is_for_approved_words() -> None:
    """A correction of a template takes the power to release; one in free words that to sign off a line."""
    people = {**builders.people(), NURSE: builders.person(NURSE, Power.RELEASE_HOLDING)}
    told = builders.register(people=people)
    incident, first = with_a_line()
    waiting = builders.carried_out(incident, correction(first), by=WRITER, id="cmd-now", register=told)
    (draft,) = waiting.drafts.values()
    (refused,) = given(yes_to(draft), waiting, NURSE, id="cmd-yes", register=told)
    assert "no power to sign-off-line" in reasons([refused])
    assert refused.model_dump()["who_could"] == (
        "Test Director On Call (Director On Call)",
        "Test Medical Director (Medical Director)",
    )


def test_an_edit_of_the_words_or_of_what_they_correct_voids_the_yes() -> None:
    """The hash covers the message that is corrected."""
    incident, first = with_a_line()
    draft = drafted(correction(first), incident)
    other = draft.model_copy(update={"follows": "msg-other"})
    assert other.content() != draft.content_hash == draft.content()


def test_a_correction_says_it_in_every_language_in_which_the_wrong_words_are_out() -> None:
    """Else the wrong fact stays in the other language."""
    incident = builders.released()
    (first,) = incident.messages
    assert "write the text in cy" in reasons(given(correction(first), incident))
    both = {**RIGHT, "cy": "Ysgrifennom fod 14 o bobl yn ein gofal. 4 sydd. Mae'n ddrwg gennym."}
    assert drafted(correction(first, texts=both), incident).texts == both


def test_a_channel_that_keeps_the_wrong_words_is_named_to_the_person_who_signs() -> None:
    """To leave one out may be meant; it is never overlooked."""
    incident, first = with_a_line()
    doubts = drafted(correction(first, channels=("website",)), incident).doubts
    assert any("stay as they are on social" in one for one in doubts)
    assert not any("stay as they are" in one for one in drafted(correction(first), incident).doubts)


def test_it_passes_a_freeze_as_every_correction_does() -> None:
    """What is wrong and public is mended also while nothing new goes out."""
    incident, first = with_a_line()
    incident = builders.carried_out(incident, Freeze(reason="we are not sure"))
    waiting = builders.carried_out(incident, correction(first), by=WRITER, id="cmd-now")
    (draft,) = waiting.drafts.values()
    assert isinstance(given(yes_to(draft), waiting, SIGNER, id="cmd-yes")[0], MessageAuthorised)


def test_what_was_withdrawn_meanwhile_is_not_made_public_again_by_its_correction() -> None:
    """Neither when it is handed in, nor when the yes comes."""
    incident, first = with_a_line()
    waiting = builders.carried_out(incident, correction(first), by=WRITER, id="cmd-now")
    (draft,) = waiting.drafts.values()
    withdrawal = Release(template="major-incident", slots=builders.SLOTS, purpose=Purpose.WITHDRAWAL, follows=first)
    gone = builders.carried_out(waiting, withdrawal, id="cmd-withdraw")
    for body, by in ((correction(first), WRITER), (yes_to(draft), SIGNER)):
        assert "withdrew the words that this corrects" in reasons(given(body, gone, by, id="cmd-late", now=LATER))


@pytest.mark.parametrize("end", [StandDown(reason="over"), Cancel(reason="it was nothing")])
def test_what_is_wrong_is_mended_also_after_the_end_and_nothing_new_is_said_then(end: StandDown | Cancel) -> None:
    """The chain goes on asking for a correction; a line that waits is not signed off any more."""
    incident, first = with_a_line()
    over = builders.carried_out(incident, end, id="cmd-end")
    waiting = builders.carried_out(over, correction(first), by=WRITER, id="cmd-now")
    (draft,) = waiting.drafts.values()
    assert isinstance(given(yes_to(draft), waiting, SIGNER, id="cmd-yes")[0], MessageAuthorised)
    line = builders.line(texts={"en": "The coach crash at Ashby Junction at 22:15 is over. Next word by 23:30."})
    assert "cannot draft line: the incident was " in reasons(given(line, over))
    (late,) = (drafting := builders.carried_out(incident, line, by=WRITER, id="cmd-now")).drafts.values()
    ended = builders.carried_out(drafting, end, id="cmd-end")
    assert "cannot sign off: the incident was " in reasons(given(yes_to(late), ended, SIGNER, id="cmd-yes"))


def test_people_are_asked_for_a_correction_also_after_the_end() -> None:
    """A search for it does not end with the incident."""
    night = Asking(searches.register(searches.chain()))
    night.give(builders.line(texts={"en": WRONG}))
    (line,) = night.incident.drafts.values()
    night.give(yes_to(line), SIGNER)
    night.give(StandDown(reason="over"))
    night.give(correction(line.id))
    assert night.search.ended is None
    assert night.search.asks


def test_a_line_still_says_all_that_the_public_needs() -> None:
    """What a correction need not say, a line must."""
    bare = DraftLine(texts=RIGHT, channels=("website",))
    assert "when the next word comes" in reasons(given(bare, builders.declared()))
    said = reasons(given(bare.model_copy(update={"next_update_at": builders.NEXT_UPDATE}), builders.declared()))
    for missing in ("what happened (nothing given)", "where (nothing given)", "when (nothing given)"):
        assert missing in said


def test_a_correction_that_promises_nothing_keeps_as_long_as_first_words_do() -> None:
    """And no longer than what it promises, if it promises something."""
    incident, first = with_a_line()
    assert drafted(correction(first), incident).expires_at == NOW + timedelta(minutes=30)
    soon = NOW + timedelta(minutes=5)
    assert drafted(correction(first, next_update_at=soon), incident).expires_at == soon


PLACES = {"glan": KnownPlace(id="glan", names={"en": "Glan Arth Hospital", "cy": "Ysbyty Glan Arth"})}
BOTH = {
    "en": "The fire at Glan Arth Hospital at 22:15 is out. Next word by 23:30.",
    "cy": "Mae'r tân yn Ysbyty Glan Arth am 22:15 wedi'i ddiffodd. Daw'r gair nesaf erbyn 23:30.",
}


@pytest.mark.parametrize("where", ["Glan Arth Hospital", "Ysbyty Glan Arth"])
def test_a_place_may_be_named_by_its_name_in_each_language_whichever_the_order_has(where: str) -> None:
    """A Welsh reader knows the hospital by its Welsh name, in the text and in the title."""
    told = builders.register(places=PLACES)
    body = builders.line(texts=BOTH, what={"en": "fire", "cy": "tân"}, where=where)
    draft = drafted(body, builders.declared(), register=told)
    assert draft.titles == {"en": "Fire – Glan Arth Hospital", "cy": "Tân – Ysbyty Glan Arth"}
    as_ordered = {**BOTH, "cy": BOTH["cy"].replace("Ysbyty Glan Arth", where)}
    again = drafted(builders.line(**{**body.model_dump(), "texts": as_ordered}), builders.declared(), register=told)
    assert where in again.texts["cy"]


def test_a_text_that_names_the_place_in_neither_way_is_refused_with_both_names() -> None:
    told = builders.register(places=PLACES)
    texts = {**BOTH, "cy": BOTH["cy"].replace("Ysbyty Glan Arth", "yr ysbyty")}
    body = builders.line(texts=texts, what={"en": "fire", "cy": "tân"}, where="Glan Arth Hospital")
    refused = reasons(given(body, builders.declared(), register=told))
    assert "cy text does not say where (Ysbyty Glan Arth or Glan Arth Hospital)" in refused


def test_languages_that_are_missing_are_named_in_the_order_of_the_register() -> None:
    """One order of two runs, so that a record judged again says the same."""
    incident = builders.released()
    (first,) = incident.messages
    found = reasons(given(correction(first, texts={"de": "Es war falsch."}), incident))
    assert found.index("out in en, too") < found.index("out in cy, too")
