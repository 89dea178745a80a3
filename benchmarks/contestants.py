"""Who is compared on the mention lane, each in a process of its own.

`python -m benchmarks.contestants <ground> <who> <events>`
All read the same mentions, decode, validate, match them to the incident and count by minute.
A contestant says how many mentions it handled in a second of its processor time, and of the clock's.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.types import TP, StreamT

from agents.entrypoints.garbage import look_seldom
from agents.listening.listed_authors import InfluenceTables
from agents.listening.opened_cases import CaseTables
from agents.listening.told_stories import StoryTables
from agents.listening.used_tags import TagTables
from agents.mentions import DayKey, Needs, handle, handle_counts
from agents.runtime.door.dead_letters import receive
from agents.runtime.door.lanes import log_of_lane
from agents.runtime.worker.worker import Worker
from benchmarks.ground import BATCH, Ground, Kind
from benchmarks.processes import told_ground
from benchmarks.quiet import silence
from benchmarks.watch import Watch
from infra.driver import RawSchema, create_app
from infra.log import Partition, Record
from streams.decisions.listening.keep import UNMATCHED
from streams.decisions.listening.matcher import matcher
from streams.decisions.listening.routes.gathering import RoutesHeard
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import Counts
from streams.decisions.listening.tags.heard import TagsHeard, TagsUsual
from streams.decisions.listening.wordings import WordingShelf
from streams.lanes import MENTION_LANE
from streams.topics import MENTIONS
from streams.words.listening.routes import CasePosts
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryStore

LOOK_SECONDS = 0.02
NIGHT = builders.declared()


def position(worker: Worker, ground: Ground) -> int:
    """How many mentions were handled and committed since the worker started."""
    return int(worker.app.monitor.tp_committed_offsets.get(TP(*ground.mentions), 0))


def handled(worker: Worker) -> int:
    """How many mentions are in its table, committed or not."""
    found = [worker.counts.get(incident) for incident in worker.counts.keys()]  # noqa: SIM118 - a store is no dict
    return sum(one.total for one in found if one)


async def lane(ground: Ground, events: int, watch: Watch) -> None:
    """Ours, as it is served, with every commit."""
    async with ground.worker(MENTION_LANE) as worker:
        watch.note(handled(worker))
        while position(worker, ground) < events or handled(worker) < events:  # noqa: ASYNC110 - a commit tells nobody
            await asyncio.sleep(LOOK_SECONDS)
        watch.note(events)
        watch.say()


async def bare(ground: Ground, events: int, watch: Watch) -> None:
    """A loop that reads, decodes, validates, matches and counts: no Faust, no table to rebuild, no commit."""
    register, incidents = builders.register(), MemoryIncidents((NIGHT,))
    counts, keys = MemoryStore[Counts](), MemoryStore[DayKey]()
    told = StoryTables(MemoryStore[StoriesKept](), MemoryStore[WordingShelf](), MemoryStore[StoryPosts]())
    key = bytes(32)
    needs = Needs(
        mode=ground.mode,
        clock=ground.clock,
        incidents=incidents,
        counts=counts,
        registers=lambda: register,
        keys=keys,
        new_key=lambda: key,
        told=told,
        cases=CaseTables(MemoryStore[RoutesHeard](), MemoryStore[CasePosts]()),
        tags=TagTables(MemoryStore[TagsHeard](), MemoryStore[TagsUsual]()),
        influence=InfluenceTables(MemoryStore(), MemoryStore(), MemoryStore()),
    )
    read = _read_kafka if ground.kind is Kind.KAFKA else _read_embedded
    done = 0

    async def count(records: Sequence[Any]) -> bool:
        nonlocal done
        posts = [receive(MENTIONS, key=one.key, value=one.value, mode=ground.mode) for one in records]
        await handle_counts(await handle(posts, needs), needs)
        done += len(records)
        watch.note(done)
        return done < events

    await read(ground, count)
    watch.say()


Count = Callable[[Sequence[Any]], Awaitable[bool]]
"""Takes records with a key and a value; false when it has had enough."""


async def _read_kafka(ground: Ground, count: Count) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=list(ground.bootstrap), isolation_level="read_committed", auto_offset_reset="earliest"
    )
    consumer.assign([TopicPartition(*ground.mentions)])
    await consumer.start()
    try:
        more = True
        while more:
            for records in (await consumer.getmany(timeout_ms=500, max_records=BATCH)).values():
                more = await count(records)
    finally:
        await consumer.stop()


async def _read_embedded(ground: Ground, count: Count) -> None:
    async with ground.log() as log:
        member = log.join("bare", on_revoked=_ignore, on_assigned=_ignore, assign=lambda _: set())
        at, more = 0, True
        while more:
            batches = await member.read({ground.mentions: at}, records_max=BATCH, wait_seconds=0.5)
            for batch in batches.values():
                at = batch.next_offset
                records: Sequence[Record] = batch.records
                more = await count(records)
        await member.leave()


async def _ignore(partitions: set[Partition], generation: int) -> None:
    """Nothing is ever assigned to a reader."""


async def plain(ground: Ground, events: int, watch: Watch) -> None:
    """Faust as its manual has it: an event at a time and a tumbling table; on Kafka with its own driver."""
    app: Any
    if ground.kind is Kind.KAFKA:
        brokers = ";".join(f"kafka://{one}" for one in ground.bootstrap)
        own: dict[str, Any] = {
            "autodiscover": False,
            "web_enabled": False,
            "topic_replication_factor": ground.copies,
            "topic_partitions": 1,
        }
        app = faust.App(f"plain-{ground.mode}", broker=brokers, store="memory://", **own)
    else:
        app = create_app("plain", log_of_lane(ground.url, MENTION_LANE))
    counts = faust.Table.using_window(app.Table("counts", default=int, partitions=1), faust.TumblingWindow(60.0))
    match, enough = matcher([NIGHT]), asyncio.Event()

    async def count(stream: StreamT[Any]) -> None:
        done = 0
        async for event in stream.events():
            mention = receive(MENTIONS, key=event.key, value=event.value, mode=ground.mode)
            for incident in match.incidents(mention.text) or (UNMATCHED,):
                counts[incident] += 1
            done += 1
            if done in {1, events}:
                watch.note(done)
            if done == events:
                enough.set()

    app.agent(app.topic(ground.mentions.topic, schema=RawSchema(), partitions=1), name="plain")(count)
    await app.start()
    await enough.wait()
    watch.say()
    await app.stop()


CONTESTANTS = {one.__name__: one for one in (lane, bare, plain)}


if __name__ == "__main__":
    *where, who, many = sys.argv[1:]
    told = told_ground(where)
    silence()
    look_seldom()  # As `serve` does; the others have the same.
    asyncio.run(CONTESTANTS[who](told, int(many), Watch()))
