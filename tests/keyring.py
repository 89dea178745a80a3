"""Keys for the people of the small trust in `tests.builders`: made from their names, so that every run has the same."""

import hashlib
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from streams.codec import decode, encode
from streams.topics import COMMANDS
from streams.values import Power
from streams.words import orders
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.register.keys import Enrolled, Key, written
from tests import builders
from tests.builders import COMMANDER, NOW

KEEPER = "key-keeper"
"""May enrol keys."""
DAY = timedelta(days=1)


def private_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def key(name: str, **changes: Any) -> Key:
    """A key in force, enrolled a month ago for a year."""
    plain: dict[str, Any] = {
        "public_key": written(private_key(name).public_key()),
        "enrolled_by": KEEPER,
        "enrolled_at": NOW - 30 * DAY,
        "expires_at": NOW + 335 * DAY,
    }
    return Key(**{**plain, **changes})


def register(*keys: Enrolled, person: str = COMMANDER, **changes: Any) -> Register:
    """The small trust with these keys of one person; the nurse is another who has one."""
    people = {**builders.people(), KEEPER: builders.person(KEEPER, Power.ENROL_KEY)}
    for name, held in {builders.NURSE: (key(builders.NURSE),), person: keys}.items():
        people[name] = people[name].model_copy(update={"keys": held})
    return builders.register(people=people, **changes)


def signed(given: Command, name: str = COMMANDER) -> Command:
    """The order as the worker takes it off the topic."""
    taken: Command = decode(COMMANDS, encode(orders.signed(given, private_key(name))))
    return taken
