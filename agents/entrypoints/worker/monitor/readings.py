"""Readings: how a running worker, the lanes of its mode and their logs are now. Looking changes nothing."""

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from agents.ports import Clock
from agents.runtime.cluster.doctor import SILENT_SECONDS_MAX
from agents.runtime.door.lag import partitions_of, unhandled
from agents.runtime.door.lanes import log_of_lane
from agents.runtime.worker.worker import Worker
from infra.doors import DoorLog, door_of
from infra.log import LogError, LogUnusable
from streams.lanes import CONTROL_LANE, LANES, Lane
from streams.subjects.register_log import RegisterLog
from streams.topics import DEAD_LETTERS

ANSWER_SECONDS_MAX = 4.0
"""So long a log may take to answer: whatever asks us gives up after a few seconds more."""
AS_FRESH_SECONDS = 1.0
"""A reading is used again for so long: a flood of questions asks the log once a second."""
BEAT_SECONDS = 0.5
BEATS_KEPT = 120
"""The beats of a minute."""


@dataclass(frozen=True, slots=True)
class LaneReading:
    """One lane: whether a worker runs and goes on, what waits by topic, for how long the oldest has, its dead letters.

    `waited_seconds` and `places` are None where this user may not see what waits.
    """

    runs: bool
    places: Mapping[str, int] | None
    waited_seconds: float | None
    dead_letters: int


@dataclass(frozen=True, slots=True)
class Condition:
    """`log` says why the log of the control lane does not answer, if so; lanes that cannot be looked at are missing."""

    log: str | None
    lanes: Mapping[str, LaneReading]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Why a word could not go out now: the log, the desk, this worker's tables, a channel; None for what is well."""

    log: str | None
    desk: str | None
    tables: str | None
    channels: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether nothing keeps a word back."""
        return not (self.log or self.desk or self.tables or any(self.channels.values()))


class Readings:
    """Looks at one worker, and at the lanes of its mode through doors, as any other process does."""

    def __init__(self, worker: Worker, *, mode: str, log_url: str, clock: Clock) -> None:
        self.worker, self.mode, self.clock, self.log_url = worker, mode, clock, log_url
        self._doors: dict[str, DoorLog] = {}
        self._looking = asyncio.Lock()
        self._last: tuple[float, Condition] | None = None
        self._beats: deque[float] = deque(maxlen=BEATS_KEPT)

    async def beat(self) -> None:
        """Note how late the event loop is, until cancelled."""
        while True:
            due = monotonic() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self._beats.append(max(0.0, monotonic() - due))

    @property
    def late_seconds(self) -> float:
        """By how much the event loop was late at most, within the last minute."""
        return max(self._beats, default=0.0)

    async def close(self) -> None:
        """Close the doors that were opened."""
        while self._doors:
            await self._doors.popitem()[1].close()

    async def now(self) -> Condition:
        """The lanes and their logs, at most `AS_FRESH_SECONDS` old."""
        async with self._looking:
            if self._last is None or monotonic() - self._last[0] > AS_FRESH_SECONDS:
                found = await self._look()
                self._last = (monotonic(), found)
            return self._last[1]

    async def readiness(self) -> Readiness:
        """Whether this worker could make a word public now."""
        found = await self.now()
        control = found.lanes.get(CONTROL_LANE.name)
        idle = control is not None and not control.runs
        desk = "no worker judges orders, or it hangs: start `holdingline serve --lane control`" if idle else None
        tables = None if self.worker.is_ready else "the worker has not recovered its tables: wait, or look at its log"
        return Readiness(found.log, desk, tables, self._channels())

    def _channels(self) -> Mapping[str, str | None]:
        """What the last self-test of each channel found, as the register's own log has it; none before that was read.

        A lane that judges nothing knows of those that failed.
        """
        registers = self.worker.registers
        with suppress(LogError):
            if self.worker.is_ready:
                log = self.register_log
                faults = {name: one.fault for name, one in log.routes.items()} if log else {}
                return {**dict.fromkeys(registers().channels if registers else ()), **faults}
        return {}

    @property
    def register_log(self) -> RegisterLog | None:
        """The register's own log, as far as this worker has read it."""
        return self.worker.incidents.register_log

    async def _look(self) -> Condition:
        lanes: dict[str, LaneReading] = {}
        trouble = None
        for lane in LANES:
            try:
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    lanes[lane.name] = await self._look_at(lane)
            except (LogError, TimeoutError) as error:
                await self._forget(lane)
                if lane is CONTROL_LANE:
                    trouble = str(error) or f"the log gave no answer within {ANSWER_SECONDS_MAX:.0f} seconds"
        return Condition(trouble, lanes)

    async def _look_at(self, lane: Lane) -> LaneReading:
        log = await self._door(lane)
        await log.require_writable()
        letters = partitions_of(log, f"{self.mode}.{DEAD_LETTERS}")
        begins, ends = await log.beginnings(letters), await log.ends(letters)
        buried = sum(ends[one] - begins[one] for one in letters)
        # A process that hangs still holds its log: it is asked for a sign that it goes on.
        runs = await log.worker_runs() and await log.silent_seconds() <= SILENT_SECONDS_MAX
        now_seconds = self.clock.now().timestamp()
        left_ms = await log.oldest_left_ms()
        left_seconds = 0.0 if left_ms is None else now_seconds - left_ms / 1000
        try:
            waits = await unhandled(log, self.mode, lane=lane)
        except LogUnusable:
            return LaneReading(runs, None, None, buried)
        waited_seconds = max(0.0, left_seconds, waits.waited_seconds(now_seconds))
        return LaneReading(runs, waits.places, waited_seconds, buried)

    async def _door(self, lane: Lane) -> DoorLog:
        if (log := self._doors.get(lane.name)) is None:
            log = door_of(log_of_lane(self.log_url, lane), lane.group(self.mode))
            self._doors[lane.name] = log
            await log.open()
        await log.create_topics(())  # It makes none, and learns of those that were made since it was opened.
        return log

    async def _forget(self, lane: Lane) -> None:
        if log := self._doors.pop(lane.name, None):
            with suppress(LogError):
                await log.close()
