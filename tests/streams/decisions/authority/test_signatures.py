"""Who has a key signs; whatever else comes in their name is refused, each with its own sentence."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

import pytest

from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import proof_faults
from streams.decisions.desk.order_table import ORDERS, answer
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Allowed, Refused, reasons_of
from streams.subjects.incident import Incident
from streams.values import Power, Subject
from streams.words.cases import CaseOrder, GatherMore, OpenCase
from streams.words.delivery import DeliveryClaimed, DoneByHand, ResolveDelivery
from streams.words.facts import CommandRefused, FactBody
from streams.words.holds import LiftHold, PlaceHold
from streams.words.incident import Cancel, Declare, Reclassify, Rename, Report, StandDown
from streams.words.listening.stories import DecideNotToAnswer, ProposeRebuttal
from streams.words.listening.watch import NotOurs, WatchCloser
from streams.words.network.orders import NetworkOrder, RecordPause
from streams.words.orders import Command, Tick
from streams.words.plans import PlanOrder, RecordUnscheduled, TakePostOver
from streams.words.register.accounts import Breach, ChangeSecret, OpenAccount
from streams.words.register.changes import ChangeOrder
from streams.words.register.entries import Register
from streams.words.register.partners import SettleLookAlikes
from streams.words.release import (
    Amplify,
    DeleteMessage,
    DraftLine,
    MessageAuthorised,
    Propose,
    RecordByHand,
    Release,
    SignOff,
)
from streams.words.sign_off import Acknowledge, Decline, SeekSignOff
from streams.words.stops import (
    CancelRelease,
    Freeze,
    ReleaseHeld,
    Resume,
    ResumePartner,
    ReturnDraft,
    WithdrawDraft,
)
from tests import builders, keyring
from tests.builders import COMMANDER, NOW, NURSE, OFFICER, SIGNER
from tests.keyring import DAY, KEEPER

KEY = keyring.key(COMMANDER)
REGISTER = keyring.register(KEY)
MINUTE = timedelta(minutes=1)
OTHER_KEY = keyring.key("another-key")


def answered(given: Command, register: Register = REGISTER, incident: Incident | None = None) -> Sequence[FactBody]:
    return answer(Order(given, incident or builders.declared(), register, NOW))


def refusal(given: Command, register: Register = REGISTER) -> CommandRefused:
    (fact,) = answered(given, register)
    assert isinstance(fact, CommandRefused), fact
    return fact


def release(**changes: Any) -> Command:
    return builders.command(builders.holding(), **changes)


def authorised(facts: Sequence[FactBody]) -> MessageAuthorised:
    assert isinstance(facts[0], MessageAuthorised), facts[0]
    return facts[0]


def test_a_signed_order_is_carried_out_and_its_yes_names_the_key() -> None:
    assert authorised(answered(keyring.signed(release()))).authorisation.key == KEY.id


def test_whoever_never_had_a_key_orders_unsigned_unless_the_trust_refuses_that() -> None:
    assert authorised(answered(release(), builders.register())).authorisation.key is None


REFUSED: Sequence[tuple[Command, Register, str]] = [
    (release(), REGISTER, "has a key, and this order is not signed"),
    (keyring.signed(release(), "unknown"), REGISTER, "is not on the register: sign with one that is"),
    (keyring.signed(release(by="gone"), "gone"), REGISTER, "gone is not on the register: ask somebody who is"),
    (keyring.signed(release(), NURSE), REGISTER, f"belongs to Test Site Nurse (Site Nurse), not to {COMMANDER}"),
    (
        keyring.signed(release()).model_copy(update={"id": "another"}),
        REGISTER,
        "the order is not what was signed",
    ),
    (keyring.signed(release()), keyring.register(keyring.key(COMMANDER, expires_at=NOW)), "expired on 14 Jan"),
    (
        keyring.signed(release()),
        keyring.register(keyring.key(COMMANDER, enrolled_at=NOW + MINUTE)),
        "holds from 14 Jan 2026 22:32 GMT only",
    ),
    (
        keyring.signed(release(at=NOW - MINUTE)),
        keyring.register(keyring.key(COMMANDER, enrolled_at=NOW)),
        "was given before the key",
    ),
    (
        # The order was given before the revocation and comes after it.
        keyring.signed(release(at=NOW - 2 * MINUTE)),
        keyring.register(keyring.key(COMMANDER, revoked_at=NOW - MINUTE)),
        "was revoked on 14 Jan 2026 22:30 GMT",
    ),
    (
        # Somebody revoked it by adding an entry instead of mending the one that was there.
        keyring.signed(release()),
        keyring.register(KEY, keyring.key(COMMANDER, revoked_at=NOW)),
        "was revoked on 14 Jan 2026 22:31 GMT",
    ),
    (
        keyring.signed(release()),
        keyring.register(keyring.key(COMMANDER, enrolled_by=COMMANDER)),
        "whose own it is: another person has to enrol it",
    ),
    (
        keyring.signed(release()),
        keyring.register(keyring.key(COMMANDER, enrolled_by=NURSE)),
        f"was enrolled by {NURSE}, who may not enrol keys",
    ),
    (keyring.signed(release(at=NOW - 16 * MINUTE)), REGISTER, "the order is 16 minutes old"),
    (
        # To revoke a stolen key does not let its thief in unsigned.
        release(),
        keyring.register(keyring.key(COMMANDER, revoked_at=NOW - MINUTE)),
        f"no key of Test Director On Call is in force: ask {KEEPER.replace('-', ' ').title()}",
    ),
    (
        release(),
        builders.register(unsigned_orders="refused"),
        "unsigned orders are refused here, and Test Director On Call (Director On Call) has no key",
    ),
    (
        release(by="publishing-agent"),
        keyring.register(KEY, unsigned_orders="refused"),
        "publishing-agent is not on the register, and no machine may give this order",
    ),
    (release(by="publishing-agent"), REGISTER, "publishing-agent is not on the register"),
    (keyring.signed(release(by="publishing-agent")), REGISTER, "not to publishing-agent"),
    (
        # Also what machines may order is a person's order when it comes in a person's name.
        builders.command(Tick()),
        REGISTER,
        "has a key, and this order is not signed",
    ),
]


@pytest.mark.parametrize(("given", "register", "says"), REFUSED, ids=[says for _, _, says in REFUSED])
def test_what_nobody_has_proved_is_refused_with_its_own_sentence(given: Command, register: Register, says: str) -> None:
    reasons = refusal(given, register).reasons
    assert any(says.replace("Key Keeper", "Test Key Keeper (Key Keeper)") in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    ("mode", "incident_id"), [(builders.DRILL, builders.INCIDENT), (builders.LIVE, "inc-2")], ids=["mode", "incident"]
)
def test_an_order_signed_for_elsewhere_counts_nowhere_else(mode: str, incident_id: str) -> None:
    elsewhere = keyring.signed(release(mode=mode, subject=Subject.incident(incident_id)))
    brought = elsewhere.model_copy(update={"mode": builders.LIVE, "subject": builders.SUBJECT})
    assert refusal(brought).reasons == (
        "the signature does not fit: the order is not what was signed, so read it and sign it again",
    )


def test_a_replayed_order_gives_nothing() -> None:
    given = keyring.signed(release())
    incident = builders.declared()
    after = builders.after(incident, answered(given, incident=incident), given)
    assert answered(given, incident=after) == []


def test_a_refusal_names_who_else_could_give_the_order_now() -> None:
    assert refusal(builders.command(builders.declaration(), id="again")).who_could == ()
    deputy = builders.person("deputy", Power.DECLARE, Power.RELEASE_HOLDING)
    able = ("Test Deputy (Deputy)",)
    people = {**REGISTER.people, "deputy": deputy}
    register = REGISTER.model_copy(update={"people": people})
    new = Incident(id=builders.INCIDENT, mode=builders.LIVE)
    for body, incident in ((builders.declaration(), new), (builders.holding(), builders.declared())):
        (fact,) = answered(builders.command(body, id="again"), register, incident)
        assert isinstance(fact, CommandRefused)
        assert fact.who_could == able


def test_who_else_could_sign_off_is_not_who_wrote() -> None:
    incident = builders.carried_out(builders.declared(), builders.line(), by=builders.WRITER)
    (draft,) = incident.drafts.values()
    given = builders.command(SignOff(message_id=draft.id, content_hash=draft.content_hash))
    (fact,) = answered(given, incident=incident)
    assert isinstance(fact, CommandRefused)
    assert fact.who_could == ("Test Medical Director (Medical Director)",)


@pytest.mark.parametrize(
    ("later", "says"),
    [
        (keyring.register(keyring.key(COMMANDER, revoked_at=NOW)), "was revoked on"),
        (keyring.register(keyring.key(COMMANDER, expires_at=NOW)), "expired on"),
        (keyring.register(), "is no longer on the register"),
        (keyring.register(OTHER_KEY), "is no longer on the register"),
    ],
    ids=["revoked", "expired", "gone", "replaced"],
)
def test_what_was_signed_with_a_key_that_is_gone_since_is_not_sent(later: Register, says: str) -> None:
    """Authority is asked again at the moment of sending, and so is the key."""
    given = keyring.signed(release())
    incident = builders.after(builders.declared(), answered(given), given)
    claim = builders.command(builders.claim(incident), by="publishing-agent")
    (claimed,) = answered(claim, incident=incident)
    assert isinstance(claimed, DeliveryClaimed)
    assert isinstance(may_send(claimed.dispatch, REGISTER, now=NOW), Allowed)
    verdict = may_send(claimed.dispatch, later, now=NOW)
    assert isinstance(verdict, Refused)
    assert any(says in reason for reason in verdict.reasons)


def test_machines_work_on_unsigned_where_every_person_must_sign() -> None:
    """A partner's post goes out on the standing yes of who approved the partner, by an agent that has no key."""
    strict = keyring.register(KEY, unsigned_orders="refused")
    echo = Amplify(credit=builders.credit(), text="Crews are here.", posted_at=NOW)
    (first, *_) = answered(builders.command(echo, by="amplification-agent"), strict)
    assert isinstance(first, MessageAuthorised)
    assert first.authorisation.key is None


def test_every_kind_of_order_is_a_machines_or_a_persons() -> None:
    """A new kind of order has to say here who gives it: one that only people give goes below."""
    of_people = {
        *(Report, Declare, Rename, Reclassify, StandDown, Cancel),
        *(Release, Propose, DraftLine, SignOff, ResolveDelivery, DoneByHand, RecordByHand, DeleteMessage),
        *(SeekSignOff, Decline, Acknowledge, PlaceHold, LiftHold),
        *(ReturnDraft, WithdrawDraft, CancelRelease, Freeze, Resume, ReleaseHeld, ResumePartner, SettleLookAlikes),
        *get_args(ChangeOrder),
        *({*get_args(CaseOrder)} - {GatherMore, OpenCase}),
        *({*get_args(PlanOrder)} - {TakePostOver, RecordUnscheduled}),
        *(Breach, ChangeSecret, OpenAccount),
        *({*get_args(NetworkOrder)} - {RecordPause}),
        *(ProposeRebuttal, DecideNotToAnswer, WatchCloser, NotOurs),
    }
    assert {body for body, kind in ORDERS.items() if not kind.by_machines} == of_people


def test_stored_orders_tell_whether_their_proof_held() -> None:
    """For whoever has the record and the register of then: no worker, no clock."""
    stored = keyring.signed(release()).model_dump(mode="json")
    assert proof_faults(Command.model_validate(stored), REGISTER, now=NOW, stored=stored) is None
    later = NOW + 400 * DAY
    assert "expired" in reasons_of(proof_faults(Command.model_validate(stored), REGISTER, now=later, stored=stored))[0]
    stored["by"] = OFFICER
    assert len(reasons_of(proof_faults(Command.model_validate(stored), REGISTER, now=NOW, stored=stored))) == 2
    unsigned = release(by=SIGNER)
    assert reasons_of(proof_faults(unsigned, REGISTER, now=NOW)) == ["the order is not signed"]
