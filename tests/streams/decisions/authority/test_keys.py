"""Whose order would not count for want of a key is nobody to ask."""

from datetime import timedelta

import pytest

from streams.decisions.authority.powers import Act, may, may_order, who_could
from streams.decisions.verdict import Allowed, Refused
from streams.values import Power
from streams.words.register.entries import Register
from tests import builders, keyring
from tests.builders import NOW, SIGNER, WRITER


def without_a_key_in_force() -> dict[str, Register]:
    """The writer and the signer may sign off lines; the signer signs, or has to, and cannot."""
    ended = keyring.key(SIGNER, expires_at=NOW)
    return {
        "expired": keyring.register(ended, person=SIGNER),
        "revoked": keyring.register(keyring.key(SIGNER, revoked_at=NOW), person=SIGNER),
        "by nobody who may": keyring.register(keyring.key(SIGNER, enrolled_by=builders.NURSE), person=SIGNER),
        "revoked in one of two entries": keyring.register(
            keyring.key(SIGNER), keyring.key(SIGNER, revoked_at=NOW), person=SIGNER
        ),
        "none, where all sign": keyring.register(keyring.key(WRITER), person=WRITER, unsigned_orders="refused"),
    }


@pytest.mark.parametrize("case", without_a_key_in_force())
def test_whose_order_would_not_count_is_not_named_as_somebody_who_could(case: str) -> None:
    """The power is there all the same, so that what a key of theirs let out before is judged as ever."""
    register = without_a_key_in_force()[case]
    act = Act(Power.SIGN_OFF_LINE, NOW)
    names = who_could(act, register)
    assert not any("Medical Director" in name for name in names)
    assert any("Comms Lead" in name for name in names)
    assert isinstance(may(SIGNER, act, register=register), Allowed)
    refused = may_order(SIGNER, act, channels=(), register=register)
    assert isinstance(refused, Refused)
    assert "no key of theirs is in force" in refused.reasons[0]
    assert refused.who_could == names


def test_who_has_a_key_in_force_or_needs_none_is_named() -> None:
    act = Act(Power.SIGN_OFF_LINE, NOW)
    held = keyring.register(keyring.key(SIGNER, expires_at=NOW), keyring.key("another"), person=SIGNER)
    to_come = keyring.register(keyring.key(SIGNER, enrolled_at=NOW + timedelta(days=1)), person=SIGNER)
    for register in (held, to_come, builders.register()):
        assert any("Medical Director" in name for name in who_could(act, register))
