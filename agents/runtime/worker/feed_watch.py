"""A watch over the feeds: what is not heard for long is noted in the register's log, so that a person hears of it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from agents.ports import Clock, Registers
from agents.runtime.feeds.hearings import heard
from infra.log import LogError
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER
from streams.words.feeds import SILENT_AFTER, TOLD_AFTER, FeedNoted, FeedState, NoteFeed
from streams.words.orders import Command, Giver, command
from streams.words.register.entries import Register

LOOK_SECONDS = 30.0
NO_PROCESS = "no process has tried to hear it: start `holdingline serve`, or its lane `feeds`"

Put = Callable[[Sequence[Command]], Awaitable[None]]


class States(Protocol):
    """How each feed goes, by its account."""

    @property
    def values(self) -> Mapping[str, FeedState]:
        """As far as the topic was read."""


class OwnLog(Protocol):
    """Where the register's own log is."""

    @property
    def register_log(self) -> RegisterLog | None:
        """The log; None if there is none."""


async def watch_feeds(  # budget: what it looks at, by which rules, and where it tells
    states: States, subjects: OwnLog, *, registers: Registers, clock: Clock, mode: str, put: Put
) -> None:
    """Look at every feed every `LOOK_SECONDS`, until cancelled; note what is not heard for long, and what is again."""
    begun = clock.now()
    while True:
        await clock.sleep(LOOK_SECONDS)
        log = None
        with suppress(LogError):
            log = subjects.register_log
        now = clock.now()
        news = feed_news(registers(), states.values, log.feeds if log else {}, mode=mode, span=(begun, now))
        by = Giver.CLOCK.value
        orders = [command(one, cause=now, mode=mode, subject=THE_REGISTER, at=now, by=by) for one in news]
        with suppress(LogError):
            await put(orders)


def feed_news(  # budget: what is to be heard, how it goes, what is known, for which mode, and when
    register: Register,
    states: Mapping[str, FeedState],
    known: Mapping[str, FeedNoted],
    *,
    mode: str,
    span: tuple[datetime, datetime],
) -> Iterator[NoteFeed]:
    """What is to be noted; `span` is since when this worker looks, and now."""
    begun, now = span
    partners = {account.account_id: partner.id for partner, account in heard(register, mode)}
    for account, partner in partners.items():
        fault = _long_fault(states.get(account), now, begun=begun)
        if (fault is None) != (account not in known):
            yield NoteFeed(account=account, partner=partner, fault=fault)
    # An account that the register names no more has no fault.
    for account, noted in known.items():
        if account not in partners:
            yield NoteFeed(account=account, partner=noted.partner)


def _long_fault(state: FeedState | None, now: datetime, *, begun: datetime) -> str | None:
    """What has kept us from hearing an account for long; a worker that has just begun waits for its process first."""
    if state is None or now - state.at > SILENT_AFTER:
        return NO_PROCESS if now - begun > SILENT_AFTER else None
    if state.failing_since and now - state.failing_since > TOLD_AFTER:
        return state.failure
    return None
