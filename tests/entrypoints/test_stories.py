"""`holdingline stories`: what people say, with examples while the log has them; an answer, or the reason for none."""

import asyncio
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from agents.adapters.clocks import ScaledClock
from agents.entrypoints.cli import orders
from agents.entrypoints.cli.options import Misused
from agents.runtime.door.door import Door
from agents.runtime.door.lanes import log_of_lane
from agents.runtime.door.tables import CASE_POSTS, changelog
from agents.runtime.worker.worker import Setup, Worker
from infra.addresses import path_of
from infra.log import Draft, Partition
from infra.sqlite_log import SqliteLog
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.words.listening.routes import CasePosts
from streams.words.listening.stories import DecideNotToAnswer, ProposeRebuttal
from streams.words.posts import Mention
from streams.words.release import DraftLine, Release
from tests import builders
from tests.builders import INCIDENT, NOW
from tests.commands_shown import fault_in
from tests.entrypoints.commanding import run

SAYS = ("They shut ward nine #AshbyCrash", "ward nine is shut #AshbyCrash", "is it true, ward nine is shut #AshbyCrash")
EVIDENCE = "The ward manager rang."
PATIENCE_SECONDS = 180.0


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A log on which twenty-two people told a story; no worker runs any more."""
    url = f"sqlite:///{tmp_path_factory.mktemp('stories')}/log.db"
    asyncio.run(_told(url))
    return url


async def _told(url: str) -> None:
    clock, register = ScaledClock(NOW), builders.register()
    control, counting = (
        Worker(Setup("live", url, clock, lambda: register, {}, lanes=[lane])) for lane in (CONTROL_LANE, MENTION_LANE)
    )
    async with control, counting, Door("live", url) as door:
        await door.ask(builders.command(builders.declaration(), at=clock.now()))
        now = clock.now()
        posts = [
            Mention(id=f"post-{one}", mode="live", author_id=f"someone-{one}", at=now, text=SAYS[one % len(SAYS)])
            for one in range(22)
        ]
        await door.put(posts)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await _has_story(door):  # noqa: ASYNC110 - the lane takes them when it does
                await asyncio.sleep(0.1)


async def _has_story(door: Door) -> bool:
    """Whether the desk has noted it with as many people as it is told with last."""
    known = (await door.incidents())[INCIDENT].stories.known
    return [one.counts.people for one in known.values()] == [20]


def test_the_stories_of_an_incident_are_listed_with_their_counts(log: str) -> None:
    """The status has the same line; nothing says whether it is true."""
    code, said, _ = run("stories", INCIDENT, "--log", log)
    assert code == 0
    assert said.startswith("story 1: ")
    assert "20 people in 1 minute" in said
    assert "Nothing of ours answers it" in said
    (one,) = json.loads(run("stories", INCIDENT, "--log", log, "--json")[1])
    assert one["counts"]["people"] == 20
    assert "story 1: " in run("status", INCIDENT, "--log", log)[1]


def test_one_story_shows_posts_that_stand_for_it(log: str) -> None:
    """As others wrote them, and none of their accounts."""
    code, said, _ = run("stories", INCIDENT, "1", "--log", log)
    assert code == 0
    assert all(f"“{text}”" in said for text in SAYS)
    assert "someone-" not in said
    assert "now: story 1: 22 posts, 3 wordings, 22 people" in said


def test_each_post_has_the_command_that_hands_it_to_the_person_named_for_hate_crime(log: str) -> None:
    """Each opens a case of its own, and the order has no part of the post."""
    said = run("stories", INCIDENT, "1", "--log", log)[1]
    commands = [
        line.partition("hate crime: ")[2] for line in said.splitlines() if "if it may be a hate crime: " in line
    ]
    assert len({*commands}) == len(SAYS)
    for one in commands:
        assert fault_in([*shlex.split(one)[1:], "--as", builders.WRITER]) is None
        assert one.endswith(f"--incident {INCIDENT} --to-desk")
        assert "post-" not in one


def test_the_status_says_how_many_closed_cases_wait_for_the_deletion_of_their_posts(log: str) -> None:
    """And nothing of it where nothing is kept."""
    assert "deletion" not in run("status", "--log", log)[1]
    record = CasePosts(case_id="case-9", posts=("post-1",), kept_until=NOW)
    asyncio.run(_written(log, record.model_dump_json().encode()))
    try:
        said = run("status", "--log", log)[1]
        assert "LATE: closed cases whose posts should be deleted by now: 1, the first since" in said
        found = [one for one in json.loads(run("status", "--log", log, "--json")[1]) if one["kind"] == "kept-people"]
        assert [(one["waiting"], one["late"], one["held"], one["open"]) for one in found] == [(1, 1, 0, 0)]
    finally:
        asyncio.run(_written(log, None))


async def _written(log: str, value: bytes | None) -> None:
    """As the worker of the mentions would write it."""
    file = SqliteLog(path_of(URL(log_of_lane(log, MENTION_LANE))))
    await file.open()
    await file.append([Draft(Partition(changelog("live", CASE_POSTS), 0), b"case-9", value, 0)])
    await file.close()


def test_a_story_that_is_not_there_is_named(log: str) -> None:
    code, _, complained = run("stories", INCIDENT, "9", "--log", log)
    assert code == 1
    assert f"there is no story 9 of {INCIDENT}" in complained


def test_the_commands_are_taken_as_the_help_shows_them() -> None:
    """An answer from a template with its slots, or from a file; and the decision to give none."""
    shared = ["--as", builders.WRITER]
    slots = ["--template", "major-incident", "--slot", "time=22:32", "--evidence", EVIDENCE]
    assert fault_in(["propose-rebuttal", INCIDENT, "3", *slots, *shared]) is None
    assert fault_in(["not-answered", INCIDENT, "3", "Others answer it.", *shared]) is None
    assert fault_in(["propose-rebuttal", INCIDENT, "3", *shared]) is not None


def test_an_answer_is_made_of_a_template_or_of_a_file(tmp_path: Path) -> None:
    """And of nothing else: without words there is no answer."""
    plain: dict[str, Any] = {"story": 3, "evidence": EVIDENCE}
    gaps: dict[str, Any] = {"slot": ["time=22:32"], "channel": [], "hashtag": [], "next_update": None}
    made = orders.propose_rebuttal(**plain, template="major-incident", **gaps)
    assert isinstance(made, ProposeRebuttal)
    assert isinstance(made.answer, Release)
    assert made.answer.slots == {"time": "22:32"}
    (tmp_path / "line.json").write_text(builders.line().model_dump_json(), "utf-8")
    written = orders.propose_rebuttal(**plain, file=tmp_path / "line.json", template=None, **gaps)
    assert isinstance(written, ProposeRebuttal)
    assert isinstance(written.answer, DraftLine)
    with pytest.raises(Misused, match="an answer needs words"):
        orders.propose_rebuttal(**plain, template=None, **gaps)
    assert orders.not_answered(3, "Others answer it.") == DecideNotToAnswer(story=3, reason="Others answer it.")
