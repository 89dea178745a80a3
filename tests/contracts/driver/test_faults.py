"""What the driver does when the log refuses, on every ground; where only a test double can refuse, on that one."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from faust.types import EventT

from infra.driver import DriverApp, RawSchema, log_of
from infra.log import Draft, Fenced, LogBroken, LogBusy, LogError, LogFull, LogUnusable, Partition
from tests.contracts.driver.bench import (
    PATIENCE_SECONDS,
    DriverGround,
    attach,
    committed,
    eventually,
    put,
    started,
    values,
    values_when,
)
from tests.contracts.driver.memory_log import SHELVES, Shelf

SOURCE = Partition("source", 0)
WANTED = [b"%d" % number for number in range(200)]


@pytest.fixture
def shelf(ground: DriverGround) -> Shelf:
    if ground.name != "memorylog":
        pytest.skip("Only the log in memory fails on demand.")
    return SHELVES["contract"]


def counting(ground: DriverGround) -> tuple[DriverApp, Any]:
    """An app with one agent that counts in a table, each partition in a row of its own, and sends on."""
    app = ground.app()
    counts = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        counts[f"n-{event.message.partition}" if event.message.partition else "n"] += 1
        await asyncio.sleep(0.001)
        await app.topic("out", schema=RawSchema()).send(value=event.value)

    attach(app, "source", handle)
    return app, counts


async def test_a_full_log_holds_everything_back_and_then_nothing_is_missing(
    ground: DriverGround, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in flight stays bounded, and the log says so once and not a thousand times."""
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", [b"%d" % number for number in range(2000)])
        await values_when(app, "out", 1)
        with caplog.at_level(logging.WARNING):
            shelf.full = LogFull()
            await eventually(lambda: [line for line in caplog.messages if "waits" in line])
            await asyncio.sleep(0.5)
            assert counts["n"] < 1000
            assert len([line for line in caplog.messages if "waits" in line]) == 1
            shelf.full = None
        assert await values_when(app, "out", 2000) == [b"%d" % number for number in range(2000)]
        assert counts["n"] == 2000
        assert await committed(app, SOURCE) == 2000


async def test_a_worker_can_be_stopped_while_the_log_is_full(ground: DriverGround, shelf: Shelf) -> None:
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", WANTED)
        await values_when(app, "out", 1)
        shelf.full = LogFull()
        await asyncio.sleep(0.05)
    shelf.full = None
    app, counts = counting(ground)
    async with started(app):
        assert await values_when(app, "out", 200) == WANTED
        assert counts["n"] == 200


@pytest.mark.parametrize("fault", [Fenced(), LogBusy(), LogUnusable(), LogError("unheard of")])
@pytest.mark.parametrize("when", ["committing", "reading"])
async def test_after_any_error_nothing_is_lost_or_doubled(
    ground: DriverGround, shelf: Shelf, fault: LogError, when: str
) -> None:
    """An error of a read may also fall into the recovery that an earlier one has caused."""
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", WANTED)
        for count in (1, 50, 120):
            await values_when(app, "out", count)
            faults = shelf.faults if when == "committing" else shelf.read_faults
            faults.extend([fault] * (1 if when == "committing" else 2))
        assert await values_when(app, "out", 200) == WANTED
        assert counts["n"] == 200
        assert [record.value for record in shelf.records[Partition("contract-counts-changelog", 0)]][-1] == b"200"


async def test_a_commit_that_fails_takes_along_what_was_acked_while_it_ran(ground: DriverGround, shelf: Shelf) -> None:
    """The next commit would succeed, and move the offset beyond the work that was lost."""
    app, counts = counting(ground)
    async with started(app):
        shelf.held = asyncio.Event()
        shelf.faults.append(Fenced())
        await put(app, "source", [b"first"])
        await eventually(lambda: counts["n"] == 1)
        await put(app, "source", [b"second"])
        await eventually(lambda: counts["n"] == 2)
        await asyncio.sleep(0.05)
        shelf.held.set()
        assert await values_when(app, "out", 2) == [b"first", b"second"]
        assert counts["n"] == 2


async def test_gaps_between_offsets_hold_nothing_up(ground: DriverGround, shelf: Shelf) -> None:
    shelf.gap = 7
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", WANTED)
        assert await values_when(app, "out", 200) == WANTED
        assert await committed(app, SOURCE) == 199 * 7 + 1
    app, counts = counting(ground)
    async with started(app):
        assert counts["n"] == 200


async def test_a_worker_that_is_fenced_starts_again_at_its_last_commit(ground: DriverGround) -> None:
    """Somebody else joins the group and leaves again: the first worker's events come again, its tables are rebuilt."""
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", WANTED)
        for count in (1, 60):
            await values_when(app, "out", count)
            consumer: Any = app.consumer
            consumer.membership.rejoin(Fenced())
        assert await values_when(app, "out", 200) == WANTED
        assert counts["n"] == 200
        assert (await values(app, "contract-counts-changelog"))[-1] == b"200"


async def test_a_rebalance_in_the_middle_loses_and_doubles_nothing(ground: DriverGround) -> None:
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", WANTED)
        for number in range(3):
            await values_when(app, "out", 1 + number * 40)
            late: Any = app.topic(f"new-{number}", schema=RawSchema()).clone(is_iterator=True)
            app.topics.add(late)
            await asyncio.sleep(0.2)
        assert await values_when(app, "out", 200) == WANTED
        assert counts["n"] == 200


async def test_an_event_of_the_time_before_a_rejoin_cannot_touch_the_new_tables(ground: DriverGround) -> None:
    app, go_on, runs = ground.app(), asyncio.Event(), list[str]()
    counts = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        runs.append("begun")
        first = len(runs) == 1
        if first:
            await go_on.wait()
        counts["n"] += 1
        runs.append("stale" if first else "fresh")
        await app.topic("out", schema=RawSchema()).send(value=event.value)

    attach(app, "source", handle, concurrency=1)
    async with started(app):
        await put(app, "source", [b"x"])
        await eventually(lambda: runs)
        consumer: Any = app.consumer
        before = consumer.session
        consumer.membership.rejoin(Fenced())
        await eventually(lambda: consumer.session is not before and consumer.ready.is_set())
        go_on.set()
        assert await values_when(app, "out", 1) == [b"x"]
        assert runs == ["begun", "begun", "fresh"]
        assert counts["n"] == 1
        assert await values(app, "dead") == []


async def test_a_record_that_the_log_would_refuse_is_refused_to_its_sender(ground: DriverGround) -> None:
    """A commit could not be mended any more: the event would come again for ever."""
    app = ground.app()

    async def handle(event: EventT[Any]) -> None:
        size = int(event.value)
        await app.topic("out", schema=RawSchema()).send(value=b"x" * size)

    attach(app, "source", handle)
    async with started(app):
        app.ground.record_bytes_max = 1000
        await put(app, "source", [b"2000", b"10"])
        assert await values_when(app, "out", 1) == [b"x" * 10]
        (letter,) = await values(app, "dead")
        assert letter is not None
        assert letter.startswith(b"RecordTooLarge: ")


async def test_events_of_a_partition_that_somebody_added_are_dead_letters_and_the_others_go_on(
    ground: DriverGround, shelf: Shelf
) -> None:
    """Their table has no such partition; a commit that fails at each try would hold up the whole worker."""
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", [b"1"])
        await values_when(app, "out", 1)
        shelf.topics["source"] = 2
        consumer: Any = app.consumer
        await consumer.membership.subscribe(consumer.membership._topics)
        await eventually(lambda: Partition("source", 1) in consumer.assignment() and consumer.ready.is_set())
        await log_of(app).append([Draft(Partition("source", 1), b"k", b"2", 0), Draft(SOURCE, b"k", b"3", 0)])
        assert await values_when(app, "out", 2) == [b"1", b"3"]
        (letter,) = await values_when(app, "dead", 1)
        assert letter is not None
        assert letter.startswith(b"TopicMismatch: The topic 'contract-counts-changelog' has 1 partitions")
        assert counts["n"] == 2


async def test_a_worker_whose_log_breaks_for_good_ends_with_the_reason(ground: DriverGround) -> None:
    """It would hold the file and do nothing; a new start opens the file again and checks it."""
    if ground.name != "sqlite":
        pytest.skip("Only the embedded log has a file to break.")
    path = ground.url.removeprefix("sqlite:///")
    app, counts = counting(ground)
    async with started(app):
        await put(app, "source", [b"1"])
        await values_when(app, "out", 1)
        with closing(sqlite3.connect(path)) as other:
            other.execute("ALTER TABLE consumer_group RENAME TO hidden")
        await put(app, "source", [b"2"])
        await asyncio.wait_for(app._crashed.wait(), PATIENCE_SECONDS)
        assert isinstance(app.crash_reason, LogBroken)
        assert "could not be used: no such table" in str(app.crash_reason)
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE hidden RENAME TO consumer_group")
    app, counts = counting(ground)
    async with started(app):
        assert await values_when(app, "out", 2) == [b"1", b"2"]
        assert counts["n"] == 2


async def test_the_log_is_let_go_when_the_app_has_stopped(ground: DriverGround) -> None:
    for _ in range(3):
        app, _counts = counting(ground)
        async with started(app):
            assert log_of(app).partitions_of("source") == 1
        with pytest.raises(LogError, match="not open"):
            log_of(app)
