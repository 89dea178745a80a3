"""Keys for the played people: a person who must sign orders signs in an exercise too, with a key made for it.

The key is derived from the scenario, so anybody could make it; it is on the staged register only and opens nothing.
"""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agents.exercise.script.scenario import Scenario
from streams.values import digest
from streams.words.orders import Command, signed
from streams.words.register.entries import Person
from streams.words.register.keys import Key, written

DAY = timedelta(days=1)


def add_key(person: Person, scenario: Scenario) -> Person:
    """If the person has a real key, the person with an exercise key beside it, enrolled by the same colleague."""
    real = next((key for key in person.keys if key.revoked_at is None), None)
    if real is None:
        return person
    key = Key(
        public_key=_public_key(scenario, person.id),
        enrolled_by=real.enrolled_by,
        enrolled_at=scenario.start - DAY,
        expires_at=scenario.start + scenario.lasts + DAY,
    )
    return person.model_copy(update={"keys": (*person.keys, key)})


def as_given(order: Command, person: Person, *, scenario: Scenario) -> Command:
    """The order as this person gives it: signed where they hold a key for the exercise."""
    holds = any(isinstance(key, Key) and key.public_key == _public_key(scenario, person.id) for key in person.keys)
    return signed(order, _private_key(scenario, person.id)) if holds else order


def _public_key(scenario: Scenario, person_id: str) -> str:
    return written(_private_key(scenario, person_id).public_key())


def _private_key(scenario: Scenario, person_id: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(digest([scenario.model_dump(mode="json"), person_id])))
