"""The keys of people: who enrolled them, until when they hold, and that no two people share one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.decisions.authority.keys import can_order, enrolment_faults
from streams.decisions.verdict import reasons_of
from streams.words.register.entries import Person, Register
from streams.words.register.keys import Enrolled

TOLD_AHEAD = timedelta(days=30)
"""A key is a fault this long before it ends, because its owner could be locked out at night."""


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with keys, and who could give no order because they have none."""
    holders: dict[str, str] = {}
    for person in reading.register.people.values():
        place = reading.place("people", person.id)
        for position, key in enumerate(person.keys):
            here = EntryPlace(place.source, (*place.trail, "keys", position))
            yield from _sharing_faults(key, person, here, holders)
            yield from _times(key, here, now)
            for sentence in reasons_of(enrolment_faults(key, person.id, register=reading.register)):
                yield here.fault("enrolled_by", sentence=sentence)
        if reason := _mute(person, reading.register, now):
            yield place.fault("keys", sentence=reason)


def _sharing_faults(key: Enrolled, person: Person, place: EntryPlace, holders: dict[str, str]) -> Iterator[Fault]:
    holder = holders.setdefault(key.id, person.id)
    if holder != person.id:
        sentence = f"the key {key.id} is also the one of {holder}: each person needs a key that nobody else has"
        yield place.fault("public_key", sentence=sentence)
    elif sum(one.id == key.id for one in person.keys) > 1:
        yield place.fault("public_key", sentence=f"the key {key.id} is given twice: give it once")


def _times(key: Enrolled, place: EntryPlace, now: datetime) -> Iterator[Fault]:
    if key.expires_at <= key.enrolled_at:
        yield place.fault("expires_at", sentence=f"the key {key.id} ends before it begins: mend one of the two times")
    elif key.expires_at <= now + TOLD_AHEAD and key.revoked_at is None:
        ends = "expired" if key.expires_at <= now else "expires"
        sentence = f"the key {key.id} {ends} on {key.expires_at:%d %B %Y}: have a new one enrolled, then take it out"
        yield place.fault("expires_at", sentence=sentence)


def _mute(person: Person, register: Register, now: datetime) -> str | None:
    """Why no order of this person would count; None if one would."""
    if not person.keys:
        if person.grants and register.unsigned_orders == "refused":
            return f"{person.id} has powers and no key, and unsigned orders are refused: enrol a key"
        return None
    if not can_order(person, register, now=now):
        return f"no key of {person.id} is in force, so no order of theirs counts: enrol one"
    return None
