"""True messages and feeds that lie outside the project: HOLDINGLINE_FEED_SAMPLES names their folder.

They are read from there and never copied, since they speak of real people and places.
"""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from agents.adapters.feeds.cap.parse import parse
from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.reading.alerts import VERSIONS
from streams.values import LIVE
from streams.words.register.partners import PartnerAccount
from tests.adapters.feeds.parsing.invented import posts

SAMPLES = "HOLDINGLINE_FEED_SAMPLES"
VERDICTS = {
    "cap-google/43b080713727.cap": "new actual",
    "cap-google/earthquake.cap": "new actual",
    "cap-google/thunderstorm.cap": "new actual",
    "cap-google/weather.cap": "new actual",
    "cap-google/amber.atom": "new actual",
    "cap-google/weather.atom": "new actual",
    "cap-google/weather_index.atom": "2 links",
    "cap-google/invalid.cap": "does not fit the schema of CAP 1.2",
    "cap-google/no_optional_fields.cap": "no words to share",
    "cap-uk-environment-agency/getMessage-invalid.xml": "does not fit the schema of CAP 1.2",
    "cap-uk-environment-agency/getMessage-valid.xml": "new test",
    "cap-uk-environment-agency/nws-alert.xml": "new actual",
    "nws-cap-atom-feed/cap_amber_alert_example.xml": "new actual",
}


def folder() -> Path:
    named = os.environ.get(SAMPLES)
    if not named:
        pytest.skip(f"NOT CHECKED against true messages: {SAMPLES} names no folder of them")
    return Path(named)


def read(body: bytes, *, later: timedelta) -> tuple[Source, str]:
    """The verdict, for the sender that the message names, so long after it was sent."""
    sender = re.search(rb"<sender>([^<]+)</sender>", body)
    sent = re.search(rb"<sent>([^<]+)</sent>|<updated>([^<]+)</updated>", body)
    assert sent is not None
    account = PartnerAccount(
        kind="cap",
        account_id=sender[1].decode() if sender else "weather",
        domain="weather.gov",
        address="https://alerts.weather.gov/",
        evidence="A sample.",
    )
    source = Source(LIVE, account, datetime.fromisoformat((sent[1] or sent[2]).decode()) + later)
    parsed = parse(body, source)
    said = [f"{one.change} {one.status}" for one in posts(parsed)]
    links = [f"{len(parsed.links)} links"] if parsed.links else []
    return source, "; ".join([*said, *links, *parsed.faults])


@pytest.mark.parametrize("sample", VERDICTS)
def test_each_true_message_has_its_verdict(sample: str) -> None:
    _, verdict = read((folder() / sample).read_bytes(), later=timedelta(minutes=1))
    assert VERDICTS[sample] in verdict


@pytest.mark.parametrize("sample", ["thunderstorm.cap", "weather.cap", "weather.atom"])
def test_a_true_message_is_taken_back_once_it_has_expired(sample: str) -> None:
    _, verdict = read((folder() / "cap-google" / sample).read_bytes(), later=timedelta(days=3))
    assert verdict == "deleted actual"


@pytest.mark.parametrize("sample", [name for name, verdict in VERDICTS.items() if verdict.startswith("new")])
def test_a_true_message_that_is_cut_anywhere_makes_no_post(sample: str) -> None:
    body = (folder() / sample).read_bytes().rstrip()
    for end in range(0, len(body) - 1, max(1, len(body) // 40)):
        cut = body[:end]
        if b"<sent>" in cut and b"</sent>" in cut:
            assert "new" not in read(cut, later=timedelta(minutes=1))[1].split("; ")[0].split()[:1]


def test_our_copies_of_the_schemas_are_those_of_oasis() -> None:
    for version in VERSIONS.values():
        ours = Path(parse.__code__.co_filename).parents[1] / "reading" / "schemas" / f"cap-{version}.xsd"
        theirs = folder() / "cap-google" / "schema" / f"cap{version.replace('.', '')}.xsd"
        assert etree.tostring(etree.parse(ours)) == etree.tostring(etree.parse(theirs))
