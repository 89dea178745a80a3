"""Every feature of Faust that holdingline relies on works on every ground; what it does not need is refused."""

import asyncio
from typing import Any

import faust
import pytest
from aiokafka.partitioner import DefaultPartitioner
from faust.types import EventT, StreamT

from infra.driver import RawSchema, Unsupported, batched, running
from tests.contracts.driver.bench import DriverGround, attach, eventually, put, read_all, started, values_when

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


async def test_a_table_is_rebuilt_from_its_changelog(ground: DriverGround) -> None:
    """A deleted key stays deleted, and a key that was deleted and set again keeps its value, be it zero."""

    def build() -> tuple[Any, Any]:
        app = ground.app()
        table = app.Table("levels", default=int)

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


async def test_headers_travel_as_bytes(ground: DriverGround) -> None:
    app, seen = ground.app(), list[Any]()

    async def handle(event: EventT[Any]) -> None:
        seen.append(event.headers)

    attach(app, "source", handle)
    async with started(app):
        await app.topic("source", schema=RawSchema()).send(value=b"x", headers={"id": b"\x00\xff"})
        await eventually(lambda: seen)
    assert seen[0] == {"id": b"\x00\xff"}


async def test_a_stream_can_be_filtered(ground: DriverGround) -> None:
    app, seen = ground.app(), list[int]()
    orders = app.topic("orders", value_type=Order)

    @app.agent(orders)
    async def note(stream: Any) -> None:
        async for order in stream.filter(lambda order: order.amount > 0):
            seen.append(order.amount)

    async with started(app):
        for amount in (1, -5, 3):
            await orders.send(value=Order(account="a", amount=amount))
        await eventually(lambda: set(seen) == {1, 3})


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


JOINS = ("join", "left_join", "inner_join", "outer_join", "combine")
OF_STREAMS = dict.fromkeys(JOINS, "joins") | {
    "take": "taken together",
    "take_events": "taken together",
    "through": "through another topic",
    "group_by": "through another topic",
}


@pytest.mark.parametrize(("name", "what"), OF_STREAMS.items())
async def test_what_would_leave_the_running_event_is_refused_at_start_up(
    ground: DriverGround, name: str, what: str
) -> None:
    """Faust would fail at every event, read one of two combined streams, or commit an event before its work."""
    app = ground.app()

    @app.agent(app.topic("source", schema=RawSchema()))
    async def refused(stream: Any) -> None:
        async for _ in getattr(stream, name)(1):
            pass

    with pytest.raises(Unsupported, match=what):
        async with running(app):
            pass


@pytest.mark.parametrize("name", ["SetTable", "GlobalTable", "SetGlobalTable"])
def test_tables_of_other_kinds_are_refused(ground: DriverGround, name: str) -> None:
    """Each worker would write into a table that all of them hold."""
    with pytest.raises(Unsupported, match="write a plain table"):
        getattr(ground.app(), name)("levels")


@pytest.mark.parametrize("name", ["tumbling", "hopping", *JOINS])
def test_windows_and_joins_of_tables_are_refused(ground: DriverGround, name: str) -> None:
    with pytest.raises(Unsupported, match=r"part of the key|one side in a table"):
        getattr(ground.app().Table("counts", default=int), name)(10.0, 5.0)


@pytest.mark.parametrize("option", ["use_partitioner", "synchronize_all_active_partitions", "is_global"])
def test_a_table_that_is_written_across_partitions_is_refused(ground: DriverGround, option: str) -> None:
    """A partition has one writer: the worker that has the input of the same number."""
    app: Any = ground.app()
    with pytest.raises(Unsupported, match=option):
        app.Table("levels", **{option: True})


@pytest.mark.parametrize("name", ["ask", "cast", "send", "map", "join"])
def test_questions_to_an_agent_are_refused(ground: DriverGround, name: str) -> None:
    """An event that waits for an answer would wait for its own commit."""
    app = ground.app()

    @app.agent()
    async def square(stream: StreamT[Any]) -> Any:
        async for number in stream:
            yield number * number

    with pytest.raises(Unsupported, match="through a door"):
        getattr(square, name)(2)


@pytest.mark.parametrize("name", ["page", "table_route"])
def test_web_pages_are_refused(ground: DriverGround, name: str) -> None:
    with pytest.raises(Unsupported, match="a process of your own"):
        getattr(ground.app(), name)("/total/")


async def test_a_log_is_opened_by_a_worker_or_through_a_door(ground: DriverGround) -> None:
    """A producer of an app that was not started would be a second way in, without the door's bounds."""
    with pytest.raises(Unsupported, match="come through"):
        await ground.app().producer.start()
