"""A worker killed at any moment loses nothing and doubles nothing: outputs and tables are counted, exactly."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from infra.driver import log_of, running
from infra.log import Draft, Partition
from tests.contracts.driver.bench import PATIENCE_SECONDS, DriverGround, eventually, read_all
from tests.contracts.driver.chain import PARTITIONS, TOPICS, chain

KEYS = 10
EVENTS_PER_ROUND = 400

pytestmark = [pytest.mark.kill, pytest.mark.slow]


async def test_a_chain_of_agents_killed_at_random_moments_stays_exact(ground: DriverGround, kills: int) -> None:
    """Kills fall into start-up, recovery and running; now and then the worker is asked to stop instead."""
    if not ground.beside:
        pytest.skip("The log in memory does not survive its process.")
    events = EVENTS_PER_ROUND * (kills + 1)
    await fill(ground, events)
    moments = random.Random(20_260)
    for number in range(kills):
        await disturb(ground, moments, patient=number % 4 == 3)
    await finish_and_count(ground, events)


async def fill(ground: DriverGround, events: int) -> None:
    app, _ = chain(ground.url)
    async with running(app):
        drafts = [_draft(number) for number in range(events)]
        await log_of(app).append(drafts)


def _draft(number: int) -> Draft:
    key = number % KEYS
    return Draft(Partition(TOPICS[0], key % PARTITIONS), b"key-%d" % key, b"%d" % number, 0)


async def disturb(ground: DriverGround, moments: random.Random, *, patient: bool) -> None:
    """Start a worker and end it: by SIGTERM if patient, else by SIGKILL at a random moment."""
    command = [sys.executable, "-m", "tests.contracts.driver.chain", ground.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    try:
        await _reach_moment(process, moments, patient=patient)
        process.send_signal(signal.SIGTERM if patient else signal.SIGKILL)
        code = await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        assert code == (0 if patient else -signal.SIGKILL)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _reach_moment(process: Process, moments: random.Random, *, patient: bool) -> None:
    phases = ["recovery", "running"] if patient else ["start-up", "recovery", "running", "running"]
    phase = moments.choice(phases)
    if phase == "start-up":
        await asyncio.sleep(moments.uniform(0.1, 1.2))
    elif phase == "recovery":
        await _read_until(process, b"assigned")
        await asyncio.sleep(moments.uniform(0, 0.03))
    else:
        await _read_until(process, b"ready")
        await asyncio.sleep(moments.uniform(0.01, 0.6))


async def _read_until(process: Process, word: bytes) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (line := await process.stdout.readline()).startswith(word):
            assert line, "The worker has ended before it was killed."


async def finish_and_count(ground: DriverGround, events: int) -> None:
    app, tables = chain(ground.url)
    async with running(app):
        # Offsets have gaps on some grounds, so the last table counts.
        counted = tables[-1]
        await eventually(lambda: sum(counted.values()) >= events, patience_seconds=PATIENCE_SECONDS + events / 100)
        for topic in TOPICS:
            _check_topic([record.value or b"" for record in await read_all(app, topic)], events)
        wanted = {f"key-{key}": events // KEYS for key in range(KEYS)}
        for table in tables:
            assert dict(table.items()) == wanted


def _check_topic(values: Sequence[bytes], events: int) -> None:
    """Every event is there once, and each step has counted the events of a key without a gap."""
    parsed = [[int(part) for part in value.split()] for value in values]
    doubles = [number for number, count in Counter(number for number, *_ in parsed).items() if count > 1]
    assert doubles == []
    assert sorted(number for number, *_ in parsed) == list(range(events))
    counts_of_key: dict[int, list[list[int]]] = defaultdict(list)
    for number, *counts in parsed:
        counts_of_key[number % KEYS].append(counts)
    for found in counts_of_key.values():
        assert found == [[place] * len(found[0]) for place in range(1, len(found) + 1)]
