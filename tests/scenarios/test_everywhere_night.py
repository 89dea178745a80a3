"""A wrong message on five channels of a real `serve`: corrected by one order, then withdrawn, each in its own way."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.examples import CHIEF
from tests.scenarios.everywhere import MACHINES, Everywhere, everywhere
from tests.scenarios.kill_bench import wait_until
from tests.scenarios.test_bluesky_night import declared
from tests.scenarios.test_outside_night import NIGHT, in_minutes, letters, page, status

WRONG, RIGHT = "Ysbyty Ardudwy", "Ysbyty Cwm Helyg"
OURS = "https://whatsapp.example/ours/1"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Everywhere]:
    """An incident is declared."""
    with everywhere(tmp_path, monkeypatch) as found:
        found.on.start()
        found.on.wait_until_ready()
        assert found.on.order("declare", NIGHT, by=CHIEF, file=declared()).returncode == 0
        yield found


def let_out(night: Everywhere, place: str, *more: str) -> None:
    """Give the order; the command ends with 6 while a person still has to put the words somewhere."""
    slots = ("--slot", f"place={place}", "--slot", "time=22:31")
    promised = () if "--purpose" in more else ("--next-update", in_minutes(40))
    done = night.on.order("release", NIGHT, "fire", *slots, *promised, *more, by=CHIEF)
    assert done.returncode in {0, 6}, done.stdout + done.stderr


def deliveries(night: Everywhere, purpose: str) -> Mapping[str, Mapping[str, Any]]:
    """The newest state of each delivery of the message with this purpose, by its channel, as the log has it."""
    facts = [one["body"] for one in night.on.facts(NIGHT)]
    (message,) = [
        one["message"]["id"]
        for one in facts
        if one["kind"] == "message_authorised" and one["message"]["purpose"] == purpose
    ]
    asked = {
        one["delivery_id"]: one["channel"]
        for one in facts
        if one["kind"] == "delivery_asked" and one["message_id"] == message
    }
    return {asked[one["delivery_id"]]: one for one in facts if one.get("delivery_id") in asked}


def settled(night: Everywhere, purpose: str) -> None:
    """Wait until each channel that a machine reaches has this message."""
    done = {*MACHINES}
    wait_until(
        lambda: (
            {name for name, one in deliveries(night, purpose).items() if one["kind"] == "delivery_confirmed"} >= done
        ),
        f"the {purpose} is on {', '.join(MACHINES)}",
    )


def task(night: Everywhere) -> tuple[str, str]:
    """The delivery that the list asks a person to do, and what the list says of it."""
    said = night.on.run("inbox", "--as", CHIEF, "--log", night.on.log_url)
    assert said.returncode == 0, said.stderr
    found = re.search(r"dlv-[0-9a-f]+", said.stdout)
    assert found, said.stdout
    return found[0], said.stdout


def tick(night: Everywhere, *more: str) -> None:
    """The person has put the words there, and says so."""
    name, _ = task(night)
    done = night.on.order("done-by-hand", NIGHT, name, *more, by=CHIEF)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_wrong_message_is_mended_and_withdrawn_everywhere_by_one_order_each(night: Everywhere) -> None:
    """Counted on the servers: nothing wrong stands at the end but letters, which nobody can call back."""
    let_out(night, WRONG)
    settled(night, "holding")
    tick(night, "--url", OURS)
    let_out(night, RIGHT, "--purpose", "correction")
    settled(night, "correction")
    # Each in its own way: Bluesky has an answer below the wrong words, Mastodon the same post with other words.
    posts = night.posts()
    assert sorted(one[:10] for one in posts["bluesky"]) == ["CORRECTION", "There is a"]
    assert [one[:10] for one in posts["mastodon"]] == ["CORRECTION"]
    assert len(letters(night.on)) == 2
    assert RIGHT in page(night.on)
    said = status(night.on)
    by_hand = [line for line in said.splitlines() if "whatsapp" in line and "dlv-" in line]
    name, listed = task(night)
    assert any(name in line for line in by_hand)
    assert "CORRECTION" in listed
    assert OURS in listed
    # Nobody puts the correction there: its withdrawal asks for what is there and for what may be.
    let_out(night, RIGHT, "--purpose", "withdrawal")
    settled(night, "withdrawal")
    assert {name: [one[:17] for one in texts] for name, texts in night.posts().items()} == {
        "bluesky": ["We have withdrawn"],
        "mastodon": ["We have withdrawn"],
    }
    assert len(letters(night.on)) == 3
    assert "We have withdrawn" in page(night.on)
    _, listed = task(night)
    assert f"delete our post {OURS}, and our post with message" in listed
    tick(night)
    assert deliveries(night, "withdrawal")["whatsapp"]["kind"] == "delivery_confirmed"
    assert "by hand" not in night.on.run("inbox", "--as", CHIEF, "--log", night.on.log_url).stdout


@pytest.mark.slow
def test_a_withdrawal_while_its_message_is_being_sent_leaves_nothing_of_it(night: Everywhere) -> None:
    """One server is away when the message goes out and comes back after the withdrawal was ordered."""
    night.bluesky.kill_server()
    let_out(night, WRONG, "--no-wait")
    wait_until(lambda: len(night.mastodon.texts(night.name)) == 1, "the message is on Mastodon")
    let_out(night, WRONG, "--purpose", "withdrawal", "--no-wait")
    night.bluesky.start_server()
    wait_until(lambda: [one[:7] for one in night.posts()["mastodon"]] == ["We have"], "Mastodon has the withdrawal")
    night.on.wait_until_settled()
    assert all(one.startswith("We have withdrawn") for texts in night.posts().values() for one in texts)
    assert deliveries(night, "holding")["bluesky"]["kind"] == "delivery_refused"
    assert json.dumps(deliveries(night, "withdrawal")).count("delivery_unknown") == 0
