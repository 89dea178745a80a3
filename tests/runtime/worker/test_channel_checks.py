"""A channel on which nothing could go out is known before somebody needs it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.ports import NotSent
from agents.runtime.worker.channel_checks import ANSWER_SECONDS_MAX, fault_of
from agents.runtime.worker.timers import watch_channels
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER
from streams.words.orders import Command
from streams.words.register.routes import NoteRoute, RouteNoted
from tests.builders import LIVE, NOW


class Checked(MemoryChannel):
    """Its checks find what is given, one after another, the last for ever."""

    finds: list[Exception | None]
    checks = 0

    async def check(self) -> str:
        self.checks += 1
        found = self.finds.pop(0) if len(self.finds) > 1 else self.finds[0]
        if found:
            raise found
        return "it works"


def checked(*finds: Exception | None, mode: str = LIVE) -> Checked:
    channel = Checked(mode, pretends_live=True)
    channel.finds = [*finds]
    return channel


@dataclass
class Log:
    """The register's log as the worker sees it: what it puts is in it."""

    register_log: RegisterLog = field(default_factory=lambda: RegisterLog(mode=LIVE))
    put: list[NoteRoute] = field(default_factory=list)

    async def take(self, commands: Sequence[Command]) -> None:
        for one in commands:
            assert isinstance(one.body, NoteRoute)
            assert (one.subject, one.by) == (THE_REGISTER, "clock")
            self.put.append(one.body)
            noted = RouteNoted(channel=one.body.channel, fault=one.body.fault)
            others = {name: known for name, known in self.register_log.routes.items() if name != noted.channel}
            routes = {**others, noted.channel: noted} if noted.fault else others
            self.register_log = self.register_log.model_copy(update={"routes": routes})


async def until(holds: Callable[[], bool], log: Log, **channels: Checked) -> None:
    """Check until this holds, on a clock that lets five minutes pass in no time."""
    clock = ScaledClock(NOW, 1e7)
    checking = watch_channels(channels, log, clock=clock, mode=LIVE, put=log.take)  # type: ignore[arg-type] # a view of the register's log only
    task = asyncio.create_task(checking)
    for _ in range(100_000):
        if holds() or task.done():
            break
        await asyncio.sleep(0)
    assert holds(), task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_fault_is_noted_once_and_its_end_once() -> None:
    """However often it is found."""
    fault, log = NotSent("the password is wrong: renew it"), Log()
    site = checked(*[fault] * 8, None)
    await until(lambda: site.checks > 12, log, site=site)
    assert log.put == [NoteRoute(channel="site", fault=str(fault)), NoteRoute(channel="site")]


async def test_a_connection_that_broke_once_is_no_news() -> None:
    log, site = Log(), checked(None, ConnectionError(), None)
    await until(lambda: site.checks > 8, log, site=site)
    assert log.put == []


async def test_only_channels_of_its_own_mode_are_checked_and_one_that_left_has_no_fault() -> None:
    log, other, site = Log(), checked(NotSent("no"), mode="training"), checked(None)
    log.register_log = log.register_log.model_copy(update={"routes": {"old": RouteNoted(channel="old", fault="no")}})
    await until(lambda: site.checks > 2, log, site=site, other=other)
    assert other.checks == 0
    assert log.put == [NoteRoute(channel="old")]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, None),
        (NotSent("no list\nhere"), "no list here"),
        (KeyError("s3cret"), "its check broke off (KeyError): look at the worker's log"),
    ],
)
async def test_a_fault_is_a_sentence_that_repeats_nothing_unexpected(found: Exception | None, said: str | None) -> None:
    """The text of an error that no adapter wrote may hold anything."""
    assert await fault_of(checked(found)) == said


async def test_silence_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.runtime.worker.channel_checks.ANSWER_SECONDS_MAX", 0.0)
    site = checked(None)

    async def hang() -> str:
        return str(await asyncio.Event().wait())

    monkeypatch.setattr(site, "check", hang)
    assert "no answer" in str(await fault_of(site))
    assert ANSWER_SECONDS_MAX > 0
