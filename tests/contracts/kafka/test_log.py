"""What the Kafka log does where the contract leaves it free, on a real broker."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaProducer, codec
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.errors import IllegalGenerationError
from aiokafka.structs import TopicPartition

from infra.kafka_log import KafkaDoor, KafkaLog, KafkaLogSettings
from infra.kafka_log.group.deal import give_up
from infra.kafka_log.protocol import GroupMember
from infra.kafka_log.records import producers
from infra.kafka_log.records.producers import FencedProducer
from infra.kafka_log.records.transactions import transact
from infra.log import Fenced, LogBusy, LogError, Partition, Replaced, TopicSpec
from tests.contracts.log.grounds import PATIENCE_SECONDS, Listener, draft, fresh, join, read_all, values


@pytest.fixture
def settings(kafka: str) -> KafkaLogSettings:
    return KafkaLogSettings(bootstrap=tuple(kafka.split(",")), replication_count=1, insync_count_min=1)


@pytest.fixture
async def log(settings: KafkaLogSettings) -> AsyncIterator[KafkaLog]:
    log = KafkaLog(settings)
    await log.open()
    yield log
    await log.close()


@pytest.fixture
async def letters(log: KafkaLog) -> Partition:
    name = fresh("letters")
    await log.create_topics([TopicSpec(name, partitions=2)])
    return Partition(name, 0)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def test_a_second_worker_of_the_same_name_replaces_the_first(
    log: KafkaLog, letters: Partition, settings: KafkaLogSettings
) -> None:
    """Kafka has no lock: the newer one has the partitions, and the older one learns it, even if it asks nothing."""
    group = fresh("group")
    member, listener = join(log, group)
    await member.subscribe([letters.topic])
    _, generation = await listener.assigned()
    other = KafkaLog(settings)
    await other.open()
    newer, newer_listener = join(other, group)
    await newer.subscribe([letters.topic])
    _, newer_generation = await newer_listener.assigned()
    with pytest.raises(Fenced):
        await member.commit([draft(letters, b"old")], {letters: 1}, generation)
    await newer.commit([draft(letters, b"new")], {letters: 1}, newer_generation)
    assert await values(other, newer, letters) == [b"new"]
    nothing, _ = await listener.assigned(times=2)
    assert nothing == set()
    again, again_listener = join(log, group)
    await again.subscribe([letters.topic])
    assert (await again_listener.assigned())[0] == set()
    for asked in (member.committed([letters]), member.commit([], {}, generation), member.subscribe([letters.topic])):
        with pytest.raises(Replaced, match="named '0' has taken this one's place"):
            await asked
    await log.close()
    await newer.commit([draft(letters, b"newer")], {letters: 2}, newer_generation)
    await other.close()


async def test_a_generation_follows_the_last_one_unless_the_place_was_lost(log: KafkaLog, letters: Partition) -> None:
    """A member that sees a gap knows that others may have had its partitions."""
    group = fresh("group")
    member, listener = join(log, group)
    await member.subscribe([letters.topic])
    _, first = await listener.assigned()
    await member.subscribe([letters.topic])
    _, second = await listener.assigned(times=2)
    assert second == first + 1
    await give_up(log._nodes(), log._seats[group])
    member._seat.take_anew()  # type: ignore[attr-defined] # A KafkaMember.
    _, third = await listener.assigned(times=3)
    assert third > second + 1


async def test_a_fault_that_nobody_foresaw_only_delays_a_membership(
    log: KafkaLog, letters: Partition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the logs with its trace; a worker that has no partitions for ever would look as if it were at work."""
    start, faults = producers.start, [RuntimeError("a fault of the library")]

    async def start_at_last(producer: object, seconds_max: float) -> None:
        if faults:
            await producers.end(producer, seconds_max=seconds_max)
            raise faults.pop()
        await start(producer, seconds_max)

    monkeypatch.setattr(producers, "start", start_at_last)
    _, listener = await _joined(log, fresh("group"), letters.topic)
    partitions, _ = await listener.assigned()
    assert partitions == {letters, letters._replace(number=1)}
    assert "a fault of the library" in caplog.text


async def test_partitions_are_shared_by_workers_of_different_names(
    log: KafkaLog, letters: Partition, settings: KafkaLogSettings
) -> None:
    """When one closes its log, the other has everything, long before a session is over."""
    group = fresh("group")
    _, listener = await _joined(log, group, letters.topic)
    other = KafkaLog(replace(settings, worker="1"))
    await other.open()
    _, other_listener = await _joined(other, group, letters.topic)
    everything = {letters, letters._replace(number=1)}
    assert await listener.owns(1) | await other_listener.owns(1) == everything
    await other.close()
    assert await listener.owns(2) == everything


async def _joined(log: KafkaLog, group: str, topic: str) -> tuple[object, Listener]:
    member, listener = join(log, group)
    await member.subscribe([topic])
    return member, listener


async def test_a_transaction_of_an_old_generation_leaves_no_trace(
    log: KafkaLog, letters: Partition, settings: KafkaLogSettings
) -> None:
    """The coordinator refuses its offsets; its records are undone as soon as the worker starts again."""
    group = fresh("group")
    member, listener = join(log, group)
    await member.subscribe([letters.topic])
    await listener.assigned()
    stale = GroupMember(group, 999, "somebody", None)
    for offsets in ({letters: 7}, None):
        producer = FencedProducer(settings, stale, transactional_id=f"{group}-zombie")
        await producers.start(producer, 20)
        if offsets:
            with pytest.raises(IllegalGenerationError):
                await transact(producer, [draft(letters, b"stale")], offsets=offsets, group=group)
        await producers.end(producer, seconds_max=5)
    assert await values(log, member, letters) == []
    assert await member.committed([letters]) == {letters: None}


async def test_an_append_to_several_partitions_is_one_transaction(log: KafkaLog, letters: Partition) -> None:
    other = letters._replace(number=1)
    drafts = [draft(letters if number % 2 else other, b"%d" % number) for number in range(6)]
    offsets = await log.append(drafts)
    assert offsets == [0, 0, 1, 1, 2, 2]
    reader, _ = join(log, fresh("group"))
    assert await values(log, reader, letters) == [b"1", b"3", b"5"]
    assert await values(log, reader, other) == [b"0", b"2", b"4"]


async def test_a_large_append_is_written_in_order(log: KafkaLog, letters: Partition) -> None:
    """It needs several batches, and is still all or nothing."""
    wanted = [b"%06d" % number + b"x" * 100_000 for number in range(30)]
    await log.append([draft(letters, value) for value in wanted])
    assert await values(log, join(log, fresh("group"))[0], letters) == wanted


async def test_what_a_stranger_has_compressed_is_read_without_knowing_how(
    log: KafkaLog, letters: Partition, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one feed that compresses in a way that we lack would hold up its topic for ever."""
    stranger = AIOKafkaProducer(bootstrap_servers=kafka, compression_type="gzip")
    await stranger.start()
    for _ in range(3):
        await stranger.send(letters.topic, b"x" * 1000, partition=0)
    await stranger.stop()
    monkeypatch.setattr(codec, "has_gzip", lambda: False)
    assert await values(log, join(log, fresh("group"))[0], letters) == [b"x" * 1000] * 3


async def test_a_reader_goes_on_where_old_records_were_removed(log: KafkaLog, letters: Partition, kafka: str) -> None:
    offsets = await log.append([draft(letters, b"%d" % number) for number in range(9)])
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_records({TopicPartition(*letters): RecordsToDelete(offsets[5])})
    await admin.close()
    assert await log.beginnings([letters]) == {letters: offsets[5]}
    records = await read_all(join(log, fresh("group"))[0], letters, end=offsets[-1] + 1)
    assert [record.value for record in records] == [b"5", b"6", b"7", b"8"]


async def test_a_compacted_topic_on_which_little_happens_stays_small(settings: KafkaLogSettings) -> None:
    """What was replaced goes while the file that holds it is far from full: a start reads what is left."""
    log = KafkaLog(replace(settings, segment_seconds=0.5))
    await log.open()
    name = fresh("table")
    await log.create_topics([TopicSpec(name, compacted=True)])
    table = Partition(name, 0)
    offsets = await log.append([draft(table, b"%d" % number, at_ms=now_ms()) for number in range(50)])
    member, _ = join(log, fresh("group"))
    left: list[bytes | None] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(left) != 1:
            await log.append([draft(table, b"beside", key=b"other", at_ms=now_ms())])
            await asyncio.sleep(0.5)
            records = await read_all(member, table, end=offsets[-1] + 1)
            left = [record.value for record in records if record.key == b"key"]
    assert left == [b"49"]
    await log.close()


async def test_more_copies_than_brokers_are_refused_with_a_way_out(settings: KafkaLogSettings) -> None:
    """Fewer copies than asked for would be a promise broken in silence."""
    log = KafkaLog(replace(settings, replication_count=3, insync_count_min=2))
    await log.open()
    with pytest.raises(LogError, match="replication=1"):
        await log.create_topics([TopicSpec(fresh("topic"))])
    await log.close()


async def test_a_cluster_that_does_not_answer_is_told(unused_tcp_port: int) -> None:
    log = KafkaLog(KafkaLogSettings(bootstrap=(f"127.0.0.1:{unused_tcp_port}",)))
    with pytest.raises(LogBusy, match="No broker answers"):
        await log.open()
    await log.close()


async def test_a_door_writes_reads_and_knows_whether_a_worker_runs(
    log: KafkaLog, letters: Partition, settings: KafkaLogSettings
) -> None:
    group = fresh("group")
    async with KafkaDoor(settings, group=group) as door:
        assert not await door.worker_runs()
        member, listener = join(log, group)
        await member.subscribe([letters.topic])
        _, generation = await listener.assigned()
        assert await door.worker_runs()
        await door.append([draft(letters, b"from the door")])
        assert (await door.topics())[letters.topic].partitions == 2
        (end,) = (await door.ends([letters])).values()
        (record,) = await read_all(door, letters, end=end)
        assert record.value == b"from the door"
        await member.commit([], {letters: end}, generation)
        assert await door.committed(group, [letters]) == {letters: end}
        await log.close()
        assert not await door.worker_runs()


async def test_a_worker_that_comes_back_with_other_topics_gets_them(
    log: KafkaLog, letters: Partition, settings: KafkaLogSettings
) -> None:
    """An upgrade within the session of its predecessor: the group has kept the place, and what was dealt to it."""
    name, group = fresh("new"), fresh("group")
    await log.create_topics([TopicSpec(name)])
    _, listener = await _joined(log, group, letters.topic)
    await listener.assigned()
    other = KafkaLog(settings)
    await other.open()
    member, other_listener = join(other, group)
    await member.subscribe([letters.topic, name])
    partitions, _ = await other_listener.assigned()
    assert partitions == {letters, letters._replace(number=1), Partition(name, 0)}
    await other.close()
