"""From outside: posts are fed in, and a running service puts those before people that somebody must answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.kill_bench import Service, service, wait_until

TRUST = "Ardudwy Vale Hospitals"
PLANTED = "Zqxplanted"
POSTS = {
    "press": f"I'm a reporter, can I get a statement from {TRUST}? {PLANTED}",
    "complaint": f"@ardudwyvale the receptionist at {TRUST} was so rude to my mum {PLANTED}",
    "threat": f"I will burn {TRUST} down {PLANTED}",
    "hate": f"get rid of the foreign nurses at {TRUST} {PLANTED}",
    "rude": f"{TRUST} you lot are pathetic {PLANTED}",
    "thanks": f"thank you {TRUST} {PLANTED}",
}
OURS = """
- id: short-posts
  kind: by-hand
  title: Short posts
  owner: lowri.penfynach
  options: {platform: x, url: "https://x.example/ardudwyvale"}
"""
HELP = f"my nan is trapped in {TRUST} {PLANTED}"
"""Ten people ask for help, each in a post of their own."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    """A running service, whose trust has an account that posts can speak to."""
    with service(tmp_path) as on:
        path = on.folder / "register/register/channels.yaml"
        path.write_text(path.read_text() + OURS)
        on.start()
        on.wait_until_ready()
        yield on


def fed(on: Service, texts: list[tuple[str, str]]) -> None:
    """Feed posts in as a program of the trust would."""
    at = datetime.now(UTC).isoformat()  # noqa: TID251 - a real evening
    lines = [{"id": name, "author_id": f"{PLANTED}-{name}", "at": at, "text": text} for name, text in texts]
    path = on.folder / "posts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    feed = ("feed", "mentions", "--file", str(path), "--log", on.log_url)
    wait_until(lambda: on.run(*feed).returncode == 0, "the worker beside it has a log")


def cases(on: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(on.run("cases", "--log", on.log_url, "--json").stdout)
    return found


@pytest.mark.slow
def test_a_reporter_a_complaint_a_threat_and_calls_for_help_become_cases(running: Service) -> None:
    """Each with its rule and words, with nobody yet; the calls are gathered, rude words not to us are counted only."""
    fed(running, list(POSTS.items()))
    fed(running, [(f"help-{number}", HELP) for number in range(10)])
    wait_until(lambda: any(one.get("gathered", 0) >= 8 for one in cases(running)), "the calls are gathered")
    found = cases(running)
    assert sorted(one["sort"] for one in found) == sorted(
        ["media-enquiry", "complaint", "threat", "hate-crime", "call-for-help", "call-for-help", "call-for-help"]
    )
    assert all(one["by_rule"] and one["words"] and one["holder"] is None and one["answer_by"] for one in found)
    assert [one["sort"] for one in found if one.get("addressed")] == ["complaint"]

    status = running.run("status", "--log", running.log_url).stdout
    assert all(one["id"] in status for one in found)
    wait_until(lambda: len(running.mailbox.pages) >= 4, "people are paged for what cannot wait")

    said = [status, running.run("cases", "--log", running.log_url).stdout]
    said += [path.read_text(errors="replace") for path in running.folder.glob("*.log")]
    said += [
        running.run("log", "show", f"case/{one['id']}", "--log", running.log_url, "--json").stdout for one in found
    ]
    assert all(PLANTED not in text for text in said)


@pytest.mark.slow
def test_a_case_that_was_closed_is_open_again_if_more_posts_come(running: Service) -> None:
    """Nobody would look at it else; and a second start of the service gives no case twice."""
    fed(running, [(f"help-{number}", HELP) for number in range(4)])
    wait_until(lambda: any(one.get("gathered", 0) == 2 for one in cases(running)), "the calls are gathered")
    gathered = next(one["id"] for one in cases(running) if one["gathered"] == 2)
    done = running.order("close-case", gathered, "the crew is there", by="lowri.penfynach")
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: gathered not in {one["id"] for one in cases(running)}, "the case is closed")
    assert running.stop() == 0
    running.start()
    fed(running, [(f"help-{number}", HELP) for number in range(4, 8)])
    wait_until(lambda: gathered in {one["id"] for one in cases(running)}, "the case is open again")
    assert len(cases(running)) == 3
