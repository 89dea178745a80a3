"""Dealing on a ground without a coordinator: Faust's own assignor deals all partitions to its one member."""

from collections.abc import Mapping
from typing import Any

from infra.log import Partition


def deal(assignor: Any, partitions_count: Mapping[str, int]) -> set[Partition]:
    """All partitions of these topics; the assignor then knows which tables' changelogs are active here."""
    metadata = assignor.metadata(set(partitions_count))
    dealt = assignor.assign(_Cluster(partitions_count), {"local": metadata})["local"]
    assignor.on_assignment(dealt)
    return {Partition(topic, number) for topic, numbers in dealt.assignment for number in numbers}


class _Cluster:
    """As much of a Kafka cluster's metadata as Faust's assignor asks for."""

    def __init__(self, partitions_count: Mapping[str, int]) -> None:
        self._partitions_count = partitions_count

    def topics(self) -> set[str]:
        return set(self._partitions_count)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self._partitions_count.get(topic, 0)))
