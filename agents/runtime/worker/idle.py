"""Quiet: has every agent handled and committed all that was put? A drill may then skip the waiting."""

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING

from agents.runtime.worker.worker import Worker
from infra.log import Partition

if TYPE_CHECKING:
    from infra.driver.faces.consumer import Consumer

STILL_SECONDS = 0.3
"""A log whose ends lie beyond what can be handled, as Kafka's do after a transaction, is quiet once nothing moves.

A machine that is busy elsewhere may take longer for one event or one commit: while any is under way it is not quiet."""

Positions = Mapping[Partition, tuple[int, int]]


class Quiet:
    """Looks at one worker; ask it often."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._seen: Positions = {}
        self._since = monotonic()

    async def __call__(self) -> bool:
        """Whether no send is under way and nothing is left to handle, or nothing has moved for `STILL_SECONDS`."""
        begun = self._worker.puts_begun
        positions = await self._positions()
        # Work that began while we asked the log, and orders that a timer is about to put, are in no position yet.
        if self._worker.is_putting or self._worker.background.running or self._worker.puts_begun != begun:
            return False
        if self._consumer.is_handling:
            return False
        if positions != self._seen:
            self._seen, self._since = positions, monotonic()
        if all(done >= end for done, end in positions.values()):
            return True
        return monotonic() - self._since >= STILL_SECONDS

    @property
    def _consumer(self) -> "Consumer":
        return self._worker.app.consumer  # type: ignore[return-value] # A DriverApp has no other.

    async def _positions(self) -> Positions:
        """How far each partition was handled, and its end."""
        done = await self._consumer.stream_positions()
        ends = await self._worker.log.ends(done)
        return {partition: (offset, ends[partition]) for partition, offset in done.items()}
