"""Every feature of Faust that holdingline relies on works on every ground."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from functools import partial
from typing import Any

import faust
import pytest
from aiokafka.partitioner import DefaultPartitioner
from faust.types import EventT, StreamT

from infra.driver import RawSchema, batched
from tests.contracts.driver_bench import (
    PATIENCE_SECONDS,
    DriverGround,
    attach,
    eventually,
    put,
    read_all,
    started,
    values_when,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Order(faust.Record, serializer="json"):
    account: str
    amount: int


async def test_an_agent_consumes_a_topic_and_its_yields_reach_every_sink(ground: DriverGround) -> None:
    app, seen = ground.app(), list[int]()
    orders, doubled = app.topic("orders", value_type=Order), app.topic("doubled")

    @app.agent(orders, sink=[doubled, seen.append])
    async def double(stream: StreamT[Any]) -> Any:
        async for order in stream:
            yield order.amount * 2

    async with started(app):
        for amount in (1, 2):
            await orders.send(key="a", value=Order(account="a", amount=amount))
        assert await values_when(app, "doubled", 2) == [b"2", b"4"]
        # Only what is committed is once: an event that a rebalance takes away is handled again.
        assert set(seen) == {2, 4}


async def test_a_concurrent_agent_handles_every_event_once(ground: DriverGround) -> None:
    app = ground.app()

    async def handle(event: EventT[Any]) -> None:
        await asyncio.sleep(0)
        await app.topic("out", schema=RawSchema()).send(value=event.value)

    attach(app, "source", handle, concurrency=3)
    wanted = [b"%d" % number for number in range(30)]
    async with started(app):
        await put(app, "source", wanted)
        assert sorted(await values_when(app, "out", 30), key=str) == sorted(wanted, key=str)


async def test_two_agents_on_one_topic_each_see_every_event(ground: DriverGround) -> None:
    app = ground.app()

    def noting(name: str) -> Any:
        async def handle(event: EventT[Any]) -> None:
            await app.topic("out", schema=RawSchema()).send(value=f"{name} {event.value.decode()}".encode())

        return handle

    attach(app, "source", noting("one"), name="one")
    attach(app, "source", noting("two"), name="two")
    async with started(app):
        await put(app, "source", [b"1", b"2"])
        assert set(await values_when(app, "out", 4)) == {b"one 1", b"one 2", b"two 1", b"two 2"}


@pytest.mark.parametrize("kind", ["Table", "GlobalTable"])
async def test_a_table_is_rebuilt_from_its_changelog(ground: DriverGround, kind: str) -> None:
    """A deleted key stays deleted, and a key that was deleted and set again keeps its value, be it zero."""

    def build() -> tuple[Any, Any]:
        app = ground.app()
        table = getattr(app, kind)("levels", default=int)

        async def handle(event: EventT[Any]) -> None:
            key, value = event.value.decode().split("=")
            if value:
                table[key] = int(value)
            else:
                del table[key]

        attach(app, "source", handle)
        return app, table

    app, table = build()
    async with started(app):
        await put(app, "source", [b"a=1", b"b=2", b"b=", b"c=3", b"c=", b"c=0"])
        await eventually(lambda: dict(table.items()) == {"a": 1, "c": 0})
    app, table = build()
    async with started(app):
        assert dict(table.items()) == {"a": 1, "c": 0}


@pytest.mark.parametrize(("window", "ranges"), [("tumbling", 1), ("hopping", 2)])
async def test_a_windowed_table_counts_in_windows_of_event_time(ground: DriverGround, window: str, ranges: int) -> None:
    steps = (10.0,) if window == "tumbling" else (10.0, 5.0)
    app = ground.app()
    counts = getattr(app.Table("counts", default=int), window)(*steps, expires=timedelta(hours=1))
    source = app.topic("source", value_type=str)

    @app.agent(source)
    async def count(stream: StreamT[Any]) -> None:
        async for value in stream:
            counts[value] += 1

    async with started(app):
        for at in (100.0, 101.0, 133.0):
            await source.send(value="x", timestamp=at)
        table = counts.table
        await eventually(lambda: sum(table.values()) == 3 * ranges)
        held = {key[1][0]: value for key, value in table.items()}
        assert held == ({100.0: 2, 130.0: 1} if ranges == 1 else {95.0: 2, 100.0: 2, 125.0: 1, 130.0: 1})


async def test_a_window_that_has_expired_leaves_the_table_also_after_a_restart(ground: DriverGround) -> None:
    for _ in range(2):
        app = ground.app(table_cleanup_interval=0.1)
        counts = app.Table("counts", default=int).tumbling(1.0, expires=timedelta(seconds=1))

        async def handle(event: EventT[Any], counts: Any = counts) -> None:
            counts[event.value.decode()] += 1

        attach(app, "source", handle)
        async with started(app):
            table = counts.table
            if not await read_all(app, "source"):
                await app.topic("source", schema=RawSchema()).send(value=b"x")
                await values_when(app, "contract-counts-changelog", 1)
            else:
                assert len(table) == 1
                await eventually(partial(_is_empty, table))


def _is_empty(table: Any) -> bool:
    return not len(table)


async def test_a_set_table_is_rebuilt_from_its_changelog(ground: DriverGround) -> None:
    def build() -> tuple[Any, Any]:
        app = ground.app()
        table = app.SetTable("members")

        async def handle(event: EventT[Any]) -> None:
            command, member = event.value.decode().split()
            getattr(table["team"], command)(member)

        attach(app, "source", handle)
        return app, table

    app, table = build()
    async with started(app):
        await put(app, "source", [b"add ann", b"add bob", b"discard ann", b"add cat"])
        await eventually(lambda: set(table["team"]) == {"bob", "cat"})
    app, table = build()
    async with started(app):
        assert set(table["team"]) == {"bob", "cat"}


async def test_a_stream_can_be_filtered_grouped_anew_and_sent_through_a_topic(ground: DriverGround) -> None:
    app = ground.app()
    orders, totals = app.topic("orders", value_type=Order), app.Table("totals", default=int)
    passed = app.topic("passed", value_type=Order)

    @app.agent(orders)
    async def total(stream: Any) -> None:
        kept = stream.filter(lambda order: order.amount > 0).group_by(Order.account)
        async for order in kept:
            totals[order.account] += order.amount

    @app.agent(orders)
    async def through(stream: Any) -> None:
        async for _ in stream.through(passed):
            pass

    async with started(app):
        for account, amount in (("a", 1), ("b", 2), ("a", -5), ("a", 3)):
            await orders.send(value=Order(account=account, amount=amount))
        await eventually(lambda: dict(totals.items()) == {"a": 4, "b": 2})
        assert len(await values_when(app, "passed", 4)) == 4


async def test_take_hands_over_buffered_events_together(ground: DriverGround) -> None:
    app, seen = ground.app(), list[list[str]]()
    source = app.topic("source", value_type=str)

    @app.agent(source)
    async def collect(stream: StreamT[Any]) -> None:
        async for taken in stream.take(3, within=1):
            seen.append(list(taken))

    async with started(app):
        # All at once: of what comes later than `within` less is taken.
        await put(app, "source", [b'"%d"' % number for number in range(7)])
        await eventually(lambda: sum(map(len, seen)) >= 7)
    assert seen[0] == ["0", "1", "2"]


async def test_headers_travel_as_bytes(ground: DriverGround) -> None:
    app, seen = ground.app(), list[Any]()

    async def handle(event: EventT[Any]) -> None:
        seen.append(event.headers)

    attach(app, "source", handle)
    async with started(app):
        await app.topic("source", schema=RawSchema()).send(value=b"x", headers={"id": b"\x00\xff"})
        await eventually(lambda: seen)
    assert seen[0] == {"id": b"\x00\xff"}


async def test_timers_cron_jobs_and_tasks_run_and_may_be_left_to_the_leader(ground: DriverGround) -> None:
    app, seen = ground.app(), set[str]()

    async def tick() -> None:
        seen.add("timer")

    app.timer(0.05, on_leader=True)(tick)

    @app.crontab("* * * * * */1", on_leader=True)
    async def job() -> None:
        seen.add("cron")

    async def once() -> None:
        seen.add("task")

    app.task(once)

    async with started(app):
        await eventually(lambda: seen == {"timer", "cron", "task"})


async def test_an_agent_can_be_asked_and_called_and_asks_another_within_an_event(ground: DriverGround) -> None:
    """The request inside an event is not staged: it would wait for itself."""
    app, seen = ground.app(), list[int]()

    @app.agent()
    async def square(stream: StreamT[Any]) -> Any:
        async for number in stream:
            yield number * number

    @app.agent()
    async def fourth_power(stream: StreamT[Any]) -> Any:
        async for number in stream:
            answer = await square.ask(await square.ask(number))
            seen.append(answer)
            yield answer

    async with started(app):
        assert await fourth_power.ask(2) == 16
        await fourth_power.cast(3)
        await eventually(lambda: set(seen) == {16, 81})
        assert [result async for result in square.map([1, 2])] in ([1, 4], [4, 1])


async def test_a_record_sent_outside_an_event_is_written_when_the_send_returns(ground: DriverGround) -> None:
    app = ground.app()
    topic = app.topic("outside", schema=RawSchema())
    async with started(app):
        first = await (await topic.send(value=b"1"))
        second = await topic.send(value=b"2")
        assert [record.value for record in await read_all(app, "outside")] == [b"1", b"2"]
        assert (await second).offset > first.offset


async def test_a_key_lies_in_the_partition_where_kafka_puts_it(ground: DriverGround) -> None:
    app = ground.app(topic_partitions=7)
    topic = app.topic("spread", schema=RawSchema())
    async with started(app):
        for number in range(40):
            await topic.send(key=b"key-%d" % number, value=b"")
        for record in await read_all(app, "spread"):
            assert record.partition.number == DefaultPartitioner()(record.key, list(range(7)), [])


async def test_a_batched_topic_gives_one_event_for_many_records(ground: DriverGround) -> None:
    app, batches = ground.app(), list[tuple[Any, ...]]()
    flood = batched(app, "flood")

    @app.agent(flood)
    async def pass_on(stream: StreamT[Any]) -> None:
        async for batch in stream:
            batches.append(batch)
            for record in batch:
                await app.topic("out", schema=RawSchema()).send(key=b"k", value=record.value)

    wanted = [b"%d" % number for number in range(500)]
    async with started(app):
        await put(app, "flood", wanted)
        assert await values_when(app, "out", 500) == wanted
    assert len(batches) < 50


async def test_a_stream_opened_while_the_app_runs_gets_its_topic(ground: DriverGround) -> None:
    app, seen = ground.app(), list[bytes]()

    async def handle(event: EventT[Any]) -> None:
        seen.append(event.value)

    attach(app, "source", handle)
    async with started(app):
        late = app.topic("late", schema=RawSchema())

        async def listen() -> None:
            async for value in late.stream():
                seen.append(value)

        app.add_future(listen())
        await late.send(value=b"late")
        await put(app, "source", [b"early"])
        # What is handled while the group takes up the topic is not committed, and is handled again.
        await eventually(lambda: set(seen) == {b"early", b"late"})


async def test_a_web_view_finds_the_worker_that_holds_a_key(ground: DriverGround, unused_tcp_port: int) -> None:
    app = ground.app(web_enabled=True, web_port=unused_tcp_port, web_host="127.0.0.1", web_bind="127.0.0.1")
    totals = app.Table("totals", default=int)

    async def handle(event: EventT[Any]) -> None:
        totals[(event.message.key or b"").decode()] += 1

    attach(app, "source", handle)

    @app.page("/total/{key}/")
    @app.table_route(table=totals, match_info="key")
    async def show(view: Any, request: Any, key: str) -> Any:
        del request
        return view.json({key: totals[key]})

    async with started(app):
        await put(app, "source", [b"x", b"y"])
        await eventually(lambda: totals["k"] == 2)
        address = f"http://127.0.0.1:{unused_tcp_port}/total/k/"
        async with app.http_client.get(address) as response:
            assert await response.json() == {"k": 2}


async def test_an_agent_answers_another_process(ground: DriverGround) -> None:
    if not ground.beside:
        pytest.skip("No other process can see this log.")
    app = ground.app()

    @app.agent(app.topic("questions"))
    async def square(stream: StreamT[Any]) -> Any:
        async for number in stream:
            yield number * number

    async with started(app):
        command = [sys.executable, "-m", "tests.contracts.driver_asker", ground.url, "7"]
        process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
        answer, _ = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    assert answer.decode().strip() == "49"
