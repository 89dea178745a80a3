"""A yes by passkey fits one order, one device and one page."""

from collections.abc import Sequence
from typing import Any, get_args

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import proof_faults
from streams.decisions.desk.judge import judge
from streams.decisions.verdict import reasons_of
from streams.values import Power
from streams.words.orders import Command
from streams.words.register.entries import Person, Register
from streams.words.register.keys import prove
from streams.words.register.passkeys import PasskeyProof, unwritten, written
from streams.words.release import MessageAuthorised
from tests import builders, keyring, passkeys
from tests.builders import COMMANDER, NOW, WRITER
from tests.passkeys import Kind

KINDS: Sequence[Kind] = get_args(Kind)
RELEASE = builders.command(builders.holding())


def with_passkey(kind: Kind = "es256", **changes: Any) -> Register:
    people = {**builders.people(), keyring.KEEPER: builders.person(keyring.KEEPER, Power.ENROL_KEY)}
    people[COMMANDER] = people[COMMANDER].model_copy(update={"keys": (passkeys.passkey(kind, **changes),)})
    return builders.register(people=people)


def faults(given: Command, register: Register) -> str:
    return "; ".join(reasons_of(proof_faults(given, register, now=NOW)))


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_confirmed_by_passkey_is_carried_out_and_its_yes_names_the_passkey(kind: Kind) -> None:
    order = Order(passkeys.confirmed(RELEASE, kind), builders.declared(), with_passkey(kind), NOW)
    (first, *_), _ = judge(order, run="run-1", register_version="v1")
    assert isinstance(first.body, MessageAuthorised)
    assert first.body.authorisation.key == passkeys.passkey(kind).id
    assert first.spent is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"flags": 0x01}, "without face, finger or PIN"),
        ({"flags": 0x04}, "no person was at the device"),
        ({"origin": "https://elsewhere.example"}, "on another page"),
        ({"origin": f"{passkeys.ORIGIN}.elsewhere.example"}, "on another page"),
        ({"crossOrigin": True}, "on another page"),
        ({"rp_id": "elsewhere.example"}, "for another service"),
        ({"type": "webauthn.create"}, "for something else than a yes"),
        ({"challenge": written(bytes(32))}, "for another order"),
        ({"challenge": None}, "for another order"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_yes_of_another_kind_is_refused_whatever_signed_it(kind: Kind, changes: dict[str, Any], reason: str) -> None:
    """The device signed it in truth; it is only not what is asked for."""
    said = faults(passkeys.confirmed(RELEASE, kind, **changes), with_passkey(kind))
    assert reason in said
    assert "does not fit" not in said


def test_one_yes_for_several_orders_is_one_for_each_of_them_and_for_no_other() -> None:
    """Each is judged and kept alone, so each has to carry what shows that it was among them."""
    again, other = (RELEASE.model_copy(update={"id": name}) for name in ("cmd-again", "cmd-other"))
    register = with_passkey()
    first, second = passkeys.confirmed_together(RELEASE, again)
    assert not faults(first, register)
    assert not faults(second, register)
    hashes = [*map(passkeys.hash_of, (RELEASE, again))]
    for listed in ([*hashes, passkeys.hash_of(other)], hashes[:1], hashes[1:], hashes[::-1], []):
        changed, _ = passkeys.confirmed_together(RELEASE, again, listed=listed)
        assert "for another order" in faults(changed, register), listed
    elsewhere = other.model_copy(update={"proof": first.proof})
    assert "for another order" in faults(elsewhere, register)
    alone = passkeys.confirmed(RELEASE)
    assert "together" not in alone.model_dump(mode="json")["proof"], "what was kept before reads as it did"


ELSEWHERE = [{"by": WRITER}, {"id": "cmd-other"}, {"mode": "training"}, {"at": builders.NEXT_UPDATE}]


@pytest.mark.parametrize("change", ELSEWHERE)
def test_a_yes_to_one_order_is_none_to_another(change: dict[str, Any]) -> None:
    given = passkeys.confirmed(RELEASE)
    assert "for another order" in faults(given.model_copy(update=change), with_passkey())


@pytest.mark.parametrize("part", ["authenticator_data", "client_data", "signature", "credential"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_bit_of_a_yes_can_be_altered(kind: Kind, part: str) -> None:
    """Not in what the browser wrote, what the device wrote, nor in the signature."""
    given = passkeys.confirmed(RELEASE, kind)
    assert isinstance(given.proof, PasskeyProof)
    raw = unwritten(getattr(given.proof, part))
    for place in range(0, len(raw), 5):
        altered = written(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        proof = given.proof.model_copy(update={part: altered})
        assert faults(given.model_copy(update={"proof": proof}), with_passkey(kind)), place


def test_what_is_cut_short_or_no_json_is_refused_and_raises_nothing() -> None:
    given = passkeys.confirmed(RELEASE)
    assert isinstance(given.proof, PasskeyProof)
    for part, raw in (("client_data", b"[]"), ("client_data", b"\xff{"), ("authenticator_data", b"short")):
        proof = given.proof.model_copy(update={part: written(raw)})
        assert faults(given.model_copy(update={"proof": proof}), with_passkey())


def test_a_key_of_one_form_takes_no_proof_of_another() -> None:
    """Nor can somebody sign with a key file in the name of a passkey."""
    signed = prove(RELEASE.model_dump(mode="json"), keyring.private_key(COMMANDER))
    taken = RELEASE.model_copy(update={"proof": signed.model_copy(update={"key": passkeys.passkey().id})})
    assert "is enrolled as passkey, and the proof is key" in faults(taken, with_passkey())


def test_a_passkey_is_enrolled_by_another_person_and_revoked_like_any_key() -> None:
    given = passkeys.confirmed(RELEASE)
    assert "another person has to enrol it" in faults(given, with_passkey(enrolled_by=COMMANDER))
    assert "was revoked on" in faults(given, with_passkey(revoked_at=NOW))
    assert "has a key, and this order is not signed" in str(
        judge(Order(RELEASE, builders.declared(), with_passkey(), NOW), run="r", register_version="v")[0][0].body
    )


@pytest.mark.parametrize(
    "public_key",
    [
        written(b"none"),
        *(
            written(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
            for key in (
                ec.generate_private_key(ec.SECP384R1()).public_key(),
                rsa.generate_private_key(65537, 1024).public_key(),  # noqa: S505 - too short on purpose
            )
        ),
    ],
)
def test_a_kind_of_key_that_is_not_verified_cannot_be_enrolled(public_key: str) -> None:
    with pytest.raises(ValidationError, match=r"is no public key of a passkey|is a kind of key that is not verified"):
        passkeys.passkey(public_key=public_key)


def test_what_stands_on_the_register_without_a_form_is_a_key_as_ever() -> None:
    """Also in what was signed, and in the version of the register."""
    key = keyring.key(COMMANDER)
    assert "form" not in key.model_dump()
    read = Person.model_validate({"id": "x", "name": "X", "role": "x", "keys": [key.model_dump()]})
    assert read.keys == (key,)
