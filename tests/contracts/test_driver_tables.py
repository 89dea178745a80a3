"""Tables on every ground: whole on every worker where they are global, rebuilt with their windows, or refused."""

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from faust.types import EventT, StreamT

from infra.driver import DriverApp, RawSchema, Unsupported, running
from infra.grounds import PROMISES
from tests.contracts.driver_bench import DriverGround, attach, eventually, put, started, values_when

PARTITIONS = 2
KEYS = [b"key-%d" % number for number in range(8)]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def workers_of(ground: DriverGround) -> list[str]:
    """As many workers as the ground allows; on any of them a global table must be whole."""
    several = ground.name in {"sqlite", "kafka"} and PROMISES["several-workers"].holds(ground.name)
    return ["a", "b"] if several else ["a"]


def text(key: Any) -> str:
    return bytes(key).decode()


async def all_at_work(apps: list[DriverApp], *, partitions: int = PARTITIONS) -> None:
    """Wait until every worker has a part of the topic, and has its tables."""

    def shared() -> bool:
        consumers: list[Any] = [app.consumer for app in apps]
        held = [{tp for tp in one.assignment() if tp.topic == "source"} for one in consumers]
        return all(held) and sum(map(len, held)) == partitions and all(one.ready.is_set() for one in consumers)

    await eventually(shared)


async def test_every_worker_holds_a_global_table_whole_and_follows_it(ground: DriverGround) -> None:
    """What others have written is there at the start, what they write later follows, and so do deletions."""
    apps, tables = list[DriverApp](), list[Any]()
    for name in workers_of(ground):
        app = ground.app(worker=name, topic_partitions=PARTITIONS)
        table: Any = app.GlobalTable("levels")

        async def handle(event: EventT[Any], table: Any = table) -> None:
            key = text(event.key)
            if event.value:
                table[key] = event.value.decode()
            else:
                del table[key]

        attach(app, "source", handle)
        apps.append(app)
        tables.append(table)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(apps[0]))
        for key in KEYS:
            await put(apps[0], "source", [b"early"], key=key)
        await eventually(lambda: len(tables[0]) == len(KEYS))
        for app in apps[1:]:
            await stack.enter_async_context(running(app))
        await all_at_work(apps)
        assert [dict(table.items()) for table in tables] == [{key.decode(): "early" for key in KEYS}] * len(apps)
        for key in KEYS[1:]:
            await put(apps[0], "source", [b"late"], key=key)
        await put(apps[0], "source", [b""], key=KEYS[0])
        wanted = {key.decode(): "late" for key in KEYS[1:]}
        await eventually(lambda: all(dict(table.items()) == wanted for table in tables))


async def test_every_worker_holds_a_global_table_of_sets_whole(ground: DriverGround) -> None:
    apps, tables = list[DriverApp](), list[Any]()
    for name in workers_of(ground):
        app = ground.app(worker=name, topic_partitions=PARTITIONS)
        table: Any = app.SetGlobalTable("members")

        async def handle(event: EventT[Any], table: Any = table) -> None:
            command, member = event.value.decode().split()
            getattr(table[text(event.key)], command)(member)

        attach(app, "source", handle)
        apps.append(app)
        tables.append(table)
    async with AsyncExitStack() as stack:
        for app in apps:
            await stack.enter_async_context(running(app))
        await all_at_work(apps)
        for key in KEYS:
            await put(apps[0], "source", [b"add ann", b"add bob", b"discard ann"], key=key)
        await eventually(lambda: all(set(table[key.decode()]) == {"bob"} for table in tables for key in KEYS))


@pytest.mark.parametrize("steps", [("tumbling", 10.0), ("hopping", 10.0, 5.0)])
async def test_a_windowed_table_is_rebuilt_from_its_changelog(ground: DriverGround, steps: tuple[Any, ...]) -> None:
    """Each window is where it was, and counts on from there."""
    held: list[dict[Any, Any]] = []
    for number in range(2):
        app = ground.app()
        counts: Any = getattr(app.Table("counts", default=int), steps[0])(*steps[1:], expires=timedelta(days=36_500))

        async def handle(event: EventT[Any], app: DriverApp = app, counts: Any = counts) -> None:
            counts[event.value.decode()] += 1
            await app.topic("out", schema=RawSchema()).send(value=event.value)

        attach(app, "source", handle)
        async with started(app):
            assert not held or dict(counts.table.items()) == held[0]
            source = app.topic("source", schema=RawSchema())
            for at in (100.0, 101.0, 133.0):
                await source.send(value=b"x", timestamp=at)
            await values_when(app, "out", 3 * (number + 1))
            held.append(dict(counts.table.items()))
    assert held[1] == {window: 2 * count for window, count in held[0].items()}


async def test_a_table_is_not_written_outside_an_event(ground: DriverGround) -> None:
    """Nothing would carry the write: neither in the body of `take`, nor in a task."""
    app, refused = ground.app(), list[str]()
    counts: Any = app.Table("counts", default=int)

    @app.agent(app.topic("source", schema=RawSchema()))
    async def collect(stream: StreamT[Any]) -> None:
        async for taken in stream.take(2, within=5):
            try:
                counts["n"] += len(taken)
            except TypeError as error:
                refused.append(str(error))

    async with started(app):
        await put(app, "source", [b"1", b"2"])
        await eventually(lambda: refused)
        with pytest.raises(TypeError, match="outside of stream iteration"):
            counts["n"] = 1
        assert dict(counts.items()) == {}
    assert "outside of stream iteration" in refused[0]


@pytest.mark.parametrize("kind", ["join", "left_join", "inner_join", "outer_join", "combine"])
async def test_a_join_of_streams_is_refused_at_start_up(ground: DriverGround, kind: str) -> None:
    """Faust would take it and fail at every event, or read one of two combined streams only."""
    app = ground.app()

    @app.agent(app.topic("source", schema=RawSchema()))
    async def joined(stream: Any) -> None:
        async for _ in getattr(stream, kind)():
            pass

    with pytest.raises(Unsupported, match="keep one side in a table"):
        async with running(app):
            pass


async def test_a_join_of_tables_is_refused_when_it_is_written_down(ground: DriverGround) -> None:
    app = ground.app()
    one, two = app.Table("one"), app.Table("two")
    with pytest.raises(Unsupported, match="keep one side in a table"):
        one.join()
    with pytest.raises(Unsupported, match="keep one side in a table"):
        one & two


@pytest.mark.parametrize("option", ["use_partitioner", "synchronize_all_active_partitions"])
async def test_a_table_that_is_written_across_partitions_is_refused(ground: DriverGround, option: str) -> None:
    """A partition has one writer: the worker that has the input of the same number."""
    app: Any = ground.app()
    with pytest.raises(Unsupported, match=option):
        app.GlobalTable("levels", **{option: True})
