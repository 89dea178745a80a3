"""How much is read does not grow with the history: a start, an order and the status, counted in records."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from agents.runtime.door.door import Door
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.history import subject_of, write
from infra.log import Batch, Partition
from infra.sqlite_log.door import SqliteDoor
from infra.sqlite_log.member import SqliteMember
from streams.lanes import CONTROL_LANE
from streams.words.incident import Report
from tests import builders
from tests.infra.sqlite_log.kit import count_rows

SHORT, LONG = 2_000, 20_000
EACH = 100
"""So many facts has each incident, if the history is of more incidents."""
MORE_MAX = 60
"""So many records more may be read of a history that is ten times as long: halving finds a place in a few steps."""


@contextmanager
def counting(patch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How many records each topic gives to the worker and to the command line; and what is found there by key."""
    counts = Counter[str]()

    def note(rows: int) -> None:
        counts["rows by key"] += rows

    count_rows(patch, note)
    for kind in (SqliteMember, SqliteDoor):
        reads = kind.read

        async def read(self: Any, positions: Any, *, reads: Any = reads, **given: Any) -> Mapping[Partition, Batch]:
            batches: Mapping[Partition, Batch] = await reads(self, positions, **given)
            for partition, batch in batches.items():
                counts[partition.topic] += len(batch.records)
            return batches

        patch.setattr(kind, "read", read)
    yield counts


async def reads_of(ground: Ground, patch: pytest.MonkeyPatch, *, facts: int, each: int) -> Mapping[str, Counter[str]]:
    """What a start, one order and one look at the status read of a log with so many facts, `each` in an incident."""
    live = subject_of(await write(ground, facts=facts, facts_each=each)).id
    with counting(patch) as counts:
        found = {}
        async with ground.worker(CONTROL_LANE):
            found["a start"] = Counter(counts)
            counts.clear()
            async with Door(ground.mode, ground.url) as door:
                report = Report(methane=builders.methane())
                (answer,) = await door.ask(ground.command(report, incident=live))
                assert answer.body.kind == "report_received"
            found["an order"] = Counter(counts)
        counts.clear()
        async with Door(ground.mode, ground.url) as door:
            seen = await door.overview()
            assert [one.id for one in seen.incidents] == [live]
            await door.last_good_register()
        found["the status"] = Counter(counts)
    return found


async def both(patch: pytest.MonkeyPatch, *, short_each: int, long_each: int) -> Sequence[Mapping[str, Counter[str]]]:
    """The same of a short and of a long history."""
    found = []
    for facts, each in ((SHORT, short_each), (LONG, long_each)):
        async with fresh(Kind.EMBEDDED, "") as ground:
            with patch.context() as counted:
                found.append(await reads_of(ground, counted, facts=facts, each=each))
    return found


@pytest.mark.slow
async def test_ten_times_as_many_incidents_that_are_over_cost_two_records_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk and the view of incidents each read that one is over, so does the status; an order reads nothing."""
    short, long = await both(monkeypatch, short_each=EACH, long_each=EACH)
    more_over = (LONG - SHORT) // EACH
    for what, rows in {"a start": 2 * more_over, "an order": 0, "the status": more_over}.items():
        assert short[what].total() > 0, what
        assert long[what].total() <= short[what].total() + rows + MORE_MAX, (what, short[what], long[what])


@pytest.mark.slow
async def test_an_order_about_an_incident_with_ten_times_the_facts_reads_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The desk has what it needs in its tables, and the command line looks at what comes after its order."""
    short, long = await both(monkeypatch, short_each=SHORT // 10, long_each=LONG // 10)
    assert long["an order"].total() <= short["an order"].total() + MORE_MAX, (short["an order"], long["an order"])


@pytest.mark.slow
async def test_a_start_with_an_incident_that_goes_on_reads_no_more_if_it_has_ten_times_the_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is settled is found when somebody asks for it."""
    short, long = await both(monkeypatch, short_each=SHORT, long_each=LONG)
    for what in ("a start", "an order"):
        assert short[what].total() > 0, what
        assert long[what].total() <= short[what].total() + MORE_MAX, (what, short[what], long[what])
