"""Proof of person: the keys of people, and what ties an order to the person it names, in one of three forms.

A key file signs the order; a passkey signs its hash; a code is said from a sheet of paper. Here is what all share.
Ed25519 (RFC 8032) through `cryptography`: a pure function of bytes, the same answer everywhere and at any time.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from streams.values import Frozen, Identifier, Utc, canonical, derive_id
from streams.why import because
from streams.words.register.passkeys import Passkey, PasskeyProof, assertion_faults
from streams.words.register.sheets import Sheet, SpokenProof, code_faults

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"holdingline order, signed form 1\n"
"""Put before what is signed, so that a signature given for something else is never one for an order."""
_FIELD = 2**255 - 19
_EIGHTH = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_WEAK = frozenset({0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH})
"""The y of every point of small order: anybody can make a signature that fits such a key."""


def _public_key(text: str) -> str:
    if not _PUBLIC_KEY.fullmatch(text):
        raise ValueError("is no public key, which has 44 characters: copy it again from `holdingline key show`")
    height = int.from_bytes(base64.b64decode(text), "little") % 2**255
    if height % _FIELD in _WEAK:
        raise ValueError("is a key that anybody can sign with: make another with `holdingline key new`")
    return text


# The last sign before the padding carries fewer bits than the others: these are the only ways to write it.
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
PublicKey = Annotated[str, AfterValidator(_public_key), StringConstraints(pattern=f"^{_PUBLIC_KEY.pattern}$")]
"""32 bytes in base64."""
Signature = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$")]
"""64 bytes in base64."""


class Key(Frozen):
    """A person's key on the register: another person enrolled it; it holds until it expires or is revoked."""

    form: Literal["key"] = Field(default="key", exclude_if="key".__eq__)
    public_key: PublicKey
    enrolled_by: Identifier
    enrolled_at: Utc
    expires_at: Utc
    revoked_at: Utc | None = None

    @property
    def id(self) -> str:
        """The name that a proof gives it; it follows from the key, so no two keys can share one."""
        return key_id(self.public_key)


class KeyProof(Frozen):
    """That the holder of this key gave exactly this order."""

    form: Literal["key"] = "key"
    key: Identifier
    signature: Signature


def _form(value: Any) -> str:  # noqa: ANN401 - any value in place of a key or a proof
    """Before there were forms, every key and every proof was of a key file."""
    return str(value.get("form", "key") if isinstance(value, dict) else getattr(value, "form", ""))


FORMED = Discriminator(_form)
Enrolled = Annotated[
    Annotated[Key, Tag("key")] | Annotated[Passkey, Tag("passkey")] | Annotated[Sheet, Tag("spoken")], FORMED
]
"""What a person has on the register to prove an order by."""
Proof = Annotated[
    Annotated[KeyProof, Tag("key")] | Annotated[PasskeyProof, Tag("passkey")] | Annotated[SpokenProof, Tag("spoken")],
    FORMED,
]
"""That the person named in an order gave it."""


def prove(stored: Mapping[str, Any], private_key: "Ed25519PrivateKey") -> KeyProof:
    """Sign an order, given as the JSON that will be stored."""
    public_key = written(private_key.public_key())
    signature = private_key.sign(_signed_form(stored))
    return KeyProof(key=key_id(public_key), signature=base64.b64encode(signature).decode())


def proof_misfits(proof: Proof, enrolled: Enrolled, *, stored: Mapping[str, Any]) -> Iterator[str]:
    """Why a proof is not one by this key, passkey or sheet for this order as it is stored."""
    match proof, enrolled:
        case KeyProof(), Key():
            if not fits(proof, enrolled, stored=stored):
                yield because(
                    "unsigned-so",
                    "the signature does not fit: the order is not what was signed, so read it and sign it again",
                )
        case PasskeyProof(), Passkey():
            for fault in assertion_faults(proof, enrolled, challenge=challenge_of(stored)):
                yield because("passkey-fault", "the confirmation by passkey {fault}", fault=fault)
        case SpokenProof(), Sheet():
            for fault in code_faults(proof, enrolled, challenge=challenge_of(stored)):
                yield because("said-fault", "what was said {fault}", fault=fault)
        case _:
            yield because(
                "enrolled-as",
                "{key} is enrolled as {sort}, and the proof is {proof}: give the order again",
                key=enrolled.id,
                sort=enrolled.form,
                proof=proof.form,
            )


def challenge_of(stored: Mapping[str, Any]) -> bytes:
    """What a passkey signs for this order, and what says which code of a sheet is asked for."""
    return hashlib.sha256(_signed_form(stored)).digest()


def fits(proof: KeyProof, key: Key, *, stored: Mapping[str, Any]) -> bool:
    """Tell whether the signature is this key's, for this order as it is stored."""
    from streams.words.register.public_keys import file_key, is_signed  # noqa: PLC0415 - see there

    public_key = file_key(base64.b64decode(key.public_key))
    return is_signed(public_key, base64.b64decode(proof.signature), content=_signed_form(stored))


def key_id(public_key: str) -> str:
    """The name of the key with this public part."""
    return derive_id("key", public_key)


def written(public_key: "Ed25519PublicKey") -> str:
    """The key as the register holds it."""
    return base64.b64encode(public_key.public_bytes_raw()).decode()


def _signed_form(stored: Mapping[str, Any]) -> bytes:
    """All of the order but its proof: another mode, incident, identifier, time, person or content is another order."""
    return DOMAIN + canonical({name: value for name, value in stored.items() if name != "proof"})
