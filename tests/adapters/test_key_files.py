"""A key file opens only with its passphrase, and other users of the machine cannot read it."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from agents.adapters.key_files import UnusableKey, WeakPassphrase, judge, open_key, read_key_file, write

PASSPHRASE = "lantern orchid gravel spoon"
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "key.pem", KEY, passphrase=PASSPHRASE)
    return tmp_path / "key.pem"


def test_what_was_written_opens_with_its_passphrase(path: Path) -> None:
    assert open_key(read_key_file(path), PASSPHRASE).private_bytes_raw() == KEY.private_bytes_raw()


def test_only_its_owner_may_read_it_and_it_is_never_written_over(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UnusableKey, match="no key is written over"):
        write(path, Ed25519PrivateKey.generate(), passphrase=PASSPHRASE)
    assert open_key(read_key_file(path), PASSPHRASE).private_bytes_raw() == KEY.private_bytes_raw()


def test_a_folder_is_no_key_file_and_nobody_is_told_to_close_it(path: Path) -> None:
    for other in (path.parent, Path("/dev/zero")):
        with pytest.raises(UnusableKey, match="is no file: name your key file"):
            read_key_file(other)


def test_a_file_that_others_may_read_is_not_used(path: Path) -> None:
    path.chmod(0o640)
    with pytest.raises(UnusableKey, match="chmod 600"):
        read_key_file(path)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE.upper(), PASSPHRASE + " ", "\0"])
def test_another_passphrase_does_not_open_it(path: Path, passphrase: str) -> None:
    with pytest.raises(UnusableKey, match="not the right one, or it is damaged"):
        open_key(read_key_file(path), passphrase)


def test_a_damaged_file_does_not_open(path: Path) -> None:
    """A byte of the key itself is changed; what opened then would be another key."""
    lines = path.read_text().splitlines()
    lines[-2] = lines[-2].swapcase()
    path.write_text("\n".join(lines))
    with pytest.raises(UnusableKey, match="damaged"):
        open_key(read_key_file(path), PASSPHRASE)


def test_a_key_without_a_passphrase_is_not_used(tmp_path: Path) -> None:
    bare = tmp_path / "bare.pem"
    bare.touch(mode=0o600)
    bare.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(UnusableKey, match="no key file with a passphrase"):
        read_key_file(bare)


def test_a_key_of_another_kind_is_not_used() -> None:
    other = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode())
    )
    with pytest.raises(UnusableKey, match="of another kind"):
        open_key(other, PASSPHRASE)


def test_a_file_that_is_not_there_or_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableKey, match="cannot be read"):
        read_key_file(tmp_path / "none.pem")
    with pytest.raises(UnusableKey, match="cannot be written"):
        write(tmp_path / "none" / "key.pem", KEY, passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("", "has 0 characters"),
        ("hunter2", "has 7 characters"),
        ("abababababababab", "repeats itself"),
        ("i am heddfan of the board", "own name"),
    ],
)
def test_a_weak_passphrase_is_refused_with_what_to_do(passphrase: str, says: str) -> None:
    with pytest.raises(WeakPassphrase, match=says):
        judge(passphrase, person="gwilym.heddfan")


def test_a_few_words_are_a_good_passphrase() -> None:
    judge(PASSPHRASE, person="gwilym.heddfan")
