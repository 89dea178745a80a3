"""What topics a cluster has, with their copies and settings, and how to change those settings in place."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka import errors
from aiokafka.protocol.admin import AlterConfigsRequest, DescribeConfigsRequest
from aiokafka.protocol.metadata import MetadataRequest

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.trouble import translate, translated

TOPIC = 2
SET_ON_THE_TOPIC = 1
"""Kafka's numbers: for a topic, and for a setting that was made on it and not inherited."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """One topic of the cluster; `behind` counts partitions of which a copy is not level with its leader.

    `configs` is None if we may not look at them; `own` are those that were set on the topic itself.
    """

    name: str
    partitions: int
    replication: int
    behind: int = 0
    configs: Mapping[str, str] | None = None
    own: Mapping[str, str] = field(default_factory=dict)


async def survey(nodes: Nodes) -> Mapping[str, FoundTopic]:
    """Every topic of the cluster that we may see, but Kafka's own."""
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            answer = await nodes.send(nodes.any(), MetadataRequest(None, allow_auto_topic_creation=False))
            seen = [(name, parts) for code, name, internal, parts in answer.topics if not code and not internal]
            configs = await _read_configs(nodes, [name for name, _ in seen])
    return {name: _found(name, partitions, configs.get(name)) for name, partitions in seen}


async def set_configs(nodes: Nodes, found: FoundTopic, *, wanted: Mapping[str, str]) -> None:
    """Set these on a topic and keep what else was set on it: Kafka forgets what an order does not name."""
    settings = {**found.own, **wanted}
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            request = AlterConfigsRequest([(TOPIC, found.name, list(settings.items()))], validate_only=False)
            answer = await nodes.send(nodes.any(), request)
            for code, words, *_ in answer.resources:
                _require(code, words)
            while not await _is_set(nodes, found.name, wanted=wanted):
                await nodes.pause()


async def _is_set(nodes: Nodes, name: str, *, wanted: Mapping[str, str]) -> bool:
    """Whether the brokers have learned of it: they do a moment after the order was taken."""
    own = (await _read_configs(nodes, [name])).get(name, ({}, {}))[1]
    return wanted.items() <= own.items()


async def _read_configs(nodes: Nodes, names: Collection[str]) -> Mapping[str, tuple[dict[str, str], dict[str, str]]]:
    if not names:
        return {}
    request = DescribeConfigsRequest([(TOPIC, name, None) for name in names])
    answer = await nodes.send(nodes.any(), request)
    found = {}
    for code, words, _, name, entries in answer.resources:
        if errors.for_code(code) is errors.TopicAuthorizationFailedError:
            continue
        _require(code, words)
        everything = {key: value for key, value, *_ in entries}
        own = {key: value for key, value, _, source, *_ in entries if source == SET_ON_THE_TOPIC}
        found[name] = (everything, own)
    return found


def _found(name: str, partitions: Collection[Any], configs: tuple[dict[str, str], dict[str, str]] | None) -> FoundTopic:
    copies = [(len(replicas), len(insync)) for _, _, _, replicas, insync, *_ in partitions]
    everything, own = configs or (None, {})
    return FoundTopic(
        name,
        partitions=len(copies),
        replication=min((wanted for wanted, _ in copies), default=0),
        behind=sum(level < wanted for wanted, level in copies),
        configs=everything,
        own=own,
    )


def _require(code: int, words: str | None) -> None:
    kind = errors.for_code(code)
    if kind is not errors.NoError:
        raise translate(kind(words or "settings"))
