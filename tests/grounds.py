"""The log under the service in a test of the whole: the same tests run on the embedded log and on a Kafka cluster."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.contracts.kafka.ground import wipe

EmptyLog = Callable[[], AbstractContextManager[str]]
"""Gives the address of an empty log; one at a time."""


@contextmanager
def in_a_file(folders: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded log that is not there yet."""
    yield f"sqlite:////{folders.mktemp('ground')}/log.db"


@contextmanager
def on_a_cluster(address: str) -> Iterator[str]:
    """A Kafka cluster; what was written is deleted afterwards."""
    try:
        yield f"kafka://{address}?replication=1&insync=1"
    finally:
        asyncio.run(wipe(address))
