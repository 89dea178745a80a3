"""A recorded feed is read by the parser that was handed in, and only what is new in it is played."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.entrypoints.worker.feeds.wiring import read_recording
from agents.exercise import UnusableScenario
from agents.exercise.script.recordings import BYTES_MAX, Recordings
from agents.exercise.script.scenario import PlayedRecording
from tests import builders
from tests.adapters.feeds.parsing.invented import atom, entry

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
MODE = "exercise-recorded"


def recording(file: str = "feed.xml", kind: str = "atom", partner: str = "ambulance") -> PlayedRecording:
    return PlayedRecording(partner=partner, kind=kind, file=file)


def given(recordings: Recordings, played: PlayedRecording) -> list[str]:
    posts, _ = recordings.posts(played, builders.register(), mode=MODE, now=NOW)
    assert {one.mode for one in posts} == {MODE}
    assert {one.account_id for one in posts} == {builders.partner().account_id}
    return [one.post_id for one in posts]


def test_a_feed_that_is_played_again_gives_what_is_new_in_it(tmp_path: Path) -> None:
    """As a live one does, which is asked again and again."""
    recordings = Recordings(tmp_path, read_recording)
    (tmp_path / "feed.xml").write_text(atom(entry("a")), encoding="utf-8")
    assert given(recordings, recording()) == ["a"]
    (tmp_path / "feed.xml").write_text(atom(entry("b"), entry("a")), encoding="utf-8")
    assert given(recordings, recording()) == ["b"]
    with pytest.raises(UnusableScenario, match="gives nothing new: a recording before it has the same posts"):
        given(recordings, recording())


@pytest.mark.parametrize(
    ("played", "sentence"),
    [
        (recording(file="gone.xml"), "cannot be read"),
        (recording(file="large.xml"), "play a shorter one"),
        (recording(file="broken.xml"), "gives nothing new: .*no well-formed XML"),
        (recording(kind="telepathy"), "there is no kind of feed telepathy"),
        (recording(partner="coastguard"), "has no partner coastguard: choose one of ambulance"),
    ],
)
def test_a_recording_that_cannot_be_played_is_named_with_the_reason(
    tmp_path: Path, played: PlayedRecording, sentence: str
) -> None:
    for name, text in {"feed": atom(entry()), "broken": "<feed>", "large": " " * (BYTES_MAX + 1)}.items():
        (tmp_path / f"{name}.xml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableScenario, match=sentence):
        given(Recordings(tmp_path, read_recording), played)


def test_an_exercise_has_no_parser_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(UnusableScenario, match="start it with `holdingline exercise run`"):
        given(Recordings(tmp_path), recording())


@pytest.mark.parametrize("file", ["/etc/feed.xml", "../feed.xml", "a/../../feed.xml", "a//b.xml"])
def test_a_recording_lies_beside_its_scenario(file: str) -> None:
    with pytest.raises(ValueError, match="file"):
        recording(file=file)
