"""The offsets that a group has committed, asked for until no open transaction may change them any more."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import errors

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.protocol import UNSTABLE_OFFSET_COMMIT, StableOffsetFetchRequest
from infra.kafka_log.trouble import translate, translated
from infra.log import Partition

NEVER_COMMITTED = -1
_MOVED = (errors.NotCoordinatorForGroupError.errno, errors.GroupCoordinatorNotAvailableError.errno)
_LATER = (*_MOVED, errors.GroupLoadInProgressError.errno, UNSTABLE_OFFSET_COMMIT)

logger = logging.getLogger(__name__)


async def read_committed(
    nodes: Nodes, group: str, *, partitions: Collection[Partition]
) -> Mapping[Partition, int | None]:
    """The next offset the group will read, None if it never committed.

    A transaction that a dead worker has left open is waited for: it ends after `transaction_seconds_max`.
    """
    if not partitions:
        return {}
    settings = nodes.settings
    with translated():
        async with asyncio.timeout(settings.transaction_seconds_max + settings.request_seconds_max):
            while True:
                answer = await _ask(nodes, group, partitions)
                code = _first_error(answer)
                if answer is not None and code == 0:
                    return _offsets(answer)
                if code in _MOVED:
                    nodes.forget_coordinator(group)
                if code and code not in _LATER:
                    raise translate(errors.for_code(code)())
                await asyncio.sleep(settings.retry_pause_seconds)


async def _ask(nodes: Nodes, group: str, partitions: Collection[Partition]) -> Any:
    try:
        return await nodes.ask_coordinator(group, StableOffsetFetchRequest(group, list(partitions)))
    except errors.KafkaError as error:
        if not error.retriable:
            raise
        await nodes.pause()
        return None


def _first_error(answer: Any) -> int:
    if answer is None:
        return 0
    codes = [answer.error_code, *(code for _, numbers, _ in answer.topics for *_, code, _ in numbers)]
    return next((int(code) for code in codes if code), 0)


def _offsets(answer: Any) -> Mapping[Partition, int | None]:
    return {
        Partition(topic, number): None if offset == NEVER_COMMITTED else offset
        for topic, numbers, _ in answer.topics
        for number, offset, *_ in numbers
    }
