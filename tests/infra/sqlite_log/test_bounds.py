"""Limits on everything: queue, cache, reads."""

import asyncio
from pathlib import Path
from typing import cast
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.log import Fenced, LogBusy, LogError, Partition, Record
from infra.sqlite_log import SqliteLog, SqliteLogSettings
from infra.sqlite_log.cache import TailCache, weight_of
from infra.sqlite_log.file.codec import RECORD_BYTES_OVERHEAD
from infra.sqlite_log.writer.gate import Gate
from tests.contracts.log.grounds import draft, join
from tests.infra.sqlite_log.kit import LETTERS, STATES, held_values, member_of, opened


async def test_appends_beyond_the_queue_are_refused_and_commits_wait(tmp_path: Path) -> None:
    """A flood from outside is refused and may try again; a member's commits are not, and keep their order."""
    settings = SqliteLogSettings(queue_requests_max=3)
    async with opened(tmp_path / "log", settings) as log:
        member, generation = await member_of(log, "group", "letters")
        flood = [asyncio.ensure_future(log.append([draft(LETTERS)])) for _ in range(20)]
        commits = [member.commit([draft(STATES, b"%d" % n)], {LETTERS: n + 1}, generation) for n in range(20)]
        await asyncio.gather(*commits)
        answers = await asyncio.gather(*flood, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, LogBusy)]
        assert len(refused) == 17
        assert "send again" in str(refused[0])
        assert len(await held_values(log)) == 3
        assert await held_values(log, STATES) == [b"%d" % n for n in range(20)]
        await log.append([draft(LETTERS)])


async def test_bytes_count_against_the_queue(tmp_path: Path) -> None:
    """Few large records fill it like many small ones; one that is larger than the queue passes alone."""
    settings = SqliteLogSettings(queue_bytes_max=10_000)
    async with opened(tmp_path / "log", settings) as log:
        appends = [log.append([draft(LETTERS, b"x" * size)]) for size in (6_000, 6_000)]
        first, second = await asyncio.gather(*appends, return_exceptions=True)
        assert first == [0]
        assert isinstance(second, LogBusy)
        assert await log.append([draft(LETTERS, b"x" * 20_000)]) == [1]


class TestGate:
    async def test_who_waits_too_long_is_told(self) -> None:
        """A commit that never got its turn was not written and says so; the queue goes on without it."""
        gate = Gate(SqliteLogSettings(queue_requests_max=1, queue_wait_seconds_max=0.01))
        gate.enter(1)
        with pytest.raises(LogBusy, match="nothing of this commit was written"):
            await gate.enter_in_turn(1)
        gate.exit(1)
        gate.enter(1)

    async def test_who_gives_up_lets_the_others_in(self) -> None:
        """A cancelled waiter leaves its place, also when its turn had come in the same moment."""
        gate = Gate(SqliteLogSettings(queue_requests_max=1))
        gate.enter(1)
        waiting = [asyncio.create_task(gate.enter_in_turn(1)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[1].cancel()
        gate.exit(1)
        waiting[0].cancel()
        await asyncio.sleep(0.01)
        assert [task.cancelled() for task in waiting] == [True, True, False]
        assert waiting[2].done()
        with pytest.raises(LogBusy):
            gate.enter(1)
        gate.exit(1)
        gate.enter(1)

    async def test_nobody_overtakes_who_waits(self) -> None:
        """While a commit waits for room, a smaller append does not slip in before it."""
        gate = Gate(SqliteLogSettings(queue_bytes_max=10))
        gate.enter(6)
        large = asyncio.create_task(gate.enter_in_turn(8))
        await asyncio.sleep(0)
        with pytest.raises(LogBusy):
            gate.enter(1)
        gate.exit(6)
        await large


PARTITIONS = [Partition("a", 0), Partition("a", 1), Partition("b", 0)]


@given(
    bytes_max=st.integers(0, 3_000),
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(0, 2), st.integers(0, 400)),
            st.tuples(st.just("forget"), st.integers(0, 2), st.integers(0, 40)),
        ),
        max_size=60,
    ),
)
def test_the_cache_is_bounded_and_never_leaves_a_record_out(bytes_max: int, steps: list[tuple[str, int, int]]) -> None:
    """Whatever comes, it stays under its bound, counts its bytes right, and has every record it claims to have."""
    cache = TailCache(bytes_max)
    written: dict[Partition, list[Record]] = {partition: [] for partition in PARTITIONS}
    for partition in PARTITIONS:
        cache.begin(partition, 0)
    for what, number, size in steps:
        partition = PARTITIONS[number]
        if what == "add":
            record = Record(partition, len(written[partition]), None, b"x" * size, 0)
            written[partition].append(record)
            cache.add([record])
        else:
            cache.forget_before(partition, min(size, len(written[partition])))
        kept = {tp: list(cache.since(tp, cache.start_of(tp), records_max=1000)) for tp in PARTITIONS}
        assert kept == {tp: [r for r in records if r.offset >= cache.start_of(tp)] for tp, records in written.items()}
        assert cache.bytes == sum(weight_of(record) for records in kept.values() for record in records) <= bytes_max


class Contents(bytearray):
    """Bytes that a test can see the end of."""


def test_a_record_that_left_the_cache_is_freed_at_once() -> None:
    """What the cache says that it holds is all that it keeps alive: else a worker takes twice its bound."""
    cache, made = TailCache(100_000), list[ref[Contents]]()
    for partition in PARTITIONS:
        cache.begin(partition, 0)
    for number in range(600):
        contents = Contents(1_000)
        made.append(ref(contents))
        cache.add([Record(PARTITIONS[number % 3], number, None, cast("bytes", contents), 0)])
        del contents
        alive = [one for one in made if one() is not None]
        assert len(alive) * (1_000 + RECORD_BYTES_OVERHEAD) == cache.bytes


async def test_records_that_left_the_cache_are_read_from_the_file(tmp_path: Path) -> None:
    """A reader anywhere in the log gets the same records, however little is cached."""
    settings = SqliteLogSettings(cache_bytes_max=2_000)
    async with opened(tmp_path / "log", settings) as log:
        for number in range(30):
            await log.append([draft(LETTERS, b"%d" % number), draft(STATES, b"x" * 100)])
        member, _ = join(log, "group")
        for start in range(30):
            batches = await member.read({LETTERS: start, STATES: start}, records_max=100, wait_seconds=0)
            assert batches[LETTERS].records[0].value == b"%d" % start
            assert batches[STATES].records[0].offset == start


@pytest.mark.parametrize("cache_bytes_max", [0, 10**6])
async def test_a_read_is_bounded_in_bytes(tmp_path: Path, cache_bytes_max: int) -> None:
    """Large records come in small batches, but always at least one, from memory as from the file."""
    settings = SqliteLogSettings(cache_bytes_max=cache_bytes_max, read_bytes_max=2_500)
    async with opened(tmp_path / "log", settings) as log:
        await log.append([draft(LETTERS, b"x" * size) for size in (1_000, 1_000, 1_000, 9_000, 1)])
        member, _ = join(log, "group")
        sizes = []
        position = 0
        while position < 5:
            batch = (await member.read({LETTERS: position}, records_max=100, wait_seconds=0))[LETTERS]
            sizes.append(len(batch.records))
            position = batch.next_offset
        assert sizes == [3, 1, 1]


async def test_a_log_that_is_not_open_says_so(tmp_path: Path) -> None:
    """Using it too early or too late is an error with a sentence, not a hang."""
    log = SqliteLog(tmp_path / "log")
    with pytest.raises(LogError, match="not open"):
        await log.append([draft(LETTERS)])
    async with opened(tmp_path / "log") as log:
        member, generation = await member_of(log, "group", "letters")
    with pytest.raises(LogError, match="not open"):
        await log.ends([LETTERS])
    with pytest.raises(Fenced):
        await member.commit([], {}, generation)


async def test_a_second_membership_of_a_group_fences_the_first(tmp_path: Path) -> None:
    """The file knows the newest generation: a commit under an older one is refused in the transaction itself."""
    async with opened(tmp_path / "log") as log:
        first, old = await member_of(log, "group", "letters")
        second, new = await member_of(log, "group", "letters")
        with pytest.raises(Fenced):
            await first.commit([draft(STATES, b"stale")], {LETTERS: 1}, old)
        await second.commit([draft(STATES, b"fresh")], {LETTERS: 1}, new)
        assert await held_values(log, STATES) == [b"fresh"]


async def test_a_generation_never_comes_back(tmp_path: Path) -> None:
    """A worker that starts again gets a higher generation than any before it."""
    generations = []
    for _ in range(3):
        async with opened(tmp_path / "log") as log:
            generations.append((await member_of(log, "group", "letters"))[1])
    assert generations == sorted(set(generations))
