"""Seeded storms: commits that fail, commits of unknown outcome, reads that fail, a full disk, rejoins; all at once."""

import asyncio
import random
from typing import Any

import pytest

from infra.driver import log_of, running
from infra.driver.session import committer, membership
from infra.log import Draft, Fenced, LogBusy, LogError, LogFull, LogUnusable, Partition
from tests.contracts.driver.bench import DriverGround, eventually, read_all
from tests.contracts.driver.chain import PARTITIONS, TOPICS, chain
from tests.contracts.driver.memory_log import SHELVES, Shelf

KEYS = 5
EVENTS = 150
BLOWS = 6
FAULTS = (Fenced, LogUnusable, LogError)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many storms in a short time; how long a worker waits changes nothing about what must hold."""
    monkeypatch.setattr(membership, "REJOIN_PAUSE_SECONDS", 0.005)
    monkeypatch.setattr(membership, "REJOIN_PAUSE_SECONDS_MAX", 0.02)
    monkeypatch.setattr(committer, "FULL_PAUSE_SECONDS", 0.01)


async def test_a_storm_of_faults_loses_and_doubles_nothing(ground: DriverGround, seed: int) -> None:
    """Also a commit that was written and reported as failed: the committed offset tells, not the error."""
    if ground.name != "memorylog":
        pytest.skip("Only the log in memory fails on demand.")
    weather = random.Random(seed)
    shelf = SHELVES["contract"]
    shelf.gap = weather.choice([1, 2])
    app, tables = chain(ground.url)
    async with running(app):
        await log_of(app).append(
            [
                Draft(Partition(TOPICS[0], n % KEYS % PARTITIONS), b"key-%d" % (n % KEYS), b"%d" % n, 0)
                for n in range(EVENTS)
            ]
        )
        for _ in range(BLOWS):
            await asyncio.sleep(weather.uniform(0, 0.03))
            await _blow(app, shelf, weather)
        await eventually(lambda: sum(tables[-1].values()) >= EVENTS)
        for table in tables:
            assert dict(table.items()) == {f"key-{key}": EVENTS // KEYS for key in range(KEYS)}
        numbers = [int((record.value or b"").split()[0]) for record in await read_all(app, TOPICS[-1])]
        assert sorted(numbers) == list(range(EVENTS))


async def _blow(app: Any, shelf: Shelf, weather: random.Random) -> None:
    fault: LogError = weather.choice(FAULTS)()
    blow = weather.choice(["commit", "unknown", "read", "full", "busy", "rejoin", "rebalance"])
    if blow == "commit":
        shelf.faults.append(fault)
    elif blow == "unknown":
        shelf.late_faults.append(fault)
    elif blow == "read":
        shelf.read_faults.append(fault)
    elif blow == "busy":
        shelf.faults.append(LogBusy())
    elif blow == "full":
        shelf.full = LogFull()
        await asyncio.sleep(weather.uniform(0, 0.05))
        shelf.full = None
    elif blow == "rejoin":
        app.consumer.membership.rejoin(fault)
    else:
        await app.consumer.membership.subscribe(set(app.topics._topic_name_index))
