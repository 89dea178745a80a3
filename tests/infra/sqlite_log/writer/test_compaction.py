"""Compaction and retention while the log is in use."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from infra.log import TopicSpec
from infra.sqlite_log import SqliteLogSettings
from tests.contracts.log.grounds import draft, join, read_all
from tests.infra.sqlite_log.kit import LETTERS, STATES, Clock, held, held_values, member_of, opened

SLICES = SqliteLogSettings(tidy_slice_records=7, tidy_pause_seconds=0, tidy_interval_seconds=0, free_pages_kept=0)


async def test_compaction_keeps_the_last_record_of_each_key(tmp_path: Path) -> None:
    """Of every key the newest record stays, at its offset; all older ones go, over any number of slices and rounds."""
    async with opened(tmp_path / "log", SLICES) as log:
        for round_number in range(3):
            await log.append(
                [
                    draft(STATES, b"%d" % n, key=b"%d" % (n % 5))
                    for n in range(round_number * 30, 30 + round_number * 30)
                ]
            )
            done = await log.compact()
            assert done.replaced == (25 if round_number == 0 else 30)
            last = range(round_number * 30 + 25, round_number * 30 + 30)
            assert [(r.offset, r.value) for r in await held(log, STATES)] == [(n, b"%d" % n) for n in last]


async def test_compaction_leaves_other_topics_alone(tmp_path: Path) -> None:
    """A topic that is not compacted keeps every record; a record without a key has no successor and stays."""
    async with opened(tmp_path / "log", SLICES) as log:
        await log.append([draft(LETTERS, b"%d" % number) for number in range(20)])
        await log.append([draft(STATES, b"%d" % number, key=None) for number in range(20)])
        assert (await log.compact()).replaced == 0
        assert len(await held(log)) == len(await held(log, STATES)) == 20


async def test_a_deletion_stays_for_its_grace_period(tmp_path: Path) -> None:
    """A deletion replaces what it deletes at once and is itself removed once slow readers have had their time."""
    clock = Clock(1_000_000)
    async with opened(tmp_path / "log", SLICES, clock=clock) as log:
        await log.append([draft(STATES, b"set"), draft(STATES, None), draft(STATES, b"other", key=b"other")])
        await log.compact()
        assert await held_values(log, STATES) == [None, b"other"]
        clock.now_ms += 86_399_000
        await log.compact()
        assert await held_values(log, STATES) == [None, b"other"]
        clock.now_ms += 1_000
        await log.compact()
        assert await held_values(log, STATES) == [b"other"]


async def test_what_was_deleted_is_in_no_file_of_the_log(tmp_path: Path) -> None:
    """Neither in the main file nor in the one that is written ahead, though the log goes on."""
    told = b"the post of a person, which is long enough to be found again"
    async with opened(tmp_path / "log", SLICES) as log:
        await log.append([draft(STATES, told, key=b"case-1"), draft(STATES, b"another", key=b"case-2")])
        assert told in on_disk(tmp_path)
        await log.append([draft(STATES, None, key=b"case-1")])
        assert told in on_disk(tmp_path)
        await log.compact()
        assert told not in on_disk(tmp_path)
        assert await held_values(log, STATES) == [b"another", None]


async def test_a_table_with_few_records_is_compacted_too(tmp_path: Path) -> None:
    """A round that passes over such tables would leave what was deleted there on the disk for years."""
    clock, rounds = Clock(1_000_000), SLICES
    async with opened(tmp_path / "log", rounds, clock=clock) as log:
        keeper = log._keeper
        assert keeper
        await keeper.tidy(records_min=1_000)
        await log.append([draft(STATES, b"a post"), draft(STATES, None)])
        assert (await keeper.tidy(records_min=1_000)).replaced == 0
        clock.now_ms += int(rounds.compact_whole_seconds * 1000)
        assert (await keeper.tidy(records_min=1_000)).replaced == 1


def on_disk(folder: Path) -> bytes:
    """All that is in the files of the log."""
    return b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())


async def test_a_key_set_again_after_its_deletion_stays(tmp_path: Path) -> None:
    """The grace period belongs to the deletion, not to the key."""
    clock = Clock()
    async with opened(tmp_path / "log", SLICES, clock=clock) as log:
        await log.append([draft(STATES, None)])
        await log.compact()
        await log.append([draft(STATES, b"again")])
        await log.compact()
        clock.now_ms += 10**9
        await log.compact()
        assert await held_values(log, STATES) == [b"again"]


async def test_retention_moves_the_beginning(tmp_path: Path) -> None:
    """Records older than the topic keeps are removed from the front; a reader before them reads on behind them."""
    clock = Clock()
    path = tmp_path / "log"
    async with opened(path, SLICES, clock=clock) as log:
        await log.create_topics([TopicSpec("letters", retention_seconds=10)])
        await log.append([draft(LETTERS, b"%d" % number, at_ms=number * 1000) for number in range(20)])
        clock.now_ms = 25_000
        assert (await log.compact()).expired == 15
        assert await log.beginnings([LETTERS]) == {LETTERS: 15}
        assert await log.ends([LETTERS]) == {LETTERS: 20}
        batch = (await join(log, "late")[0].read({LETTERS: 0}, records_max=1, wait_seconds=0))[LETTERS]
        assert (batch.records[0].offset, batch.next_offset) == (15, 16)


async def test_offsets_are_never_given_twice(tmp_path: Path) -> None:
    """Also where nothing is left of a partition and the log was closed between: the next offset is remembered."""
    clock = Clock(10**9)
    path = tmp_path / "log"
    async with opened(path, SLICES, clock=clock) as log:
        await log.create_topics([TopicSpec("letters", retention_seconds=1)])
        await log.append([draft(LETTERS)] * 9)
        await log.compact()
        assert await held(log) == []
        assert await log.beginnings([LETTERS]) == await log.ends([LETTERS]) == {LETTERS: 9}
    async with opened(path, SLICES, clock=clock) as log:
        assert await log.append([draft(LETTERS)]) == [9]


async def test_a_reader_passes_over_a_gap_at_the_end(tmp_path: Path) -> None:
    """If nothing is left to read before the end, the reader gets the end's offset: a recovery must not wait."""
    clock = Clock(10**9)
    async with opened(tmp_path / "log", SLICES, clock=clock) as log:
        await log.append([draft(STATES, b"set"), draft(STATES, None)])
        await log.compact()
        clock.now_ms += 10**9
        await log.compact()
        batch = (await join(log, "late")[0].read({STATES: 0}, records_max=9, wait_seconds=60))[STATES]
        assert (list(batch.records), batch.next_offset) == ([], 2)


async def test_a_compacted_topic_can_expire_as_well(tmp_path: Path) -> None:
    """The last record of a key goes when it is too old, and the key may come back."""
    clock = Clock()
    async with opened(tmp_path / "log", SLICES, clock=clock) as log:
        await log.create_topics([TopicSpec("states", compacted=True, retention_seconds=10)])
        await log.append([draft(STATES, b"old", at_ms=0), draft(STATES, b"young", key=b"young", at_ms=60_000)])
        await log.compact()
        clock.now_ms = 60_000
        await log.compact()
        assert await held_values(log, STATES) == [b"young"]
        with closing(sqlite3.connect(tmp_path / "log")) as connection:
            assert connection.execute("SELECT key FROM latest").fetchall() == [(b"young",)]
        await log.append([draft(STATES, b"back", at_ms=60_000)])
        await log.compact()
        assert await held_values(log, STATES) == [b"young", b"back"]


async def test_the_file_shrinks(tmp_path: Path) -> None:
    """What was removed is given back to the disk, not only marked as empty."""
    path = tmp_path / "log"
    async with opened(path, SLICES) as log:
        await log.append([draft(STATES, b"x" * 900) for _ in range(1000)])
        await log.compact()
        await log.append([draft(STATES, b"x" * 900)])
    full = 1000 * 900
    assert path.stat().st_size < full / 5
    async with opened(path) as log:
        assert len(await held(log, STATES)) == 2


async def test_the_worker_tidies_by_itself(tmp_path: Path) -> None:
    """No call is needed: rounds come at their interval."""
    settings = SqliteLogSettings(tidy_interval_seconds=0.01, compact_records_min=1)
    async with opened(tmp_path / "log", settings) as log, asyncio.timeout(180):
        await log.append([draft(STATES, b"%d" % number) for number in range(50)])
        while len(await held(log, STATES)) > 1:  # noqa: ASYNC110 - compaction makes no news that one could wait for
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("cache_bytes_max", [0, 10**6])
async def test_readers_and_commits_go_on_during_compaction(tmp_path: Path, cache_bytes_max: int) -> None:
    """A table built by a reader while its topic is compacted and written to is the same as without compaction."""
    settings = SqliteLogSettings(
        tidy_slice_records=3, tidy_pause_seconds=0, tidy_interval_seconds=0, cache_bytes_max=cache_bytes_max
    )
    table: dict[bytes | None, bytes | None] = {}
    async with opened(tmp_path / "log", settings) as log:
        member, generation = await member_of(log, "group", "letters")
        expected = {b"%d" % (number % 9): b"%d" % number for number in range(300)}

        async def write() -> None:
            for number in range(300):
                await member.commit(
                    [draft(STATES, b"%d" % number, key=b"%d" % (number % 9))], {LETTERS: number + 1}, generation
                )

        async def compact() -> None:
            while (await log.ends([STATES]))[STATES] < 300:
                await log.compact()

        async def build() -> None:
            for record in await read_all(member, STATES, end=300):
                table[record.key] = record.value

        await asyncio.gather(write(), compact(), build())
        assert table == expected
        await log.compact()
        assert {record.key: record.value for record in await held(log, STATES)} == expected
        assert len(await held(log, STATES)) == 9
        assert await member.committed([LETTERS]) == {LETTERS: 300}
