"""Several workers of the mention lane share the mentions of a cluster, and count each once, whoever is killed."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from agents.adapters.clocks import ScaledClock, SystemClock
from agents.runtime.door.door import Door
from agents.runtime.worker.worker import Setup, Worker
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.words.orders import Command
from tests import builders
from tests.grounds import on_a_cluster
from tests.scenarios.chaos_judge import faults_in_counts, mentions_left
from tests.scenarios.chaos_worker import Serving
from tests.scenarios.kill_bench import Service, service
from tests.scenarios.test_kill import opening
from tests.scenarios.test_lanes import facts_when, posts, started
from tests.scenarios.worker_bench import PATIENCE_SECONDS

WORKERS = ("a", "b")


@pytest.fixture
def cluster_url(kafka: str) -> Iterator[str]:
    with on_a_cluster(kafka) as url:
        yield f"{url}&partitions=4"


async def test_two_workers_share_the_mentions_of_one_incident_and_one_of_them_sees_the_surge(cluster_url: str) -> None:
    """Each has two of four partitions, and finds too few by itself."""
    clock, register = ScaledClock(builders.NOW), builders.register()

    def worker(lane: str) -> Worker:
        url = f"{cluster_url}&worker={lane}"
        lanes = [CONTROL_LANE if lane == "control" else MENTION_LANE]
        return Worker(Setup("live", url, clock, lambda: register, {}, lanes=lanes))

    async with AsyncExitStack() as running:
        await running.enter_async_context(worker("control"))
        sharing = [await running.enter_async_context(worker(name)) for name in WORKERS]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(len(mentions_of(one)) != 2 for one in sharing):  # noqa: ASYNC110 - a dealing tells nobody here
                await asyncio.sleep(0.05)
        door = await running.enter_async_context(Door("live", cluster_url))
        await door.ask(builders.command(builders.declaration(), at=clock.now()))
        await door.put(posts(200, "so loud #AshbyCrash", clock))
        facts = await facts_when(door, "signal_noted")
        await until_counted(cluster_url)
    assert [fact.body.kind for fact in facts] == ["incident_declared", "signal_noted"]
    assert await faults_in_counts(cluster_url, noted=1) == []


def mentions_of(worker: Worker) -> Sequence[int]:
    """The partitions of the mentions that this worker was dealt."""
    return [tp.partition for tp in worker.app.consumer.assignment() if tp.topic == "live.mentions"]


@pytest.mark.kill
@pytest.mark.slow
async def test_every_mention_is_counted_once_while_workers_come_go_and_are_killed(
    cluster_url: str, tmp_path: Path
) -> None:
    """One comes while the other counts, one is killed, one is stopped, both are back."""
    with service(tmp_path, cluster_url) as on:
        control = lane(on, "control", "control")
        first, second = (lane(on, name, MENTION_LANE.name) for name in WORKERS)
        await started(control, first)
        declare = next(one for one in opening(1) if isinstance(one, Command))
        async with Door("live", cluster_url) as door:
            await door.ask(declare)

            async def flood() -> None:
                await door.put(posts(2_000, "smoke everywhere #FireWard1", SystemClock()))

            await flood()
            await started(second)
            await flood()
            first.kill()
            await flood()
            await started(first)
            assert await asyncio.to_thread(second.stop) == 0
            await flood()
            await started(second)
            await flood()
            await until_counted(cluster_url)
            facts = await facts_when(door, "signal_noted")
        assert [await asyncio.to_thread(one.stop) for one in (first, second, control)] == [0, 0, 0]
    assert await faults_in_counts(cluster_url, noted=[fact.body.kind for fact in facts].count("signal_noted")) == []


def lane(on: Service, name: str, lane_name: str) -> Serving:
    """A worker of a lane that has a name of its own."""
    return on.worker(f"{name}.log", "--lane", lane_name, log_url=f"{on.log_url}&worker={name}")


async def until_counted(log_url: str) -> None:
    """Return once every mention is in the table of counts."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await mentions_left(log_url):  # noqa: ASYNC110 - nothing tells a door of one moment
            await asyncio.sleep(0.1)
