"""A worker that is there and hangs: seen from outside, on a real process that is paused."""

import asyncio
import json
import signal
from pathlib import Path

from agents.adapters.clocks import SystemClock
from streams.values import Subject
from streams.words.orders import command
from streams.words.stops import Freeze
from tests.entrypoints.commanding import INCIDENT, opened
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, wait_until


def wrong(night: Service) -> dict[str, str]:
    """What the doctor complains of about the worker and what waits, by its name; its exit code says the same."""
    done = night.run("doctor", "--json", "--log", night.log_url, "--register", str(night.folder / "register"))
    answer = json.loads(done.stdout or done.stderr)
    found = {one["about"]: one["words"] for one in answer["findings"] if not one["ok"]}
    assert done.returncode == (1 if found else 0)
    return {about: words for about, words in found.items() if about in {"worker", "waiting"}}


def test_a_worker_that_hangs_and_the_order_that_waits_for_it_are_named(tmp_path: Path) -> None:
    """Its process is there and holds the log: only its silence tells. Once it goes on, all is well again."""
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as night:
        assert wrong(night) == {}
        night.workers[0].send(signal.SIGSTOP)
        about = Subject.incident(INCIDENT)
        now = SystemClock().now()
        order = command(Freeze(reason="we look again"), cause=now, mode="live", subject=about, at=now, by=CHIEF)
        asyncio.run(night.put([order]))
        wait_until(lambda: set(wrong(night)) == {"worker", "waiting"}, "the doctor names both")
        found = wrong(night)
        assert "holdingline-live-control holds its log and has given no sign for" in found["worker"]
        assert "s in the inbox for holdingline-live-control" in found["waiting"]
        night.workers[0].send(signal.SIGCONT)
        wait_until(lambda: wrong(night) == {}, "the worker goes on")
        wait_until(lambda: any(fact["cause"] == order.id for fact in night.facts(INCIDENT)), "the order is answered")
