"""A log in memory that fails on demand: what a real log does rarely, it does when a test says so.

Its records outlive the worker as a file would: they are kept by name until the test forgets them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yarl import URL

from infra.driver import Transport
from infra.log import (
    Assign,
    Batch,
    Draft,
    Fenced,
    Log,
    LogError,
    OnPartitions,
    Partition,
    Record,
    TopicMismatch,
    TopicSpec,
)


@dataclass
class Shelf:
    """What would be on the disk, and the faults to play."""

    topics: dict[str, int] = field(default_factory=dict)
    records: dict[Partition, list[Record]] = field(default_factory=lambda: defaultdict(list))
    offsets: dict[Partition, int] = field(default_factory=dict)
    faults: list[LogError] = field(default_factory=list)
    """Raised by the next commits, which then write nothing."""
    late_faults: list[LogError] = field(default_factory=list)
    """Raised by the next commits after they have written: nobody knows what came of them."""
    read_faults: list[LogError] = field(default_factory=list)
    full: LogError | None = None
    held: asyncio.Event | None = None
    """Commits wait for this."""
    gap: int = 1
    members: "list[MemoryMember]" = field(default_factory=list)

    def write(self, drafts: Sequence[Draft]) -> list[int]:
        offsets = []
        for draft in drafts:
            held = self.records[draft.partition]
            offset = held[-1].offset + self.gap if held else 0
            held.append(Record(draft.partition, offset, draft.key, draft.value, draft.timestamp_ms, draft.headers))
            offsets.append(offset)
        return offsets

    def end(self, partition: Partition) -> int:
        held = self.records[partition]
        return held[-1].offset + 1 if held else 0


SHELVES: dict[str, Shelf] = defaultdict(Shelf)


class MemoryMember:
    def __init__(self, shelf: Shelf, on_revoked: OnPartitions, on_assigned: OnPartitions, assign: Assign) -> None:
        self.shelf, self.on_revoked, self.on_assigned, self.assign = shelf, on_revoked, on_assigned, assign
        self.generation, self.assigned, self.left = 0, set[Partition](), False
        self.tasks: set[asyncio.Task[None]] = set()

    async def subscribe(self, topics: Collection[str]) -> None:
        task = asyncio.create_task(self._rebalance(set(topics)))
        self.tasks.add(task)

    async def _rebalance(self, topics: set[str]) -> None:
        if self.generation:
            await self.on_revoked(self.assigned, self.generation)
        self.generation += 1
        self.assigned = set(self.assign({topic: self.shelf.topics[topic] for topic in topics}))
        await self.on_assigned(self.assigned, self.generation)

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        if self.generation and self.shelf.read_faults:
            raise self.shelf.read_faults.pop(0)
        end = asyncio.get_running_loop().time() + wait_seconds
        while True:
            found = {tp: [r for r in self.shelf.records[tp] if r.offset >= at] for tp, at in positions.items()}
            batches = {tp: records[:records_max] for tp, records in found.items() if records}
            if batches or asyncio.get_running_loop().time() >= end:
                return {tp: Batch(records, records[-1].offset + 1) for tp, records in batches.items()}
            await asyncio.sleep(0.002)

    async def committed(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        return {tp: self.shelf.offsets.get(tp) for tp in partitions}

    async def commit(self, drafts: Sequence[Draft], offsets: Mapping[Partition, int], generation: int) -> None:
        await asyncio.sleep(0)
        if self.shelf.held is not None:
            await self.shelf.held.wait()
        if self.shelf.full is not None:
            raise self.shelf.full
        if self.shelf.faults:
            raise self.shelf.faults.pop(0)
        if self.left or generation != self.generation:
            raise Fenced
        self.shelf.write(drafts)
        self.shelf.offsets.update(offsets)
        if self.shelf.late_faults:
            raise self.shelf.late_faults.pop(0)

    async def leave(self) -> None:
        self.left = True


class MemoryLog:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def create_topics(self, specs: Collection[TopicSpec]) -> None:
        for spec in specs:
            if self.shelf.topics.setdefault(spec.name, spec.partitions) != spec.partitions:
                raise TopicMismatch

    def partitions_of(self, topic: str) -> int | None:
        return self.shelf.topics.get(topic)

    async def append(self, drafts: Sequence[Draft]) -> Sequence[int]:
        if self.shelf.full is not None:
            raise self.shelf.full
        return self.shelf.write(drafts)

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return dict.fromkeys(partitions, 0)

    async def ends(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        return {tp: self.shelf.end(tp) for tp in partitions}

    def rows_of(self, partition: Partition) -> None:
        """It finds none by key."""

    def join(self, group: str, *, on_revoked: OnPartitions, on_assigned: OnPartitions, assign: Assign) -> MemoryMember:
        del group
        member = MemoryMember(self.shelf, on_revoked, on_assigned, assign)
        self.shelf.members.append(member)
        return member


class MemoryTransport(Transport):
    def new_log(self, url: URL, **_: Any) -> Log:
        return MemoryLog(SHELVES[url.host or ""])
