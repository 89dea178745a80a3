"""What an event did becomes visible with its offset, all or nothing; and nothing else is ever committed."""

import asyncio
from typing import Any

import pytest
from faust.types import EventT, StreamT

from infra.driver import DriverApp, ManyWriters, RawSchema, Unsupported, batched, guarded, log_of, running
from infra.log import LogInUse, Partition, Record
from tests.contracts.driver.bench import (
    PATIENCE_SECONDS,
    DriverGround,
    attach,
    committed,
    eventually,
    put,
    read_all,
    started,
    values,
    values_when,
)

SOURCE = Partition("source", 0)


def out(app: DriverApp) -> Any:
    return app.topic("out", schema=RawSchema())


async def test_nothing_of_an_event_is_visible_before_its_end(ground: DriverGround) -> None:
    app, go_on, begun = ground.app(), asyncio.Event(), asyncio.Event()
    table = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        await out(app).send(value=b"first")
        table["k"] += 1
        begun.set()
        await go_on.wait()
        await out(app).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"second"])
        await begun.wait()
        await asyncio.sleep(0.1)
        assert await values(app, "out") == []
        assert await values(app, "contract-counts-changelog") == []
        assert await committed(app, SOURCE) is None
        go_on.set()
        assert await values_when(app, "out", 2) == [b"first", b"second"]
        assert await values(app, "contract-counts-changelog") == [b"1"]
        assert await committed(app, SOURCE) == 1


async def test_an_exception_takes_back_sends_and_table_writes_and_leaves_a_dead_letter(ground: DriverGround) -> None:
    """Also a value changed in place without being set is as it was, and a deleted key is back."""
    app = ground.app()
    counts, lists = app.Table("counts", default=int), app.Table("lists", default=list)

    async def handle(event: EventT[Any]) -> None:
        counts["n"] += 1
        lists["l"] = [*lists["l"], event.value.decode()]
        if event.value == b"bad":
            counts["other"] = 1
            lists["l"].append("changed in place")
            del counts["n"]
            await out(app).send(value=b"never")
            raise ValueError("a bad one")
        await out(app).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"good", b"bad", b"fine"])
        assert await values_when(app, "out", 2) == [b"good", b"fine"]
        assert await values(app, "dead") == [b"ValueError: a bad one"]
        assert dict(counts.items()) == {"n": 2}
        assert lists["l"] == ["good", "fine"]
        assert await committed(app, SOURCE) == 3
        assert len(await read_all(app, "contract-counts-changelog")) == 2


async def test_a_table_of_raw_bytes_takes_writes_back_as_bytes(ground: DriverGround) -> None:
    """A value is put back as recovery would read it, not as the table's default codec would.

    To read one leaves nothing to take back, since bytes are not changed in place.
    """
    app = ground.app()
    table: Any = app.Table("raw", schema=RawSchema())

    async def handle(event: EventT[Any]) -> None:
        before = table.get(b"k")
        message: Any = event.message
        assert before is None or not message.stage.undos
        table[b"k"] = event.value
        if event.value == b"bad":
            raise ValueError(before)
        await out(app).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b'{"n": 1}', b"bad", b"[]"])
        await values_when(app, "out", 2)
        assert await values(app, "dead") == [b"""ValueError: b'{"n": 1}'"""]
        await put(app, "source", [b"bad"])
        await values_when(app, "dead", 2)
        assert table[b"k"] == b"[]"


async def test_one_agents_exception_leaves_the_work_of_another_on_the_same_event(ground: DriverGround) -> None:
    app, failed = ground.app(), asyncio.Event()

    async def fail(event: EventT[Any]) -> None:
        await out(app).send(value=b"of the failing one")
        failed.set()
        raise ValueError(event.value)

    async def work(event: EventT[Any]) -> None:
        await out(app).send(value=b"of the working one")
        await failed.wait()
        await out(app).send(value=event.value)

    attach(app, "source", fail, name="fail")
    attach(app, "source", work, name="work")
    async with started(app):
        await put(app, "source", [b"x"])
        assert await values_when(app, "out", 2) == [b"of the working one", b"x"]
        assert len(await values(app, "dead")) == 1


async def test_undecodable_bytes_reach_the_dead_letters(ground: DriverGround) -> None:
    app = ground.app()

    async def handle(event: EventT[Any]) -> None:
        await out(app).send(value=event.value.decode("ascii").encode())

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"\xff", b"fine"])
        assert await values_when(app, "out", 1) == [b"fine"]
        (letter,) = await values(app, "dead")
        assert letter is not None
        assert letter.startswith(b"UnicodeDecodeError")


async def test_an_event_whose_dead_letter_fails_stops_the_app_and_comes_again(ground: DriverGround) -> None:
    async def fail(event: EventT[Any]) -> None:
        raise ValueError(event.value)

    async def fail_again(event: EventT[Any], error: Exception) -> None:
        raise RuntimeError(f"No dead letter of {event} either.") from error

    app = ground.app()
    app.agent(app.topic("source", schema=RawSchema()), name="one")(guarded(fail, fail_again))
    async with started(app):
        await put(app, "source", [b"x"])
        await asyncio.wait_for(app._crashed.wait(), PATIENCE_SECONDS)
    assert isinstance(app.crash_reason, RuntimeError)

    app = ground.app()
    attach(app, "source", fail, name="one")
    async with started(app):
        assert len(await values_when(app, "dead", 1)) == 1


async def test_an_exception_in_an_unguarded_agent_leaves_nothing_behind(ground: DriverGround) -> None:
    app = ground.app()
    counts = app.Table("counts", default=int)

    @app.agent(app.topic("source", schema=RawSchema()))
    async def count(stream: StreamT[Any]) -> None:
        async for value in stream:
            counts["n"] += 1
            await out(app).send(value=value)
            if value == b"bad":
                raise ValueError(value)

    async with started(app):
        await put(app, "source", [b"1", b"bad", b"2"])
        assert await values_when(app, "out", 2) == [b"1", b"2"]
        assert counts["n"] == 2


async def test_records_of_a_partition_are_handled_in_order_and_their_sends_keep_it(ground: DriverGround) -> None:
    app = ground.app()

    async def handle(event: EventT[Any]) -> None:
        await asyncio.sleep(0)
        await out(app).send(key=event.key, value=event.value)

    attach(app, "source", handle)
    wanted = [b"%d" % number for number in range(400)]
    async with started(app):
        await put(app, "source", wanted)
        assert await values_when(app, "out", 400) == wanted


async def test_an_unfinished_event_holds_back_the_offset_of_later_ones(ground: DriverGround) -> None:
    app, go_on, seen = ground.app(), asyncio.Event(), list[bytes]()

    async def handle(event: EventT[Any]) -> None:
        seen.append(event.value)
        if event.value == b"0":
            await go_on.wait()
        await out(app).send(value=event.value)

    attach(app, "source", handle, concurrency=2)
    async with started(app):
        await put(app, "source", [b"0", b"1", b"2"])
        await eventually(lambda: len(seen) >= 3)
        await asyncio.sleep(0.05)
        assert await committed(app, SOURCE) is None
        assert await values(app, "out") == []
        go_on.set()
        assert await values_when(app, "out", 3) == [b"0", b"1", b"2"]
        assert await committed(app, SOURCE) == 3


async def test_a_batch_is_acked_as_a_whole(ground: DriverGround) -> None:
    """What a batch sends and the offset of its last record are one commit; a failed one leaves one dead letter."""
    app, fails = ground.app(), [True]
    counts = app.Table("counts", default=int)
    flood = batched(app, "source")

    async def handle(event: EventT[tuple[Record, ...]]) -> None:
        assert isinstance(event.value, tuple)
        counts["n"] += len(event.value)
        await out(app).send(value=b"%d" % len(event.value))
        if fails:
            raise ValueError(fails.pop())

    async def note(event: EventT[Any], error: Exception) -> None:
        await app.topic("dead", schema=RawSchema()).send(value=f"{len(event.value)} {error}".encode())

    app.agent(flood, name="batches")(guarded(handle, note))
    async with started(app):
        await put(app, "source", [b"x"] * 3)
        assert await values_when(app, "dead", 1) == [b"3 True"]
        await put(app, "source", [b"x"] * 4)
        assert await values_when(app, "out", 1) == [b"4"]
        assert counts["n"] == 4
        assert await committed(app, SOURCE) == 7


async def test_a_send_within_an_event_does_not_wait_for_the_event_and_may_not(ground: DriverGround) -> None:
    app = ground.app()

    async def handle(event: EventT[Any]) -> None:
        topic = out(app)
        staged = await topic.send(value=b"staged")
        await staged
        with pytest.raises(Unsupported, match="with the end of its event"):
            await topic.publish_message(topic.as_future_message(value=event.value), wait=True)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"input"])
        assert await values_when(app, "out", 1) == [b"staged"]
        assert await values(app, "dead") == []


async def test_a_second_writer_of_a_table_is_refused(ground: DriverGround) -> None:
    app = ground.app()
    counts = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        counts["n"] += 1
        await out(app).send(value=event.value)

    attach(app, "source", handle, name="first")
    attach(app, "other", handle, name="second")
    attach(app, "third", handle, name="third", concurrency=2)
    async with started(app):
        await put(app, "source", [b"1"])
        await values_when(app, "out", 1)
        await put(app, "other", [b"2"])
        await put(app, "third", [b"3"])
        letters = await values_when(app, "dead", 2)
        assert all(letter is not None and letter.startswith(b"ManyWriters: ") for letter in letters)
        assert counts["n"] == 1


async def test_a_table_claimed_twice_is_refused_before_the_app_starts(ground: DriverGround) -> None:
    app = ground.app()
    counts: Any = app.Table("counts", default=int)
    counts.claim("first", "source")
    with pytest.raises(ManyWriters, match=r"'second' on topic 'source' would be a second writer"):
        counts.claim("second", "source")


async def test_stopping_finishes_the_event_in_hand_and_leaves_the_rest(ground: DriverGround) -> None:
    app, begun = ground.app(), asyncio.Event()

    async def handle(event: EventT[Any]) -> None:
        begun.set()
        while not app.should_stop:  # noqa: ASYNC110 # Nothing tells it.
            await asyncio.sleep(0.01)
        await out(app).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"1", b"2", b"3"])
        await begun.wait()
    app = ground.app()
    async with started(app):
        assert await values(app, "out") == [b"1"]
        assert await committed(app, SOURCE) == 1


async def test_an_app_that_has_finished_takes_nothing_more_also_after_a_rebalance(ground: DriverGround) -> None:
    """It could commit nothing of it, and what it begins would be cut off."""
    app, seen = ground.app(), set[bytes]()

    async def handle(event: EventT[Any]) -> None:
        seen.add(event.value)
        await out(app).send(value=event.value)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"1"])
        await values_when(app, "out", 1)
        await app.finish()
        consumer: Any = app.consumer
        before = consumer.session
        await consumer.membership.subscribe(consumer.membership._topics)
        await put(app, "source", [b"2"])
        await eventually(lambda: consumer.session is not before)
        await asyncio.sleep(0.3)
        assert seen == {b"1"}


async def test_an_event_that_does_not_end_is_left_uncommitted_by_a_stop(ground: DriverGround) -> None:
    app, begun = ground.app(), asyncio.Event()
    counts = app.Table("counts", default=int)

    async def handle(event: EventT[Any]) -> None:
        counts["n"] += 1
        await out(app).send(value=event.value)
        begun.set()
        await asyncio.sleep(3600)

    attach(app, "source", handle)
    async with started(app):
        await put(app, "source", [b"1"])
        await begun.wait()
    app = ground.app()
    counts = app.Table("counts", default=int)
    async with started(app):
        assert await values(app, "out") == []
        assert await committed(app, SOURCE) is None
        assert dict(counts.items()) == {}


async def test_an_app_can_be_stopped_before_it_has_started(ground: DriverGround) -> None:
    for turns in range(0, 40, 3):
        app = ground.app()
        app.Table("counts", default=int)
        starting = asyncio.create_task(app.start())
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.wait_for(app.stop(), PATIENCE_SECONDS)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    async with running(ground.app()) as app:
        assert log_of(app) is not None


async def test_a_second_worker_on_a_log_that_allows_one_is_told_so_and_may_come_later(ground: DriverGround) -> None:
    if ground.name != "sqlite":
        pytest.skip("This log has no lock.")
    async with running(ground.app()):
        with pytest.raises(LogInUse, match="Another worker"):
            async with running(ground.app()):
                pytest.fail("Two workers hold one log.")
    async with running(ground.app()) as app:
        assert log_of(app) is not None


async def test_restarts_lose_and_double_nothing(ground: DriverGround) -> None:
    wanted = [b"%d" % number for number in range(300)]
    for number in range(6):
        app = ground.app()
        counts = app.Table("counts", default=int)

        async def handle(event: EventT[Any], app: DriverApp = app, counts: Any = counts) -> None:
            counts["n"] += 1
            await asyncio.sleep(0.001)
            await out(app).send(value=event.value)

        attach(app, "source", handle)
        async with started(app):
            if number == 0:
                await put(app, "source", wanted)
            if number < 5:
                await asyncio.sleep(0.05)
            else:
                assert await values_when(app, "out", 300) == wanted
                assert counts["n"] == 300
