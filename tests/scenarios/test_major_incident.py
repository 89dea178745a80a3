"""The example scenario, played on the real agents: a coach has left the road; some act wrongly."""

import asyncio

import pytest

from agents.adapters.registers import data_folder
from agents.entrypoints.worker.feeds.wiring import read_recording
from agents.exercise import Options, Played, UnusableScenario, run
from streams.values import Purpose
from tests.exercise.scripts import facts_in_short
from tests.grounds import EmptyLog

SCENARIO = data_folder() / "exercises" / "major-incident.yaml"


def play(log_url: str | None = None) -> Played:
    """Ten minutes in a few seconds: the clock skips only what nobody works in."""
    return asyncio.run(run(SCENARIO, Options(speed=1_000, log_url=log_url, read_recording=read_recording)))


@pytest.fixture(scope="module")
def played(empty_log: EmptyLog) -> Played:
    """The drill on each ground in turn."""
    with empty_log() as url:
        return play(url)


@pytest.fixture(scope="module")
def played_by_default() -> Played:
    """The drill on the temporary log that it has where none is named."""
    return play()


def test_everything_expected_came(played: Played) -> None:
    """The first true word within minutes, partners echoed, mistakes refused, mentions counted."""
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []
    assert played.exit_code == 0


def test_of_a_surge_the_report_says_what_the_record_says(played: Played) -> None:
    """How many people spoke in how many minutes; the director compares the two."""
    (surge,) = [one for one in played.outcomes if one.says.startswith("A surge of mentions")]
    assert [one for one in played.moments if one.text.startswith(f"surge: {surge.found};")]
    assert " people in " in surge.found


def test_what_went_out_is_this_and_no_more(played: Played) -> None:
    """Each message once on each channel, in this order."""
    said = [one.purpose for one in played.publications if one.channel == "site"]
    assert said == [
        Purpose.AMPLIFICATION,
        Purpose.HOLDING,
        Purpose.AMPLIFICATION,
        Purpose.WITHDRAWAL,  # The partner's, by itself.
        Purpose.LINE,
        Purpose.CORRECTION,
        Purpose.WITHDRAWAL,
        Purpose.ALL_CLEAR,
    ]
    assert sorted(one.purpose for one in played.publications if one.channel == "email") == sorted(said)


def test_a_recorded_feed_is_heard_judged_and_shared_and_one_post_of_it_is_refused(played: Played) -> None:
    """By the parser of a live feed; the person who plays reads which file it was, and why the second did not go out."""
    heard = [one.text for one in played.moments if "heard in recordings/" in one.text]
    assert [one.partition(":")[0] for one in heard] == [
        f"heard in recordings/ambulance-{number}.xml" for number in (1, 2)
    ]
    refused = [one.text for one in played.moments if "REFUSED amplify" in one.text]
    assert len(refused) == 1
    assert "date of birth" in refused[0]


def test_an_exercise_with_a_recorded_feed_says_who_hands_its_parser_in() -> None:
    with pytest.raises(UnusableScenario, match="start it with `holdingline exercise run`"):
        asyncio.run(run(SCENARIO, Options(speed=1_000)))


def test_whoever_had_no_authority_is_told_who_has(played: Played) -> None:
    """A refusal is a fact with a reason, and names those who could say yes at that hour."""
    refused = [fact.body for fact in played.facts if fact.body.kind == "command_refused"]
    assert len(refused) == 9
    assert "Ifor Brynllwyd (director of nursing and director on call)" in refused[0].who_could


def test_the_ground_makes_no_difference_to_what_is_said_by_whom_or_why_not(
    played: Played, played_by_default: Played
) -> None:
    """Facts, how often each comes, and the messages' identifiers are the same; only times differ."""
    assert facts_in_short(played) == facts_in_short(played_by_default)
    assert {one.message_id for one in played.publications} == {one.message_id for one in played_by_default.publications}
