"""The contract of the log port: every ground passes it unchanged.

A ground is added by adding it to `log_ground`.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.log import Draft, Fenced, Log, LogError, Partition, RecordTooLarge, TopicMismatch, TopicSpec
from tests.contracts.kafka.ground import KafkaGround
from tests.contracts.log.grounds import LogGround, SqliteGround, draft, fresh, join, read_all, values


@pytest.fixture(params=["sqlite", "kafka"])
def log_ground(request: pytest.FixtureRequest, tmp_path: Path) -> LogGround:
    if request.param == "kafka":
        return KafkaGround(request.getfixturevalue("kafka"))
    return SqliteGround(tmp_path / "contract.log")


@pytest.fixture
async def log(log_ground: LogGround) -> AsyncIterator[Log]:
    log = log_ground.log()
    await log.open()
    yield log
    await log.close()


@pytest.fixture
async def letters(log: Log) -> Partition:
    """The only partition of a topic of the test's own."""
    return await partition_of(log, "letters")


async def partition_of(log: Log, what: str) -> Partition:
    name = fresh(what)
    await log.create_topics([TopicSpec(name)])
    return Partition(name, 0)


class TestTopics:
    async def test_a_topic_has_the_partitions_it_was_made_with(self, log: Log) -> None:
        """A topic has exactly the number of partitions of its spec; one that was never made has None."""
        name = fresh("topic")
        assert log.partitions_of(name) is None
        await log.create_topics([TopicSpec(name, partitions=3)])
        assert log.partitions_of(name) == 3

    async def test_making_a_topic_again_changes_nothing(self, log: Log) -> None:
        """The same spec again neither fails nor loses a record."""
        spec = TopicSpec(fresh("topic"))
        await log.create_topics([spec])
        await log.append([draft(Partition(spec.name, 0), b"kept")])
        await log.create_topics([spec])
        assert await values(log, join(log, fresh("group"))[0], Partition(spec.name, 0)) == [b"kept"]

    async def test_a_topic_with_other_partitions_is_refused(self, log: Log) -> None:
        """Partitions decide where keys lie, so their number never changes in place."""
        name = fresh("topic")
        await log.create_topics([TopicSpec(name, partitions=2)])
        with pytest.raises(TopicMismatch, match=name):
            await log.create_topics([TopicSpec(name, partitions=4)])
        assert log.partitions_of(name) == 2

    async def test_topics_are_found_by_the_next_log(self, log: Log, log_ground: LogGround) -> None:
        """A log that is opened on the same ground knows every topic at once."""
        name = fresh("topic")
        await log.create_topics([TopicSpec(name, partitions=2, compacted=True)])
        await log.close()
        log = log_ground.log()
        await log.open()
        assert log.partitions_of(name) == 2
        await log.close()

    async def test_nothing_is_written_to_a_topic_that_does_not_exist(self, log: Log) -> None:
        """A mistyped name is an error, not a new topic."""
        with pytest.raises(LogError):
            await log.append([draft(Partition(fresh("mistyped"), 0))])


class TestRecords:
    @pytest.mark.parametrize("key", [b"key", b"", None])
    @pytest.mark.parametrize("value", [b"value", b"", b"\x00\xff", None])
    async def test_a_record_comes_back_as_it_was_written(
        self, log: Log, letters: Partition, key: bytes | None, value: bytes | None
    ) -> None:
        """Bytes are kept as they are, and nothing is not the same as empty."""
        written = Draft(letters, key, value, 1_700_000_000_123, (("trace", b"\x00\x01"), ("trace", b""), ("ü", b"2")))
        (offset,) = await log.append([written])
        (record,) = await read_all(join(log, fresh("group"))[0], letters, end=offset + 1)
        assert (record.partition, record.offset) == (letters, offset)
        assert (record.key, record.value) == (key, value)
        assert (record.timestamp_ms, record.headers) == (written.timestamp_ms, written.headers)

    async def test_records_are_read_in_the_order_they_were_written(self, log: Log, letters: Partition) -> None:
        """Whatever is appended at once or one after the other keeps its order, and offsets only grow."""
        offsets = list(await log.append([draft(letters, b"%d" % number) for number in range(20)]))
        for number in range(20, 30):
            offsets += await log.append([draft(letters, b"%d" % number)])
        assert offsets == sorted(set(offsets))
        records = await read_all(join(log, fresh("group"))[0], letters, end=offsets[-1] + 1)
        assert [record.value for record in records] == [b"%d" % number for number in range(30)]
        assert [record.offset for record in records] == offsets

    async def test_appends_made_at_the_same_time_keep_their_order(self, log: Log, letters: Partition) -> None:
        """Appends begun one after the other are written in that order, also if the caller does not wait between."""
        await asyncio.gather(*(log.append([draft(letters, b"%d" % number)]) for number in range(50)))
        assert await values(log, join(log, fresh("group"))[0], letters) == [b"%d" % number for number in range(50)]

    async def test_an_append_writes_all_of_its_records_or_none(
        self, log: Log, letters: Partition, log_ground: LogGround
    ) -> None:
        """One record that is refused takes its neighbours of the same append with it, and says how large it was."""
        too_large = draft(letters, b"x" * (log_ground.record_bytes_max + 1))
        with pytest.raises(RecordTooLarge, match=str(log_ground.record_bytes_max)):
            await log.append([draft(letters), too_large, draft(letters)])
        assert await values(log, join(log, fresh("group"))[0], letters) == []

    async def test_a_partition_begins_empty(self, log: Log, letters: Partition) -> None:
        """Where nothing was written, beginning and end are the same."""
        assert await log.beginnings([letters]) == await log.ends([letters])

    async def test_the_end_lies_behind_the_last_record(self, log: Log, letters: Partition) -> None:
        """The next record has the offset that `ends` says, or a later one; none before it is given again."""
        (first,) = await log.append([draft(letters)])
        end = (await log.ends([letters]))[letters]
        assert end > first
        (second,) = await log.append([draft(letters)])
        assert second >= end
        assert (await log.beginnings([letters]))[letters] == first

    async def test_what_was_appended_survives(self, log: Log, letters: Partition, log_ground: LogGround) -> None:
        """The next log has the records, and goes on with higher offsets."""
        (before,) = await log.append([draft(letters, b"before")])
        await log.close()
        log = log_ground.log()
        await log.open()
        (after,) = await log.append([draft(letters, b"after")])
        assert after > before
        assert await values(log, join(log, fresh("group"))[0], letters) == [b"before", b"after"]
        await log.close()


class TestReading:
    async def test_a_read_gives_no_more_than_it_was_asked_for(self, log: Log, letters: Partition) -> None:
        """`records_max` counts for each partition."""
        await log.append([draft(letters)] * 5)
        batch = (await join(log, fresh("group"))[0].read({letters: 0}, records_max=2, wait_seconds=10))[letters]
        assert 1 <= len(batch.records) <= 2
        assert batch.next_offset == batch.records[-1].offset + 1

    async def test_a_read_goes_on_at_any_position(self, log: Log, letters: Partition) -> None:
        """Reading from an offset gives that record first."""
        offsets = await log.append([draft(letters, b"%d" % number) for number in range(9)])
        member = join(log, fresh("group"))[0]
        for number, offset in enumerate(offsets):
            batches = await member.read({letters: offset}, records_max=1, wait_seconds=10)
            assert batches[letters].records[0].value == b"%d" % number

    async def test_a_read_of_nothing_lets_others_go_on(self, log: Log) -> None:
        """A reader whose topic is not made yet must not stop the process that it waits in."""
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        turning = asyncio.create_task(turn())
        assert await join(log, fresh("group"))[0].read({}, records_max=1, wait_seconds=0.05) == {}
        turning.cancel()
        assert turns > 1

    async def test_partitions_are_read_together(self, log: Log) -> None:
        """One read answers for all partitions that have something, each from its own position."""
        name = fresh("topic")
        await log.create_topics([TopicSpec(name, partitions=3)])
        await log.append([draft(Partition(name, 0), b"zero"), draft(Partition(name, 2), b"two")])
        member = join(log, fresh("group"))[0]
        found = {
            number: [record.value for record in await read_all(member, Partition(name, number), end=end)]
            for number, end in enumerate((await log.ends([Partition(name, number) for number in range(3)])).values())
        }
        assert found == {0: [b"zero"], 1: [], 2: [b"two"]}

    async def test_a_read_without_news_ends_when_its_time_is_over(self, log: Log, letters: Partition) -> None:
        """A reader at the end is answered with nothing, and does not hang."""
        batches = await join(log, fresh("group"))[0].read({letters: 0}, records_max=9, wait_seconds=0.05)
        assert all(not batch.records for batch in batches.values())

    async def test_a_waiting_read_is_answered_by_the_next_record(self, log: Log, letters: Partition) -> None:
        """A reader that waits at the end gets what is written meanwhile, long before its time is over."""
        member = join(log, fresh("group"))[0]
        waiting = asyncio.create_task(member.read({letters: 0}, records_max=9, wait_seconds=60))
        await asyncio.sleep(0.01)
        await log.append([draft(letters, b"news")])
        async with asyncio.timeout(180):
            assert [record.value for record in (await waiting)[letters].records] == [b"news"]


class TestMembership:
    async def test_a_member_is_told_its_partitions_from_a_task(self, log: Log) -> None:
        """`subscribe` returns first: a listener that waits for something of the subscriber would wait for ever."""
        name = fresh("topic")
        await log.create_topics([TopicSpec(name, partitions=2)])
        member, listener = join(log, fresh("group"))
        await member.subscribe([name])
        assert listener.told == []
        partitions, _ = await listener.assigned()
        assert partitions == {Partition(name, 0), Partition(name, 1)}
        assert asyncio.current_task() not in listener.tasks

    async def test_another_subscription_takes_the_partitions_back_first(self, log: Log) -> None:
        """What was assigned is revoked under its old generation before a new generation begins."""
        first, second = await partition_of(log, "first"), await partition_of(log, "second")
        member, listener = join(log, fresh("group"))
        await member.subscribe([first.topic])
        _, old = await listener.assigned()
        await member.subscribe([second.topic])
        partitions, new = await listener.assigned(times=2)
        assert partitions == {second}
        assert [(what, generation) for what, _, generation in listener.told] == [
            ("assigned", old),
            ("revoked", old),
            ("assigned", new),
        ]
        assert listener.told[1][1] == {first}

    async def test_a_group_that_never_committed_has_no_offset(self, log: Log, letters: Partition) -> None:
        """None, not zero: the reader decides where to begin."""
        assert await join(log, fresh("group"))[0].committed([letters]) == {letters: None}

    async def test_a_commit_writes_and_moves_together(self, log: Log, letters: Partition) -> None:
        """After a commit the records are there and the group's offsets moved, of this group and no other."""
        answers = await partition_of(log, "answers")
        group, other = fresh("group"), fresh("group")
        member, listener = join(log, group)
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        (offset,) = await log.append([draft(letters)])
        await member.commit([draft(answers, b"done")], {letters: offset + 1}, generation)
        assert await values(log, member, answers) == [b"done"]
        assert await member.committed([letters]) == {letters: offset + 1}
        assert await join(log, other)[0].committed([letters]) == {letters: None}

    async def test_a_commit_of_nothing_but_offsets_is_a_commit(self, log: Log, letters: Partition) -> None:
        """An event without an answer still moves its offset; records without an event are written too."""
        member, listener = join(log, fresh("group"))
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        await member.commit([], {letters: 4}, generation)
        await member.commit([draft(letters, b"alone")], {}, generation)
        assert await member.committed([letters]) == {letters: 4}
        assert await values(log, member, letters) == [b"alone"]

    async def test_what_was_committed_survives(self, log: Log, letters: Partition, log_ground: LogGround) -> None:
        """The next log of the same group goes on where this one committed."""
        group = fresh("group")
        member, listener = join(log, group)
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        await member.commit([draft(letters, b"kept")], {letters: 1}, generation)
        await member.leave()
        await log.close()
        log = log_ground.log()
        await log.open()
        member, _ = join(log, group)
        assert await member.committed([letters]) == {letters: 1}
        assert await values(log, member, letters) == [b"kept"]
        await log.close()

    async def test_a_refused_commit_writes_nothing(self, log: Log, letters: Partition, log_ground: LogGround) -> None:
        """A record above the bound refuses the whole commit: no neighbour is written, no offset moves."""
        member, listener = join(log, fresh("group"))
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        with pytest.raises(RecordTooLarge):
            await member.commit(
                [draft(letters), draft(letters, b"x" * (log_ground.record_bytes_max + 1))], {letters: 1}, generation
            )
        assert await member.committed([letters]) == {letters: None}
        assert await values(log, member, letters) == []
        await member.commit([draft(letters, b"next")], {letters: 1}, generation)
        assert await values(log, member, letters) == [b"next"]


class TestFencing:
    async def test_an_old_generation_cannot_commit(self, log: Log, letters: Partition) -> None:
        """What was staged before a rebalance is refused after it, and nothing of it is written."""
        member, listener = join(log, fresh("group"))
        await member.subscribe([letters.topic])
        _, old = await listener.assigned()
        await member.subscribe([letters.topic])
        _, new = await listener.assigned(times=2)
        assert new > old
        with pytest.raises(Fenced):
            await member.commit([draft(letters, b"stale")], {letters: 9}, old)
        await member.commit([draft(letters, b"fresh")], {letters: 1}, new)
        assert await values(log, member, letters) == [b"fresh"]
        assert await member.committed([letters]) == {letters: 1}

    async def test_nobody_commits_after_leaving(self, log: Log, letters: Partition) -> None:
        """Leaving ends the membership at once; leaving again is no error."""
        member, listener = join(log, fresh("group"))
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        await member.leave()
        await member.leave()
        with pytest.raises(Fenced):
            await member.commit([draft(letters)], {}, generation)
        with pytest.raises(Fenced):
            await member.subscribe([letters.topic])
        assert await values(log, join(log, fresh("group"))[0], letters) == []

    async def test_nobody_commits_for_a_partition_it_does_not_own(self, log: Log, letters: Partition) -> None:
        """An offset of a partition that was not assigned is refused, with all that came with it."""
        foreign = await partition_of(log, "foreign")
        member, listener = join(log, fresh("group"))
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        with pytest.raises(Fenced):
            await member.commit([draft(letters)], {letters: 1, foreign: 1}, generation)
        assert await values(log, member, letters) == []
        assert await member.committed([letters, foreign]) == {letters: None, foreign: None}

    async def test_nobody_commits_before_having_been_assigned(self, log: Log, letters: Partition) -> None:
        """Joining alone gives no right to write."""
        member, _ = join(log, fresh("group"))
        with pytest.raises(Fenced):
            await member.commit([draft(letters)], {}, 0)


class TestLifeOfALog:
    async def test_a_log_may_be_closed_twice_and_before_it_was_opened(self, log_ground: LogGround) -> None:
        """Stopping must work at any moment, or a worker that failed to start hangs instead of ending."""
        log = log_ground.log()
        await log.close()
        await log.open()
        await log.close()
        await log.close()

    async def test_a_log_may_be_closed_while_it_opens(self, log_ground: LogGround) -> None:
        """Whatever comes first, in the end the ground is free for the next log."""
        log = log_ground.log()
        opening = asyncio.create_task(log.open())
        await asyncio.sleep(0)
        await log.close()
        await asyncio.gather(opening, return_exceptions=True)
        await log.close()
        other = log_ground.log()
        await other.open()
        await other.close()

    @pytest.mark.parametrize("steps", range(1, 6))
    async def test_an_opening_that_is_cancelled_leaves_nothing_behind(self, log_ground: LogGround, steps: int) -> None:
        """A worker told to stop at any moment of its start lets the next one in."""
        log = log_ground.log()
        opening = asyncio.create_task(log.open())
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await log.close()
        other = log_ground.log()
        await other.open()
        await other.close()

    async def test_what_was_begun_before_closing_is_finished(self, log_ground: LogGround) -> None:
        """An append that was handed over is written although the log closes at the same moment."""
        log = log_ground.log()
        await log.open()
        partition = await partition_of(log, "letters")
        appending = asyncio.create_task(log.append([draft(partition, b"last")]))
        await asyncio.sleep(0)
        await log.close()
        await appending
        log = log_ground.log()
        await log.open()
        assert await values(log, join(log, fresh("group"))[0], partition) == [b"last"]
        await log.close()

    async def test_a_waiting_reader_does_not_hold_up_closing(self, log: Log, letters: Partition) -> None:
        """A read that waits for news is answered when the log closes; it may say so with an error."""
        member = join(log, fresh("group"))[0]
        waiting = asyncio.create_task(member.read({letters: 0}, records_max=1, wait_seconds=60))
        await asyncio.sleep(0.01)
        async with asyncio.timeout(180):
            await log.close()
            (answer,) = await asyncio.gather(waiting, return_exceptions=True)
        assert isinstance(answer, LogError) or not answer
