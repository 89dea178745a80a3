"""Random work against a model made of plain lists."""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.log import Draft, LogError, Member, Partition, Record, RecordTooLarge, TopicSpec
from infra.sqlite_log import SqliteDoor, SqliteLog, SqliteLogSettings
from infra.sqlite_log.file.rows import FileRows
from tests.contracts.log.grounds import read_all
from tests.infra.sqlite_log.kit import Clock, member_of

KEEPS, COMPACTS, BOTH = Partition("keeps", 0), Partition("compacts", 0), Partition("both", 1)
PARTITIONS = (KEEPS, COMPACTS, BOTH)
RETENTION_MS, GRACE_MS = 10_000, 4_000
SPECS = (
    TopicSpec("keeps"),
    TopicSpec("compacts", compacted=True),
    TopicSpec("both", partitions=2, compacted=True, retention_seconds=RETENTION_MS / 1000),
)
SETTINGS = SqliteLogSettings(
    cache_bytes_max=1_500,
    record_bytes_max=100,
    read_bytes_max=150,
    inbox_slice_records=2,
    inbox_poll_seconds=0.002,
    tidy_slice_records=3,
    tidy_pause_seconds=0,
    tidy_interval_seconds=0,
    tombstone_grace_seconds=GRACE_MS / 1000,
    free_pages_kept=0,
    group_requests_max=3,
)

KEYS = (b"a", b"b", b"c")

drafts = st.builds(
    Draft,
    partition=st.sampled_from(PARTITIONS),
    key=st.sampled_from([*KEYS, None]),
    value=st.one_of(st.none(), st.binary(max_size=60), st.just(b"x" * 101)),
    timestamp_ms=st.integers(0, 40_000),
    headers=st.sampled_from([(), (("h", b"\x00"),)]),
)
batches = st.lists(drafts, max_size=6)
steps = st.one_of(
    st.tuples(st.just("append"), batches),
    st.tuples(st.just("append many"), st.lists(batches, max_size=6)),
    st.tuples(st.just("commit"), batches, st.integers(0, 50)),
    st.tuples(st.just("commit under an old generation"), batches),
    st.tuples(st.just("leave at the door"), batches),
    st.tuples(st.just("let time pass"), st.integers(0, 9_000)),
    st.tuples(st.just("tidy")),
    st.tuples(st.just("open again")),
    st.tuples(st.just("read"), st.sampled_from(PARTITIONS), st.integers(0, 40)),
)


@dataclass
class Model:
    """What the log should hold."""

    records: dict[Partition, list[Record]] = field(default_factory=lambda: {partition: [] for partition in PARTITIONS})
    ends: dict[Partition, int] = field(default_factory=lambda: dict.fromkeys(PARTITIONS, 0))
    seen_ms: dict[tuple[Partition, int], int] = field(default_factory=dict)
    committed: int | None = None

    def write(self, drafts: list[Draft]) -> list[int]:
        offsets = []
        for d in drafts:
            offsets.append(self.ends[d.partition])
            record = Record(d.partition, self.ends[d.partition], d.key, d.value, d.timestamp_ms, d.headers)
            self.records[d.partition].append(record)
            self.ends[d.partition] += 1
        return offsets

    def tidy(self, now_ms: int) -> None:
        expired = self.records[BOTH]
        while expired and expired[0].timestamp_ms < now_ms - RETENTION_MS:
            expired.pop(0)
        for partition in (COMPACTS, BOTH):
            last = {record.key: record.offset for record in self.records[partition]}
            self.records[partition] = [
                record
                for record in self.records[partition]
                if record.key is None or (record.offset == last[record.key] and not self._is_over(record, now_ms))
            ]

    def _is_over(self, record: Record, now_ms: int) -> bool:
        """A deletion is removed once its grace period, counted from the round that met it, is over."""
        met_ms = self.seen_ms.setdefault((record.partition, record.offset), now_ms)
        return record.value is None and met_ms + GRACE_MS <= now_ms


class Run:
    """One log and its model, doing the same."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock, self.model = path, Clock(), Model()
        self.log: SqliteLog
        self.rows: FileRows
        self.member: Member
        self.generation = 0

    async def open(self) -> None:
        self.log = SqliteLog(self.path, settings=SETTINGS, clock=self.clock)
        await self.log.open()
        await self.log.create_topics(SPECS)
        self.member, self.generation = await member_of(self.log, "group", "keeps")
        rows = self.log.rows_of(COMPACTS)
        assert rows is not None
        self.rows = rows

    async def append(self, batch: list[Draft]) -> None:
        try:
            offsets = await self.log.append(batch)
        except RecordTooLarge:
            assert self.is_too_large(batch)
        else:
            assert offsets == self.model.write(batch)

    async def append_many(self, batches: list[list[Draft]]) -> None:
        answers = await asyncio.gather(*map(self.log.append, batches), return_exceptions=True)
        for batch, answer in zip(batches, answers, strict=True):
            assert isinstance(answer, RecordTooLarge) == self.is_too_large(batch)
            if not isinstance(answer, BaseException):
                assert answer == self.model.write(batch)

    async def commit(self, batch: list[Draft], offset: int) -> None:
        try:
            await self.member.commit(batch, {KEEPS: offset}, self.generation)
        except RecordTooLarge:
            assert self.is_too_large(batch)
        else:
            self.model.write(batch)
            self.model.committed = offset

    async def commit_under_an_old_generation(self, batch: list[Draft]) -> None:
        try:
            await self.member.commit(batch, {KEEPS: 99}, self.generation - 1)
        except LogError:
            return
        raise AssertionError

    async def leave_at_the_door(self, batch: list[Draft]) -> None:
        try:
            async with SqliteDoor(self.path, settings=SETTINGS) as door:
                await door.append(batch)
        except RecordTooLarge:
            assert self.is_too_large(batch)
            return
        self.model.write(batch)
        async with asyncio.timeout(180):
            while await self.log.ends(PARTITIONS) != self.model.ends:  # noqa: ASYNC110 - it waits for all partitions
                await asyncio.sleep(0.001)

    async def let_time_pass(self, by_ms: int) -> None:
        self.clock.now_ms += by_ms

    async def tidy(self) -> None:
        await self.log.compact()
        self.model.tidy(self.clock.now_ms)

    async def open_again(self) -> None:
        await self.log.close()
        await self.open()

    async def read(self, partition: Partition, start: int) -> None:
        found = await read_all(self.member, partition, start=start, end=self.model.ends[partition])
        assert list(found) == [record for record in self.model.records[partition] if record.offset >= start]

    def is_too_large(self, batch: list[Draft]) -> bool:
        return any(draft.value == b"x" * 101 for draft in batch)

    async def compare(self) -> None:
        assert await self.log.ends(PARTITIONS) == self.model.ends
        beginnings = {tp: held[0].offset if held else self.model.ends[tp] for tp, held in self.model.records.items()}
        assert await self.log.beginnings(PARTITIONS) == beginnings
        assert await self.member.committed([KEEPS]) == {KEEPS: self.model.committed}
        last = {record.key: record.value for record in self.model.records[COMPACTS]}
        assert {key: self.rows.get(key) for key in KEYS} == {key: last.get(key) for key in KEYS}
        assert {*self.rows.keys()} == {key for key in KEYS if last.get(key) is not None}


@settings(max_examples=40)
@given(work=st.lists(steps, max_size=15))
def test_the_log_does_what_lists_would_do(work: list[tuple[str, *tuple[object, ...]]]) -> None:
    """Whatever is appended, committed, left, tidied and read, in any order: records and offsets are the model's."""

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            both = Run(Path(folder) / "log")
            await both.open()
            try:
                for name, *arguments in [*work, *(("read", partition, 0) for partition in PARTITIONS)]:
                    await getattr(both, name.replace(" ", "_"))(*arguments)
                    await both.compare()
            finally:
                await both.log.close()

    asyncio.run(run())
