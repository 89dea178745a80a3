"""Tables on every ground: written by events only. And what several workers of a test need."""

from typing import Any

import pytest

from infra.driver import DriverApp
from infra.grounds import PROMISES
from tests.contracts.driver.bench import DriverGround, eventually, started

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
