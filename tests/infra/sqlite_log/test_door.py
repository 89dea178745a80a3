"""The way in for other processes."""

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from infra.log import DAMAGED, NOWHERE, Draft, LogBusy, LogError, LogFull, Partition, RecordTooLarge
from infra.sqlite_log import SqliteDoor, SqliteLogSettings
from tests.contracts.log.grounds import draft, join, read_all
from tests.infra.sqlite_log.kit import LETTERS, STATES, awaited, held_values, member_of, opened


async def test_a_running_worker_gets_what_the_door_takes(tmp_path: Path) -> None:
    """A record comes through as it was left, to a reader that was waiting for it."""
    path = tmp_path / "log"
    left = Draft(LETTERS, b"key", None, 77, (("trace", b"\x00"),))
    async with opened(path) as log, SqliteDoor(path) as door:
        waiting = asyncio.create_task(join(log, "group")[0].read({LETTERS: 0}, records_max=9, wait_seconds=60))
        await door.append([left])
        async with asyncio.timeout(180):
            (record,) = (await waiting)[LETTERS].records
    assert (record.key, record.value, record.timestamp_ms, record.headers) == (b"key", None, 77, left.headers)


async def test_the_inbox_waits_for_a_worker(tmp_path: Path) -> None:
    """What is left while no worker runs is taken when one starts, in order and once, also over several starts."""
    path = tmp_path / "log"
    settings = SqliteLogSettings(inbox_slice_records=3)
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        for number in range(10):
            await door.append([draft(LETTERS, b"%d" % number), draft(STATES, b"%d" % number)])
        assert await door.ends([LETTERS]) == {LETTERS: 0}
    for _ in range(2):
        async with opened(path, settings) as log:
            await awaited(log, STATES, end=10)
            assert await held_values(log) == [b"%d" % number for number in range(10)]
            assert await held_values(log, STATES) == [b"%d" % number for number in range(10)]


async def test_an_append_at_the_door_becomes_visible_as_a_whole(tmp_path: Path) -> None:
    """However small the slices in which the inbox is emptied, no reader sees half an append."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        for _ in range(4):
            await door.append([draft(LETTERS)] * 5)
        async with opened(path, SqliteLogSettings(inbox_slice_records=2)) as log, asyncio.timeout(180):
            seen = set()
            while (end := (await log.ends([LETTERS]))[LETTERS]) < 20:
                seen.add(end)
                await asyncio.sleep(0)
    assert all(end % 5 == 0 for end in seen)


async def test_several_doors_keep_their_order(tmp_path: Path) -> None:
    """Doors may write at the same time, against a busy worker; each keeps the order of what it left."""
    path = tmp_path / "log"

    async def leave(name: str) -> None:
        async with SqliteDoor(path) as door:
            for number in range(10):
                await door.append([draft(LETTERS, b"%d" % number, key=name.encode())])

    async with opened(path) as log:
        work = asyncio.gather(*(leave(name) for name in ("a", "b", "c")))
        while not work.done():
            await log.append([draft(STATES)])
        await work
        records = await awaited(log, end=30)
    for name in (b"a", b"b", b"c"):
        assert [record.value for record in records if record.key == name] == [b"%d" % number for number in range(10)]


async def test_a_flooded_inbox_refuses(tmp_path: Path) -> None:
    """Without a worker the inbox fills up to its bound, by count and by bytes; a worker makes room again."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path, settings=SqliteLogSettings(inbox_records_max=5)) as few:
        await few.append([draft(LETTERS)] * 4)
        with pytest.raises(LogBusy, match="4 records"):
            await few.append([draft(LETTERS)] * 2)
        await few.append([draft(LETTERS)])
    async with SqliteDoor(path, settings=SqliteLogSettings(inbox_bytes_max=100)) as small:
        with pytest.raises(LogBusy):
            await small.append([draft(LETTERS, b"x" * 80)])
        async with opened(path) as log:
            await awaited(log, end=5)
        await small.append([draft(LETTERS, b"x" * 80)])


async def test_the_door_refuses_what_the_log_would_refuse(tmp_path: Path) -> None:
    """Errors come at once, while the caller is there to hear them; nothing of such an append is left."""
    path = tmp_path / "log"
    async with opened(path) as log:
        async with SqliteDoor(path, settings=SqliteLogSettings(record_bytes_max=100)) as door:
            with pytest.raises(RecordTooLarge, match="108 bytes"):
                await door.append([draft(LETTERS), draft(LETTERS, b"x" * 105)])
            with pytest.raises(LogError, match="nowhere"):
                await door.append([draft(LETTERS), draft(Partition("nowhere", 0))])
            await door.append([])
            await door.append([draft(LETTERS, b"good")])
        await awaited(log, end=1)
        assert await held_values(log) == [b"good"]


async def test_a_door_reads_what_is_committed(tmp_path: Path) -> None:
    """Topics, records, ends, beginnings and offsets, as the worker sees them."""
    path = tmp_path / "log"
    async with opened(path) as log, SqliteDoor(path) as door:
        member, generation = await member_of(log, "group", "letters")
        await log.append([draft(LETTERS, b"%d" % number) for number in range(20)])
        await member.commit([draft(STATES)], {LETTERS: 12}, generation)
        assert set(await door.topics()) == {"letters", "states"}
        assert await door.ends([LETTERS, STATES]) == {LETTERS: 20, STATES: 1}
        assert await door.beginnings([LETTERS]) == {LETTERS: 0}
        assert await door.committed("group", [LETTERS, STATES]) == {LETTERS: 12, STATES: None}
        assert [record.value for record in await read_all(door, LETTERS, end=20)] == [b"%d" % n for n in range(20)]
        with pytest.raises(LogError, match="nowhere"):
            await door.ends([Partition("nowhere", 0)])


async def test_a_waiting_door_hears_of_news(tmp_path: Path) -> None:
    """A door at the end is answered by the next record, and by nothing once its time is over."""
    path = tmp_path / "log"
    async with opened(path) as log, SqliteDoor(path) as door:
        assert await door.read({LETTERS: 0}, records_max=1, wait_seconds=0.06) == {}
        waiting = asyncio.create_task(door.read({LETTERS: 0}, records_max=1, wait_seconds=60))
        await log.append([draft(LETTERS, b"news")])
        async with asyncio.timeout(180):
            assert (await waiting)[LETTERS].records[0].value == b"news"


async def test_a_door_that_keeps_the_file_locked_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """A process stopped in the middle of its transaction makes the worker's writes fail as busy, then all goes on."""
    path = tmp_path / "log"
    async with opened(path, SqliteLogSettings(lock_wait_seconds_max=0.05)) as log:
        stopped = sqlite3.connect(path, isolation_level=None)
        stopped.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogBusy, match="locked"):
            await log.append([draft(LETTERS, b"refused")])
        stopped.close()
        await log.append([draft(LETTERS, b"taken")])
        assert await held_values(log) == [b"taken"]


async def test_a_door_knows_whether_a_worker_runs(tmp_path: Path) -> None:
    """True while a worker holds the log, and only then; asking does not keep a worker from starting."""
    path = tmp_path / "log"
    async with opened(path), SqliteDoor(path) as door:
        assert await door.worker_runs()
    async with SqliteDoor(path) as door:
        assert not await door.worker_runs()
        asking = asyncio.gather(*(door.worker_runs() for _ in range(50)))
        async with opened(path):
            await asking
            assert await door.worker_runs()


async def test_a_door_knows_whether_the_worker_goes_on(tmp_path: Path) -> None:
    """It is silent as long as its event loop does nothing, although it holds the log all that time."""
    path = tmp_path / "log"
    lock = path.with_name("log.lock")
    async with opened(path, SqliteLogSettings(beat_seconds=0.05)), SqliteDoor(path) as door:
        os.utime(lock, (1_000, 1_000))
        silent = [await door.silent_seconds()]
        while silent[-1] > 60 and len(silent) < 2_000:
            await asyncio.sleep(0.01)
            silent.append(await door.silent_seconds())
        assert silent[-1] < 60
    os.utime(lock, (1_000, 1_000))
    async with SqliteDoor(path) as door:
        assert await door.silent_seconds() > 60


async def test_a_door_knows_since_when_the_inbox_waits(tmp_path: Path) -> None:
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        assert await door.oldest_left_ms() is None
        await door.append([Draft(LETTERS, None, b"first", 77), Draft(LETTERS, None, b"second", 78)])
        assert await door.oldest_left_ms() == 77
        async with opened(path) as log:
            await awaited(log, LETTERS, end=2)
            assert await door.oldest_left_ms() is None


STRANGE: Mapping[str, Mapping[str, object]] = {
    "no such partition": {"partition_id": 99},
    "headers that say nothing": {"headers": b"\x00\x00\x00\xffx"},
    "the name of a header is no text": {"headers": b"\x00\x00\x00\x01\xff\x00\x00\x00\x00"},
    "it ends before it begins": {"append_end": 0},
}
"""What somebody with another program could write into a row of the inbox."""


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("place", [1, 2, 3])
async def test_a_strange_row_of_the_inbox_keeps_no_other_waiting(tmp_path: Path, strange: str, place: int) -> None:
    """Wherever it lies, also at the end of a slice. What can be read of it arrives; damaged headers say so."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        for number in range(3):
            await door.append([draft(LETTERS, b"%d" % number)])
    _change(path, place, STRANGE[strange])
    left_out = strange == "no such partition"
    async with opened(path, SqliteLogSettings(inbox_slice_records=2)) as log:
        records = await awaited(log, end=2 if left_out else 3)
    assert {one.value for one in records} == {b"%d" % one for one in range(3) if not (left_out and one == place - 1)}
    damaged = {one.value for one in records for name, _ in one.headers if name == DAMAGED}
    assert damaged == ({b"%d" % (place - 1)} if "headers" in STRANGE[strange] else set())


async def test_a_strange_row_of_the_inbox_can_be_put_elsewhere(tmp_path: Path) -> None:
    """The one who guards the door sees it as a record for no topic, and says where it goes."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        await door.append([draft(LETTERS, b"strange")])
    _change(path, 1, STRANGE["no such partition"])

    def at_door(one: Draft) -> Draft:
        return Draft(STATES, b"from nowhere", one.value, 0) if one.partition.topic == NOWHERE else one

    async with opened(path, SqliteLogSettings(at_door=at_door)) as log:
        (record,) = await awaited(log, STATES, end=1)
    assert (record.key, record.value) == (b"from nowhere", b"strange")


@pytest.mark.parametrize("headers", [b"\x00", b"\x00\x00\x00\x01a"])
async def test_damaged_headers_of_a_record_keep_nothing_from_being_read(tmp_path: Path, headers: bytes) -> None:
    """Key and value are whole; by the log and by a door."""
    path = tmp_path / "log"
    async with opened(path) as log:
        await log.append([draft(LETTERS, b"one"), draft(LETTERS, b"two")])
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE record SET headers = ? WHERE value = ?", (headers, b"one"))
    async with opened(path) as log, SqliteDoor(path) as door:
        there = await awaited(log, end=2)
        seen = (await door.read({LETTERS: 0}, records_max=9, wait_seconds=0))[LETTERS].records
    assert [one.value for one in there] == [one.value for one in seen] == [b"one", b"two"]
    assert [one.headers for one in there] == [((DAMAGED, headers),), ()]


def _change(path: Path, row: int, change: Mapping[str, object]) -> None:
    """Change columns of a row of the inbox, with another program."""
    ((column, value),) = change.items()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(f"UPDATE inbox SET {column} = ? WHERE id = ?", (value, row))  # noqa: S608 - the columns are above


async def test_a_door_tells_without_writing_that_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process keeps the file locked, and while its disk has hardly any room."""
    path = tmp_path / "log"
    async with opened(path):
        pass
    async with SqliteDoor(path) as door:
        await door.require_writable()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LogBusy):
                await door.require_writable()
            other.execute("ROLLBACK")
        await door.require_writable()
        assert await door.ends([LETTERS]) == {LETTERS: 0}
        monkeypatch.setattr("infra.sqlite_log.door.ROOM_BYTES_MIN", 1 << 60)
        with pytest.raises(LogFull, match="free some space"):
            await door.require_writable()
