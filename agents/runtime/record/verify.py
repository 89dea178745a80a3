"""Evidence: does the record hold together? Every chain, every place in the log, and the table against a fresh fold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from agents.runtime.door.door import facts_of, latest
from infra.log import Record
from streams.chain import START, faults
from streams.incident import Incident, fold_all
from streams.projections.ended import Ended
from streams.record.anchors import Anchor, missing
from streams.record.search_audit import audit, late
from streams.words.facts import Fact

NOT_COMPARED: Mapping[str, Any] = {
    "answered": True,
    "refused": True,
    "searches": {"__all__": {"began_at", "ended_at"}},
}
"""What a table that an earlier release began keeps otherwise, or not at all: it bounds orders and says nothing else."""


def verify(
    facts: Sequence[Record],
    table: Sequence[Record],
    *,
    ended: Sequence[Record] = (),
    anchors: Sequence[Anchor] = (),
) -> list[str]:
    """A sentence for every fault found; `table` is the changelog of the incidents, read BEFORE the facts.

    `ended` is that of the incidents that left memory, read before both.

    The chain finds what was changed, dropped or reordered inside an incident. What was cut off its end is found by
    the table, which remembers how far the chain had come, and, where both were cut off, by `anchors` noted elsewhere.
    """
    chains, found = chains_of(facts)
    for chain in chains.values():
        found += faults(chain)
    for name in dict.fromkeys(name for anchor in anchors for name in anchor.heads):
        found += missing(anchors, name, stored=chains.get(name, []))
    for known in _by_incident(facts).values():
        found += audit(known)
    return found + _against_table(facts, table) + _against_ended(facts, ended)


def lateness(facts: Sequence[Record], now: datetime) -> list[str]:
    """A sentence for each step of a search that came late: no fault of the record, and yet to be asked about."""
    return [sentence for known in _by_incident(facts).values() for sentence in late(known, now)]


def chains_of(facts: Sequence[Record]) -> tuple[Mapping[str, list[dict[str, Any]]], list[str]]:
    """The facts of each incident as they are stored, in log order; and a sentence for each record that is none."""
    chains: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    found: list[str] = []
    for record in facts:
        stored = _stored(record)
        if stored is None:
            found.append(f"record {record.offset} of {record.partition.topic} is no fact: it was put there or changed")
        else:
            chains[str(stored.get("incident_id"))].append(stored)
    return chains, found


def _by_incident(facts: Sequence[Record]) -> defaultdict[str, list[Fact]]:
    known = defaultdict(list)
    for fact in facts_of(facts):
        known[fact.incident_id].append(fact)
    return known


def _stored(record: Record) -> dict[str, Any] | None:
    try:
        stored = from_json(record.value or b"")
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None


def _against_table(facts: Sequence[Record], table: Sequence[Record]) -> list[str]:
    """The table is behind or level with the facts that were read after it, and equals their fold at its place."""
    known = _by_incident(facts)
    found = []
    for value in latest(table).values():
        incident = Incident.model_validate_json(value)
        upto = [fact for fact in known[incident.id] if fact.sequence <= incident.sequence]
        head = upto[-1].hash if upto else START
        if head != incident.head:
            found.append(f"incident {incident.id}: fact {incident.sequence} is missing at the end or was replaced")
        elif not _same(incident, fold_all(incident.id, incident.mode, facts=upto), facts=upto):
            found.append(f"incident {incident.id}: its table differs from the fold of its facts")
    return found


def _against_ended(facts: Sequence[Record], ended: Sequence[Record]) -> list[str]:
    """Where an incident ended when it left memory, its chain has that very fact."""
    heads = {(fact.incident_id, fact.sequence): fact.hash for fact in facts_of(facts)}
    left = [Ended.model_validate_json(one) for one in latest(ended).values()]
    return [
        f"incident {one.id}: fact {one.sequence}, its last when it left memory, is missing or was replaced"
        for one in left
        if heads.get((one.id, one.sequence)) != one.head
    ]


def _same(incident: Incident, fold: Incident, *, facts: Sequence[Fact]) -> bool:
    """Whether the table says what the facts do; every order that counted was heard, and none that never came."""
    heard = {*incident.answered, *incident.refused}
    remembered = {*fold.answered} <= heard <= {fact.cause for fact in facts}
    return remembered and incident.model_dump(exclude=NOT_COMPARED) == fold.model_dump(exclude=NOT_COMPARED)
