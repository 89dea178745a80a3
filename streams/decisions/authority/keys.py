"""Keys: which of a person's keys are in force, and whether the person could give an order that counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from streams.decisions.verdict import Refused
from streams.moments import told_in
from streams.values import Power
from streams.why import because
from streams.words.register.entries import Person, Register
from streams.words.register.keys import Enrolled
from streams.words.register.sheets import Sheet


def can_order(person: Person, register: Register, *, now: datetime) -> bool:
    """Whether an order of this person could count: signed with a key in force, or unsigned if that is allowed."""
    if not has_enrolled(person, now):
        return register.unsigned_orders == "allowed"
    fit = {key.id: True for key in signing(person)}
    for key in signing(person):
        # If a key is listed twice, the entry that is out of force counts.
        fit[key.id] &= not enrolment_faults(key, person.id, register=register) and not any(
            lapses(key, now, zone=register.hours.zone)
        )
    return any(fit.values())


def has_enrolled(person: Person, now: datetime) -> bool:
    """Whether this person ever had a key enrolled: from then on they sign, also when none of theirs holds any more."""
    return any(key.enrolled_at <= now for key in signing(person))


def awaits_keys(register: Register) -> bool:
    """Whether orders are to be signed and no person has a key yet: nothing can go out in live."""
    return register.unsigned_orders == "refused" and not any(signing(one) for one in register.people.values())


def signing(person: Person) -> Sequence[Enrolled]:
    """Keys and passkeys, which every order can be signed with; a sheet of codes is for few orders and replaces none."""
    return [key for key in person.keys if not isinstance(key, Sheet)]


def lapses(key: Enrolled, now: datetime, *, zone: tzinfo) -> Iterator[str]:
    """Why this key does not hold at this moment, as the end of a sentence about it; nothing where it does."""
    if now < key.enrolled_at:
        yield because("key-from", "holds from {time} only", time=told_in(zone, key.enrolled_at))
    if key.expires_at <= now:
        yield because("key-expired", "expired on {time}", time=told_in(zone, key.expires_at))
    if key.revoked_at and key.revoked_at <= now:
        yield because("key-revoked", "was revoked on {time}", time=told_in(zone, key.revoked_at))


def enrolment_faults(key: Enrolled, person_id: str, *, register: Register) -> Refused | None:
    """Why the enrolment of a key does not count; None if another person with the power enrolled it."""
    if key.enrolled_by == person_id:
        form = "the key {key} was enrolled by {person}, whose own it is: another person has to enrol it"
        return Refused([because("own-key", form, key=key.id, person=person_id)])
    enroller = register.people.get(key.enrolled_by)
    if enroller is None or not enroller.is_granted(Power.ENROL_KEY):
        form = "the key {key} of {person} was enrolled by {enroller}, who may not enrol keys: "
        form += "have it enrolled by somebody who may"
        return Refused([because("key-unfit", form, key=key.id, person=person_id, enroller=key.enrolled_by)])
    return None
