"""The committer: what was acked while one commit ran is the next group. No linger, no timer."""

import asyncio
import logging
from typing import TYPE_CHECKING

from infra.driver.flights import Group
from infra.log import LogBusy, LogError, LogFull

if TYPE_CHECKING:
    from infra.driver.consumer import Consumer

FULL_PAUSE_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Bell:
    """Rings on every ack; it stands where Faust keeps a future that its compiled stream iterator notifies."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def done(self) -> bool:
        return self.rung.is_set()

    def set_result(self, result: object) -> None:
        del result
        self.rung.set()


class Committer:
    """Writes groups, one after the other, until it is closed."""

    def __init__(self, consumer: "Consumer") -> None:
        self._consumer = consumer
        self._closed = False
        self._writing = False
        self.bell = Bell()
        self.emptied = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether something that could be committed is not committed yet."""
        return self._writing or self._has_work()

    def _has_work(self) -> bool:
        return not self._closed and self._consumer.flights.landed()

    @property
    def closed(self) -> bool:
        """Whether nothing is committed any more."""
        return self._closed

    def close(self) -> None:
        """Commit nothing from here on: whoever is stopped in the middle of an event still acks it."""
        self._closed = True
        self.bell.rung.set()

    async def run(self) -> None:
        while not self._closed:
            await self.bell.rung.wait()
            self.bell.rung.clear()
            while self._has_work():
                await self._write(self._consumer.flights.take_landed())
                self.emptied.set()

    async def _write(self, group: Group) -> None:
        epoch = self._consumer.ground.epoch
        self._writing = True
        try:
            written = await self._write_when_possible(group, epoch)
            if written and epoch == self._consumer.ground.epoch:
                self._consumer.on_committed(group)
        except LogError as error:
            if epoch == self._consumer.ground.epoch:
                self._consumer.membership.rejoin(error)
            else:
                logger.warning("A commit was refused, others have the work already: %s", error)
        finally:
            self._writing = False

    async def _write_when_possible(self, group: Group, epoch: int) -> bool:
        """Keep a group while the log has no room; what is in flight is bounded, so fetching stops meanwhile.

        False when the group was dropped instead, since the worker has rejoined or stops.
        """
        membership = self._consumer.membership
        waits_count = 0
        while epoch == self._consumer.ground.epoch:
            try:
                await membership.member.commit(group.drafts, group.offsets, membership.generation)
            except (LogFull, LogBusy) as error:
                if waits_count == 0:
                    logger.error("Committing waits, nothing is lost: %s", error)  # noqa: TRY400 # No traceback needed.
                waits_count += 1
                if self._closed:
                    return False
                await asyncio.sleep(FULL_PAUSE_SECONDS)
            else:
                if waits_count:
                    logger.warning("Committing goes on after %.1f seconds.", waits_count * FULL_PAUSE_SECONDS)
                return True
        return False
