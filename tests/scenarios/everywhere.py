"""A real `serve` that speaks on five channels at once: site, e-mail, a real Bluesky, a real snac, and one by hand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bluesky import Account, BlueskyNetwork, own_network
from tests.scenarios.kill_bench import Service, service
from tests.scenarios.test_bluesky_night import CHANNEL, approve
from tests.scenarios.test_outside_night import Letters
from tests.snac import Snac
from tests.snac.shared import snac

MASTODON = """
- id: mastodon
  kind: mastodon
  title: The trust on Mastodon
  owner: lowri.penfynach
  deadline_seconds: 5.0
  credential: {{secret: MASTODON_TOKEN, mode: live}}
  options: {{server: "http://127.0.0.1:{port}", account: {account}}}
"""
BY_HAND = """
- id: whatsapp
  kind: by-hand
  title: Our WhatsApp channel
  owner: lowri.penfynach
  options: {platform: whatsapp, url: "https://whatsapp.example/ours"}
"""
MACHINES = ("site", "email", "bluesky", "mastodon")


@dataclass(frozen=True)
class Everywhere:
    """The service and what the servers themselves have."""

    on: Service
    bluesky: BlueskyNetwork
    account: Account
    mastodon: Snac
    name: str

    def posts(self) -> Mapping[str, Sequence[str]]:
        """The words that the public finds now on each network, without hashtags."""
        records = [one["value"] for one in self.bluesky.records(self.account)]
        return {
            "bluesky": [bare(one["text"]) for one in records if "en" in one["langs"]],
            "mastodon": [bare(one) for one in self.mastodon.texts(self.name)],
        }


def bare(text: str) -> str:
    """The words before the hashtags."""
    return text.partition(" #")[0]


@contextmanager
def everywhere(
    folder: Path, patch: pytest.MonkeyPatch, *, by_hand: bool = True, seconds: int = 30
) -> Iterator[Everywhere]:
    """The files of the trust with all these channels in its template about a fire; the test starts the worker.

    Each channel is waited for so many `seconds`: a busy machine is slow, and letters of unknown outcome need a person.
    """
    server = snac()
    patch.setattr("tests.scenarios.kill_bench.Mailbox", Letters)
    with own_network() as network, service(folder) as running:
        account, (name, token) = network.account(), server.account()
        patch.setenv("BLUESKY_APP_PASSWORD", account.password)
        patch.setenv("MASTODON_TOKEN", token)
        files = folder / "register"
        written, fire = files / "register" / "channels.yaml", files / "messages" / "fire.yaml"
        more = CHANNEL.format(did=account.did, url=network.url) + MASTODON.format(port=server.port, account=name)
        told = written.read_text() + more + (BY_HAND if by_hand else "")
        written.write_text(re.sub(r"deadline_seconds: .*", f"deadline_seconds: {seconds}", told))
        named = ", ".join([*MACHINES, *(["whatsapp"] if by_hand else [])])
        fire.write_text(fire.read_text().replace("channels: [site, email]", f"channels: [{named}]"))
        approve(running, fire)
        yield Everywhere(running, network, account, server, name)
