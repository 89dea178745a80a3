"""Lazy tables: what is asked for is what a fresh fold of the changelog says, and nothing else is read or kept."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from faust.types import EventT

from infra.driver import DriverApp, RawSchema, log_of
from infra.driver.tables import lazy
from infra.log import Batch, Draft, Fenced, LogBusy, Partition
from infra.sqlite_log.member import SqliteMember
from tests.contracts.driver.bench import DriverGround, attach, eventually, put, read_all, started, values, values_when
from tests.contracts.driver.memory_log import MemoryLog

CHANGELOG = Partition("contract-rows-changelog", 0)
KEYS = [b"key|%d" % number for number in range(20)]
ROUNDS = 6


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few written rows are kept in memory, so that nearly every one is found in the log."""
    monkeypatch.setattr(lazy, "PENDING_MAX", 3)


class Counting:
    """An app that counts the events of each key in a lazy table; `drop` deletes a row, `fail` fails after a write."""

    def __init__(self, ground: DriverGround) -> None:
        self.app: DriverApp = ground.app()
        self.table: Any = self.app.lazy_table("rows", partitions=1)
        self.held, self.gate = asyncio.Event(), asyncio.Event()
        attach(self.app, "source", self._handle)

    async def _handle(self, event: EventT[Any]) -> None:
        key, value = bytes(event.key or b""), bytes(event.value)
        if value == b"drop":
            self.table.pop(key, None)
        else:
            self.table[key] = b"%d" % (int(self.table.get(key, b"0")) + 1)
        if value == b"hold":
            self.held.set()
            await self.gate.wait()
        if value == b"fail":
            del self.table[KEYS[0]]
            raise ValueError("on purpose")
        await self.app.topic("out", schema=RawSchema()).send(key=key, value=value)

    async def feed(self, *values: bytes, keys: Collection[bytes] = KEYS) -> None:
        for value in values:
            for key in keys:
                await put(self.app, "source", [value], key=key)

    async def rejoin(self) -> None:
        """Lose the membership, and wait until the streams are open again."""
        consumer: Any = self.app.consumer
        before = consumer.session
        consumer.membership.rejoin(Fenced())
        await eventually(lambda: consumer.session is not before and consumer.ready.is_set())


async def fold(app: DriverApp) -> dict[bytes, bytes]:
    """The table as somebody who reads its changelog from the beginning would have it."""
    table: dict[bytes, bytes | None] = {}
    for record in await read_all(app, CHANGELOG.topic):
        table[record.key or b""] = record.value
    return {key: value for key, value in table.items() if value is not None}


async def test_rows_are_there_after_a_restart_and_count_on(ground: DriverGround) -> None:
    for start in range(1, 3):
        one = Counting(ground)
        async with started(one.app):
            await one.feed(b"x", b"y")
            await one.feed(b"drop", keys=KEYS[:5])
            await values_when(one.app, "out", start * (2 * len(KEYS) + 5))
            wanted = dict.fromkeys(KEYS[5:], b"%d" % (2 * start))
            assert dict(one.table.items()) == wanted == await fold(one.app)
            assert set(one.table.find_keys(b"key|1")) == {key for key in wanted if key.startswith(b"key|1")}
            assert one.table.get(KEYS[0]) is None
            assert KEYS[0] not in one.table


async def test_an_event_that_fails_takes_back_what_it_wrote_and_what_it_deleted(ground: DriverGround) -> None:
    one = Counting(ground)
    async with started(one.app):
        await one.feed(b"x")
        await one.feed(b"fail", keys=KEYS[:2])
        await one.feed(b"y", keys=KEYS[1:3])
        await values_when(one.app, "out", len(KEYS) + 2)
        assert len(await values_when(one.app, "dead", 2)) == 2
        wanted = dict.fromkeys(KEYS, b"1") | dict.fromkeys(KEYS[1:3], b"2")
        assert dict(one.table.items()) == wanted == await fold(one.app)


async def test_after_a_rejoin_what_the_changelog_says_counts_and_what_was_not_committed_is_gone(
    ground: DriverGround,
) -> None:
    """Another worker may have written meanwhile; here a record of the changelog says so."""
    one = Counting(ground)
    async with started(one.app):
        await one.feed(b"x")
        await values_when(one.app, "out", len(KEYS))
        await put(one.app, "source", [b"hold"], key=KEYS[0])
        await one.held.wait()
        await log_of(one.app).append([Draft(CHANGELOG, KEYS[1], b"7", 0)])
        await one.rejoin()
        assert one.table.get(KEYS[0]) == b"1"
        one.gate.set()
        await one.feed(b"y", keys=KEYS[1:2])
        await values_when(one.app, "out", len(KEYS) + 2)
        wanted = dict.fromkeys(KEYS, b"1") | {KEYS[0]: b"2", KEYS[1]: b"8"}
        assert dict(one.table.items()) == wanted == await fold(one.app)


async def test_rows_are_a_fresh_fold_after_rejoins_in_the_middle_of_work(ground: DriverGround) -> None:
    one = Counting(ground)
    async with started(one.app):
        for number in range(ROUNDS):
            feeding = asyncio.create_task(one.feed(b"%d" % number))
            await asyncio.sleep(0.01 * number)
            await one.rejoin()
            await feeding
        await values_when(one.app, "out", ROUNDS * len(KEYS))
        assert dict(one.table.items()) == dict.fromkeys(KEYS, b"%d" % ROUNDS) == await fold(one.app)


async def test_a_log_that_finds_rows_by_key_gives_a_start_none_of_them(
    ground: DriverGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ground.name != "sqlite":
        pytest.skip("Only the file of a log finds rows by key.")
    read: list[int] = []
    plain = SqliteMember.read

    async def reading(self: Any, positions: Any, **given: Any) -> Mapping[Partition, Batch]:
        batches = await plain(self, positions, **given)
        read.extend(len(batch.records) for one, batch in batches.items() if one == CHANGELOG)
        return batches

    for _ in range(2):
        one = Counting(ground)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteMember, "read", reading)
            async with started(one.app):
                await one.feed(b"x")
                await values_when(one.app, "out", len(KEYS))
    assert read == []


async def test_what_the_log_fails_at_while_a_row_is_read_is_no_fault_of_the_event(
    ground: DriverGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker starts again at its last commit: the event is handled once, and is no dead letter."""
    if ground.name != "memorylog":
        pytest.skip("Only the log in memory fails on demand.")
    failing = FailingRows()
    monkeypatch.setattr(MemoryLog, "rows_of", lambda _self, _partition: failing)
    one = Counting(ground)
    async with started(one.app):
        with pytest.raises(LogBusy):
            one.table.get(KEYS[0])
        failing.failures = 1
        await one.feed(b"x", keys=KEYS[:1])
        assert await values_when(one.app, "out", 1) == [b"x"]
        assert failing.failures == 0
        assert await values(one.app, "dead") == []
        assert await fold(one.app) == {KEYS[0]: b"1"}


class FailingRows:
    """Rows of an empty partition, which cannot be read so many times."""

    failures = 1

    def get(self, key: bytes) -> None:
        del key
        if self.failures:
            self.failures -= 1
            raise LogBusy

    def keys(self, prefix: bytes = b"") -> Collection[bytes]:
        del prefix
        return ()
