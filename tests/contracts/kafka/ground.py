"""The ground that needs a server: a cluster named in the environment, else one broker started for this run.

`HOLDINGLINE_KAFKA=host:9092` names a cluster for one process of tests, which deletes all that is on it.
Where there is none and no Java either, the tests of this ground are skipped; where `CI` is set they fail instead.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from aiokafka.protocol.admin import DeleteGroupsRequest, DeleteTopicsRequest, ListGroupsRequest

from infra.kafka_log import KafkaLog, KafkaLogSettings
from infra.kafka_log.nodes import Nodes
from infra.log import Log
from tests.cluster import Cluster, NoKafka

ADDRESS = "HOLDINGLINE_KAFKA"
NOT_TESTED = "NOTHING WAS TESTED ON KAFKA"
WIPE_SECONDS_MAX = 180.0


@contextmanager
def kafka_address() -> Iterator[str]:
    """Host and port of a cluster to test on."""
    if address := os.environ.get(ADDRESS):
        yield address
        return
    with started(lambda: Cluster(1)) as cluster:
        yield cluster.address


@contextmanager
def started(make: Callable[[], Cluster]) -> Iterator[Cluster]:
    """A cluster of this run; where none can be started its tests are skipped, or fail where `CI` is set."""
    try:
        cluster = make()
        with cluster:
            yield cluster
    except NoKafka as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{NOT_TESTED}: {error}")


@dataclass
class KafkaGround:
    """One cluster for all tests of a run."""

    address: str
    record_bytes_max: int = 20_000
    wait_seconds: float = 30.0

    def log(self) -> Log:
        return KafkaLog(
            KafkaLogSettings(
                bootstrap=tuple(self.address.split(",")),
                replication_count=1,
                insync_count_min=1,
                record_bytes_max=self.record_bytes_max,
            )
        )


def driver_url(address: str) -> str:
    """The broker URL of an app on a cluster of a single broker."""
    return f"kafka://{address}?replication=1&insync=1"


async def wipe(address: str) -> None:
    """Delete every topic and what the groups have committed."""
    nodes = Nodes(KafkaLogSettings(bootstrap=tuple(address.split(","))))
    async with asyncio.timeout(WIPE_SECONDS_MAX):
        await nodes.open()
        try:
            while topics := nodes.topics():
                # Again for one that was made just before, or that the broker had no time for.
                await nodes.send(nodes.any(), DeleteTopicsRequest(list(topics), 10_000))
                await nodes.pause()
            for broker in nodes.client.cluster.brokers():
                answer = await nodes.send(broker.nodeId, ListGroupsRequest())
                groups = [group for group, _ in answer.groups]
                await nodes.send(broker.nodeId, DeleteGroupsRequest(groups))
        finally:
            await nodes.close()
