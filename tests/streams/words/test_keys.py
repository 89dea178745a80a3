"""A signature fits one order and one key, and nothing that differs from them by as much as a bit."""

import base64
import json

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.codec import decode, encode
from streams.decisions.authority.signatures import proof_faults
from streams.errors import MessageError, Oversize
from streams.topics import COMMANDS
from streams.words.orders import Command
from streams.words.register.keys import KeyProof, fits, prove
from tests import builders, keyring
from tests.builders import COMMANDER, NOW, NURSE, SIGNER, WRITER
from tests.strategies import built

REGISTER = keyring.register(keyring.key(COMMANDER))
SIGNED = [
    keyring.signed(builders.command(body))
    for body in (builders.declaration(), builders.holding(), builders.line(hashtags=("#AshbyCrash",)))
]


@given(given=built(Command))
def test_whatever_is_ordered_keeps_its_proof_on_the_way_through_the_topic(given: Command) -> None:
    """Every kind of order that there is, with any content that is not too long for one."""
    try:
        signed = keyring.signed(given.model_copy(update={"by": COMMANDER, "at": NOW, "proof": None}))
    except Oversize:
        reject()
    assert proof_faults(signed, REGISTER, now=NOW) is None


@given(signed=st.sampled_from(SIGNED), place=st.integers(0, 100_000), other=st.integers(0, 255))
def test_an_order_with_any_byte_altered_is_refused(signed: Command, place: int, other: int) -> None:
    """Of the order or of its proof: it cannot be read, or reads the same, or does not hold."""
    written = bytearray(encode(signed))
    written[place % len(written)] = other
    try:
        altered = decode(COMMANDS, bytes(written))
    except MessageError:
        return
    assert altered == signed or proof_faults(altered, REGISTER, now=NOW)


@given(signed=st.sampled_from(SIGNED), bit=st.integers(0, 511))
def test_a_signature_with_any_bit_altered_is_refused(signed: Command, bit: int) -> None:
    assert isinstance(signed.proof, KeyProof)
    signature = bytearray(base64.b64decode(signed.proof.signature))
    signature[bit // 8] ^= 1 << bit % 8
    altered = signed.model_copy(
        update={"proof": signed.proof.model_copy(update={"signature": base64.b64encode(signature).decode()})}
    )
    assert proof_faults(altered, REGISTER, now=NOW)


@given(signed=st.sampled_from(SIGNED), other=st.sampled_from([NURSE, SIGNER, WRITER, "stranger"]))
def test_nobody_elses_key_signs_for_a_person(signed: Command, other: str) -> None:
    """Neither under its own name nor under the name of the key that it is taken for."""
    stored = signed.model_dump(mode="json")
    theirs = prove(stored, keyring.private_key(other))
    assert signed.proof
    for proof in (theirs, theirs.model_copy(update={"key": signed.proof.key})):
        assert proof_faults(signed.model_copy(update={"proof": proof}), REGISTER, now=NOW)


def test_an_order_of_an_older_version_keeps_its_proof_when_fields_are_added() -> None:
    """What was signed is what is stored; a field that came later was neither."""
    older = {**builders.command(builders.holding()).model_dump(mode="json"), "proof": None}
    del older["body"]["follows"]
    proof = prove(older, keyring.private_key(COMMANDER))
    taken = decode(COMMANDS, json.dumps({**older, "proof": proof.model_dump()}).encode())
    assert proof_faults(taken, REGISTER, now=NOW) is None
    assert proof_faults(taken, REGISTER, now=NOW, stored=older) is None


@pytest.mark.parametrize(
    "public_key",
    [
        "",
        "not base64 at all, but as long as a key has!",
        keyring.key(COMMANDER).public_key[:-1],
        keyring.key(COMMANDER).public_key + "\n",
        keyring.key(COMMANDER).public_key.replace("=", "A"),
    ],
)
def test_what_is_no_public_key_is_refused_in_words(public_key: str) -> None:
    with pytest.raises(ValidationError, match="is no public key"):
        keyring.key(COMMANDER, public_key=public_key)


# Each encodes a point of small order, of the curve or of its twist; the last two are 0 and 1 written beyond the field.
@pytest.mark.parametrize(
    "point",
    [
        "00" * 32,
        "01" + "00" * 31,
        "01" + "00" * 30 + "80",
        "ec" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    ],
)
def test_a_key_that_anybody_can_sign_with_is_refused(point: str) -> None:
    with pytest.raises(ValidationError, match="anybody can sign with"):
        keyring.key(COMMANDER, public_key=base64.b64encode(bytes.fromhex(point)).decode())


@given(raw=st.binary(min_size=32, max_size=32))
@example(raw=bytes(31) + b"\xff")
def test_bytes_that_are_no_point_of_the_curve_are_a_key_that_fits_nothing(raw: bytes) -> None:
    """They raise nothing: whoever enrolled them has a key that never signs."""
    try:
        key = keyring.key(COMMANDER, public_key=base64.b64encode(raw).decode())
    except ValidationError:
        return
    assert isinstance(SIGNED[0].proof, KeyProof)
    assert not fits(SIGNED[0].proof, key, stored=SIGNED[0].model_dump(mode="json"))
