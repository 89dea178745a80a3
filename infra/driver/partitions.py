"""Faust's `TP` and the log's `Partition`: here one becomes the other, on the border between Faust and the driver."""

from collections.abc import Iterable

from faust.types import TP

from infra.log import Partition


def tp_of(partition: Partition) -> TP:
    """A partition as Faust names it."""
    return TP(partition.topic, partition.number)


def tps_of(partitions: Iterable[Partition]) -> set[TP]:
    """Partitions as Faust names them."""
    return {tp_of(partition) for partition in partitions}


def partitions_of(tps: Iterable[TP]) -> set[Partition]:
    """Faust's partitions as the log names them."""
    return {Partition(tp.topic, tp.partition) for tp in tps}
