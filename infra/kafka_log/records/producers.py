"""Producers of aiokafka: one whose transactions are fenced by the group, and how any of them is ended in time."""

import asyncio
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.client import CoordinationType
from aiokafka.errors import ConcurrentTransactions, IllegalGenerationError, ProducerFenced
from aiokafka.producer.sender import AddPartitionsToTxnHandler, Sender, TxnOffsetCommitHandler

from infra.kafka_log.nodes import close
from infra.kafka_log.protocol import (
    FENCED_INSTANCE_ID,
    ILLEGAL_GENERATION,
    PRODUCER_FENCED,
    REBALANCE_IN_PROGRESS,
    UNKNOWN_MEMBER_ID,
    FencedTxnOffsetCommitRequest,
    GroupMember,
)
from infra.kafka_log.settings import KafkaLogSettings

REPLACED = frozenset(
    {ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID, PRODUCER_FENCED}
)
"""The answers of a coordinator to a worker that was replaced."""
CANCEL_PAUSE_SECONDS = 0.05
UNSTARTED_SECONDS_MAX = 1.0
MARKERS_SECONDS_MIN, MARKERS_SECONDS_MAX = 0.002, 0.02
"""The brokers end a transaction some milliseconds after they have confirmed it, and begin no other one before."""


class FencedProducer(AIOKafkaProducer):  # type: ignore[misc] # aiokafka ships no types.
    """A transactional producer whose offsets are accepted from the group's present generation only."""

    def __init__(self, settings: KafkaLogSettings, member: GroupMember, *, transactional_id: str) -> None:
        super().__init__(
            **settings.producer("commits"),
            transactional_id=transactional_id,
            transaction_timeout_ms=int(settings.transaction_seconds_max * 1000),
        )
        self._sender = _FencedSender(
            self.client,
            acks=-1,
            txn_manager=self._txn_manager,
            retry_backoff_ms=int(settings.retry_pause_seconds * 1000),
            message_accumulator=self._message_accumulator,
            request_timeout_ms=int(settings.request_seconds_max * 1000),
        )
        self._sender.member = member


class _FencedSender(Sender):  # type: ignore[misc] # As above.
    member: GroupMember
    markers_seconds = MARKERS_SECONDS_MIN

    async def _do_add_partitions_to_txn(self, tps: Any) -> Any:
        node = await self._find_coordinator(CoordinationType.TRANSACTION, self._txn_manager.transactional_id)
        return await _PromptBeginning(self, tps).do(node)

    async def _do_txn_offset_commit(self, offsets: Any, group_id: str) -> None:
        node = await self._find_coordinator(CoordinationType.GROUP, group_id)
        await _FencedOffsetCommit(self, offsets, self.member).do(node)


class _PromptBeginning(AddPartitionsToTxnHandler):  # type: ignore[misc] # As above.
    """While the last transaction is being ended, asks again soon, then less often; aiokafka waits 20 ms each time."""

    def handle_response(self, answer: Any) -> float | None:
        backoff: float | None = super().handle_response(answer)
        codes = {code for _, numbers in answer.errors for _, code in numbers}
        if ConcurrentTransactions.errno not in codes:
            self._sender.markers_seconds = MARKERS_SECONDS_MIN
            return backoff
        pause_seconds: float = self._sender.markers_seconds
        self._sender.markers_seconds = min(2 * pause_seconds, MARKERS_SECONDS_MAX)
        return pause_seconds


class _FencedOffsetCommit(TxnOffsetCommitHandler):  # type: ignore[misc] # As above.
    def __init__(self, sender: _FencedSender, offsets: Any, member: GroupMember) -> None:
        super().__init__(sender, offsets, member.group)
        self._member = member

    def create_request(self) -> FencedTxnOffsetCommitRequest:
        manager = self._sender._txn_manager
        return FencedTxnOffsetCommitRequest(
            manager.transactional_id,
            (manager.producer_id, manager.producer_epoch),
            member=self._member,
            offsets={(tp.topic, tp.partition): found.offset for tp, found in self._offsets.items()},
        )

    def handle_response(self, answer: Any) -> float | None:
        topics = [(topic, [(number, code) for number, code, _ in numbers]) for topic, numbers, _ in answer.errors]
        if any(code in REPLACED for _, numbers in topics for _, code in numbers):
            self._sender._txn_manager.error_transaction(IllegalGenerationError())
            return None
        backoff: float | None = super().handle_response(SimpleNamespace(errors=topics))
        return backoff


async def start(producer: Any, seconds_max: float) -> None:
    """Start a producer, or leave nothing of it behind."""
    try:
        async with asyncio.timeout(seconds_max):
            await producer.start()
    except BaseException:
        await end(producer, seconds_max=UNSTARTED_SECONDS_MAX)
        raise


async def follow(producer: Any, topics: Iterable[str]) -> None:
    """Let a producer know who leads these topics, and go on knowing.

    aiokafka knows all topics at first. With the first topic that is new to it, it forgets those not given by
    name, and what is sent to them then waits for ever.
    """
    followed = producer.client._topics
    wanted = followed.union(topics)
    if wanted != followed:
        await producer.client.set_topics(wanted)


async def end(producer: Any, *, seconds_max: float) -> None:
    """End a producer without waiting for what it has not sent, in twice that time at most; safe to call twice.

    aiokafka waits for the cluster here; a worker that was replaced, or that stops in an outage, must not.
    """
    producer._closed = True
    task = producer._sender.sender_task
    deadline = asyncio.get_running_loop().time() + seconds_max
    while task is not None and not task.done() and asyncio.get_running_loop().time() < deadline:
        # The first cancellation lets it wait for its requests, the next ones end these.
        task.cancel()
        await asyncio.wait((task,), timeout=CANCEL_PAUSE_SECONDS)
    if task is not None and task.done() and not task.cancelled():
        task.exception()
    _fail_waiters(producer)
    await close(producer.client, seconds_max=seconds_max)


class _Forgiving(set[Any]):
    """Replaces aiokafka's complaint that a batch that has failed fails again."""

    def remove(self, element: Any) -> None:
        self.discard(element)


def _fail_waiters(producer: Any) -> None:
    """Wake the tasks that wait for this producer; asyncio then has no unread error to report."""
    manager, accumulator = producer._txn_manager, producer._message_accumulator
    accumulator._pending_batches = _Forgiving(accumulator._pending_batches)
    waiting = [batch for batches in accumulator._batches.values() for batch in batches]
    futures = [manager._pid_waiter, *(future for _, _, future in manager._pending_txn_offsets)]
    for batch in (*waiting, *accumulator._pending_batches):
        futures += (batch.future, batch._drain_waiter)
    accumulator.fail_all(ProducerFenced())
    if manager._transaction_waiter is not None:
        futures.append(manager._transaction_waiter)
        manager.fatal_error(ProducerFenced())
        futures.append(manager._transaction_waiter)
    for future in futures:
        if future.done() and not future.cancelled():
            future.exception()
