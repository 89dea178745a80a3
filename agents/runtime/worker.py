"""The worker: all agents of one mode on one log, wired up. A drill and the real thing differ by what is handed in."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Self, TypeVar
from uuid import uuid4  # noqa: TID251 - a process's life has no cause to derive its name from

from pydantic import BaseModel

from agents import amplification, incident, mentions, publishing
from agents.ports import Channel, Clock, Registers
from agents.runtime.background import BackgroundTasks
from agents.runtime.lanes import Lane, Lanes
from agents.runtime.reading import TopicReader
from agents.runtime.stores import TableStore
from agents.runtime.views import IncidentsView, RecentPostsView
from infra.driver import RawSchema, create_app, log_of, wait_until_ready
from infra.log import Log, LogError, TopicSpec
from streams.commands import Tick, command
from streams.decisions.delivering import is_due
from streams.decisions.surge import Counts
from streams.incident import Incident
from streams.topics import CARRYING, COMMANDS, DEAD_LETTERS, FACTS, MENTIONS, PARTNER_POSTS, Message

Model = TypeVar("Model", bound=BaseModel)

READY_SECONDS_MAX = 60.0
FINISH_SECONDS_MAX = 12.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is made of. `log_url` names the ground, `run` this life of the worker."""

    mode: str
    log_url: str
    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    tick_seconds: float = 1.0
    ready_seconds_max: float = READY_SECONDS_MAX


class Worker:
    """Runs the agents of one mode; `async with` starts it, and stops it in good order."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.run = f"run-{uuid4().hex[:12]}"
        self.app = create_app(f"holdingline-{setup.mode}", setup.log_url)
        self._lanes = Lanes(self.app, setup.mode, setup.clock)
        self.background = BackgroundTasks(self.put)
        self._readers: list[TopicReader] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.incidents = IncidentsView(self._reader(FACTS.named(setup.mode)), setup.mode)
        self._posts = RecentPostsView(self._reader(PARTNER_POSTS.named(setup.mode)), setup.clock)
        self.counts = self._table("mention-counts", Counts)

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    @property
    def log(self) -> Log:
        """The log it stands on."""
        return log_of(self.app)

    async def put(self, messages: Sequence[Message]) -> None:
        """Put messages on their topics, as a door does; they are durable when this returns."""
        await self._lanes.put(self.log, messages)

    async def crashed(self) -> None:
        """Return never, or raise what has stopped the agents."""
        await self.app._crashed.wait()  # noqa: SLF001 - Faust offers no public way to wait for it
        raise self.app.crash_reason or LogError("the worker stopped without a reason: look at its log")

    async def stop(self) -> None:
        """Let sends that are under way end, commit what was handled, and let the log go."""
        await self.background.finish(FINISH_SECONDS_MAX)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in self._readers:
            with suppress(LogError):
                await reader.close()
        await self.app.stop()

    async def _start(self) -> None:
        self._open_lanes()
        self.app.once_open(self._prepare)
        await self.app.start()
        await wait_until_ready(self.app, seconds_max=self._setup.ready_seconds_max)
        self._tasks.append(asyncio.create_task(self._tick()))

    async def _prepare(self, log: Log) -> None:
        """Make the topics and start the views, before the first event is handled."""
        await log.create_topics(topic_specs(self._setup.mode))
        self._tasks += [asyncio.create_task(view.run()) for view in (self.incidents, self._posts)]

    def _open_lanes(self) -> None:
        """Hand every agent its needs and put it on its topic."""
        setup = self._setup
        clock, registers = setup.clock, setup.registers
        judging = incident.Needs(setup.mode, clock, registers, self._table("incidents", Incident))
        sending = publishing.Needs(self.run, clock, registers, setup.channels, self.background)
        echoing = amplification.Needs(clock, registers, self.incidents, self._posts)
        counting = mentions.Needs(setup.mode, clock, self.incidents, self.counts)
        for lane in (
            Lane("incident-agent", COMMANDS, partial(incident.handle, needs=judging)),
            Lane(publishing.NAME, FACTS, partial(publishing.handle, needs=sending)),
            Lane("declaration-agent", FACTS, partial(amplification.handle_declaration, needs=echoing)),
            Lane(amplification.NAME, PARTNER_POSTS, partial(amplification.handle, needs=echoing)),
            Lane(mentions.NAME, MENTIONS, partial(mentions.handle, needs=counting)),
        ):
            self._lanes.open(lane)

    async def _tick(self) -> None:
        """Let time pass for every incident in which something has fallen due."""
        clock = self._setup.clock
        while True:
            await clock.sleep(self._setup.tick_seconds)
            now = clock.now()
            due = [one for one in self.incidents.incidents.values() if is_due(one, now)]
            ticks = [command(Tick(), cause=now, mode=one.mode, incident_id=one.id, at=now, by="clock") for one in due]
            with suppress(LogError):
                await self.put(ticks)

    def _table(self, name: str, model: type[Model]) -> TableStore[Model]:
        table = self.app.Table(name, schema=RawSchema(), partitions=1)
        return TableStore(table, model)

    def _reader(self, topic: str) -> TopicReader:
        reader = TopicReader(lambda: self.log, topic)
        self._readers.append(reader)
        return reader


def topic_specs(mode: str) -> list[TopicSpec]:
    """Every topic of a mode, as `streams.topics` plans it."""
    planned = [
        TopicSpec(plan.named(mode), plan.partitions, retention_seconds=plan.retention_seconds) for plan in CARRYING
    ]
    return [*planned, TopicSpec(f"{mode}.{DEAD_LETTERS}")]
