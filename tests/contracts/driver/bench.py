"""What the driver's contract needs from a ground, and how its tests look at a log. It speaks the port only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from faust.types import EventT

from infra.driver import DriverApp, RawSchema, create_app, guarded, log_of, running
from infra.log import Draft, Partition, Record

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class DriverGround:
    """A ground to run the contract on: its name and an empty log's broker URL.

    `beside` tells whether another process can use the same log while a worker runs.
    """

    name: str
    url: str
    beside: bool

    def app(self, **settings: Any) -> DriverApp:
        """A new app on this log; the same id each time, so that a second one goes on where the first stopped."""
        return create_app("contract", self.url, **settings)


async def eventually(
    condition: Callable[[], Any | Awaitable[Any]], *, patience_seconds: float = PATIENCE_SECONDS
) -> Any:
    """Wait until the condition holds and answer with its value; slow machines get the time they need."""
    async with asyncio.timeout(patience_seconds):
        while True:
            found = condition()
            found = await found if isinstance(found, Awaitable) else found
            if found:
                return found
            await asyncio.sleep(0.01)


async def read_all(app: DriverApp, topic: str) -> Sequence[Record]:
    """Every committed record of a topic, partition by partition."""
    log = log_of(app)
    partitions = [Partition(topic, number) for number in range(log.partitions_of(topic) or 0)]
    ends = await log.ends(partitions)
    positions = dict(await log.beginnings(partitions))
    reader = log.join("contract-reader", on_revoked=_ignore, on_assigned=_ignore, assign=_nothing)
    records: list[Record] = []
    while left := {tp: at for tp, at in positions.items() if at < ends[tp]}:
        for partition, batch in (await reader.read(left, records_max=1000, wait_seconds=1)).items():
            records.extend(batch.records)
            positions[partition] = batch.next_offset
    await reader.leave()
    return records


async def _ignore(partitions: set[Partition], generation: int) -> None: ...


def _nothing(counts: Mapping[str, int]) -> set[Partition]:
    del counts
    return set()


async def values(app: DriverApp, topic: str) -> list[bytes | None]:
    return [record.value for record in await read_all(app, topic)]


async def values_when(app: DriverApp, topic: str, count: int) -> list[bytes | None]:
    """The values of a topic once there are at least so many of them."""

    async def enough() -> list[bytes | None]:
        found = await values(app, topic)
        return found if len(found) >= count else []

    found: list[bytes | None] = await eventually(enough)
    return found


async def put(app: DriverApp, topic: str, values_put: Collection[bytes], *, key: bytes = b"k") -> None:
    """Append values to a topic from outside, as a door would."""
    where = app.ground.place(topic, key)
    await log_of(app).append([Draft(where, key, value, 0) for value in values_put])


async def committed(app: DriverApp, partition: Partition) -> int | None:
    consumer: Any = app.consumer
    offsets: Mapping[Partition, int | None] = await consumer.session.member.committed([partition])
    return offsets[partition]


async def to_dead_letters(event: EventT[Any], error: Exception) -> None:
    dead = event.app.topic("dead", schema=RawSchema())
    await dead.send(key=event.key, value=f"{type(error).__name__}: {error}".encode())


def attach(app: DriverApp, topic: str, handler: Callable[[EventT[Any]], Awaitable[None]], **settings: Any) -> None:
    """Let a guarded handler consume a topic of raw bytes."""
    source = app.topic(topic, schema=RawSchema())
    app.agent(source, name=settings.pop("name", f"on-{topic}"), **settings)(guarded(handler, to_dead_letters))


@asynccontextmanager
async def started(app: DriverApp) -> AsyncIterator[DriverApp]:
    async with running(app):
        yield app
