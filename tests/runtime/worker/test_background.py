"""Work beside the streams: what came of it is reported as soon as the log takes it."""

import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from agents.runtime.worker import background
from agents.runtime.worker.background import BackgroundTasks, cancel_all
from infra.log import LogFull
from streams.words.orders import Command
from tests import builders

PATIENCE_SECONDS = 180.0


async def test_a_task_that_swallows_a_cancellation_is_cancelled_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that waits for a library which takes it for its own; what another raises stops nothing."""
    monkeypatch.setattr(background, "CANCEL_SECONDS", 0.001)
    swallowed = list[int]()

    async def stubborn() -> None:
        while len(swallowed) < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed.append(1)
        await asyncio.Event().wait()

    async def fail() -> None:
        raise ValueError

    tasks = [asyncio.create_task(one) for one in (stubborn(), fail())]
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await cancel_all(tasks)
    assert [task.done() for task in tasks] == [True, True]


async def test_a_report_waits_for_a_log_that_is_full_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that was sent cannot be found out about again; and the log lines of the service stay few."""
    monkeypatch.setattr(background, "REPORT_WAIT_SECONDS", 0.001)
    report, refusals, taken = builders.command(builders.declaration()), [LogFull()] * 500, asyncio.Event()

    async def put(commands: Sequence[Command]) -> None:
        if refusals:
            raise refusals.pop()
        assert commands == [report]
        taken.set()

    async def work() -> Sequence[Command]:
        return [report]

    tasks = BackgroundTasks(put)
    with capture_logs() as logs:
        tasks.start("a send", work)
        await asyncio.wait_for(taken.wait(), PATIENCE_SECONDS)
    assert [one["event"] for one in logs] == ["the log takes no report yet; trying again"]
    await tasks.finish(PATIENCE_SECONDS)
