"""Several workers of one group, as only Kafka has them: killed, stopped and paused for longer than their session."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaProducer

from infra.doors import door_of
from tests.contracts.driver.bench import PATIENCE_SECONDS, DriverGround
from tests.contracts.driver.test_kills import EVENTS_PER_ROUND, _draft, fill, finish_and_count
from tests.contracts.kafka.ground import driver_url, wipe

SESSION_SECONDS = 2
ROUNDS_MIN = 4

pytestmark = [pytest.mark.kill, pytest.mark.slow]


@pytest.fixture
def ground(kafka: str) -> Iterator[DriverGround]:
    yield DriverGround("kafka", f"{driver_url(kafka)}&session={SESSION_SECONDS}", beside=True)
    asyncio.run(wipe(kafka))


class Worker:
    """A worker of the chain, in a process of its own, with a name that it keeps."""

    def __init__(self, ground: DriverGround, name: str) -> None:
        self._command = [sys.executable, "-m", "tests.contracts.driver.chain", f"{ground.url}&worker={name}"]
        self._process: Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdout=PIPE)

    async def ready(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (line := await self._process.stdout.readline()).startswith(b"ready"):
                assert line, "The worker has ended by itself."

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.returncode is None, f"The worker has ended by itself: {self._process.returncode}."
        self._process.send_signal(number)

    async def end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self.send(number)
        code = await asyncio.wait_for(self._process.wait(), PATIENCE_SECONDS)
        # A worker that is still starting does not listen for SIGTERM yet, and dies of it as it would of SIGKILL.
        assert code in ({0, -number} if number == signal.SIGTERM else {-number})

    async def ended(self) -> int:
        """What it ended with; it ends by itself."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), PATIENCE_SECONDS)

    def clear_away(self) -> None:
        """Leave nothing behind after a test that has failed."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


async def feed(ground: DriverGround, numbers: range) -> None:
    """Append from another process's door, while workers run or not."""
    async with door_of(ground.url, "chain") as log:
        await log.append([_draft(number) for number in numbers])


async def pause(worker: Worker, weather: random.Random) -> None:
    """The others take over what it has; when it wakes up, it finds itself fenced."""
    worker.send(signal.SIGSTOP)
    await asyncio.sleep(SESSION_SECONDS + weather.uniform(0.5, 1.5))
    worker.send(signal.SIGCONT)
    await asyncio.sleep(weather.uniform(0, 1))


async def kill(worker: Worker, weather: random.Random) -> None:
    await worker.end(signal.SIGKILL)
    await asyncio.sleep(weather.uniform(0, SESSION_SECONDS * 1.5))
    await worker.start()
    await asyncio.sleep(weather.uniform(0, 2))


async def restart(worker: Worker, weather: random.Random) -> None:
    await worker.end(signal.SIGTERM)
    await asyncio.sleep(weather.uniform(0, 0.5))
    await worker.start()
    await asyncio.sleep(weather.uniform(0, 2))


async def test_two_workers_that_pause_and_die_in_turn_stay_exact(ground: DriverGround, kills: int) -> None:
    """Partitions wander between them; outputs and tables are counted once both are gone."""
    rounds = max(ROUNDS_MIN, kills)
    weather = random.Random(rounds)
    await fill(ground, 0)
    workers = [Worker(ground, "a"), Worker(ground, "b")]
    try:
        for worker in workers:
            await worker.start()
            await worker.ready()
        for number in range(rounds):
            await feed(ground, range(number * EVENTS_PER_ROUND, (number + 1) * EVENTS_PER_ROUND))
            await asyncio.sleep(weather.uniform(0, 0.5))
            disturb = [pause, kill, pause, restart][number % 4]
            await disturb(weather.choice(workers), weather)
        for worker in workers:
            await worker.end(signal.SIGTERM)
    finally:
        for worker in workers:
            worker.clear_away()
    await finish_and_count(ground, rounds * EVENTS_PER_ROUND)


@pytest.mark.parametrize("paused", [False, True], ids=["at-work", "paused-for-longer-than-its-session"])
async def test_of_two_workers_with_one_name_the_older_one_ends_and_the_newer_one_works(
    ground: DriverGround, capfd: pytest.CaptureFixture[str], *, paused: bool
) -> None:
    """They do not drive each other out for ever, and the older one takes nothing of the newer one's along."""
    await fill(ground, EVENTS_PER_ROUND)
    older, newer = Worker(ground, "a"), Worker(ground, "a")
    try:
        await older.start()
        await older.ready()
        if paused:
            older.send(signal.SIGSTOP)
            await asyncio.sleep(SESSION_SECONDS + 1)
        await newer.start()
        await newer.ready()
        if paused:
            older.send(signal.SIGCONT)
        assert await older.ended() == 1
        assert "Another worker named 'a' has taken this one's place" in capfd.readouterr().err
        await feed(ground, range(EVENTS_PER_ROUND, 2 * EVENTS_PER_ROUND))
        await asyncio.sleep(SESSION_SECONDS)
        await newer.end(signal.SIGTERM)
    finally:
        older.clear_away()
        newer.clear_away()
    await finish_and_count(ground, 2 * EVENTS_PER_ROUND)


async def test_a_worker_that_is_fenced_while_its_place_is_its_own_lives_on(ground: DriverGround, kafka: str) -> None:
    """Its transactions are taken from it several times; as its place is free, it joins again and goes on."""
    rounds = 3
    await fill(ground, 0)
    worker = Worker(ground, "a")
    try:
        await worker.start()
        await worker.ready()
        for number in range(rounds):
            thief = AIOKafkaProducer(bootstrap_servers=kafka, transactional_id="chain-a")
            await thief.start()
            await thief.stop()
            await feed(ground, range(number * EVENTS_PER_ROUND, (number + 1) * EVENTS_PER_ROUND))
            await asyncio.sleep(SESSION_SECONDS)
        await worker.end(signal.SIGTERM)
    finally:
        worker.clear_away()
    await finish_and_count(ground, rounds * EVENTS_PER_ROUND)
