"""Membership: joining the group, what happens when partitions come and go, and starting again after any error."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from infra.driver.partitions import partitions_of, tps_of
from infra.log import LogBroken, LogError, Member, Partition, Replaced

if TYPE_CHECKING:
    from infra.driver.consumer import Consumer

REJOIN_PAUSE_SECONDS = 0.2
REJOIN_PAUSE_SECONDS_MAX = 10.0

logger = logging.getLogger(__name__)


class Membership:
    """One worker's seat in its group.

    There is one path after an error of the log, known or not: drop all, leave, join, start again. No retry logic.
    Only a worker that was replaced under its own name, or whose log is broken, does not start again: it stops.
    """

    def __init__(self, consumer: "Consumer") -> None:
        self._consumer = consumer
        self._topics: set[str] = set()
        self._member: Member | None = None
        self._seat = 0
        self._changing = asyncio.Lock()
        self._rejoining: asyncio.Future[None] | None = None
        self._left = False
        self._wanted = False
        self._pause_seconds = REJOIN_PAUSE_SECONDS
        self.generation = 0

    @property
    def member(self) -> Member:
        if self._member is None:
            raise LogError("The worker has not joined its group yet.")
        return self._member

    async def subscribe(self, topics: Iterable[str]) -> None:
        self._topics = set(topics)
        if self._rejoining is not None and not self._rejoining.done():
            self._wanted = True
            return
        if self._member is None:
            self._join()
        await self.member.subscribe(self._topics)

    async def leave(self) -> None:
        """Give up the seat for good; callbacks of it are ignored from here on."""
        self._left = True
        self._seat += 1
        if self._rejoining is not None:
            self._rejoining.cancel()
        member, self._member = self._member, None
        if member is not None:
            await member.leave()

    def rejoin(self, error: BaseException) -> None:
        """Drop all at once, and start again in a task of the consumer's, since the caller is part of what is dropped.

        At once, because the next commit might succeed and move an offset beyond the work that this one has lost.
        """
        if self._left:
            return
        self._consumer.drop()
        self._consumer.ground.standing.fall()
        self._seat += 1
        if isinstance(error, Replaced | LogBroken):
            # Joining again would drive out the newer worker, which would do the same; or it could not be done.
            self._consumer.add_future(self._consumer.app.crash(error))
            return
        logger.warning("The worker starts again at its last commit: %s", error)
        self._wanted = True
        if self._rejoining is None or self._rejoining.done():
            self._rejoining = self._consumer.add_future(self._start_again())

    def on_committed(self) -> None:
        """Trust the log again: the next trouble is a new one."""
        self._pause_seconds = REJOIN_PAUSE_SECONDS

    async def _pause(self) -> None:
        """Wait longer each time, so that trouble that stays does not flood the machine and its logs."""
        pause_seconds, self._pause_seconds = self._pause_seconds, min(self._pause_seconds * 2, REJOIN_PAUSE_SECONDS_MAX)
        await asyncio.sleep(pause_seconds)

    async def _start_again(self) -> None:
        while self._wanted:
            member, self._member = self._member, None
            self._seat += 1
            async with self._changing:
                await self._lose(partitions_of(self._consumer.assignment()))
            await self._pause()
            # What has gone wrong until here is covered by joining anew; what goes wrong from here on is not.
            self._wanted = False
            try:
                if member is not None:
                    await member.leave()
                self._join()
                await self.member.subscribe(self._topics)
            except LogError as error:
                logger.warning("The worker cannot rejoin yet: %s", error)
                self._wanted = True

    def _join(self) -> None:
        self._seat += 1
        seat = self._seat

        async def on_revoked(partitions: set[Partition], generation: int) -> None:
            del generation
            async with self._changing:
                if seat == self._seat:
                    await self._lose(partitions)

        async def on_assigned(partitions: set[Partition], generation: int) -> None:
            async with self._changing:
                if seat == self._seat:
                    if generation != self.generation + 1:
                        # Others may have written to our tables in between.
                        self._consumer.ground.standing.fall()
                    self.generation = generation
                    await self._gain(partitions)

        self._member = self._consumer.ground.log.join(
            self._consumer.group, on_revoked=on_revoked, on_assigned=on_assigned, assign=self._assign
        )

    async def _lose(self, partitions: Collection[Partition]) -> None:
        app = self._consumer.app
        app.on_rebalance_start()
        self._consumer.drop()
        await self._consumer.on_partitions_revoked(tps_of(partitions))

    async def _gain(self, partitions: set[Partition]) -> None:
        app = self._consumer.app
        if not app.rebalancing:
            app.on_rebalance_start()
        epoch = self._consumer.drop()
        self._consumer.take_over(partitions)
        await self._consumer.on_partitions_assigned(tps_of(partitions), epoch)

    def _assign(self, partitions_count: Mapping[str, int]) -> set[Partition]:
        """Let Faust's own assignor deal all partitions to its one local member, so that its routes and leader work."""
        assignor: Any = self._consumer.app.assignor
        metadata = assignor.metadata(set(partitions_count))
        dealt = assignor.assign(_Cluster(partitions_count), {"local": metadata})["local"]
        assignor.on_assignment(dealt)
        return {Partition(topic, partition) for topic, partitions in dealt.assignment for partition in partitions}


class _Cluster:
    """As much of a Kafka cluster's metadata as Faust's assignor asks for."""

    def __init__(self, partitions_count: Mapping[str, int]) -> None:
        self._partitions_count = partitions_count

    def topics(self) -> set[str]:
        return set(self._partitions_count)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self._partitions_count.get(topic, 0)))
