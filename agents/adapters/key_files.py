"""A person's private key in a file: encrypted PKCS #8, as other programs read it too, for its owner's eyes only.

The library writes such files with 2,048 rounds of key derivation, too few to protect a stolen file; so this module
does the encryption of RFC 8018 itself, with as many rounds as OWASP asks for.
"""

import base64
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from streams.errors import MessageError

ROUNDS = 600_000
CHARACTERS_MIN = 14
KINDS_MIN = 6
BYTES_MAX = 16 * 1024
OTHERS = 0o077
INTEGER, OCTETS, NULL, OBJECT, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
PBES2 = bytes.fromhex("2a864886f70d01050d")
PBKDF2 = bytes.fromhex("2a864886f70d01050c")
HMAC_SHA256 = bytes.fromhex("2a864886f70d0209")
AES256_CBC = bytes.fromhex("60864801650304012a")


class UnusableKey(MessageError):
    """This key file cannot be used: see the sentence."""


class WeakPassphrase(MessageError):
    """This passphrase is too easily guessed: take several words that do not belong together."""


def judge(passphrase: str, *, person: str) -> None:
    """Raise `WeakPassphrase`, with what to do, if a thief of the file would soon find this passphrase."""
    if len(passphrase) < CHARACTERS_MIN:
        raise WeakPassphrase(
            f"the passphrase has {len(passphrase)} characters: take {CHARACTERS_MIN} or more, such as four words"
        )
    if len(set(passphrase.casefold())) < KINDS_MIN:
        raise WeakPassphrase(f"the passphrase repeats itself: use at least {KINDS_MIN} different characters")
    if any(part in passphrase.casefold() for part in person.casefold().split(".") if len(part) > 3):  # noqa: PLR2004 - shorter parts stand in any words
        raise WeakPassphrase("the passphrase holds the person's own name: leave it out")


def write(path: Path, key: Ed25519PrivateKey, *, passphrase: str) -> None:
    """Write a new file that only its owner may read; `UnusableKey` if there is a file already, which stays."""
    body = base64.encodebytes(_encrypt(key, passphrase.encode())).decode()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}-----END ENCRYPTED PRIVATE KEY-----\n")
    except FileExistsError:
        raise UnusableKey(f"{path} is there already: name another file, no key is written over") from None
    except OSError as error:
        raise UnusableKey(f"{path} cannot be written ({error.strerror}): name another place") from None


def read_key_file(path: Path) -> bytes:
    """The content of a key file; `UnusableKey` if it is not one, or if others on this machine may read it."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UnusableKey(f"{path} is no file: name your key file")
        if mode & OTHERS:
            raise UnusableKey(f"others on this machine may read {path}: run `chmod 600 {path}`")
        with path.open("rb") as file:
            content = file.read(BYTES_MAX)
    except OSError as error:
        raise UnusableKey(f"{path} cannot be read ({error.strerror}): name your key file") from None
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" not in content:
        raise UnusableKey(f"{path} is no key file with a passphrase: make one with `holdingline key new`")
    return content


def open_key(content: bytes, passphrase: str) -> Ed25519PrivateKey:
    """The private key; `UnusableKey` if the passphrase is wrong or the key is of another kind."""
    try:
        key = load_pem_private_key(content, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableKey("the key file does not open: the passphrase is not the right one, or it is damaged") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey("the key file holds a key of another kind: make one with `holdingline key new`")
    return key


def _encrypt(key: Ed25519PrivateKey, passphrase: bytes) -> bytes:
    """PKCS #8 under PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, then AES-256 in CBC."""
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    derived = PBKDF2HMAC(SHA256(), length=32, salt=salt, iterations=ROUNDS).derive(passphrase)
    padder, cipher = PKCS7(128).padder(), Cipher(AES256(derived), CBC(start)).encryptor()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealed = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    hashed = _der(SEQUENCE, _der(OBJECT, HMAC_SHA256), _der(NULL))
    rounds = _der(INTEGER, ROUNDS.to_bytes(3, "big"))
    derivation = _der(SEQUENCE, _der(OBJECT, PBKDF2), _der(SEQUENCE, _der(OCTETS, salt), rounds, hashed))
    encryption = _der(SEQUENCE, _der(OBJECT, AES256_CBC), _der(OCTETS, start))
    scheme = _der(SEQUENCE, _der(OBJECT, PBES2), _der(SEQUENCE, derivation, encryption))
    return _der(SEQUENCE, scheme, _der(OCTETS, sealed))


def _der(tag: int, *parts: bytes) -> bytes:
    """One value in DER; none here has more than 255 bytes."""
    content = b"".join(parts)
    length = bytes([len(content)]) if len(content) < 0x80 else bytes([0x81, len(content)])  # noqa: PLR2004 - DER's short form
    return bytes([tag]) + length + content
