"""Topics are made explicitly, with as many copies as the settings say."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import errors
from aiokafka.protocol.admin import CreateTopicsRequest

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.trouble import translate, translated
from infra.log import Partition, TopicMismatch, TopicSpec

FOR_EVER = -1
ANY_TIME = 2**63 - 1
FILES_KEPT = 7
"""A topic that forgets has so many files for its time: a record stays a seventh of it longer at most."""


async def create_topics(nodes: Nodes, specs: Collection[TopicSpec]) -> None:
    """Create what is missing; raises `TopicMismatch` if partitions differ, then none is made.

    A topic that exists keeps the settings that it has: they are the operator's.
    """
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            if any(nodes.partitions_of(spec.name) is None for spec in specs):
                await nodes.look()
            missing = _missing(nodes, specs)
            if missing:
                nodes.require_brokers(nodes.settings.replication_count)
                await _make(nodes, missing)
                await _wait_until_led(nodes, missing)


def _missing(nodes: Nodes, specs: Collection[TopicSpec]) -> list[TopicSpec]:
    for spec in specs:
        found = nodes.partitions_of(spec.name)
        if found is not None and found != spec.partitions:
            raise TopicMismatch(
                f"The topic {spec.name!r} has {found} partitions and cannot be changed to {spec.partitions} in place."
            )
    return [spec for spec in specs if nodes.partitions_of(spec.name) is None]


async def _make(nodes: Nodes, specs: Collection[TopicSpec]) -> None:
    settings = nodes.settings
    timeout_ms = int(settings.request_seconds_max * 1000)
    request = CreateTopicsRequest([_new_topic(spec, settings) for spec in specs], timeout_ms, validate_only=False)
    answer = await nodes.send(nodes.any(), request)
    for name, code, *_ in answer.topic_errors:
        kind = errors.for_code(code)
        if kind not in {errors.NoError, errors.TopicAlreadyExistsError}:
            raise translate(kind(f"the topic {name!r} could not be made"))


def _new_topic(spec: TopicSpec, settings: KafkaLogSettings) -> tuple[Any, ...]:
    configs = topic_configs(spec, settings)
    return (spec.name, spec.partitions, settings.replication_count, [], list(configs.items()))


def topic_configs(spec: TopicSpec, settings: KafkaLogSettings) -> Mapping[str, str]:
    """How a topic is kept, in the words of Kafka."""
    keeps = FOR_EVER if spec.retention_seconds is None else int(spec.retention_seconds * 1000)
    forgets = spec.retention_seconds is not None
    policy = ["compact"] * spec.compacted + ["delete"] * (forgets or not spec.compacted)
    return {
        "cleanup.policy": ",".join(policy),
        "retention.ms": str(keeps),
        "retention.bytes": str(FOR_EVER),
        "min.insync.replicas": str(min(settings.insync_count_min, settings.replication_count)),
        "max.message.bytes": str(settings.batch_bytes_max + 4096),
        # A feed may compress as it likes: the brokers undo it, so readers need no codec, and sizes are true.
        "compression.type": "uncompressed",
        # A drill plays at another hour; its records are as good as any.
        "message.timestamp.type": "CreateTime",
        "message.timestamp.before.max.ms": str(ANY_TIME),
        "message.timestamp.after.max.ms": str(ANY_TIME),
        # Records go by the file, once the newest of it is old enough; Kafka would begin one a week.
        **({"segment.ms": str(keeps // FILES_KEPT)} if forgets else {}),
        **(_small(settings) if spec.compacted else {}),
    }


def _small(settings: KafkaLogSettings) -> Mapping[str, str]:
    """What keeps a compacted topic small, since a start reads all of it: what is replaced goes within three such times.

    Each file but the one that is written is compacted as soon as it is so old, however little of it is replaced. Where
    nothing more is written, the worker's own mark closes it, see `group.marks`.
    """
    after_ms = str(int(settings.segment_seconds * 1000))
    return {
        "segment.ms": after_ms,
        "segment.bytes": str(settings.segment_bytes),
        "max.compaction.lag.ms": after_ms,
    }


async def _wait_until_led(nodes: Nodes, specs: Collection[TopicSpec]) -> None:
    """A new topic can be written to once every partition has a leader and we know it."""
    while True:
        await nodes.look()
        still = _missing(nodes, specs)
        waiting = any(None in nodes.by_leader(_partitions(spec)) for spec in specs)
        if not still and not waiting:
            return
        await asyncio.sleep(nodes.settings.retry_pause_seconds)


def _partitions(spec: TopicSpec) -> list[Partition]:
    return [Partition(spec.name, number) for number in range(spec.partitions)]
