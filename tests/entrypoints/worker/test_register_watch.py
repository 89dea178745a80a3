"""Beside the agents: what is wrong with the registers is logged while they run, and a calendar is fetched by itself."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.adapters.registers import FileRegisters
from agents.entrypoints.worker import register_watch
from agents.entrypoints.worker.register_watch import watch_registers
from streams.values import LIVE
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import PEOPLE
from tests.adapters.pagers.pager_folder import NO_SECRET, with_texts
from tests.adapters.registers.calendar_server import calendar_server
from tests.adapters.registers.rota_folder import OTHER_WEEKS, WEEKLY, calendar, with_calendar
from tests.entrypoints.commanding import run

PATIENCE_SECONDS = 180.0


async def watched(folder: Path, until: Callable[[], object]) -> None:
    """Watch this folder until the condition holds."""
    task = asyncio.create_task(watch_registers(FileRegisters(folder), folder, mode=LIVE, look_seconds=0.01))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not until():  # noqa: ASYNC110 - a file and a log line set no event
            await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_person_whom_nobody_can_reach_is_logged(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    Break(PEOPLE, "samira.dastwick@ardudwy-vale.example.org", "samira.dastwick", "", "").apply(folder)
    with capture_logs() as logs:
        await watched(folder, lambda: logs)
    [logged] = [one for one in logs if one["event"] == "the registers need mending"]
    assert "“samira.dastwick” is nothing that email can reach" in " ".join(logged["faults"])


async def test_a_secret_that_a_pager_needs_and_the_worker_lacks_is_logged(tmp_path: Path) -> None:
    """Found when the worker starts, not when the first page fails."""
    folder = copied(tmp_path)
    with_texts(folder)
    with capture_logs() as logs:
        await watched(folder, lambda: logs)
    assert NO_SECRET in logs[0]["faults"]


async def test_what_fails_is_logged_and_the_watch_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(register_watch, "fetch_calendars", broken)
    with capture_logs() as logs:
        await watched(copied(tmp_path), lambda: logs)
    assert logs[0]["event"] == "the registers could not be looked after"


async def test_a_calendar_is_fetched_and_holds(tmp_path: Path) -> None:
    text = calendar(WEEKLY, OTHER_WEEKS)
    async with calendar_server(text) as server:
        folder = with_calendar(tmp_path, text)
        entry = f"- {{rota: comms-on-call, calendar: '{server.url}', who: summary}}\n"
        (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
        kept = folder / "register/calendars"
        with capture_logs():
            await watched(folder, lambda: list(kept.glob("comms-on-call-*.ics")))


def test_a_fetch_by_hand_says_what_failed(tmp_path: Path) -> None:
    folder = with_calendar(tmp_path, calendar(WEEKLY))
    assert run("register", "fetch", "--register", str(folder)) == (0, "every calendar was fetched\n", "")
    entry = "- {rota: comms-on-call, calendar: 'http://127.0.0.1:9/private.ics'}\n"
    (folder / "register/rotas.yaml").write_text(entry, encoding="utf-8")
    code, _, complained = run("register", "fetch", "--register", str(folder))
    assert code == 1
    assert "the calendar of comms-on-call could not be fetched from 127.0.0.1: no connection" in complained
