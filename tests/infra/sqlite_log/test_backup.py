"""Copies of a log in use."""

import asyncio
from pathlib import Path

import pytest

from infra.log import LogInUse, LogUnusable, Partition
from infra.sqlite_log import SqliteDoor, SqliteLog, backup, check
from tests.contracts.log.grounds import draft, join
from tests.infra.sqlite_log.kit import LETTERS, STATES, awaited, held_values, member_of, opened, start


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_backup_taken_while_writing_is_of_one_moment(tmp_path: Path) -> None:
    """Records and offsets of the copy fit together, all that was committed before it is there, nothing is half."""
    path, target = tmp_path / "log", tmp_path / "copy"
    async with opened(path) as log:
        member, generation = await member_of(log, "group", "letters")
        done = asyncio.Event()

        async def write() -> int:
            number = 0
            while not done.is_set():
                await member.commit([draft(STATES, b"%d" % number)], {LETTERS: number + 1}, generation)
                number += 1
            return number

        writing = asyncio.create_task(write())
        for _ in range(5):
            before = (await log.ends([STATES]))[STATES]
            assert await asyncio.to_thread(backup, path, target) == target.stat().st_size
            check(target)
            async with SqliteDoor(target) as copy:
                end = (await copy.ends([STATES]))[STATES]
                assert end >= before
                assert (await copy.committed("group", [LETTERS]))[LETTERS] == (end or None)
        done.set()
        assert await writing == (await log.ends([STATES]))[STATES]


async def test_a_backup_is_a_log(tmp_path: Path) -> None:
    """A worker opens the copy and goes on where the log was; what doors had left is in it."""
    path, target = tmp_path / "log", tmp_path / "copy"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"one")])
    async with SqliteDoor(path) as door:
        await door.append([draft(LETTERS, b"left")])
    backup(path, target)
    assert names_in(tmp_path) == ["copy", "log", "log.lock"]
    async with opened(target) as copy:
        assert [record.value for record in await awaited(copy, end=2)] == [b"one", b"left"]
        assert await copy.append([draft(LETTERS)]) == [2]


async def test_a_backup_can_be_taken_beside_another_process(tmp_path: Path) -> None:
    """The worker of the log is neither asked nor disturbed."""
    path, target = tmp_path / "log", tmp_path / "copy"
    worker = start("copier.py", path)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        backup(path, target)
        with pytest.raises(LogInUse):
            await SqliteLog(path).open()
    finally:
        worker.kill()
        worker.communicate()
    copy = SqliteLog(target)
    await copy.open()
    assert copy.partitions_of("copies") == 1
    await copy.close()


async def test_a_failed_backup_leaves_the_last_one(tmp_path: Path) -> None:
    """The target is replaced only by a whole and checked copy; nothing else stays behind."""
    path, target = tmp_path / "log", tmp_path / "copy"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"x" * 500) for _ in range(500)])
    backup(path, target)
    good = target.read_bytes()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    with pytest.raises(LogUnusable):
        backup(path, target)
    assert target.read_bytes() == good
    assert names_in(tmp_path) == ["copy", "log", "log.lock"]


async def test_a_backup_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    """No log, no folder, or the log's own name: a sentence, and no file."""
    path = tmp_path / "log"
    with pytest.raises(LogUnusable, match="no log file"):
        backup(path, tmp_path / "copy")
    async with opened(path):
        pass
    with pytest.raises(LogUnusable, match="itself"):
        backup(path, path)
    with pytest.raises(LogUnusable, match="absent"):
        backup(path, tmp_path / "absent" / "copy")


async def test_another_log_of_the_same_worker_may_be_open(tmp_path: Path) -> None:
    """Two files are two logs: a backup is opened beside its original and neither sees the other's records."""
    path, target = tmp_path / "log", tmp_path / "copy"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"both")])
        backup(path, target)
        await log.append([draft(LETTERS, b"log")])
        async with opened(target) as copy:
            await copy.append([draft(LETTERS, b"copy")])
            assert await held_values(log) == [b"both", b"log"]
            assert await held_values(copy) == [b"both", b"copy"]
            assert (await join(copy, "group")[0].committed([Partition("letters", 0)])) == {LETTERS: None}
