"""Reading: each read that runs takes a pipe of its own, if possible the one that it had before."""

import asyncio
from collections.abc import Mapping

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.records.pipe import Pipe
from infra.kafka_log.trouble import translated
from infra.log import Batch, LogBusy, LogError, Partition

FIRST_LANE = 100
"""Connections below are aiokafka's own."""
LANES_MAX = 16


class Reader:
    """The reads of one log or one door."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._pipes: list[Pipe] = []
        self._closed = False

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """As `Member.read`."""
        with translated():
            if not positions:
                # A topic that was asked for may be made meanwhile.
                await asyncio.sleep(wait_seconds)
                await self._nodes.look()
                return {}
            await self._nodes.require_topics(positions)
            pipe = self._pipe(frozenset(positions))
            pipe.busy = True
            try:
                found = await pipe.read(positions, records_max=records_max, wait_seconds=wait_seconds)
            finally:
                pipe.busy = False
        if self._closed:
            raise LogError("The log was closed.")
        return found

    def close(self) -> None:
        """Forget every pipe; a read that waits is answered with an error."""
        self._closed = True
        for pipe in self._pipes:
            pipe.close()
        self._pipes.clear()

    def _pipe(self, partitions: frozenset[Partition]) -> Pipe:
        idle = [pipe for pipe in self._pipes if not pipe.busy]
        for pipe in idle:
            if pipe.partitions & partitions:
                return pipe
        if quiet := [pipe for pipe in idle if not pipe.waiting]:
            return quiet[0]
        if len(self._pipes) < LANES_MAX:
            self._pipes.append(Pipe(self._nodes, FIRST_LANE + len(self._pipes)))
            return self._pipes[-1]
        if not idle:
            raise LogBusy(f"{LANES_MAX} reads at once wait for news already.")
        return idle[0]
