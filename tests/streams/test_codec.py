"""What is written can be read again, and what cannot be read says why, whatever it is."""

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.codec import decode, encode
from streams.decisions.authority.signatures import proof_faults
from streams.decisions.desk.order_table import answer
from streams.errors import MessageError, Oversize, Undecodable
from streams.subjects.incident import Incident
from streams.topics import BYTES_MAX, CARRYING, COMMANDS, FACTS, MENTIONS, REGISTERS, TopicPlan, plan_of
from streams.values import digest
from streams.words.delivery import DeliveryConfirmed, Receipt, RecordOutcome
from streams.words.facts import Fact
from streams.words.incident import BeginExercise, Report, Wiring
from streams.words.orders import Command
from streams.words.register.kept import REGISTER_BYTES_MAX
from streams.words.register.keys import prove
from streams.words.release import DraftLine, NotePostChange, Release
from tests import builders, keyring
from tests.builders import COMMANDER
from tests.strategies import carried

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PLANS = st.sampled_from(CARRYING)
WRITTEN = json.loads(encode(builders.command(builders.declaration())))


@pytest.mark.parametrize("plan", CARRYING, ids=lambda plan: plan.name)
@given(data=st.data())
def test_what_was_written_reads_the_same(plan: TopicPlan, data: st.DataObject) -> None:
    """decode(encode(x)) == x for every message of every topic."""
    message = data.draw(carried(plan.carries))
    assert decode(plan, encode(message)) == message


@given(plan=PLANS, value=st.binary())
@example(plan=COMMANDS, value=b"[" * 100_000)
@example(plan=COMMANDS, value=b"9" * 10_000)
@example(plan=COMMANDS, value=b"\xff\xfe{}")
@example(plan=MENTIONS, value=b'"\\ud800"')
def test_any_bytes_are_a_message_or_a_message_error(plan: TopicPlan, value: bytes) -> None:
    """Nothing that arrives can raise anything but an error that says what to do with it."""
    _read(plan, value)


@given(plan=PLANS, value=JSON)
def test_any_json_is_a_message_or_a_message_error(plan: TopicPlan, value: Any) -> None:
    """Nor can any JSON."""
    _read(plan, json.dumps(value).encode())


@given(place=st.sampled_from([*WRITTEN, *WRITTEN["body"]]), value=JSON)
@example(place="at", value="0001-01-01T00:00:00+05:00")
@example(place="at", value="9999-12-31T23:59:59-05:00")
@example(place="at", value=1e300)
@example(place="version", value=True)
def test_a_message_with_one_field_spoilt_is_a_message_error(place: str, value: Any) -> None:
    """A spoilt field is found, or harmless; it never raises anything foreign."""
    spoilt = {**WRITTEN, place: value} if place in WRITTEN else {**WRITTEN, "body": {**WRITTEN["body"], place: value}}
    _read(COMMANDS, json.dumps(spoilt).encode())


def test_an_empty_record_is_undecodable() -> None:
    """A record without a value, as a log may hold it, is no message."""
    with pytest.raises(Undecodable):
        decode(COMMANDS, None)


def test_an_unknown_field_is_an_error() -> None:
    """A field we do not know may be one that matters: the message is set aside, not half understood."""
    with pytest.raises(Undecodable, match="surprise"):
        decode(COMMANDS, json.dumps({**WRITTEN, "surprise": 1}).encode())


def test_the_reason_names_the_place_and_not_what_stood_there() -> None:
    """A dead letter's reason may be shown; what somebody wrote may not."""
    with pytest.raises(Undecodable) as refused:
        decode(COMMANDS, json.dumps({**WRITTEN, "by": "Mrs Jones, ward 7"}).encode())
    assert "by" in str(refused.value)
    assert "Jones" not in str(refused.value)


@pytest.mark.parametrize("plan", CARRYING, ids=lambda plan: plan.name)
def test_a_record_that_is_too_large_is_not_read(plan: TopicPlan) -> None:
    """Each topic has its limit, orders a smaller one."""
    assert plan.bytes_max <= (REGISTER_BYTES_MAX if plan is REGISTERS else BYTES_MAX)
    with pytest.raises(Oversize):
        decode(plan, b" " * (plan.bytes_max + 1))


def test_a_message_that_is_too_large_is_not_written() -> None:
    """The limit holds in both directions."""
    with pytest.raises(Oversize):
        encode(builders.command(report(COMMANDS.bytes_max)))


def report(size: int) -> Report:
    """A report of about so many bytes."""
    return Report(methane=builders.methane(hazards=["w" * 150] * (size // 153)))


def slots(size: int) -> Release:
    """A release with more slots than any template has."""
    names = ["".join(letters) for letters in product(ascii_lowercase, repeat=3)]
    return builders.holding(slots=dict.fromkeys(names[: size // 11], "x"))


def leaks(size: int) -> BeginExercise:
    """A drill with more channels than anybody has, all of them live."""
    return BeginExercise(title="t", wiring=(Wiring(channel="c", kind="k", mode="live"),) * (size // 80))


def words(size: int) -> DraftLine:
    """A line as long as lines may be, in more languages than the trust speaks."""
    return builders.line(texts=dict.fromkeys(["en", "cy", "fr"], "é" * min(9_000, size)))


LARGE = [report, lambda size: builders.declaration(methane=report(size).methane), slots, leaks, words]


@pytest.mark.parametrize("large", LARGE)
def test_the_facts_of_the_largest_order_can_be_written(large: Callable[[int], Any]) -> None:
    """What was accepted as an order gives facts that fit as well, carried out or refused."""
    for by in (builders.COMMANDER, builders.WRITER, builders.NURSE):
        for mode in (builders.LIVE, builders.DRILL):
            empty = Incident(id=builders.INCIDENT, mode=mode)
            for incident in (empty, builders.declared(mode)):
                order = builders.order(large(COMMANDS.bytes_max - 1_000), incident, by)
                assert decode(COMMANDS, encode(order.command)) == order.command
                for fact in builders.facts_of(incident, answer(order), order.command):
                    assert decode(FACTS, encode(fact)) == fact


def test_an_older_version_is_lifted_before_it_is_read() -> None:
    """A fact of version 0 reads as one of today."""
    old = {**WRITTEN, "version": 0, "author": WRITTEN["by"]}
    del old["by"]

    def lift(found: dict[str, Any]) -> dict[str, Any]:
        return {"by": found.pop("author"), **found, "version": 1}

    assert decode(COMMANDS, json.dumps(old).encode(), upcasts={("commands", 0): lift}).by == builders.COMMANDER


def first_version(message: Command | Fact, **body: Any) -> bytes:
    """The message as version 1 wrote it, with these parts of its body as they were then."""
    stored = json.loads(encode(message))
    return json.dumps({**stored, "version": 1, "body": {**stored["body"], **body}}).encode()


def test_a_receipt_that_was_a_sentence_is_read_as_its_words() -> None:
    """In orders and in facts of version 1."""
    given = RecordOutcome(delivery_id="dlv-1", attempt=1, outcome="confirmed")
    order = decode(COMMANDS, first_version(builders.command(given), receipt="taken for 3 of 3"))
    assert order.body.receipt == Receipt(words="taken for 3 of 3")
    (fact,) = builders.facts_of(builders.declared(), [DeliveryConfirmed(delivery_id="dlv-1")])
    assert decode(FACTS, first_version(fact, receipt="seen")).body.receipt == Receipt(words="seen")


def test_an_order_that_was_lifted_keeps_the_hash_and_the_signature_of_what_was_stored() -> None:
    """Both are over the JSON on the topic; what it is read as today is another matter."""
    note = NotePostChange(credit=builders.credit(), change="deleted")
    stored = json.loads(first_version(builders.command(note), kind="withdraw_amplification"))
    stored["proof"] = prove(stored, keyring.private_key(COMMANDER)).model_dump(mode="json")
    order = decode(COMMANDS, json.dumps(stored).encode())
    assert order.body == note
    assert order.content() == digest(stored)
    register = keyring.register(keyring.key(COMMANDER))
    assert proof_faults(order, register, now=builders.NOW) is None


def test_commands_and_facts_are_different_messages() -> None:
    """A fact on the commands topic is no command: nobody writes history by ordering it."""
    fact = builders.facts_of(builders.declared(), builders.order(builders.holding()).refused("no"))[0]
    assert isinstance(decode(FACTS, encode(fact)), Fact)
    with pytest.raises(Undecodable):
        decode(COMMANDS, encode(fact))


def _read(plan: TopicPlan, value: bytes) -> None:
    with suppress(MessageError):
        assert plan_of(decode(plan, value)) is plan
