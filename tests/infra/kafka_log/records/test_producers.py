"""A transaction right after another one: the brokers are still ending that, and are asked again soon."""

from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import ConcurrentTransactions
from aiokafka.producer.transaction_manager import TransactionManager

from infra.kafka_log.records.producers import MARKERS_SECONDS_MAX, MARKERS_SECONDS_MIN, _PromptBeginning

FACTS = TopicPartition("facts", 0)


def handler() -> Any:
    """One at the beginning of a transaction, whose partition the brokers do not know of yet."""
    manager = TransactionManager("worker", 1000)
    manager.set_pid_and_epoch(1, 0)
    manager.begin_transaction()
    manager.maybe_add_partition_to_txn(FACTS)
    return _PromptBeginning(
        SimpleNamespace(_txn_manager=manager, _retry_backoff=1.0, markers_seconds=MARKERS_SECONDS_MIN), [FACTS]
    )


def answer(code: int) -> Any:
    return SimpleNamespace(errors=[(FACTS.topic, [(FACTS.partition, code)])])


async def test_the_brokers_are_asked_again_soon_and_then_ever_later() -> None:
    one = handler()
    pauses = [one.handle_response(answer(ConcurrentTransactions.errno)) for _ in range(8)]
    assert pauses == [0.002, 0.004, 0.008, 0.016, *[MARKERS_SECONDS_MAX] * 4]


async def test_the_next_transaction_is_asked_for_as_soon_as_the_first_was() -> None:
    one = handler()
    one.handle_response(answer(ConcurrentTransactions.errno))
    assert one.handle_response(answer(0)) is None
    assert one._sender.markers_seconds == MARKERS_SECONDS_MIN
