"""Membership in a consumer group: which partitions, since which generation."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from infra.log import Assign, Batch, Draft, Fenced, LogBroken, LogBusy, LogFull, OnPartitions, Partition
from infra.sqlite_log.engine import Engine
from infra.sqlite_log.file.queries import read_committed
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.writer.ledger import JobChanges, Ledger

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MemberTerms:
    """Under which name and on which terms a worker takes part in a group."""

    group: str
    on_revoked: OnPartitions
    on_assigned: OnPartitions
    assign: Assign


class SqliteMember:
    """The membership of this worker, which is the only one of the log.

    Each `subscribe` begins a new generation. Only the newest generation of a group may commit, and only for the
    partitions it was assigned; the file itself knows which generation that is.
    """

    def __init__(self, engine: Callable[[], Engine], terms: MemberTerms, *, settings: SqliteLogSettings) -> None:
        self._engine = engine
        self._settings = settings
        self._terms = terms
        self._topics: frozenset[str] = frozenset()
        self._assigned: set[Partition] = set()
        self._generation = 0
        self._broken: LogBroken | None = None
        self.left = False
        self._wanted = False
        self._rebalancing: asyncio.Task[None] | None = None

    @property
    def group(self) -> str:
        """The name of the group."""
        return self._terms.group

    async def subscribe(self, topics: Collection[str]) -> None:
        """Take part in these topics; one that does not exist yet is taken up when it is created."""
        self._require_membership()
        self._topics = frozenset(topics)
        self._rebalance_soon()

    def topics_created(self, topics: Collection[str]) -> None:
        """Take up topics that were subscribed to before they existed."""
        if not self.left and self._topics.intersection(topics):
            self._rebalance_soon()

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read any partitions of the log, assigned or not; raise `Fenced` after `leave`."""
        self._require_membership()
        batches = await self._engine().read(positions, records_max=records_max, wait_seconds=wait_seconds)
        self._require_membership()
        return batches

    async def committed(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset the group will read, None if it never committed."""
        self._require_membership()
        known = await self._engine().files.ask(lambda connection: read_committed(connection, self.group))
        return {partition: known.get(partition) for partition in partitions}

    async def commit(  # budget: the port fixes these three
        self, drafts: Sequence[Draft], offsets: Mapping[Partition, int], generation: int
    ) -> None:
        """Write the drafts and move the offsets, all or nothing.

        A commit that is cancelled while it waits for the disk may still be written.
        """
        self._require_membership()
        if generation != self._generation or not self._assigned.issuperset(offsets):
            raise Fenced

        def work(ledger: Ledger, changes: JobChanges) -> None:
            ledger.require_generation(self.group, generation)
            ledger.append(drafts, changes)
            ledger.move_offsets(self.group, offsets)

        await self._engine().write(work, drafts, in_turn=True)

    async def leave(self) -> None:
        """End the membership without calling back; safe to call twice."""
        self.left = True
        task = self._rebalancing
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.wait((task,), timeout=self._settings.close_wait_seconds_max)

    def _require_membership(self) -> None:
        if self._broken is not None:
            raise LogBroken(str(self._broken))
        if self.left:
            raise Fenced

    def _rebalance_soon(self) -> None:
        self._wanted = True
        if self._rebalancing is None or self._rebalancing.done():
            self._rebalancing = asyncio.create_task(self._rebalance(), name=f"rebalance of {self.group}")

    async def _rebalance(self) -> None:
        while self._wanted and not self.left:
            self._wanted = False
            if self._generation:
                await self._tell(self._terms.on_revoked, set(self._assigned))
            try:
                await self._begin_generation()
            except Exception as error:  # no caller waits for this task
                logger.exception("The group %s cannot begin.", self.group)
                # At an empty assignment the worker asks for its offsets, and the answer says why there are none.
                self._broken, self._assigned = LogBroken(str(error)), set()
            await self._tell(self._terms.on_assigned, set(self._assigned))

    async def _begin_generation(self) -> None:
        engine = self._engine()
        while True:
            try:
                self._generation = await engine.write(
                    lambda ledger, _: ledger.next_generation(self.group), in_turn=True
                )
                break
            except (LogBusy, LogFull) as error:
                # Without a generation nothing can be done, and it may be had in a moment.
                logger.warning("The group %s waits to begin: %s", self.group, error)
                await asyncio.sleep(self._settings.rejoin_pause_seconds)
        known = engine.view.topics
        counts = {topic: known[topic].partitions for topic in sorted(self._topics) if topic in known}
        self._assigned = set(self._terms.assign(counts))

    async def _tell(self, callback: OnPartitions, partitions: set[Partition]) -> None:
        try:
            async with asyncio.timeout(self._settings.callback_wait_seconds_max):
                await callback(partitions, self._generation)
        except TimeoutError:
            logger.exception("The group %s did not take note of its partitions in time.", self.group)
        except Exception:  # a fault of the listener must not end the membership
            logger.exception("The group %s could not take note of its partitions.", self.group)
