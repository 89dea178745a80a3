"""Orders while the worker is away: seen from outside, on a real process that is killed, started again or never."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from tests.entrypoints.commanding import INCIDENT, opened
from tests.examples import CHIEF
from tests.scenarios.chaos_worker import Phase
from tests.scenarios.kill_bench import Done, Service, wait_until

RESTART_SECONDS = 1.5
THERE = "The order is in the log and has no answer yet"
WAITS = "the order is kept here, and waits up to 10 seconds"
NOT_GIVEN = "the order was not given, and nothing of it is left"
GIVEN = "The order is in the log and was not answered within 10 seconds: do not give it again."


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    """A service with one incident whose first message is out."""
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as running:
        yield running


def freeze(night: Service, *options: str) -> Done:
    return night.order("freeze", INCIDENT, "we look again", *options, by=CHIEF)


def frozen(night: Service) -> int:
    """How often the order was carried out or refused."""
    return sum(fact["body"]["kind"] in {"incident_frozen", "command_refused"} for fact in night.facts(INCIDENT))


@pytest.mark.parametrize("end", ["killed", "stopped"])
def test_an_order_during_a_restart_waits_and_is_carried_out_once(log_url: str, tmp_path: Path, end: str) -> None:
    """The person hears that it waits; the new worker answers, and another order after it as always.

    A cluster counts a worker that was killed as there for a while, so the order waits on its topic.
    """
    with opened(tmp_path, log_url) as night:
        night.kill() if end == "killed" else night.stop()
        Timer(RESTART_SECONDS, night.start).start()
        done = freeze(night)
        assert done.returncode == 0, done.stderr
        assert WAITS in done.stderr or THERE in done.stderr
        assert frozen(night) == 1
        assert night.order("resume", INCIDENT, "we go on", by=CHIEF).returncode == 0
        assert frozen(night) == 1


def test_an_order_that_a_dying_worker_has_not_taken_is_taken_by_the_next_one_once(night: Service) -> None:
    """It hangs while the order is put down, and is killed: nothing of the order is lost, and nothing is done twice."""
    night.workers[0].send(signal.SIGSTOP)

    def again() -> None:
        night.kill()
        time.sleep(RESTART_SECONDS)
        night.start()

    Timer(RESTART_SECONDS, again).start()
    done = freeze(night)
    assert done.returncode == 0, done.stderr
    assert THERE in done.stderr
    assert frozen(night) == 1


def test_an_order_for_which_no_worker_comes_is_not_given(night: Service) -> None:
    """The sentence says so, and what to do; the worker that comes later finds nothing of it."""
    night.kill()
    done = freeze(night)
    assert done.returncode == 1
    assert WAITS in done.stderr
    assert f"No worker came within 10 seconds: {NOT_GIVEN}" in done.stderr
    assert "holdingline serve" in done.stderr
    night.start()
    wait_until(lambda: night.workers[0].phase is Phase.RUNNING, "the next worker serves")
    assert freeze(night).returncode == 0
    assert frozen(night) == 1


def test_an_order_that_a_worker_does_not_answer_is_kept_and_not_to_be_given_again(night: Service) -> None:
    """A worker that hangs takes it when it goes on, once."""
    night.workers[0].send(signal.SIGSTOP)
    done = freeze(night, "--json")
    assert done.returncode == 1
    assert GIVEN in done.stderr
    night.workers[0].send(signal.SIGCONT)
    wait_until(lambda: frozen(night) == 1, "the order is taken")
    assert night.order("resume", INCIDENT, "we go on", by=CHIEF).returncode == 0
    assert frozen(night) == 1


def test_an_order_does_not_wait_for_a_worker_that_has_been_away_for_long(night: Service) -> None:
    """That is no restart: the person hears at once for how long none has run, and can act."""
    night.stop()
    lock = night.folder / "log.db.lock"
    two_hours_ago = lock.stat().st_mtime - 2 * 60 * 60
    os.utime(lock, (two_hours_ago, two_hours_ago))
    done = freeze(night)
    assert done.returncode == 1
    assert re.search(r"No worker has run on this log for 2:0[0-2]:\d\d\b", done.stderr)
    assert NOT_GIVEN in done.stderr
    assert WAITS not in done.stderr
