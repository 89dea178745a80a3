"""A seat in a consumer group: aiokafka's coordinator without its consumer, kept going whatever happens."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRebalanceListener
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.protocol.group import HeartbeatRequest, JoinGroupRequest, SyncGroupRequest

from infra.kafka_log.nodes import close
from infra.kafka_log.protocol import (
    FENCED_INSTANCE_ID,
    ILLEGAL_GENERATION,
    UNKNOWN_MEMBER_ID,
    GroupMember,
    StaticHeartbeatRequest,
)
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.trouble import translated
from infra.log import Partition, Replaced

NEVER_IDLE_MS = 2**31 - 1
"""aiokafka gives up a seat if its own consumer does not poll; here there is none."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Partitions, and the member that we are while we own them."""

    partitions: set[Partition]
    member: GroupMember


@dataclass(frozen=True, slots=True)
class Revoked:
    """The partitions that we had are lost."""


@dataclass(slots=True)
class GroupPlace:
    """The place of a process in a group, kept from one seat to the next.

    `member` names it as it last joined; the place is its own as long as the coordinator knows this member.
    `unsure` is true while it joins as a new member, until the group has stored it. In that time the coordinator may
    fail and forget it, so a place that another member seems to hold may be its own.
    """

    member: GroupMember | None = None
    unsure: bool = False


Change = Assigned | Revoked | Replaced


class Seat:
    """Joins, keeps the session alive, joins again; reports changes at once and never waits for the listener.

    aiokafka sends no heartbeat while its listener runs, so the listener only queues the change.
    """

    def __init__(  # budget: who we are, where we were seated, who deals, and who hears of it
        self,
        settings: KafkaLogSettings,
        group: str,
        *,
        place: GroupPlace,
        assignor: Any,
        tell: Callable[[Change], None],
    ) -> None:
        self._settings = settings
        self._group = group
        self._place = place
        self._assignor = assignor
        self._tell = tell
        self._client: Any = None
        self._subscription: Any = None
        self._coordinator: Any = None

    @property
    def instance_id(self) -> str:
        """The name under which a restarted worker gets its place back."""
        return f"{self._group}-{self._settings.worker}"

    async def open(self) -> None:
        """Connect; raises a `LogError` if no broker answers."""
        client = AIOKafkaClient(**self._settings.client("group"))
        try:
            with translated():
                async with asyncio.timeout(self._settings.open_seconds_max):
                    await client.bootstrap()
        except BaseException:
            await close(client, seconds_max=self._settings.close_seconds_max)
            raise
        self._client = client
        self._subscription = SubscriptionState()

    async def subscribe(self, topics: Collection[str]) -> None:
        """Take part in these topics from now on."""
        with translated():
            async with asyncio.timeout(self._settings.request_seconds_max):
                await self._client.set_topics(topics)
                await self._client.force_metadata_update()
        self._subscription.subscribe(set(topics), listener=_Listener(self._on_revoked, self._on_assigned))
        if self._coordinator is None:
            self._coordinator = _Coordinator(
                self._client,
                self._subscription,
                place=self._place,
                tell_replaced=self._on_replaced,
                group_id=self._group,
                group_instance_id=self.instance_id,
                session_timeout_ms=int(self._settings.session_seconds * 1000),
                heartbeat_interval_ms=int(
                    self._settings.session_seconds * 1000 / self._settings.heartbeats_per_session
                ),
                retry_backoff_ms=int(self._settings.retry_pause_seconds * 1000),
                max_poll_interval_ms=NEVER_IDLE_MS,
                enable_auto_commit=False,
                assignors=(self._assignor,),
            )

    def look(self) -> None:
        """Look for topics that were subscribed to before they existed."""
        if self._client is not None:
            self._client.force_metadata_update()

    def take_anew(self) -> None:
        """Join again as a new member."""
        if self._coordinator is not None:
            self._coordinator.reset_generation()

    async def close(self) -> None:
        """Leave the seat silently: the group keeps the place for a session; safe to call twice."""
        coordinator, self._coordinator = self._coordinator, None
        client, self._client = self._client, None
        if coordinator is not None:
            await coordinator.end(self._settings.close_seconds_max)
        if client is not None:
            await close(client, seconds_max=self._settings.close_seconds_max)

    def _on_revoked(self) -> None:
        self._tell(Revoked())

    def _on_replaced(self) -> None:
        self._tell(
            Replaced(
                f"Another worker named {self._settings.worker!r} has taken this one's place in the group "
                f"{self._group}: this one stops. Give each worker of a group a name of its own."
            )
        )

    def _on_assigned(self, partitions: Collection[Any]) -> None:
        coordinator = self._coordinator
        if coordinator is not None:
            self._tell(Assigned({Partition(tp.topic, tp.partition) for tp in partitions}, coordinator.me()))


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka ships no types.
    def __init__(self, on_revoked: Callable[[], None], on_assigned: Callable[[Collection[Any]], None]) -> None:
        self._on_revoked, self._on_assigned = on_revoked, on_assigned

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        del revoked
        self._on_revoked()

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        self._on_assigned(assigned)


class _Coordinator(GroupCoordinator):  # type: ignore[misc] # As above.
    """aiokafka's coordinator. After a fatal error it stops for good, since it has no consumer to report to.

    Two workers of one name would drive each other out for ever. So this one asks who has the place before it takes it
    again, and if it was replaced, it stops.
    """

    def __init__(self, *args: Any, place: GroupPlace, tell_replaced: Callable[[], None], **settings: Any) -> None:
        self._place = place
        self._tell_replaced = tell_replaced
        super().__init__(*args, **settings)

    async def _send_req(self, request: Any) -> Any:
        if isinstance(request, JoinGroupRequest):
            return await self._join(request)
        if isinstance(request, SyncGroupRequest):
            return await self._sync(request)
        if isinstance(request, HeartbeatRequest):
            return await self._beat()
        return await self._ask(request)

    async def _join(self, request: Any) -> Any:
        place, anew = self._place, not self.member_id
        if anew and place.member is not None and not place.unsure:
            await self._ask(StaticHeartbeatRequest(place.member))
        unsure_before = place.unsure
        place.unsure = unsure_before or anew
        answer = await self._ask(request)
        if answer.error_code == 0:
            place.member = GroupMember(self.group_id, answer.generation_id, answer.member_id, self._group_instance_id)
        else:
            place.unsure = unsure_before
        return answer

    async def _sync(self, request: Any) -> Any:
        """Note that the group has stored us: before that, a coordinator that fails may forget that it took us in."""
        answer = await self._ask(request)
        if answer.error_code == 0:
            self._place.unsure = False
        return answer

    async def _beat(self) -> Any:
        """At each heartbeat of a worker that wakes up, aiokafka logs a line; most of these are left out."""
        answer = await self._ask(StaticHeartbeatRequest(self.me()))
        if answer.error_code in (UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION):
            logger.warning("The group %s has gone on without this worker, which joins it again.", self.group_id)
        return answer

    async def _ask(self, request: Any) -> Any:
        answer = await super()._send_req(request)
        if answer.error_code == FENCED_INSTANCE_ID and not self._place.unsure and not self._closing.done():
            self._tell_replaced()
            await asyncio.shield(self._closing)
        return answer

    def me(self) -> GroupMember:
        """The member that we are, as long as our last joining is valid."""
        return GroupMember(self.group_id, self.generation, self.member_id, self._group_instance_id)

    async def _coordination_routine(self) -> None:
        while not self._closing.done():
            try:
                await super()._coordination_routine()
            except Exception as error:  # noqa: BLE001 # Whatever it is, the seat is taken again.
                await self._start_again(error)

    async def _push_error_to_user(self, error: BaseException) -> None:
        await self._start_again(error)

    async def _start_again(self, error: BaseException) -> None:
        logger.warning("The worker joins group %s again: %s", self.group_id, error)
        await self._stop_heartbeat_quietly()
        self.reset_generation()
        await asyncio.wait((self._closing,), timeout=self._retry_backoff_ms / 1000 * 10)

    async def _stop_heartbeat_quietly(self) -> None:
        task: Any = self.__dict__.get("_heartbeat_task")
        self._heartbeat_task: Any = None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def end(self, seconds_max: float) -> None:
        """Stop every task of this coordinator, in time, whether the cluster answers or not."""
        if not self._closing.done():
            self._closing.set_result(None)
        tasks = {
            task
            for task in (self._coordination_task, self._heartbeat_task, self._commit_refresh_task)
            if task is not None
        }
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=seconds_max)
        for task in tasks:
            if task.done() and not task.cancelled():
                task.exception()
        self._cluster.remove_listener(self._handle_metadata_update)
