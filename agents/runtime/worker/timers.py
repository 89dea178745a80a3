"""Time, as it passes for every incident: what has fallen due is ordered, and what is overdue is shouted about."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TypeVar

import structlog

from agents.ports import Channel, Clock, Registers
from agents.runtime.views.incidents import SubjectsView
from agents.runtime.worker.channel_checks import HasLapsingSecret, fault_of
from infra.log import LogError
from streams.decisions.accounts import gate
from streams.decisions.accounts.secret_age import age_of, worth_noting
from streams.decisions.briefings import letters
from streams.decisions.plans import holding, server_posts
from streams.decisions.register import change_orders
from streams.decisions.register.risks import late_reviews
from streams.decisions.release import by_hand, delivery_orders, take_backs
from streams.decisions.sign_off import page_steps
from streams.record.search_audit import overdue
from streams.subjects.account import account
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.past import ended
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import THE_REGISTER
from streams.words.listening.watch import THE_WATCH
from streams.words.orders import Command, CommandBody, Giver, Tick, command
from streams.words.posts import MentionCount
from streams.words.register.accounts import AccountNoted, NoteAccount, NoteRoute
from streams.words.register.changes import differences
from streams.words.register.entries import Register
from streams.words.register.kept import PLACES_MAX, Contents, NoteFiles, NoteUnconfirmed, partner_contents
from streams.words.risks.noted import LATE_MAX, NoteRisks

logger = structlog.get_logger(__name__)

AUDIT_SECONDS = 30.0
CHECK_SECONDS = 300.0
AGAIN_SECONDS = 20.0
ROUND_SECONDS_MAX = 60.0
HANDLED_SECONDS_MAX = 1.0
PLANS_AT_ONCE = 20
"""So many planned posts are looked at together: a thousand of them must not keep an incident waiting."""

Put = Callable[[Sequence[Command]], Awaitable[None]]
PutCounts = Callable[[Sequence[MentionCount]], Awaitable[None]]
Answer = TypeVar("Answer")


class Rounds:
    """Ticks in rounds: the next one is put once the desk has handled the last, or does not for `ROUND_SECONDS_MAX`.

    A desk that lags would else be given another tick for all that is due each second, and lag ever more.
    """

    def __init__(
        self, put: Callable[[Sequence[Command]], Awaitable[Sequence[int]]], handled: Callable[[], Awaitable[int]]
    ) -> None:
        """`put` answers with the places of the orders; `handled` with the place up to which orders are handled."""
        self._put = put
        self._handled = handled
        self._ends = 0
        self._began = monotonic()

    async def is_over(self) -> bool:
        """Whether the last round was handled."""
        if self._ends == 0 or monotonic() > self._began + ROUND_SECONDS_MAX:
            return True
        with suppress(LogError, TimeoutError):
            async with asyncio.timeout(HANDLED_SECONDS_MAX):
                return await self._handled() >= self._ends
        return False

    async def begin(self, ticks: Sequence[Command]) -> None:
        """Put the next round; `LogError` if the log takes none."""
        places = await self._put(ticks)
        self._ends, self._began = max(places, default=-1) + 1, monotonic()


async def tick(  # budget: whose time passes, where it is told, how fast, and by which rules
    subjects: SubjectsView, clock: Clock, registers: Registers, *, rounds: Rounds, seconds: float, ended_kept: timedelta
) -> None:
    """Let time pass for every incident, and for the register's own log, where something has fallen due.

    An incident or case that ended more than `ended_kept` ago is due to leave memory.
    """
    while True:
        await clock.sleep(seconds)
        if not await rounds.is_over():
            continue
        now, register = clock.now(), registers()
        due = [
            one for one in subjects.states.values() if _surely(partial(_is_due, one, now, ended_kept, register), one)
        ]
        due += _planned(subjects, now)
        due += _overtaken(subjects)
        by = Giver.CLOCK.value
        ticks = [command(Tick(), cause=now, mode=one.mode, subject=one.subject, at=now, by=by) for one in due]
        with suppress(LogError):
            await rounds.begin(ticks)


async def watch_files(  # budget: what it looks at, and where it tells
    subjects: SubjectsView, clock: Clock, mode: str, *, put: Put, seconds: float, look: Callable[[], Sequence[str]]
) -> None:
    """Note in the register's own log when its files cannot be used, and when they can again.

    `look` answers with the places that need mending. An order is put only if the log says something else.
    """
    while True:
        places = look()
        log = _register_log(subjects)
        known = log.unusable if log else None
        noted = NoteFiles(faults=len(places), places=tuple(places[:PLACES_MAX]))
        if noted.faults != (known.faults if known else 0) or (known and noted.places != known.places):
            now = clock.now()
            await _note(put, noted, mode=mode, cause=now, now=now)
        await clock.sleep(seconds)


async def watch_unconfirmed(  # budget: whose log, by which files, and where it tells
    subjects: SubjectsView, clock: Clock, mode: str, *, put: Put, seconds: float, files: Registers
) -> None:
    """Note in the register's own log which partners its files have otherwise than two people confirmed them."""
    seen: tuple[Register, str] | None = None
    found: Contents = {}
    while True:
        await clock.sleep(seconds)
        log = _register_log(subjects)
        if log is None:
            continue
        register = files()
        if seen is None or seen[0] is not register or seen[1] != log.head:
            seen, found = (register, log.head), partner_contents(differences(register, log.changes))
        if found != log.unconfirmed:
            now = clock.now()
            await _note(put, NoteUnconfirmed(partners=found), mode=mode, cause=[now, *found], now=now)


async def watch_risks(  # budget: whose log, by which register, and where it tells
    subjects: SubjectsView, clock: Clock, mode: str, *, put: Put, seconds: float, registers: Registers
) -> None:
    """Note in the register's own log which risks somebody should have looked at again."""
    while True:
        await clock.sleep(seconds)
        log, register, now = _register_log(subjects), registers(), clock.now()
        late = late_reviews(register, now.astimezone(register.hours.zone).date())
        found = {one.id: one.review_on for one in late[:LATE_MAX]}
        if found != (log.late_risks if log else {}):
            await _note(put, NoteRisks(late=found), mode=mode, cause=[now, *found], now=now)


async def _note(put: Put, body: CommandBody, *, mode: str, cause: object, now: datetime) -> None:
    """Put a note into the register's own log; what the log does not take now is noted the next time."""
    with suppress(LogError):
        await put([command(body, cause=cause, mode=mode, subject=THE_REGISTER, at=now, by=Giver.CLOCK.value)])


async def look_again(  # budget: what it looks at, in which mode, when, and where it tells
    subjects: SubjectsView, clock: Clock, mode: str, *, put: PutCounts, seconds: float
) -> None:
    """Have the watch counted again once the moment comes that a person set, though nobody speaks any more."""
    told: datetime | None = None
    while True:
        await clock.sleep(seconds)
        watch = subjects.watch()
        if watch and watch.until != told and watch.is_to_look(clock.now()):
            with suppress(LogError):
                await put([MentionCount(mode=mode, incident_id=THE_WATCH.key, minutes={})])
                told = watch.until


async def watch_channels(  # budget: what it looks at, by which rules, and where it tells
    channels: Mapping[str, Channel],
    subjects: SubjectsView,
    *,
    registers: Registers,
    clock: Clock,
    mode: str,
    put: Put,
) -> None:
    """Check each channel of this mode every `CHECK_SECONDS`, until cancelled; note in the register's log what changed.

    What is found of each account, the age of its secret too, is noted in its own facts, see `worth_noting`. That all is
    well is noted from the second look on, so that a drill of some minutes has no such facts.

    A fault counts once a second check, `AGAIN_SECONDS` later, finds one too: a connection that broke once is no news.
    """
    looks = 0
    while True:
        looks += 1
        own = {name: channel for name, channel in channels.items() if channel.mode == mode}
        found = {name: await fault_of(channel) for name, channel in own.items()}
        if any(found.values()):
            await clock.sleep(AGAIN_SECONDS)
            found = {name: await fault_of(own[name]) if fault else None for name, fault in found.items()}
        # A channel that the register names no more has no fault.
        log = _register_log(subjects)
        known = dict(log.routes) if log else {}
        now = clock.now()
        news = [
            NoteRoute(channel=name, fault=found.get(name))
            for name in {**found, **known}
            if found.get(name) != (known[name].fault if name in known else None)
        ]
        by = Giver.CLOCK.value
        orders = [command(one, cause=now, mode=mode, subject=THE_REGISTER, at=now, by=by) for one in news]
        tested = {name: fault for name, fault in found.items() if fault or looks > 1}
        due = {name: one.secret_due() for name, one in own.items() if isinstance(one, HasLapsingSecret)}
        for name, noted in _of_accounts(registers(), subjects, found=tested, lapsing=due, now=now).items():
            orders.append(command(noted, cause=now, mode=mode, subject=account(name), at=now, by=by))
        with suppress(LogError):
            await put(orders)
        await clock.sleep(CHECK_SECONDS)


def _of_accounts(
    register: Register,
    subjects: SubjectsView,
    *,
    found: Mapping[str, str | None],
    lapsing: Mapping[str, datetime | None],
    now: datetime,
) -> Mapping[str, NoteAccount]:
    """What is to be noted of accounts, by channel; `found` has the faults of channels that were checked.

    `lapsing` has since when secrets that lapse by themselves are to be changed.
    """
    notes: dict[str, NoteAccount] = {}
    for name, entry in register.channels.items():
        with suppress(LogError):
            state = subjects.account(name)
            age = age_of(entry, state, register=register)
            moments = [age.due_at if age else None, lapsing.get(name)]
            due = min((one for one in moments if one and one <= now), default=None)
            seen = AccountNoted(secret_due=due, tested_at=now if name in found else None, fault=found.get(name))
            if worth_noting(seen, state.noted if state else None):
                notes[name] = NoteAccount(secret_due=due, tested_at=seen.tested_at, fault=seen.fault)
    return notes


def _register_log(subjects: SubjectsView) -> RegisterLog | None:
    """The register's own log; None if there is none, or if it cannot be read, which is logged where it is used."""
    with suppress(LogError):
        return subjects.register_log
    return None


async def audit(subjects: SubjectsView, clock: Clock) -> None:
    """Log an error for each overdue step of a search: the worker that should take it has stopped."""
    while True:
        await clock.sleep(AUDIT_SECONDS)
        for one in [one for one in subjects.states.values() if isinstance(one, Incident)]:
            for sentence in _surely(partial(overdue, one, clock.now()), one) or ():
                logger.error("overdue", reason=sentence)


def _surely(ask: Callable[[], Answer], about: State) -> Answer | None:
    """What a rule says of a state; None if it fails at it: a state that the desk did not write must stop no other."""
    try:
        return ask()
    except Exception:
        logger.exception("a state is passed over: run log verify", subject=about.subject.key)
        return None


def _planned(subjects: SubjectsView, now: datetime) -> Sequence[Plan]:
    """The planned posts whose time has come, and some of those that an incident holds or its end sets free.

    That a post is held is judged with every order about it, so that the others may wait: an incident comes first.
    """
    plans = [one for one in subjects.states.values() if isinstance(one, Plan)]
    due = [one for one in plans if _surely(partial(holding.is_due, one, now, declared=subjects.declared), one)]
    return sorted(due, key=lambda one: not holding.has_come(one, now))[:PLANS_AT_ONCE]


def _overtaken(subjects: SubjectsView) -> Sequence[TrustWatch]:
    """The watch, if an incident was declared since what it heard came up."""
    found = [one for one in subjects.states.values() if isinstance(one, TrustWatch)]
    return [one for one in found if one.is_overtaken(subjects.declared)]


def _is_due(state: State, now: datetime, ended_kept: timedelta, register: Register) -> bool:
    if page_steps.is_due(state, now, register=register):
        return True
    match state:
        case Incident():
            return (
                ended(state, now, kept=ended_kept) is not None
                or delivery_orders.is_due(state, now)
                or by_hand.is_due(state, now)
                or take_backs.is_due(state, now)
                or gate.is_due(state, register)
                or letters.is_due(state, now, register=register)
                or server_posts.is_due(state, now)
            )
        case Plan():
            return ended(state, now, kept=ended_kept) is not None or delivery_orders.is_due(state, now)
        case RegisterLog():
            return change_orders.is_due(state, now)
        case _:
            return ended(state, now, kept=ended_kept) is not None
