"""A hold keeps a field out of every text until one of its holders lifts it, on evidence where it is about patients."""

from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.stops.hold_orders import PLACED_MAX, unliftable
from streams.decisions.verdict import Refused
from streams.decisions.wording.listed_names import name_print
from streams.subjects.incident import Incident
from streams.values import IncidentType, Power
from streams.words.delivery import DeliveryClaimed, Receipt
from streams.words.facts import CommandRefused
from streams.words.holds import HeldField, HoldLifted, HoldPlaced, LiftHold, PlaceHold
from streams.words.incident import Report
from streams.words.orders import CommandBody
from streams.words.register.entries import Hours, Register
from streams.words.release import Amplify, LineDrafted, MessageAuthorised, NotePostChange, SignOff
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, OFFICER, WRITER

CASUALTIES = builders.hold(
    id="casualties", field=HeldField.CASUALTIES, about="how many were hurt", holders=(COMMANDER,)
)
POLICE = builders.partner(id="police", name="Vale Police", category="police", account_id="did:vale:2")
REGISTER = builders.register(
    holds={"cause": builders.hold(), "casualties": CASUALTIES},
    partners={
        "ambulance": builders.partner(),
        "police": POLICE,
        "council": builders.partner(id="council", category="council"),
    },
)
SAFE = "The coach crash at Ashby Junction at 22:15. Next word by 23:30."
COUNTED = f"Twelve people were injured. {SAFE}"
BECAUSE = f"The crash was caused by ice. {SAFE}"


def asked(body: CommandBody, incident: Incident, by: str = COMMANDER, **changes: Any) -> Any:
    (fact, *_) = answer(builders.order(body, incident, by, **{"register": REGISTER, **changes}))
    return fact


def refusal(body: CommandBody, incident: Incident, by: str = COMMANDER, **changes: Any) -> str:
    fact = asked(body, incident, by, **changes)
    return "; ".join(fact.reasons) if isinstance(fact, CommandRefused) else ""


def after(incident: Incident, *bodies: CommandBody, by: str = COMMANDER) -> Incident:
    for body in bodies:
        assert refusal(body, incident, by) == ""
        incident = builders.carried_out(incident, body, by=by, register=REGISTER)
    return incident


def drafting(text: str, incident: Incident | None = None, register: Register = REGISTER) -> str:
    return refusal(builders.line(texts={"en": text}), incident or builders.declared(), WRITER, register=register)


def posted(partner: str = "police", account: str = "did:vale:2", text: str = "Twelve people were injured.") -> Amplify:
    credit = builders.credit(partner=partner, account_id=account, post_id="post-9")
    return Amplify(credit=credit, text=text, posted_at=NOW)


def test_the_registers_holds_are_in_force_from_the_start() -> None:
    """The reason says what stands where, what to do and who could lift it, and does not repeat it."""
    said = drafting(COUNTED)
    assert "the en text says how many were hurt or died (characters 1 to 26)" in said
    assert "take it out, or have Test Director On Call (Director On Call) lift the hold once the police" in said
    assert "Twelve" not in said
    assert "says why it happened (characters 15 to 23)" in drafting(BECAUSE)
    assert drafting(SAFE) == ""


def test_a_drill_is_held_to_the_same() -> None:
    """And places are counted without the mark, as whoever wrote the words sees them."""
    said = drafting(COUNTED, builders.declared(builders.DRILL))
    assert "(characters 1 to 26)" in said


@pytest.mark.parametrize("by", [COMMANDER, WRITER])
def test_one_person_who_may_withdraw_places_a_hold(by: str) -> None:
    """The register's holders of that field lift it, unless others are named."""
    placed = asked(PlaceHold(field=HeldField.CAUSE, about="the inquest"), builders.declared(), by)
    assert isinstance(placed, HoldPlaced)
    assert placed.hold.holders == (COMMANDER, OFFICER)
    assert placed.rule == f"{by}/withdraw"
    named = asked(PlaceHold(field=HeldField.CAUSE, about="it", holders=(OFFICER, WRITER)), builders.declared(), by)
    assert named.hold.holders == (OFFICER, WRITER)


@pytest.mark.parametrize(
    ("bounds", "lifts"),
    [({}, True), ({"types": (IncidentType.CRITICAL,)}, False), ({"levels": (1,)}, False), ({"levels": (4,)}, True)],
)
def test_a_hold_names_somebody_who_may_lift_it_at_some_hour_of_this_incident(
    bounds: dict[str, Any], *, lifts: bool
) -> None:
    """Otherwise nobody ever could; whoever is off duty now can later."""
    others = {name: one for name, one in builders.people().items() if name != COMMANDER}
    holder = builders.person("inspector", Power.LIFT_HOLD, hours=Hours.IN_HOURS, **bounds)
    known = builders.register(people={**others, holder.id: holder}, holds={})
    body = PlaceHold(field=HeldField.CAUSE, about="it", holders=(WRITER, holder.id))
    assert isinstance(asked(body, builders.declared(), WRITER, register=known), HoldPlaced) is lifts
    other = PlaceHold(field=HeldField.CAUSE, about="it", holders=(WRITER,))
    said = refusal(other, builders.declared(), WRITER, register=known)
    assert "name who may lift it (chief-operating-officer for Test Chief Operating Officer" in said
    assert ("inspector for Test Inspector (Inspector)" in said) is lifts
    early = builders.carried_out(Incident(id=builders.INCIDENT, mode=builders.LIVE), Report(methane=builders.methane()))
    assert isinstance(asked(body, early, WRITER, register=known), HoldPlaced)


def test_somebody_who_left_the_register_keeps_nobody_from_placing_a_hold() -> None:
    """Of the register's own holders of a field, one who is still there is enough."""
    known = builders.register(holds={"cause": builders.hold(holders=("gone", OFFICER))})
    placed = asked(PlaceHold(field=HeldField.CAUSE, about="it"), builders.declared(), register=known)
    assert isinstance(placed, HoldPlaced)


def test_a_hold_that_nobody_can_lift_any_more_is_known() -> None:
    """Its holders left or lost the power since; one that was lifted, or that somebody may lift by day, is none."""
    incident = after(builders.declared(), PlaceHold(field=HeldField.CAUSE, about="it", holders=(COMMANDER,)))
    placed = incident.holds.placed
    weaker = {**builders.people(), COMMANDER: builders.person(COMMANDER, Power.WITHDRAW)}
    assert unliftable(incident, REGISTER) == []
    assert unliftable(incident, builders.register(people=weaker)) == [*placed]
    assert unliftable(incident, builders.register(people={})) == [*placed]
    lifted = after(incident, LiftHold(hold=placed[0].id, reason="it is said"))
    assert unliftable(lifted, builders.register(people={})) == []
    by_day = after(builders.declared(), PlaceHold(field=HeldField.CAUSE, about="it", holders=(OFFICER,)))
    assert unliftable(by_day, REGISTER) == []


def test_a_text_that_nobody_may_let_out_any_more_says_what_would_help() -> None:
    """Its holders are there and have lost the power: somebody has to grant it to them again."""
    known = builders.register(holds={"cause": builders.hold(holders=(WRITER,))})
    assert "have comms-lead, once the register grants them lift-hold, lift the hold" in drafting(BECAUSE, None, known)


@pytest.mark.parametrize(
    ("body", "by", "reason"),
    [
        (PlaceHold(field=HeldField.CAUSE, about="it"), NURSE, "no power to withdraw"),
        (
            PlaceHold(field=HeldField.CAUSE, about="it", holders=("nobody",)),
            COMMANDER,
            "nobody is not on the register: name who may lift it",
        ),
        (PlaceHold(field=HeldField.NAMES, about="it"), COMMANDER, "granted to anybody: name who may lift it"),
        (PlaceHold(field=HeldField.CAUSE, about="it", names=("a" * 64,)), COMMANDER, "names are held back as names"),
        (LiftHold(hold="weather", reason="it"), COMMANDER, "those that are: cause, casualties"),
        (
            LiftHold(hold="cause", reason="it"),
            WRITER,
            "lifted by Test Director On Call (Director On Call) or Test Chief",
        ),
        (LiftHold(hold="cause", reason="it"), OFFICER, "in hours only"),
        (LiftHold(hold="casualties", reason="it"), COMMANDER, "name the post of theirs that said it"),
        (LiftHold(hold="casualties", reason="it", evidence="post-9"), COMMANDER, "name the post of theirs"),
    ],
)
def test_a_hold_is_placed_and_lifted_by_nobody_else(body: CommandBody, by: str, reason: str) -> None:
    """Each refusal says who could, or what is missing."""
    assert reason in refusal(body, builders.declared(), by)


def test_who_may_not_lift_is_told_who_could_now() -> None:
    """Of the holders, those with the power at this hour."""
    fact = asked(LiftHold(hold="cause", reason="it"), builders.declared(), WRITER)
    assert fact.who_could == ("Test Director On Call (Director On Call)",)


def test_a_lifted_hold_lets_the_words_out_and_is_not_lifted_twice() -> None:
    """Only that hold: another on the same field still stands."""
    incident = after(builders.declared(), LiftHold(hold="cause", reason="the police said why"))
    assert drafting(BECAUSE, incident) == ""
    assert "no hold cause is in force" in refusal(LiftHold(hold="cause", reason="again"), incident, id="cmd-again")
    again = after(incident, PlaceHold(field=HeldField.CAUSE, about="the inquest"), by=WRITER)
    assert "says why it happened" in drafting(BECAUSE, again)


def test_what_is_about_patients_is_lifted_on_the_lead_agencys_post() -> None:
    """A post of the police that went out again is evidence; a council's is none."""
    lift = LiftHold(hold="casualties", reason="the police said it", evidence="post-9")
    incident = after(builders.declared(), posted(), by="amplification-agent")
    lifted = asked(lift, incident)
    assert isinstance(lifted, HoldLifted)
    assert lifted.evidence == "post-9"
    assert drafting(COUNTED, after(incident, lift)) == ""
    council = after(builders.declared(), posted("council", "did:vale:1", "Roads are shut."), by="amplification-agent")
    assert "name the post" in refusal(lift, council)


@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_a_lift_ends_when_its_evidence_changes(change: Any) -> None:
    """Whatever the police took back, we do not say."""
    lift = LiftHold(hold="casualties", reason="the police said it", evidence="post-9")
    incident = after(builders.declared(), posted(), by="amplification-agent")
    changed = after(
        after(incident, lift), NotePostChange(credit=posted().credit, change=change), by="amplification-agent"
    )
    assert "says how many" in drafting(COUNTED, changed)
    assert "as it still stands" in refusal(lift, changed, id="cmd-again")


def test_a_name_on_a_list_is_found_without_being_kept() -> None:
    """In any case and with any accents; the fact holds its print alone. Not even a partner's post carries it out."""
    names = (name_print("Siân Prysor-Jones", "salt-1"),)
    body = PlaceHold(field=HeldField.NAMES, about="the driver", holders=(COMMANDER,), names=names, salt="salt-1")
    incident = after(builders.declared(), body, by=WRITER)
    assert "Prysor" not in incident.model_dump_json()
    for text in (f"SIAN PRYSOR JONES drove. {SAFE}", f"The coach of Siân  Prysor-Jones's. {SAFE}"):
        assert "names a person" in drafting(text, incident)
    assert drafting(f"Jones Street is shut. {SAFE}", incident) == ""
    assert "names a person" in refusal(posted(text="Siân Prysor-Jones is safe."), incident, "amplification-agent")


def test_what_a_hold_is_about_is_said_without_the_name() -> None:
    """It is kept for ever, as the names are not."""
    names = (name_print("Alun Prys", "salt-1"),)
    body = PlaceHold(field=HeldField.NAMES, about="Alun Prys, driver", holders=(COMMANDER,), names=names, salt="salt-1")
    assert "say it without the name" in refusal(body, builders.declared())


def test_the_lead_agencies_speak_for_themselves_and_others_do_not() -> None:
    """The police may count; a council that does is not echoed: a person is told of it, and who may lift the hold."""
    assert isinstance(asked(posted(), builders.declared(), "amplification-agent"), MessageAuthorised)
    waits = asked(posted("council", "did:vale:1"), builders.declared(), "amplification-agent")
    assert isinstance(waits, LineDrafted)
    assert "says how many" in str(waits.message.doubts)


def test_a_hold_placed_after_the_draft_stops_the_sign_off() -> None:
    """What was written while it was allowed is not signed once it is not."""
    free = builders.register(holds={})
    incident = builders.carried_out(builders.declared(), builders.line(texts={"en": BECAUSE}), by=WRITER, register=free)
    (draft,) = incident.drafts.values()
    sign = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    assert isinstance(asked(sign, incident, register=free), MessageAuthorised)
    assert "says why it happened" in refusal(sign, incident)


def test_a_hold_placed_after_the_yes_stops_the_sending() -> None:
    """It is looked for at the claim and again right before sending, in the register and in the incident."""
    free = builders.register(holds={})
    incident = builders.carried_out(builders.declared(), builders.line(texts={"en": BECAUSE}), by=WRITER, register=free)
    (draft,) = incident.drafts.values()
    incident = builders.carried_out(
        incident, SignOff(message_id=draft.id, content_hash=draft.content_hash), register=free
    )
    claimed = asked(builders.claim(incident), incident, register=free)
    assert isinstance(claimed, DeliveryClaimed)
    verdict = may_send(claimed.dispatch, REGISTER, now=NOW)
    assert isinstance(verdict, Refused)
    assert "says why it happened" in verdict.reasons[0]
    place = PlaceHold(field=HeldField.CAUSE, about="the inquest", holders=(COMMANDER,))
    held = builders.carried_out(incident, place, by=WRITER, register=free)
    assert "says why it happened" in asked(builders.claim(held), held, register=free).reason


def test_whoever_places_a_hold_too_late_is_told_where_its_words_may_be_public() -> None:
    """What is being sent, unknown or public; what is kept back in time, or says something else, is no trouble."""
    free = builders.register(holds={})
    incident = builders.carried_out(builders.declared(), builders.line(texts={"en": BECAUSE}), by=WRITER, register=free)
    (draft,) = incident.drafts.values()
    incident = builders.carried_out(
        incident, SignOff(message_id=draft.id, content_hash=draft.content_hash), register=free
    )
    place = PlaceHold(field=HeldField.CAUSE, about="the inquest", holders=(COMMANDER,))
    assert asked(place, incident, register=free).beyond == ()
    sending = builders.carried_out(incident, builders.claim(incident), register=free)
    (told,) = asked(place, sending, register=free).beyond
    assert told.startswith("website: it is being sent now and may become public")
    confirmed = builders.carried_out(
        sending, builders.outcome(sending, "confirmed", receipt=Receipt(words="r")), register=free
    )
    (told,) = asked(place, confirmed, register=free).beyond
    assert told.startswith("website: it is public: decide whether to correct or withdraw it")
    other = place.model_copy(update={"field": HeldField.CONDITION})
    assert asked(other, confirmed, register=free).beyond == ()


def test_an_incident_has_room_for_so_many_holds() -> None:
    """Each is looked for in every text."""
    one = HoldPlaced(hold=builders.hold(), rule="rule")
    full = builders.after(builders.declared(), [one] * PLACED_MAX)
    assert f"has {PLACED_MAX} holds already" in refusal(PlaceHold(field=HeldField.CAUSE, about="it"), full)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ref 943 476 5919.", "an NHS number (characters 5 to 16): take it out, nobody can release it"),
        ("Born 12 March 1961.", "a date of birth"),
        ("Near LL49 9AD.", "a postcode that is not ours"),
        (
            "Call 07700 900123.",
            "a telephone number that is not ours (characters 6 to 17): take it out, or have it added",
        ),
        ("Write to a@b.example.", "an e-mail address that is not ours"),
    ],
)
def test_personal_data_keeps_a_text_back_and_is_not_repeated(text: str, kind: str) -> None:
    """Told by kind and place, with what to do: a refusal is kept for ever."""
    said = drafting(f"{text} {SAFE}")
    assert f"the en text holds {kind}" in said
    assert not any(word in said for word in text.rstrip(".").split()[1:] if word != "to")
