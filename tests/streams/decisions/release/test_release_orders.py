"""Nothing is released without a template that holds, words that are whole, and a person who may."""

from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident, Status
from streams.values import PROSE_CHARACTERS_MAX, Power, Purpose
from streams.words.delivery import DeliveryState
from streams.words.facts import CommandRefused
from streams.words.incident import Cancel, Report
from streams.words.register.entries import Register
from streams.words.release import Amplify, LineDrafted, Message, MessageAuthorised, Release, SignOff
from tests import builders
from tests.builders import (
    COMMANDER,
    DRILL,
    INCIDENT,
    LIVE,
    NEXT_UPDATE,
    NOW,
    NURSE,
    OFFICER,
    SIGNER,
    SLOTS,
    WRITER,
    holding,
    kinds,
    line,
    order,
    reasons,
)


def refusal(body: Any, incident: Incident | None = None, by: str = COMMANDER, **changes: Any) -> str:
    """The reasons of a refusal; empty where the order is carried out."""
    return reasons(answer(order(body, incident or builders.declared(), by, **changes)))


WHAT = {"en": "major incident", "cy": "digwyddiad mawr"}


def with_template(**changes: Any) -> Register:
    return builders.register(templates={"major-incident": builders.template(**changes)})


def drafted(**changes: Any) -> tuple[Incident, Message]:
    incident = builders.carried_out(builders.declared(), line(**changes), by=WRITER)
    return incident, next(iter(incident.drafts.values()))


def sign(draft: Message, **changes: Any) -> SignOff:
    return SignOff(**{"message_id": draft.id, "content_hash": draft.content_hash, **changes})


def partner_post(**changes: Any) -> Amplify:
    return Amplify(**{"credit": builders.credit(), "text": "Crews are here.", "posted_at": NOW, **changes})


def test_a_release_has_the_short_form_of_its_template_too() -> None:
    """Its gaps are filled in the same way, a drill marks it, and the approval of the template covers it."""
    short = {Purpose.HOLDING: {one: f"{what}, {{place}}, {{time}}. {{next_update}}" for one, what in WHAT.items()}}
    register = with_template(short_texts=short)
    for mode, mark in ((LIVE, ""), (DRILL, "EXERCISE EXERCISE EXERCISE: ")):
        yes, *_ = answer(order(holding(), builders.declared(mode), register=register))
        assert isinstance(yes, MessageAuthorised)
        assert yes.message.short_texts["en"] == f"{mark}major incident, Ashby General, 22:15. 23:30"
        assert yes.message.form == 3
    changed = builders.template().model_copy(update={"short_texts": short})
    assert "edited after its approval" in refusal(
        holding(), register=builders.register(templates={"major-incident": changed})
    )
    assert "{ward}" in refusal(
        holding(),
        register=with_template(short_texts={Purpose.HOLDING: {"en": "major incident {place} {time} {ward}"}}),
    )


def test_a_yes_is_to_the_words_that_were_shown() -> None:
    """A template that was approved again between page and tap has other words; so has another set of channels."""
    yes, *_ = answer(order(holding(), builders.declared()))
    assert isinstance(yes, MessageAuthorised)
    shown = holding(shown=yes.message.words())
    assert refusal(shown) == ""
    anew = {
        "en": "Major incident, {place}, {time}, {next_update}.",
        "cy": "Digwyddiad mawr, {place}, {time}, {next_update}.",
    }
    changed = with_template(texts={**builders.template().texts, Purpose.HOLDING: anew})
    assert refusal(holding(), register=changed) == ""
    for other in (shown.model_copy(update={"channels": ("website",)}), holding(shown="0" * 64)):
        assert "the words changed since they were shown" in refusal(other)
    assert "the words changed since they were shown: look at what would go out now" in refusal(shown, register=changed)


def test_an_order_that_claims_to_have_seen_what_is_not_there_yet_is_refused() -> None:
    """What the person had seen is kept in the order; only nonsense is refused."""
    incident = builders.declared()
    for seen in (0, incident.sequence):
        assert refusal(holding(), incident, seen=seen) == ""
    assert "in view of fact 9, and there are 1" in refusal(holding(), incident, seen=9)


def test_a_line_has_a_short_form_where_its_writer_gives_one() -> None:
    """Another person signs both."""
    _, draft = drafted(short_texts={"en": "Coach crash, Ashby Junction, 22:15. Next word 23:30."})
    assert draft.short_texts == {"en": "Coach crash, Ashby Junction, 22:15. Next word 23:30."}
    assert "the short en text does not say where" in refusal(
        line(short_texts={"en": "Coach crash, 22:15. Next word 23:30."}), by=WRITER
    )


def test_a_release_is_authorised_and_asked_for_on_every_channel() -> None:
    """The yes names who, by which rule, for exactly this content, until when."""
    yes, *asked = answer(order(holding(), builders.declared()))
    assert isinstance(yes, MessageAuthorised)
    assert (yes.authorisation.person, yes.authorisation.rule) == (COMMANDER, f"{COMMANDER}/release-holding")
    assert yes.authorisation.content_hash == yes.message.content() == yes.message.content_hash
    assert yes.authorisation.register_version == builders.register().version()
    assert NOW < yes.message.expires_at <= NEXT_UPDATE
    assert kinds(asked) == ["delivery_asked", "delivery_asked"]
    assert "{" not in "".join(yes.message.texts.values())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"template": "none-such"}, "no template none-such"),
        ({"slots": {"place": "Ashby General"}}, "still holds {time}"),
        ({"slots": {**SLOTS, "colour": "red"}}, "has no slot colour"),
        ({"slots": {**SLOTS, "place": "XXX"}}, "slot place takes only a place of the gazetteer"),
        ({"slots": {**SLOTS, "place": "{time}"}}, "slot place takes only a place of the gazetteer"),
        ({"slots": {**SLOTS, "time": "half past"}}, "slot time takes a time of day"),
        ({"channels": ("pigeon",)}, "not approved for pigeon"),
        ({"purpose": Purpose.LINE}, "has no line text"),
        ({"follows": "msg-none"}, "no message msg-none"),
        ({"next_update_at": None}, "next"),
        ({"next_update_at": NOW}, "next"),
    ],
)
def test_a_release_that_is_not_whole_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Unknown template, unfilled or unknown slot, a value that its kind does not take, wrong channel, no next word."""
    assert reason in refusal(holding(**changes))


def test_all_slots_that_are_missing_are_named_at_once_with_what_they_take() -> None:
    """Beside the promise that is missing too, and each only once, whatever the languages."""
    slots = builders.template().slots
    said = refusal(holding(slots={}, next_update_at=None))
    assert "promise one" in said
    assert [said.count(f"still holds {{{name}}}: fill it ({slot.about})") for name, slot in slots.items()] == [1, 1]


@pytest.mark.parametrize(
    ("register", "reason"),
    [
        (with_template(review_on=NOW.date() - timedelta(days=1)), "due for review"),
        (with_template(owner=SIGNER), "approved by its own owner"),
        (
            builders.register(templates={"major-incident": builders.template().model_copy(update={"approval": None})}),
            "never approved",
        ),
        (
            builders.register(templates={"major-incident": builders.template().model_copy(update={"title": "New"})}),
            "edited after its approval",
        ),
    ],
)
def test_a_template_that_is_not_approved_now_is_not_released(register: Register, reason: str) -> None:
    """Unapproved, edited, self-approved, overdue: nobody can release it."""
    assert reason in refusal(holding(), register=register)


def test_a_lapsed_template_names_who_can_renew_it() -> None:
    """Its owner by name and role in the reason, and those who could approve it as who could say yes."""
    lapsed = with_template(review_on=NOW.date() - timedelta(days=1))
    refused = answer(order(holding(), builders.declared(), register=lapsed))[0]
    assert isinstance(refused, CommandRefused)
    assert "ask its owner Test Comms Lead (Comms Lead) to renew it, and Test Medical Director" in refused.reasons[0]
    assert refused.who_could == ("Test Medical Director (Medical Director)",)


def test_who_has_no_power_is_refused_and_told_who_could() -> None:
    """The refusal names the one to ring."""
    refused = answer(order(holding(), builders.declared(), NURSE))[0]
    assert isinstance(refused, CommandRefused)
    assert refused.who_could == ("Test Director On Call (Director On Call)",)


def test_withdrawing_asks_for_less_than_speaking() -> None:
    """Rule 7: the writer may withdraw, but not release."""
    incident = builders.released()
    withdrawal = Release(template="major-incident", purpose=Purpose.WITHDRAWAL)
    assert refusal(withdrawal, incident, WRITER) == ""
    assert "no power" in refusal(holding(purpose=Purpose.CORRECTION), incident, WRITER)


def test_the_same_words_do_not_go_out_twice_on_a_channel() -> None:
    """A second press of the button is refused; an order given twice gives nothing."""
    incident = builders.released()
    assert answer(order(holding(), incident)) == []
    assert "these words are out" in refusal(holding(), incident, id="cmd-again")
    assert "these words are out" in refusal(holding(channels=("social",)), incident, id="cmd-again")


def test_words_that_every_channel_refused_may_be_tried_again() -> None:
    """What never went out is no double."""
    incident = builders.released()
    deliveries = {
        name: one.model_copy(update={"state": DeliveryState.REFUSED}) for name, one in incident.deliveries.items()
    }
    assert refusal(holding(), incident.model_copy(update={"deliveries": deliveries}), id="cmd-again") == ""


def test_a_channel_named_twice_is_asked_once() -> None:
    """One delivery for each channel."""
    bodies = answer(order(holding(channels=("social", "social")), builders.declared()))
    assert kinds(bodies) == ["message_authorised", "delivery_asked"]


def test_an_endless_rendering_is_refused() -> None:
    """A template that repeats its slots cannot make more than a message may hold."""
    text = "{place} {time} {next_update} major incident. " + "{place}" * 1_000
    register = with_template(texts={Purpose.HOLDING: {"en": text, "cy": text}})
    assert str(PROSE_CHARACTERS_MAX) in refusal(holding(), register=register)


def test_after_the_end_only_what_mends_or_ends_may_follow() -> None:
    """A holding message after stand down is refused, an all-clear is not."""
    over = builders.declared().model_copy(update={"status": Status.STOOD_DOWN})
    assert "only a correction" in refusal(holding(), over)
    assert refusal(holding(purpose=Purpose.ALL_CLEAR), over) == ""


def test_a_drills_words_carry_the_mark() -> None:
    """In every language, from the first character."""
    message = next(iter(builders.released(DRILL).messages.values()))
    assert all(text.startswith(("EXERCISE EXERCISE EXERCISE", "YMARFER")) for text in message.texts.values())


def test_a_line_waits_until_another_person_signs_it() -> None:
    """Drafting makes nothing public; another person's yes to exactly this content does."""
    incident, draft = drafted()
    assert incident.deliveries == {}
    bodies = answer(order(sign(draft), incident, SIGNER))
    assert kinds(bodies) == ["message_authorised", "delivery_asked", "delivery_asked"]
    yes = bodies[0]
    assert isinstance(yes, MessageAuthorised)
    assert (yes.authorisation.person, yes.authorisation.drafted_by) == (SIGNER, WRITER)


def test_who_wrote_a_line_cannot_sign_it_off() -> None:
    """Though the power is there; and those named are others who could."""
    incident, draft = drafted()
    refused = answer(order(sign(draft), incident, WRITER))[0]
    assert isinstance(refused, CommandRefused)
    assert "cannot sign it off" in refused.reasons[0]
    assert len(refused.who_could) == 2
    assert not [name for name in refused.who_could if "Comms" in name]


def test_the_writer_is_not_named_to_whom_may_not_sign_either() -> None:
    """A refused signer is told of others, not of the one whose line it is."""
    incident, draft = drafted()
    refused = answer(order(sign(draft), incident, NURSE))[0]
    assert isinstance(refused, CommandRefused)
    assert not [name for name in refused.who_could if "Comms" in name]


@pytest.mark.parametrize("by", [COMMANDER, SIGNER])
def test_a_yes_to_other_words_is_refused(by: str) -> None:
    """The hash of what was read has to be the draft's own."""
    incident, draft = drafted()
    assert "its hash differs" in refusal(sign(draft, content_hash="0" * 64), incident, by)
    assert "no draft msg-x" in refusal(sign(draft, message_id="msg-x"), incident, by)


def test_a_line_that_expired_before_its_sign_off_does_not_go_out() -> None:
    """The yes came too late."""
    incident, draft = drafted()
    late = NEXT_UPDATE + timedelta(seconds=1)
    assert "expired" in refusal(sign(draft), incident, COMMANDER, now=late)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"next_update_at": NOW}, "time that has passed"),
        ({"texts": {"en": "Nothing."}}, "does not say what"),
        ({"texts": {"en": "Coach crash at [place]"}}, "[place]"),
        ({"texts": {"en": "a" * PROSE_CHARACTERS_MAX}}, "characters"),
        ({"channels": ("pigeon",)}, "no channel pigeon"),
    ],
)
def test_a_draft_that_is_not_whole_is_refused_before_anybody_is_asked(changes: dict[str, Any], reason: str) -> None:
    """What a line must say is checked when it is handed in."""
    assert reason in refusal(line(**changes), by=WRITER)


def test_a_drill_cannot_push_a_long_text_over_the_limit() -> None:
    """The mark adds characters; too many are refused and break nothing."""
    assert "shorten it" in refusal(line(texts={"en": "a" * PROSE_CHARACTERS_MAX}), builders.declared(DRILL), WRITER)


def test_only_who_may_draft_drafts() -> None:
    """On all of the line's channels."""
    assert "no power to draft-line" in refusal(line(), by=NURSE)
    assert isinstance(answer(order(line(), builders.declared(), WRITER))[0], LineDrafted)


def test_a_registered_partners_post_goes_out_once_with_credit() -> None:
    """On the standing yes of the person who approved the partner."""
    bodies = answer(order(partner_post(), builders.declared(), "amplification-agent"))
    yes = bodies[0]
    assert isinstance(yes, MessageAuthorised)
    assert (yes.authorisation.person, yes.authorisation.power) == (WRITER, Power.AMPLIFY)
    assert yes.message.texts["en"].startswith("Vale Ambulance: ")
    incident = builders.after(builders.declared(), bodies)
    assert "sent out again already" in refusal(partner_post(text="Edited."), incident, "amplification-agent")


@pytest.mark.parametrize(
    ("changes", "partner", "reason"),
    [
        ({"credit": builders.credit(account_id="did:fake:1")}, {}, "not a registered partner"),
        ({"credit": builders.credit(partner="police")}, {}, "not a registered partner"),
        ({"posted_at": NOW - timedelta(hours=1)}, {}, "expired"),
        ({"text": "a" * PROSE_CHARACTERS_MAX}, {}, "shorten it"),
        ({}, {"approved_by": SIGNER}, "approved by the one who registered it"),
        ({}, {"approved_by": NURSE}, "no power to amplify"),
        ({}, {"approved_by": "nobody"}, "not on the register"),
    ],
)
def test_a_partners_post_that_is_not_sound_does_not_go_out(
    changes: dict[str, Any], partner: dict[str, Any], reason: str
) -> None:
    """Another account, an old post, too long, or a partner nobody properly approved."""
    register = builders.register(partners={"ambulance": builders.partner(**partner)})
    assert reason in refusal(partner_post(**changes), by="amplification-agent", register=register)


def test_a_post_dated_ahead_keeps_no_longer() -> None:
    """A partner's clock that is wrong does not make its words last."""
    bodies = answer(
        order(partner_post(posted_at=NOW + timedelta(days=400)), builders.declared(), "amplification-agent")
    )
    yes = bodies[0]
    assert isinstance(yes, MessageAuthorised)
    assert yes.message.expires_at <= NOW + timedelta(minutes=30)


def test_a_partner_is_called_as_the_register_calls_it() -> None:
    """An order could else put any name before the words."""
    post = partner_post(credit=builders.credit(partner_name="The hospital itself"))
    yes = answer(order(post, builders.declared(), "amplification-agent"))[0]
    assert isinstance(yes, MessageAuthorised)
    assert yes.message.texts["en"].startswith("Vale Ambulance: ")
    assert yes.message.credit == builders.credit(posted_at=post.posted_at)


def test_a_line_keeps_no_longer_than_its_promise() -> None:
    """Said later, its promise would be broken before anybody reads it."""
    incident = builders.carried_out(builders.declared(), line(expires_at=NOW + timedelta(days=9)), by=WRITER)
    (draft,) = incident.drafts.values()
    assert draft.expires_at == draft.next_update_at
    late = {"now": builders.NEXT_UPDATE, "at": builders.NEXT_UPDATE}
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    assert "the message expired" in refusal(yes, incident, by=SIGNER, **late)


@pytest.mark.parametrize("purpose", [Purpose.CORRECTION, Purpose.ALL_CLEAR, Purpose.WITHDRAWAL])
def test_nothing_goes_out_in_an_incident_that_was_never_declared(purpose: Purpose) -> None:
    """It has neither type nor level, so that whoever is bound to some could say of any that it is over."""
    never = Incident(id=INCIDENT, mode=LIVE)
    never = builders.carried_out(never, Report(methane=builders.methane()), Cancel(reason="it was nothing"))
    assert "was never declared" in refusal(holding(purpose=purpose), never)


def test_nobody_releases_out_of_their_hours() -> None:
    """At night the officer's yes does not count."""
    assert "in hours only" in refusal(holding(), by=OFFICER)
