"""Refusals because nobody can tell that the person whom an order names gave it, and who else could give it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import key_faults, not_to_say, proof_faults, sheet_to_ask
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.verdict import Refused, reasons_of
from streams.subjects.incident import Incident
from streams.values import Power
from streams.words.delivery import ResolveDelivery
from streams.words.incident import Cancel
from streams.words.orders import CommandBody
from streams.words.register.entries import Register
from streams.words.register.keys import Key, challenge_of
from streams.words.register.sheets import number_for
from streams.words.release import Amplify, Release, SignOff
from streams.words.sign_off import SeekSignOff
from streams.words.stops import ReleaseHeld
from tests import builders, keyring, passkeys
from tests.builders import COMMANDER, NOW, NURSE, SIGNER, WRITER, person
from tests.refusals.case import DAY, Case, Could, told
from tests.refusals.people import (
    CANCEL,
    DRAFT,
    DRAFTED,
    END,
    FREEZE,
    FROZEN,
    HELD,
    LIFT,
    NEW,
    ON,
    RELEASED,
    RESUME,
    RESUMED,
    RETURN,
    STOPS,
    TAKE_BACK,
    hold,
    yes_to,
)

KEY = keyring.key(COMMANDER)
DEPUTY = "deputy"
"""May do whatever the commander may, at any hour; nobody ever gave the deputy a key."""
POWERS = (*builders.COMMAND_POWERS, Power.DRAFT_LINE)
UNSIGNED = "has a key, and this order is not signed: sign it with that key"


def register(*keys: Key, **changes: Any) -> Register:
    """The trust of the keyring with a deputy; the commander has these keys, or one in force."""
    known = keyring.register(*(keys or (KEY,)), **changes)
    return known.model_copy(update={"people": {**known.people, DEPUTY: person(DEPUTY, *POWERS)}})


def unsigned(body: CommandBody, incident: Incident | None = None, *, could: Could | None = None, **told: Any) -> Case:
    """An order that the commander, who has a key, did not sign."""
    given: dict[str, Any] = {"register": register(), "id": "unsigned", **told}
    return Case(UNSIGNED, lambda: builders.order(body, incident or builders.declared(), COMMANDER, **given), could)


def signed(says: str, *keys: Key, with_: str = COMMANDER, at: Any = NOW, edit: bool = False) -> Case:
    """A release that the commander signed, who has these keys."""

    def given() -> Order:
        plain = builders.order(builders.holding(), builders.declared(), register=register(*keys), at=at)
        command = keyring.signed(plain.command, with_)
        command = command.model_copy(update={"id": "another"}) if edit else command
        return Order(command, plain.incident, plain.register, plain.now)

    return Case(says, given, Could((Power.RELEASE_HOLDING,), ON, but=COMMANDER, same=False))


def kept_away() -> Iterator[str]:
    """What evidence says of an order without a proof, and the last check of a key that is not there any more."""
    yield from reasons_of(
        proof_faults(builders.command(builders.holding()), register(), now=NOW),
        key_faults(KEY.id, COMMANDER, register=builders.register(), now=NOW),
    )


OTHERS = Could((Power.RELEASE_HOLDING,), ON, same=False)


def unordered(says: str, body: Release, by: str, *keys: Key, **changes: Any) -> Case:
    """An unsigned order where the trust takes none, or where no key of theirs holds any more."""
    return Case(
        says, lambda: builders.order(body, builders.declared(), by, register=register(*keys, **changes)), OTHERS
    )


MINUTE = timedelta(minutes=1)
SENDING = builders.carried_out(RELEASED, builders.claim(RELEASED), by="publishing-agent")
DOUBTFUL = builders.carried_out(SENDING, builders.outcome(SENDING, "unknown"), by="publishing-agent")
SHARE = Amplify(credit=builders.credit(), text="Please keep away.", posted_at=NOW)
LOOKED = ResolveDelivery(delivery_id=HELD.delivery_id, attempt=1, public=True, evidence="seen")
SIGNED = (
    signed("is not on the register: sign with one that is", with_="unknown"),
    signed("belongs to Test Site Nurse (Site Nurse), not to", with_=NURSE),
    signed("the order is not what was signed", edit=True),
    signed("expired on 14 Jan", keyring.key(COMMANDER, expires_at=NOW)),
    signed("was revoked on 14 Jan", keyring.key(COMMANDER, revoked_at=NOW)),
    signed("holds from 14 Jan 2026 22:32 GMT only", keyring.key(COMMANDER, enrolled_at=NOW + MINUTE)),
    signed("was given before the key", keyring.key(COMMANDER, enrolled_at=NOW), at=NOW - MINUTE),
    signed("whose own it is: another person has to", keyring.key(COMMANDER, enrolled_by=COMMANDER)),
    signed("who may not enrol keys", keyring.key(COMMANDER, enrolled_by=WRITER)),
    told("the order is not signed", kept_away),
    told("is no longer on the register", kept_away),
)
NOT_SIGNED = (
    unsigned(builders.declaration(), NEW, could=Could((Power.DECLARE,), but=COMMANDER)),
    unsigned(builders.holding(), could=Could((Power.RELEASE_HOLDING,), ON, but=COMMANDER)),
    unsigned(builders.line(), could=Could((Power.DRAFT_LINE,), ON, but=COMMANDER)),
    unsigned(yes_to(DRAFT), DRAFTED, could=Could((Power.SIGN_OFF_LINE,), ON, among=(SIGNER, DEPUTY))),
    unsigned(RETURN, DRAFTED, could=Could((Power.SIGN_OFF_LINE,), ON, among=(SIGNER, DEPUTY))),
    unsigned(TAKE_BACK, DRAFTED, could=Could((Power.WITHDRAW,), but=COMMANDER)),
    unsigned(CANCEL, RELEASED, could=Could(STOPS.powers, ON, any_channel=True, but=COMMANDER)),
    unsigned(FREEZE, could=Could(STOPS.powers, but=COMMANDER)),
    unsigned(RESUME, FROZEN, could=Could((Power.RELEASE_HOLDING,), but=COMMANDER)),
    unsigned(HELD, RESUMED, could=Could((Power.RELEASE_HOLDING,), ON[:1], but=COMMANDER)),
    unsigned(END, could=Could((Power.STAND_DOWN,), but=COMMANDER)),
    unsigned(Cancel(reason="no"), could=Could((Power.STAND_DOWN,), but=COMMANDER)),
    unsigned(LOOKED, DOUBTFUL, could=Could((Power.RESOLVE_DELIVERY,), but=COMMANDER)),
    unsigned(LOOKED, RELEASED),
    unsigned(
        SHARE,
        could=Could((Power.AMPLIFY,), ("social",), but=COMMANDER, same=False),
    ),
    unsigned(hold(), could=Could((Power.WITHDRAW, Power.LIFT_HOLD), but=COMMANDER)),
    unsigned(
        LIFT,
        could=Could((Power.LIFT_HOLD,), among=(DEPUTY,)),
        register=register(holds={"cause": builders.hold(holders=(COMMANDER, DEPUTY))}),
    ),
    unsigned(SeekSignOff(message_id=DRAFT.id), DRAFTED),
    unsigned(SignOff(message_id="msg-none", content_hash="")),
    unsigned(ReleaseHeld(delivery_id="dlv-none")),
    unordered(
        "no key of Test Director On Call is in force",
        builders.holding(),
        COMMANDER,
        keyring.key(COMMANDER, revoked_at=NOW - DAY),
    ),
    unordered("unsigned orders are refused here", builders.holding(), WRITER, unsigned_orders="refused"),
    unordered("no machine may give this order", builders.holding(), "stranger", unsigned_orders="refused"),
)


def by_code(
    body: CommandBody,
    state: Incident | None = None,
    *,
    spoken_orders: str = "allowed",
    used: bool = False,
    tried: int = 0,
    **said: Any,
) -> Callable[[], Order]:
    """An order of the commander that a code from a sheet proves; the sheet is all that the commander has."""

    def given() -> Order:
        command, sheet = passkeys.spoken(builders.command(body, id="by-code"), **said)
        plain = builders.register()
        people = {
            **plain.people,
            keyring.KEEPER: person(keyring.KEEPER, Power.ENROL_KEY),
            DEPUTY: person(DEPUTY, *POWERS),
        }
        people[COMMANDER] = people[COMMANDER].model_copy(update={"keys": (sheet,)})
        wrong = {sheet.id: (NOW - MINUTE,) * tried} if tried else {}
        incident = (state or builders.declared()).model_copy(update={"wrong_codes": wrong})
        if used:
            number = number_for(challenge_of(command.model_dump(mode="json", exclude={"proof"})))
            incident = incident.model_copy(update={"spent": (f"{sheet.id}/{number}",)})
        register = builders.register(people=people, spoken_orders=spoken_orders)
        return Order(command, incident, register, NOW)

    return given


ANYBODY_WHO_STOPS = replace(STOPS, but=COMMANDER, same=False)


def not_asked_for() -> Iterator[Refused]:
    """What is said before a code is asked for at all."""
    for by in ("stranger", COMMANDER):
        given = builders.command(FREEZE, by=by)
        refused = sheet_to_ask(given, WRITER, register=builders.register(spoken_orders="allowed"), now=NOW)
        assert isinstance(refused, Refused)
        yield refused


def unsaid() -> Iterator[str]:
    """Why the table of orders takes no code for some of them."""
    for row in ORDERS.values():
        if row.why_unsaid:
            yield from not_to_say(row.why_unsaid).reasons


SPOKEN = (
    Case("5 wrong codes of sheet-", by_code(FREEZE, tried=5), ANYBODY_WHO_STOPS),
    Case("stranger, who entered the code, is not on", by_code(FREEZE, relayed_by="stranger"), ANYBODY_WHO_STOPS),
    Case(
        "wrote or entered what waits here, and cannot read it out",
        by_code(yes_to(DRAFT), DRAFTED),
        Could((Power.SIGN_OFF_LINE,), ON, among=(SIGNER, DEPUTY), same=False),
    ),
    told("has no sheet of codes in force", not_asked_for),
    *(told(one, unsaid) for one in ("a machine gives it", "anybody on the register may have", "of one's own")),
    Case("was used before: give the order again with another", by_code(FREEZE, used=True), ANYBODY_WHO_STOPS),
    Case("codes that are said prove nothing here", by_code(FREEZE, spoken_orders="refused"), ANYBODY_WHO_STOPS),
    Case(
        "a code that is said is not enough for this order",
        by_code(SHARE),
        Could((Power.AMPLIFY,), ("social",), but=COMMANDER, same=False),
    ),
)
SEEN = (
    Case(
        "the order was given in view of fact 99",
        lambda: builders.order(FREEZE, builders.declared(), COMMANDER, seen=99),
    ),
)
PROOFS: tuple[Case, ...] = (*SIGNED, *NOT_SIGNED, *SPOKEN, *SEEN)
