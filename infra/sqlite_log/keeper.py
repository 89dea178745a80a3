"""The keeper: has the log tidied from time to time, and when asked."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from infra.log import LogError, Partition, TopicSpec
from infra.sqlite_log.engine import Engine
from infra.sqlite_log.writer.compaction import Slice, bury_slice, compact_slice, expire_slice, vacuum_slice
from infra.sqlite_log.writer.transaction import Work

logger = logging.getLogger(__name__)

Clock = Callable[[], int]
"""Milliseconds since the epoch, UTC."""


def machine_clock() -> int:
    """The machine's time."""
    return int(time.time() * 1000)  # noqa: TID251 - how long the file keeps a record is a matter of the machine's time


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a round did: records removed because newer ones or their age made them superfluous, and pages given back."""

    replaced: int = 0
    expired: int = 0
    pages: int = 0


class Keeper:
    """Tidies one open log; used from one event loop."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._settings = engine.settings
        self._clock = clock
        self._turn = asyncio.Lock()
        self._ends_seen: dict[Partition, int] = {}
        self._whole_at_ms = 0
        self._rounds: asyncio.Task[None] | None = None
        if self._settings.tidy_interval_seconds > 0:
            self._rounds = asyncio.create_task(self._tidy_for_ever(), name="log keeper")

    async def stop(self) -> None:
        """End; a slice that was begun is finished by the writer."""
        if self._rounds is not None:
            self._rounds.cancel()
            with suppress(asyncio.CancelledError):
                await self._rounds

    async def tidy(self, *, records_min: int = 0) -> Tidied:
        """Do one round, passing over compacted partitions with fewer than `records_min` new records.

        The first round and one every `compact_whole_seconds` pass over none: else what was deleted of a small table,
        which may be about a person, stayed on the disk.
        """
        async with self._turn:
            if is_whole := self._clock() >= self._whole_at_ms:
                self._whole_at_ms, records_min = self._clock() + int(self._settings.compact_whole_seconds * 1000), 0
            expired = sum([await self._expire(spec) for spec in self._topics() if spec.retention_seconds is not None])
            replaced = sum([await self._compact(spec, records_min) for spec in self._topics() if spec.compacted])
            slices = await self._slices(self._bury)
            buried = sum(done.removed for done in slices)
            slices = await self._slices(self._vacuum)
            await self._engine.files.checkpoint(empties=is_whole)
            return Tidied(replaced + buried, expired, sum(done.pages for done in slices))

    async def _tidy_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._settings.tidy_interval_seconds)
            try:
                await self.tidy(records_min=self._settings.compact_records_min)
            except LogError as error:
                # A full disk or a long queue: the next round tries again, the commits tell the worker themselves.
                logger.warning("The log could not be tidied: %s", error)
            except Exception:  # a fault of the tidying must not keep the log from closing
                logger.exception("The log could not be tidied.")

    async def _compact(self, spec: TopicSpec, records_min: int) -> int:
        replaced = 0
        for number in range(spec.partitions):
            partition = Partition(spec.name, number)
            end = self._engine.view.span(partition).end
            if end - self._ends_seen.get(partition, 0) < records_min:
                continue
            slices = await self._slices(partial(self._compact_work, partition))
            self._ends_seen[partition] = end
            replaced += sum(done.removed for done in slices)
        return replaced

    async def _expire(self, spec: TopicSpec) -> int:
        before_ms = self._clock() - int((spec.retention_seconds or 0) * 1000)
        expired = 0
        for number in range(spec.partitions):
            slices = await self._slices(partial(self._expire_work, Partition(spec.name, number), before_ms))
            expired += sum(done.removed for done in slices)
        return expired

    async def _slices(self, work: Callable[[], Work]) -> list[Slice]:
        done: list[Slice] = []
        while not done or done[-1].more:
            if done:
                await asyncio.sleep(self._settings.tidy_pause_seconds)
            done.append(await self._engine.write(work(), in_turn=True))
        return done

    def _topics(self) -> list[TopicSpec]:
        return list(self._engine.view.topics.values())

    def _compact_work(self, partition: Partition) -> Work:
        bury_ms = self._clock() + int(self._settings.tombstone_grace_seconds * 1000)
        records_max = self._settings.tidy_slice_records
        return partial(compact_slice, partition=partition, records_max=records_max, bury_ms=bury_ms)

    def _expire_work(self, partition: Partition, before_ms: int) -> Work:
        records_max = self._settings.tidy_slice_records
        return partial(expire_slice, partition=partition, records_max=records_max, before_ms=before_ms)

    def _bury(self) -> Work:
        return partial(bury_slice, now_ms=self._clock(), records_max=self._settings.tidy_slice_records)

    def _vacuum(self) -> Work:
        settings = self._settings
        return partial(vacuum_slice, pages_kept=settings.free_pages_kept, pages_max=settings.free_pages_slice)
