"""The address of a cluster in one line: `kafka://one:9092,two:9092?replication=3&insync=2&worker=a`."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from yarl import URL

from infra.addresses import PARTITIONS
from infra.kafka_log.access import NAMES, require_no_password, take_access
from infra.kafka_log.settings import Access, KafkaLogSettings
from infra.log import BadAddress

PORT = 9092
NUMBERS = {
    "replication": "replication_count",
    "insync": "insync_count_min",
    "session": "session_seconds",
    "segment": "segment_seconds",
}
"""On how many brokers a record lies, how many must have it, after how many seconds a silent worker is given up, and
after how many seconds a file of a table is compacted."""


def urls_of(address: str) -> Sequence[URL]:
    """One URL for each broker of an address."""
    scheme, _, hosts = address.partition("://")
    return [URL(f"{scheme}://{host}") for host in hosts.split(",")]


def settings_of(urls: Sequence[URL], *, worker: str) -> KafkaLogSettings:
    """The settings that the address means; raises `BadAddress` if it says anything else.

    A worker named in the address wins over `worker`.
    """
    require_no_password([part for url in urls for part in (url.user, url.password)])
    hosts = [f"{url.host}:{url.port or PORT}" for url in urls if url.host]
    if not hosts:
        raise BadAddress("The address names no broker: write kafka://host:9092,host:9092.")
    query = {name: value for url in urls for name, value in url.query.items()}
    name = query.pop("worker", worker)
    # How topics are made is asked of the address by who plans them.
    query.pop(PARTITIONS, None)
    access = take_access(query, os.environ) or Access()
    return KafkaLogSettings(bootstrap=tuple(hosts), worker=name, access=access, **_numbers(query))


def _numbers(query: Mapping[str, str]) -> dict[str, Any]:
    for name, value in query.items():
        if name not in NUMBERS or not value.isdigit() or int(value) < 1:
            raise BadAddress(
                f"{name}={value} says nothing about a Kafka log: {', '.join(NUMBERS)} take a whole number; "
                f"there are also worker, {PARTITIONS}, {', '.join(NAMES)}."
            )
    return {NUMBERS[name]: int(value) for name, value in query.items()}
