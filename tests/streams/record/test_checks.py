"""An evidence file is checked with nothing but itself; whatever is not as it was is named with its place."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from streams.chain import START, seal
from streams.codec import decode, encode
from streams.record.second_judgement import find_misjudged, rules_of
from streams.subjects.past import Past
from streams.topics import COMMANDS, FACTS
from streams.values import RULES_VERSION, Power
from streams.why import Why
from streams.words.delivery import DeliveryRefused
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import Report
from streams.words.register.sheets import SpokenProof
from streams.words.release import LineDrafted, SignOff
from streams.words.stops import Freeze, Resume
from tests import builders, keyring, passkeys
from tests.builders import NOW, WRITER
from tests.evidence_kit import SECOND, Night, exported, found, night


def test_a_whole_night_holds_together_and_gives_the_same_bytes_again() -> None:
    """Two registers, signed and unsigned orders, a refusal, receipts: nothing to find."""
    one = night()
    assert found(one.exported()) == []
    assert one.exported() == night().exported()
    assert {fact.body.kind for fact in one.facts} >= {"command_refused", "line_drafted", "delivery_confirmed"}
    assert len(one.registers) == 2


def refitted(one: Night, change: Callable[[Fact], Fact]) -> bytes:
    """The night with its facts changed, every hash made to fit again, and a container that fits: a careful forgery."""
    previous, facts = START, []
    for fact in one.facts:
        facts.append(seal(change(fact).model_copy(update={"previous": previous, "hash": ""})))
        previous = facts[-1].hash
    return replace(one, facts=facts).exported()


def test_a_careful_forgery_is_nothing_to_find_where_nothing_was_changed() -> None:
    """So that what the next tests find is what they changed."""
    assert refitted(night(), lambda fact: fact) == night().exported()


def refused_for(*why: Why) -> Callable[[Fact], Fact]:
    def change(fact: Fact) -> Fact:
        refusal = fact.body
        if not isinstance(refusal, CommandRefused):
            return fact
        return fact.model_copy(update={"body": refusal.model_copy(update={"why": why})})

    return change


def test_how_a_reason_was_made_is_checked_where_the_record_keeps_it() -> None:
    """Older records have none; a reason that reads otherwise in Welsh than in English was changed."""
    one = Night()
    one.give(builders.declaration())
    [refused] = one.give(Resume(reason="all is well"))
    kept = Why(kind="not-frozen")
    assert isinstance(refused.body, CommandRefused)
    assert refused.body.why == (kept,)
    assert found(refitted(one, refused_for(kept))) == []
    assert found(refitted(one, refused_for())) == []
    assert "judged again" in found(refitted(one, refused_for(Why(kind="no-promise"))))[0]


def test_how_a_reason_of_a_delivery_was_made_is_checked_where_the_record_keeps_it() -> None:
    """As in a refusal: facts of older releases have none, and another one was written there afterwards."""
    one = Night()
    one.give(builders.declaration())
    one.give(builders.holding())
    [ended, *_] = one.give(builders.outcome(one.incident, "refused"), by="publishing-agent")
    assert isinstance(ended.body, DeliveryRefused)
    assert [why.kind for why in ended.body.why] == ["no-reason"]

    def kept(*why: Why) -> Callable[[Fact], Fact]:
        new = {"body": ended.body.model_copy(update={"why": why})}
        return lambda fact: fact.model_copy(update=new) if fact.body == ended.body else fact

    assert found(refitted(one, kept())) == []
    assert "judged again" in found(refitted(one, kept(Why(kind="release-cancelled"))))[0]


def with_rules(version: str | None) -> Callable[[Fact], Fact]:
    return lambda fact: fact.model_copy(update={"rules_version": version})


def test_each_fact_names_rules_that_are_known() -> None:
    """A fact without them was changed; of rules from elsewhere nothing can be told here."""
    assert {fact.rules_version for fact in night().facts} == {RULES_VERSION}
    assert (
        found(refitted(night(), with_rules(None)))[0] == "fact 1 of incident inc-1: it names no rules; it was changed"
    )
    said = found(refitted(night(), with_rules("2031-01-01")))[0]
    assert said.startswith("fact 1 of incident inc-1: it was judged by rules 2031-01-01, of which this release")


def as_version_1(fact: Fact) -> Fact:
    """The fact as the first release wrote it."""
    stored = json.loads(encode(fact))
    del stored["rules_version"]
    body = stored["body"]
    body.pop("verb", None)
    for name in ("verb", "target"):
        body.get("dispatch", {}).pop(name, None)
    if body["kind"] == "delivery_confirmed":
        body["receipt"] = body["receipt"]["words"]
    return decode(FACTS, json.dumps({**stored, "version": 1}).encode())  # type: ignore[no-any-return] # a fact


def test_facts_of_the_first_version_are_judged_again_as_far_as_they_say() -> None:
    """They named no rules and no verb; a difference is told with the rules that may be the reason for it."""
    one = night()
    orders = {order.id: {order.content(): order} for order in one.orders}
    registers = {record.id: record.register() for record in one.registers}
    old = [as_version_1(fact) for fact in one.facts]
    assert {fact.written_as for fact in old} == {1}
    receipts = [fact for fact in old if fact.body.kind == "delivery_confirmed"]
    differences = list(find_misjudged(old, orders, registers=registers))
    # A receipt was a sentence then, and its order had no more either.
    assert len(differences) == len(receipts)
    assert all("judged by rules from before they had a version, these are 2026-" in one for one in differences)
    told = "judged by rules from before they had a version, these are"
    assert list(rules_of(old)) == [f"fact 1 of incident inc-1 to {len(old)}: {told} {RULES_VERSION}"]
    assert list(rules_of(one.facts)) == []


def test_an_order_that_was_rewritten_with_all_that_follows_is_betrayed_by_its_signature() -> None:
    one = night()
    declared = one.orders[0]
    forged = decode(COMMANDS, encode(declared.model_copy(update={"body": builders.declaration(level=2)})))
    one.orders[0] = forged

    def change(fact: Fact) -> Fact:
        if fact.cause != declared.id:
            return fact
        body = fact.body.model_copy(update={"declaration": forged.body})
        return fact.model_copy(update={"cause_hash": forged.content(), "body": body})

    said = found(refitted(one, change))
    assert said[0].startswith("fact 1 of incident inc-1: judged again, order ")
    assert "the signature does not fit" in said[0]


def test_a_release_that_the_register_of_its_hour_did_not_allow_is_found() -> None:
    """Judged by a register made up for it, and said to be judged by the real one."""
    one = Night()
    one.give(builders.declaration())
    real = one.registers[0]
    people = {**one.register.people, WRITER: builders.person(WRITER, Power.RELEASE_HOLDING)}
    one.register = one.register.model_copy(update={"people": people})
    one.give(builders.holding(), by=WRITER)
    one.registers = [real]

    def change(fact: Fact) -> Fact:
        stored = fact.model_dump_json().replace(one.register.version(), real.id)
        return Fact.model_validate_json(stored)

    (said, *_) = found(refitted(one, change))
    assert said.startswith("fact 2 of incident inc-1: judged again, order ")
    assert "gives a refusal" in said


def test_a_second_receipt_and_an_order_without_a_fact_are_found() -> None:
    """By what the facts say, and by what they rest on."""
    one = night()
    receipt = next(fact for fact in one.facts if fact.body.kind == "delivery_confirmed")
    again = receipt.model_copy(update={"sequence": len(one.facts) + 1, "previous": one.facts[-1].hash})
    twice = replace(one, facts=[*one.facts, seal(again)])
    assert any("was confirmed before" in sentence for sentence in found(twice.exported()))
    stray = builders.command(builders.declaration(name="Another"))
    more = replace(one, orders=[*one.orders, stray])
    assert found(more.exported()) == [f"order {stray.id}: no fact answers it; it was added or changed"]


def test_an_order_proven_by_passkey_or_code_is_checked_from_the_file_alone() -> None:
    """The register in the file holds what verifies it; nothing of a device or a sheet is needed."""
    freeze = builders.command(Freeze(reason="wrong place"), at=NOW + SECOND)
    by_code, sheet = passkeys.spoken(freeze)
    one = Night(register=keyring.register(passkeys.passkey(), sheet, spoken_orders="allowed"))
    for plain in (passkeys.confirmed(builders.command(builders.declaration())), by_code):
        one.take(plain)
    assert {fact.body.kind for fact in one.facts} == {"incident_declared", "incident_frozen"}
    assert found(one.exported()) == []
    assert isinstance(by_code.proof, SpokenProof)
    for number, proof in ((0, None), (1, by_code.proof.model_copy(update={"code": "2222222222"}))):
        forged = replace(one, orders=[*one.orders])
        forged.orders[number] = one.orders[number].model_copy(update={"proof": proof})
        assert found(forged.exported())


def test_a_line_that_was_signed_on_the_telephone_is_checked_from_the_file_with_who_read_it_out() -> None:
    """Nobody can put another name there afterwards, least of all that of who wrote it."""
    trust = keyring.register(passkeys.passkey(), spoken_orders="allowed")
    before = (
        passkeys.confirmed(builders.command(builders.declaration())),
        decode(COMMANDS, encode(builders.command(builders.line(), by=WRITER, at=NOW + SECOND))),
    )
    first = Night(register=trust)
    bodies = [fact.body for given in before for fact in first.take(given)]
    (draft,) = [body.message for body in bodies if isinstance(body, LineDrafted)]
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    given = builders.command(yes, at=NOW + 2 * SECOND)
    by_code, sheet = passkeys.spoken(given, relayed_by=builders.NURSE)
    one = Night(register=keyring.register(passkeys.passkey(), sheet, spoken_orders="allowed"))
    for order in before:
        one.take(order)
    facts = one.take(by_code)
    assert (facts[0].body.kind, facts[0].relayed_by) == ("message_authorised", builders.NURSE), facts[0].body
    assert found(one.exported()) == []
    assert isinstance(by_code.proof, SpokenProof)
    other = by_code.model_copy(update={"proof": by_code.proof.model_copy(update={"relayed_by": WRITER})})
    forged = replace(one, orders=[*one.orders[:2], other])
    assert found(forged.exported())
    changes = {"relayed_by": WRITER, "cause_hash": other.content()}
    said = found(refitted(forged, lambda fact: fact.model_copy(update=changes) if fact.cause == other.id else fact))
    assert any("wrote or entered what waits here, and cannot read it out" in one for one in said)


def test_a_code_that_another_incident_had_used_is_taken_as_stored() -> None:
    """The file of one incident cannot show what happened in another; that the order was carried out it would show."""
    freeze = builders.command(Freeze(reason="wrong place"), at=NOW + SECOND)
    by_code, sheet = passkeys.spoken(freeze)
    one = Night(register=keyring.register(passkeys.passkey(), sheet, spoken_orders="allowed"))
    one.take(passkeys.confirmed(builders.command(builders.declaration())))
    [refused] = one.take(by_code, Past(elsewhere=lambda _: True))
    assert "was used before" in str(refused.body)
    assert found(one.exported()) == []


def test_one_line_that_was_dropped_is_told_in_a_few_sentences() -> None:
    """However long the record is: what follows the gap is not named line by line."""
    long = night()
    for number in range(60):
        long.give(Report(methane=builders.methane(exact_location=f"ward {number}")))
    lines = long.exported().splitlines(keepends=True)
    counts = [len(found(b"".join([*lines[:at], *lines[at + 1 :]]))) for at in range(1, len(lines))]
    assert len(counts) > 140
    assert all(0 < count <= 8 for count in counts), counts


def test_a_register_that_is_missing_is_named_once_with_all_that_rests_on_it() -> None:
    items = night().items()
    (gone,) = [item for item in items if item[0] == "register"][:1]
    said = found(exported([item for item in items if item != gone]))
    assert len([one for one in said if gone[1] in one]) == 1
    assert any(re.search(r"is not here; it was dropped \(so too \d+ later facts\)", one) for one in said)
