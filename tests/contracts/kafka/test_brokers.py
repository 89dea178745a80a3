"""Three brokers of which any one may be lost: a worker goes on, and its outputs and tables stay exact."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator

import pytest

from infra.doors import door_of
from tests.cluster import Cluster, NoKafka
from tests.contracts.driver.bench import PATIENCE_SECONDS, DriverGround, eventually
from tests.contracts.driver.test_kills import EVENTS_PER_ROUND, _draft, fill, finish_and_count

SHORT_FORM_KILLS = 5

pytestmark = [pytest.mark.kill, pytest.mark.slow]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(3)
    try:
        cluster.start()
        yield cluster
    except NoKafka as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NOTHING WAS TESTED ON THREE BROKERS: {error}")
    finally:
        cluster.stop()


async def test_any_one_broker_may_be_killed(cluster: Cluster, kills: int) -> None:
    """One in the short form, each of them in the long one: all lead partitions and coordinate something."""
    victims = cluster.brokers[: 1 if kills <= SHORT_FORM_KILLS else None]
    ground = DriverGround("kafka", f"kafka://{cluster.address}", beside=True)
    await fill(ground, EVENTS_PER_ROUND)
    command = [sys.executable, "-m", "tests.contracts.driver.chain", ground.url]
    worker = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    try:
        for number, broker in enumerate(victims, start=1):
            broker.signal(signal.SIGKILL)
            await asyncio.sleep(1)
            await feed(ground, range(number * EVENTS_PER_ROUND, (number + 1) * EVENTS_PER_ROUND))
            broker.stop()
            broker.start()
            await eventually(broker.listens)
            await asyncio.sleep(2)
        assert worker.returncode is None, "The worker has not outlived its brokers."
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), PATIENCE_SECONDS) == 0
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    await finish_and_count(ground, EVENTS_PER_ROUND * (len(victims) + 1))


async def feed(ground: DriverGround, numbers: range) -> None:
    """Append from another process's door, while a broker is away."""
    async with door_of(ground.url, "chain") as log:
        await log.append([_draft(number) for number in numbers])
