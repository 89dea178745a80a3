"""The grounds that the contracts run on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.driver.app import TRANSPORTS
from tests.contracts.driver.bench import DriverGround
from tests.contracts.driver.memory_log import SHELVES
from tests.contracts.kafka.ground import driver_url, wipe

TRANSPORTS.aliases["memorylog"] = "tests.contracts.driver.memory_log:MemoryTransport"


@pytest.fixture(params=["memorylog", "sqlite", "kafka"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DriverGround]:
    """An empty log of every kind in turn."""
    if request.param == "sqlite":
        yield DriverGround("sqlite", f"sqlite:///{tmp_path}/log.db", beside=True)
    elif request.param == "kafka":
        address = request.getfixturevalue("kafka")
        yield DriverGround("kafka", driver_url(address), beside=True)
        asyncio.run(wipe(address))
    else:
        yield DriverGround("memorylog", "memorylog://contract", beside=False)
        SHELVES.clear()
