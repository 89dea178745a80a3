"""A channel on which nothing could go out is known before somebody needs it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.ports import NotSent
from agents.runtime.worker.channel_checks import ANSWER_SECONDS_MAX, fault_of
from agents.runtime.worker.timers import watch_channels
from streams.subjects.account import AccountLog, account
from streams.subjects.attention import waiting
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER
from streams.words.attention import PAGES
from streams.words.orders import Command
from streams.words.register.accounts import ChangeSecret, Credential, NoteAccount, NoteRoute, RouteNoted
from streams.words.register.entries import Register
from tests import builders
from tests.builders import LIVE, NOW, WRITER


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
    """The register's log and the accounts as the worker sees them: what it puts is in them."""

    register_log: RegisterLog = field(default_factory=lambda: RegisterLog(mode=LIVE))
    put: list[NoteRoute] = field(default_factory=list)
    noted: list[tuple[str, NoteAccount]] = field(default_factory=list)
    accounts: dict[str, AccountLog] = field(default_factory=dict)

    def account(self, channel: str) -> AccountLog | None:
        return self.accounts.get(channel)

    async def take(self, commands: Sequence[Command]) -> None:
        for one in commands:
            if isinstance(one.body, NoteAccount):
                name = one.subject.id
                assert (one.subject, one.by) == (account(name), "clock")
                self.noted.append((name, one.body))
                before = self.accounts.get(name) or AccountLog(id=name, mode=LIVE)
                self.accounts[name] = builders.carried_out(before, one.body, by="clock", now=one.at)
                continue
            assert isinstance(one.body, NoteRoute)
            assert (one.subject, one.by) == (THE_REGISTER, "clock")
            self.put.append(one.body)
            noted = RouteNoted(channel=one.body.channel, fault=one.body.fault)
            others = {name: known for name, known in self.register_log.routes.items() if name != noted.channel}
            routes = {**others, noted.channel: noted} if noted.fault else others
            self.register_log = self.register_log.model_copy(update={"routes": routes})


async def until(holds: Callable[[], bool], log: Log, *, register: Register | None = None, **channels: Checked) -> None:
    """Check until this holds, on a clock that lets five minutes pass in no time."""
    register = register or builders.register()
    clock = ScaledClock(NOW, 1e7)
    checking = watch_channels(channels, log, registers=lambda: register, clock=clock, mode=LIVE, put=log.take)  # type: ignore[arg-type] # a view of the register's log only
    task = asyncio.create_task(checking)
    for _ in range(100_000):
        if holds() or task.done():
            break
        await asyncio.sleep(0)
    assert holds(), task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Lapsing(Checked):
    """Its secret is to be changed from this moment on."""

    due: datetime

    def secret_due(self) -> datetime | None:
        return self.due


async def test_a_secret_that_lapses_soon_waits_for_a_person_and_pages_in_the_trusts_hours() -> None:
    """The channel works still: it is no fault of it, for which people are woken."""
    log, page = Log(), Lapsing(LIVE, pretends_live=True)
    page.finds, page.due = [None], NOW + timedelta(hours=1)
    await until(lambda: bool(log.noted and log.noted[-1][1].secret_due), log, website=page)
    (_, noted) = log.noted[-1]
    assert (noted.secret_due, noted.fault, log.put) == (page.due, None, [])
    assert all(one.secret_due is None for _, one in log.noted[:-1])
    (waits,) = waiting(log.accounts["website"], page.due)
    assert (waits.kind, PAGES[waits.kind]) == ("secret", "in-hours")


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


async def test_a_test_of_each_account_is_noted_once_a_day_and_whenever_it_finds_something_else() -> None:
    """A check every five minutes would fill the log for ever, and its last result is to be seen."""
    log, site = Log(), checked(None)
    await until(lambda: site.checks > 900, log, website=site)
    days = [note.tested_at.date() for name, note in log.noted if name == "website" and note.tested_at]
    assert len(days) == len(set(days)) >= 3
    fault = NotSent("the password is wrong: renew it")
    site = checked(*[fault] * 6, None)
    log = Log()
    await until(lambda: site.checks > 12, log, website=site)
    assert [found for found, _ in groupby(note.fault for _, note in log.noted)] == [str(fault), None]


async def test_an_overdue_secret_is_noted_once_and_its_change_ends_it() -> None:
    """By the day that the register names; a person hears of it by the state of the account."""
    secret = Credential(secret="WEBSITE_PASSWORD", mode=LIVE)
    website = builders.channel("website", credential=secret, secret_changed_on=(NOW - timedelta(days=100)).date())
    register = builders.register(channels={"website": website})
    log, site = Log(), checked(None)
    await until(lambda: site.checks > 5, log, register=register, website=site)
    assert {noted.secret_due for _, noted in log.noted} == {datetime(2026, 1, 6, tzinfo=UTC)}
    assert [one.kind for one in waiting(log.accounts["website"], NOW)] == ["secret"]
    changed = builders.carried_out(log.accounts["website"], ChangeSecret(reason="a new one"), by=WRITER, id="changed")
    assert [*waiting(changed, NOW)] == []
    log.accounts["website"], log.noted = changed, []
    await until(lambda: site.checks > 10, log, register=register, website=site)
    assert all(note.secret_due is None for _, note in log.noted)


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
