"""What is deleted leaves the disks: no file of a real broker has anything of a person when their time is over."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from agents.adapters.clocks import ScaledClock
from agents.adapters.registers import data_folder, load
from agents.runtime.door.door import Door
from agents.runtime.door.tables import ACCOUNTS_SHARED, CASE_POSTS, STORY_POSTS, changelog
from agents.runtime.worker.listening import case_posts
from agents.runtime.worker.worker import Setup, Worker
from infra.kafka_log import KafkaLog, KafkaLogSettings, settings_of, urls_of
from infra.kafka_log.operator.admin import KafkaAdmin
from infra.kafka_log.operator.plan import TopicChanges
from infra.log import Partition, TopicSpec
from streams.decisions.cases.retention import KEPT_AFTER
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.subjects.case import Case
from streams.topics import MENTION_COUNTS, MENTIONS
from streams.values import TRAINING
from streams.words.cases import CloseCase
from streams.words.listening.routes import CasePosts
from streams.words.orders import command
from streams.words.posts import Mention
from streams.words.register.changes import in_mode
from tests.builders import SUBJECT, declaration
from tests.cluster import Cluster, Guard
from tests.contracts.kafka.ground import started
from tests.contracts.log.grounds import PATIENCE_SECONDS, draft, fresh, join
from tests.examples import CHIEF, NOW
from tests.planting import MARK

SECONDS_MAX = 180
OVER = timedelta(days=31)

pytestmark = pytest.mark.slow


class Soon(Guard):
    """A broker that looks every second which records are too old; the default is five minutes."""

    def properties(self, *, port: int, controller_port: int) -> str:
        del port, controller_port
        return "log.retention.check.interval.ms=1000\nlog.initial.task.delay.ms=1000\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with started(lambda: Cluster(1, guard=Soon())) as cluster:
        yield cluster


def marks(cluster: Cluster) -> Mapping[str, set[str]]:
    """The marks in each topic's files, however they are called; those that are being deleted have gone already."""
    found = defaultdict[str, set[str]](set)
    for path in (cluster.brokers[0].folder / "data").glob("*-*/*.log"):
        try:
            said = path.read_bytes().decode("ascii", errors="replace")
        except FileNotFoundError:
            continue
        if there := {one[0] for one in MARK.finditer(said)}:
            found[path.parent.name.rpartition("-")[0]] |= there
    return found


async def until_gone(cluster: Cluster, *, but: Collection[str] = ()) -> None:
    """Return once no mark is on the disk, but in the files of these topics."""
    left = set[str]()
    for _ in range(SECONDS_MAX * 5):
        if not (left := {*marks(cluster)} - {*but}):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"there are marks in {left} after {SECONDS_MAX} seconds")


async def test_a_deletion_that_is_the_last_record_of_a_table_leaves_the_disk(cluster: Cluster) -> None:
    """Nothing is written behind it but the worker's own mark."""
    log = KafkaLog(
        KafkaLogSettings(bootstrap=(cluster.address,), replication_count=1, insync_count_min=1, segment_seconds=1.0)
    )
    await log.open()
    name, group, planted = fresh("table"), fresh("group"), "zq900001xq"
    await log.create_topics([TopicSpec(name, compacted=True)])
    table, (member, listener) = Partition(name, 0), join(log, group)
    await member.subscribe([name])
    _, generation = await asyncio.wait_for(listener.assigned(), PATIENCE_SECONDS)
    for value in (planted.encode(), None):
        await member.commit([draft(table, value, key=b"case")], {}, generation)
    assert planted in marks(cluster)[name]
    await until_gone(cluster)
    await log.close()


def planted(number: int) -> Mention:
    """A post that may be a case, with a mark of its own in all that names the post, its author and its words."""
    mark = [f"zq{910_000 + 10 * number + place}xq" for place in range(3)]
    text = f"{mark[2]} I will burn Ardudwy Vale Hospitals down"
    return Mention(id=mark[0], mode=TRAINING, author_id=f"{mark[1]}.example", at=NOW, text=text)


def said(number: int) -> Mention:
    """A post that stands for a story of the incident."""
    mark = [f"zq{920_000 + 10 * number + place}xq" for place in range(2)]
    text = f"#AshbyCrash the ward is shut because of smoke {number}"
    return Mention(id=mark[0], mode=TRAINING, author_id=f"{mark[1]}.example", at=NOW, text=text)


async def is_known_to_end(door: Door, case: Case) -> bool:
    """Whether the record of what is kept for a case says already that it ends after the retention."""
    kept = await door._heard(CASE_POSTS, case.id, model=TypeAdapter(CasePosts))
    return kept is not None and kept.kept_until == NOW + KEPT_AFTER


async def test_after_the_retention_of_a_case_no_file_of_the_broker_has_anything_of_its_people(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the tables, nor the posts themselves once their seven days are over."""
    monkeypatch.setattr(case_posts, "LOOK_SECONDS", 0.2)
    url = f"kafka://{cluster.address}?replication=1&insync=1&partitions=2&segment=1"
    register = in_mode(load(data_folder(), NOW), TRAINING).model_copy(update={"unsigned_orders": "allowed"})
    passed = [0.0]
    clock = ScaledClock(NOW, 1.0, elapsed=lambda: passed[0])
    tables = {changelog(TRAINING, name) for name in (CASE_POSTS, STORY_POSTS, ACCOUNTS_SHARED)}
    posts = {plan.named(TRAINING) for plan in (MENTIONS, MENTION_COUNTS)}

    def setup(lane: str) -> Setup:
        lanes = [one for one in (CONTROL_LANE, MENTION_LANE) if one.name == lane]
        return Setup(TRAINING, f"{url}&worker={lane}", clock, lambda: register, {}, tick_seconds=0.2, lanes=lanes)

    async with Worker(setup("control")), Worker(setup("mentions")) as worker, Door(TRAINING, url) as door:
        await door.ask(command(declaration(), cause=1, mode=TRAINING, subject=SUBJECT, at=NOW, by=CHIEF))
        await worker.put([*(planted(number) for number in range(4)), *(said(number) for number in range(8))])
        cases = list[Case]()
        async with asyncio.timeout(SECONDS_MAX):
            while len(cases) < 4 or not tables <= marks(cluster).keys():
                cases = list((await door.overview()).cases)
                await asyncio.sleep(0.2)
        assert marks(cluster).keys() == {*tables, *posts}
        assert all([await door.posts_of(case) for case in cases]), "whichever partition they are in"
        for case in cases:
            close = CloseCase(reason="The police have it.")
            await door.ask(command(close, cause=case.id, mode=TRAINING, subject=case.subject, at=NOW, by=CHIEF))
        # The lane notes within one look that a case is over; in a jump of a month the case could leave memory first.
        async with asyncio.timeout(SECONDS_MAX):
            for case in cases:
                while not await is_known_to_end(door, case):  # noqa: ASYNC110 - the lane looks when it does
                    await asyncio.sleep(0.2)
        passed[0] += OVER.total_seconds()
        # What is kept of authors and stories goes with any later post.
        later = [f"somebody-{number}" for number in range(20)]
        await worker.put(
            [Mention(id=one, mode=TRAINING, author_id=one, at=clock.now(), text="Of nothing") for one in later]
        )
        await until_gone(cluster, but=posts)
        async with KafkaAdmin(settings_of(urls_of(url), worker="test")) as admin:
            await admin.apply(TopicChanges(set={name: {"retention.ms": "1000"} for name in posts}))
        await until_gone(cluster)
