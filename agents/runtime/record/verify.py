"""Evidence: does the record hold together? Every chain, every place in the log, and the tables against a fresh fold."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from agents.runtime.door.reading import BadRecord, RecordReader
from agents.runtime.views.tables import last_records
from infra.log import Record
from streams.chain import faults, subject_of
from streams.record.anchors import Anchor, missing
from streams.record.search_audit import audit, late
from streams.record.second_judgement import rules_of
from streams.subjects.account import Spent
from streams.subjects.declared import DECLARED, Declared
from streams.subjects.fold import STATES, begun, chain_to, fold_readable
from streams.subjects.past import ENDED, ROWS, Ended, set_aside
from streams.subjects.state import State
from streams.topics import FACTS
from streams.values import THE_REGISTER, Subject, named, sentence, subject_of_key
from streams.words.facts import Fact
from streams.words.incident import IncidentCancelled, IncidentDeclared, IncidentStoodDown

ROW_OF_DECLARED = DECLARED.partition("|")[2]


def verify(
    facts: Sequence[Record],
    tables: Sequence[Record],
    *,
    anchors: Sequence[Anchor] = (),
    later: Sequence[Record] = (),
) -> list[str]:
    """A sentence for every fault found; `tables` are the records of the desk's tables, read BEFORE the facts.

    The chain finds what was changed, dropped or reordered inside an incident. What was cut off its end is found by
    the tables, which remember how far the chain had come, and, where both were cut off, by `anchors` noted elsewhere.
    What was put at its end is found by the tables as they were read `later` than the facts, if they are given.
    A record that cannot be read is one finding, and everything else is checked as if it were not there.
    """
    reading = RecordReader()
    known = _by_subject(facts, reading)
    chains, found = chains_of(facts)
    for chain in chains.values():
        found += faults(chain)
    for name in dict.fromkeys(name for anchor in anchors for name in anchor.heads):
        subject = named(name)
        found += missing(anchors, subject, stored=chains.get(subject, []))
    for subject, about in known.items():
        found += _followed(subject, about)
    return found + _against_tables(known, tables) + _beyond(known, later)


def lateness(facts: Sequence[Record], now: datetime) -> list[str]:
    """A sentence for each step of a search that came late: no fault of the record, and yet to be asked about."""
    return [sentence for known in _by_subject(facts).values() for sentence in late(known, now)]


def other_rules(facts: Sequence[Record]) -> list[str]:
    """A sentence for each stretch of a chain that was judged by other rules than those of this release."""
    return [sentence for known in _by_subject(facts).values() for sentence in rules_of(known)]


def chains_of(facts: Sequence[Record]) -> tuple[Mapping[Subject | None, list[dict[str, Any]]], list[str]]:
    """The facts of each incident as they are stored, in log order; and a sentence for each record that is none."""
    reading = RecordReader()
    chains: defaultdict[Subject | None, list[dict[str, Any]]] = defaultdict(list)
    for record in facts:
        if reading.message(FACTS, record) is not None:
            stored = from_json(record.value or b"")
            chains[subject_of(stored)].append(stored)
    return chains, [
        f"record {one.offset} of {one.where.topic} is no fact: it was put there or changed ({one.why})"
        for one in reading.bad
    ]


def _by_subject(facts: Sequence[Record], reading: RecordReader | None = None) -> Mapping[Subject, list[Fact]]:
    known: defaultdict[Subject, list[Fact]] = defaultdict(list)
    for fact in (reading or RecordReader()).facts(facts):
        known[fact.subject].append(fact)
    return known


def _followed(subject: Subject, facts: Sequence[Fact]) -> list[str]:
    try:
        return audit(facts)
    except Exception as error:  # noqa: BLE001 - a fact that the desk did not write may name anything: a finding, no crash
        return [f"{subject.called}: its searches cannot be followed ({type(error).__name__}); a fact was put there"]


def _against_tables(known: Mapping[Subject, Sequence[Fact]], tables: Sequence[Record]) -> list[str]:
    """The tables are behind or level with the facts that were read after them, and equal their fold at its place."""
    reading, found = RecordReader(), list[str]()
    states: dict[Subject, State] = {}
    rows: defaultdict[Subject, dict[str, Any]] = defaultdict(dict)
    for key, record in _last_of_each(tables):
        about, is_row, name = key.partition("|")
        value = reading.value(ROWS if is_row else STATES, record) if record.value is not None else None
        subject = subject_of_key(about)
        if value is None or isinstance(value, Spent):
            continue  # How much was sent lately follows from no one subject's facts, and only slows what comes.
        if subject is None or not (is_row or value.subject == subject):
            reading.note(record, "its key is not that of a subject, or of another than its value is about")
        elif is_row:
            rows[subject][name] = value
        else:
            states[subject] = value
    found += _counted(rows.get(THE_REGISTER, {}).pop(ROW_OF_DECLARED, None), known)
    for subject, there in rows.items():
        if isinstance(left := there.get(ENDED), Ended) and not _is_there(left, known.get(subject, ())):
            found.append(
                f"{subject.called}: fact {left.sequence}, its last when it left memory, is missing or replaced"
            )
    for subject, state in states.items():
        facts = known.get(subject, ())
        if state.sequence and not _is_there(state, facts):
            found.append(f"{subject.called}: fact {state.sequence} is missing at the end or was replaced")
        elif ENDED not in rows[subject]:
            found += _compared(state, rows[subject], facts)
    return [*found, *(f"{_called(one)} cannot be read: {one.why}" for one in reading.bad)]


def _counted(row: Any, known: Mapping[Subject, Sequence[Fact]]) -> list[str]:  # noqa: ANN401 - what a table has
    """Whether so many incidents went on, at some moment, as the row says that holds planned posts."""
    live, counts = set[Subject](), {0}
    for fact in sorted((fact for facts in known.values() for fact in facts), key=lambda fact: fact.at):
        match fact.body:
            case IncidentDeclared():
                live.add(fact.subject)
            case IncidentStoodDown() | IncidentCancelled():
                live.discard(fact.subject)
        counts.add(len(live))
    if not isinstance(row, Declared) or row.live in counts:
        return []
    return [f"the table says that {row.live} incidents go on, and there never were as many by the facts"]


def _last_of_each(tables: Sequence[Record]) -> Iterator[tuple[str, Record]]:
    """The last record of each key in each of these tables."""
    for topic in dict.fromkeys(record.partition.topic for record in tables):
        yield from last_records([record for record in tables if record.partition.topic == topic]).items()


def _called(bad: BadRecord) -> str:
    return f"record {bad.offset} of {bad.where.topic}, which the desk's table has of {sentence(bad.key) or 'nothing'},"


def _beyond(known: Mapping[Subject, Sequence[Fact]], later: Sequence[Record]) -> list[str]:
    """Facts and tables are committed together: what tables that were read later do not have was not the desk's."""
    reading, found = RecordReader(), list[str]()
    for key, record in _last_of_each(later):
        state = reading.value(STATES, record) if "|" not in key and record.value is not None else None
        if state is not None:
            found += [
                f"fact {fact.sequence} of {fact.subject.called}: the desk's table does not have it; it was put there"
                for fact in known.get(state.subject, ())
                if fact.sequence > state.sequence
            ]
    return found


def _is_there(last: Ended | State, facts: Sequence[Fact]) -> bool:
    """Whether the chain still has the fact that was the last one here."""
    return any((fact.sequence, fact.hash) == (last.sequence, last.head) for fact in facts)


def _compared(state: State, rows: Mapping[str, Any], facts: Sequence[Fact]) -> list[str]:
    """Whether record and rows say what the facts do; the rows were read later, and may be ahead of the record."""
    upto = chain_to(state.head, facts) or [fact for fact in facts if fact.sequence <= state.sequence]
    record, there, _ = _apart(state, upto)
    _, ahead, left_out = _apart(state, [*upto, *(fact for fact in facts if fact.sequence > state.sequence)])
    found = [f"fact {fact.sequence} of {fact.subject.called}: {why}; it was put there" for fact, why in left_out]
    is_same = (
        record == state
        and there.keys() <= rows.keys()
        and all(row in (there.get(name), ahead.get(name)) for name, row in rows.items())
    )
    return found if is_same else [*found, f"{state.subject.called}: its table differs from the fold of its facts"]


def _apart(state: State, facts: Sequence[Fact]) -> tuple[State, Mapping[str, Any], Sequence[tuple[Fact, str]]]:
    """The fold of these facts as it is kept: the record, and the rows that left it; and the facts that do not fit."""
    fold, left_out = fold_readable(begun(state.subject, state.mode), facts)
    kept, rows = set_aside(fold, at=facts[-1].at) if facts else (fold, {})
    return kept, rows, left_out
