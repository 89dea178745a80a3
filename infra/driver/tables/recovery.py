"""Recovery: the steps of an assignment, in their only right order.

First what was staged is dropped. Then the committed offsets are read, which waits for a commit that an earlier worker
may still have under way. Then the tables are cleared, but for partitions that memory still holds as the changelog has
them (`trusted`), and the changelogs are read up to their ends, but for those of lazy tables whose rows the log finds
(`lazy`). Only then the stream partitions are opened. In another order the earlier worker's last commit could be in the
offsets and not in the tables.
A recovery ends when its session is over.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol, cast

import faust.tables.manager
import faust.tables.recovery
from faust.types import TP
from mode import Seconds, Service
from mode.utils.times import want_seconds

from infra.driver.ground import Ground
from infra.driver.partitions import partitions_of, tp_of
from infra.driver.session.session import Session
from infra.driver.session.staging import Delivered
from infra.driver.tables.lazy import LazyTable
from infra.driver.tables.table import Table
from infra.log import Batch, LogError, Partition

CHANGELOG_RECORDS_MAX = 2_000
READ_SECONDS = 0.5


class RecoveryHost(Protocol):
    """What a recovery asks of the consumer."""

    ground: Ground

    def require_session(self) -> Session:
        """The newest session."""

    async def stream_positions(self, session: Session) -> Mapping[Partition, int]:
        """The offset at which each stream partition reads on."""

    def resume_flow(self) -> None:
        """Let messages pass again."""

    def open(self, session: Session, positions: Mapping[Partition, int]) -> None:
        """Open the stream partitions."""


class Recovery(faust.tables.recovery.Recovery):
    """Rebuilds all tables of this worker. Faust's own recovery lets messages pass between its steps, and loses them."""

    _running: asyncio.Future[Any] | None = None

    @property
    def consumer(self) -> RecoveryHost:
        return cast("RecoveryHost", self.app.consumer)

    async def on_rebalance(  # budget: the parameters are those of Faust's own method
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        del assigned, revoked, newly_assigned, generation_id
        if self._running is not None:
            self._running.cancel()
        self.signal_recovery_end.clear()
        self._take_changelogs()
        self._running = self.add_future(self._recover(self.consumer.require_session()))

    def _take_changelogs(self) -> None:
        self.active_tps.clear()
        self.actives_for_table.clear()
        self.tp_to_table.clear()
        for partition in self.app.assignor.assigned_actives():
            table = self.tables._changelogs.get(partition.topic)
            if table is not None:
                self.active_tps.add(partition)
                self.actives_for_table[table].add(partition)
                self.tp_to_table[partition] = table

    async def _recover(self, session: Session) -> None:
        try:
            positions = await self.consumer.stream_positions(session)
            await self._rebuild(session)
            if not session.is_over:
                await self._open(session, positions)
        except LogError as error:
            session.fail(error)

    async def _rebuild(self, session: Session) -> None:
        self._set_recovery_started()
        trusted, log = self.consumer.ground.trusted, self.consumer.ground.log
        mine = partitions_of(self.active_tps) & session.partitions
        self._clear(mine)
        untrusted = partitions_of(self.active_tps) - trusted.partitions
        unread = {one for one in untrusted if not self._is_found(one)}
        ends, positions = await log.ends(unread), dict(await log.beginnings(unread))
        while left := {one: offset for one, offset in positions.items() if offset < ends[one]}:
            batches = await session.member.read(left, records_max=CHANGELOG_RECORDS_MAX, wait_seconds=READ_SECONDS)
            if session.is_over:
                return
            for partition, batch in batches.items():
                positions[partition] = batch.next_offset
                await self._apply(session, partition, batch)
        if not session.is_over:
            trusted.partitions = mine
        self.active_highwaters = Counter({tp_of(partition): end for partition, end in ends.items()})

    def _clear(self, mine: set[Partition]) -> None:
        """Clear all tables, but for the trusted partitions that this worker still has.

        The assignor may know a newer assignment already, so `mine` holds what the assignor and the session both name.
        """
        trusted = self.consumer.ground.trusted
        trusted.partitions &= mine
        for name, table in self.tables._changelogs.items():
            cast("Table", table).keep({one.number for one in trusted.partitions if one.topic == name})

    def _is_found(self, partition: Partition) -> bool:
        """Whether the log finds the rows of this partition when they are asked for, so that none is read now."""
        table = self.tp_to_table[tp_of(partition)]
        return isinstance(table, LazyTable) and table.begin(partition, self.consumer.ground.log)

    async def _apply(self, session: Session, partition: Partition, batch: Batch) -> None:
        table = self.tp_to_table[tp_of(partition)]
        if isinstance(table, LazyTable):
            table.take(partition, batch.records)
            return
        decode = table.changelog_topic.decode
        events = []
        for record in batch.records:
            message = Delivered(record, value=record.value, next_offset=record.offset + 1, tenure=session)
            event = await decode(message, propagate=True)
            events.append(event)
            await table.on_changelog_event(event)
        table.apply_changelog_batch(events)
        await asyncio.sleep(0)

    async def _open(self, session: Session, positions: Mapping[Partition, int]) -> None:
        """Say that the tables are complete, then open the streams: nothing may come between and be lost."""
        for table in self.tables.values():
            await table.on_recovery_completed(self.actives_for_table[table], set())
        await self.app.on_rebalance_complete.send()
        await cast("Any", self.app)._fetcher.maybe_start()
        if not session.is_over and not self.app.should_stop:
            self._finish(session, positions)

    def _finish(self, session: Session, positions: Mapping[Partition, int]) -> None:
        self._set_recovery_ended()
        self.app.flow_control.resume()
        self.consumer.resume_flow()
        self.consumer.open(session, positions)
        self.tables.on_actives_ready()
        self.tables.on_standbys_ready()
        self.app.on_rebalance_end()
        self.completed.set()

    @Service.task
    async def _restart_recovery(self) -> None:
        """Recovery begins with the assignment, not with a signal that an older one may leave behind."""

    @Service.task
    async def _slurp_changelogs(self) -> None:
        """Changelogs do not pass through the streams' fetch loop."""

    @Service.task
    async def _publish_stats(self) -> None:
        """Faust's statistics watch the signals that are not used here."""


class TableManager(faust.tables.manager.TableManager):
    """Faust's table manager with the recovery above."""

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = Recovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return cast("Recovery", self._recovery)

    async def sleep(self, n: Seconds) -> None:
        """Faust gives agents a second to register their topics; here they have done so before the app starts."""
        await super().sleep(min(want_seconds(n), 0.05))
