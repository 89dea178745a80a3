"""The machine is gone while an incident goes on: another one restores the last backup, and nothing goes out twice."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.commanding import DECLARE, INCIDENT, soon
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, service, wait_until

DEADLINE_SECONDS = 30.0
"""So long a channel has to answer: time enough to take a backup meanwhile."""


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    """A service whose mail server takes a letter and then gives no answer, until `answers` is set."""
    with service(tmp_path) as running:
        channels = running.folder / "register/register/channels.yaml"
        text = channels.read_text().replace("deadline_seconds: 2.0", f"deadline_seconds: {DEADLINE_SECONDS}")
        channels.write_text(text)
        answers, take = threading.Event(), running.mailbox.handle_DATA

        async def slow(server: Any, session: Any, envelope: Any) -> str:
            taken = await take(server, session, envelope)
            await asyncio.to_thread(answers.wait)
            return taken

        running.mailbox.handle_DATA = slow  # type: ignore[method-assign] # The one thing that is wrong this night.
        running.answers = answers  # type: ignore[attr-defined] # For the test.
        running.start()
        running.wait_until_ready()
        yield running
        answers.set()


def states(on: Service, url: str) -> dict[str, str]:
    """The state of each delivery of the incident by its channel; the newest wins."""
    (incident,) = json.loads(on.run("status", INCIDENT, "--json", "--log", url).stdout)
    return {one["channel"]: one["state"] for one in incident["deliveries"].values()}


def delivery_on(on: Service, url: str, channel: str) -> dict[str, Any]:
    (incident,) = json.loads(on.run("status", INCIDENT, "--json", "--log", url).stdout)
    (found,) = [one for one in incident["deliveries"].values() if one["channel"] == channel]
    return dict(found)


def test_a_night_goes_on_from_a_backup_taken_in_the_middle_of_a_send(night: Service, tmp_path: Path) -> None:
    """The letter was taken and its answer lost with the machine: a person is asked, and no second letter goes out.

    The page has what it had, once; the next word goes out on both, once; the record holds together.
    """
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:30", "--next-update", soon())
    assert night.order("declare", INCIDENT, by=CHIEF, file=DECLARE).returncode == 0
    assert night.order("release", INCIDENT, "fire", *slots, "--no-wait", by=CHIEF).returncode == 0
    wait_until(lambda: len(night.mailbox.counts) == 1, "the mail server has the letter")
    wait_until(lambda: states(night, night.log_url).get("site") == "confirmed", "the page has it")
    copy = str(tmp_path / "copy.db")
    kept = night.run("backup", copy, "--log", night.log_url, "--register", str(night.folder / "register"))
    assert kept.returncode == 0, kept.stderr
    assert states(night, f"sqlite:////{copy}") == {"site": "confirmed", "email": "sending"}
    night.kill()
    night.answers.set()  # type: ignore[attr-defined] # As above.

    there = tmp_path / "there"
    there.mkdir()
    url = f"sqlite:////{there}/log.db"
    back = night.run("restore", copy, "--log", url, "--register", str(there / "data"))
    assert back.returncode == 0, back.stderr
    other = night.worker("other.log", "--register", str(there / "data"), log_url=url)
    other.start()
    wait_until(lambda: delivery_on(night, url, "email")["state"] == "unknown", "its outcome is unknown")
    letter = delivery_on(night, url, "email")
    assert f"delivery {letter['id']} on email may be public or not" in night.run("status", "--log", url).stdout
    seen = ("resolve", INCIDENT, letter["id"], "The desk has it.", "--attempt", str(letter["attempt"]), "--public")
    resolved = night.run(*seen, "--as", CHIEF, "--log", url)
    assert resolved.returncode == 0, resolved.stdout + resolved.stderr
    words = ("release", INCIDENT, "fire", "--slot", "place=Ysbyty Ardudwy", "--purpose", "withdrawal")
    withdrawn = night.run(*words, "--as", CHIEF, "--log", url)
    assert withdrawn.returncode == 0, withdrawn.stdout + withdrawn.stderr
    assert set(night.mailbox.counts.values()) == {1}
    assert len([name for name in night.mailbox.counts if name.startswith("dlv-")]) == 2
    assert set(night.published_on_site().values()) == {1}
    assert night.run("log", "verify", "--log", url).returncode == 0
    assert other.stop() == 0
    assert other.problems == []
