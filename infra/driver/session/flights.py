"""Which messages are in flight, and how far each partition may be committed.

Gaps in offsets are normal, so nothing is counted: a partition is a queue of delivered messages,
and the committed offset is the one that the last message of its acked prefix names as the next.
"""

from collections import deque
from dataclasses import dataclass

from infra.driver.session.staging import Delivered
from infra.log import Draft, Partition

GROUP_BYTES_MAX = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Group:
    """What one commit writes: the drafts in order and the offsets to move; and the messages that it ends."""

    drafts: list[Draft]
    offsets: dict[Partition, int]
    messages: list[Delivered]


class Flights:
    """Delivered messages by partition, in the order of the log."""

    def __init__(self) -> None:
        self._queues: dict[Partition, deque[Delivered]] = {}

    def add(self, message: Delivered) -> None:
        message.in_flight = True
        self._queues.setdefault(message.where, deque()).append(message)

    def count(self, partition: Partition) -> int:
        """How many messages of a partition are delivered and not yet committed."""
        return len(self._queues.get(partition, ()))

    @property
    def is_empty(self) -> bool:
        """Whether every message that was delivered is committed, or about to be."""
        return not any(self._queues.values())

    def landed(self) -> bool:
        """Whether at least one partition can be committed further."""
        return any(queue and queue[0].acked for queue in self._queues.values())

    def take_landed(self) -> Group:
        """Take the acked prefix of every partition out of flight, as far as one commit should hold."""
        group = Group([], {}, [])
        bytes_count = 0
        for partition, queue in self._queues.items():
            while queue and queue[0].acked and bytes_count < GROUP_BYTES_MAX:
                message = queue.popleft()
                group.drafts.extend(message.stage.drafts())
                group.offsets[partition] = message.next_offset
                group.messages.append(message)
                bytes_count += message.stage.bytes_count
        return group

    def drop(self) -> None:
        """Forget everything: it will be read again."""
        self._queues.clear()
