"""`check` names each account of a partner that cannot be heard as it is written."""

import shutil
from pathlib import Path

import pytest

from agents.adapters.registers import check, data_folder
from agents.entrypoints.worker.feeds.wiring import SETTINGS
from tests.builders import NOW

ACCOUNT = """
  accounts:
    - kind: {kind}
      account_id: {account_id}
      domain: {domain}
      address: {address}
      evidence: Their duty manager read it out to us.
      credential: {{secret: {secret}, mode: live}}
"""
RIGHT = {
    "kind": "webhook",
    "account_id": "did:web:ardudwy-fire.example",
    "domain": "ardudwy-fire.example",
    "address": "https://alerts.example/hooks/fire",
    "secret": "HOLDINGLINE_FEED_FIRE",
}


def sentences(tmp_path: Path, *accounts: dict[str, str]) -> list[str]:
    """What is found if the last partner of the example, fire, has these accounts."""
    folder = tmp_path / "trust"
    shutil.copytree(data_folder(), folder)
    written = [ACCOUNT.format(**{**RIGHT, **one}) for one in accounts]
    more = written[0] + "".join(one.partition("accounts:\n")[2] for one in written[1:])
    partners = folder / "register/partners.yaml"
    partners.write_text(partners.read_text(encoding="utf-8").rstrip("\n") + more, encoding="utf-8")
    return [one.sentence for one in check(folder, NOW, accounts_heard=SETTINGS)]


def test_an_account_that_can_be_heard_has_no_fault(tmp_path: Path) -> None:
    """It may be the first account of its partner, which others may bring by `holdingline feed` too."""
    assert sentences(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "telepathy"}, "there is no kind of feed telepathy"),
        ({"account_id": "did:web:ardudwy-police.example"}, "belongs to partner police already"),
        ({"domain": "Fire"}, "is no domain"),
        ({"address": "http://alerts.example/hooks/fire"}, "begin it with https://"),
        ({"address": "https://alerts.example/"}, "has no path"),
        ({"secret": "HOLDINGLINE_MASTODON_TOKEN"}, "begins with HOLDINGLINE_FEED_, as HOLDINGLINE_FEED_FIRE"),
        ({"secret": "hunter2"}, "secret takes the name of a variable"),
    ],
)
def test_what_is_wrong_with_an_account_is_named(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    (found,) = sentences(tmp_path, changes)
    assert sentence in found


def test_an_account_is_heard_by_one_feed(tmp_path: Path) -> None:
    (found,) = sentences(tmp_path, {}, {"address": "https://alerts.example/hooks/fire-again"})
    assert "is heard already: one account, one feed" in found
