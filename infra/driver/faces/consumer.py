"""The consumer: Faust's bookkeeping of partitions and acks, over sessions of a member of the log; no thread."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from typing import Any

import faust.transport.consumer
from faust.types import TP
from faust.types.transports import TPorTopicSet
from mode import Service, ServiceT

from infra.driver.faces.assignor import deal
from infra.driver.ground import Ground
from infra.driver.partitions import tp_of, tps_of
from infra.driver.refusals import refuse
from infra.driver.session.committer import Committer
from infra.driver.session.fetcher import Fetcher
from infra.driver.session.flights import Group
from infra.driver.session.membership import Assignment, Membership
from infra.driver.session.session import Session
from infra.driver.session.staging import Delivered
from infra.log import LogError, Member, OnPartitions, Partition

STOP_SECONDS_MAX = 3.0
"""How long a stopping worker waits for the events it has begun."""

_not_called = refuse("positions that Faust moves", "sessions of the driver read and commit by themselves")


class Consumer(faust.transport.consumer.Consumer):
    """Faust's consumer over the log port; what Faust would commit by itself, the committer does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session: Session | None = None
        """The newest session, also when it is over; None before the first assignment."""
        self.committer = Committer(lambda: self.session, self._on_committed)
        self.fetcher = Fetcher(self._deliver, listened=self._listen, batched=self.ground.batched_topics)
        self.membership = Membership(self)
        self.ready = asyncio.Event()
        self._waiting_for_ack = self.committer.bell  # type: ignore[assignment] # Only done() and set_result() are used.

    @property
    def ground(self) -> Ground:
        return self.app.ground  # type: ignore[attr-defined,no-any-return] # Only a DriverApp gets this consumer.

    def require_session(self) -> Session:
        """The newest session; `LogError` before the first."""
        if self.session is None:
            raise LogError("The worker has not been given its partitions yet.")
        return self.session

    # What membership asks of its worker.

    def join(self, on_revoked: OnPartitions, on_assigned: OnPartitions) -> Member:
        return self.ground.log.join(
            str(self.app.conf.id),
            on_revoked=on_revoked,
            on_assigned=on_assigned,
            assign=lambda counts: deal(self.app.assignor, counts),
        )

    async def gain(self, assignment: Assignment) -> None:
        if not self.app.rebalancing:
            self.app.on_rebalance_start()
        before = self.session.generation if self.session else 0
        self._end_session()
        session = Session(
            self.app.consumer_generation_id,
            assignment.member,
            generation=assignment.generation,
            partitions=assignment.partitions,
            on_trouble=self.membership.rejoin,
        )
        if not session.follows(before):
            # Others may have written to our tables in between.
            self.ground.trusted.clear()
        self.ground.trusted.partitions &= session.partitions
        self.session = session
        await self.on_partitions_assigned(tps_of(session.partitions), session.number)

    async def lose(self) -> None:
        self.app.on_rebalance_start()
        self._end_session()
        await self.on_partitions_revoked(self.assignment())

    def fail(self) -> None:
        self._end_session()
        self.ground.trusted.clear()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        return self.add_future(work)

    def stop_app(self, error: LogError) -> None:
        self.add_future(self.app.crash(error))

    # A session begins and ends.

    async def subscribe(self, topics: Iterable[str]) -> None:
        await self.membership.subscribe(topics)

    def _end_session(self) -> None:
        """Drop everything that was delivered and staged; Faust's streams skip messages of an older number."""
        self.ready.clear()
        self.fetcher.close()
        if self.session is not None:
            self.session.end()
        self.ground.trusted.drop()
        self._acked.clear()
        self._acked_index.clear()
        self._committed_offset.clear()
        self.app.consumer_generation_id += 1

    def open(self, session: Session, positions: Mapping[Partition, int]) -> None:
        """Open the stream partitions: the last step of every assignment. A worker that has finished opens none."""
        if self.committer.closed:
            return
        self._committed_offset.update({tp_of(one): offset for one, offset in positions.items()})
        session.open(positions)
        self.fetcher.open(session)
        self.ready.set()

    @property
    def is_handling(self) -> bool:
        """Whether events are with the agents, or a commit of theirs is under way, however long it takes."""
        return self.committer.busy or (self.session is not None and not self.session.flights.is_empty)

    async def stream_positions(self, session: Session | None = None) -> Mapping[Partition, int]:
        """The offset at which each stream partition of a session reads on: the committed one, else the first."""
        session = session or self.require_session()
        changelogs = self.app.tables.changelog_topics
        streams = {one for one in session.partitions if one.topic not in changelogs}
        committed = await session.member.committed(streams)
        beginnings = await self.ground.log.beginnings({one for one in streams if committed.get(one) is None})
        return {**beginnings, **{one: offset for one, offset in committed.items() if offset is not None}}

    def assignment(self) -> set[TP]:
        return tps_of(self.session.partitions) if self.session else set()

    # Messages go out, and come back acked.

    def _listen(self) -> Mapping[TP, Any]:
        """The partitions that a stream listens to."""
        return self.app.topics._tp_to_callback  # type: ignore[attr-defined,no-any-return] # Faust's conductor.

    async def _deliver(self, session: Session, message: Delivered) -> None:
        """Put a message in flight and then into the streams; a message that no stream wants is done at once."""
        if self.app.topics.acks_enabled_for(message.topic):
            session.flights.add(message)
        await self.callback(message)
        if message.refcount == 0 and not message.acked:
            message.acked = True
            self.committer.bell.set_result(None)

    def _on_committed(self, group: Group) -> None:
        self.membership.on_committed()
        self.ground.trusted.settle(group.messages)
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

    # The worker ends.

    async def finish(self) -> None:
        """Let the events that have begun end, commit them, and commit nothing afterwards."""
        self.fetcher.close()
        if self.session is not None:
            self.session.close()
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
        messages: list[Any] = list(self._unacked_messages)
        return any(not message.tenure.is_over and not message.acked for message in messages)

    async def on_stop(self) -> None:
        self.committer.close()
        await self.membership.leave()

    async def wait_empty(self) -> None:
        await self.finish()

    # Tasks of Faust's consumer.

    @Service.task
    async def _commit_handler(self) -> None:
        await self.committer.run()

    @Service.task
    async def _commit_livelock_detector(self) -> None:
        """Nothing can hang between a fetch and a commit here: both are the driver's."""

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        del fetcher
        try:
            await self.fetcher.run()
        except asyncio.CancelledError:
            # Faust takes a cancellation during a rebalance for a crash, also when the app stops.
            if not self.app.should_stop:
                raise

    def topic_partitions(self, topic: str) -> int | None:
        return self.ground.log.partitions_of(topic)

    # Only Faust's own recovery, fetch loop and transactions call these, and the driver replaces all three.

    position = _seek = seek_wait = seek_to_committed = earliest_offsets = highwaters = highwater = _not_called
    key_partition = create_topic = _new_topicpartition = _commit = _getmany = getmany = _to_message = _not_called
