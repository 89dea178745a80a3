"""systemd hears that the worker is ready, that it goes on, and that it stops: a socket of the test takes its place."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.entrypoints.worker.monitor.service_manager import GOES_ON, READY, STOPPING, ServiceManager
from tests.scenarios.kill_bench import free_port, service

SPAN_SECONDS = 0.6


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket in the abstract namespace, as systemd may name one, and a watchdog."""
    name = f"holdingline-test-{free_port()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(f"\0{name}")
        listens.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        monkeypatch.setenv("WATCHDOG_USEC", str(int(SPAN_SECONDS * 1_000_000)))
        yield listens


def heard(manager: socket.socket, word: str) -> None:
    """Return once this word came; the manager's own patience ends it otherwise."""
    while manager.recv(100).decode() != word:
        pass


def drained(manager: socket.socket) -> None:
    manager.settimeout(0.01)
    try:
        while manager.recv(100):
            pass
    except TimeoutError:
        return


def test_a_worker_says_that_it_is_ready_that_it_goes_on_and_that_it_stops(
    manager: socket.socket, tmp_path: Path
) -> None:
    """While it hangs it says nothing, so that the watchdog ends it."""
    with service(tmp_path) as running:
        running.start()
        heard(manager, READY)
        heard(manager, GOES_ON)
        running.workers[0].send(signal.SIGSTOP)
        drained(manager)
        manager.settimeout(2 * SPAN_SECONDS)
        with pytest.raises(TimeoutError):
            manager.recv(100)
        running.workers[0].send(signal.SIGCONT)
        manager.settimeout(30)
        heard(manager, GOES_ON)
        running.workers[0].send(signal.SIGTERM)
        heard(manager, STOPPING)
        assert running.workers[0].process is not None
        assert running.workers[0].process.wait(timeout=180) == 0


def test_without_a_manager_nothing_is_said_and_one_that_is_gone_stops_nothing() -> None:
    assert ServiceManager({}).span_seconds == 0
    ServiceManager({}).say(READY)
    ServiceManager({"NOTIFY_SOCKET": "@nobody-listens-here"}).say(READY)


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    """A process that ours started would else keep a worker alive that hangs."""
    assert ServiceManager({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}).span_seconds == 0
    assert ServiceManager({"WATCHDOG_USEC": "1000000"}).span_seconds == 1
