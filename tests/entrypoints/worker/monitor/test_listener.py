"""What a watchdog and an operator are answered by a running worker, over HTTP."""

import asyncio
import json
import signal
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agents.adapters.clocks import ScaledClock, SystemClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.monitor.counts import FactCounts
from agents.entrypoints.worker.monitor.figures import COUNTERS, GAUGES, PREFIX, Figures
from agents.entrypoints.worker.monitor.listener import ListenAt, listening, place_of
from agents.entrypoints.worker.monitor.readings import Readings
from agents.ports import NotSent
from agents.runtime.worker.worker import Setup, Worker
from streams.values import Subject
from streams.words.orders import command
from streams.words.stops import Freeze
from tests import builders
from tests.entrypoints.commanding import DECLARE, INCIDENT, METHANE, soon
from tests.examples import CHIEF, WRITER
from tests.scenarios.kill_bench import Service, free_port, service, wait_until

Sample = tuple[str, frozenset[tuple[str, str]]]


def asked(port: int, route: str, *, seconds: float = 60) -> tuple[int, str]:
    """Status and body of one question; status 0 if no answer came."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{route}", timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
    except OSError:
        return 0, ""


def figures(page: str) -> Mapping[Sample, float]:
    """Every figure of a page by its name and labels, as Prometheus reads it."""
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {(one.name.removeprefix(PREFIX), frozenset(one.labels.items())): one.value for one in samples}


def of(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


@contextmanager
def watched(folder: Path, log_url: str | None = None) -> Iterator[tuple[Service, int]]:
    """A service whose worker answers at a port."""
    port = free_port()
    with service(folder, log_url) as running:
        running.worker("serve.log", "--health", f"127.0.0.1:{port}", log_url=running.log_url)
        running.start()
        running.wait_until_ready()
        yield running, port


@pytest.fixture
def night(tmp_path: Path) -> Iterator[tuple[Service, int]]:
    """On the embedded log."""
    with watched(tmp_path) as found:
        yield found


@pytest.fixture
def anywhere(tmp_path: Path, log_url: str) -> Iterator[tuple[Service, int]]:
    """On each ground in turn."""
    with watched(tmp_path, log_url) as found:
        yield found


def test_figures_of_a_night_say_what_was_done_and_name_no_person_and_no_word(anywhere: tuple[Service, int]) -> None:
    """Facts, orders, deliveries, pages and what waits; no text of anybody, no person, no name of an incident."""
    running, port = anywhere
    before = figures(asked(port, "/metrics")[1])
    waited_for = [of("orders_total", giver="person", answer="refused"), of("pages_total", outcome="failed")]
    waited_for += [of("delivery_outcomes_total", channel="email", outcome="refused")]
    assert [before[one] for one in waited_for] == [0, 0, 0]
    assert running.order("declare", INCIDENT, by=CHIEF, file=DECLARE).returncode == 0
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:30", "--next-update", soon())
    assert running.order("release", INCIDENT, "fire", *slots, by=CHIEF).returncode == 0
    assert running.order("stand-down", INCIDENT, "a reason that she typed", by=WRITER).returncode == 3
    running.wait_until_settled()
    wanted = {
        of("facts_total", kind="command_refused"): 1,
        of("orders_total", giver="person", answer="answered"): 2,
        of("orders_total", giver="person", answer="refused"): 1,
        of("facts_total", kind="message_authorised"): 1,
        of("incidents", status="declared"): 1,
        of("lane_runs", lane="control"): 1,
        of("ready"): 1,
        of("log_answers"): 1,
        of("lane_waiting_records", lane="control", topic="commands"): 0,
    }
    for channel in ("site", "email"):
        wanted[of("deliveries", channel=channel, state="confirmed")] = 1
        wanted[of("delivery_outcomes_total", channel=channel, outcome="confirmed")] = 1
    wait_until(lambda: wanted.items() <= figures(asked(port, "/metrics")[1]).items(), "each figure is right")
    status, page = asked(port, "/metrics")
    assert status == 200
    register = load(data_folder())
    people = [*register.people, *(one.name for one in register.people.values())]
    said = [INCIDENT, DECLARE["name"], *METHANE.values(), "Ysbyty", "a reason that", "Fire"]
    assert [word for word in (*people, *said) if str(word) in page] == []


def test_a_worker_that_hangs_gives_no_answer_and_one_that_goes_on_does(night: tuple[Service, int]) -> None:
    running, port = night
    assert json.loads(asked(port, "/health")[1])["alive"] is True
    wait_until(lambda: asked(port, "/ready")[0] == 200, "it is ready")
    running.workers[0].send(signal.SIGSTOP)
    assert asked(port, "/health", seconds=1) == (0, "")
    running.workers[0].send(signal.SIGCONT)
    wait_until(lambda: asked(port, "/health")[0] == 200, "it goes on")
    assert running.stop() == 0
    assert asked(port, "/health")[0] == 0


def test_a_port_that_is_taken_ends_the_start_with_a_sentence(night: tuple[Service, int], tmp_path: Path) -> None:
    running, port = night
    (tmp_path / "other").mkdir()
    other = running.worker("other.log", "--health", f"127.0.0.1:{port}", "--mode", "training", log_url=running.log_url)
    other.options = (*other.options, "--log", f"sqlite:////{tmp_path}/other/log.db")
    other.start()
    assert other.process is not None
    assert other.process.wait(timeout=180) == 1
    said = (tmp_path / "other.log").read_text()
    assert f"the worker cannot answer at 127.0.0.1:{port} (" in said
    assert "name another port" in said
    assert "Traceback" not in said


def test_a_log_that_takes_nothing_is_told_though_it_can_be_read(night: tuple[Service, int]) -> None:
    """Another process keeps its lock: no order is taken, and no word goes out; then all is well again."""
    running, port = night
    wait_until(lambda: asked(port, "/ready")[0] == 200, "it is ready")
    holder = sqlite3.connect(running.folder / "log.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    wait_until(lambda: asked(port, "/ready")[0] == 503, "it is not ready")
    said = json.loads(asked(port, "/ready")[1])
    assert said["log"] != "answers"
    assert figures(asked(port, "/metrics")[1])[of("log_answers")] == 0
    assert asked(port, "/health")[0] == 200
    holder.execute("ROLLBACK")
    holder.close()
    wait_until(lambda: asked(port, "/ready")[0] == 200, "it is ready again")


class Failing(MemoryChannel):
    async def check(self) -> str:
        raise NotSent("its server does not answer: ask the trust's own IT")


async def test_a_channel_that_fails_its_test_keeps_a_worker_from_being_ready(tmp_path: Path) -> None:
    """So does a log that does not answer; each is named in a sentence."""
    url, clock = f"sqlite:////{tmp_path}/log.db", ScaledClock(builders.NOW, speed=200)
    channels = {"site": Failing(builders.LIVE, pretends_live=True)}
    worker = Worker(Setup(builders.LIVE, url, clock, builders.register, channels))
    readings = Readings(worker, mode=builders.LIVE, log_url=url, clock=clock)
    page = Figures(readings, FactCounts(), unusable=tuple)
    async with listening(ListenAt("127.0.0.1", 0), page) as port:
        status, said = await asyncio.to_thread(asked, port, "/ready")
        before = json.loads(said)
        assert (status, before["ready"], before["channels"]) == (503, False, {})
        assert "There is no log file" in before["log"]
        assert "has not recovered its tables" in before["tables"]
        assert (await asyncio.to_thread(asked, port, "/health"))[0] == 200
        async with worker, asyncio.timeout(180):
            while not any(readings._channels().values()):  # noqa: ASYNC110 - the worker's own timers find it
                await asyncio.sleep(0.05)
            await asyncio.sleep(1)  # The look at the log is a second old at most.
            status, said = await asyncio.to_thread(asked, port, "/ready")
            found = json.loads(said)
            assert (status, found["log"], found["tables"]) == (503, "answers", "recovered")
            assert found["channels"]["site"] == "its server does not answer: ask the trust's own IT"
            shown = figures((await asyncio.to_thread(asked, port, "/metrics"))[1])
            assert (shown[of("channel_failing", channel="site")], shown[of("ready")]) == (1, 0)
            assert shown[of("attention", kind="route")] == 1
    await readings.close()


async def test_every_figure_is_on_the_page_of_a_worker_or_is_about_something_that_it_has_not() -> None:
    """A family without a sample is on the page by its name, so that an alarm on it is no mistake in spelling."""
    worker = Worker(Setup(builders.LIVE, "sqlite:///none.db", ScaledClock(builders.NOW), builders.register, {}))
    readings = Readings(worker, mode=builders.LIVE, log_url="sqlite:///none.db", clock=ScaledClock(builders.NOW))
    page = (await Figures(readings, FactCounts(), unusable=tuple).page()).decode()
    assert [name for name in GAUGES if f"# TYPE {PREFIX}{name} gauge" not in page] == []
    assert [name for name in COUNTERS if f"# TYPE {PREFIX}{name}_total counter" not in page] == []


@pytest.mark.parametrize("text", ["127.0.0.1:9108", "[::1]:9108", "127.4.0.1:0"])
def test_a_place_on_the_loopback_is_taken(text: str) -> None:
    assert place_of(text).called == text


@pytest.mark.parametrize(
    "text", ["0.0.0.0:9108", "192.0.2.1:9108", "localhost", "9108", "[::]:80", "127.0.0.1:", "127.0.0.1:65536", "::"]
)
def test_any_other_place_is_refused_with_what_to_write(text: str) -> None:
    """The listener knows no users: it must not be reached from another machine."""
    with pytest.raises(Misused, match=r"as in 127\.0\.0\.1:9108"):
        place_of(text)


def test_the_other_lane_tells_if_no_worker_judges_orders_and_what_waits(tmp_path: Path) -> None:
    """Of a worker that hangs and of one that ended; else the larger of two figures would hide that no word goes out."""
    port = free_port()
    with service(tmp_path) as running:
        running.worker("serve.log", "--lane", "control", log_url=running.log_url)
        running.start()
        running.wait_until_ready()
        beside = ("--lane", "mentions", "--health", f"127.0.0.1:{port}")
        running.worker("beside.log", *beside, log_url=running.log_url).start()
        wait_until(lambda: asked(port, "/ready")[0] == 200, "both are ready")
        running.workers[0].send(signal.SIGSTOP)
        about, now = Subject.incident(INCIDENT), SystemClock().now()
        order = command(Freeze(reason="we look again"), cause=now, mode="live", subject=about, at=now, by=CHIEF)
        asyncio.run(running.put([order]))
        wait_until(lambda: asked(port, "/ready")[0] == 503, "it hangs")
        shown = figures(asked(port, "/metrics")[1])
        assert (shown[of("ready")], shown[of("lane_runs", lane="control")]) == (0, 0)
        wait_until(lambda: waits_seconds(port) > 1, "the oldest order waits")
        running.workers[0].send(signal.SIGCONT)
        wait_until(lambda: asked(port, "/ready")[0] == 200, "it goes on")
        wait_until(lambda: waits_seconds(port) < 1, "no order waits")
        assert running.stop() == 0
        wait_until(lambda: "no worker judges orders" in json.loads(asked(port, "/ready")[1])["desk"], "it has ended")
        assert asked(port, "/ready")[0] == 503


def waits_seconds(port: int) -> float:
    """For how long the oldest order waits for the desk."""
    return figures(asked(port, "/metrics")[1])[of("lane_oldest_waiting_seconds", lane="control")]
