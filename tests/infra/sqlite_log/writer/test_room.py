"""No room left: nothing is half-written, and it goes on by itself once there is room."""

import os
import resource
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from infra.log import LogFull, TopicSpec
from infra.sqlite_log import SqliteDoor, SqliteLogSettings
from infra.sqlite_log.file.connections import connect_writer
from infra.sqlite_log.writer.ledger import JobChanges, Ledger
from infra.sqlite_log.writer.transaction import Job, Transactions
from tests.contracts.log.grounds import draft
from tests.infra.sqlite_log.kit import LETTERS, STATES, Clock, held, held_values, member_of, opened

SMALL = SqliteLogSettings(file_bytes_max=400_000, tidy_interval_seconds=0, free_pages_kept=10_000)


async def filled(write: Callable[[int], Awaitable[object]]) -> tuple[int, LogFull]:
    """How often something could be written until there was no room, and what was said then."""
    for number in range(10_000):
        try:
            await write(number)
        except LogFull as full:
            return number, full
    raise AssertionError


async def test_a_full_file_refuses_and_goes_on_after_tidying(tmp_path: Path) -> None:
    """Commits are refused as a whole, naming the file; once old records are gone the same commit passes."""
    clock = Clock()
    path = tmp_path / "log"
    async with opened(path, SMALL, clock=clock) as log:
        await log.create_topics([TopicSpec("letters", retention_seconds=10)])
        member, generation = await member_of(log, "group", "letters")
        drafts = [draft(LETTERS, b"x" * 9_000), draft(STATES)]

        def commit(number: int) -> Awaitable[object]:
            return member.commit(drafts, {LETTERS: number + 1}, generation)

        written, refusal = await filled(commit)
        assert written > 10
        assert str(path) in str(refusal)
        assert await log.ends([LETTERS, STATES]) == {LETTERS: written, STATES: written}
        assert await member.committed([LETTERS]) == {LETTERS: written}
        assert len(await held(log)) == len(await held(log, STATES)) == written
        clock.now_ms = 60_000
        assert (await log.compact()).expired == written
        await commit(written)
        assert await held_values(log) == [b"x" * 9_000]


@pytest.fixture
def file_limit() -> Iterator[None]:
    """Whatever a test sets, the next one may write again."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("file_limit")
async def test_a_write_that_the_system_refuses_is_a_full_log(tmp_path: Path) -> None:
    """Where the operating system cuts a write short in the middle, the write is undone and can be repeated."""
    path = tmp_path / "log"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"before")])
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name("log-wal").stat().st_size + 30_000, hard))
        for _ in range(3):
            with pytest.raises(LogFull):
                await log.append([draft(LETTERS, b"x" * 50_000)])
        await log.append([draft(LETTERS, b"small")])
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        await log.append([draft(LETTERS, b"after")])
    async with opened(path) as log:
        assert await held_values(log) == [b"before", b"small", b"after"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte, where the test may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only a privileged user may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


async def test_a_full_disk_is_survived(small_disk: Path) -> None:
    """Worker and door say that the disk is full, both go on when a file is removed, nothing is lost or doubled."""
    path, ballast = small_disk / "log", small_disk / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    async with opened(path) as log, SqliteDoor(path) as door:
        accepted, _ = await filled(lambda number: log.append([draft(LETTERS, b"%d" % number + b" " * 5000)]))
        with pytest.raises(LogFull):
            await door.append([draft(LETTERS, b"door" + b" " * 9000)])
        assert len(await held(log)) == accepted
        ballast.unlink()
        await log.append([draft(LETTERS, b"after")])
    async with opened(path) as log:
        values = [value and value.strip() for value in await held_values(log)]
        assert values == [b"%d" % number for number in range(accepted)] + [b"after"]


def test_one_job_without_room_does_not_fail_its_neighbours(tmp_path: Path) -> None:
    """When a group does not fit, each of its jobs is tried alone: the small ones are written."""
    path = tmp_path / "log"
    connection = connect_writer(path, SMALL)
    transactions = Transactions(connection, path)
    create = Job(lambda ledger, changes: ledger.create([TopicSpec("letters")], changes))
    transactions.settle([create])

    def job(value: bytes) -> Job:
        return Job(lambda ledger, changes: ledger.append([draft(LETTERS, value)], changes))

    jobs = [job(b"one"), job(b"x" * 600_000), job(b"two")]
    transactions.settle(jobs)
    assert [type(job.error) for job in jobs] == [type(None), LogFull, type(None)]
    assert [job.answer for job in (jobs[0], jobs[2])] == [[0], [1]]
    assert [record.value for job in jobs for record in job.changes.records] == [b"one", b"two"]
    assert Ledger(connection).shelf(LETTERS).end == 2
    assert JobChanges() == jobs[1].changes
    connection.close()
