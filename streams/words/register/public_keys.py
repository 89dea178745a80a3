"""Public keys of key files and of devices: read, and what they signed verified, by `cryptography`.

Import it where something is verified: it takes longer to import than most commands take to read the record.
"""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

RSA_BITS_MIN = 2048
DevicePublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey


def device_key(der: bytes) -> DevicePublicKey:
    """The public key that these bytes write down; `ValueError` where they write none of a kind that is verified."""
    try:
        key = load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("is no public key of a passkey: register the passkey again") from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, Ed25519PublicKey) or (isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS_MIN):
        return key
    raise ValueError("is a kind of key that is not verified here: P-256, Ed25519 and RSA from 2048 bits are")


def file_key(raw: bytes) -> Ed25519PublicKey:
    """The public key of a key file, from its 32 bytes."""
    return Ed25519PublicKey.from_public_bytes(raw)


def is_signed(key: DevicePublicKey, signature: bytes, *, content: bytes) -> bool:
    """Whether this key signed exactly this content."""
    try:
        match key:
            case EllipticCurvePublicKey():
                key.verify(signature, content, ECDSA(SHA256()))
            case RSAPublicKey():
                key.verify(signature, content, PKCS1v15(), SHA256())
            case _:
                key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
