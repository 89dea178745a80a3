"""What a fetch has brought is handed out once and in order, also where some of it cannot be read."""

from typing import Any

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from infra.kafka_log.records.fetched import Fetched
from infra.kafka_log.records.pipe import Pipe
from infra.log import Batch, LogUnusable, Partition

LETTERS = Partition("letters", 0)
NOBODY: Any = None


def batch(first: int, count: int) -> bytes:
    """The records of these offsets, as a broker would hand them out."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=10_000,
    )
    for number in range(count):
        builder.append(number, 0, b"key", b"%d" % (first + number), [("NAME", b"x")])
    return first.to_bytes(8, "big") + bytes(builder.build())[8:]


def unspeakable(made: bytes) -> bytes:
    """With names of headers in bytes that are no text, as clients in other languages may write them."""
    body = made[21:].replace(b"NAME", b"\xff\xfe\xff\xfe")
    checksum: int = calc_crc32c(body)
    return made[:17] + checksum.to_bytes(4, "big") + body


def damaged(made: bytes) -> bytes:
    return made[:-1] + bytes([made[-1] ^ 0xFF])


def pipe_with(records: bytes, position: int = 0) -> Pipe:
    """A pipe that has been given these."""
    pipe = Pipe(NOBODY, 100)
    pipe._shelf[LETTERS] = Fetched(LETTERS, position, answer=(9, 0, None, records))
    return pipe


def told(found: Batch) -> list[bytes | None]:
    return [record.value for record in found.records]


UNREADABLE = {"damaged": damaged(batch(3, 2)), "unspeakable": unspeakable(batch(3, 2))}


@pytest.mark.parametrize("after", UNREADABLE)
def test_what_comes_before_something_unreadable_is_handed_out_and_not_passed_over(after: str) -> None:
    """Once, and never again as a gap that a reader would step over."""
    pipe = pipe_with(batch(0, 3) + UNREADABLE[after])
    found = pipe._take({LETTERS: 0}, 10)[LETTERS]
    assert told(found) == [b"0", b"1", b"2"]
    assert found.next_offset == 3
    assert pipe._take({LETTERS: 0}, 10) == {}
    assert pipe._take({LETTERS: 3}, 10) == {}


@pytest.mark.parametrize("first", UNREADABLE)
def test_what_cannot_be_read_is_told_each_time_it_is_fetched(first: str) -> None:
    pipe = pipe_with(UNREADABLE[first], position=3)
    with pytest.raises(LogUnusable, match="letters 0 cannot be read from 3 on: "):
        pipe._take({LETTERS: 3}, 10)
    assert pipe._take({LETTERS: 3}, 10) == {}


def test_records_are_handed_out_as_far_as_a_reader_wants() -> None:
    pipe = pipe_with(batch(0, 3) + batch(3, 2))
    assert told(pipe._take({LETTERS: 0}, 2)[LETTERS]) == [b"0", b"1"]
    assert told(pipe._take({LETTERS: 2}, 2)[LETTERS]) == [b"2", b"3"]
    assert told(pipe._take({LETTERS: 4}, 2)[LETTERS]) == [b"4"]
    assert pipe._take({LETTERS: 5}, 2) == {}
