"""The partition of a key, on every ground the same that Kafka's own clients would choose."""

from functools import lru_cache
from typing import Final

_SEED: Final = 0x9747B28C
_FACTOR: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF
_POSITIVE: Final = 0x7FFFFFFF


@lru_cache(maxsize=10_000)
def partition_number(key: bytes, partitions_count: int) -> int:
    """The partition of a key, from 0."""
    return (_murmur2(key) & _POSITIVE) % partitions_count


def _murmur2(key: bytes) -> int:
    """Austin Appleby's MurmurHash2 with Kafka's seed: `org.apache.kafka.common.utils.Utils.murmur2`."""
    mixed = _SEED ^ len(key)
    whole = len(key) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(key[at : at + 4], "little") * _FACTOR & _WORD
        word = (word ^ word >> 24) * _FACTOR & _WORD
        mixed = (mixed * _FACTOR & _WORD) ^ word
    if whole < len(key):
        mixed = (mixed ^ int.from_bytes(key[whole:], "little")) * _FACTOR & _WORD
    mixed = (mixed ^ mixed >> 13) * _FACTOR & _WORD
    return mixed ^ mixed >> 15
