"""The example scenario, played on the real agents: a coach has left the road; some act wrongly."""

import asyncio

import pytest

from agents.adapters.registers import data_folder
from agents.exercise import Options, Played, run
from streams.values import Purpose

SCENARIO = data_folder() / "exercises" / "major-incident.yaml"


@pytest.fixture(scope="module")
def played() -> Played:
    """Ten minutes in a few seconds: the clock skips only what nobody works in."""
    return asyncio.run(run(SCENARIO, Options(speed=1_000)))


def test_everything_expected_came(played: Played) -> None:
    """The first true word within minutes, partners echoed, mistakes refused, mentions counted."""
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []
    assert played.exit_code == 0


def test_what_went_out_is_this_and_no_more(played: Played) -> None:
    """Each message once on each channel, in this order."""
    said = [one.purpose for one in played.publications if one.channel == "site"]
    assert said == [
        Purpose.AMPLIFICATION,
        Purpose.HOLDING,
        Purpose.AMPLIFICATION,
        Purpose.LINE,
        Purpose.CORRECTION,
        Purpose.WITHDRAWAL,
        Purpose.ALL_CLEAR,
    ]
    assert sorted(one.purpose for one in played.publications if one.channel == "email") == sorted(said)


def test_whoever_had_no_authority_is_told_who_has(played: Played) -> None:
    """A refusal is a fact with a reason, and names those who could say yes at that hour."""
    refused = [fact.body for fact in played.facts if fact.body.kind == "command_refused"]
    assert len(refused) == 8
    assert "Ifor Brynllwyd (director of nursing and director on call)" in refused[0].who_could
