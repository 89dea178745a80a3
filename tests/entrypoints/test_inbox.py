"""The inbox of a person: what waits for their yes wherever it is, and the command that says it."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.order_fields import typed
from streams.words.delivery import ResolveDelivery
from streams.words.release import SignOff
from tests.entrypoints.commanding import DECLARE, INCIDENT, opened, run, soon
from tests.examples import CHIEF, WRITER, example_register
from tests.grounds import EmptyLog
from tests.scenarios.kill_bench import Service


@pytest.fixture(scope="module")
def on(empty_log: EmptyLog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on each ground in turn, with one declared incident, whose first message is out."""
    with empty_log() as url, opened(tmp_path_factory.mktemp("inbox"), url) as running:
        yield running


def inbox(on: Service, person: str) -> Any:
    """What waits for a person, as JSON."""
    code, said, complained = run("inbox", "--as", person, "--log", on.log_url, "--json")
    assert code == 0, complained
    return json.loads(said)


def test_the_command_that_the_inbox_shows_says_the_yes(on: Service) -> None:
    """It waits in the inbox of who may say it and in no other, with its words; and once it is said, nowhere.

    The command shows the words again and asks, so that no hash is copied.
    """
    slots = ("--slot", "place=Afon Wen", "--slot", "time=22:32", "--next-update", soon())
    drafted = on.order("propose", INCIDENT, "fire", *slots, "--json", by=WRITER)
    message = json.loads(drafted.stdout)[0]["body"]["message"]["id"]
    assert inbox(on, WRITER) == []
    (mine,) = inbox(on, CHIEF)
    assert (mine["what"], mine["subject"]["id"]) == (message, INCIDENT)
    assert any("Afon Wen" in line for line in mine["content"])
    code, said, _ = run("inbox", "--as", CHIEF, "--log", on.log_url)
    (command,) = mine["commands"]
    assert (code, f"  {command}" in said) == (0, True)
    program, *words = shlex.split(command)
    assert program == "holdingline"
    assert words[:3] == ["sign-off", INCIDENT, message]
    done = on.process_with(*words, typed=["y"])
    assert done.returncode == 0, done.stderr
    assert inbox(on, CHIEF) == []
    assert run("inbox", "--as", CHIEF, "--log", on.log_url)[1] == f"nothing waits for the yes of {CHIEF}\n"


def test_the_status_shows_what_was_promised_and_what_waits(on: Service) -> None:
    """In words what waits comes first; a program reads both of each incident."""
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:36", "--next-update", soon())
    assert on.order("propose", INCIDENT, "fire", *slots, by=WRITER).returncode == 0
    _, said, _ = run("status", INCIDENT, "--log", on.log_url)
    assert said.startswith(f"WAITS  incident {INCIDENT}: draft ")
    assert "  next update due by " in said
    (shown,) = json.loads(run("status", INCIDENT, "--log", on.log_url, "--json")[1])
    assert {one["kind"] for one in shown["waiting"]} == {"draft"}
    assert shown["promises"][-1]["state"] == "open"


def test_a_partner_that_was_stopped_in_all_incidents_is_told_and_let_go_on_by_the_command_that_the_inbox_shows(
    on: Service,
) -> None:
    """In the status with who, when and why; each order later is judged by the register that has the stop."""
    stopped = on.order("stop-partner", "register", "fire", "it was taken over", by=CHIEF)
    assert stopped.returncode == 0, stopped.stderr
    status = run("status", "--log", on.log_url)[1]
    assert "WAITS  the register: the posts of partner fire are stopped: ask whether" in status
    assert f"partner fire: STOPPED in all incidents by {CHIEF} at " in status
    post = {"credit": credit(), "text": "Crews are at Block C.", "posted_at": SystemClock().now().isoformat()}
    shared = on.order("amplify", INCIDENT, "--no-wait", by=WRITER, file=post)
    assert shared.returncode == 0, shared.stderr
    (mine,) = [one for one in inbox(on, WRITER) if one["kind"] == "stopped-partner"]
    (command,) = mine["commands"]
    assert shlex.split(command)[1:4] == ["resume-partner", "register", "fire"]
    done = on.process_with(*shlex.split(command)[1:], typed=[])
    assert done.returncode == 0, done.stderr
    assert "STOPPED" not in run("status", "--log", on.log_url)[1]
    out = str(on.folder / "night.jsonl")
    assert run("evidence", INCIDENT, "--as", CHIEF, "--out", out, "--log", on.log_url)[0] == 0
    code, said, complained = run("verify", out)
    assert (code, "facts of the register's own log give those registers" in said) == (0, True), complained


def test_a_look_alike_is_shown_with_its_evidence_and_settled_by_the_command_that_the_inbox_shows(on: Service) -> None:
    """A line of a feed whose account only looks like a partner's: nothing of it goes out, and it waits for a person."""
    lines = on.folder / "fake.jsonl"
    fake = {"id": "fake-1", "account_id": "did:fake:1", "domain": "ardudwy-f1re.example", "post_id": "1"}
    lines.write_text(json.dumps({**fake, "at": SystemClock().now().isoformat(), "text": "Come to Block C."}))
    assert run("feed", "partner-posts", "--file", str(lines), "--log", on.log_url)[0] == 0
    found = list[Any]()
    for _ in range(100):
        found = found or [one for one in inbox(on, WRITER) if one["kind"] == "look-alike"]
    (mine,) = found
    assert any("ardudwy-f1re.example” looks the same as" in line for line in mine["content"])
    (command,) = mine["commands"]
    assert shlex.split(command)[1:4] == ["settle-look-alikes", "register", "fire"]
    done = on.process_with(*shlex.split(command)[1:], typed=[])
    assert done.returncode == 0, done.stderr
    assert "accounts look like" not in run("status", "--log", on.log_url)[1]


def credit() -> dict[str, str]:
    """A post of the example's fire service."""
    partner = example_register().partners["fire"]
    account = {"partner": partner.id, "partner_name": partner.name, "account_id": partner.account_id}
    return {**account, "post_id": "post-1"}


def test_a_case_is_shown_by_its_name_also_once_it_is_closed(on: Service) -> None:
    """The answer waits, also in the inbox of the person who has the case, until it is given; no table keeps it then."""
    late = ("--answer-by", "2026-01-01T12:00:00+00:00")
    opened = on.order("open-case", "paper-1", "media-enquiry", "A paper asks how long.", *late, by=WRITER)
    assert opened.returncode == 0, opened.stderr
    said = run("status", "case/paper-1", "--log", on.log_url)[1]
    assert said.startswith("WAITS  case paper-1: its answer is OVERDUE since 01 Jan 2026 12:00 GMT\ncase paper-1: open")
    assert "paper-1" not in {one["what"] for one in inbox(on, CHIEF)}
    (overdue,) = [one for one in inbox(on, WRITER) if one["kind"] == "case"]
    (command,) = overdue["commands"]
    assert shlex.split(command)[1:4] == ["answer-case", "paper-1", "It was answered."]
    assert on.order("answer-case", "paper-1", "sent the link", by=WRITER).returncode == 0
    assert on.order("close-case", "paper-1", "settled", by=WRITER).returncode == 0
    (shown,) = json.loads(run("status", "case/paper-1", "--log", on.log_url, "--json")[1])
    assert (shown["status"], shown["done"], shown["waiting"]) == ("closed", "sent the link", [])
    assert "paper-1" not in run("status", "--log", on.log_url)[1]
    assert run("status", "case/none", "--log", on.log_url)[2] == "there is no case none: see `holdingline status`\n"


def test_somebody_who_is_not_on_the_register_is_told_so(on: Service) -> None:
    code, _, complained = run("inbox", "--as", "no-such-person", "--log", on.log_url)
    assert (code, complained) == (
        1,
        "no-such-person is not on the register: give your identifier as the register has it\n",
    )


def test_an_order_is_typed_as_its_command_asks_for_it() -> None:
    """Arguments in their order, options by name, a yes or no as one word; what is left out is not typed."""
    assert typed(SignOff(message_id="msg-1", content_hash="ab")) == ["msg-1", "ab"]
    resolve = ResolveDelivery(delivery_id="dlv-1", attempt=2, public=False, evidence="not there")
    assert typed(resolve) == ["dlv-1", "not there", "--attempt", "2", "--no-public"]


def test_the_status_lists_what_goes_on_and_shows_the_rest_when_asked_for(on: Service) -> None:
    """An incident that is over is counted; it is shown by its name, or with everything."""
    assert on.order("declare", "inc-over", by=CHIEF, file=DECLARE).returncode == 0
    assert on.order("cancel", "inc-over", "a false alarm", by=CHIEF).returncode == 0
    said, everything = (run("status", *more, "--log", on.log_url)[1] for more in ([], ["--all"]))
    assert "inc-over" not in said
    assert "1 incident is over: `holdingline status --all`" in said
    assert "inc-over: cancelled" in everything
    assert run("status", "inc-over", "--log", on.log_url)[1].startswith("inc-over: cancelled")
    assert len(said.splitlines()) <= 40
    assert re.search(r"OUT  holding msg-\w+, public since ", said)
    assert re.search(r"       site: https://\S+#m-", said)
