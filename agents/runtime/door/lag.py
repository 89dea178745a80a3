"""Lag: what a lane's workers have not handled yet, and for how long the oldest of it has waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.doors import DoorLog
from infra.log import Partition, Record
from streams.lanes import Lane

LOOK_SECONDS_MAX = 2.0
"""A broker answers a moment later, also where it has the records at hand."""


@dataclass(frozen=True, slots=True)
class Unhandled:
    """The first record that waits in each partition, and how many places lie behind each topic's last commit.

    Places are counted, not records: on a cluster some of them hold marks of transactions.
    """

    first: Sequence[Record]
    places: Mapping[str, int]

    def waited_seconds(self, now_seconds: float) -> float:
        """For how long the oldest has waited; 0 if nothing waits. `now_seconds` counts from the epoch, UTC."""
        return max((now_seconds - one.timestamp_ms / 1000 for one in self.first), default=0.0)


def partitions_of(log: DoorLog, *topics: str) -> list[Partition]:
    """Every partition of these topics, as far as the log has them."""
    return [Partition(topic, number) for topic in topics for number in range(log.partitions_of(topic) or 0)]


async def unhandled(log: DoorLog, mode: str, *, lane: Lane) -> Unhandled:
    """What waits on the topics that a lane handles; `LogError` if this user may not see it."""
    partitions = partitions_of(log, *(plan.named(mode) for plan in lane.consumes))
    done, begins, ends = (
        await log.committed(lane.group(mode), partitions),
        await log.beginnings(partitions),
        await log.ends(partitions),
    )
    left = {one: max(begins[one], done[one] or 0) for one in partitions}
    first = await read_at(log, {one: at for one, at in left.items() if at < ends[one]}, records_max=1)
    places = {plan.name: 0 for plan in lane.consumes}
    names = {plan.named(mode): plan.name for plan in lane.consumes}
    for record in first:
        places[names[record.partition.topic]] += ends[record.partition] - left[record.partition]
    return Unhandled(first, places)


async def read_at(log: DoorLog, positions: Mapping[Partition, int], *, records_max: int) -> Sequence[Record]:
    """The next records of each partition, from these positions on."""
    if not positions:
        return []
    reader = log.join("reader")
    batches = await reader.read(positions, records_max=records_max, wait_seconds=LOOK_SECONDS_MAX)
    await reader.leave()
    return [record for batch in batches.values() for record in batch.records]
