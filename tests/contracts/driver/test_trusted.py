"""A rebalance reads again what was lost or touched and nothing else; tables stay what a fresh fold says."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
from faust.types import EventT

from infra.driver import DriverApp, RawSchema, log_of, running
from infra.log import Draft, Fenced, Partition
from tests.contracts.driver.bench import DriverGround, attach, eventually, put, read_all, started, values_when
from tests.contracts.driver.test_tables import all_at_work, workers_of

CHANGELOG = "contract-counts-changelog"
KEYS = [b"key-%d" % number for number in range(8)]
ROUNDS = 3


class Counting:
    """An app that counts by key; its handler waits at a gate for one key, and notes what a recovery reads."""

    def __init__(self, ground: DriverGround, *, worker: str = "0", partitions: int = 2) -> None:
        self.app: DriverApp = ground.app(worker=worker, topic_partitions=partitions)
        self.table: Any = self.app.Table("counts", default=int, on_changelog_event=self._note)
        self.read: list[str] = []
        self.held_key: bytes | None = None
        self.gate, self.held = asyncio.Event(), asyncio.Event()
        attach(self.app, "source", self._handle)

    async def _handle(self, event: EventT[Any]) -> None:
        self.table[bytes(event.key or b"").decode()] += 1
        if event.key == self.held_key:
            self.held.set()
            await self.gate.wait()
        await self.app.topic("out", schema=RawSchema()).send(key=event.key, value=event.value)

    async def _note(self, event: EventT[Any]) -> None:
        self.read.append(event.key)  # type: ignore[arg-type] # A key of the table.

    async def rebalance(self, name: str) -> None:
        """Subscribe to one topic more, and wait until the streams are open again."""
        consumer: Any = self.app.consumer
        before = consumer.session
        late: Any = self.app.topic(name, schema=RawSchema()).clone(is_iterator=True)
        self.app.topics.add(late)
        await eventually(lambda: consumer.session is not before and consumer.ready.is_set())

    def keys_of(self, partition: int) -> list[bytes]:
        return [key for key in KEYS if self.app.ground.place("source", key).number == partition]


async def fold(app: DriverApp) -> dict[str, int]:
    """The table as somebody who reads its changelog from the beginning would have it."""
    table: dict[str, int] = {}
    for record in await read_all(app, CHANGELOG):
        key = json.loads(record.key or b"")
        if record.value is None:
            table.pop(key, None)
        else:
            table[key] = json.loads(record.value)
    return table


async def counted(one: Counting) -> tuple[list[bytes], list[bytes]]:
    """Let every key be counted once; answers with the keys of the two partitions."""
    for key in KEYS:
        await put(one.app, "source", [b"x"], key=key)
    await values_when(one.app, "out", len(KEYS))
    await eventually(lambda: one.app.ground.trusted.partitions == {Partition(CHANGELOG, 0), Partition(CHANGELOG, 1)})
    await eventually(lambda: not one.app.ground.trusted._touched)
    return one.keys_of(0), one.keys_of(1)


async def test_a_rebalance_reads_only_partitions_that_an_uncommitted_event_has_touched(ground: DriverGround) -> None:
    one = Counting(ground)
    async with started(one.app):
        quiet, busy = await counted(one)
        one.held_key = busy[0]
        await put(one.app, "source", [b"held"], key=busy[0])
        await one.held.wait()
        assert one.read == []
        await one.rebalance("new")
        assert {key.encode() for key in one.read} == set(busy)
        one.gate.set()
        await put(one.app, "source", [b"y"], key=quiet[0])
        await values_when(one.app, "out", len(KEYS) + 2)
        wanted = dict.fromkeys([key.decode() for key in KEYS], 1) | {quiet[0].decode(): 2, busy[0].decode(): 2}
        assert dict(one.table.items()) == wanted == await fold(one.app)


async def test_a_rebalance_without_events_in_flight_reads_nothing(ground: DriverGround) -> None:
    one = Counting(ground)
    async with started(one.app):
        await counted(one)
        await one.rebalance("new")
        assert one.read == []
        assert dict(one.table.items()) == await fold(one.app)


async def test_a_worker_that_comes_and_goes_costs_the_other_only_what_it_had_taken(ground: DriverGround) -> None:
    names = workers_of(ground)
    if len(names) == 1:
        pytest.skip("This log has one worker.")
    one, other = (Counting(ground, worker=name) for name in names)
    async with started(one.app):
        await counted(one)
        async with running(other.app):
            await all_at_work([one.app, other.app])
            assert one.read == []
            taken = {key.decode() for key in KEYS} - set(one.table.keys())
            assert set(other.read) == set(other.table.keys()) == taken
        await all_at_work([one.app])
        assert set(one.read) == taken
        assert dict(one.table.items()) == await fold(one.app)


async def test_after_an_error_everything_is_read_again(ground: DriverGround) -> None:
    one = Counting(ground)
    async with started(one.app):
        await counted(one)
        consumer: Any = one.app.consumer
        before = consumer.session
        consumer.membership.rejoin(Fenced())
        await eventually(lambda: consumer.session is not before and consumer.ready.is_set())
        assert {key.encode() for key in one.read} == set(KEYS)


async def test_after_a_generation_that_was_missed_everything_is_read_again(ground: DriverGround) -> None:
    """Others may have written in between."""
    if ground.name != "memorylog":
        pytest.skip("Only the log in memory misses a generation on demand.")
    one = Counting(ground)
    async with started(one.app):
        await counted(one)
        consumer: Any = one.app.consumer
        consumer.session.member.generation += 1
        await one.rebalance("new")
        assert {key.encode() for key in one.read} == set(KEYS)


async def test_a_partition_that_was_away_for_a_moment_is_read_again(ground: DriverGround) -> None:
    """Also where the recovery in between has not come as far as its tables: another worker may have written."""
    if ground.name != "memorylog":
        pytest.skip("Only the log in memory deals partitions on demand.")
    one = Counting(ground)
    async with started(one.app):
        kept, taken = await counted(one)
        consumer: Any = one.app.consumer
        member = consumer.session.member
        everything, answer = set(member.assigned), member.committed
        member.committed = _never
        await member.on_revoked(everything, member.generation)
        await member.on_assigned({tp for tp in everything if tp.number == 0}, member.generation + 1)
        key = json.dumps(taken[0].decode()).encode()
        await log_of(one.app).append([Draft(Partition(CHANGELOG, 1), key, b"7", 0)])
        member.committed = answer
        await member.on_assigned(everything, member.generation + 2)
        await consumer.ready.wait()
        assert not {key.decode() for key in kept} & set(one.read)
        assert one.table[taken[0].decode()] == 7
        assert dict(one.table.items()) == await fold(one.app)


async def _never(_: Any) -> Any:
    """A group whose offsets an open transaction may still move does not answer for a while."""
    await asyncio.Event().wait()


async def test_an_event_that_fails_after_a_rejoin_takes_nothing_back_from_the_new_tables(ground: DriverGround) -> None:
    """Another worker may have written meanwhile; here a record of its changelog says so."""
    app, gate, runs = ground.app(), asyncio.Event(), list[str]()
    table: Any = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        runs.append("begun")
        table["n"] += 1
        if len(runs) == 1:
            await gate.wait()
            raise ValueError("a stale one")
        await app.topic("out", schema=RawSchema()).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"x"])
        await eventually(lambda: runs)
        await log_of(app).append([Draft(Partition(CHANGELOG, 0), b'"n"', b"7", 0)])
        consumer: Any = app.consumer
        before = consumer.session
        consumer.membership.rejoin(Fenced())
        await eventually(lambda: consumer.session is not before and consumer.ready.is_set())
        assert table["n"] == 7
        gate.set()
        await values_when(app, "out", 1)
        assert table["n"] == 8
        assert (await fold(app)) == {"n": 8}


async def test_tables_are_a_fresh_fold_after_rebalances_in_the_middle_of_work(ground: DriverGround) -> None:
    """Where there may be several workers they come and go, else topics come; partitions wander, are kept and return."""
    first, fed = Counting(ground, worker="a", partitions=4), 0
    names = workers_of(ground)[1:]
    async with started(first.app):
        for number in range(ROUNDS):
            async with AsyncExitStack() as others:
                feeding = asyncio.create_task(_feed(first.app, number))
                for name in names:
                    await others.enter_async_context(running(Counting(ground, worker=name, partitions=4).app))
                if not names:
                    await first.rebalance(f"new-{number}")
                fed += await feeding
            await values_when(first.app, "out", fed)
        await all_at_work([first.app], partitions=4)
        assert dict(first.table.items()) == await fold(first.app)
        assert sum(first.table.values()) == fed


async def _feed(app: DriverApp, number: int) -> int:
    events: Sequence[bytes] = [b"%d" % (number * 1000 + event) for event in range(40)]
    for value in events:
        await put(app, "source", [value], key=KEYS[int(value) % len(KEYS)])
        await asyncio.sleep(0.01)
    return len(events)
