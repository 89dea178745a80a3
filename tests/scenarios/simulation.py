"""A small runtime for the agents, without broker or threads: topics are lists, a commit is all or nothing.

One worker at a time owns the topics. A worker that is killed loses its memory and whatever it had not committed; one
that is paused becomes a zombie, whose background works go on later while its successor is at work already.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from agents import desk as incident_agent
from agents import publishing
from agents.ports import Channel, Work
from streams.decisions.release.delivery_orders import is_due
from streams.decisions.stops import stop_orders
from streams.subjects.incident import Incident
from streams.subjects.past import whole
from streams.subjects.state import State
from streams.values import Power
from streams.words.delivery import SETTLED, Delivery, DeliveryState, ResolveDelivery
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, Tick
from streams.words.register.entries import ChannelEntry, Register, Shift
from streams.words.stops import CancelRelease, ReleaseHeld, Resume
from tests import builders
from tests.agents.doubles import kept, not_recalled
from tests.builders import COMMANDER, INCIDENT, LIVE, NOW, OFFICER
from tests.networks import BY_RESOLUTION
from tests.scenarios.world import Step, World, WorldClock, channels

Result = TypeVar("Result")
PublishingHandler = Callable[[Fact, publishing.Needs], Awaitable[Sequence[Command]]]
EVERYWHERE = tuple(one.name for one in BY_RESOLUTION.values())
"""A channel of each kind; the kind's name is the channel's."""
ROUNDS_MAX = 3_000


class NeverSettles(Exception):
    """The agents keep each other busy: something is retried without a bound."""


def run(work: Awaitable[Result]) -> Result:
    """Run a handler that awaits nothing but other handlers."""
    running: Coroutine[Any, Any, Result] = work  # type: ignore[assignment] # a handler is an async def
    try:
        running.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    raise RuntimeError("a handler waited: what takes long belongs into the background")


def register(rng: Random, entries: Mapping[str, ChannelEntry] | None = None) -> Register:
    """The night's commander may lose the post during the run; the officer is always there to look at channels."""
    people = builders.people()
    people[COMMANDER] = builders.person(COMMANDER, *builders.COMMAND_POWERS, rota="on-call")
    people[OFFICER] = builders.person(OFFICER, *builders.COMMAND_POWERS, Power.DRAFT_LINE, Power.AMPLIFY)
    lasts = timedelta(minutes=rng.choice([1, 10, 600, 600]))
    shift = Shift(rota="on-call", person=COMMANDER, starts_at=NOW - timedelta(hours=1), ends_at=NOW + lasts)
    entries = entries or {
        name: builders.channel(name, kind=name, deadline_seconds=rng.choice([2, 10, 60])) for name in EVERYWHERE
    }
    template = builders.template(channels=tuple(entries))
    partner = builders.partner(channels=tuple(entries))
    return builders.register(
        people=people,
        rota=(shift,),
        channels=dict(entries),
        templates={template.id: template},
        partners={partner.id: partner},
    )


@dataclass
class Table:
    """The incident's state; what a handler puts lasts only if its event is committed."""

    committed: Incident
    staged: Incident | None = None
    rows: dict[str, Any] = field(default_factory=dict)
    staged_rows: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Incident | None:
        del key
        return self.staged or self.committed

    def put(self, key: str, value: State) -> None:
        del key
        assert isinstance(value, Incident)
        self.staged = value

    def remove(self, key: str) -> None:
        raise NotImplementedError(key)

    def keys(self, prefix: str = "") -> Sequence[str]:
        return [one for one in [self.committed.id] if one.startswith(prefix)]


@dataclass
class Past:
    """Rows that last only if the event that puts them is committed."""

    table: Table

    def get(self, key: str) -> Any:
        name = key.partition("|")[2]
        return self.table.staged_rows.get(name) or self.table.rows.get(name)

    def put(self, key: str, value: Any) -> None:
        self.table.staged_rows[key.partition("|")[2]] = value

    def remove(self, key: str) -> None:
        raise NotImplementedError(key)

    def keys(self, prefix: str = "") -> Sequence[str]:
        return [one for one in self.table.rows if one.startswith(prefix)]


@dataclass
class Memory:
    """The table as one worker has it: a worker that was paused does not see what its successor commits."""

    table: Table
    as_paused: Incident | None = None

    def get(self, key: str) -> Incident | None:
        return self.as_paused or self.table.get(key)


@dataclass
class Worker:
    """One life of a process: it has a run of its own, and works that die with it."""

    name: str
    world: World
    memory: Memory
    works: dict[str, Step] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)

    def start(self, key: str, work: Work) -> None:
        if key not in self.started:
            self.started.add(key)
            self.works[key] = Step(work, self.world)

    def vanish(self) -> None:
        for step in self.works.values():
            step.vanish()
        self.works.clear()


@dataclass
class Simulation:
    """The topics, the committed offsets, the worker that owns them, and the zombies that do not know it yet."""

    seed: int
    publish: PublishingHandler = publishing.handle
    trouble: float = 1.0
    facts_with_offset: bool = True

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.world = World(self.rng, self.trouble, facts_committed=lambda: len(self.facts))
        self.clock = WorldClock(self.world)
        self.channels = self.open_channels()
        self.register = self.night()
        self.commands: list[Command] = []
        self.facts: list[Fact] = []
        self.commands_done = self.facts_done = 0
        self.table = Table(Incident(id=INCIDENT, mode=LIVE))
        self.whole: Incident | None = None
        self.numbers = count(1)
        self.zombies: list[Worker] = []
        self.worker = self._born()

    def open_channels(self) -> Mapping[str, Channel]:
        """What the agents speak on."""
        return channels(self.world)

    def night(self) -> Register:
        """Who may do what tonight."""
        return register(self.rng)

    @property
    def incident(self) -> Incident:
        """The incident as committed; put together once for each commit."""
        if self.whole is None:
            self.whole = whole(self.table.committed, self.table.rows)
        return self.whole

    def give(self, body: CommandBody, by: str = COMMANDER) -> None:
        """Somebody gives an order; it is on the topic at once and handled when its turn comes."""
        self.commands.append(builders.command(body, by, at=self.world.now, id=f"cmd-{next(self.numbers)}"))

    def tick(self) -> None:
        if is_due(self.incident, self.world.now):
            self.give(Tick(), by="clock")

    def handle_command(self, *, dies: bool = False) -> None:
        """The desk's next command; where the worker dies before the commit, nothing has happened."""
        if self.commands_done >= len(self.commands):
            return
        run_name, past = self.worker.name, Past(self.table)
        register, tables = lambda: self.register, (self.table, past)
        needs = incident_agent.Needs(LIVE, run_name, self.clock, register, kept, *tables, not_recalled)
        facts = run(incident_agent.handle(self.commands[self.commands_done], needs))
        staged, self.table.staged = self.table.staged, None
        rows, self.table.staged_rows = self.table.staged_rows, {}
        if dies:
            self.facts += [] if self.facts_with_offset else facts
            self.kill()
            return
        self.table.committed = staged or self.table.committed
        self.table.rows.update(rows)
        self.whole = None
        self.facts += facts
        self.commands_done += 1

    def handle_fact(self, *, dies: bool = False, steps_before: int = 0) -> None:
        """The publishing agent's next fact; the works it starts may be under way before the commit."""
        if self.facts_done >= len(self.facts):
            return
        fact, worker = self.facts[self.facts_done], self.worker
        needs = self.sending(worker)
        commands = run(self.publish(fact, needs))
        for _ in range(steps_before):
            self.step_a_work(worker)
        if dies:
            self.kill()
            return
        self.commands += commands
        self.facts_done += 1

    def sending(self, worker: Worker) -> publishing.Needs:
        """What a worker's publishing agent needs."""
        return publishing.Needs(worker.name, self.clock, lambda: self.register, self.channels, worker, worker.memory)

    def step_a_work(self, worker: Worker, *, put_fails: bool = False) -> None:
        """One background work goes on to its next await; one that had finished puts its commands."""
        if not worker.works:
            return
        key = self.rng.choice([*worker.works])
        step = worker.works[key]
        if step.result is None:
            step.advance()
        else:
            self.commands += [] if put_fails else step.result
            del worker.works[key]

    def kill(self) -> None:
        """Memory and whatever was not committed are gone; a new run takes over."""
        self.worker.vanish()
        self.worker = self._born()

    def pause(self) -> None:
        """The worker sleeps; another takes its place, and fences it off from the topics."""
        self.worker.memory.as_paused = self.table.committed
        self.zombies.append(self.worker)
        self.worker = self._born()

    def settle(self) -> None:
        """No more faults: time passes until nothing waits; a person resolves what only a person can."""
        self.world.trouble = 0.0
        for _ in range(ROUNDS_MAX):
            busy = self._drain()
            self.tick()
            if busy or self.commands_done < len(self.commands):
                continue
            if self.goes_on():
                continue
            looked = self.rng.random() < 0.3 and self._somebody_looks()
            if not looked and not self._time_passes() and not self._somebody_looks():
                return
        raise NeverSettles(f"after {ROUNDS_MAX} rounds: {len(self.facts)} facts")

    def _drain(self) -> bool:
        busy = self.commands_done < len(self.commands) or self.facts_done < len(self.facts)
        self.handle_command()
        self.handle_fact()
        for worker in (self.worker, *self.zombies):
            busy = busy or bool(worker.works)
            self.step_a_work(worker)
        if any(step.deadline for worker in (self.worker, *self.zombies) for step in worker.works.values()):
            self.world.now += timedelta(seconds=0.2)
        return busy

    def _time_passes(self) -> bool:
        """On to the next moment at which something falls due."""
        due = [one.due_at for one in self.incident.deliveries.values() if one.due_at]
        if due:
            self.world.now = max(self.world.now, min(due)) + timedelta(seconds=3)
        return bool(due)

    def _somebody_looks(self) -> bool:
        stuck = [one for one in self.incident.deliveries.values() if one.state is DeliveryState.UNKNOWN]
        for delivery in stuck:
            self.give(self.look(delivery), by=OFFICER)
        return bool(stuck)

    def goes_on(self) -> bool:
        """After a freeze somebody resumes, and then releases or cancels what is held; whether there was anything."""
        stops = self.incident.stops
        if stops.frozen:
            self.give(Resume(reason="go on"), by=OFFICER)
            return True
        held = [self.incident.deliveries[name] for name in stops.held]
        open_still = [one for one in held if stop_orders.waits(self.incident, one) and one.state not in SETTLED]
        for one in open_still:
            cancel = CancelRelease(message_id=one.message_id, reason="too late")
            self.give(ReleaseHeld(delivery_id=one.id) if self.rng.random() < 0.5 else cancel, by=OFFICER)
        return bool(open_still)

    def look(self, delivery: Delivery) -> ResolveDelivery:
        """What a person orders who looks at the channel at this moment."""
        self.world.lands()
        public = self.world.shows(delivery.id) > 0
        return ResolveDelivery(
            delivery_id=delivery.id, attempt=delivery.attempt, public=public, evidence="looked at the channel"
        )

    def strike(self, what: str) -> bool:
        """Whether trouble comes now; notes it, and at which stages of publishing it struck."""
        if not self.world.chance(1):
            return False
        self.world.met += [f"{what} {stage}" for stage in {step.stage for step in self.worker.works.values()}]
        return True

    def _born(self) -> Worker:
        return Worker(f"run-{next(self.numbers)}", self.world, Memory(self.table))
