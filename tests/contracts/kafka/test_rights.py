"""A cluster that admits only known users, over TLS; each may do what the table of rights says and no more."""

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.entrypoints.cli.main import main
from agents.runtime.cluster.rights import AUDITOR, DOOR, FEED, ROLES, Role, principal_of
from agents.runtime.cluster.topics import planned
from agents.runtime.door.door import Door, facts_of
from agents.runtime.door.tables import SUBJECTS, changelog
from agents.runtime.worker.worker import Setup, Worker
from infra.doors import DoorLog, door_of
from infra.kafka_log import KafkaLog, KafkaLogSettings, settings_of, urls_of
from infra.kafka_log.operator.admin import KafkaAdmin
from infra.kafka_log.operator.plan import TopicChanges
from infra.kafka_log.operator.survey import FoundTopic
from infra.log import Draft, LogError, LogUnusable, Partition
from streams.decisions.listening.surge import INCIDENT_RULE
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.words.posts import Mention
from tests import builders
from tests.cluster import Cluster
from tests.contracts.kafka.ground import started
from tests.contracts.kafka.guard import ADMIN, Locked

pytestmark = pytest.mark.slow

RAW = "exercise-7"
"""The mode whose topics the tests fill with records that mean nothing; `live` is kept for whole workers."""
MODES = ("live", RAW)
COMMANDS, FACTS, MENTIONS = (Partition(f"{RAW}.{name}", 0) for name in ("commands", "facts", "mentions"))


def user_of(role: Role, mode: str = RAW) -> str:
    return principal_of(role, mode).removeprefix("User:")


DRILL = user_of(DOOR, "training")
PATIENCE_SECONDS = 180.0


@dataclass
class Done:
    """How a command ended."""

    code: int
    said: str
    complained: str


@dataclass
class Place:
    """The guarded cluster, and the addresses by which its users come."""

    cluster: Cluster
    guard: Locked

    def url(self, user: str, *, password_of: str | None = None, more: str = "") -> str:
        who = f"user={user}&password_env={variable(password_of or user)}"
        return f"kafka://{self.cluster.address}?replication=1&insync=1&ca={self.guard.authority}&{who}{more}"

    def run(self, *arguments: str, user: str = ADMIN) -> Done:
        said, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as ended:
            main([*arguments, "--log", self.url(user)])
        return Done(int(ended.value.code or 0), said.getvalue(), complained.getvalue())

    @asynccontextmanager
    async def door(self, role: Role) -> Any:
        log = door_of(self.url(user_of(role)), CONTROL_LANE.group(RAW))
        await log.open()
        try:
            yield log
        finally:
            await log.close()


def variable(user: str) -> str:
    return f"PASSWORD_OF_{user}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One guarded broker, with the topics and rights that the operator's own commands have made."""
    folder: Path = tmp_path_factory.mktemp("guarded")
    guards: list[Locked] = []

    def make() -> Cluster:
        guards.append(Locked(folder, [DRILL, *(user_of(role, mode) for role in ROLES for mode in MODES)]))
        return Cluster(1, guard=guards[0])

    with started(make) as cluster, pytest.MonkeyPatch.context() as environment:
        for user in guards[0].users:
            environment.setenv(variable(user), guards[0].password(user))
        place = Place(cluster, guards[0])
        for mode in MODES:
            made = place.run("topics", "apply", "--json", "--mode", mode)
            assert json.loads(made.said)["made"] == [spec.name for spec in planned(mode, place.url(ADMIN))]
            granted = place.run("topics", "rights", "--apply", "--mode", mode)
            assert granted.said.startswith("granted: ")
        yield place


def draft(partition: Partition) -> Draft:
    return Draft(partition, b"key", b"value", 0)


async def read(log: DoorLog, partition: Partition) -> list[bytes | None]:
    batches = await log.join("anybody").read({partition: 0}, records_max=10, wait_seconds=10.0)
    return [record.value for batch in batches.values() for record in batch.records]


def test_what_was_applied_needs_no_second_time(place: Place) -> None:
    assert "every topic is as planned" in place.run("topics", "apply", "--mode", RAW).said
    assert place.run("topics", "rights", "--apply", "--mode", RAW).said == "every right was granted before\n"


def test_topics_are_compared_made_and_mended_and_what_else_was_set_on_them_stays(place: Place) -> None:
    """Twice the same is once."""
    mode = ("--mode", "training", "--json")
    seen = json.loads(place.run("topics", "apply", "--dry-run", *mode).said)
    made = json.loads(place.run("topics", "apply", *mode).said)
    assert len(planned("training", place.url(ADMIN))) == len(seen["made"])
    assert made == {**seen, "dry_run": False}
    settings = settings_of(urls_of(place.url(ADMIN)), worker="test")

    async def change(configs: dict[str, str]) -> None:
        async with KafkaAdmin(settings) as admin:
            await admin.apply(TopicChanges(set={"training.facts": configs}))

    asyncio.run(change({"retention.ms": "1000", "segment.ms": "3600000"}))
    mended = json.loads(place.run("topics", "apply", *mode).said)
    assert mended["set"] == {"training.facts": {"retention.ms": "-1"}}
    assert json.loads(place.run("topics", "apply", *mode).said)["set"] == {}
    assert asyncio.run(found(settings, "training.facts")).own["segment.ms"] == "3600000"


async def found(settings: KafkaLogSettings, topic: str) -> FoundTopic:
    async with KafkaAdmin(settings) as admin:
        return (await admin.topics())[topic]


async def until_noted(door: Door) -> None:
    """Return once the desk has written down that the mentions surge."""
    while True:
        if "signal_noted" in {fact.body.kind for fact in facts_of(await door.fact_records())}:
            return
        await asyncio.sleep(0.05)


async def test_whole_workers_a_door_a_feed_and_an_auditor_need_no_more_than_their_rights(place: Place) -> None:
    """An incident, a surge of mentions of it, the signal before the commander, and the record read."""
    clock, register = ScaledClock(builders.NOW), builders.register()
    channels = {name: MemoryChannel("live", pretends_live=True) for name in register.channels}
    now = clock.now()
    ids = range(INCIDENT_RULE.people_min)
    posts = [Mention(id=f"m-{n}", mode="live", author_id=f"a-{n}", at=now, text="so loud #AshbyCrash") for n in ids]

    def url(role: Role) -> str:
        return place.url(user_of(role, "live"))

    async with AsyncExitStack() as running, asyncio.timeout(2 * PATIENCE_SECONDS):
        for role, lane in ((CONTROL_LANE.name, CONTROL_LANE), (MENTION_LANE.name, MENTION_LANE)):
            setup = Setup("live", url(role), clock, lambda: register, channels, lanes=[lane])
            await running.enter_async_context(Worker(setup))
        door = await running.enter_async_context(Door("live", url(DOOR)))
        (declared, *_) = await door.ask(builders.command(builders.declaration(), at=now))
        assert declared.body.kind == "incident_declared"
        async with Door("live", url(FEED)) as feed:
            await feed.put(posts)
        await until_noted(door)
        auditor = await running.enter_async_context(Door("live", url(AUDITOR)))
        assert await auditor.table_records()
        assert await auditor.dead_letters() == []


async def test_a_worker_takes_an_order_and_writes_its_fact(place: Place) -> None:
    """As on a cluster without a guard: in its group, in a transaction, with tables of its own."""
    log = KafkaLog(settings_of(urls_of(place.url(user_of(CONTROL_LANE.name))), worker="a"))
    assigned: asyncio.Queue[int] = asyncio.Queue()

    async def note(_: set[Partition], generation: int) -> None:
        assigned.put_nowait(generation)

    async def forget(_: set[Partition], generation: int) -> None:
        del generation

    async with place.door(DOOR) as door, asyncio.timeout(PATIENCE_SECONDS):
        await door.append([draft(COMMANDS)])
        await log.open()
        try:
            await log.create_topics([spec for spec in planned(RAW, place.url(ADMIN)) if "-mentions-" not in spec.name])
            member = log.join(CONTROL_LANE.group(RAW), on_revoked=forget, on_assigned=note, assign=lambda _: {COMMANDS})
            await member.subscribe([COMMANDS.topic])
            generation = await assigned.get()
            taken = await member.read({COMMANDS: 0}, records_max=1, wait_seconds=PATIENCE_SECONDS)
            table = Partition(changelog(RAW, SUBJECTS), 0)
            offset = taken[COMMANDS].next_offset
            await member.commit([draft(FACTS), draft(table)], {COMMANDS: offset}, generation)
            assert await door.worker_runs()
            assert await read(door, FACTS) == [b"value"]
        finally:
            await log.close()


async def test_a_door_gives_orders_and_writes_no_fact(place: Place) -> None:
    async with place.door(DOOR) as door:
        await door.append([draft(COMMANDS)])
        with pytest.raises(LogUnusable, match="its rights"):
            await door.append([draft(FACTS)])


async def test_a_feed_puts_mentions_down_and_reads_nothing(place: Place) -> None:
    async with place.door(FEED) as feed:
        await feed.append([draft(MENTIONS)])
        for topic in (COMMANDS, MENTIONS):
            with pytest.raises(LogError):
                await read(feed, topic)


async def test_an_auditor_reads_the_facts_and_writes_nothing(place: Place) -> None:
    async with place.door(AUDITOR) as auditor:
        await read(auditor, FACTS)
        for topic in (COMMANDS, FACTS):
            with pytest.raises(LogUnusable, match="its rights"):
                await auditor.append([draft(topic)])


def test_an_auditor_asks_the_doctor(place: Place) -> None:
    """It may look at the settings of topics and at the groups, and the answer names what is wrong: no worker runs."""
    done = place.run("doctor", "--json", "--mode", RAW, user=user_of(AUDITOR))
    findings = {one["about"]: one for one in json.loads(done.complained)["findings"]}
    assert (done.code, findings["topics"]["words"]) == (1, "every topic is as planned")
    assert {about: one["ok"] for about, one in findings.items() if about in {"log", "worker", "copies"}} == {
        "log": True,
        "worker": False,
        "copies": True,
    }


def test_the_user_of_a_drill_sees_nothing_live(place: Place) -> None:
    done = place.run("topics", "apply", "--dry-run", "--json", "--mode", RAW, user=DRILL)
    assert len(json.loads(done.said)["made"]) == len(planned(RAW, place.url(ADMIN)))
    assert place.run("topics", "apply", "--mode", RAW, user=DRILL).code == 1


async def enter(url: str) -> None:
    log = door_of(url, "anybody")
    try:
        await log.open()
    finally:
        await log.close()


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_either_mechanism_lets_in_who_knows_the_password(place: Place, mechanism: str) -> None:
    await enter(place.url(user_of(DOOR), more=f"&mechanism={mechanism}"))
    with pytest.raises(LogUnusable, match="does not let holdingline-exercise-7-door in: the password"):
        await enter(place.url(user_of(DOOR), password_of=ADMIN, more=f"&mechanism={mechanism}"))


async def test_a_broker_that_the_authority_did_not_sign_for_is_not_trusted(place: Place) -> None:
    """No password is sent to it."""
    door = user_of(DOOR)
    theirs = f"kafka://{place.cluster.address}?tls=yes&user={door}&password_env={variable(door)}"
    with pytest.raises(LogUnusable, match="is not to be trusted: self-signed certificate"):
        await enter(theirs)


async def test_whoever_speaks_without_encryption_gets_no_answer(place: Place) -> None:
    with pytest.raises(LogError):
        await enter(f"kafka://{place.cluster.address}")
