"""A worker that lost its place ends by itself and says why, so that a service manager can begin it again."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.commanding import INCIDENT, opened
from tests.examples import CHIEF
from tests.grounds import on_a_cluster
from tests.scenarios.chaos_worker import SERVES, Serving
from tests.scenarios.kill_bench import Service, wait_until

SESSION_SECONDS = 2
ENDS_SECONDS_MAX = 180
MINUTE_SECONDS = 60
"""Longer than the cluster keeps a transaction of a worker that says nothing."""

pytestmark = pytest.mark.slow


@pytest.fixture
def night(kafka: str, tmp_path: Path) -> Iterator[Service]:
    """A service on a cluster, whose worker is soon taken for dead."""
    with on_a_cluster(kafka) as url, opened(tmp_path, f"{url}&session={SESSION_SECONDS}") as running:
        yield running


def newer(night: Service) -> Serving:
    """Another worker of the same name, once it serves."""
    worker = night.worker("newer.log", log_url=night.log_url)
    worker.start()
    wait_until(lambda: SERVES in worker.said(0), "the newer worker serves")
    return worker


@pytest.mark.parametrize(
    "paused_seconds",
    [0, SESSION_SECONDS + 1, MINUTE_SECONDS],
    ids=["at-work", "paused-for-longer-than-its-session", "paused-for-a-minute"],
)
def test_the_older_of_two_workers_of_one_name_ends_and_says_why(night: Service, paused_seconds: int) -> None:
    """It takes no order along: the newer one answers the next, once. It ends by itself, however late it wakes."""
    older = night.workers[0]
    if paused_seconds:
        older.send(signal.SIGSTOP)
        time.sleep(SESSION_SECONDS + 1)
    begun = time.monotonic()
    worker = newer(night)
    if paused_seconds:
        time.sleep(max(0.0, paused_seconds - (time.monotonic() - begun)))
        older.send(signal.SIGCONT)
    assert older.process is not None
    assert older.process.wait(timeout=ENDS_SECONDS_MAX) == 1
    assert b"has taken this one's place" in older.said(0)
    assert night.order("freeze", INCIDENT, "we look again", by=CHIEF).returncode == 0
    assert worker.runs
    assert [fact["body"]["kind"] for fact in night.facts(INCIDENT)].count("incident_frozen") == 1
