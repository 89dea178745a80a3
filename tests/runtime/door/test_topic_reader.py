"""A reader hands out each record once, whoever asks it at the same time."""

import asyncio
from collections.abc import Collection, Mapping

from agents.runtime.door.topic_reader import TopicReader
from infra.log import Draft, Partition, TopicSpec
from tests.contracts.driver.memory_log import MemoryLog, Shelf

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
