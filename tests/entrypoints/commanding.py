"""Commands of the command line, and a service with an incident to give them to."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.main import main
from streams.values import digest
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, service

INCIDENT = "inc-cli"
METHANE = {"major_incident": True, "exact_location": "Block C", "type_of_incident": "fire"}
DECLARE = {"name": "Block C fire", "type": "major", "level": 3, "methane": METHANE, "hashtags": ["#BlockC"]}


def soon() -> str:
    """A promise that the example's approvals allow."""
    return (SystemClock().now() + timedelta(minutes=40)).isoformat()


@contextmanager
def opened(folder: Path, log_url: str) -> Iterator[Service]:
    """A running service with one declared incident, whose first message is out."""
    with service(folder, log_url) as running:
        running.start()
        running.wait_until_ready()
        declared = running.order("declare", INCIDENT, by=CHIEF, file=DECLARE)
        assert declared.returncode == 0, declared.stderr
        slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:30", "--next-update", soon())
        released = running.order("release", INCIDENT, "fire", *slots, by=CHIEF)
        assert released.returncode == 0, released.stderr
        running.wait_until_settled()
        yield running


def declared(on: Service, test: str) -> str:
    """An incident of this test's own."""
    name = f"inc-{digest(test)[:8]}"
    done = on.order("declare", name, by=CHIEF, file=DECLARE)
    assert done.returncode == 0, done.stderr
    return name


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code of a command, what it said, and what it complained of."""
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as ended:
        main(arguments)
    code = ended.value.code
    return int(code or 0), said.getvalue(), complained.getvalue()
