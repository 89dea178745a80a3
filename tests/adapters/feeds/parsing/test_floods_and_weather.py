"""Floods of the Environment Agency, warnings of the Met Office, national alerts."""

import json
from typing import Any

import pytest

from agents.adapters.feeds.ea_floods.parse import parse as floods
from agents.adapters.feeds.gov_alerts.parse import parse as alerts
from agents.adapters.feeds.met_office.parse import parse as weather
from tests.adapters.feeds.parsing.invented import DOMAIN, alert, atom, entry, outcome, posts, read, source

FLOOD = {
    "@id": "http://floods.ardudwy.example.org/id/floods/1",
    "description": "Afon Artro at Llanbedr",
    "floodArea": {"county": "Gwynedd"},
    "floodAreaID": "101WAFTW01",
    "message": "The river is rising.",
    "severity": "Flood Warning",
    "severityLevel": 2,
    "timeMessageChanged": "2026-11-29T17:50:00",
    "timeRaised": "2026-11-29T17:50:10",
    "timeSeverityChanged": "2026-11-29T17:30:00",
}
SNOW = {
    "warningId": "0d1f-77",
    "warningVersion": 2.0,
    "warningStatus": "ISSUED",
    "warningLevel": "AMBER",
    "weatherType": ["SNOW", "ICE"],
    "warningHeadline": "Heavy snow in the hills",
    "whatToExpect": ["Roads may close", "Power may fail"],
    "affectedAreas": [{"regionName": "Wales", "subRegions": ["Gwynedd"]}],
    "issuedDate": "2026-11-29T15:00:00.000Z",
    "modifiedDate": "2026-11-29T17:50:00.000Z",
    "validToDate": "2026-11-30T12:00:00.000Z",
}


def flood(**changed: object) -> str:
    return json.dumps({"items": [FLOOD | changed]})


def snow(**changed: object) -> str:
    feature = {"type": "Feature", "geometry": None, "properties": SNOW | changed}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_a_flood_warning_is_a_post_of_its_area() -> None:
    (post,) = posts(read(floods, flood()))
    assert (post.post_id, post.genre, post.language) == ("101WAFTW01", "warning", "en")
    assert post.text == "Flood warning: Afon Artro at Llanbedr\n\nThe river is rising."
    assert (post.at.hour, post.revision) == (17, "2026-11-29T17:50:00Z")


@pytest.mark.parametrize("level", [4, "4", 4.0])
def test_severity_4_is_an_all_clear_and_takes_the_warning_back(level: object) -> None:
    parsed = read(floods, flood(severityLevel=level, severity="Warning no Longer in Force"))
    assert outcome(parsed) == [("deleted", "101WAFTW01")]


def test_their_times_are_in_utc_unless_the_register_says_otherwise() -> None:
    summer = flood(timeMessageChanged="2026-07-01T17:50:00")
    assert posts(read(floods, summer))[0].at.hour == 17
    assert posts(read(floods, summer, source(time_zone="Europe/London")))[0].at.hour == 16


def test_a_single_warning_may_come_without_a_list() -> None:
    assert read(floods, json.dumps({"items": FLOOD})) == read(floods, flood())


def test_no_flood_is_no_fault() -> None:
    parsed = read(floods, '{"items": []}')
    assert (parsed.items, parsed.faults) == ((), ())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"severityLevel": 5}, "severity level is “5”"),
        ({"severityLevel": None}, "severity level is “”"),
        ({"severityLevel": True}, "severity level is “”"),
        ({"floodAreaID": None}, "names no flood area"),
        ({"timeMessageChanged": "noon"}, "is no time"),
        ({"timeMessageChanged": None, "timeRaised": None, "timeSeverityChanged": 5.5}, "no time"),
    ],
)
def test_a_flood_that_cannot_be_judged_is_named(changed: dict[str, Any], said: str) -> None:
    parsed = read(floods, flood(**changed))
    assert parsed.items == ()
    assert said in parsed.faults[0]


def test_a_weather_warning_says_colour_weather_place_and_what_to_expect() -> None:
    (post,) = posts(read(weather, snow()))
    assert post.text == (
        "Amber warning of snow, ice\n\nHeavy snow in the hills\n\nWales\n\n- Roads may close\n- Power may fail"
    )
    assert (post.post_id, post.revision) == ("0d1f-77", "2.0/2026-11-29T17:50:00Z")
    assert post.expires_at is not None


@pytest.mark.parametrize(
    "changed",
    [{"warningStatus": "CANCELLED"}, {"warningStatus": "EXPIRED"}, {"validToDate": "2026-11-29T12:00:00Z"}],
)
def test_a_weather_warning_that_is_over_is_taken_back(changed: dict[str, Any]) -> None:
    assert outcome(read(weather, snow(**changed))) == [("deleted", "0d1f-77")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"warningStatus": "DRAFT"}, "status is “DRAFT”"),
        ({"warningLevel": "PURPLE"}, "level is “PURPLE”"),
        ({"warningId": ""}, "no id"),
        ({"issuedDate": None, "modifiedDate": None}, "does not say when"),
    ],
)
def test_a_weather_warning_that_cannot_be_judged_is_named(changed: dict[str, Any], said: str) -> None:
    parsed = read(weather, snow(**changed))
    assert parsed.items == ()
    assert said in parsed.faults[0]


def test_the_feed_of_weather_warnings_names_the_files_to_fetch() -> None:
    links = f'<link href="https://{DOMAIN}/page"/><link type="application/vnd.geo+json" href="https://{DOMAIN}/w/1"/>'
    parsed = read(weather, atom(entry("urn:w:1", rest=links)))
    assert [one.address for one in parsed.links] == [f"https://{DOMAIN}/w/1"]


def test_a_national_alert_is_a_warning_and_its_tests_are_marked_by_their_words() -> None:
    said = "This is a mobile network operator test of the Emergency Alerts service. You do not need to take any action."
    parsed = read(alerts, atom(entry("urn:a:1"), entry("urn:a:2", summary=said)))
    assert {(one.genre, one.post_id, one.status) for one in posts(parsed)} == {
        ("warning", "urn:a:1", "actual"),
        ("warning", "urn:a:2", "test"),
    }
    assert outcome(read(alerts, alert())) == [("new", "flood-1")]
