"""What stands: partitions of tables that hold in memory what their changelogs say, and so may outlive a rebalance.

A partition falls as soon as an event that has touched it is dropped uncommitted; all of them fall with any error.
"""

from collections.abc import Collection, Iterable

from infra.driver.session.staging import Delivered
from infra.log import Partition


class Standing:
    """The changelog partitions of one worker that need not be read again, and the events that may change that."""

    def __init__(self) -> None:
        self.partitions: set[Partition] = set()
        self._touched: dict[int, tuple[Delivered, set[Partition]]] = {}

    def touch(self, message: Delivered, partitions: Collection[Partition]) -> None:
        """Note that an event reads or writes there: what it read it may change in place."""
        if message.in_flight:
            self._touched.setdefault(id(message), (message, set()))[1].update(partitions)
        else:
            # It will never be committed.
            self.partitions.difference_update(partitions)

    def settle(self, messages: Iterable[Delivered]) -> None:
        """What these events did is committed."""
        for message in messages:
            self._touched.pop(id(message), None)

    def drop(self) -> None:
        """What is not committed is lost, and can no longer be taken back from tables that will be others by then."""
        for message, partitions in self._touched.values():
            self.partitions -= partitions
            message.stage.undos.clear()
        self._touched.clear()

    def fall(self) -> None:
        """Trust nothing: every partition is read again."""
        self.partitions.clear()
