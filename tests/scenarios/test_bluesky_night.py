"""A night on Bluesky: a real `serve` and a real server, and what the public finds there after each order."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bluesky import Account, BlueskyNetwork, own_network
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, service, wait_until
from tests.scenarios.test_outside_night import NIGHT, in_minutes, release

CHANNEL = """
- id: bluesky
  kind: bluesky
  title: The trust on Bluesky
  owner: lowri.penfynach
  deadline_seconds: 5.0
  credential: {{secret: BLUESKY_APP_PASSWORD, mode: live}}
  options: {{did: "{did}", url: "{url}"}}
"""


@pytest.fixture
def network() -> Iterator[BlueskyNetwork]:
    with own_network() as network:
        yield network


@pytest.fixture
def account(network: BlueskyNetwork) -> Account:
    return network.account()


@pytest.fixture
def night(
    tmp_path: Path, network: BlueskyNetwork, account: Account, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """A running service that speaks on Bluesky, on which one incident is declared."""
    monkeypatch.setenv("BLUESKY_APP_PASSWORD", account.password)
    with service(tmp_path) as running:
        folder = tmp_path / "register"
        channels, fire = folder / "register" / "channels.yaml", folder / "messages" / "fire.yaml"
        channels.write_text(channels.read_text() + CHANNEL.format(did=account.did, url=network.url))
        fire.write_text(fire.read_text().replace("channels: [site, email]", "channels: [bluesky]"))
        approve(running, fire)
        running.start()
        running.wait_until_ready()
        assert running.order("declare", NIGHT, by=CHIEF, file=declared()).returncode == 0
        yield running


def approve(running: Service, template: Path) -> None:
    """Let the yes in the file be to what the file says now."""
    found = json.loads(running.run("hashes", "--register", str(running.folder / "register"), "--json").stdout)
    now = next(content for file, content in found.items() if Path(file).stem == template.stem)
    text = template.read_text()
    template.write_text(
        f'{text.partition("content_hash:")[0]}content_hash: "{now}"\n  expires_at: 2028-12-31T00:00:00Z\n'
    )


def declared() -> dict[str, object]:
    report = {"major_incident": True, "exact_location": "ward", "type_of_incident": "fire", "access": "north"}
    rest = {"hazards": ["smoke"], "number_of_casualties": "none known", "emergency_services": ["fire"]}
    return {"name": "fire", "type": "major", "level": 3, "methane": report | rest, "hashtags": ["#BlockC"]}


def posts(network: BlueskyNetwork, account: Account) -> list[str]:
    return [record["value"]["text"] for record in network.records(account)]


@pytest.mark.slow
def test_a_message_is_corrected_and_withdrawn_on_bluesky(
    night: Service, network: BlueskyNetwork, account: Account
) -> None:
    """By orders of the command line: each language once, the correction as an answer, the wrong posts gone at last."""
    first = release(night, "Ysbyty Ardudwy")
    assert "bsky.app/profile/did:plc:" in first
    assert sorted(one[:8] for one in posts(network, account)) == ["There is", "Tân, Ysb"]
    release(night, "Ysbyty Ardudwy", "--purpose", "correction", time="22:35")
    answers = [one["value"]["reply"] for one in network.records(account) if "reply" in one["value"]]
    assert len(answers) == 2
    release(night, "Ysbyty Ardudwy", "--purpose", "withdrawal")
    night.wait_until_settled()
    left = posts(network, account)
    assert sorted(one[:8] for one in left) == ["Rydym we", "We have "]


@pytest.mark.slow
def test_a_server_that_is_away_holds_nothing_back_for_ever(
    night: Service, network: BlueskyNetwork, account: Account
) -> None:
    """It is sent again until it is there, once in each language; nobody has to do anything."""
    network.kill_server()
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:31")
    night.order("release", NIGHT, "fire", *slots, "--next-update", in_minutes(40), "--no-wait", by=CHIEF)
    network.start_server()
    wait_until(lambda: len(posts(network, account)) == 2, "both posts are there")
    night.wait_until_settled()
    assert len(posts(network, account)) == 2
