"""The ground of an app: its log, opened once, shared by Faust's producer and consumer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from infra.driver.session.staging import size_of
from infra.driver.session.trusted import Trusted
from infra.log import Draft, Log, LogError, Partition, RecordTooLarge, TopicMismatch, TopicSpec
from infra.placement import partition_number


class LogNotOpen(LogError):
    """The log is not open: start the app, or open its ground, before reading or writing."""


class Ground:
    """The log of one app, and what all parts of the driver know of it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._log: Log | None = None
        self._opening = asyncio.Lock()
        self._turn = 0
        self.worker = "0"
        self.record_bytes_max: int | None = None
        self.batched_topics: set[str] = set()
        self.trusted = Trusted()
        self.at_door: Callable[[Draft], Draft] | None = None
        self.on_open: Callable[[Log], Awaitable[None]] | None = None

    @property
    def log(self) -> Log:
        if self._log is None:
            raise LogNotOpen
        return self._log

    async def open(self, new_log: Callable[[], Log]) -> None:
        """Open the log, once; `new_log` builds it."""
        async with self._opening:
            if self._log is None:
                log = new_log()
                try:
                    await log.open()
                except BaseException:
                    await log.close()
                    raise
                self._log = log
                if self.on_open is not None:
                    await self.on_open(log)

    async def close(self) -> None:
        """Close the log; safe to call twice."""
        async with self._opening:
            log, self._log = self._log, None
            if log is not None:
                await log.close()

    async def ensure_topic(self, topic: str) -> None:
        """Create a topic that was not declared, with the app's defaults."""
        if self.log.partitions_of(topic) is None:
            await self.log.create_topics([TopicSpec(topic, partitions=self._app.conf.topic_partitions)])

    def require_fit(self, record: Draft) -> None:
        """Refuse a record that the log would refuse: its sender is still here, and at the commit it is not."""
        size = size_of(record)
        if self.record_bytes_max is not None and size > self.record_bytes_max:
            where = record.partition.topic
            raise RecordTooLarge(f"A record for {where} has {size} bytes, the log accepts {self.record_bytes_max}.")

    def place(self, topic: str, key: bytes | None, *, partition: int | None = None) -> Partition:
        """The partition for a record of this key; records without a key take turns.

        `TopicMismatch` for a partition that is not there: a commit would fail at it, and its event come again for ever.
        """
        count = self.log.partitions_of(topic)
        if partition is not None:
            if count is not None and partition >= count:
                raise TopicMismatch(
                    f"The topic {topic!r} has {count} partitions, none of the number {partition}: the topic of the "
                    "event was given more partitions, and that has moved its keys."
                )
            return Partition(topic, partition)
        if count is None:
            raise LogError(f"There is no topic {topic!r}: declare it before sending to it.")
        if key is None:
            self._turn += 1
            return Partition(topic, self._turn % count)
        return Partition(topic, partition_number(key, count))
