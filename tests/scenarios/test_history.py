"""What the benchmarks write straight to a log is what a worker would have left there."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from agents.runtime.door.door import Door
from agents.runtime.door.tables import PAST
from agents.runtime.record.verify import verify
from agents.runtime.views.tables import Overview
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.history import subject_of, write
from infra.doors import door_of
from infra.log import Partition
from streams.lanes import CONTROL_LANE
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.topics import FACTS
from streams.values import Subject
from streams.words.delivery import DeliveryState
from streams.words.facts import Fact
from streams.words.incident import Report, StandDown
from tests import builders
from tests.scenarios.worker_bench import PATIENCE_SECONDS

EACH = 20
"""How many facts each incident has."""
SUBJECTS = [subject_of(number) for number in range(3)]


async def faults(door: Door) -> Sequence[str]:
    """What `holdingline log verify` finds."""
    tables = [*await door.table_records(), *await door.table_records(PAST)]
    return verify(await door.fact_records(), tables)


async def settled(door: Door, subject: Subject) -> None:
    """Wait until every channel has confirmed every message."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            state = await door.state(subject)
            if isinstance(state, Incident) and all(
                one.state is DeliveryState.CONFIRMED for one in state.deliveries.values()
            ):
                return
            await asyncio.sleep(0.02)


async def play(ground: Ground, door: Door) -> None:
    """Give a worker the orders of the same history, one after another: two incidents, of which the first is over."""
    for subject in SUBJECTS[:2]:
        await door.ask(ground.command(builders.declaration(name=subject.id), incident=subject.id))
        await door.ask(ground.release(subject.id))
        await settled(door, subject)
        while len(await door.facts_about(subject)) < EACH - (subject == SUBJECTS[0]):
            await door.ask(ground.command(Report(methane=builders.methane()), incident=subject.id))
    over = StandDown(reason="All patients are cared for.")
    await door.ask(ground.command(over, incident=SUBJECTS[0].id))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while SUBJECTS[0].id in await door.incidents():  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0.05)


async def read(ground: Ground) -> tuple[Mapping[Subject, object], object]:
    """How often what happened to each incident, and what `holdingline status` says, of a log without a fault."""
    async with Door(ground.mode, ground.url) as door:
        assert await faults(door) == []
        shapes = {subject: _shape(await door.facts_about(subject)) for subject in SUBJECTS[:2]}
        return shapes, picture(await door.overview(), await door.state(SUBJECTS[0]))


def _shape(facts: Sequence[Fact]) -> tuple[Counter[str], Counter[tuple[str, bool]]]:
    """What happened how often, by whom, and which fields those facts fill."""
    kinds = Counter(f"{fact.body.kind} by {fact.by}" for fact in facts)
    filled = Counter((name, value is not None) for fact in facts for name, value in fact)
    return kinds, filled


def picture(seen: Overview, ended: State | None) -> object:
    """What `holdingline status` says of both incidents, without hashes and times."""
    states = [*seen.incidents, *([ended] if ended else [])]
    told = [
        (one.id, one.status, one.sequence, one.reported, len(one.messages))
        for one in states
        if isinstance(one, Incident)
    ]
    return seen.ended, told


async def test_a_written_history_is_one_that_a_worker_would_have_left() -> None:
    """The same kinds of facts with the same fields, the same picture, and a record without a fault."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        async with ground.worker(CONTROL_LANE, ended_kept=timedelta(0)), Door(ground.mode, ground.url) as door:
            await play(ground, door)
        served, seen = await read(ground)
    async with fresh(Kind.EMBEDDED, "") as ground:
        assert await write(ground, facts=2 * EACH, facts_each=EACH) == 1
        assert await read(ground) == (served, seen)


async def test_a_worker_goes_on_after_a_written_history() -> None:
    """It handles none of those facts again, knows what is over, and judges the next order of what is not."""
    async with fresh(Kind.EMBEDDED, "") as ground:
        assert await write(ground, facts=300, facts_each=100) == 2
        where, group = Partition(FACTS.named(ground.mode), 0), CONTROL_LANE.group(ground.mode)
        async with door_of(ground.url, group) as log:
            assert await log.committed(group, [where]) == await log.ends([where])
        async with ground.worker(CONTROL_LANE) as worker, Door(ground.mode, ground.url) as door:
            before = await door.records(FACTS)
            assert len(before) == 300
            assert set(await worker.incidents.all()) == {SUBJECTS[2].id}
            over = StandDown(reason="All patients are cared for.")
            (answer,) = await door.ask(ground.command(over, incident=SUBJECTS[2].id))
            assert answer.body.kind == "incident_stood_down"
            assert len(await door.records(FACTS)) == len(before) + 1
            assert await faults(door) == []
            ended = await door.state(SUBJECTS[0])
            assert isinstance(ended, Incident)
            assert ended.sequence == 100
