"""What the doctor finds on an embedded log: each trouble is a line that says what to do."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from yarl import URL

from agents import desk
from agents.adapters.clocks import SystemClock
from agents.runtime.cluster.doctor import GIBIBYTE, Finding, examine, newer_release, room
from agents.runtime.door.lanes import log_of_lane, topics_on
from agents.runtime.door.tables import CASE_POSTS, SUBJECTS, changelog, table_specs, topic_specs
from infra.addresses import path_of
from infra.log import Draft, Partition
from infra.sqlite_log import SqliteLog
from streams.codec import encode
from streams.lanes import CONTROL_LANE, MENTION_LANE, Lane
from streams.moments import told_in
from streams.subjects.case import Case, CaseStatus
from streams.topics import REGISTERS
from streams.values import RULES_VERSION
from streams.words.cases import CaseSort
from streams.words.facts import Fact
from streams.words.listening.routes import CasePosts
from streams.words.orders import Command
from streams.words.register.kept import RegisterRecord
from tests import builders
from tests.scenarios.worker_bench import bench

LANES = (CONTROL_LANE, MENTION_LANE)
Logs = dict[Lane, SqliteLog]


def url_in(folder: Path) -> str:
    return f"sqlite:////{folder}/log.db"


@pytest.fixture
async def logs(tmp_path: Path) -> AsyncIterator[Logs]:
    """The logs of both lanes with the topics of a mode; whoever has one open counts as its worker."""
    url = url_in(tmp_path)
    async with AsyncExitStack() as opened:
        logs = {lane: SqliteLog(path_of(URL(log_of_lane(url, lane)))) for lane in LANES}
        for lane, log in logs.items():
            await log.open()
            opened.push_async_callback(log.close)
            topics = topic_specs("training", topics_on(url, lane), spread=1)
            await log.create_topics([*topics, *table_specs("training", lane, spread=1)])
        yield logs


async def findings(folder: Path, mode: str = "training", *, now: datetime | None = None) -> Sequence[Finding]:
    return await examine(mode, url_in(folder), now=now or SystemClock().now())


def wrong(found: Sequence[Finding]) -> dict[str, str]:
    return {one.about: one.words for one in found if not one.ok}


@pytest.mark.usefixtures("logs")
async def test_logs_in_order_are_all_well(tmp_path: Path) -> None:
    """Between them the two lanes have every topic."""
    found = await findings(tmp_path)
    assert [one.about for one in found] == [
        *("log", "worker", "waiting", "clock", "release"),
        *("log", "worker", "waiting"),
        "people",
        *("topics", "room", "files"),
    ]
    assert wrong(found) == {}
    tmp_path.joinpath("log.db").chmod(0o640)
    assert wrong(await findings(tmp_path))["files"].startswith(f"other users may open {tmp_path / 'log.db'}: ")


async def test_no_log_is_the_only_finding(tmp_path: Path) -> None:
    (found,) = await findings(tmp_path)
    assert not found.ok
    assert "start the worker first" in found.words


@pytest.mark.parametrize("lane", LANES)
async def test_a_lane_on_which_nobody_works_is_named(logs: Logs, tmp_path: Path, lane: Lane) -> None:
    await logs[lane].close()
    found = wrong(await findings(tmp_path))
    assert list(found) == ["worker"]
    assert f"nobody works as holdingline-training-{lane.name}: start it with" in found["worker"]


@pytest.mark.usefixtures("logs")
async def test_topics_that_are_missing_are_named(tmp_path: Path) -> None:
    assert "live.facts" in wrong(await findings(tmp_path, "live"))["topics"]


@pytest.mark.parametrize(("behind_seconds", "ok"), [(0, True), (60, False)])
async def test_a_fact_from_the_future_shows_a_clock_that_is_wrong(
    logs: Logs, tmp_path: Path, behind_seconds: int, *, ok: bool
) -> None:
    now = datetime(2026, 11, 21, 22, 31, tzinfo=UTC)
    fact = Draft(Partition("training.facts", 0), b"key", b"fact", int(now.timestamp() * 1000))
    await logs[CONTROL_LANE].append([fact])
    found = wrong(await findings(tmp_path, now=now - timedelta(seconds=behind_seconds)))
    assert ("clock" not in found) is ok
    assert ok or "22:31:00 UTC, 60 s from now" in found["clock"]


@pytest.mark.parametrize(("rules", "ok"), [(RULES_VERSION, True), ("2999-01-01", False), (7, True)])
async def test_a_release_that_is_older_than_the_log_is_found(
    logs: Logs, tmp_path: Path, rules: object, *, ok: bool
) -> None:
    """As after a step back to it: who starts it reads so in the worker's own lines too."""
    for value in (b"no fact", b"[]", json.dumps({"kind": "of next year", "rules_version": rules}).encode()):
        await logs[CONTROL_LANE].append([Draft(Partition("training.facts", 0), b"key", value, 0)])
    told = wrong(await findings(tmp_path)).get("release")
    assert told == await newer_release("training", f"sqlite:////{tmp_path}/log.db")
    assert (told is None) is ok
    assert ok or "rules of 2999-01-01" in str(told)
    assert await newer_release("training", f"sqlite:////{tmp_path}/none.db") is None


@pytest.mark.parametrize(("late", "ok"), [(timedelta(), True), (timedelta(hours=1), False)])
async def test_a_deletion_of_what_is_kept_of_people_that_is_late_is_found(
    logs: Logs, tmp_path: Path, late: timedelta, *, ok: bool
) -> None:
    """As long as the record is there; a record that was deleted is none."""
    now = SystemClock().now()
    record = CasePosts(case_id="case-1", posts=("post-1",), kept_until=now - late)
    place = Partition(changelog("training", CASE_POSTS), 0)
    await logs[MENTION_LANE].append([Draft(place, b"case-1", record.model_dump_json().encode(), 0)])
    (found,) = [one for one in await findings(tmp_path, now=now) if one.about == "people"]
    assert found.ok is ok
    assert "closed cases whose posts wait for their deletion: 1" in found.words
    assert f"{record.kept_until:%H:%M} UTC" in found.words
    register = RegisterRecord.of(builders.register(), mode="training")
    kept = Draft(Partition(REGISTERS.named("training"), 0), register.id.encode(), encode(register), 0)
    await logs[CONTROL_LANE].append([kept])
    (found,) = [one for one in await findings(tmp_path, now=now) if one.about == "people"]
    assert told_in(builders.register().hours.zone, record.kept_until) in found.words
    await logs[MENTION_LANE].append([Draft(place, b"case-1", None, 0)])
    (found,) = [one for one in await findings(tmp_path, now=now) if one.about == "people"]
    assert (found.ok, found.words) == (True, "nothing is kept of people for any case")


@pytest.mark.parametrize(("holder", "left"), [("gone.person", True), (builders.COMMANDER, False)])
async def test_an_open_case_of_a_person_who_left_is_found(
    logs: Logs, tmp_path: Path, holder: str, *, left: bool
) -> None:
    """Until somebody hands it on, it waits with nobody."""
    case = Case(id="case-1", mode="training", status=CaseStatus.OPEN, sort=CaseSort.THREAT, about="A.", holder=holder)
    place = Partition(changelog("training", SUBJECTS), 0)
    register = RegisterRecord.of(builders.register(), mode="training")
    kept = Draft(Partition(REGISTERS.named("training"), 0), register.id.encode(), encode(register), 0)
    await logs[CONTROL_LANE].append([kept, Draft(place, b"case/case-1", case.model_dump_json().encode(), 0)])
    found = wrong(await findings(tmp_path))
    assert ("cases" in found) is left
    assert not left or "case case-1 is with gone.person, who is not on the register any more" in found["cases"]


async def test_an_order_that_a_running_worker_does_not_get_on_with_is_found(
    log_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so is a clock, on each ground: a look that does not wait for the answer would find nothing wrong."""
    handle, held = desk.handle, asyncio.Event()

    async def hold(order: Command, needs: desk.Needs) -> Sequence[Fact]:
        await held.wait()
        return await handle(order, needs)

    monkeypatch.setattr(desk, "handle", hold)
    async with bench(log_url, builders.register()) as on:
        order = on.order(builders.declaration())
        await on.put(order)
        assert "waiting" not in wrong(await examine(on.mode, log_url, now=SystemClock().now()))
        later = wrong(await examine(on.mode, log_url, now=SystemClock().now() + timedelta(seconds=120)))
        assert "live.commands has waited for holdingline-live-control" in later["waiting"]
        held.set()
        await on.answered(on.order(builders.holding()))
        found = await examine(on.mode, log_url, now=SystemClock().now() - timedelta(seconds=120))
        assert {"waiting", "clock"} & set(wrong(found)) == {"clock"}


def test_a_disk_that_is_nearly_full_is_a_problem() -> None:
    assert room(2 * GIBIBYTE).ok
    assert "free some" in room(GIBIBYTE // 2).words
