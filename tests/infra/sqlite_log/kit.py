"""What the tests of the SQLite log share: logs with small numbers, a clock to set, a group that reads."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.log import Member, Partition, Record, TopicSpec
from infra.sqlite_log import SqliteLog, SqliteLogSettings
from infra.sqlite_log.file.rows import FileRows
from tests.contracts.log.grounds import join, read_all

ROOT = Path(__file__).parents[3]
LETTERS = Partition("letters", 0)
STATES = Partition("states", 0)
TOPICS = (TopicSpec("letters"), TopicSpec("states", compacted=True))


@dataclass
class Clock:
    """Milliseconds since the epoch, as the test wants them."""

    now_ms: int = 0

    def __call__(self) -> int:
        return self.now_ms


@asynccontextmanager
async def opened(
    path: Path, settings: SqliteLogSettings | None = None, *, clock: Clock | None = None
) -> AsyncIterator[SqliteLog]:
    """An open log that has the usual topics."""
    log = SqliteLog(path, settings=settings, clock=clock or Clock())
    await log.open()
    try:
        await log.create_topics(TOPICS)
        yield log
    finally:
        await log.close()


async def member_of(log: SqliteLog, group: str, *topics: str) -> tuple[Member, int]:
    """A member that has its partitions, and its generation."""
    member, listener = join(log, group)
    await member.subscribe(topics)
    _, generation = await listener.assigned()
    return member, generation


async def awaited(log: SqliteLog, partition: Partition = LETTERS, *, end: int, start: int = 0) -> Sequence[Record]:
    """Every record of a partition from `start` to before `end`, waiting for those that are not there yet."""
    member, _ = join(log, "onlooker")
    return await read_all(member, partition, start=start, end=end)


async def held(log: SqliteLog, partition: Partition = LETTERS) -> Sequence[Record]:
    """Every record a partition holds."""
    return await awaited(log, partition, end=(await log.ends([partition]))[partition])


async def held_values(log: SqliteLog, partition: Partition = LETTERS) -> list[bytes | None]:
    """The values a partition holds."""
    return [record.value for record in await held(log, partition)]


def count_rows(patch: pytest.MonkeyPatch, note: Callable[[int], None]) -> None:
    """Note how many rows the file gives whenever rows are looked for by key."""
    ask = FileRows._ask

    def asking(self: FileRows, question: str, *given: object) -> list[Any]:
        found = ask(self, question, *given)
        note(len(found))
        return found

    patch.setattr(FileRows, "_ask", asking)


def start(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Run one of the scripts beside this file as a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
