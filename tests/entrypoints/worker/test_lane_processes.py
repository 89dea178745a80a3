"""A lane beside the control lane gets what it needs, and no secret."""

from pathlib import Path

import pytest

from agents.entrypoints.worker.lane_processes import (
    beside_this,
    console_beside,
    feeds_beside,
    plain_environment,
)
from streams.lanes import MENTION_LANE

GIVEN = {
    "PATH": "/bin",
    "PYTHONPATH": "/src",
    "LC_ALL": "C",
    "MAIL_PASSWORD": "m",
    "KAFKA_PASSWORD": "k",
    "HOLDINGLINE_PASSPHRASE": "p",
}
PLAIN = {"PATH", "PYTHONPATH", "LC_ALL"}


@pytest.mark.parametrize(
    ("log", "kept"),
    [
        ("sqlite:///log.db", PLAIN),
        ("kafka://one:9093?tls=yes&user=lane&password_env=KAFKA_PASSWORD", {*PLAIN, "KAFKA_PASSWORD"}),
    ],
)
def test_the_mention_lane_gets_no_secret_but_the_password_of_its_log(log: str, kept: set[str]) -> None:
    command = beside_this(MENTION_LANE, mode="live", log=log, data=Path("register"), worker=None)
    assert set(plain_environment(command, GIVEN)) == kept


def test_the_console_gets_the_key_of_links_and_the_directorys_secret_and_no_other() -> None:
    command = console_beside("https://live.vale.example", mode="live", log="sqlite:///log.db", register=Path("trust"))
    own = {"HOLDINGLINE_LINK_KEY": "l", "HOLDINGLINE_PASSKEY_SERVICE": "v.example", "HOLDINGLINE_DIRECTORY_SECRET": "d"}
    own["HOLDINGLINE_LINK_KEY_FILE"] = "/etc/holdingline/secrets/links"
    own["HOLDINGLINE_DRILLS"] = "https://training.vale.example"
    assert set(plain_environment(command, GIVEN | own)) == {*PLAIN, *own}


def test_the_feeds_get_their_own_secrets_and_the_way_out_and_no_other_secret() -> None:
    command = feeds_beside(mode="live", log="sqlite:///log.db", hooks=None, log_level="info")
    given = {
        **GIVEN,
        "HOLDINGLINE_FEED_POLICE": "f",
        "HOLDINGLINE_LINK_KEY": "l",
        "HTTPS_PROXY": "http://proxy.example",
    }
    assert set(plain_environment(command, given)) == {*PLAIN, "HOLDINGLINE_FEED_POLICE", "HTTPS_PROXY"}
