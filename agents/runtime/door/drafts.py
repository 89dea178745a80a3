"""Drafts: a message on its way to a log."""

import time

from infra.log import Draft, Log, Partition
from infra.placement import partition_number
from streams.codec import encode
from streams.topics import Event, key_of, plan_of


def draft_of(message: Event, log: Log, *, mode: str) -> Draft:
    """A message as a record of its topic in this mode, on the partition that Kafka would choose for its key."""
    topic, key = plan_of(message).named(mode), key_of(message)
    number = partition_number(key, log.partitions_of(topic) or 1)
    return Draft(Partition(topic, number), key, encode(message), time.time_ns() // 1_000_000)
