"""Two lanes: apart they do together what one worker does, and whatever becomes of the mentions, orders are answered."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from yarl import URL

from agents.adapters.clocks import ScaledClock, SystemClock
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.door.door import Door
from agents.runtime.door.lanes import Across
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.worker.worker import Setup, Worker
from infra.sqlite_log import backup
from streams.codec import decode
from streams.decisions.listening.surge import INCIDENT_RULE, minute_of
from streams.lanes import CONTROL_LANE, LANES, MENTION_LANE, Lane
from streams.topics import MENTIONS, SIGNALS, Event
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests import builders
from tests.grounds import on_a_cluster
from tests.scenarios.chaos_worker import Phase, Serving
from tests.scenarios.kill_bench import Service, service, wait_until
from tests.scenarios.test_kill import opening
from tests.scenarios.worker_bench import PATIENCE_SECONDS

WAYS: list[list[tuple[Lane, ...]]] = [[LANES], [(CONTROL_LANE,), (MENTION_LANE,)]]
"""The lanes of each worker: all in one, or one in each."""


def posts(count: int, text: str, clock: ScaledClock | SystemClock) -> list[Event]:
    now = clock.now()
    return [Mention(id=f"m-{n}", mode="live", author_id=f"a-{n}", at=now, text=text) for n in range(count)]


async def facts_when(door: Door, kind: str) -> Sequence[Fact]:
    """The facts of an incident once there is one of this kind."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = [fact for one in await door.fact_records() for fact in [Fact.model_validate_json(one.value or b"")]]
            if kind in {fact.body.kind for fact in found}:
                return found
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("workers_lanes", WAYS, ids=["together", "apart"])
async def test_apart_the_lanes_do_what_one_worker_does(workers_lanes: list[tuple[Lane, ...]], log_url: str) -> None:
    """An incident, a surge of mentions of it, and the signal before the commander."""
    clock, register = ScaledClock(builders.NOW), builders.register()
    channels = {name: MemoryChannel("live", pretends_live=True) for name in register.channels}
    async with AsyncExitStack() as running:
        workers = [
            await running.enter_async_context(
                Worker(Setup("live", log_url, clock, lambda: register, channels, lanes=lanes))
            )
            for lanes in workers_lanes
        ]
        door = await running.enter_async_context(Door("live", log_url))
        await door.ask(builders.command(builders.declaration(), at=clock.now()))
        await workers[-1].put(posts(INCIDENT_RULE.people_min, "so loud #AshbyCrash", clock))
        facts = await facts_when(door, "signal_noted")
        counts = workers[-1].counts.get(builders.INCIDENT)
    assert [fact.body.kind for fact in facts] == ["incident_declared", "signal_noted"]
    assert counts is not None
    assert counts.total == INCIDENT_RULE.people_min


async def test_a_door_finds_the_log_of_each_topic(log_url: str) -> None:
    """A mention goes to the mention lane's log, its dead letter is found there, an order goes to the other."""
    clock, register = ScaledClock(builders.NOW), builders.register()
    async with AsyncExitStack() as running:
        for lane in (CONTROL_LANE, MENTION_LANE):
            await running.enter_async_context(Worker(Setup("live", log_url, clock, lambda: register, {}, lanes=[lane])))
        door = await running.enter_async_context(Door("live", log_url))
        drill = Mention(id="m-1", mode=builders.DRILL, author_id="a", at=clock.now(), text="words")
        await door.put([drill, builders.command(builders.declaration(), at=clock.now())])
        await facts_when(door, "incident_declared")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (letters := await door.dead_letters()):  # noqa: ASYNC110 - the lane takes it when it does
                await asyncio.sleep(0.05)
    assert [one.letter.topic for one in letters] == [MENTIONS.named("live")]


async def test_an_order_that_crosses_twice_is_answered_once(tmp_path: Path) -> None:
    """As when a mention lane is killed before its commit: it does it again, later, with more posts before it."""
    log_url, log, before = f"sqlite:////{tmp_path}/log.db", tmp_path / "log.db-mentions", tmp_path / "before"
    first, later = ScaledClock(builders.NOW), ScaledClock(builders.NOW + timedelta(minutes=3))
    control, *counting = [
        Worker(Setup("live", log_url, clock, builders.register, {}, lanes=[lane]))
        for lane, clock in [(CONTROL_LANE, later), *[(MENTION_LANE, one) for one in (first, first, later)]]
    ]
    async with control, Door("live", log_url) as door:
        await door.ask(builders.command(builders.declaration()))
        async with counting[0]:
            pass
        await put(log_url, posts(INCIDENT_RULE.people_min, "so loud #AshbyCrash", later))
        await asyncio.to_thread(backup, log, before)
        async with counting[1]:
            await facts_when(door, "signal_noted")
        await asyncio.to_thread(backup, before, log)
        await put(log_url, posts(5, "still loud #AshbyCrash", later))
        async with counting[2]:
            assert [one.minute for one in await signalled(log_url)] == [minute_of(later.now())]
        await door.ask(builders.command(builders.holding()))
        facts = await facts_when(door, "message_authorised")
    assert [fact.body.kind for fact in facts].count("signal_noted") == 1


async def put(log_url: str, messages: Sequence[Event]) -> None:
    async with Door("live", log_url) as door:
        await door.put(messages)


@pytest.fixture
def cluster_url(kafka: str) -> Iterator[str]:
    with on_a_cluster(kafka) as url:
        yield url


@pytest.mark.parametrize(
    "lanes", [(CONTROL_LANE, MENTION_LANE), (MENTION_LANE, CONTROL_LANE)], ids=["control first", "mentions first"]
)
async def test_on_a_cluster_each_lane_has_a_group_of_its_own(cluster_url: str, lanes: Sequence[Lane]) -> None:
    """Neither holds a partition of the other's topics: else one that hangs would hold up what the other waits for."""
    clock, register = ScaledClock(builders.NOW), builders.register()
    async with AsyncExitStack() as running:
        for lane in lanes:
            await running.enter_async_context(
                Worker(Setup("live", cluster_url, clock, lambda: register, {}, lanes=[lane]))
            )
        door = await running.enter_async_context(Door("live", cluster_url))
        await door.ask(builders.command(builders.declaration(), at=clock.now()))
        await door.put(posts(INCIDENT_RULE.people_min, "so loud #AshbyCrash", clock))
        await facts_when(door, "signal_noted")
    assert await committed(cluster_url, CONTROL_LANE) == {"live.commands", "live.facts"}
    assert await committed(cluster_url, MENTION_LANE) == {"live.mentions", "live.mention-counts"}


async def committed(log_url: str, lane: Lane) -> set[str]:
    """The topics on which this lane's group has got on, as the cluster knows."""
    admin = AIOKafkaAdminClient(bootstrap_servers=URL(log_url).authority)
    await admin.start()
    try:
        return {partition.topic for partition in await admin.list_consumer_group_offsets(lane.group("live"))}
    finally:
        await admin.close()


@pytest.mark.kill
@pytest.mark.slow
async def test_two_processes_with_a_lane_each_need_nothing_of_each_other(log_url: str, tmp_path: Path) -> None:
    """Whichever is stopped, the other goes on; what it leaves for the first is there when that is back."""
    with service(tmp_path, log_url) as on:
        control, mentions = [
            on.worker(f"{lane.name}.log", "--lane", lane.name, log_url=log_url) for lane in (CONTROL_LANE, MENTION_LANE)
        ]
        await started(control, mentions)
        declare, release = [one for one in opening(1) if isinstance(one, Command)]
        async with Door("live", log_url) as door:
            await door.ask(declare)
            assert await asyncio.to_thread(mentions.stop) == 0
            await door.put(posts(2_000, "smoke everywhere #FireWard1", SystemClock()))
            assert (await door.ask(release))[0].body.kind == "message_authorised"
            assert await asyncio.to_thread(control.stop) == 0
            await started(mentions)
            assert [signal.incident_id for signal in await signalled(log_url)] == [declare.subject.id]
            await started(control)
            await facts_when(door, "signal_noted")
        assert [await asyncio.to_thread(one.stop) for one in (mentions, control)] == [0, 0]


async def started(*workers: Serving) -> None:
    """Start these workers and wait until they serve."""
    for one in workers:
        one.start()
    for one in workers:
        await asyncio.to_thread(wait_until, partial(_serves, one), "it serves")


def _serves(worker: Serving) -> bool:
    return worker.phase is Phase.RUNNING


async def signalled(log_url: str) -> Sequence[Signal]:
    """The signals of the mention lane, once there is one."""
    across = Across("live", log_url, MENTION_LANE)
    await across.open()
    reader = TopicReader(lambda: across.log, SIGNALS.named("live"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (records := await reader.rest()):  # noqa: ASYNC110 - nothing tells a reader of one moment
            await asyncio.sleep(0.05)
    await across.close()
    return [decode(SIGNALS, record.value) for record in records]


def children(on: Service) -> list[int]:
    """The processes that were started beside the worker, oldest first."""
    lines = [json.loads(line) for line in (on.folder / "serve.log").read_text().splitlines() if line.startswith("{")]
    return [line["process"] for line in lines if line["event"] == "started beside"]


def lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return False


@pytest.mark.kill
@pytest.mark.slow
async def test_a_mention_lane_that_hangs_or_dies_holds_up_no_order(log_url: str, tmp_path: Path) -> None:
    """It is stopped dead with thousands of posts before it: orders are answered; killed, it is back and counts them."""
    with service(tmp_path, log_url) as on:
        on.start()
        await asyncio.to_thread(on.wait_until_ready)
        await asyncio.to_thread(
            wait_until, lambda: b"live-mentions" in (tmp_path / "serve.log").read_bytes(), "it runs"
        )
        (child,) = children(on)
        os.kill(child, signal.SIGSTOP)
        flood = posts(2_000, "smoke everywhere #FireWard1", SystemClock())
        async with Door("live", on.log_url) as door:
            declare, release = [one for one in opening(1) if isinstance(one, Command)]
            await door.put(flood)
            assert [fact.body.kind for fact in await door.ask(declare)] == ["incident_declared"]
            assert (await door.ask(release))[0].body.kind == "message_authorised"
            os.kill(child, signal.SIGKILL)
            await asyncio.to_thread(wait_until, lambda: len(children(on)) > 1, "it is started again")
            await facts_when(door, "signal_noted")
        assert await asyncio.to_thread(on.stop) == 0
        assert not any(lives(process) for process in children(on))


@pytest.mark.kill
@pytest.mark.slow
async def test_a_mention_lane_ends_with_its_parent(log_url: str, tmp_path: Path) -> None:
    """Else it would hold its place against the lane of the worker's next life."""
    with service(tmp_path, log_url) as on:
        on.start()
        await asyncio.to_thread(wait_until, lambda: bool(children(on)), "the mention lane is started")
        on.kill()
        (child,) = children(on)
        await asyncio.to_thread(wait_until, lambda: not lives(child), "it is gone")
