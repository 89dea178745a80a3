"""Enrolling a key: the entry by which a second person makes a key somebody's."""

import json

from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.verdict import Refused
from streams.values import Power
from streams.words.register.entries import Register
from streams.words.register.keys import Enrolled, Key
from streams.words.register.passkeys import Passkey
from streams.words.register.sheets import Sheet


def enrol(register: Register, key: Enrolled, *, person: str) -> Refused | None:
    """Why `key.enrolled_by` cannot make this key the person's; None if they can."""
    act = Act(Power.ENROL_KEY, key.enrolled_at)
    verdict = may(key.enrolled_by, act, register=register)
    if isinstance(verdict, Refused):
        return verdict
    if person not in register.people:
        return Refused([f"{person} is not on the register: add them to people.yaml first"])
    if key.enrolled_by == person:
        reason = f"{person} cannot enrol a key of their own: another person has to"
        return Refused([reason], who_could(act, register, but=person))
    for holder in register.people.values():
        if any(one.id == key.id for one in holder.keys):
            return Refused([f"{holder.id} holds the key {key.id} already: make a new one for each person"])
    return None


def key_as_yaml(key: Key, person: str) -> str:
    """The lines to put at the person's entry in `people.yaml`."""
    return "\n".join(
        [
            f"# To the entry of {person}:",
            "  keys:",
            f'    - public_key: "{key.public_key}" # {key.id}',
            f"      enrolled_by: {key.enrolled_by}",
            f"      enrolled_at: {key.enrolled_at:%Y-%m-%dT%H:%M:%SZ}",
            f"      expires_at: {key.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        ]
    )


def sheet_as_yaml(sheet: Sheet, person: str) -> str:
    """The lines to put at the person's entry in `people.yaml`."""
    return "\n".join(
        [
            f"# To the entry of {person}:",
            "  keys:",
            f"    - form: {sheet.form} # {sheet.id}",
            f'      salt: "{sheet.salt}"',
            "      codes:",
            *(f'        - "{code}"' for code in sheet.codes),
            f"      enrolled_by: {sheet.enrolled_by}",
            f"      enrolled_at: {sheet.enrolled_at:%Y-%m-%dT%H:%M:%SZ}",
            f"      expires_at: {sheet.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        ]
    )


def passkey_as_yaml(passkey: Passkey, person: str) -> str:
    """The lines to put at the person's entry in `people.yaml`."""
    return "\n".join(
        [
            f"# To the entry of {person}:",
            "  keys:",
            f"    - form: {passkey.form} # {passkey.id}",
            f'      credential: "{passkey.credential}"',
            f'      public_key: "{passkey.public_key}"',
            f"      rp_id: {json.dumps(passkey.rp_id)}",
            "      origins:",
            *(f"        - {json.dumps(origin)}" for origin in passkey.origins),
            f"      enrolled_by: {passkey.enrolled_by}",
            f"      enrolled_at: {passkey.enrolled_at:%Y-%m-%dT%H:%M:%SZ}",
            f"      expires_at: {passkey.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        ]
    )
