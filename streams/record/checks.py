"""Checks an evidence file from its own content: container, chain, orders, registers, and every decision again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from streams.chain import START, faults
from streams.codec import decode
from streams.errors import MessageError
from streams.record.anchors import Anchor, missing
from streams.record.container import Evidence, EvidenceLine, strict
from streams.record.register_then import out_of_force
from streams.record.search_audit import audit
from streams.record.second_judgement import Orders, find_misjudged
from streams.record.word_trail import astray
from streams.topics import COMMANDS, FACTS, TopicPlan
from streams.values import RULES_KNOWN, THE_REGISTER, sentence
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord

FOUND_MAX = 1_000
"""Stop after so many findings: a hostile file full of them would take hours."""


def check(evidence: Evidence, anchors: Sequence[Anchor] = ()) -> list[str]:
    """A sentence, with its place, for each thing that is wrong, up to `FOUND_MAX`; empty if all is right.

    It cannot find out that a record was cut off or completely rewritten before the export; `anchors`, which were noted
    elsewhere, show that.
    """
    # Text of a hostile file may move the cursor of a terminal.
    found = [sentence(one) for one in islice(findings(evidence, anchors), FOUND_MAX)]
    return [*found, "what follows was not checked: this is too much already"] if len(found) == FOUND_MAX else found


def findings(evidence: Evidence, anchors: Sequence[Anchor] = ()) -> Iterator[str]:
    """All findings, one after another; judging again comes last because it takes longest."""
    found, manifest = list(evidence.found), evidence.manifest
    record, own = _record(evidence, found), _record(_own_log(evidence), found)
    registers = registers_of(evidence, found)
    yield from found
    yield from faults(record.stored)
    yield from faults(own.stored)
    yield from missing(anchors, manifest.subject, stored=record.stored)
    if manifest.subject != THE_REGISTER:
        # The register's log goes on after the export: only an earlier anchor says how long it must be.
        noted = [one for one in anchors if one.at <= manifest.exported_at and one.digest == one.content()]
        yield from missing(noted, THE_REGISTER, stored=own.stored)
    yield from _against_manifest(evidence, record.stored)
    for one in (record, own):
        yield from _loose_ends(one.facts, one.orders, registers=registers)
    for version in registers.keys() - {fact.register_version for fact in (*record.facts, *own.facts)}:
        yield f"register {version}: no fact names it; it was added"
    yield from astray(record.facts)
    yield from audit(record.facts)
    changes = own.facts or [fact for fact in record.facts if fact.subject == THE_REGISTER]
    for one in (own, record):
        yield from find_misjudged(one.facts, one.orders, registers=registers)
    for one in (own, record):
        yield from out_of_force(one.facts, changes, registers=registers)


@dataclass(frozen=True, slots=True)
class _ChainLines:
    """One chain of the file: its facts as stored and as read, and the orders that they answer."""

    stored: Sequence[Mapping[str, Any]]
    facts: Sequence[Fact]
    orders: Orders


def _record(evidence: Evidence, found: list[str]) -> _ChainLines:
    stored = _stored_facts(evidence.all_of("fact"), found)
    return _ChainLines(stored, facts_of(evidence, found), _orders(evidence, found))


def _own_log(evidence: Evidence) -> Evidence:
    """The part of the file that belongs to the register's own log, as an evidence file of its own."""
    entries = {"order": [*evidence.all_of("change-order")], "fact": [*evidence.all_of("change")]}
    return Evidence(evidence.manifest.model_copy(update={"subject": THE_REGISTER}), entries)


def facts_of(evidence: Evidence, found: list[str]) -> list[Fact]:
    """The facts of the file; entries that are no facts are named in `found`."""
    facts: list[Fact] = []
    about = (evidence.manifest.subject, evidence.manifest.mode)
    for entry in evidence.all_of("fact"):
        fact = _decode(FACTS, entry, found)
        if isinstance(fact, Fact):
            facts.append(fact)
            if (fact.subject, fact.mode) != about or fact.id != entry.id:
                found.append(f"line {entry.line}: the fact belongs to {fact.subject.called}, not here; it was added")
    return facts


def _decode(plan: TopicPlan, entry: EvidenceLine, found: list[str]) -> Any:  # noqa: ANN401 - the plan names the type
    try:
        strict(entry.value)  # If a name is given twice, one reader takes the first value and another the last.
        return decode(plan, entry.value.encode())
    except (MessageError, ValueError):
        found.append(f"line {entry.line}: this is no {entry.kind}; it was changed")
        return None


def _stored_facts(entries: Sequence[EvidenceLine], found: list[str]) -> list[Mapping[str, Any]]:
    """The facts as stored, for the chain. A fact that is not in canonical form was changed."""
    stored: list[Mapping[str, Any]] = []
    for entry in entries:
        try:
            fact = strict(entry.value)
        except ValueError:
            continue  # `_decode` has named it.
        if isinstance(fact, dict):
            stored.append(fact)
        if json.dumps(fact, separators=(",", ":"), ensure_ascii=False) != entry.value:
            found.append(f"line {entry.line}: the fact is not written as we write it; it was changed")
    return stored


def _orders(evidence: Evidence, found: list[str]) -> Orders:
    orders: dict[str, dict[str, Command]] = {}
    for entry in evidence.all_of("order"):
        order = _decode(COMMANDS, entry, found)
        if isinstance(order, Command):
            orders.setdefault(order.id, {})[order.content()] = order
            if order.subject != evidence.manifest.subject or order.id != entry.id:
                found.append(f"line {entry.line}: the order belongs to {order.subject.called}, not here; it was added")
    return orders


def registers_of(evidence: Evidence, found: list[str]) -> dict[str, Register]:
    """The registers of the file by their version; what cannot be read is added to `found`."""
    registers: dict[str, Register] = {}
    for entry in evidence.all_of("register"):
        try:
            record = RegisterRecord(id=entry.id, mode=evidence.manifest.mode, content=entry.value)
            whole = record.is_whole()
            registers[entry.id] = record.register()
        except (ValidationError, UnicodeEncodeError):
            found.append(f"line {entry.line}: this is no register; it was changed")
        else:
            if not whole:
                found.append(f"line {entry.line}: the register is not what version {entry.id} names; it was changed")
    return registers


def _against_manifest(evidence: Evidence, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    manifest = evidence.manifest
    counts = {
        "register": manifest.registers,
        "order": manifest.orders,
        "fact": manifest.facts,
        "change": manifest.changes,
    }
    for kind, count in counts.items():
        if (there := len(evidence.entries.get(kind, ()))) != count:
            yield f"line 1: {count} {kind}s were exported, and {there} are here; one was dropped or added"
    ends = (str(stored[0].get("hash")), str(stored[-1].get("hash"))) if stored else (START, START)
    if ends != (manifest.first, manifest.last):
        yield "line 1: the chain does not begin and end where it did at the export; an end was cut off or replaced"


def _loose_ends(facts: Sequence[Fact], orders: Orders, *, registers: Mapping[str, Register]) -> Iterator[str]:
    """A sentence for each order or register that facts name and that is missing, and for each order without a fact."""
    lost: dict[str, list[Fact]] = {}
    for fact in facts:
        at = f"fact {fact.sequence} of {fact.subject.called}"
        given = orders.get(fact.cause, {})
        if not given:
            lost.setdefault(f"its order {fact.cause} is not here; it was dropped", []).append(fact)
        elif fact.cause_hash not in given:
            lost.setdefault(f"its order {fact.cause} is not the one that was judged; it was changed", []).append(fact)
        if unnamed := _rules_fault(fact):
            yield f"{at}: {unnamed}"
        if fact.register_version is None:
            yield f"{at}: it names no register, so nobody can judge it again"
        elif fact.register_version not in registers:
            lost.setdefault(f"register {fact.register_version} is not here; it was dropped", []).append(fact)
    for what, (first, *others) in lost.items():
        more = f" (so too {len(others)} later facts)" if others else ""
        yield f"fact {first.sequence} of {first.subject.called}: {what}{more}"
    causes = {(fact.cause, fact.cause_hash) for fact in facts}
    for name, given in orders.items():
        if any((name, content) not in causes for content in given):
            yield f"order {name}: no fact answers it; it was added or changed"


def _rules_fault(fact: Fact) -> str | None:
    """Why the rules that this fact names cannot be those that judged it, or cannot be known here."""
    if fact.written_as == 1:
        return "it names rules, and facts of version 1 named none; it was changed" if fact.rules_version else None
    if fact.rules_version is None:
        return "it names no rules; it was changed"
    if fact.rules_version not in RULES_KNOWN:
        return (
            f"it was judged by rules {fact.rules_version}, of which this release knows nothing: take the one that does"
        )
    return None
