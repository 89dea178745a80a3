"""Trusted partitions of tables: memory holds what their changelogs say, so they need not be read after a rebalance.

A partition is no longer trusted if an event that has touched it is dropped uncommitted; none is after an error.
"""

from collections.abc import Collection, Iterable

from infra.driver.session.staging import Delivered
from infra.log import Partition


class Trusted:
    """The changelog partitions of one worker that memory agrees with, and the events that may change that."""

    def __init__(self) -> None:
        self.partitions: set[Partition] = set()
        self._touched: dict[int, tuple[Delivered, set[Partition]]] = {}

    def touch(self, message: Delivered, partitions: Collection[Partition]) -> None:
        """Note that an event reads or writes there: it may change in place what it read."""
        if message.in_flight:
            self._touched.setdefault(id(message), (message, set()))[1].update(partitions)
        else:
            # It will never be committed.
            self.partitions.difference_update(partitions)

    def settle(self, messages: Iterable[Delivered]) -> None:
        """Note that what these events did is committed."""
        for message in messages:
            message.is_committed = True
            self._touched.pop(id(message), None)

    def drop(self) -> None:
        """Distrust what uncommitted events have touched, and forget how to undo it: the next tables are other ones."""
        for message, partitions in self._touched.values():
            self.partitions -= partitions
            message.stage.undos.clear()
        self._touched.clear()

    def clear(self) -> None:
        """Trust nothing: every partition is read again."""
        self.partitions.clear()
