"""`holdingline serve` as a process: what it is called, and how it ends while it has hardly begun."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.entrypoints.worker.lane_processes import beside_this
from agents.entrypoints.worker.serve import host, link_to
from agents.runtime.door.tables import topic_specs
from infra.addresses import WORKER_NAME, with_worker
from infra.log import BadAddress, Draft, Partition
from infra.sqlite_log import SqliteLog
from streams.decisions.sign_off.links import LINK_KEY, Ticket
from streams.lanes import MENTION_LANE
from streams.topics import FACTS
from streams.values import LIVE, Subject
from tests.scenarios.kill_bench import wait_until

COMMAND = "from agents.entrypoints.cli.main import main; main()"
PATIENCE_SECONDS = 180.0


def started(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    with (folder / "said").open("wb") as said:
        return subprocess.Popen([sys.executable, "-c", COMMAND, "serve", *options], cwd=folder, stderr=said)


def test_a_worker_that_waits_for_the_other_lane_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """It would wait for a minute: the control lane has never run here."""
    process = started(tmp_path, "--lane", "mentions")
    wait_until(lambda: b"cannot be opened yet" in (tmp_path / "said").read_bytes(), "it waits")
    process.terminate()
    assert process.wait(timeout=PATIENCE_SECONDS) == 0
    assert b'"stopped"' in (tmp_path / "said").read_bytes()


def test_a_worker_that_is_told_to_end_again_and_again_ends_in_good_order(tmp_path: Path) -> None:
    """Also while Python clears up after the worker has stopped. On a log of a newer release it says so at its start."""
    (tmp_path / "var").mkdir()
    asyncio.run(a_log_of_a_newer_release(tmp_path / "var"))
    process = started(tmp_path, "--lane", "control")
    wait_until(lambda: b'"serving"' in (tmp_path / "said").read_bytes(), "the worker serves")
    while process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    assert process.returncode == 0
    said = (tmp_path / "said").read_bytes()
    assert b'"stopped"' in said
    assert b"install the newer one again" in said


async def a_log_of_a_newer_release(folder: Path) -> None:
    log = SqliteLog(folder / "holdingline.db")
    await log.open()
    await log.create_topics(topic_specs(LIVE, spread=1))
    fact = json.dumps({"rules_version": "2999-01-01"}).encode()
    await log.append([Draft(Partition(FACTS.named(LIVE), 0), b"incident/inc-1", fact, 0)])
    await log.close()


@pytest.mark.parametrize("delay_seconds", [0.9, 1.2, 1.5, 1.8, 2.1])
def test_a_worker_ends_at_any_moment_of_its_start_and_can_start_again(tmp_path: Path, delay_seconds: float) -> None:
    """Before it listens, a signal ends it as it would end any process, and it has begun nothing yet."""
    process = started(tmp_path, "--lane", "control")
    try:
        process.wait(timeout=delay_seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
    assert process.wait(timeout=PATIENCE_SECONDS) in {0, -signal.SIGTERM}
    process = started(tmp_path, "--lane", "control")
    wait_until(lambda: b'"serving"' in (tmp_path / "said").read_bytes(), "the worker serves")
    process.terminate()
    assert process.wait(timeout=PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("kafka://one:9092,two:9092", "kafka://one:9092,two:9092?worker=a.b-1"),
        ("kafka://one?session=6", "kafka://one?session=6&worker=a.b-1"),
        ("kafka://one?worker=b", "kafka://one?worker=b"),
        ("sqlite:///var/log.db", "sqlite:///var/log.db"),
    ],
)
def test_a_worker_is_named_where_names_mean_something(url: str, wanted: str) -> None:
    assert with_worker(url, "a.b-1", given=False) == wanted


@pytest.mark.parametrize(
    ("url", "name", "sentence"),
    [
        ("kafka://one?worker=b", "a", "names a worker already"),
        ("kafka://one", "a&session=1", "cannot name a worker"),
        ("sqlite:///var/log.db", "", "cannot name a worker"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(url: str, name: str, sentence: str) -> None:
    with pytest.raises(BadAddress, match=sentence):
        with_worker(url, name, given=True)


def test_the_key_of_links_may_lie_in_a_file_as_every_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The console reads it as the worker does."""
    ticket = Ticket(subject=Subject.incident("inc-1"), search_id="srch-1", person="ana")
    monkeypatch.delenv(LINK_KEY, raising=False)
    assert link_to("https://live.example", ticket) == "https://live.example/"
    (tmp_path / "links").write_text("a secret of both\n")
    monkeypatch.setenv(f"{LINK_KEY}_FILE", str(tmp_path / "links"))
    assert link_to("https://live.example", ticket) == ticket.link("https://live.example", "a secret of both")


def test_a_machine_gives_its_workers_a_name_that_can_be_used() -> None:
    assert WORKER_NAME.fullmatch(f"control-{host()}")


@pytest.mark.parametrize(("worker", "wanted"), [(None, []), ("a", ["--worker", "a"])])
def test_a_name_that_was_given_is_handed_to_the_lane_beside(worker: str | None, wanted: Sequence[str]) -> None:
    """Else the two mention lanes of one machine would have one name."""
    command = beside_this(MENTION_LANE, mode="live", log="kafka://one", data=Path(), worker=worker)
    assert [part for part in command if part in {"--worker", "a"}] == wanted


def test_a_console_that_is_started_first_waits_for_the_log_and_says_so(tmp_path: Path) -> None:
    """Who starts both at once has not to mind which is the first."""
    with (tmp_path / "console").open("wb") as said:
        command = [sys.executable, "-c", COMMAND, "console", "--mode", "training", "--listen", "127.0.0.1:0"]
        console = subprocess.Popen(command, cwd=tmp_path, stderr=said)
    wait_until(lambda: b"console waits for the log" in (tmp_path / "console").read_bytes(), "it says that it waits")
    worker = started(tmp_path, "--mode", "training", "--lane", "control")
    wait_until(lambda: b"console serves" in (tmp_path / "console").read_bytes(), "it serves")
    for one in (console, worker):
        one.terminate()
        assert one.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_console_that_waits_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with (tmp_path / "console").open("wb") as said:
        console = subprocess.Popen([sys.executable, "-c", COMMAND, "console"], cwd=tmp_path, stderr=said)
    wait_until(lambda: b"console waits for the log" in (tmp_path / "console").read_bytes(), "it says that it waits")
    console.terminate()
    assert console.wait(timeout=PATIENCE_SECONDS) == 0
