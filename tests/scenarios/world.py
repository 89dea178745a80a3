"""The world of the simulation: its clock, its channels, and works that advance one await at a time.

Everything is single-threaded and seeded: the same seed gives the same run. What is public survives every kill.
A pause may fall on every await of ours, not inside a channel's own write to its socket: that is one step here.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from random import Random
from typing import Any

from agents.ports import NotSent, Rejected, Work
from streams.decisions.channels.card import ChannelKind
from streams.words.delivery import Dispatch, Look, Receipt, Resolution, Sight
from streams.words.orders import Command
from tests.builders import LIVE, NOW
from tests.networks import BY_RESOLUTION, SETTLES_AFTER


class Fault(StrEnum):
    """What a channel does with one request."""

    NONE = "none"
    REJECTS = "rejects"
    NOT_SENT = "not-sent"
    HANGS_BEFORE = "hangs-before"
    BREAKS_BEFORE = "breaks-before"
    HANGS_AFTER = "hangs-after"
    LANDS_LATE = "lands-late"
    BREAKS_AFTER = "breaks-after"


class Pause:
    """One await at which the simulation may stop, kill or delay whoever waits."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def for_ever() -> None:
    while True:
        await Pause()


@dataclass(frozen=True)
class Publication:
    """Something the public can read; `at` is when it was sent, `facts_before` counts the facts committed by now."""

    dispatch: Dispatch
    at: datetime
    facts_before: int


@dataclass
class World:
    """Time and everything that is public."""

    rng: Random
    trouble: float
    now: datetime = NOW
    public: list[Publication] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    late: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    facts_committed: Callable[[], int] = lambda: 0
    working: "Step | None" = None

    def shows(self, key: str) -> int:
        """How often the public can read this delivery."""
        return sum(1 for one in self.public if one.dispatch.key == key)

    def lands(self) -> None:
        """What was sent and not answered arrives after all, if its time has come."""
        come = [one for one in self.late if one[0] <= self.now]
        self.late = [one for one in self.late if one not in come]
        for _, shows in come:
            shows()

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability * self.trouble

    def stage(self, reached: str) -> None:
        """Note how far the work under way has come."""
        if self.working:
            self.working.stage = reached

    @asynccontextmanager
    async def troubled(self, shows: Callable[[datetime], None] | None = None) -> AsyncIterator[None]:
        """One request to the world outside: what is done inside happens, unless trouble comes before it.

        `shows` does the same later on, where a network may hold the request for a while: sent when it was sent.
        """
        fault = self.fault(*([] if shows else [Fault.LANDS_LATE]))
        self.stage("before sending")
        await Pause()
        match fault:
            case Fault.REJECTS:
                raise Rejected("not here")
            case Fault.NOT_SENT:
                raise NotSent("not now")
            case Fault.HANGS_BEFORE:
                await for_ever()
            case Fault.BREAKS_BEFORE:
                raise ConnectionError("broke")
            case Fault.LANDS_LATE:
                lands = self.now + SETTLES_AFTER * self.rng.random()
                self.late += [(lands, partial(shows, self.now))] if shows else []  # No network holds a page.
                raise ConnectionError("broke, and the network holds it")
        yield
        self.stage("after sending")
        await Pause()
        if fault is Fault.HANGS_AFTER:
            await for_ever()
        if fault is Fault.BREAKS_AFTER:
            raise ConnectionError("broke")

    def fault(self, *never: Fault) -> Fault:
        met = [one for one in Fault if one not in never]
        fault = self.rng.choice(met) if self.chance(0.8) else Fault.NONE
        self.met.append(f"channel {fault}")
        return fault


@dataclass(frozen=True)
class WorldClock:
    """The world's time; a timeout strikes at the next step of the work it guards."""

    world: World

    def now(self) -> datetime:
        return self.world.now

    async def sleep(self, seconds: float) -> None:
        until = self.world.now + timedelta(seconds=seconds)
        while self.world.now < until:
            await Pause()

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        step = self.world.working
        if step is None:
            raise RuntimeError("a timeout outside of a work")
        step.deadline = self.world.now + timedelta(seconds=seconds)
        try:
            yield
        finally:
            step.deadline = None


def _receipt(dispatch: Dispatch) -> Receipt:
    return Receipt(reference=dispatch.key, words=f"receipt of {dispatch.key}")


@dataclass(frozen=True)
class WorldChannel:
    """A channel that survives every kill; where it is idempotent, a key that is public already adds nothing."""

    name: str
    kind: ChannelKind
    world: World
    mode: str = LIVE

    async def publish(self, dispatch: Dispatch) -> Receipt:
        async with self.world.troubled(partial(self._show, dispatch)):
            self._show(dispatch, self.world.now)
        return _receipt(dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        fault = self.world.fault(Fault.LANDS_LATE)
        await Pause()
        if fault in {Fault.HANGS_BEFORE, Fault.HANGS_AFTER}:
            await for_ever()
        self.world.lands()
        if fault is not Fault.NONE:
            raise NotSent("cannot be told now")
        shown = self.world.shows(dispatch.key)
        return Look(sight=Sight.SHOWN, receipt=_receipt(dispatch)) if shown else Look(sight=Sight.ABSENT)

    async def check(self) -> str:
        return "plays a channel"

    def _show(self, dispatch: Dispatch, sent_at: datetime) -> None:
        if self.kind.resolution is Resolution.SEND_AGAIN and self.world.shows(dispatch.key):
            return
        self.world.public.append(Publication(dispatch, sent_at, self.world.facts_committed()))


@dataclass
class Step:
    """A background work under way; `result` is what it answered, not yet on the topic."""

    work: Work
    world: World
    running: Coroutine[Any, Any, Sequence[Command]] | None = None
    deadline: datetime | None = None
    result: Sequence[Command] | None = None
    stage: str = "before the last check"

    def advance(self) -> None:
        """On to the next await, or into the timeout that has struck meanwhile."""
        self.world.working = self
        try:
            if self.running is None:
                self.running = self._run()
            if self.deadline and self.world.now >= self.deadline:
                self.running.throw(TimeoutError())
            else:
                self.running.send(None)
        except StopIteration as done:
            self.result = done.value
            self.stage = "after the outcome is known"

    def vanish(self) -> None:
        """The process is gone: nothing of it runs on."""
        if self.running is not None:
            self.running.close()

    async def _run(self) -> Sequence[Command]:
        await Pause()
        return await self.work()


def channels(world: World) -> Mapping[str, WorldChannel]:
    """One channel for each way out of the unknown."""
    return {one.name: WorldChannel(one.name, one, world) for one in BY_RESOLUTION.values()}
