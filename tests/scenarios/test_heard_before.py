"""On a running service: people speak of the trust before an incident is declared, and the person on call is paged."""

import asyncio
import json
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from streams.values import LIVE
from streams.words.posts import Mention
from tests.entrypoints.commanding import DECLARE
from tests.examples import CHIEF, WRITER
from tests.scenarios.kill_bench import Service, service, wait_until

TEXT = "Is that smoke over Ysbyty Ardudwy?"
REASON = "A film about a fire was made there today."


def speak(on: Service, people: range, *, minutes_ago: float) -> None:
    """One post of each of these people."""
    at = SystemClock().now() - timedelta(minutes=minutes_ago)
    posts = [Mention(id=f"m-{one}", mode=LIVE, author_id=f"somebody-{one}", at=at, text=TEXT) for one in people]
    asyncio.run(on.put(posts))


def heard(on: Service) -> dict[str, Any]:
    """What `holdingline watch` shows a program."""
    shown: dict[str, Any] = json.loads(on.run("watch", "--log", on.log_url, "--json").stdout)
    return shown


def kinds(on: Service) -> list[str]:
    return [one["body"]["kind"] for one in on.facts("watch/trust")]


def status(on: Service) -> str:
    return on.run("status", "--log", on.log_url).stdout


@pytest.mark.slow
def test_the_person_on_call_hears_of_it_says_not_ours_hears_of_twice_as_many_and_declares(
    log_url: str, tmp_path: Path
) -> None:
    """From outside: posts come in, a letter goes out, and the command line shows and answers it. No text is kept."""
    with service(tmp_path, log_url) as on:
        on.start()
        on.wait_until_ready()
        speak(on, range(3), minutes_ago=8)
        wait_until(lambda: heard(on)["waits"], "it waits for a person")
        wait_until(lambda: "person_paged" in kinds(on), "a person is paged")
        wait_until(lambda: bool(on.mailbox.pages), "the page is sent")
        said = "3 people in 2 minutes name Ardudwy Vale Hospitals NHS Trust together with smoke; usual: 5 in a day."
        assert f"{said} No incident is declared." in status(on)
        assert "holdingline watch not-ours --reason 'why'" in status(on)
        assert [one["people"] for one in heard(on)["quarters"]] == [3]

        assert '"kind": "watch"' in on.run("status", "--log", on.log_url, "--json").stdout
        shown = json.loads(on.run("inbox", "--as", CHIEF, "--log", on.log_url, "--json").stdout)
        commands = [shlex.split(one)[1:4] for item in shown if item["kind"] == "watch" for one in item["commands"]]
        assert commands == [["watch", "closer", "--as"], ["watch", "not-ours", "--reason"]]

        refused = on.order("watch", "not-ours", "--reason", REASON, by=WRITER)
        assert refused.returncode == 3
        assert "Who could: " in refused.stderr
        answered = on.order("watch", "not-ours", "--reason", REASON, by=CHIEF)
        assert answered.returncode == 0, answered.stderr
        assert "WAITS" not in status(on)

        speak(on, range(3, 40), minutes_ago=1)
        wait_until(lambda: heard(on)["waits"], "twice as many break through")
        assert "Again: 20 people in 15 minutes" in status(on)
        declared = on.order("declare", "inc-1", by=CHIEF, file=DECLARE)
        assert declared.returncode == 0, declared.stderr
        wait_until(lambda: not heard(on)["waits"], "the incident settles it")
        assert [one["status"] for one in heard(on)["watch"]["settled"]] == ["not-ours", "settled"]
        kept = json.dumps(on.facts("watch/trust"))
        assert TEXT not in kept
        assert "somebody-" not in kept
        assert "m-0" not in kept
