"""Whether everything was dealt: a static member that comes back gets what it had before, not what it asks for now."""

import asyncio
from collections.abc import Collection
from typing import Any

from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.protocol.admin import DescribeGroupsRequest

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.protocol import GroupMember, StaticLeaveGroupRequest
from infra.kafka_log.trouble import translated

STABLE = "Stable"


async def undealt(nodes: Nodes, group: str, *, topics: Collection[str]) -> set[str]:
    """The existing topics that no member of the group was given; none while the group is dealing again."""
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            answer = await nodes.ask_coordinator(group, DescribeGroupsRequest([group]))
            ((code, _, state, _, _, members, *_),) = answer.groups
            if code or state != STABLE:
                return set()
            dealt = {topic for member in members for topic in _topics_of(member)}
            missing = set(topics) - dealt
            if missing:
                await nodes.look()
            return {topic for topic in missing if nodes.partitions_of(topic)}


async def give_up(nodes: Nodes, member: GroupMember) -> None:
    """Give the kept place up, so that the group deals again at the next joining."""
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            await nodes.ask_coordinator(member.group, StaticLeaveGroupRequest(member))


def _topics_of(member: Any) -> set[str]:
    assignment = member[4]
    if not assignment:
        return set()
    return {topic for topic, _ in ConsumerProtocol.ASSIGNMENT.decode(assignment).assignment}
