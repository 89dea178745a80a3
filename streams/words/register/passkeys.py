"""Passkeys: a device that knows its person by face, finger or PIN signs the hash of an order on a page of the trust.

Read from the bytes that the browser gave, which are kept as they came (W3C Web Authentication, level 3, 7.2).
What it proves is in the decision about proof of person: not that these words were on the screen.
"""

import base64
import hashlib
import json
import operator
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from streams.values import Digest, Frozen, Identifier, Utc, Word, canonical, derive_id
from streams.why import because

USER_PRESENT, USER_VERIFIED = 0x01, 0x04
TOGETHER = b"holdingline orders, signed form 1\n"
"""Put before the hashes of orders that one yes is for."""
TOGETHER_MAX = 50
"""So many orders one yes is for at most."""
DEVICE_BYTES_MIN = 37
"""Hash of the service, one byte of flags, four of a counter."""


def written(raw: bytes) -> str:
    """Bytes as WebAuthn's JSON writes them: base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unwritten(text: str) -> bytes:
    """The bytes of a `Base64Url`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_SIGN = "[A-Za-z0-9_-]"
# The last sign may carry fewer bits than the others: these are the only ways to write it.
_WHOLE = rf"^(?:{_SIGN}{{4}}){{0,999}}(?:{_SIGN}[AQgw]|{_SIGN}{{2}}[AEIMQUYcgkosw048]|{_SIGN}{{4}})$"
Base64Url = Annotated[str, StringConstraints(pattern=_WHOLE)]
"""Up to 3,000 bytes as WebAuthn's JSON writes them; the same bytes are never written in two ways."""


def _known(public_key: str) -> str:
    from streams.words.register.public_keys import device_key  # noqa: PLC0415 - see there

    device_key(unwritten(public_key))
    return public_key


DevicePart = Annotated[Base64Url, AfterValidator(_known)]
"""The public part of a passkey: its SubjectPublicKeyInfo (RFC 5280) in DER."""


class MadePasskey(Frozen):
    """What the page on which a person made their passkey shows, to hand over and have it enrolled."""

    person: Identifier
    credential: Base64Url
    public_key: DevicePart
    rp_id: Word
    origins: tuple[Word, ...] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _is_of_its_service(self) -> "MadePasskey":
        for origin in self.origins:
            scheme, _, place = origin.partition("://")
            host = place.partition(":")[0]
            if scheme != "https" and (scheme, host) != ("http", "localhost"):
                raise ValueError(f"{origin} is no page that passkeys work on: it begins with https://")
            if host != self.rp_id and not host.endswith(f".{self.rp_id}"):
                raise ValueError(f"{origin} is no page of {self.rp_id}, for which this passkey was made")
        return self


class Passkey(Frozen):
    """A person's passkey on the register, enrolled by another person.

    It counts for the service `rp_id` on pages of `origins`.
    """

    form: Literal["passkey"] = "passkey"
    credential: Base64Url
    public_key: DevicePart
    rp_id: Word
    origins: tuple[Word, ...] = Field(min_length=1, max_length=10)
    enrolled_by: Identifier
    enrolled_at: Utc
    expires_at: Utc
    revoked_at: Utc | None = None

    @property
    def id(self) -> str:
        """The name that a proof gives it; it follows from the key, so no two passkeys can share one."""
        return derive_id("key", self.public_key)


class PasskeyProof(Frozen):
    """What a browser gave when the person confirmed the order, byte for byte."""

    form: Literal["passkey"] = "passkey"
    key: Identifier
    credential: Base64Url
    authenticator_data: Base64Url
    client_data: Base64Url
    signature: Base64Url
    together: tuple[Digest, ...] = Field(default=(), max_length=TOGETHER_MAX, exclude_if=operator.not_)
    """The hashes of all the orders that the person confirmed in one go, this one among them; none for one alone."""

    def asked(self, challenge: bytes) -> bytes | None:
        """What the device was asked to sign, if this order, by its hash, was among it."""
        if not self.together:
            return challenge
        return challenge_together(self.together) if challenge.hex() in self.together else None


def challenge_together(hashes: Sequence[str]) -> bytes:
    """What a passkey signs for several orders at once, from the hash of each; never what it signs for one."""
    return hashlib.sha256(TOGETHER + canonical([*hashes])).digest()


def assertion_faults(proof: PasskeyProof, passkey: Passkey, *, challenge: bytes) -> Iterator[str]:
    """Why this is not this passkey's yes to this challenge; what is missing in each is the end of a sentence."""
    from streams.words.register.public_keys import device_key, is_signed  # noqa: PLC0415 - see there

    client, device = unwritten(proof.client_data), unwritten(proof.authenticator_data)
    said = _client(client)
    if proof.credential != passkey.credential:
        yield because("passkey-another", "names another passkey than the one that is enrolled")
    if said.get("type") != "webauthn.get":
        yield because("passkey-no-yes", "was given for something else than a yes")
    asked = proof.asked(challenge)
    if asked is None or said.get("challenge") != written(asked):
        yield because("passkey-other-order", "is for another order: read this one and confirm it")
    if said.get("origin") not in passkey.origins or said.get("crossOrigin") not in {None, False}:
        yield because(
            "passkey-other-page", "was given on another page than those of the trust: open the page by its own address"
        )
    yield from _device_faults(device, passkey)
    content, signature = device + hashlib.sha256(client).digest(), unwritten(proof.signature)
    if not is_signed(device_key(unwritten(passkey.public_key)), signature, content=content):
        yield because("passkey-misfit", "does not fit the passkey that is enrolled")


def _client(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _device_faults(device: bytes, passkey: Passkey) -> Iterator[str]:
    if len(device) < DEVICE_BYTES_MIN or device[:32] != hashlib.sha256(passkey.rp_id.encode()).digest():
        yield because("passkey-service", "was given for another service than the one that the passkey is enrolled for")
        return
    if not device[32] & USER_PRESENT:
        yield because("passkey-absent", "was given while no person was at the device")
    if not device[32] & USER_VERIFIED:
        yield because("passkey-unverified", "was given without face, finger or PIN: unlock the device when it asks")


NotIn = Literal["unreadable", "late", "unknown", "wrong", "void", "by-name", "directory"]
"""Why a sign-in at the console failed: no proof that can be read, one of long ago, a passkey that is on no entry, a
wrong signature, a passkey that counts no more, a name where names open nothing, or the trust's directory.
"""
NAMED_MAX = 20
SIGN_INS_APART_SECONDS = 60
"""Facts about sign-ins that failed lie at least so far apart, whatever the consoles send."""


class SignInCount(Frozen):
    """So many sign-ins failed for this reason."""

    why: NotIn
    times: int = Field(ge=1)


class NoteSignIns(Frozen):
    """Note sign-ins at the console that failed since then, gathered; a console does that.

    `people` are those whose passkey was named, as far as it is on the register. No address and nothing typed is here.
    """

    kind: Literal["note_sign_ins"] = "note_sign_ins"
    since: Utc
    failed: tuple[SignInCount, ...] = Field(min_length=1, max_length=10)
    people: tuple[Identifier, ...] = Field(default=(), max_length=NAMED_MAX)


class SignInsFailed(Frozen):
    """So many sign-ins at the console failed between two moments, by why; nothing of it proves who tried."""

    kind: Literal["sign_ins_failed"] = "sign_ins_failed"
    since: Utc
    until: Utc
    failed: tuple[SignInCount, ...]
    people: tuple[Identifier, ...] = ()
