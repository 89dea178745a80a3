"""Orders and facts as every release wrote them must be readable for ever, with their hashes and proofs.

`tests/data/golden` has one file a version and topic, with each kind in its forms. A file of an older version is never
changed. A new kind, or a new form of one, is added to the newest.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from streams.chain import hash_of
from streams.codec import decode
from streams.topics import COMMANDS, FACTS
from streams.upcasts import RENAMED
from streams.values import RULES_KNOWN, SubjectKind, digest
from streams.words.facts import Fact, FactBody
from streams.words.orders import Command, CommandBody
from streams.words.register.keys import Enrolled, proof_misfits
from streams.words.release import Message

GOLDEN = Path(__file__).parents[1] / "data/golden"
VERSIONS = (1, 2)
KEYS = {
    key.id: key for key in TypeAdapter(tuple[Enrolled, ...]).validate_json((GOLDEN / "keys.json").read_text("utf-8"))
}


def lines(name: str, version: int) -> list[str]:
    return (GOLDEN / f"{name}-{version}.jsonl").read_text("utf-8").removesuffix("\n").split("\n")


def facts(version: int) -> Iterator[tuple[dict[str, Any], Fact]]:
    """Each fact as it is stored and as it is read."""
    return ((json.loads(line), decode(FACTS, line.encode())) for line in lines("facts", version))


def orders(version: int) -> Iterator[tuple[dict[str, Any], Command]]:
    return ((json.loads(line), decode(COMMANDS, line.encode())) for line in lines("orders", version))


def messages(value: Any) -> Iterator[Message]:
    """Every message that a fact carries."""
    for part in (value.body, getattr(value.body, "dispatch", None)):
        if isinstance(message := getattr(part, "message", None), Message):
            yield message


@pytest.mark.parametrize("version", VERSIONS)
def test_every_fact_is_read_and_its_hash_is_that_of_what_is_stored(version: int) -> None:
    """Nothing that it says is lost, and words that were authorised keep the hash that the yes was to."""
    for stored, fact in facts(version):
        assert stored["version"] == fact.written_as == version
        assert hash_of(stored) == stored["hash"] == fact.hash
        assert (fact.id, fact.by, fact.body.kind) == (stored["id"], stored["by"], stored["body"]["kind"])
        assert all(message.content() == message.content_hash for message in messages(fact))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_order_is_read_and_keeps_its_hash_and_its_proof(version: int) -> None:
    """The evidence file names orders by this hash, and a proof is over what was stored."""
    proven = set()
    for stored, order in orders(version):
        kind = stored["body"]["kind"]
        assert stored["version"] == version
        assert (order.id, order.by, order.body.kind) == (stored["id"], stored["by"], RENAMED.get(kind, kind))
        assert order.content() == digest(stored)
        if order.proof and order.proof.key in KEYS:
            assert list(proof_misfits(order.proof, KEYS[order.proof.key], stored=order.stored())) == []
            proven.add(order.proof.form)
    assert proven == ({"key"} if version == 1 else {"key", "passkey", "spoken"})


@pytest.mark.parametrize(("name", "union"), [("facts", FactBody), ("orders", CommandBody)])
def test_each_kind_is_in_the_newest_file(name: str, union: Any) -> None:
    """Who adds a kind of order or fact adds a line that later releases must read."""
    kinds = {body.model_fields["kind"].default for body in get_args(get_args(union)[0])}
    assert {json.loads(line)["body"]["kind"] for line in lines(name, VERSIONS[-1])} == kinds


def test_what_the_first_version_called_otherwise_is_read_as_what_it_is_today() -> None:
    """Incidents became subjects, and a receipt had no parts."""
    for stored, fact in facts(1):
        assert fact.subject.kind in {SubjectKind.INCIDENT, SubjectKind.REGISTER}
        assert fact.subject.id == stored["incident_id"]
        assert fact.rules_version is None
        if receipt := stored["body"].get("receipt"):
            assert fact.body.model_dump()["receipt"]["words"] == receipt
    assert {fact.rules_version for _, fact in facts(2)} <= set(RULES_KNOWN)
