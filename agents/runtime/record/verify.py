"""Evidence: does the record hold together? Every chain, every place in the log, and the tables against a fresh fold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from agents.runtime.door.door import facts_of
from agents.runtime.views.tables import latest
from infra.log import Record
from streams.chain import START, faults, subject_of
from streams.record.anchors import Anchor, missing
from streams.record.search_audit import audit, late
from streams.record.second_judgement import rules_of
from streams.subjects.fold import STATES, begun, fold_all
from streams.subjects.incident import Incident
from streams.subjects.past import ENDED, ROWS, Ended, set_aside
from streams.subjects.state import State
from streams.values import Subject, named
from streams.words.facts import Fact


def verify(facts: Sequence[Record], tables: Sequence[Record], *, anchors: Sequence[Anchor] = ()) -> list[str]:
    """A sentence for every fault found; `tables` are the records of the desk's tables, read BEFORE the facts.

    The chain finds what was changed, dropped or reordered inside an incident. What was cut off its end is found by
    the tables, which remember how far the chain had come, and, where both were cut off, by `anchors` noted elsewhere.
    """
    chains, found = chains_of(facts)
    for chain in chains.values():
        found += faults(chain)
    for name in dict.fromkeys(name for anchor in anchors for name in anchor.heads):
        subject = named(name)
        found += missing(anchors, subject, stored=chains.get(subject, []))
    for known in _by_subject(facts).values():
        found += audit(known)
    return found + _against_tables(facts, tables)


def lateness(facts: Sequence[Record], now: datetime) -> list[str]:
    """A sentence for each step of a search that came late: no fault of the record, and yet to be asked about."""
    return [sentence for known in _by_subject(facts).values() for sentence in late(known, now)]


def other_rules(facts: Sequence[Record]) -> list[str]:
    """A sentence for each stretch of a chain that was judged by other rules than those of this release."""
    return [sentence for known in _by_subject(facts).values() for sentence in rules_of(known)]


def chains_of(facts: Sequence[Record]) -> tuple[Mapping[Subject | None, list[dict[str, Any]]], list[str]]:
    """The facts of each incident as they are stored, in log order; and a sentence for each record that is none."""
    chains: defaultdict[Subject | None, list[dict[str, Any]]] = defaultdict(list)
    found: list[str] = []
    for record in facts:
        stored = _stored(record)
        if stored is None:
            found.append(f"record {record.offset} of {record.partition.topic} is no fact: it was put there or changed")
        else:
            chains[subject_of(stored)].append(stored)
    return chains, found


def _by_subject(facts: Sequence[Record]) -> defaultdict[Subject, list[Fact]]:
    known: defaultdict[Subject, list[Fact]] = defaultdict(list)
    for fact in facts_of(facts):
        known[fact.subject].append(fact)
    return known


def _stored(record: Record) -> dict[str, Any] | None:
    try:
        stored = from_json(record.value or b"")
    except ValueError:
        return None
    return stored if isinstance(stored, dict) else None


def _against_tables(facts: Sequence[Record], tables: Sequence[Record]) -> list[str]:
    """The tables are behind or level with the facts that were read after them, and equal their fold at its place."""
    known, found = _by_subject(facts), list[str]()
    there_now = latest(tables)
    rows: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in there_now.items():
        subject, is_row, name = key.partition("|")
        if is_row:
            rows[subject][name] = ROWS.validate_json(value)
    for key, there in rows.items():
        if isinstance(left := there.get(ENDED), Ended) and not _ended_so(left, known[named(key)]):
            found.append(
                f"{named(key).called}: fact {left.sequence}, its last when it left memory, is missing or replaced"
            )
    for key, value in there_now.items():
        if "|" in key:
            continue
        state = STATES.validate_json(value)
        upto = [fact for fact in known[state.subject] if fact.sequence <= state.sequence]
        if (upto[-1].hash if upto else START) != state.head:
            found.append(f"{state.subject.called}: fact {state.sequence} is missing at the end or was replaced")
        elif ENDED not in rows[key] and not _same(state, rows[key], upto=upto, facts=known[state.subject]):
            found.append(f"{state.subject.called}: its table differs from the fold of its facts")
    return found


def _ended_so(left: Ended, facts: Sequence[Fact]) -> bool:
    """Whether the chain still has the fact that was its last when its subject left memory."""
    return any((fact.sequence, fact.hash) == (left.sequence, left.head) for fact in facts)


def _same(state: State, rows: Mapping[str, Any], *, upto: Sequence[Fact], facts: Sequence[Fact]) -> bool:
    """Whether record and rows say what the facts do; the rows were read later, and may be ahead of the record."""
    record, there = _apart(state, upto)
    _, ahead = _apart(state, facts)
    return (
        record == state
        and there.keys() <= rows.keys()
        and all(row in (there.get(name), ahead.get(name)) for name, row in rows.items())
    )


def _apart(state: State, facts: Sequence[Fact]) -> tuple[State, Mapping[str, Any]]:
    """The fold of these facts as it is kept: the record, and the rows that left it."""
    fold = fold_all(begun(state.subject, state.mode), facts)
    return set_aside(fold, at=facts[-1].at) if isinstance(fold, Incident) and facts else (fold, {})
