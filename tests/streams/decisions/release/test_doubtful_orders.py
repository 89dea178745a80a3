"""A doubt goes with the words: to who drafts, who signs, who is paged and who looks; and it stops nobody."""

from datetime import UTC
from typing import Any

import pytest

from agents.exercise.play.lines import moment_of
from streams.decisions.desk.order_table import answer
from streams.decisions.release import delivery_orders, release_orders
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.sign_off.page_steps import DOUBTS_SHOWN
from streams.decisions.verdict import Allowed, Refused
from streams.decisions.wording import contents
from streams.subjects.incident import Incident
from streams.telling.facts import picture, told
from streams.telling.names import names_of
from streams.words.delivery import DeliveryClaimed
from streams.words.facts import Fact
from streams.words.register.entries import Register
from streams.words.register.slots import Slot, SlotKind
from streams.words.register.wording import WordLists
from streams.words.release import LineDrafted, Message, MessageAuthorised, Propose, SignOff
from tests import builders, searches
from tests.builders import NOW, SIGNER, SLOTS, WRITER
from tests.evidence_kit import Night, found

SAFE = "The coach crash at Ashby Junction at 22:15. Next word by 23:30."
DOUBT = "the en text may be unfinished: NUMBER (a capital word for a value)"
LINE = builders.line(texts={"en": f"Call NUMBER. {SAFE}"})
CHOICE = Slot(about="which way", kind=SlotKind.CHOICE, choices={"road": {"en": "the ROAD", "cy": "y ffordd"}})


def drafted() -> tuple[Incident, Message]:
    incident = builders.carried_out(builders.declared(), LINE, by=WRITER)
    (draft,) = incident.drafts.values()
    return incident, draft


def with_choice() -> Register:
    """A pre-approved template whose slot takes a value that looks like a gap."""
    one = builders.template()
    texts = {
        purpose: {language: f"{text} Use {{way}}." for language, text in each.items()}
        for purpose, each in one.texts.items()
    }
    template = builders.template(slots={**one.slots, "way": CHOICE}, texts=texts)
    return builders.register(templates={template.id: template})


def facts_of(night: Night, kind: type) -> list[Fact]:
    return [fact for fact in night.facts if isinstance(fact.body, kind)]


def test_a_line_in_doubt_waits_for_sign_off_and_says_so() -> None:
    """In the draft, in the status, and in the line of the fact; the yes is given to words and doubt together."""
    incident, draft = drafted()
    assert draft.doubts == (DOUBT,)
    assert f"    in doubt: {DOUBT}" in [*picture(incident, zone=UTC)]
    unseen = draft.model_copy(update={"doubts": ()}).sealed()
    blind = builders.order(SignOff(message_id=draft.id, content_hash=unseen.content_hash), incident, SIGNER)
    assert "its hash differs" in builders.reasons(answer(blind))
    signed = builders.carried_out(incident, SignOff(message_id=draft.id, content_hash=draft.content_hash), by=SIGNER)
    assert f"    in doubt: {DOUBT}" in [*picture(signed, zone=UTC)]
    assert signed.messages[draft.id].doubts == (DOUBT,)


def test_every_line_about_it_names_the_doubt() -> None:
    """For the command line, and for who directs an exercise."""
    night = Night()
    night.give(builders.declaration())
    night.give(LINE, by=WRITER)
    (waits,) = facts_of(night, LineDrafted)
    draft = waits.body.message  # type: ignore[union-attr]  # chosen by its kind
    night.give(SignOff(message_id=draft.id, content_hash=draft.content_hash), by=SIGNER)
    (signed,) = facts_of(night, MessageAuthorised)
    for fact in (waits, signed):
        moment = moment_of(fact, names_of([fact], night.register))
        assert moment
        assert f"; in doubt: {DOUBT}" in told(fact)
        assert f"; in doubt: {DOUBT}" in moment.text


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, "In doubt: 2 more, see the status\n")])
def test_who_is_paged_reads_the_doubts_with_the_words(count: int, more: str) -> None:
    """The first ones, and how many more there are; nothing where there are none."""
    plain = searches.Asking(searches.register())
    plain.give(builders.line())
    assert "In doubt" not in plain.pages[0].call.text
    questions = " ".join(f"We open (gate {one}?)." for one in range(count))
    night = searches.Asking(searches.register())
    night.give(builders.line(texts={"en": f"{questions} {SAFE}"}))
    text = night.pages[0].call.text
    shown = min(count, DOUBTS_SHOWN)
    assert text.count("\nIn doubt: the en text may be unfinished: (gate ") == shown
    assert f"{more}Yes: holdingline sign-off" in text


def test_a_pre_approved_template_with_a_doubt_in_a_slot_is_released_and_the_answer_shows_it() -> None:
    """At 22:31 nothing stops a true word; who releases it sees what is suspected."""
    register = with_choice()
    night = Night()
    night.register = night.register.model_copy(update={"templates": register.templates})
    night.give(builders.declaration())
    night.give(builders.holding(slots={**SLOTS, "way": "road"}))
    (signed,) = facts_of(night, MessageAuthorised)
    assert "; in doubt: the en text may be unfinished: ROAD (a capital word for a value)" in told(signed)
    assert len(facts_of(night, DeliveryClaimed)) == 2
    proposed = Propose(release=builders.holding(slots={**SLOTS, "way": "road"}))
    incident = builders.carried_out(builders.declared(), proposed, by=WRITER, register=register)
    (draft,) = incident.drafts.values()
    assert draft.doubts == ("the en text may be unfinished: ROAD (a capital word for a value)",)


def test_a_record_with_doubts_is_judged_again_the_same_also_when_the_lists_have_changed_since() -> None:
    """Each order by the lists of its own register."""
    night = Night()
    night.give(builders.declaration())
    night.give(LINE, by=WRITER)
    night.register = night.register.model_copy(update={"words": WordLists()})
    night.give(builders.line(texts={"en": f"Call NAME. {SAFE}"}), by=WRITER)
    first, second = (fact.body.message for fact in facts_of(night, LineDrafted))  # type: ignore[union-attr]  # chosen by its kind
    assert (first.doubts, second.doubts) == ((DOUBT,), ())
    night.give(SignOff(message_id=first.id, content_hash=first.content_hash), by=SIGNER)
    assert facts_of(night, MessageAuthorised)[0].body.message == first  # type: ignore[union-attr]  # chosen by its kind
    assert found(night.exported()) == []


def test_nothing_is_guessed_again_when_a_delivery_is_claimed_and_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the hash, the stops, the holds and the authority are looked at."""
    incident, draft = drafted()
    yes = builders.order(SignOff(message_id=draft.id, content_hash=draft.content_hash), incident, SIGNER)
    signed = builders.after(incident, answer(yes), yes.command)

    def guess(*_: Any, **__: Any) -> Any:
        raise AssertionError("a text was guessed at")

    for name in ("gaps", "suspected", "personal_data"):
        monkeypatch.setattr(contents, name, guess)
    monkeypatch.setattr(release_orders, "contents_faults", guess)
    (claimed,) = answer(builders.order(builders.claim(signed), signed, "publishing-agent"))
    assert isinstance(claimed, DeliveryClaimed)
    assert isinstance(may_send(claimed.dispatch, builders.register(), now=NOW), Allowed)
    assert not hasattr(delivery_orders, "contents_faults")


def test_what_a_judgement_lets_out_it_claims_without_judging_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words were let out in the same state; a claim that comes later is judged again."""
    night = Night()
    night.give(builders.declaration())
    judged: list[Any] = []

    def looked_at(*given: Any, **_: Any) -> Refused:
        judged.append(given)
        return Refused(["it was looked at"])

    monkeypatch.setattr(delivery_orders, "may_send", looked_at)
    night.give(builders.holding())
    assert len(facts_of(night, DeliveryClaimed)) == 2
    assert judged == []
    released = builders.released()
    (refused,) = answer(builders.order(builders.claim(released), released, "publishing-agent"))
    assert "it was looked at" in str(refused)
    assert judged


def test_a_hold_that_was_placed_since_keeps_back_what_was_claimed() -> None:
    """A held field is looked for right before sending, since the hold may be younger than the yes."""
    text = f"The death toll is rising. {SAFE}"
    incident = builders.carried_out(builders.declared(), builders.line(texts={"en": text}), by=WRITER)
    (draft,) = incident.drafts.values()
    assert draft.doubts[0].endswith("and no hold keeps that back now")
    signed = builders.carried_out(incident, SignOff(message_id=draft.id, content_hash=draft.content_hash), by=SIGNER)
    (claimed,) = answer(builders.order(builders.claim(signed), signed, "publishing-agent"))
    assert isinstance(claimed, DeliveryClaimed)
    held = builders.register(holds={"toll": builders.hold(id="toll", field="casualties", about="how many")})
    verdict = may_send(claimed.dispatch, held, now=NOW)
    assert isinstance(verdict, Refused)
    assert "says how many were hurt or died" in verdict.reasons[0]
    assert "lift the hold" in verdict.reasons[0]
