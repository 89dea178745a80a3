"""Rows and records: how headers become bytes, and the place of a record in its table.

All partitions share one table, ordered by `place`: the number of the partition in the high bits, the offset in the low
ones. One range of places is one partition in the order of its offsets, without a second index.
"""

import struct
from itertools import chain
from typing import Final

from infra.log import DAMAGED, Draft, Headers, LogUnusable, Partition, Record

OFFSET_BITS: Final = 40
RECORD_BYTES_OVERHEAD: Final = 200
"""What a record costs in memory beside its contents, roughly."""

_LENGTH: Final = struct.Struct(">I")

Row = tuple[int, bytes | None, bytes | None, int, bytes | None]
"""Place, key, value, milliseconds, headers: the columns of the table `record` in order."""


def place_of(partition_id: int, offset: int) -> int:
    """The place of a record in the table."""
    return partition_id << OFFSET_BITS | offset


def offset_at(place: int) -> int:
    """The offset of the record that lies there."""
    return place & ((1 << OFFSET_BITS) - 1)


def size_of(record: Draft | Record) -> int:
    """Bytes of key, value and headers together."""
    contents = len(record.key or b"") + len(record.value or b"")
    return contents + sum(map(len, chain.from_iterable(record.headers)))


def encode_headers(headers: Headers) -> bytes | None:
    """Each name and value after its length in four bytes; None for no headers."""
    if not headers:
        return None
    parts = (part for name, value in headers for part in (name.encode(), value))
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def decode_headers(encoded: bytes | None) -> Headers:
    """Undo `encode_headers`; raise `LogUnusable` if the lengths don't add up."""
    if encoded is None:
        return ()
    parts = list(_parts(encoded))
    if len(parts) % 2:
        raise LogUnusable("A record's headers are damaged: restore the log from a backup.")
    try:
        return tuple((name.decode(), value) for name, value in zip(parts[::2], parts[1::2], strict=True))
    except UnicodeDecodeError:
        raise LogUnusable("A record's headers are damaged: restore the log from a backup.") from None


def readable_headers(encoded: bytes | None) -> Headers:
    """The same, but damaged headers are one header `DAMAGED`: they must not keep key and value from being read."""
    try:
        return decode_headers(encoded)
    except LogUnusable:
        return ((DAMAGED, encoded or b""),)


def _parts(encoded: bytes) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(encoded):
        if at + _LENGTH.size > len(encoded):
            raise LogUnusable("A record's headers are damaged: restore the log from a backup.")
        start = at + _LENGTH.size
        at = start + _LENGTH.unpack_from(encoded, at)[0]
        if at > len(encoded):
            raise LogUnusable("A record's headers are damaged: restore the log from a backup.")
        parts.append(encoded[start:at])
    return parts


def row_of(record: Record, partition_id: int) -> Row:
    """The row to be written."""
    place = place_of(partition_id, record.offset)
    return place, record.key, record.value, record.timestamp_ms, encode_headers(record.headers)


def record_of(row: Row, partition: Partition) -> Record:
    """The record that was written."""
    place, key, value, timestamp_ms, headers = row
    return Record(partition, offset_at(place), key, value, timestamp_ms, readable_headers(headers))
