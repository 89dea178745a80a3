"""Tables on every ground: written by events only. And what several workers of a test need."""

from typing import Any

import pytest
from faust.types import EventT

from infra.driver import DriverApp
from infra.grounds import PROMISES
from tests.contracts.driver.bench import DriverGround, attach, eventually, put, read_all, started, values_when

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


async def test_a_table_is_not_written_outside_an_event(ground: DriverGround) -> None:
    """Nothing would carry the write."""
    app, refused = ground.app(), list[str]()
    counts: Any = app.Table("counts", default=int)

    async def write() -> None:
        try:
            counts["n"] += 1
        except TypeError as error:
            refused.append(str(error))

    app.task(write)

    async with started(app):
        await eventually(lambda: refused)
        with pytest.raises(TypeError, match="outside of stream iteration"):
            counts["n"] = 1
        assert dict(counts.items()) == {}
    assert "outside of stream iteration" in refused[0]


async def test_a_row_is_changed_and_deleted_where_it_lies_whichever_event_does_it(ground: DriverGround) -> None:
    """Else a worker that reads the table again would have what was deleted, and on a cluster it would lie there."""
    first, again = (ground.app(topic_partitions=PARTITIONS) for _ in range(2))
    tables = [_cleared_by_one_event(app) for app in (first, again)]
    async with started(first):
        for key in KEYS:
            await put(first, "source", [b"set"], key=key)
        await values_when(first, "contract-rows-changelog", len(KEYS))
        lies = {record.key: record.partition for record in await read_all(first, "contract-rows-changelog")}
        await put(first, "source", [b"clear"], key=KEYS[0])
        await eventually(lambda: len(tables[0]) == 0)
        await values_when(first, "contract-rows-changelog", 2 * len(KEYS))
        deleted = [one for one in await read_all(first, "contract-rows-changelog") if one.value is None]
    assert len({*lies.values()}) == PARTITIONS
    assert {one.key: one.partition for one in deleted} == lies
    async with started(again):
        await all_at_work([again])
        assert dict(tables[1].items()) == {}


def _cleared_by_one_event(app: DriverApp) -> Any:
    """A table with a row for each key that came, until an event clears it."""
    table: Any = app.Table("rows", default=str)

    async def handle(event: EventT[Any]) -> None:
        if event.value == b"clear":
            for key in [*table]:
                table.pop(key)
        else:
            table[text(event.key)] = "here"

    attach(app, "source", handle)
    return table
