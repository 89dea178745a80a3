"""Seeded faults at every step of paging: no page is made twice, no step is jumped, every search comes to its end."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from agents import escalation, publishing
from streams.chain import faults
from streams.decisions.release import delivery_orders
from streams.decisions.sign_off.page_steps import due_at, is_due
from streams.record.search_audit import audit
from streams.words.facts import Fact
from streams.words.orders import Command, Tick
from streams.words.release import DraftLine, SignOff
from streams.words.sign_off import Call, Decline, PersonPaged, PersonTold, Search, SearchPaused
from streams.words.stops import Freeze, Resume
from tests import builders, searches
from tests.builders import COMMANDER, OFFICER, SIGNER, WRITER
from tests.scenarios import adversary
from tests.scenarios.simulation import EVERYWHERE, NeverSettles, Simulation, run
from tests.scenarios.world import World
from tests.searches import CHAIR

SEEDS_MIN = 300
BATCHES = 3
STEPS = 150
ROUNDS_MAX = 3_000
Escalation = Callable[[Fact, escalation.Needs], Awaitable[Sequence[Command]]]


class Broken(AssertionError):
    """A rule that never bends was bent."""


pytestmark = pytest.mark.usefixtures("networks")


@dataclass(frozen=True)
class WorldPager:
    """A way to reach people that survives every kill, and reaches them as often as it is asked to."""

    world: World
    reached: list[tuple[Call, int]]
    mode: str = builders.LIVE

    async def page(self, call: Call) -> str:
        async with self.world.troubled():
            self.reached.append((call, self.world.facts_committed()))
        return "reached"


class Asking(Simulation):
    """The desk and the escalation agent; people answer, pass on or are silent as the seed has it."""

    def __init__(self, seed: int, page: Escalation = escalation.handle) -> None:
        super().__init__(seed, trouble=(0.3, 1.0, 1.5, 0.0)[seed % 4])
        self.page = page
        self.reached: list[tuple[Call, int]] = []
        pager = WorldPager(self.world, self.reached)
        self.pagers: Mapping[str, WorldPager] = {"sms": pager, "email": pager}
        names = self.rng.sample([COMMANDER, OFFICER, CHAIR, SIGNER], self.rng.choice([1, 2, 4]))
        steps = tuple(
            searches.step(one, answer_within_seconds=self.rng.choice([30, 60, 300]), reminders=self.rng.randrange(4))
            for one in names
        )
        made = searches.chain if self.rng.random() < 0.5 else searches.delegating
        away = self.rng.sample(names, 1) if self.rng.random() < 0.3 else []
        templates = {"major-incident": builders.template(channels=EVERYWHERE)}
        told = searches.register(
            made(steps=steps, ordered=self.rng.random() < 0.5), away=away, rota=self.register.rota, templates=templates
        )
        few = {
            name: one.model_copy(update={"contacts": one.contacts[: self.rng.choice([1, 2])]})
            for name, one in told.people.items()
        }
        self.register = told.model_copy(update={"channels": self.register.channels, "people": few})

    def tick(self) -> None:
        super().tick()
        if is_due(self.incident, self.world.now, register=self.register) and not delivery_orders.is_due(
            self.incident, self.world.now
        ):
            self.give(Tick(), by="clock")

    def handle_fact(self, *, dies: bool = False, steps_before: int = 0) -> None:
        """Both agents that act on facts see it; what they start may be under way before the commit."""
        if self.facts_done >= len(self.facts):
            return
        fact, worker = self.facts[self.facts_done], self.worker
        asking = escalation.Needs(worker.name, self.clock, self.pagers, worker, worker.memory)
        commands = [*run(self.page(fact, asking)), *run(publishing.handle(fact, self.sending(worker)))]
        for _ in range(steps_before):
            self.step_a_work(worker)
        if dies:
            self.kill()
            return
        self.commands += commands
        self.facts_done += 1

    @property
    def open(self) -> list[Search]:
        return [one for one in self.incident.searches.values() if one.ended is None]

    def somebody_answers(self) -> None:
        """Somebody says yes, in their turn or not, or passes it on."""
        if not self.open or not self.incident.drafts:
            return
        search = self.rng.choice(self.open)
        by = self.rng.choice([*searches.people()])
        draft = self.incident.drafts.get(search.message_id or "")
        if draft and self.rng.random() < 0.3:
            self.give(SignOff(message_id=draft.id, content_hash=draft.content_hash), by=by)
        else:
            self.give(Decline(search_id=search.id, reason="not me"), by=by)

    def come_to_an_end(self) -> None:
        """No more faults, no freeze, and nobody answers: time alone brings every search to its end."""
        self.world.trouble = 0.0
        self.give(Resume(reason="it holds"), by=OFFICER)
        for _ in range(ROUNDS_MAX):
            busy = self._drain()
            self.tick()
            if busy or self.commands_done < len(self.commands):
                continue
            if not self.open:
                return
            self.world.now = max(self.world.now, min(moment for one in self.open if (moment := due_at(one))))
        raise NeverSettles(f"after {ROUNDS_MAX} rounds: {len(self.facts)} facts")


def harass(sim: Asking) -> None:
    """A night of orders, answers and trouble."""
    acts: list[Callable[[Asking], object]] = [
        *[adversary.command, adversary.fact, adversary.work] * 6,
        *[adversary.zombie, adversary.time, Asking.tick, Asking.somebody_answers] * 2,
        adversary.kill,
        adversary.pause,
        adversary.repeat_facts,
        adversary.repeat_commands,
        lambda one: one.give(line(one), by=WRITER),
        lambda one: one.give(one.rng.choice([Freeze, Resume])(reason="we look into it"), by=OFFICER),
        wait,
    ]
    sim.give(builders.declaration(), by=OFFICER)
    sim.give(line(sim), by=WRITER)
    for _ in range(STEPS):
        sim.rng.choice(acts)(sim)
        watch(sim)


def line(sim: Asking) -> DraftLine:
    promised = sim.world.now + timedelta(hours=3)
    words = f"The coach crash at Ashby Junction at 22:15, bulletin {len(sim.commands)}. Next word by {promised:%H:%M}."
    return builders.line(texts={"en": words}, channels=EVERYWHERE, next_update_at=promised, expires_at=promised)


def wait(sim: Asking) -> None:
    sim.world.now += timedelta(seconds=sim.rng.choice([5, 15, 90]))


def watch(sim: Asking) -> None:
    """At every step: no page is made twice, and none that was not claimed and committed before."""
    for key, times in Counter(call.key for call, _ in sim.reached).items():
        if times > 1:
            raise Broken(f"{key} was made {times} times")
    claimed = {one.body.call.key: one.sequence for one in sim.facts if isinstance(one.body, PersonPaged | PersonTold)}
    for call, committed in sim.reached:
        if claimed.get(call.key, committed + 1) > committed:
            raise Broken(f"{call.key} was made before it was claimed")


def judge(sim: Asking) -> None:
    """At the end: no step jumped, every search ended, and the record proves it."""
    watch(sim)
    found = [*audit(sim.facts), *faults([one.model_dump(mode="json") for one in sim.facts])]
    if found or sim.open:
        raise Broken("; ".join([*found, *(f"{one.id} did not end" for one in sim.open)]))


def played(seed: int, page: Escalation = escalation.handle) -> Asking:
    sim = Asking(seed, page)
    harass(sim)
    sim.come_to_an_end()
    judge(sim)
    return sim


def faulty(seeds: Sequence[int], page: Escalation = escalation.handle) -> list[str]:
    """What was found, with the seed that plays it again: `played(seed)`."""
    found = []
    for seed in seeds:
        try:
            played(seed, page)
        except (Broken, NeverSettles) as broken:
            found.append(f"seed {seed}: {broken}")
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_strikes_no_page_is_made_twice_and_no_step_is_jumped(batch: int, pytestconfig: pytest.Config) -> None:
    """For every seed: each page at most once and only after its claim, each step in its order, each search ended."""
    seeds = max(SEEDS_MIN, int(pytestconfig.getoption("--seeds")))
    assert faulty(range(batch, seeds, BATCHES)) == []


def test_every_end_and_every_reason_to_go_on_is_met() -> None:
    """The night is hard enough: pages fail, hang and are lost; people are silent, decline, are away, say yes."""
    met: Counter[str] = Counter()
    for seed in range(60):
        for fact in played(seed).facts:
            met[fact.body.kind] += isinstance(fact.body, SearchPaused)
            met.update(str(getattr(fact.body, name)) for name in ("outcome", "why") if hasattr(fact.body, name))
    wanted = {"sent", "failed", "unknown", "silent", "declined", "away", "unreachable"}
    assert met["search_paused"]
    assert wanted | {"answered", "delegated", "nobody"} <= set(met)


async def pages_whatever_was_claimed(fact: Fact, needs: escalation.Needs) -> Sequence[Command]:
    """Broken: a page that another run has claimed is made from here as well."""
    if isinstance(fact.body, PersonPaged):
        return await escalation.handle(fact, replace(needs, run=fact.body.run))
    return await escalation.handle(fact, needs)


def test_an_agent_that_makes_the_pages_of_another_run_is_found() -> None:
    """The suite would see it."""
    assert any("was made 2 times" in one for one in faulty(range(60), pages_whatever_was_claimed))
