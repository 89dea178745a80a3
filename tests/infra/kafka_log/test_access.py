"""Encryption and users in an address: what is safe is taken, what is not is refused with a sentence."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.kafka_log.access import require_no_password, take_access

PASSWORDS = {"PASSWORD_OF_DESK": "s3cret"}
DESK = {"user": "desk", "password_env": "PASSWORD_OF_DESK"}


def test_an_address_that_says_nothing_leaves_it_to_others() -> None:
    query = {"replication": "3"}
    assert take_access(query, {}) is None
    assert query == {"replication": "3"}


def test_a_user_comes_over_tls_with_a_password_from_the_environment() -> None:
    query = {"tls": "yes", "replication": "1", **DESK}
    access = take_access(query, PASSWORDS)
    assert access is not None
    assert (access.protocol, access.mechanism) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (access.username, access.password) == ("desk", "s3cret")
    assert access.ssl_context is not None
    assert (access.ssl_context.check_hostname, access.ssl_context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert query == {"replication": "1"}


def test_the_other_mechanism_and_a_name_that_is_not_checked_are_asked_for() -> None:
    access = take_access({"tls": "yes", "mechanism": "SCRAM-SHA-256", "hostname": "no", **DESK}, PASSWORDS)
    assert access is not None
    assert access.mechanism == "SCRAM-SHA-256"
    assert access.ssl_context is not None
    assert (access.ssl_context.check_hostname, access.ssl_context.verify_mode) == (False, ssl.CERT_REQUIRED)


def test_encryption_without_a_user_is_possible() -> None:
    access = take_access({"tls": "yes"}, {})
    assert access is not None
    assert (access.protocol, access.username) == ("SSL", None)


REFUSED: Mapping[str, tuple[dict[str, str], str]] = {
    "an open password": (DESK, "as good as open"),
    "an open password, said twice": ({"tls": "no", **DESK}, "as good as open"),
    "a user without a password": ({"tls": "yes", "user": "desk"}, "belong together"),
    "a password without a user": ({"tls": "yes", "password_env": "PASSWORD_OF_DESK"}, "belong together"),
    "a variable that is not set": ({"tls": "yes", "user": "desk", "password_env": "NO_SUCH"}, "NO_SUCH is to hold"),
    "an authority for nothing": ({"tls": "no", "ca": "ca.pem"}, "nothing for ca and hostname to check"),
    "an authority that is not there": ({"ca": "no-such.pem"}, "There is no file no-such.pem"),
    "a mechanism that sends the password": ({"tls": "yes", "mechanism": "PLAIN", **DESK}, "mechanism=PLAIN"),
    "a third answer": ({"tls": "perhaps"}, "tls=perhaps is not known"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_safe_or_not_enough_is_refused(what: str) -> None:
    query, sentence = REFUSED[what]
    with pytest.raises(ValueError, match=sentence):
        take_access(dict(query), PASSWORDS)


def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path) -> None:
    paper = tmp_path / "ca.pem"
    paper.write_text("no certificate", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no certificate"):
        take_access({"ca": str(paper)}, {})


def test_an_address_holds_no_password() -> None:
    require_no_password([None, None])
    with pytest.raises(ValueError, match="password_env"):
        require_no_password([None, "desk"])
