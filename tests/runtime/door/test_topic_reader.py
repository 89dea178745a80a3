"""A reader hands out each record once, whoever asks it at the same time."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from agents.runtime.door import topic_reader
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Batch, Draft, LogError, Partition, Record, TopicSpec
from tests.contracts.driver.memory_log import MemoryLog, MemoryMember, Shelf

WHERE = Partition("letters", 0)


class Slow(MemoryLog):
    """A log that says where a topic begins when the test wants it to."""

    def __init__(self) -> None:
        super().__init__(Shelf(topics={WHERE.topic: 1}))
        self.answers = [asyncio.Event(), asyncio.Event()]
        self._asked = iter(self.answers)

    async def beginnings(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        await next(self._asked).wait()
        return await super().beginnings(partitions)


class Counting(MemoryLog):
    """A log that keeps in mind from where it was read."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        self.reads: list[int] = []

    def join(self, group: str, **given: Any) -> MemoryMember:
        member = super().join(group, **given)
        read = member.read

        async def noted(positions: Mapping[Partition, int], **limits: Any) -> Mapping[Partition, Batch]:
            self.reads += positions.values()
            return await read(positions, **limits)

        member.read = noted  # type: ignore[method-assign] # it reads as before
        return member


async def test_who_is_answered_later_where_a_topic_begins_does_not_send_the_reader_back() -> None:
    log = Slow()
    await log.append([Draft(WHERE, b"k", b"1", 0), Draft(WHERE, b"k", b"2", 0)])
    reader = TopicReader(lambda: log, WHERE.topic)
    reading, asking = asyncio.create_task(reader.more(0)), asyncio.create_task(reader.ends())
    await asyncio.sleep(0)
    first, second = log.answers
    first.set()
    assert [record.value for record in await reading] == [b"1", b"2"]
    second.set()
    assert await asking == {WHERE: 2}
    assert await reader.more(0) == []


async def test_a_topic_that_is_made_later_is_read_from_its_first_record() -> None:
    shelf = Shelf(topics={})
    log = MemoryLog(shelf)
    reader = TopicReader(lambda: log, WHERE.topic)
    assert await reader.more(0) == []
    assert await reader.rest() == []
    await log.create_topics([TopicSpec(WHERE.topic)])
    await log.append([Draft(WHERE, b"k", b"1", 0)])
    assert [record.value for record in await reader.rest()] == [b"1"]
    assert await reader.more(0) == []


async def test_what_was_read_before_the_log_failed_comes_with_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows a table would else lack those records for as long as they look on."""
    monkeypatch.setattr(topic_reader, "RECORDS_MAX", 1)
    log = MemoryLog(Shelf(topics={WHERE.topic: 1}))
    await log.append([Draft(WHERE, b"k", b"%d" % number, 0) for number in range(3)])
    reader = TopicReader(lambda: log, WHERE.topic)
    read, calls = reader.more, 0

    async def fails_at_times(wait_seconds: float) -> Sequence[Record]:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise LogError
        return await read(wait_seconds)

    monkeypatch.setattr(reader, "more", fails_at_times)
    with pytest.raises(LogError):
        await reader.rest()
    assert [record.value for record in await reader.rest()] == [b"0", b"1", b"2"]


@pytest.mark.parametrize("key", [None, b"odd"])
async def test_a_topic_is_read_from_its_end_each_record_once(key: bytes | None) -> None:
    """Whoever wants the newest record reads no more than that."""
    log = Counting(Shelf(topics={WHERE.topic: 1}))
    kept = [Draft(WHERE, b"odd" if number % 2 else b"even", b"%d" % number, 0) for number in range(9)]
    await log.append(kept)
    reader = TopicReader(lambda: log, WHERE.topic, key=key)
    found = [record.value async for record in reader.newest_first()]
    assert found == [one.value for one in reversed(kept) if key in {None, one.key}]
    log.reads.clear()
    assert (await anext(TopicReader(lambda: log, WHERE.topic).newest_first())).value == b"8"
    assert log.reads == [8]


@pytest.mark.parametrize("key", [None, b"k"])
@pytest.mark.parametrize("read_before", [True, False])
async def test_what_was_written_before_is_left_out_unread(key: bytes | None, read_before: bool) -> None:  # noqa: FBT001 - a case of the test
    """Also if nothing was asked of the reader before: an order costs the same however long the record is."""
    log = Counting(Shelf(topics={WHERE.topic: 1}))
    await log.append([Draft(WHERE, b"k", b"%d" % number, 0) for number in range(9)])
    reader = TopicReader(lambda: log, WHERE.topic, key=key)
    if read_before:
        await reader.ends()
    await reader.skip()
    await log.append([Draft(WHERE, b"k", b"new", 0)])
    assert [record.value for record in await reader.more(0)] == [b"new"]
    assert log.reads == [9]
