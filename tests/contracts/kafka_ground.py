"""The ground that needs a server: a cluster named in the environment, else one broker started for this run.

`HOLDINGLINE_KAFKA=host:9092` names a cluster. Where there is none and no Java either, the tests of this ground are
skipped; where `CI` is set they fail instead.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from infra.kafka import Cluster, NoKafka
from infra.kafka_log import KafkaLog, KafkaLogSettings
from infra.log import Log

ADDRESS = "HOLDINGLINE_KAFKA"


@contextmanager
def kafka_address(brokers_count: int = 1) -> Iterator[str]:
    """Host and port of a cluster to test on."""
    if address := os.environ.get(ADDRESS):
        yield address
        return
    cluster = Cluster(brokers_count)
    try:
        cluster.start()
    except NoKafka as error:
        cluster.stop()
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NOTHING WAS TESTED ON KAFKA: {error}")
    try:
        yield cluster.address
    finally:
        cluster.stop()


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
