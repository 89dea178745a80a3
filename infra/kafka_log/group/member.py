"""Membership in a group on Kafka: the coordinator deals the partitions and fences a worker that has lost them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.kafka_log.group.deal import give_up, undealt
from infra.kafka_log.group.marks import Marks
from infra.kafka_log.group.offsets import read_committed
from infra.kafka_log.group.seat import Assigned, Change, GroupPlace, Revoked, Seat
from infra.kafka_log.nodes import Nodes
from infra.kafka_log.protocol import GroupMember
from infra.kafka_log.records import producers
from infra.kafka_log.records.batches import require_sizes
from infra.kafka_log.records.producers import FencedProducer
from infra.kafka_log.records.reader import Reader
from infra.kafka_log.records.transactions import transact
from infra.kafka_log.trouble import translated
from infra.log import Batch, Draft, Fenced, LogError, OnPartitions, Partition, Replaced

CALLBACK_SECONDS_MAX = 300.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """How a worker takes part in a group: its last place there, what deals the partitions, and what is called then.

    `compacted` are the topics that are known to be so; more may be added. `append` writes outside the group.
    """

    group: str
    place: GroupPlace
    assignor: Any
    compacted: Collection[str]
    append: Callable[[Sequence[Draft]], Awaitable[object]]
    on_revoked: OnPartitions
    on_assigned: OnPartitions


@dataclass(frozen=True, slots=True)
class Term:
    """One assignment: its generation, its partitions, the member that we are, and its producer."""

    generation: int
    partitions: frozenset[Partition]
    member: GroupMember
    producer: Any


class KafkaMember:
    """The membership of this worker.

    Generations are counted here: a worker that comes back under its name may get its old generation from Kafka.
    One task handles changes in order. It revokes the old partitions, ends their producer, starts a new one, which
    undoes what the old one left open, and only then passes the new partitions on.
    """

    def __init__(
        self, nodes: Nodes, reader: Reader, *, terms: GroupTerms, seated: Callable[[GroupMember], None]
    ) -> None:
        self._nodes = nodes
        self._settings = nodes.settings
        self._reader = reader
        self._terms = terms
        self._seated = seated
        self._seat = Seat(nodes.settings, terms.group, place=terms.place, assignor=terms.assignor, tell=self._on_change)
        self._seat_open = False
        self._topics: frozenset[str] = frozenset()
        self._place_is_new = False
        self._changes: asyncio.Queue[Change | frozenset[str]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._marks = Marks(nodes.settings.segment_seconds)
        self._term: Term | None = None
        self._fenced = True
        self._replaced: Replaced | None = None
        self._generation = 0
        self._was: GroupMember | None = None
        self._turn = asyncio.Lock()
        self.left = False

    async def subscribe(self, topics: Collection[str]) -> None:
        """Take part in these topics; one that does not exist yet is taken up when it is created."""
        self._require_membership()
        self._changes.put_nowait(frozenset(topics))
        if not self._tasks:
            name = f"membership in {self._terms.group}"
            self._tasks = [asyncio.create_task(work(), name=name) for work in (self._work, self._mark)]

    def topics_created(self) -> None:
        """Take up topics that were subscribed to before they existed."""
        if not self.left:
            self._seat.look()

    async def read(
        self, positions: Mapping[Partition, int], *, records_max: int, wait_seconds: float
    ) -> Mapping[Partition, Batch]:
        """Read any partitions of the log, assigned or not; raise `Fenced` after `leave`."""
        self._require_membership()
        batches = await self._reader.read(positions, records_max=records_max, wait_seconds=wait_seconds)
        self._require_membership()
        return batches

    async def committed(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        """The next offset the group will read, None if it never committed; waits for open transactions."""
        self._require_membership()
        return await read_committed(self._nodes, self._terms.group, partitions=partitions)

    async def commit(  # budget: the port fixes these three
        self, drafts: Sequence[Draft], offsets: Mapping[Partition, int], generation: int
    ) -> None:
        """Write the drafts and move the offsets, all or nothing, in one transaction.

        After any error but `RecordTooLarge` it is unknown whether it was written: the membership has ended, join again.
        """
        self._require_term(offsets, generation)
        require_sizes(drafts, self._settings.record_bytes_max)
        async with self._turn:
            term = self._require_term(offsets, generation)
            try:
                with translated():
                    async with asyncio.timeout(self._settings.transaction_seconds_max):
                        await transact(term.producer, drafts, offsets=offsets, group=self._terms.group)
            except LogError as error:
                self._fence(term)
                raise Fenced(f"The transaction has failed: {error}") from error
            except BaseException:
                self._fence(term)
                raise
        self._marks.note({draft.partition for draft in drafts})

    async def leave(self) -> None:
        """End the membership without calling back; safe to call twice."""
        self.left = True
        self._fenced = True
        tasks, self._tasks = [one for one in self._tasks if one is not asyncio.current_task()], []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._settings.close_seconds_max)
        await self._end_term()
        await self._seat.close()

    def _require_membership(self) -> None:
        if self._replaced is not None:
            raise Replaced(str(self._replaced))
        if self.left:
            raise Fenced

    def _require_term(self, offsets: Mapping[Partition, int], generation: int) -> Term:
        self._require_membership()
        term = self._term
        if self._fenced or term is None or generation != term.generation:
            raise Fenced
        if not term.partitions.issuperset(offsets):
            raise Fenced
        return term

    def _fence(self, term: Term) -> None:
        if term is self._term:
            self._fenced = True

    def _on_change(self, change: Change) -> None:
        """Commit nothing from here on; the task does the rest."""
        self._fenced = True
        self._changes.put_nowait(change)

    async def _mark(self) -> None:
        """Write the marks that are due, until cancelled; one that comes after a partition was lost is harmless."""
        while True:
            await asyncio.sleep(self._marks.pause_seconds)
            held = self._term.partitions if self._term else ()
            for mark in self._marks.take([one for one in held if one.topic in self._terms.compacted]):
                try:
                    await self._terms.append([mark])
                except LogError:
                    self._marks.note([mark.partition])  # It is due again a while later.

    async def _work(self) -> None:
        while not self.left:
            change = await self._changes.get()
            if isinstance(change, Revoked):
                await self._until_done(self._lose)
            elif isinstance(change, Replaced):
                await self._until_done(lambda change=change: self._give_way(change))  # type: ignore[misc] # mypy cannot infer it.
            elif isinstance(change, Assigned):
                await self._until_done(lambda change=change: self._gain(change))  # type: ignore[misc] # As above.
            else:
                await self._until_done(lambda change=change: self._sit(change))  # type: ignore[misc] # As above.

    async def _until_done(self, step: Callable[[], Any]) -> None:
        """Report an error of this task: no caller waits for it, so the worker would stop without a word."""
        while not self.left:
            try:
                await step()
            except LogError as error:
                logger.warning("The group %s is not joined yet: %s", self._terms.group, error)
            except Exception:  # whatever it is, it is tried again
                logger.exception("The group %s is not joined yet.", self._terms.group)
            else:
                return
            await asyncio.sleep(self._settings.rejoin_pause_seconds)

    async def _sit(self, topics: frozenset[str]) -> None:
        if not self._seat_open:
            await self._seat.open()
            self._seat_open = True
        self._topics = topics
        await self._seat.subscribe(topics)

    async def _lose(self) -> None:
        term = self._term
        if term is not None:
            await self._tell(self._terms.on_revoked, term.partitions)
            await self._end_term()

    async def _give_way(self, error: Replaced) -> None:
        """Pass on an empty assignment: the worker then asks for its offsets, and the answer says why there are none."""
        await self._lose()
        self._replaced = error
        self._generation += 1
        await self._tell(self._terms.on_assigned, frozenset())

    async def _gain(self, change: Assigned) -> None:
        if not self._changes.empty():
            # The next change ends this assignment.
            return
        if not self._place_is_new and await self._was_dealt_to_another(change):
            return
        producer = FencedProducer(self._settings, change.member, transactional_id=self._seat.instance_id)
        with translated():
            await producers.start(producer, self._settings.open_seconds_max)
        self._seated(change.member)
        self._generation += 1 if self._goes_on(change.member) else 2
        self._was = change.member
        self._term = Term(self._generation, frozenset(change.partitions), change.member, producer)
        self._fenced = not self._changes.empty()
        self._marks.note(self._term.partitions)
        await self._tell(self._terms.on_assigned, self._term.partitions)

    def _goes_on(self, now: GroupMember) -> bool:
        """Whether we kept our place since the last term, and every dealing in between included us."""
        was = self._was
        return was is not None and was.member_id == now.member_id and now.generation - was.generation in {0, 1}

    async def _was_dealt_to_another(self, change: Assigned) -> bool:
        """Whether the place was kept for a worker with other topics; then it is given up and taken again, once."""
        missing = await undealt(self._nodes, self._terms.group, topics=self._topics)
        self._place_is_new = True
        if missing:
            logger.warning("The group %s deals anew, for the sake of %s.", self._terms.group, sorted(missing))
            await give_up(self._nodes, change.member)
            self._seat.take_anew()
        return bool(missing)

    async def _end_term(self) -> None:
        term, self._term = self._term, None
        if term is not None:
            await producers.end(term.producer, seconds_max=self._settings.close_seconds_max)

    async def _tell(self, callback: OnPartitions, partitions: Collection[Partition]) -> None:
        try:
            async with asyncio.timeout(CALLBACK_SECONDS_MAX):
                await callback(set(partitions), self._generation)
        except TimeoutError:
            logger.exception("The group %s did not take note of its partitions in time.", self._terms.group)
        except Exception:  # a fault of the listener must not end the membership
            logger.exception("The group %s could not take note of its partitions.", self._terms.group)
