"""Workers and brokers are killed and paused at random while incidents run on three brokers: nothing lost or doubled."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from agents.adapters.clocks import SystemClock
from streams.topics import Event
from streams.words.posts import Mention
from tests.cluster import Cluster
from tests.contracts.kafka.ground import started
from tests.scenarios.chaos import SESSION_SECONDS, Scene, awake, script
from tests.scenarios.chaos_judge import (
    Person,
    Watch,
    faults_in_counts,
    faults_in_incidents,
    faults_outside,
    is_settled,
    mentions_left,
    settled_in,
)
from tests.scenarios.chaos_network import Network
from tests.scenarios.kill_bench import service, take_many_posts
from tests.scenarios.test_kill import opening

INCIDENTS_PER_ROUND = 333
MESSAGES = 2
SITE_EVERY = 10
"""The site renders all that it shows at every message, so not every incident is on it."""

SURGE_EVERY, SURGE = 10, 25
TOGETHER = 3
STILL_SECONDS_MAX = 180.0
"""So long nothing may settle, however long it takes in all: a busy machine is slow, and not stuck."""
LOOK_SECONDS = 1.0


@pytest.fixture
def network(pytestconfig: pytest.Config) -> Network:
    return Network(int(pytestconfig.getoption("--chaos-seed")))


@pytest.fixture
def cluster(network: Network) -> Iterator[Cluster]:
    with started(lambda: Cluster(3, guard=network)) as cluster, network:
        yield cluster


@pytest.fixture
def scene(cluster: Cluster, network: Network, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Scene]:
    log_url = f"kafka://{network.address}?session={SESSION_SECONDS}"
    chance = Random(int(pytestconfig.getoption("--chaos-seed")))
    with service(tmp_path, log_url) as on, awake(Scene(on, cluster, network, chance)) as scene:
        take_many_posts(on)
        register = tmp_path / "register" / "register"
        mail_only(register / "partners.yaml", "fire")
        let_channels_take_long(register / "channels.yaml")
        yield scene


def mail_only(partners: Path, name: str) -> None:
    before, mark, after = partners.read_text().partition(f"- id: {name}\n")
    partners.write_text(before + mark + after.replace("channels: [site, email]", "channels: [email]", 1))


def let_channels_take_long(channels: Path) -> None:
    """As in the example register: else what waits behind an outage lapses, is asked for anew, and waits for longer."""
    channels.write_text(channels.read_text().replace("deadline_seconds: 2.0", "deadline_seconds: 10.0"))


def beginning(number: int) -> list[Event]:
    """An incident, and what is released and amplified about it."""
    on_site = number % SITE_EVERY == 0
    return opening(number, partner="police") if on_site else opening(number, channels=("email",), partner="fire")


def talk(number: int) -> list[Event]:
    """What the public says meanwhile about an earlier incident."""
    now, heard = SystemClock().now(), max(0, number - SURGE_EVERY // 2)
    count = SURGE if number % SURGE_EVERY == 0 else 3
    names = [f"{number}-{each}" for each in range(count)]
    text = f"smoke #FireWard{heard}"
    return [Mention(id=f"m-{name}", mode="live", author_id=f"a-{name}", at=now, text=text) for name in names]


async def begin(scene: Scene, numbers: Sequence[int]) -> None:
    """A few incidents at a time: each time somebody comes to the log anew."""
    for first in range(0, len(numbers), TOGETHER):
        together = numbers[first : first + TOGETHER]
        opened = [message for number in together for message in beginning(number)]
        await scene.on.put([*opened, *(message for number in together for message in talk(number))])
        await scene.pause(0, 0.3)


async def follow(watch: Watch, person: Person) -> None:
    """Somebody reads the record all the time, and looks into what nobody knows."""
    while True:
        await person.look(await watch.look())
        await asyncio.sleep(LOOK_SECONDS)


async def befall(scene: Scene, incidents: int) -> None:
    """Fault after fault, each while its share of the incidents runs."""
    faults = script(scene.chance, max(1, incidents // INCIDENTS_PER_ROUND))
    for place, fault in enumerate(faults):
        await scene.until_whole()
        print(f"{time.strftime('%H:%M:%S')} {fault.__name__.replace('_', ' ')}", flush=True)  # noqa: T201 - a long run shows where it is
        share = range(place * incidents // len(faults), (place + 1) * incidents // len(faults))
        async with asyncio.TaskGroup() as both:
            both.create_task(begin(scene, share))
            both.create_task(fault(scene))
    await scene.until_whole()


async def settle(scene: Scene, watch: Watch, incidents: int) -> None:
    """Wait until every message is public or refused, and every mention counted, for as long as any more becomes so."""
    began, best, patience = time.monotonic(), -1, 0.0
    while True:
        known = [watch.incidents.get(f"incident-{number}") for number in range(incidents)]
        left = [f"incident-{number}" for number, one in enumerate(known) if not (one and is_settled(one, MESSAGES))]
        # All mentions are read for it, which would hold the workers up while they are at the messages.
        uncounted = None if left else await mentions_left(scene.on.log_url)
        if uncounted == 0:
            break
        # Orders are judged in the order in which they came, so that the first delivery is settled after the last yes.
        done = sum(len(one.messages) + len(one.deliveries) + settled_in(one) for one in known if one) - (uncounted or 0)
        seconds = time.monotonic() - began
        if done > best:
            best, patience = done, time.monotonic() + STILL_SECONDS_MAX
            print(f"{seconds:>8.0f} s: {done} done, {len(left)} incidents left", flush=True)  # noqa: T201 - as above
        assert time.monotonic() < patience, f"nothing moves on after {seconds:.0f} s: {left}, {uncounted} mentions"
        await asyncio.sleep(LOOK_SECONDS)
    scene.tally["seconds until all was settled, after the last fault"] = int(time.monotonic() - began)


@pytest.mark.kill
@pytest.mark.slow
async def test_no_fault_of_workers_brokers_or_the_network_loses_or_doubles_a_message(
    scene: Scene, incidents: int
) -> None:
    """Judged from outside: the mail server's own count and the public folder against the authorisations."""
    for worker in scene.lasting:
        worker.start()
    await scene.until_whole()
    watch, person = Watch(scene.on.log_url), Person(scene.on)
    async with asyncio.TaskGroup() as beside:
        following = beside.create_task(follow(watch, person))
        await befall(scene, incidents)
        await settle(scene, watch, incidents)
        following.cancel()
    await watch.close()
    ends = [await asyncio.to_thread(worker.stop) for worker in scene.lasting]
    verified = await asyncio.to_thread(scene.on.run, "log", "verify", "--log", scene.on.log_url)
    buried = await asyncio.to_thread(scene.on.run, "dead-letters", "--log", scene.on.log_url)
    tell(scene, watch, looked_at=person.looked_at)
    assert faults_outside(watch.incidents, scene.on) == []
    assert await faults_in_incidents(scene.on.log_url) == []
    noted = sum(fact.body.kind in {"signal_noted", "tags_noted"} for fact in watch.facts)
    assert await faults_in_counts(scene.on.log_url, noted) == []
    assert (verified.returncode, verified.stderr) == (0, "")
    assert buried.stdout == "no dead letters\n"
    assert ends == [0] * len(ends)
    assert scene.on.problems == []
    assert scene.tally["zombies fenced"] == scene.tally["zombies woken"] > 0


def tell(scene: Scene, watch: Watch, *, looked_at: int) -> None:
    """For whoever runs the long form, with -s."""
    kinds = Counter(fact.body.kind for fact in watch.facts)
    counts = {
        **dict(sorted(scene.tally.items())),
        "incidents": len(watch.incidents),
        "facts": len(watch.facts),
        "deliveries": sum(len(incident.deliveries) for incident in watch.incidents.values()),
        "public by mail": sum(scene.on.mailbox.counts.values()),
        "public on the site": sum(scene.on.published_on_site().values()),
        "outcomes that were unknown": kinds["delivery_unknown"],
        "of these looked at by a person": looked_at,
        "surges signalled": kinds["signal_noted"],
    }
    print("\n" + "\n".join(f"{count:>8} {what}" for what, count in counts.items()))  # noqa: T201 - as above
