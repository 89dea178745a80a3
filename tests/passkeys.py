"""A passkey in software, as a telephone would have it, and a sheet of codes. For the people of `tests.builders`."""

import hashlib
import json
import struct
from collections.abc import Sequence
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from streams.codec import decode, encode
from streams.topics import COMMANDS
from streams.words.orders import Command
from streams.words.register.keys import challenge_of
from streams.words.register.passkeys import Passkey, PasskeyProof, challenge_together, written
from streams.words.register.sheets import SIGNS, Sheet, SpokenProof, code_hash, number_for
from tests.builders import NOW, WRITER
from tests.keyring import DAY, KEEPER

RP_ID, ORIGIN = "holdingline.vale.example", "https://holdingline.vale.example"
CREDENTIAL = written(hashlib.sha256(b"credential").digest())
Kind = Literal["es256", "ed25519", "rs256"]
DeviceKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey | rsa.RSAPrivateKey
PRESENT, VERIFIED = 0x01, 0x04
KEYS: dict[Kind, DeviceKey] = {
    "es256": ec.derive_private_key(int.from_bytes(hashlib.sha256(b"phone").digest()) % 2**255, ec.SECP256R1()),
    "ed25519": Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"phone").digest()),
    "rs256": rsa.generate_private_key(65537, 2048),
}


def passkey(kind: Kind = "es256", **changes: Any) -> Passkey:
    """The passkey as another person enrolled it a month ago."""
    public = KEYS[kind].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    plain: dict[str, Any] = {
        "credential": CREDENTIAL,
        "public_key": written(public),
        "rp_id": RP_ID,
        "origins": (ORIGIN,),
        "enrolled_by": KEEPER,
        "enrolled_at": NOW - 30 * DAY,
        "expires_at": NOW + 335 * DAY,
    }
    return Passkey(**{**plain, **changes})


def asserted(digest: bytes, kind: Kind = "es256", *, flags: int = PRESENT | VERIFIED, **said: Any) -> PasskeyProof:
    """What the device gives for this hash of an order; `said` replaces parts of what the browser writes down."""
    rp_id = said.pop("rp_id", RP_ID)
    plain = {"type": "webauthn.get", "challenge": written(digest), "origin": ORIGIN, "crossOrigin": False, **said}
    client = json.dumps(plain, separators=(",", ":")).encode()
    device = hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", 7)
    return PasskeyProof(
        key=passkey(kind).id,
        credential=CREDENTIAL,
        authenticator_data=written(device),
        client_data=written(client),
        signature=written(_signature(KEYS[kind], device + hashlib.sha256(client).digest())),
    )


def confirmed(given: Command, kind: Kind = "es256", **changes: Any) -> Command:
    """The order with a yes by passkey, as the worker takes it off the topic."""
    proof = asserted(challenge_of(given.model_dump(mode="json")), kind, **changes)
    return _taken(given, proof)


def hash_of(given: Command) -> str:
    """The hash of an order, as a yes for several lists it."""
    return challenge_of(given.model_dump(mode="json", exclude={"proof"})).hex()


def confirmed_together(*given: Command, listed: Sequence[str] | None = None) -> list[Command]:
    """These orders with one yes for all of them; `listed` says otherwise which they are."""
    hashes = tuple(map(hash_of, given))
    proof = asserted(challenge_together(hashes))
    kept = proof.model_copy(update={"together": hashes if listed is None else tuple(listed)})
    return [_taken(one, kept) for one in given]


def sheet(**codes: str) -> Sheet:
    """A sheet on which only the codes that are named here, as `n7`, can be read; the others fit nothing."""
    salt = "ab" * 16
    known = {int(name[1:]): code for name, code in codes.items()}
    hashes = (code_hash(known[one], salt=salt, number=one) if one in known else "00" * 32 for one in range(1, 41))
    return Sheet(
        salt=salt,
        codes=tuple(hashes),
        enrolled_by=KEEPER,
        enrolled_at=NOW - 30 * DAY,
        expires_at=NOW + 335 * DAY,
    )


def spoken(given: Command, **changes: Any) -> tuple[Command, Sheet]:
    """The order with the code that it asks for, and the sheet that has it."""
    number = number_for(challenge_of(given.model_dump(mode="json")))
    on_paper = sheet(**{f"n{number}": SIGNS[:10]})
    plain = {"key": on_paper.id, "number": number, "code": SIGNS[:10], "relayed_by": WRITER, **changes}
    return _taken(given, SpokenProof(**plain)), on_paper


def _taken(given: Command, proof: PasskeyProof | SpokenProof) -> Command:
    taken: Command = decode(COMMANDS, encode(given.model_copy(update={"proof": proof})))
    return taken


def _signature(key: DeviceKey, content: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(content, ec.ECDSA(SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, PKCS1v15(), SHA256())
    return key.sign(content)
