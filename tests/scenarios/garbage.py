"""Garbage for every topic of an embedded log, as another program, a newer release or a bad disk could leave it."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.runtime.door.tables import SUBJECTS, changelog
from infra.sqlite_log.file.codec import OFFSET_BITS, place_of
from streams.chain import seal
from streams.codec import decode, encode
from streams.topics import FACTS
from streams.words.delivery import DeliveryConfirmed
from streams.words.facts import Fact

STATES = changelog("live", SUBJECTS)
NO_HEADERS = b"\x00\x00\x00\xffx"
"""Headers whose lengths do not add up."""

Sample = bytes | None
"""The last value of a topic, if it has one: garbage may look much like it."""


def _as(sample: Sample, **changes: Any) -> bytes:
    return json.dumps({**json.loads(sample or b'{"version": 2}'), **changes}).encode()


def _of_unknown_kind(sample: Sample) -> bytes:
    """A message, or a value of a table, of a kind that no release knows."""
    written = json.loads(sample or b"{}")
    kind = {"kind": "no_such_kind"}
    return _as(sample, **({"body": {**written["body"], **kind}} if "body" in written else kind))


KINDS: Mapping[str, Callable[[Sample], bytes]] = {
    "no JSON": lambda _: b"\xff\xfe no JSON",
    "an array": lambda _: b"[1, 2]",
    "a number": lambda _: b"1e999",
    "an empty object": lambda _: b"{}",
    "an unknown kind": _of_unknown_kind,
    "of a newer release": lambda sample: _as(sample, version=99, invented_later=True),
    "too large": lambda _: b'"' + b"x" * 990_000 + b'"',
}


@dataclass(frozen=True)
class Planted:
    """A record that was put there: its topic, its offset, and its key."""

    topic: str
    offset: int
    key: bytes | None


def plant(file: Path, kind: str) -> list[Planted]:
    """Put a record of this kind at the end of every partition: under its last key, under none, and under no text."""
    planted: list[Planted] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        there = log.execute("SELECT topic, number, id, next_offset FROM partition").fetchall()
        for topic, partition, number, end in there:
            last = log.execute(
                "SELECT key, value FROM record WHERE place >= ? AND place < ? AND value IS NOT NULL "
                "ORDER BY place DESC LIMIT 1",
                (place_of(number, 0), place_of(number, end)),
            ).fetchone()
            key, sample = last or (b"k", None)
            planted += _put(log, topic, [(one, KINDS[kind](sample)) for one in (key, None, b"\xff")], partition)
    return planted


def plant_refused_fact(file: Path, subject: str) -> Planted:
    """Put a fact at the end of this chain, whole and sealed, that no fold takes: it confirms what was not asked."""
    topic, key = FACTS.named("live"), subject.encode()
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        (written,) = log.execute(
            "SELECT value FROM record, partition WHERE topic = ? AND key = ? AND place >> ? = partition.id "
            "ORDER BY place DESC LIMIT 1",
            (topic, key, OFFSET_BITS),
        ).fetchone()
        last: Fact = decode(FACTS, written)
        body = DeliveryConfirmed(delivery_id="dlv-of-nobody")
        change = {"id": "fact-of-nobody", "body": body, "previous": last.hash, "sequence": last.sequence + 1}
        return _put(log, topic, [(key, encode(seal(last.model_copy(update=change))))])[0]


def plant_in_states(file: Path, keys: Sequence[str]) -> list[Planted]:
    """Put what is no state under these keys of the table of states."""
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        return _put(log, STATES, [(key.encode(), b'{"kind": "incident", "of_a_newer_release": 1}') for key in keys])


def topics_of(file: Path) -> set[str]:
    """The topics that were made in a log; none where not even its tables were."""
    with closing(sqlite3.connect(file)) as log:
        if not log.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'topic'").fetchone()[0]:
            return set()
        return {name for (name,) in log.execute("SELECT name FROM topic")}


def damage_headers(file: Path) -> None:
    """Make the headers of every record that is there unreadable."""
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        log.execute("UPDATE record SET headers = ?", (NO_HEADERS,))


def leave_in_inbox(file: Path) -> int:
    """Leave what no door writes in the inbox: for a partition that is not there, and with headers that say nothing."""
    rows = [(99, None, b"to nowhere", None), (99, b"\xff", b"to nowhere", NO_HEADERS)]
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        rows += [(number, b"k", b"{}", NO_HEADERS) for (number,) in log.execute("SELECT id FROM partition").fetchall()]
        for partition, key, value, headers in rows:
            log.execute(
                "INSERT INTO inbox (append_end, bytes_before, bytes, partition_id, key, value, timestamp_ms, headers) "
                "VALUES (0, 0, 0, ?, ?, ?, 0, ?)",
                (partition, key, value, headers),
            )
    return len(rows)


def _put(
    log: sqlite3.Connection, topic: str, records: Sequence[tuple[bytes | None, bytes]], partition: int = 0
) -> list[Planted]:
    """Write records behind those of a partition."""
    number, end = log.execute(
        "SELECT id, next_offset FROM partition WHERE topic = ? AND number = ?", (topic, partition)
    ).fetchone()
    for offset, (key, value) in enumerate(records, end):
        row = (place_of(number, offset), key, value)
        log.execute("INSERT INTO record VALUES (?, ?, ?, unixepoch() * 1000, NULL)", row)
    log.execute("UPDATE partition SET next_offset = ? WHERE id = ?", (end + len(records), number))
    return [Planted(topic, offset, key) for offset, (key, _) in enumerate(records, end)]
