"""`holdingline stories`: what people say, with examples while the log has them; an answer, or the reason for none."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from agents.runtime.door.door import Door
from streams.words.posts import Mention
from tests.entrypoints.commanding import INCIDENT, opened, run, soon
from tests.examples import CHIEF, WRITER
from tests.grounds import EmptyLog
from tests.scenarios.kill_bench import Service

SAYS = ("They shut ward nine #BlockC", "ward nine is shut tonight #BlockC", "is it true, ward nine is shut #BlockC")
EVIDENCE = ("--evidence", "The ward manager rang.")
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def on(empty_log: EmptyLog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on each ground in turn, whose incident people tell a story of."""
    with empty_log() as url, opened(tmp_path_factory.mktemp("stories"), url) as running:
        asyncio.run(put(url))
        wait_for(running, people=20)
        yield running


async def put(url: str) -> None:
    """Twenty-two people say much the same."""
    now = SystemClock().now()
    async with Door("live", url) as door:
        await door.put(
            [
                Mention(id=f"post-{one}", mode="live", author_id=f"someone-{one}", at=now, text=SAYS[one % len(SAYS)])
                for one in range(22)
            ]
        )


def known(on: Service) -> Any:
    code, said, complained = run("stories", INCIDENT, "--log", on.log_url, "--json")
    assert code == 0, complained
    return json.loads(said)


def wait_for(on: Service, *, people: int) -> None:
    """Wait until the mention lane has told of the story."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not any(one["counts"]["people"] >= people for one in known(on)):
        assert time.monotonic() < until, "no story was noted"
        time.sleep(0.2)


def test_a_story_is_listed_with_its_counts(on: Service) -> None:
    """And the status has the same line; nobody says whether it is true."""
    _, said, _ = run("stories", INCIDENT, "--log", on.log_url)
    assert said.startswith("story 1: ")
    assert "20 people in 1 minute" in said
    assert "ask whether it is true" in said
    assert "Nothing of ours answers it" in said
    assert "story 1: " in run("status", INCIDENT, "--log", on.log_url)[1]


def test_one_story_shows_posts_that_stand_for_it(on: Service) -> None:
    """As others wrote them, at most one of each wording, and none of their accounts."""
    code, said, _ = run("stories", INCIDENT, "1", "--log", on.log_url)
    assert code == 0
    assert all(f"“{text}”" in said for text in SAYS)
    assert "someone-" not in said
    assert "now: story 1: 22 posts, 3 wordings, 22 people" in said


def test_a_story_that_is_not_there_is_named(on: Service) -> None:
    code, _, complained = run("stories", INCIDENT, "9", "--log", on.log_url)
    assert code == 2
    assert "there is no story 9" in complained


def test_an_answer_needs_words(on: Service) -> None:
    asked = on.order("propose-rebuttal", INCIDENT, "1", *EVIDENCE, by=WRITER)
    assert asked.returncode == 2
    assert "an answer needs words" in asked.stderr


def test_a_story_is_left_alone_and_then_answered(on: Service) -> None:
    """The reason is in the record; the answer waits for another person's yes, as every draft does."""
    left = on.order("not-answered", INCIDENT, "1", "Others answer it.", by=CHIEF)
    assert left.returncode == 0, left.stderr
    assert "is NOT ANSWERED: Others answer it." in left.stdout
    slots = ("--slot", "place=Afon Wen", "--slot", "time=22:32", "--next-update", soon())
    asked = on.order("propose-rebuttal", INCIDENT, "1", *EVIDENCE, "--template", "fire", *slots, by=WRITER)
    assert asked.returncode == 0, asked.stderr
    assert "an answer to story 1 waits for sign-off" in asked.stdout
    (one,) = known(on)
    assert one["proposed"]
    assert one["evidence"] == EVIDENCE[1]
