"""Faults on a real cluster, drawn by chance from a seed: what befalls workers, brokers and the network between them."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from tests.cluster import Cluster
from tests.scenarios.chaos_network import Network
from tests.scenarios.chaos_worker import HAS_ITS_PARTITIONS, Phase, Serving
from tests.scenarios.kill_bench import Service

SESSION_SECONDS = 4
BROKER_SESSION_SECONDS = 3
PATIENCE_SECONDS = 180.0
LOOK_SECONDS = 0.01
LAST_WORDS_BYTES = 2_000
NOTICES_SECONDS_MAX = 20.0
"""How long a woken worker may take to find out that it was replaced."""
REPLACED = b"has gone on without this worker"
REFUSED = (b"The worker starts again at its last commit", b"A commit was refused")
"""What a woken worker says of an answer to its heartbeat, and of one to its commit."""


@dataclass
class Scene:
    """The service, its cluster and its network; `tally` counts what was done and what came of it."""

    on: Service
    cluster: Cluster
    network: Network
    chance: Random
    tally: Counter[str] = field(default_factory=Counter)
    control: list[Serving] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.control = [self._worker(name, "control") for name in ("a", "b")]
        self.guest = self._worker("c", "control")
        self.mentions = self._worker("m", "mentions")

    def _worker(self, name: str, lane: str) -> Serving:
        return self.on.worker(f"{name}.log", "--lane", lane, log_url=f"{self.on.log_url}&worker={name}")

    @property
    def lasting(self) -> Sequence[Serving]:
        """The workers that are there all the time."""
        return [*self.control, self.mentions]

    def living(self) -> Sequence[Serving]:
        """The same, of which none has ended by itself."""
        ended = [one.said(max(0, one.length() - LAST_WORDS_BYTES)).decode() for one in self.lasting if not one.runs]
        assert ended == [], "a worker has ended by itself"
        return self.lasting

    def active(self) -> Serving:
        """The control worker that has the partitions: the one that speaks."""
        return max(self.control, key=lambda worker: worker.lines.stat().st_mtime_ns)

    async def pause(self, seconds_min: float, seconds_max: float) -> None:
        await asyncio.sleep(self.chance.uniform(seconds_min, seconds_max))

    async def until_whole(self) -> None:
        """Every worker serves and every broker listens: the next fault begins from there."""
        await until(lambda: all(one.phase is Phase.RUNNING for one in self.living()), "every worker serves")
        await until(lambda: all(one.listens() for one in self.cluster.brokers), "every broker listens")

    async def at_work(self) -> Serving:
        """The active worker, as soon as it has said something more and a moment has passed."""
        lengths = {id(worker): worker.length() for worker in self.control}
        await until(lambda: any(one.length() > lengths[id(one)] for one in self.control), "a worker is at work")
        await self.pause(0, 0.3)
        return self.active()

    def kill(self, worker: Serving) -> None:
        worker.kill()
        self.tally[f"worker killed while {worker.phase}"] += 1

    async def brokers_back(self) -> None:
        await asyncio.to_thread(self.cluster.start_again)


async def until(is_so: Callable[[], bool], what: str, *, seconds_max: float = PATIENCE_SECONDS) -> None:
    """Look again and again, for as long as a test is patient."""
    try:
        async with asyncio.timeout(seconds_max):
            while not is_so():  # noqa: ASYNC110 - other processes tell nobody
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {seconds_max} seconds") from None


async def kill_a_worker(scene: Scene) -> None:
    """The one at work dies; the other takes over, or itself if it is back within its session."""
    worker = await scene.at_work()
    scene.kill(worker)
    await scene.pause(0, SESSION_SECONDS * 1.5)
    worker.start()


async def kill_a_starting_worker(scene: Scene) -> None:
    worker = scene.chance.choice(scene.lasting)
    assert await asyncio.to_thread(worker.stop) == 0
    worker.start()
    await scene.pause(0.1, 1.2)
    scene.kill(worker)
    worker.start()


async def kill_a_recovering_worker(scene: Scene) -> None:
    """It is back within its session, gets its partitions, and dies while it reads its table."""
    worker = await scene.at_work()
    scene.kill(worker)
    worker.start()
    await until(lambda: worker.phase is not Phase.STARTING, "the worker has its partitions")
    scene.kill(worker)
    worker.start()


async def pause_a_worker(scene: Scene) -> None:
    """The zombie: it sleeps for longer than its session, another one takes over, and it wakes up in the middle."""
    worker = await scene.at_work()
    worker.send(signal.SIGSTOP)
    await scene.pause(SESSION_SECONDS + 1, SESSION_SECONDS * 3)
    slept = worker.length()
    worker.send(signal.SIGCONT)
    scene.tally["zombies woken"] += 1
    await until(
        lambda: any(words in worker.said(slept) for words in (REPLACED, *REFUSED)),
        "the woken worker finds out",
        seconds_max=NOTICES_SECONDS_MAX,
    )
    scene.tally["zombies fenced"] += 1
    await until(lambda: HAS_ITS_PARTITIONS in worker.said(slept), "the woken worker has joined again")
    scene.tally["commits of zombies refused"] += any(words in worker.said(slept) for words in REFUSED)


async def deal_anew(scene: Scene) -> None:
    """Another worker joins in the middle of releases, and leaves in peace or dies."""
    scene.guest.start()
    await until(lambda: scene.guest.phase is Phase.RUNNING, "the guest serves")
    await scene.pause(0, 1)
    if scene.chance.random() < 0.5:
        assert await asyncio.to_thread(scene.guest.stop) == 0
    else:
        scene.kill(scene.guest)
    scene.tally["workers that joined and left"] += 1


async def kill_a_broker(scene: Scene) -> None:
    scene.chance.choice(scene.cluster.brokers).signal(signal.SIGKILL)
    scene.tally["brokers killed"] += 1
    await scene.pause(1, BROKER_SESSION_SECONDS + 1)
    await scene.brokers_back()


async def pause_a_broker(scene: Scene) -> None:
    """Long enough for the others to take over what it leads."""
    broker = scene.chance.choice(scene.cluster.brokers)
    broker.signal(signal.SIGSTOP)
    try:
        await scene.pause(BROKER_SESSION_SECONDS + 1, BROKER_SESSION_SECONDS * 2)
    finally:
        broker.signal(signal.SIGCONT)
    scene.tally["brokers paused"] += 1


async def kill_the_cluster(scene: Scene) -> None:
    """All at once, and back: the workers live on."""
    for broker in scene.cluster.brokers:
        broker.signal(signal.SIGKILL)
    await scene.pause(2, 6)
    await scene.brokers_back()
    scene.tally["times the whole cluster was down"] += 1


async def fill_a_disk(scene: Scene) -> None:
    """A broker that cannot write gives up; with room again it comes back and catches up."""
    broker = scene.chance.choice(scene.cluster.brokers)
    broker.fill_disk()
    await until(broker.ended, "the broker with the full disk gives up")
    await scene.pause(0, 2)
    await scene.brokers_back()
    scene.tally["disks full"] += 1


async def slow_down_the_network(scene: Scene) -> None:
    scene.network.say("slow")
    try:
        await scene.pause(2, 4)
        scene.network.say("cut")
        await scene.pause(1, 2)
    finally:
        scene.network.say("calm")
    scene.tally["times the network was slow and cut"] += 1


Fault = Callable[[Scene], Coroutine[None, None, None]]
FAULTS: tuple[Fault, ...] = (
    kill_a_worker,
    kill_a_starting_worker,
    kill_a_recovering_worker,
    pause_a_worker,
    deal_anew,
    kill_a_broker,
    pause_a_broker,
    kill_the_cluster,
    fill_a_disk,
    slow_down_the_network,
)


def script(chance: Random, rounds: int) -> list[Fault]:
    """So many rounds, each with every kind of fault once, in an order of its own."""
    return [fault for _ in range(rounds) for fault in chance.sample(FAULTS, len(FAULTS))]


@contextmanager
def awake(scene: Scene) -> Iterator[Scene]:
    """Whatever happens, nothing stays paused: what is paused cannot be ended in good order."""
    try:
        yield scene
    finally:
        for worker in scene.lasting:
            if worker.runs:
                worker.send(signal.SIGCONT)
