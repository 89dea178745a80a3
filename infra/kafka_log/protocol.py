"""Four requests that aiokafka 0.14 does not speak yet, on its own protocol classes.

TxnOffsetCommit v3 names generation, member and instance, so that a coordinator refuses the transaction of a worker that
has been replaced (KIP-447). OffsetFetch v7 can ask for stable offsets only: those that no open transaction may still
change. LeaveGroup v3 names the instance of a static member, which otherwise stays until its session ends (KIP-345), and
Heartbeat v3 does, so that the coordinator can tell a place that was taken from one that was given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    String,
    TaggedFields,
)

ILLEGAL_GENERATION = 22
UNKNOWN_MEMBER_ID = 25
REBALANCE_IN_PROGRESS = 27
FENCED_INSTANCE_ID = 82
UNSTABLE_OFFSET_COMMIT = 88
PRODUCER_FENCED = 90
"""Error codes of the protocol; aiokafka knows names for the first three only."""

Numbers = Mapping[tuple[str, int], int]
"""A number for each partition, by topic and partition."""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """Who a worker is in its group, as the coordinator knows it."""

    group: str
    generation: int
    member_id: str
    instance_id: str | None


def by_topic(partitions: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    """The partitions of each topic, in order."""
    found: dict[str, list[int]] = {}
    for topic, number in sorted(partitions):
        found.setdefault(topic, []).append(number)
    return found


_TOPIC_PARTITION_ERRORS = CompactArray(
    ("topic", CompactString("utf-8")),
    ("partitions", CompactArray(("partition", Int32), ("error_code", Int16), ("tags", TaggedFields))),
    ("tags", TaggedFields),
)


class TxnOffsetCommitResponse_v3(Response):  # type: ignore[misc] # noqa: N801 # aiokafka ships no types; its way of naming.
    """An error for each partition, 0 if its offset was taken."""

    API_KEY = 28
    API_VERSION = 3
    SCHEMA = Schema(("throttle_time_ms", Int32), ("errors", _TOPIC_PARTITION_ERRORS), ("tags", TaggedFields))


class TxnOffsetCommitRequest_v3(RequestStruct):  # type: ignore[misc] # noqa: N801 # As above.
    """As Kafka's TxnOffsetCommitRequest.json says for version 3."""

    FLEXIBLE_VERSION = True
    API_KEY = 28
    API_VERSION = 3
    RESPONSE_TYPE = TxnOffsetCommitResponse_v3
    SCHEMA = Schema(
        ("transactional_id", CompactString("utf-8")),
        ("group_id", CompactString("utf-8")),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation_id", Int32),
        ("member_id", CompactString("utf-8")),
        ("group_instance_id", CompactString("utf-8")),
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", CompactString("utf-8")),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class FencedTxnOffsetCommitRequest(Request[TxnOffsetCommitRequest_v3]):  # type: ignore[misc] # As above.
    """Offsets to commit with a transaction, refused unless they come from the group's present generation."""

    API_KEY = 28

    def __init__(
        self, transactional_id: str, producer: tuple[int, int], *, member: GroupMember, offsets: Numbers
    ) -> None:
        self._transactional_id = transactional_id
        self._producer = producer
        self._member = member
        self._offsets = offsets

    def build(self, request_struct_class: type[TxnOffsetCommitRequest_v3]) -> TxnOffsetCommitRequest_v3:
        member = self._member
        topics: list[Any] = [
            (topic, [(number, self._offsets[topic, number], -1, "", {}) for number in numbers], {})
            for topic, numbers in by_topic(list(self._offsets)).items()
        ]
        who = (member.generation, member.member_id, member.instance_id)
        return request_struct_class(self._transactional_id, member.group, *self._producer, *who, topics, {})


class OffsetFetchResponse_v7(Response):  # type: ignore[misc] # noqa: N801 # As above.
    """An offset or an error for each partition, and an error for all."""

    API_KEY = 9
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", CompactString("utf-8")),
                        ("error_code", Int16),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("error_code", Int16),
        ("tags", TaggedFields),
    )


class OffsetFetchRequest_v7(RequestStruct):  # type: ignore[misc] # noqa: N801 # As above.
    """As Kafka's OffsetFetchRequest.json says for version 7."""

    FLEXIBLE_VERSION = True
    API_KEY = 9
    API_VERSION = 7
    RESPONSE_TYPE = OffsetFetchResponse_v7
    SCHEMA = Schema(
        ("group_id", CompactString("utf-8")),
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")), ("partitions", CompactArray(Int32)), ("tags", TaggedFields)
            ),
        ),
        ("require_stable", Boolean),
        ("tags", TaggedFields),
    )


class StableOffsetFetchRequest(Request[OffsetFetchRequest_v7]):  # type: ignore[misc] # As above.
    """The committed offsets of a group, refused while a transaction that may move them is open."""

    API_KEY = 9

    def __init__(self, group: str, partitions: Sequence[tuple[str, int]]) -> None:
        self._group = group
        self._partitions = partitions

    def build(self, request_struct_class: type[OffsetFetchRequest_v7]) -> OffsetFetchRequest_v7:
        topics: list[Any] = [(topic, numbers, {}) for topic, numbers in by_topic(self._partitions).items()]
        return request_struct_class(self._group, topics, True, {})  # noqa: FBT003 # The request has no named fields.


_LEAVERS = Array(("member_id", String("utf-8")), ("group_instance_id", String("utf-8")))


class LeaveGroupResponse_v3(Response):  # type: ignore[misc] # noqa: N801 # As above.
    """An error for each member, and one for all."""

    API_KEY = 13
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        (
            "members",
            Array(("member_id", String("utf-8")), ("group_instance_id", String("utf-8")), ("error_code", Int16)),
        ),
    )


class LeaveGroupRequest_v3(RequestStruct):  # type: ignore[misc] # noqa: N801 # As above.
    """As Kafka's LeaveGroupRequest.json says for version 3."""

    API_KEY = 13
    API_VERSION = 3
    RESPONSE_TYPE = LeaveGroupResponse_v3
    SCHEMA = Schema(("group", String("utf-8")), ("members", _LEAVERS))


class StaticLeaveGroupRequest(Request[LeaveGroupRequest_v3]):  # type: ignore[misc] # As above.
    """A static member leaves at once instead of at the end of its session."""

    API_KEY = 13

    def __init__(self, member: GroupMember) -> None:
        self._member = member

    def build(self, request_struct_class: type[LeaveGroupRequest_v3]) -> LeaveGroupRequest_v3:
        return request_struct_class(self._member.group, [(self._member.member_id, self._member.instance_id)])


class HeartbeatResponse_v3(Response):  # type: ignore[misc] # noqa: N801 # As above.
    """An error, 0 if the asking member holds the place."""

    API_KEY = 12
    API_VERSION = 3
    SCHEMA = Schema(("throttle_time_ms", Int32), ("error_code", Int16))


class HeartbeatRequest_v3(RequestStruct):  # type: ignore[misc] # noqa: N801 # As above.
    """As Kafka's HeartbeatRequest.json says for version 3."""

    API_KEY = 12
    API_VERSION = 3
    RESPONSE_TYPE = HeartbeatResponse_v3
    SCHEMA = Schema(
        ("group", String("utf-8")),
        ("generation_id", Int32),
        ("member_id", String("utf-8")),
        ("group_instance_id", String("utf-8")),
    )


class StaticHeartbeatRequest(Request[HeartbeatRequest_v3]):  # type: ignore[misc] # As above.
    """A static member lives on; the answer also says whether its place was taken under the same name."""

    API_KEY = 12

    def __init__(self, member: GroupMember) -> None:
        self._member = member

    def build(self, request_struct_class: type[HeartbeatRequest_v3]) -> HeartbeatRequest_v3:
        member = self._member
        return request_struct_class(member.group, member.generation, member.member_id, member.instance_id)
