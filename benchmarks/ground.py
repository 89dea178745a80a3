"""The grounds that are measured: an address, and on it a mode of its own for each run, so that nothing is left over."""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import count
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from aiokafka.admin import AIOKafkaAdminClient

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.ports import Channel
from agents.runtime.door.door import Door
from agents.runtime.door.lanes import log_of_lane, topics_on
from agents.runtime.door.tables import topic_specs
from agents.runtime.worker.worker import Setup, Worker
from infra.addresses import spread_of
from infra.driver import create_app
from infra.log import Draft, Log, Partition
from infra.placement import partition_number
from streams.codec import encode
from streams.lanes import CONTROL_LANE, MENTION_LANE, Lane
from streams.subjects.past import ENDED_KEPT
from streams.topics import MENTIONS
from streams.values import Subject
from streams.words.delivery import Dispatch, Receipt
from streams.words.orders import Command, CommandBody
from streams.words.posts import Mention
from streams.words.register.entries import Register
from tests import builders
from tests.cluster import Cluster

KAFKA_ADDRESS = "HOLDINGLINE_KAFKA"
BATCH = 2_000
UPDATE_IN = timedelta(minutes=50)
_numbers = count(1)


class Kind(StrEnum):
    """The two grounds."""

    EMBEDDED = "embedded"
    KAFKA = "kafka"


class Telling(MemoryChannel):
    """A channel in memory that tells when it is asked."""

    def __init__(self, mode: str, told: Callable[[Dispatch], None]) -> None:
        super().__init__(mode)
        self._told = told

    async def publish(self, dispatch: Dispatch) -> Receipt:
        self._told(dispatch)
        return await super().publish(dispatch)


@dataclass(frozen=True, slots=True)
class Ground:
    """An address, a mode that no worker has served on it yet, and when it was made, in seconds of `monotonic`."""

    kind: Kind
    url: str
    mode: str
    made: float = field(default_factory=monotonic)

    @property
    def clock(self) -> ScaledClock:
        """Real seconds, the same in every process, in the night for which the register has somebody on call."""
        return ScaledClock(builders.NOW + timedelta(seconds=monotonic() - self.made))

    @property
    def mentions(self) -> Partition:
        """Where mentions lie."""
        return Partition(MENTIONS.named(self.mode), 0)

    @property
    def bootstrap(self) -> Sequence[str]:
        """Host and port of every broker."""
        return self.url.removeprefix("kafka://").partition("?")[0].split(",")

    @property
    def copies(self) -> int:
        """On how many brokers each record lies."""
        return int(parse_qs(self.url.partition("?")[2])["replication"][0])

    def worker(
        self,
        lane: Lane,
        *,
        name: str = "0",
        channels: Mapping[str, Channel] | None = None,
        ended_kept: timedelta = ENDED_KEPT,
        register: Register | None = None,
    ) -> Worker:
        """A worker of one lane on a quiet register; on Kafka `name` tells it from others of its lane."""
        told = register or builders.register()
        url = f"{self.url}&worker={name}" if self.kind is Kind.KAFKA else self.url
        spoken = channels or self.channels()
        return Worker(Setup(self.mode, url, self.clock, lambda: told, spoken, ended_kept=ended_kept, lanes=[lane]))

    def channels(self, told: Callable[[Dispatch], None] = lambda _: None) -> Mapping[str, Channel]:
        """Every channel of the register, in memory; each tells when it is asked."""
        return {name: Telling(self.mode, told) for name in builders.register().channels}

    def command(self, body: CommandBody, incident: str = builders.INCIDENT) -> Command:
        """An order of the commander, given now."""
        return builders.command(body, mode=self.mode, at=self.clock.now(), subject=Subject.incident(incident))

    def release(self, incident: str) -> Command:
        """The order that puts the holding message on every channel."""
        return self.command(builders.holding(next_update_at=self.clock.now() + UPDATE_IN), incident=incident)

    def declaration(self) -> Command:
        """The order that declares an incident of its own: what was said on one is repeated in its table."""
        number = next(_numbers)
        body = builders.declaration(name=f"Other {number}", hashtags=(f"#Other{number}",))
        return self.command(body, incident=f"incident-{number}")

    async def declare(self) -> None:
        """Have the incident declared, and its control lane ended again."""
        async with self.worker(CONTROL_LANE), Door(self.mode, self.url) as door:
            await door.ask(self.command(builders.declaration()))

    @asynccontextmanager
    async def log(self, lane: Lane = MENTION_LANE) -> AsyncIterator[Log]:
        """The log of a lane with its topics, without Faust."""
        app: Any = create_app(lane.group(self.mode), log_of_lane(self.url, lane))
        log: Log = app.transport.new_log(app.transport.url[0])
        try:
            await log.open()
            await log.create_topics(topic_specs(self.mode, topics_on(self.url, lane), spread=spread_of(self.url)))
            yield log
        finally:
            await log.close()

    async def fill(self, events: int) -> None:
        """Put so many mentions on the log, before any worker reads it."""
        async with self.log() as log:
            for _ in range(0, events, BATCH):
                await log.append(self.posts(BATCH))

    def posts(self, posts_count: int) -> Sequence[Draft]:
        """Posts of a thousand authors; every third speaks of the incident."""
        written_ms = time.time_ns() // 1_000_000
        return [self._post(number, written_ms) for number in range(posts_count)]

    def _post(self, number: int, written_ms: int) -> Draft:
        about = "#AshbyCrash" if number % 3 == 0 else "nothing of ours"
        author, text = f"author-{number % 997}", f"so loud near the station today, what happened {number}? {about}"
        post = Mention(id=f"m-{number}", mode=self.mode, author_id=author, at=self.clock.now(), text=text)
        where = Partition(self.mentions.topic, partition_number(author.encode(), spread_of(self.url)))
        return Draft(where, author.encode(), encode(post), written_ms)


@contextmanager
def addresses(kinds: Sequence[Kind]) -> Iterator[Mapping[Kind, str]]:
    """Where each ground is; for Kafka the cluster that the environment names, else three brokers of this run."""
    found: dict[Kind, str] = {one: "" for one in kinds if one is not Kind.KAFKA}
    if Kind.KAFKA not in kinds:
        yield found
    elif named := os.environ.get(KAFKA_ADDRESS):
        yield {**found, Kind.KAFKA: _kafka(named)}
    else:
        with Cluster(3) as cluster:
            yield {**found, Kind.KAFKA: _kafka(cluster.address)}


def _kafka(address: str) -> str:
    """Three copies of everything, or as many as the named brokers can hold; one partition, as the baselines have."""
    copies = min(3, address.count(",") + 1)
    return f"kafka://{address}?replication={copies}&insync={min(2, copies)}&partitions=1"


@asynccontextmanager
async def fresh(kind: Kind, url: str) -> AsyncIterator[Ground]:
    """A ground on which nothing has happened; what happened on it is removed at the end."""
    mode = f"exercise-bench-{os.getpid()}-{next(_numbers)}"
    if kind is Kind.EMBEDDED:
        with TemporaryDirectory() as folder:
            yield Ground(kind, f"sqlite:///{folder}/log.db", mode)
        return
    ground = Ground(kind, url, mode)
    try:
        yield ground
    finally:
        await _remove_topics(ground)


async def _remove_topics(ground: Ground) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=ground.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([name for name in await admin.list_topics() if ground.mode in name])
    finally:
        await admin.close()
