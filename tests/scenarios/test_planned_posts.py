"""On a running service: a planned post goes out at its time, an incident holds it, and a person lets it go on."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from tests.entrypoints.commanding import DECLARE
from tests.examples import APPROVER, CHIEF, WRITER
from tests.scenarios.kill_bench import Done, Service, service, wait_until

PLACE = ("--slot", "place=Ysbyty Ardudwy")
WORDS = "en=Our flu clinic is open on Saturday morning."


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path) as one:
        one.start()
        one.wait_until_ready()
        yield one


def soon(seconds: float) -> str:
    return (SystemClock().now() + timedelta(seconds=seconds)).isoformat()


def plans(on: Service) -> dict[str, dict[str, Any]]:
    """Every planned post as the command line shows it, by its name."""
    shown = json.loads(on.run("plans", "--log", on.log_url, "--json").stdout)
    return {one["id"]: one for one in shown}


def given(on: Service, *words: str, by: str) -> Done:
    done = on.order(*words, by=by)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def plan(on: Service, name: str, at: str, words: str = WORDS) -> None:
    """One person plans the post, another says yes."""
    where = ("--channel", "site", "--channel", "email", "--despite-pace")
    given(on, "plan", name, "--at", at, *where, "--text", words, by=WRITER)
    draft = next(iter(plans(on)[name]["drafts"].values()))
    given(on, "approve-post", name, "--hash", draft["content_hash"], by=APPROVER)


def status(on: Service, name: str) -> str:
    return str(plans(on)[name]["status"])


def is_public(on: Service, name: str) -> bool:
    states = [one["state"] for one in plans(on)[name]["deliveries"].values()]
    return states == ["confirmed", "confirmed"]


def on_page(on: Service, words: str) -> bool:
    page = on.folder / "site" / "public" / "index.html"
    return page.exists() and words.partition("=")[2] in page.read_text(encoding="utf-8")


def test_a_planned_post_goes_out_once_on_each_channel_at_its_time_and_is_withdrawn_by_one_person(
    running: Service,
) -> None:
    """Two people planned it, the clock lets it out, the ordinary publishing agent sends it."""
    refused = running.order("plan", "late", "--at", "2026-01-01T00:00:00+00:00", "--channel", "site", by=WRITER)
    assert refused.returncode != 0
    plan(running, "flu-clinic", soon(12))
    assert "1 post is planned: see `holdingline plans`" in running.run("status", "--log", running.log_url).stdout
    assert not on_page(running, WORDS)
    wait_until(lambda: is_public(running, "flu-clinic"), "the post is public")
    assert on_page(running, WORDS)
    assert list(running.published_on_site().values()) == [1]
    assert list(running.mailbox.counts.values()) == [1]
    given(running, "unplan", "flu-clinic", "the day is wrong", "--withdraw-with", "fire", *PLACE, by=CHIEF)
    wait_until(lambda: list(running.mailbox.counts.values()) == [1, 1], "a letter says so")
    wait_until(lambda: not on_page(running, WORDS), "the page strikes it out")
    alerts = running.folder / "site" / "public" / "cap"
    wait_until(lambda: list(alerts.glob("*.xml")) == [], "its alert is gone")
    found = running.run("log", "verify", "--log", running.log_url)
    assert found.returncode == 0, found.stdout


def test_a_planned_post_that_is_out_is_corrected_by_two_people(running: Service) -> None:
    """One writes the right words, another lets them out; every channel shows them by its own way."""
    plan(running, "flu-clinic", soon(8))
    wait_until(lambda: is_public(running, "flu-clinic"), "the post is public")
    right = "en=Our flu clinic is open on Sunday morning."
    given(running, "correct-post", "flu-clinic", "--text", right, by=WRITER)
    shown = running.run("plans", "--log", running.log_url).stdout
    assert "a correction on site, email WAITS for another person's yes" in shown
    (draft,) = plans(running)["flu-clinic"]["drafts"].values()
    given(running, "approve-post", "flu-clinic", "--hash", draft["content_hash"], by=APPROVER)
    wait_until(lambda: list(running.mailbox.counts.values()) == [1, 1], "a letter says so")
    wait_until(lambda: on_page(running, right), "the page says what is right")
    assert status(running, "flu-clinic") == "out"
    found = running.run("log", "verify", "--log", running.log_url)
    assert found.returncode == 0, found.stdout


def test_an_incident_holds_what_is_planned_until_a_person_plans_it_again(running: Service) -> None:
    """What falls due while it goes on is not sent, nor when it is over: one goes on, the other is dropped."""
    other = "en=Our gates open at nine o'clock."
    due = time.monotonic() + 15
    plan(running, "flu-clinic", soon(15))
    plan(running, "gates", soon(3_600), other)
    assert running.order("declare", "inc-cli", by=CHIEF, file=DECLARE).returncode == 0
    wait_until(lambda: {status(running, one) for one in ("flu-clinic", "gates")} == {"held"}, "both are held")
    time.sleep(max(0.0, due - time.monotonic()) + 2)
    assert not on_page(running, WORDS)
    assert "none goes out by itself" in running.run("status", "--log", running.log_url).stdout
    assert "to_review" not in [name for name, value in plans(running)["gates"].items() if value is True]
    given(running, "stand-down", "inc-cli", "--yes", "over", by=CHIEF)
    wait_until(lambda: all(one["to_review"] for one in plans(running).values()), "both wait to be looked at")
    waits = running.run("status", "--log", running.log_url).stdout
    assert "plan/flu-clinic" in waits or "plan flu-clinic" in waits
    given(running, "replan", "flu-clinic", "--at", soon(8), "--despite-pace", by=APPROVER)
    given(running, "unplan", "gates", "it is over", by=WRITER)
    wait_until(lambda: is_public(running, "flu-clinic"), "the post is public")
    assert on_page(running, WORDS)
    assert not on_page(running, other)
    assert status(running, "gates") == "dropped"
    assert list(running.mailbox.counts.values()) == [1]
    found = running.run("log", "verify", "--log", running.log_url)
    assert found.returncode == 0, found.stdout
