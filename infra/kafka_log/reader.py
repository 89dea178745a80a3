"""Reading: each read that runs takes a lane of its own, if possible the one that it had before."""

from collections.abc import Mapping

from infra.kafka_log.lane import Lane
from infra.kafka_log.nodes import Nodes
from infra.kafka_log.trouble import translated
from infra.log import Batch, LogBusy, LogError, Partition

FIRST_LANE = 100
"""Connections below are aiokafka's own."""
LANES_MAX = 16


class Reader:
    """The reads of one log or one door."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._lanes: list[Lane] = []
        self._closed = False

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """As `Member.read`."""
        with translated():
            await self._nodes.require_topics(positions)
            lane = self._lane(frozenset(positions))
            lane.busy = True
            try:
                found = await lane.read(positions, records_max=records_max, wait_seconds=wait_seconds)
            finally:
                lane.busy = False
        if self._closed:
            raise LogError("The log was closed.")
        return found

    def close(self) -> None:
        """Forget every lane; a read that waits is answered with an error."""
        self._closed = True
        for lane in self._lanes:
            lane.close()
        self._lanes.clear()

    def _lane(self, partitions: frozenset[Partition]) -> Lane:
        idle = [lane for lane in self._lanes if not lane.busy]
        for lane in idle:
            if lane.partitions & partitions:
                return lane
        if quiet := [lane for lane in idle if not lane.waiting]:
            return quiet[0]
        if len(self._lanes) < LANES_MAX:
            self._lanes.append(Lane(self._nodes, FIRST_LANE + len(self._lanes)))
            return self._lanes[-1]
        if not idle:
            raise LogBusy(f"{LANES_MAX} reads at once wait for news already.")
        return idle[0]
