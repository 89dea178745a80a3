"""The consumer: Faust's bookkeeping of partitions and acks, over a member of the log; no thread."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from typing import Any

import faust.transport.consumer
from faust.types import TP, ConsumerMessage
from faust.types.transports import TPorTopicSet
from mode import Service, ServiceT

from infra.driver.committing import Committer
from infra.driver.fetching import Fetching
from infra.driver.flights import Flights, Group
from infra.driver.ground import Ground
from infra.driver.membership import Membership
from infra.driver.partitions import partitions_of, tp_of, tps_of
from infra.log import Partition

STOP_SECONDS_MAX = 3.0
"""How long a stopping worker waits for the events it has begun."""


class Consumer(faust.transport.consumer.Consumer):
    """Faust's consumer over the log port; what Faust would commit by itself, the committer does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._assigned: set[Partition] = set()
        self.flights = Flights()
        self.committer = Committer(self)
        self.membership = Membership(self)
        self.fetching = Fetching(self)
        self.ready = asyncio.Event()
        self._waiting_for_ack = self.committer.bell  # type: ignore[assignment] # Only done() and set_result() are used.

    @property
    def ground(self) -> Ground:
        return self.app.ground  # type: ignore[attr-defined,no-any-return] # Only a DriverApp gets this consumer.

    @property
    def group(self) -> str:
        return str(self.app.conf.id)

    # Partitions come and go.

    async def subscribe(self, topics: Iterable[str]) -> None:
        await self.membership.subscribe(topics)

    def drop(self) -> int:
        """Drop everything delivered and staged, and answer with the new epoch."""
        self.ready.clear()
        self.fetching.close()
        self.flights.drop()
        self.ground.standing.drop()
        self._acked.clear()
        self._acked_index.clear()
        self._committed_offset.clear()
        return self.ground.next_epoch()

    def take_over(self, partitions: set[Partition]) -> None:
        """Own these from now on; the others may be written by others, also where they are ours again in a moment."""
        self._assigned = set(partitions)
        self.ground.standing.partitions &= partitions

    def open(self, positions: Mapping[Partition, int]) -> None:
        """Open the stream partitions: the last step of every assignment. Whoever has finished leaves them closed."""
        if self.committer.closed:
            return
        self._committed_offset.update({tp_of(one): offset for one, offset in positions.items()})
        self.fetching.open(positions)
        self.ready.set()

    async def stream_positions(self) -> Mapping[Partition, int]:
        """Where each stream partition reads on: its committed offset, else its first record."""
        changelogs = self.app.tables.changelog_topics
        streams = {one for one in self._assigned if one.topic not in changelogs}
        committed = await self.membership.member.committed(streams)
        beginnings = await self.ground.log.beginnings({one for one in streams if committed.get(one) is None})
        return {**beginnings, **{one: offset for one, offset in committed.items() if offset is not None}}

    def assignment(self) -> set[TP]:
        return tps_of(self._assigned)

    # Events are done.

    def on_committed(self, group: Group) -> None:
        self.membership.on_committed()
        self.ground.standing.settle(group.messages)
        offsets = {tp_of(partition): offset for partition, offset in group.offsets.items()}
        for tp in offsets:
            self._acked.pop(tp, None)
            self._acked_index.pop(tp, None)
        self._committed_offset.update(offsets)
        self.app.monitor.on_tp_commit(offsets)

    async def commit(self, topics: TPorTopicSet | None = None, start_new_transaction: bool = True) -> bool:  # noqa: FBT001, FBT002 # Faust's signature.
        """Nothing to do: every ack is committed as soon as the log is free."""
        del topics, start_new_transaction
        return True

    async def finish(self) -> None:
        """Let the events that have begun end, commit them, and commit nothing afterwards."""
        self.fetching.close()
        self.stop_flow()
        self.app.flow_control.suspend()
        self.app.flow_control.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await self._until_landed()
        self.committer.close()

    async def _until_landed(self) -> None:
        while self._begun() or self.committer.busy:  # noqa: ASYNC110 # Handlers and disk end at their own pace.
            await asyncio.sleep(0.005)

    def _begun(self) -> bool:
        epoch = self.ground.epoch
        return any(message.generation_id == epoch and not message.acked for message in list(self._unacked_messages))

    async def on_stop(self) -> None:
        self.committer.close()
        await self.membership.leave()

    async def wait_empty(self) -> None:
        await self.finish()

    @Service.task
    async def _commit_handler(self) -> None:
        await self.committer.run()

    @Service.task
    async def _commit_livelock_detector(self) -> None:
        """Nothing can hang between a fetch and a commit here: both are ours."""

    # Fetching.

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        del fetcher
        try:
            await self.fetching.run()
        except asyncio.CancelledError:
            # Faust takes a cancellation during a rebalance for a crash, also when the app stops.
            if not self.app.should_stop:
                raise

    # What Faust asks about positions; recovery and fetching keep their own.

    async def position(self, tp: TP) -> int | None:
        return self.fetching.position(Partition(*tp))

    async def _seek(self, partition: TP, offset: int) -> None:
        self.fetching.seek(Partition(*partition), offset)

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        for partition, offset in partitions.items():
            await self.seek(partition, offset)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        return {tp_of(one): offset for one, offset in (await self.stream_positions()).items()}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        beginnings = await self.ground.log.beginnings(partitions_of(partitions))
        return {tp_of(one): offset for one, offset in beginnings.items()}

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        ends = await self.ground.log.ends(partitions_of(partitions))
        return {tp_of(one): offset for one, offset in ends.items()}

    def highwater(self, tp: TP) -> int:
        return self.fetching.position(Partition(*tp)) or 0

    def topic_partitions(self, topic: str) -> int | None:
        return self.ground.log.partitions_of(topic)

    def key_partition(  # budget: the parameters are those of Faust's own method
        self, topic: str, key: bytes | None, partition: int | None = None
    ) -> int | None:
        return self.ground.place(topic, key, partition=partition).number

    async def create_topic(self, topic: str, partitions: int, *replication: int, **settings: Any) -> None:
        await self.app.producer.create_topic(topic, partitions, *replication, **settings)

    # Never called: the drain loop and the committer stand in their place.

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        raise NotImplementedError(offsets)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109 # The name is Faust's.
        raise NotImplementedError(active_partitions, timeout)

    def getmany(self, timeout: float) -> AsyncIterator[Any]:
        raise NotImplementedError(timeout)

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        raise NotImplementedError(tp, record)
