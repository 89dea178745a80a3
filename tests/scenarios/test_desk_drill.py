"""A drill for the desk: a reporter, a call for help, a threat, a complaint, abuse and a rumour, and their score."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder
from agents.exercise import Options, run
from agents.exercise.play.answers import case_answers, story_decisions
from agents.exercise.play.score import house_rules
from agents.exercise.play.seen import Seen
from agents.exercise.play.stage import staged_register
from agents.exercise.played import Played
from agents.exercise.report.report import render_page
from agents.exercise.script.cues import Play, Subjects, cues
from agents.exercise.script.loader import load
from streams.values import is_drill
from streams.words.cases import CaseAnswered, CaseOpened, CaseSort
from streams.words.facts import Fact
from streams.words.listening.stories import StoryLeftAlone
from streams.words.posts import Mention

SCENARIO = data_folder() / "exercises" / "desk.yaml"
ANSWERS = {
    "media-enquiry 1": "answered after 34 minutes, 4 minutes late; never in public",
    "call-for-help 1": "first answer after 2 minutes, in time with 13 minutes left; never in public",
    "threat 1": "answered after 3 minutes, in time with 7 minutes left; never in public",
    "complaint 1": "answered after 15 minutes, in time with 113 hours left; never in public",
    "abuse 1": "answered after 9 minutes, in time with 7 minutes left; never in public",
}
RULE = "No public message holds anything of a case"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk") / "log.db"


@pytest.fixture(scope="module")
def played(log: Path) -> Played:
    return asyncio.run(run(SCENARIO, Options(speed=1_000, log_url=f"sqlite:///{log}")))


def seen_of(played: Played, *facts: Fact) -> Seen:
    """The same drill, with these facts alone."""
    seen = Seen(Play(load(SCENARIO), played.mode, staged_register(load(SCENARIO), None)))
    for fact in facts:
        seen.add(fact)
    return seen


def test_the_drill_goes_as_its_script_says(played: Played) -> None:
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []
    assert RULE in {one.says for one in played.outcomes}


def test_each_case_is_scored_by_its_first_answer_and_its_clock(played: Played) -> None:
    """Handing a case on is no answer, and abuse that may be a hate crime has the clock of that."""
    assert {one.name: one.says for one in played.cases} == ANSWERS
    assert [one.name for one in played.cases if not one.in_time] == ["media-enquiry 1"]
    assert played.passed, "a late answer is there to be talked about, and fails no drill"


def test_what_the_crowd_says_to_our_account_becomes_a_case_and_what_it_says_to_nobody_does_not(played: Played) -> None:
    """In a drill each channel has an account, so that the service finds the complaint and the abuse by itself."""
    opened = {fact.body.sort: fact.by for fact in played.facts if isinstance(fact.body, CaseOpened)}
    assert opened[CaseSort.COMPLAINT] == opened[CaseSort.ABUSE] == "mentions-agent"
    scenario = load(SCENARIO)
    spoken = {cue.name: cue.build for cue in cues(Play(scenario, played.mode, staged_register(scenario, None)), None)}
    nobody, now = Subjects({}, {}), scenario.start
    assert [one.addressed for one in spoken["complaint"](nobody, now) if isinstance(one, Mention)] == [
        ("site.drill.invalid",)
    ]
    assert [one.addressed for one in spoken["reporter"](nobody, now) if isinstance(one, Mention)] == [()]


def test_a_story_is_scored_by_when_something_was_decided(played: Played) -> None:
    assert [(one.name, one.says) for one in played.stories] == [
        ("story 1", "it was decided not to answer it after 8 minutes")
    ]


def test_who_reads_the_report_or_watches_the_screen_is_told_the_same(played: Played) -> None:
    page = render_page(played)
    shown = [one.text for one in played.moments]
    assert "4 of 5 cases had their first answer in time." in page
    for name, says in [*ANSWERS.items(), ("story 1", played.stories[0].says)]:
        assert says in page
        assert f"{name}: {says}" in shown


def test_what_nobody_answered_is_said_with_the_time_that_it_took(played: Played) -> None:
    """A case without an answer, and a story about which nothing was decided."""
    left = [fact for fact in played.facts if not isinstance(fact.body, CaseAnswered | StoryLeftAlone)]
    seen = seen_of(played, *left)
    said = {one.name: one for one in case_answers(seen, now=played.ended_at)}
    assert said["threat 1"].says == "no answer after 37 minutes, 27 minutes late; never in public"
    assert not said["threat 1"].in_time
    assert said["complaint 1"].says.startswith("closed without an answer after 20 minutes, in time")
    early = {one.name: one.says for one in case_answers(seen, now=said["threat 1"].opened_at)}
    assert early["threat 1"] == "no answer after less than a minute, and 10 minutes are left; never in public"
    assert [one.says for one in story_decisions(seen, now=played.ended_at)] == ["nothing was decided after 33 minutes"]


def test_a_public_message_that_holds_a_case_is_said_and_fails_the_drill(played: Played) -> None:
    """The words of the first message are put into the complaint, as if the message had been written from it."""
    public = played.publications[0].texts["en"]
    facts = [
        fact.model_copy(update={"body": fact.body.model_copy(update={"about": public[20:60]})})
        if isinstance(fact.body, CaseOpened) and fact.body.sort == "complaint"
        else fact
        for fact in played.facts
    ]
    seen = seen_of(played, *facts)
    assert [one.name for one in case_answers(seen, now=played.ended_at) if one.public] == ["complaint 1"]
    rule = next(one for one in house_rules(seen) if one.says == RULE)
    assert not rule.held
    assert rule.found == "5 cases, complaint 1 of them in a public message"


def test_nothing_of_it_reaches_live_or_the_public(played: Played, log: Path) -> None:
    """Every fact and every topic is the drill's own, and no word of the invented posts is in a fact or in public."""
    assert is_drill(played.mode)
    assert {fact.mode for fact in played.facts} == {played.mode}
    with closing(sqlite3.connect(log)) as opened:
        topics = [name for (name,) in opened.execute("SELECT name FROM topic")]
    assert topics
    assert [name for name in topics if played.mode not in name] == []
    phrases = [phrase for one in load(SCENARIO).injects if one.mentions for phrase in one.mentions.phrases]
    kept = " ".join(fact.model_dump_json() for fact in played.facts)
    assert len(phrases) == 9
    assert [phrase for phrase in phrases if phrase.removesuffix(" #PontDdu") in kept] == []
