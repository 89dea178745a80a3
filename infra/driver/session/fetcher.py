"""The fetcher: two loops read the open partitions and hand records on.

Batched topics have a loop of their own, so that a flood there never delays an ordinary event.
What is in flight is bounded by partition; a full partition is left out until its events are committed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Container, Mapping

from infra.driver.session.session import Session
from infra.driver.session.staging import Delivered
from infra.log import Batch, LogError, Partition

RECORDS_MAX = 50
"""A larger fetch would starve later hops while an early topic has a backlog, at the same speed."""
BATCH_RECORDS_MAX = 2_000
IN_FLIGHT_MAX = 200
BATCHES_IN_FLIGHT_MAX = 2
WAIT_SECONDS = 0.5
WAIT_SECONDS_WHEN_FULL = 0.01

Deliver = Callable[[Session, Delivered], Awaitable[None]]


class Fetcher:
    """Two loops that move the positions of the open session; `listened` are the partitions that a stream wants."""

    def __init__(
        self, deliver: Deliver, *, listened: Callable[[], Container[object]], batched: Collection[str]
    ) -> None:
        self._deliver = deliver
        self._listened = listened
        self._batched = batched
        self._session: Session | None = None
        self._opened = asyncio.Event()

    def open(self, session: Session) -> None:
        """Read on for this session, until `close`."""
        self._session = session
        self._opened.set()

    def close(self) -> None:
        self._opened.clear()
        self._session = None

    async def run(self) -> None:
        """Read until cancelled."""
        await asyncio.gather(self._loop(batched=False), self._loop(batched=True))

    async def _loop(self, *, batched: bool) -> None:
        while True:
            await self._opened.wait()
            if self._session is not None:
                await self._read(self._session, batched=batched)

    async def _read(self, session: Session, *, batched: bool) -> None:
        """Read once what has room, and deliver it; wait a moment if nothing has."""
        mine = self._mine(session, batched=batched)
        wanted = {one: session.positions[one] for one in mine if _has_room(session, one, batched=batched)}
        wait_seconds = WAIT_SECONDS if len(wanted) == len(mine) else WAIT_SECONDS_WHEN_FULL
        if not wanted:
            await asyncio.sleep(wait_seconds)
            return
        limit = BATCH_RECORDS_MAX if batched else RECORDS_MAX
        try:
            batches = await session.member.read(wanted, records_max=limit, wait_seconds=wait_seconds)
        except LogError as error:
            session.fail(error)
            await asyncio.sleep(wait_seconds)
            return
        await self._take(session, batches, batched=batched)
        await asyncio.sleep(0)

    async def _take(self, session: Session, batches: Mapping[Partition, Batch], *, batched: bool) -> None:
        for partition, batch in batches.items():
            if not session.reads(partition):
                return
            session.positions[partition] = batch.next_offset
            for message in _messages(session, batch, batched=batched):
                if not session.reads(partition):
                    return
                await self._deliver(session, message)

    def _mine(self, session: Session, *, batched: bool) -> list[Partition]:
        """The open partitions of one loop that a stream listens to."""
        listened = self._listened()
        return [one for one in session.positions if one in listened and (one.topic in self._batched) is batched]


def _has_room(session: Session, partition: Partition, *, batched: bool) -> bool:
    return session.flights.count(partition) < (BATCHES_IN_FLIGHT_MAX if batched else IN_FLIGHT_MAX)


def _messages(session: Session, batch: Batch, *, batched: bool) -> list[Delivered]:
    """One message for each record, or one for all."""
    if not batch.records:
        return []
    if batched:
        records = tuple(batch.records)
        return [Delivered(records[-1], value=records, next_offset=batch.next_offset, tenure=session)]
    return [
        Delivered(record, value=record.value, next_offset=record.offset + 1, tenure=session) for record in batch.records
    ]
