"""Whose place it is: a worker is replaced only where a coordinator that knows it says so."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.protocol.group import HeartbeatRequest, JoinGroupRequest, SyncGroupRequest

from infra.kafka_log.group.seat import GroupPlace, _Coordinator
from infra.kafka_log.protocol import FENCED_INSTANCE_ID, ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, GroupMember

FINE = 0
DEPOSED = 16
"""NOT_COORDINATOR, as a broker answers that leads the group no more."""
HELD = "worker-0 as it joined"


class Seated:
    """Our coordinator, with a broker that gives the answers of the test, in turn."""

    def __init__(self, place: GroupPlace, *codes: int) -> None:
        self.told: list[str] = []
        self.asked: list[str] = []
        self._codes = iter(codes)
        ours: Any = object.__new__(_Coordinator)
        ours._place, ours._tell_replaced = place, lambda: self.told.append("replaced")
        ours.group_id, ours.generation, ours.member_id = "group", -1, ""
        ours._group_instance_id = "group-worker-0"
        ours._closing = asyncio.get_running_loop().create_future()
        self.ours = ours

    async def answer(self, request: object) -> SimpleNamespace:
        self.asked.append(type(request).__name__)
        return SimpleNamespace(error_code=next(self._codes), generation_id=1, member_id=HELD)

    async def send(self, *kinds: type) -> None:
        """Requests of these kinds, in turn; one that is never answered is given up."""
        for kind in kinds:
            sending = asyncio.create_task(self.ours._send_req(object.__new__(kind)))
            while not sending.done() and not self.told:  # noqa: ASYNC110 - whichever comes first
                await asyncio.sleep(0)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Any:
    def seated(place: GroupPlace, codes: Sequence[int]) -> Seated:
        one = Seated(place, *codes)
        monkeypatch.setattr(GroupCoordinator, "_send_req", lambda _, request: one.answer(request))
        return one

    return seated


def known() -> GroupPlace:
    return GroupPlace(GroupMember("group", 1, HELD, "group-worker-0"))


async def test_a_member_that_the_group_has_written_down_is_replaced_when_it_is_fenced(broker: Any) -> None:
    place = GroupPlace()
    on = broker(place, [FINE, FINE, FENCED_INSTANCE_ID])
    await on.send(JoinGroupRequest, SyncGroupRequest, HeartbeatRequest)
    assert on.told == ["replaced"]
    assert place == known()


async def test_a_fence_after_a_coordinator_was_deposed_in_the_middle_is_not_taken_for_another_worker(
    broker: Any,
) -> None:
    """The deposed one took it in, and its successor knows nothing of that: the fence may be its own former self."""
    place = GroupPlace()
    on = broker(place, [FINE, DEPOSED, FENCED_INSTANCE_ID])
    await on.send(JoinGroupRequest, SyncGroupRequest, JoinGroupRequest)
    assert on.told == []
    assert place.unsure


async def test_whoever_wakes_up_to_a_group_that_has_gone_on_says_so_each_time(
    broker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    on = broker(known(), [UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FINE])
    await on.send(HeartbeatRequest, HeartbeatRequest, HeartbeatRequest)
    assert caplog.messages == ["The group group has gone on without this worker, which joins it again."] * 2


async def test_a_worker_that_was_seated_asks_for_its_place_before_it_takes_one_anew(broker: Any) -> None:
    """Else two workers of one name would drive each other out for ever."""
    on = broker(known(), [FENCED_INSTANCE_ID])
    await on.send(JoinGroupRequest)
    assert on.told == ["replaced"]
    assert on.asked == ["StaticHeartbeatRequest"]


async def test_a_place_that_its_coordinator_still_knows_is_taken_again(broker: Any) -> None:
    on = broker(known(), [FINE, FINE, FINE])
    await on.send(JoinGroupRequest, SyncGroupRequest)
    assert on.told == []
    assert on.asked == ["StaticHeartbeatRequest", "JoinGroupRequest", "SyncGroupRequest"]
