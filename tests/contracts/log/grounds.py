"""What a log must bring along to be run through the contract of its port, and the helpers the contract speaks in."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from infra.log import Batch, Draft, Log, Member, Partition, Record
from infra.sqlite_log import SqliteLog, SqliteLogSettings

NAMES = count()
RUN = secrets.token_hex(3)
"""Some grounds outlive a run of the tests."""
PATIENCE_SECONDS = 180.0


class LogGround(Protocol):
    """One ground: where the records live on when a log is closed."""

    record_bytes_max: int
    """No record above this is accepted; the contract sends one."""
    wait_seconds: float
    """How long something that must happen may take on this ground."""

    def log(self) -> Log:
        """A log on this ground, not open yet; the next one finds what this one has written."""


@dataclass
class SqliteGround:
    """One file in a folder of the test's own."""

    path: Path
    record_bytes_max: int = 20_000
    wait_seconds: float = 10.0

    def log(self) -> Log:
        return SqliteLog(self.path, settings=SqliteLogSettings(record_bytes_max=self.record_bytes_max))


def fresh(what: str) -> str:
    """A name that no other test uses, for grounds that outlive a test."""
    return f"{what}-{RUN}-{next(NAMES)}"


@dataclass
class Listener:
    """Notes each change that a membership reports."""

    told: list[tuple[str, set[Partition], int]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[object] | None] = field(default_factory=list)

    async def on_revoked(self, partitions: set[Partition], generation: int) -> None:
        self._note("revoked", partitions, generation)

    async def on_assigned(self, partitions: set[Partition], generation: int) -> None:
        self._note("assigned", partitions, generation)

    def _note(self, what: str, partitions: set[Partition], generation: int) -> None:
        self.told.append((what, partitions, generation))
        self.tasks.append(asyncio.current_task())
        self.news.set()

    async def assigned(self, times: int = 1) -> tuple[set[Partition], int]:
        """The partitions and the generation of the `times`-th assignment."""
        while len(found := [told for told in self.told if told[0] == "assigned"]) < times:
            self.news.clear()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.news.wait()
        return found[times - 1][1], found[times - 1][2]

    async def owns(self, count: int) -> set[Partition]:
        """The newest change, once it is an assignment of so many partitions."""
        while not (self.told and self.told[-1][0] == "assigned" and len(self.told[-1][1]) == count):
            self.news.clear()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.news.wait()
        return self.told[-1][1]


def assign_all(counts: Mapping[str, int]) -> set[Partition]:
    """Every partition of every topic, for the one worker there is."""
    return {Partition(topic, number) for topic, partitions in counts.items() for number in range(partitions)}


def join(log: Log, group: str) -> tuple[Member, Listener]:
    """A member, and the listener that notes its changes."""
    listener = Listener()
    member = log.join(group, on_revoked=listener.on_revoked, on_assigned=listener.on_assigned, assign=assign_all)
    return member, listener


def draft(partition: Partition, value: bytes | None = b"value", *, key: bytes | None = b"key", at_ms: int = 1) -> Draft:
    """A record to be written."""
    return Draft(partition, key, value, at_ms)


class Reads(Protocol):
    """A member or a door."""

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]: ...


async def read_all(reader: Reads, partition: Partition, *, end: int, start: int = 0) -> Sequence[Record]:
    """Every record of a partition up to `end`, read on batch by batch."""
    records: list[Record] = []
    position = start
    while position < end:
        batches = await reader.read({partition: position}, records_max=7, wait_seconds=10)
        batch = batches[partition]
        assert batch.next_offset > position, "a read that says nothing new would be repeated for ever"
        records += batch.records
        position = batch.next_offset
    return records


async def values(log: Log, reader: Reads, partition: Partition) -> list[bytes | None]:
    """The values a partition holds."""
    end = (await log.ends([partition]))[partition]
    start = (await log.beginnings([partition]))[partition]
    return [record.value for record in await read_all(reader, partition, end=end, start=start)]
