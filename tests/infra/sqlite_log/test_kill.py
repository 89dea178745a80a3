"""Kill -9 at any moment: what was committed is there, what was accepted is there once."""

import asyncio
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.log import Partition
from infra.sqlite_log import SqliteDoor, SqliteLog
from tests.contracts.log.grounds import draft, read_all
from tests.infra.sqlite_log.kit import LETTERS, STATES, awaited, opened, start

COPIES = Partition("copies", 0)


@contextmanager
def killed_at_the_end(script: str, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = start(script, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return await asyncio.to_thread(process.stdout.readline)


async def values_of(door: SqliteDoor, partition: Partition) -> list[bytes | None]:
    end = (await door.ends([partition]))[partition]
    return [record.value for record in await read_all(door, partition, end=end)]


async def check_all_or_nothing(door: SqliteDoor) -> None:
    """Copies, count and offset speak of the same moment."""
    copied = (await door.committed("copiers", [LETTERS]))[LETTERS] or 0
    letters, copies = await values_of(door, LETTERS), await values_of(door, COPIES)
    assert copies == letters[:copied]
    states = await values_of(door, STATES)
    assert states[-1:] == ([str(copied).encode()] if copied else [])


@pytest.mark.kill
async def test_a_killed_worker_neither_loses_nor_doubles(tmp_path: Path, kills: int) -> None:
    """Letters left at the door while the worker dies again and again are copied once each, in order."""
    path, chance = tmp_path / "log", random.Random(20_24)
    async with opened(path):
        pass  # The topics are there before the first letter.
    left = 0
    async with SqliteDoor(path) as door:
        for _ in range(kills):
            with killed_at_the_end("copier.py", path) as worker:
                if chance.random() < 0.8:
                    assert await first_line(worker) == "ready\n"
                for _ in range(chance.randrange(60)):
                    await door.append([draft(LETTERS, b"%d" % left), draft(LETTERS, b"%d" % (left + 1))])
                    left += 2
                await asyncio.sleep(chance.random() * 0.05)
            if "copies" in await door.topics():
                await check_all_or_nothing(door)
        with killed_at_the_end("copier.py", path):
            copies = await read_all(door, COPIES, end=left) if left else []
        assert [record.value for record in copies] == [b"%d" % number for number in range(left)]
        await check_all_or_nothing(door)


@pytest.mark.kill
async def test_a_killed_caller_leaves_whole_appends_only(tmp_path: Path, kills: int) -> None:
    """Each append whose acceptance the caller saw is there once; the append it died in is there whole or not at all."""
    path, chance = tmp_path / "log", random.Random(20_25)
    accepted: list[int] = []
    async with opened(path):
        for life in range(kills):
            with killed_at_the_end("caller.py", path, str(life * 10_000)) as caller:
                accepted.append(int(await first_line(caller)))
                await asyncio.sleep(chance.random() * 0.05)
                caller.kill()
                assert caller.stdout is not None
                accepted += [int(line) for line in caller.stdout.read().split("\n") if line]
    async with opened(path) as log:
        found = [int(value or b"") for value in await drained(log)]
    assert found == sorted(found)
    assert found[::2] == found[1::2], "a pair was torn or doubled"
    assert len(set(found[::2])) == len(found[::2])
    assert set(accepted) <= set(found)


async def drained(log: SqliteLog) -> list[bytes | None]:
    """What is there once the inbox is empty: its order tells when that is."""
    async with SqliteDoor(log.path) as door:
        await door.append([draft(LETTERS, b"last")])
    values: list[bytes | None] = []
    while values[-1:] != [b"last"]:
        values += [record.value for record in await awaited(log, start=len(values), end=len(values) + 1)]
    return values[:-1]
