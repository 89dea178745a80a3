"""Proving: whether the person named in an order really gave it.

A person with a key signs every order. `Register.unsigned_orders` says whether an order of anybody else counts.

What is not signed rests on who may write orders at all: a door can write any name.
A person's order in a name that is no person's has no authority.
The orders that the table of orders (`desk/order_table.py`) has a machine give prove nothing about who gave them, and
nothing here looks whether the machine that they name is the one of the table. None makes our own words public, but a
forged `amplify` would speak in a partner's name, and a forged `record_outcome` would call public what is not.
Only the rights on the topic of orders, or on the log's file, keep such orders out: `agents/runtime/cluster/rights.py`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from streams.decisions.authority.keys import enrolment_faults, has_enrolled, lapses, signing
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import Act, who_could
from streams.decisions.verdict import Refused, reasons_of, why_not
from streams.moments import minute_in
from streams.subjects.outgoing import Outgoing
from streams.subjects.state import WRONG_CODES_KEPT
from streams.values import Power, derive_id
from streams.why import Because, because
from streams.words.orders import Command
from streams.words.plans import ApprovePost
from streams.words.register.entries import Person, Register
from streams.words.register.keys import Enrolled, Proof, challenge_of, proof_misfits
from streams.words.register.sheets import CODES, Sheet, SpokenProof, number_for
from streams.words.release import SignOff

WRONG_CODES_WITHIN = timedelta(hours=1)
"""After `WRONG_CODES_KEPT` wrong codes of a sheet about one subject none of it counts until one of them is that old."""
TO_ENTER = timedelta(minutes=1)
"""So long before an order is too old no code is entered any more: a refusal would use the code up."""
ORDERS_LOOKED_AT = 100 * CODES


def unproven(order: Order, *, by_machines: bool, unsaid: str | None) -> Refused | None:
    """Why it is not shown that the person named gave this order; None if it is shown, or need not be.

    `by_machines` says that agents give such orders in their own name, unsigned; every other order is a person's.
    `unsaid` says why no code from a sheet is enough for such orders; None if one is.
    """
    given, register = order.command, order.register
    if given.proof is None:
        return why_not(_unsigned(given, register, order.now, by_machines=by_machines))
    if isinstance(given.proof, SpokenProof):
        if unsaid:
            return not_to_say(unsaid)
        if unfit := not_to_hear(order, given.proof.relayed_by) or _tried_too_often(given.proof.key, order):
            return unfit
        if _is_spent(given.proof.code_id, order):
            return Refused([used_before(given.proof)])
    return proof_faults(given, register, now=order.now)


def not_to_say(unsaid: str) -> Refused:
    """Why no code proves such an order; `unsaid` is what the table of orders says of it."""
    form = "a code that is said is not enough for this order, since {why}: sign it, or have somebody else give it"
    return Refused([because("not-to-say", form, why=unsaid)])


def not_to_hear(order: Order, relayed_by: str) -> Refused | None:
    """Why this person may not read an order out and enter its code; None if they may.

    Else one person alone could have words of theirs signed off: by reading out others than those that wait.
    """
    if relayed_by not in _writers(order):
        return None
    form = "{person} wrote or entered what waits here, and cannot read it out for a yes: "
    form += "have another person on the register enter the code, or sign it with a key"
    return Refused([because("own-words-said", form, person=order.register.called(relayed_by))])


def _writers(order: Order) -> Sequence[str]:
    """Who wrote or entered the words that an order says yes to."""
    state, body = order.state, order.command.body
    if not isinstance(state, Outgoing):
        return ()
    if isinstance(body, ApprovePost):
        found = [one.id for one in state.drafts.values() if one.content() == body.content_hash]
        return [who for draft in found for who in state.writers_of(draft)]
    if not isinstance(body, SignOff):
        return ()
    search = order.search(body.message_id)
    return [*state.writers_of(body.message_id), *([search.sought_by] if search and search.matter else [])]


def used_before(proof: SpokenProof) -> str:
    """Why a code does not count that proved an order before, in this incident or in another."""
    form = "code {number} of {sheet} was used before: give the order again with another"
    return because("code-used", form, number=proof.number, sheet=proof.key)


def _is_spent(code: str, order: Order) -> bool:
    return code in order.state.spent or order.past.has_spent(code)


def _tried_too_often(sheet: str, order: Order) -> Refused | None:
    """Why no code of this sheet counts for now; the person can still sign, and others can give the order."""
    recent = [at for at in order.state.wrong_codes.get(sheet, ()) if at > order.now - WRONG_CODES_WITHIN]
    if len(recent) < WRONG_CODES_KEPT:
        return None
    free = minute_in(order.zone, recent[0] + WRONG_CODES_WITHIN)
    form = "{count} wrong codes of {sheet} were entered within the hour: "
    form += "none counts before {time}, so sign the order, or have somebody else give it"
    return Refused([because("codes-wrong", form, count=len(recent), sheet=sheet, time=free)])


def wrong_code(order: Order) -> str | None:
    """The sheet of the person of which another code was entered for this order than the one asked for."""
    given, proof = order.command, order.command.proof
    if not isinstance(proof, SpokenProof) or _tried_too_often(proof.key, order):
        return None
    sheet = next((one for one in _keys_of(given.by, order.register) if one.id == proof.key), None)
    return proof.key if sheet and any(proof_misfits(proof, sheet, stored=given.stored())) else None


def said_code(order: Order) -> SpokenProof | None:
    """The code of a sheet that proves this order, and that is thereby known to others; None where none does."""
    given = order.command
    if not isinstance(given.proof, SpokenProof) or proof_faults(given, order.register, now=order.now):
        return None
    return given.proof


def sheet_to_ask(given: Command, relayed_by: str, *, register: Register, now: datetime) -> Sheet | Refused:
    """The sheet of which a code may be asked for an order that may be said; the newest of the person's."""
    person = register.people.get(given.by)
    if person is None:
        return Refused(
            [because("not-on-register", "{person} is not on the register: ask somebody who is", person=given.by)]
        )
    reasons = [*_not_heard(relayed_by, register)]
    sheets = [one for one in _keys_of(person.id, register) if isinstance(one, Sheet)]
    valid = [one for one in sheets if not any(_out_of_force(one, person.id, register=register, now=now))]
    if not valid:
        form = "{person} has no sheet of codes in force: have somebody else give this order"
        reasons.append(because("no-sheet", form, person=person.called))
    return Refused(reasons) if reasons else max(valid, key=lambda one: one.enrolled_at)


def with_unused_code(given: Command, sheet: Sheet, *, spent: Collection[str]) -> Command | None:
    """The same order under an identifier by which it asks for a code that is not `spent`; None if all are.

    It is another identifier at each moment, since one order is judged once.
    """
    for number in range(ORDERS_LOOKED_AT):
        name = derive_id("cmd", given.id, given.at.isoformat(), number)
        again = given.model_copy(update={"id": name})
        if f"{sheet.id}/{number_for(challenge_of(again.model_dump(mode='json')))}" not in spent:
            return again
    return None


def proof_faults(
    given: Command, register: Register, *, now: datetime, stored: Mapping[str, Any] | None = None
) -> Refused | None:
    """Why the proof of this order does not hold as of `now`; None where it does.

    `stored` is the order's JSON as the topic keeps it; without it, what it was decoded from.
    """
    if given.proof is None:
        return Refused(["the order is not signed"])
    return why_not(_unfit(given, given.proof, stored or given.stored(), register=register, now=now))


def key_faults(key_id: str, person_id: str, *, register: Register, now: datetime) -> Refused | None:
    """Why this key of this person is not in force at this moment; None where it is."""
    key = next((one for one in _keys_of(person_id, register) if one.id == key_id), None)
    if key is None:
        renewal = _renewal(person_id, register, now)
        form = "the key {key} of {person} is no longer on the register: {renew}"
        return Refused([because("key-gone", form, key=key_id, person=person_id, renew=renewal)])
    return why_not(_out_of_force(key, person_id, register=register, now=now))


def _unsigned(given: Command, register: Register, now: datetime, *, by_machines: bool) -> Iterator[str]:
    person = register.people.get(given.by)
    if person is None:
        if register.unsigned_orders == "refused" and not by_machines:
            form = "{person} is not on the register, and no machine may give this order: have a person give it"
            yield because("no-machine", form, person=given.by)
    elif has_enrolled(person, now):
        # Also where no key is in force any more: to revoke a stolen key must not open the door that it closed.
        form = "{person} has a key, and this order is not signed: sign it with that key"
        yield because("unsigned", form, person=person.called)
        if all(key_faults(key.id, person.id, register=register, now=now) for key in signing(person)):
            form, renewal = "no key of {person} is in force: {renew}", _renewal(person.id, register, now)
            yield because("no-key-in-force", form, person=person.name, renew=renewal)
    elif register.unsigned_orders == "refused":
        form = "unsigned orders are refused here, and {person} has no key: {renew}"
        yield because("no-key", form, person=person.called, renew=_renewal(person.id, register, now))


def _unfit(
    given: Command, proof: Proof, signed: Mapping[str, Any], *, register: Register, now: datetime
) -> Iterator[str]:
    holder, key = _found(proof.key, register)
    if holder is None or key is None:
        if given.by in register.people:
            form = "the key {key} is not on the register: sign with one that is, or have it enrolled"
            yield because("key-unknown", form, key=proof.key)
        else:
            yield because("not-on-register", "{person} is not on the register: ask somebody who is", person=given.by)
        return
    if holder.id != given.by:
        form = "the key {key} belongs to {person}, not to {giver}: give the order in your own name"
        yield because("key-of-another", form, key=proof.key, person=holder.called, giver=given.by)
    else:
        yield from _out_of_force(key, holder.id, register=register, now=now)
        if given.at < key.enrolled_at <= now:
            yield because(
                "before-the-key", "the order was given before the key {key} was enrolled: give it again", key=key.id
            )
    if isinstance(proof, SpokenProof):
        yield from _not_heard(proof.relayed_by, register)
    yield from proof_misfits(proof, key, stored=signed)


def _not_heard(relayed_by: str, register: Register) -> Iterator[str]:
    if relayed_by not in register.people:
        form = "{person}, who entered the code, is not on the register: have somebody on it enter the code"
        yield because("enterer-unknown", form, person=relayed_by)
    if register.spoken_orders == "refused":
        form = "codes that are said prove nothing here: sign the order, or have somebody else give it"
        yield because("no-codes-here", form)


def _out_of_force(key: Enrolled, person_id: str, *, register: Register, now: datetime) -> Iterator[str]:
    """A revocation holds at once, also for what was ordered before it and comes after it."""
    yield from reasons_of(enrolment_faults(key, person_id, register=register))
    gaps = {"key": key.id, "person": person_id, "renew": _renewal(person_id, register, now)}
    for lapse in lapses(key, now, zone=register.hours.zone):
        if now < key.enrolled_at:
            yield because("key-not-yet", "the key {key} of {person} {lapse}: wait, or {renew}", **gaps, lapse=lapse)
        else:
            yield because("key-lapsed", "the key {key} of {person} {lapse}: {renew}", **gaps, lapse=lapse)


def _found(key_id: str, register: Register) -> tuple[Person | None, Enrolled | None]:
    pairs = ((person, key) for person in register.people.values() for key in _keys_of(person.id, register))
    return next((pair for pair in pairs if pair[1].id == key_id), (None, None))


def _keys_of(person_id: str, register: Register) -> Sequence[Enrolled]:
    """The person's keys, revoked ones first: if a key is listed twice, its revoked entry counts."""
    person = register.people.get(person_id)
    return sorted(person.keys, key=lambda key: key.revoked_at is None) if person else ()


def _renewal(person_id: str, register: Register, now: datetime) -> Because:
    if able := who_could(Act(Power.ENROL_KEY, now), register, but=person_id):
        return because("new-key", "ask {able} to enrol a new key", able=able)
    return because("new-key-by-keeper", "ask whoever keeps the register to enrol a new key")
