"""What the doctor finds on an embedded log: each trouble is a line that says what to do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faust.types import TP

from agents.adapters.clocks import SystemClock
from agents.runtime.examining import GIBIBYTE, Finding, examine, room
from agents.runtime.worker import topic_specs
from infra.log import Draft
from infra.sqlite_log import SqliteLog


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    """A log with the topics of a mode; whoever has it open counts as its worker."""
    log = SqliteLog(tmp_path / "log.db")
    await log.open()
    await log.create_topics(topic_specs("training"))
    yield log
    await log.close()


async def findings(folder: Path, mode: str = "training", *, now: datetime | None = None) -> dict[str, Finding]:
    found = await examine(mode, f"sqlite:////{folder}/log.db", now=now or SystemClock().now())
    return {one.about: one for one in found}


@pytest.mark.usefixtures("log")
async def test_a_log_in_order_is_all_well(tmp_path: Path) -> None:
    found = await findings(tmp_path)
    assert set(found) == {"log", "clock", "topics", "worker", "room"}
    assert [one.words for one in found.values() if not one.ok] == []


async def test_no_log_is_the_only_finding(tmp_path: Path) -> None:
    found = await findings(tmp_path)
    assert set(found) == {"log"}
    assert not found["log"].ok
    assert "start the worker first" in found["log"].words


async def test_nobody_works(log: SqliteLog, tmp_path: Path) -> None:
    await log.close()
    found = await findings(tmp_path)
    assert not found["worker"].ok
    assert "holdingline serve" in found["worker"].words


@pytest.mark.usefixtures("log")
async def test_topics_that_are_missing_are_named(tmp_path: Path) -> None:
    found = await findings(tmp_path, "live")
    assert not found["topics"].ok
    assert "live.facts" in found["topics"].words


@pytest.mark.parametrize(("behind_seconds", "ok"), [(0, True), (60, False)])
async def test_a_fact_from_the_future_shows_a_clock_that_is_wrong(
    log: SqliteLog, tmp_path: Path, behind_seconds: int, *, ok: bool
) -> None:
    now = datetime(2026, 11, 21, 22, 31, tzinfo=UTC)
    await log.append([Draft(TP("training.facts", 0), b"key", b"fact", int(now.timestamp() * 1000))])
    found = await findings(tmp_path, now=now - timedelta(seconds=behind_seconds))
    assert found["clock"].ok is ok
    assert ("22:31:00 UTC, 60 s from now" in found["clock"].words) is not ok


def test_a_disk_that_is_nearly_full_is_a_problem() -> None:
    assert room(2 * GIBIBYTE).ok
    assert "free some" in room(GIBIBYTE // 2).words


@pytest.mark.usefixtures("log")
async def test_a_second_worker_with_a_file_of_its_own_is_looked_at_too(tmp_path: Path) -> None:
    """Between them the two have every topic."""
    beside = SqliteLog(tmp_path / "log.db-mentions")
    await beside.open()
    await beside.create_topics(topic_specs("live"))
    found = await examine("live", f"sqlite:////{tmp_path}/log.db", now=SystemClock().now())
    await beside.close()
    assert [one.about for one in found] == ["log", "worker", "clock", "log", "worker", "topics", "room"]
    assert [one.words for one in found if not one.ok] == []
