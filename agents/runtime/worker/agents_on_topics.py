"""Agents on their topics. Records come in, messages go out, what fails becomes a dead letter."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from faust.types import EventT, TopicT

from agents.ports import Clock
from agents.runtime.door.dead_letters import Origin, beginnings, dead_letter_headers, receive
from agents.runtime.door.drafts import draft_of
from agents.runtime.worker.crossing import Crossing
from infra.driver import DriverApp, RawSchema, StaleEvent, batched, guarded
from infra.log import Log, Partition, Record
from streams.codec import encode
from streams.errors import MessageError
from streams.topics import CARRYING, DEAD_LETTERS, Event, TopicPlan, key_of, plan_of
from streams.values import build
from streams.words.facts import Fact

logger = structlog.get_logger(__name__)

Handler = Callable[[Any], Awaitable[Sequence[Event]]]
"""One message, or on a batched topic a sequence of them, in; messages out."""


@dataclass(frozen=True, slots=True)
class AgentOnTopic:
    """One agent: its name, the topic it reads, and what it does with each message."""

    name: str
    plan: TopicPlan
    handle: Handler


class AgentsOnTopics:
    """The agents of one worker, and its way onto every topic of its mode."""

    def __init__(
        self, app: DriverApp, mode: str, *, clock: Clock, crossings: Mapping[str, Crossing], spread: int
    ) -> None:
        """`crossings` names the topics that lie on another log; those that spread have `spread` partitions."""
        self._app = app
        self._mode = mode
        self._clock = clock
        self._crossings = crossings
        self._spread = spread
        self._topics: dict[str, TopicT] = {plan.name: self._topic(plan) for plan in CARRYING}
        self._dead_letters = app.topic(f"{mode}.{DEAD_LETTERS}", schema=RawSchema(), partitions=1)

    def open(self, agents: Sequence[AgentOnTopic]) -> None:
        """Put every agent on its topic; one event at a time, in order. No event waits until a validator is built.

        Those of one topic share each event, since Faust's cost is per event: what one of them fails at is its own dead
        letter. So that nothing it wrote is left behind, an agent that writes tables has its topic alone.
        """
        build()
        by_topic: dict[str, list[AgentOnTopic]] = {}
        for agent in agents:
            by_topic.setdefault(agent.plan.name, []).append(agent)
        for together in by_topic.values():
            self._open(together)

    async def put(self, log: Log, messages: Sequence[Event]) -> Sequence[int]:
        """Append messages outside any event; answers with their offsets."""
        return await log.append([draft_of(message, log, mode=self._mode) for message in messages])

    def _open(self, agents: Sequence[AgentOnTopic]) -> None:
        first, *others = agents

        async def handle(event: EventT[Any]) -> None:
            if first.plan.batched:
                await self._handle_batch(first, event)
            elif others:
                await self._handle_together(agents, event)
            else:
                await self._send(await first.handle(self._receive(first, event)))

        async def bury(event: EventT[Any], error: Exception) -> None:
            await self._bury_event(first, event, error)

        self._app.agent(self._topics[first.plan.name], name=first.name)(guarded(handle, bury))

    def _topic(self, plan: TopicPlan) -> TopicT:
        name = plan.named(self._mode)
        if plan.batched:
            return batched(self._app, name, partitions=plan.partitions(self._spread))
        return self._app.topic(name, schema=RawSchema(), partitions=plan.partitions(self._spread))

    def _receive(self, agent: AgentOnTopic, event: EventT[Any]) -> Any:  # noqa: ANN401 - the plan names the type
        return receive(agent.plan, key=event.key, value=event.value, mode=self._mode)

    async def _handle_together(self, agents: Sequence[AgentOnTopic], event: EventT[Any]) -> None:
        message = self._receive(agents[0], event)
        for agent in agents:
            try:
                answers = await agent.handle(message)
            except StaleEvent:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a handler raises becomes its dead letter
                await self._bury_event(agent, event, error)
            else:
                if answers:
                    await self._send(answers)

    async def _handle_batch(self, agent: AgentOnTopic, event: EventT[Any]) -> None:
        """What cannot be read is buried by itself; the rest of the batch goes on."""
        messages = []
        for record in _records(event):
            try:
                messages.append(receive(agent.plan, key=record.key, value=record.value, mode=self._mode))
            except MessageError as error:
                await self._bury(agent, record, error)
        await self._send(await agent.handle(messages))

    async def _send(self, messages: Sequence[Event]) -> None:
        """Send under the running event: all of it becomes visible together with the event's end, or none."""
        for message in messages:
            name = plan_of(message).name
            if crossing := self._crossings.get(name):
                await crossing.put(partial(draft_of, message, mode=self._mode))
                continue
            await self._topics[name].send(key=key_of(message), value=encode(message))
            if isinstance(message, Fact):
                logger.info("fact", subject=message.subject.key, sequence=message.sequence, kind=message.body.kind)

    async def _bury_event(self, agent: AgentOnTopic, event: EventT[Any], error: Exception) -> None:
        """A whole batch that its handler failed on is buried record by record."""
        if agent.plan.batched:
            for record in _records(event):
                await self._bury(agent, record, error)
            return
        message = event.message
        where = Partition(message.topic, message.partition)
        await self._bury(agent, Record(where, message.offset, message.key, message.value, 0), error)

    async def _bury(self, agent: AgentOnTopic, record: Record, error: Exception) -> None:
        origin = Origin(record.partition.topic, record.partition.number, record.offset, agent.name)
        key, value = beginnings(record, bytes_max=self._app.ground.record_bytes_max)
        cut = (key, value) != (record.key, record.value)
        headers = dead_letter_headers(origin, error, at=self._clock.now(), cut=cut)
        await self._dead_letters.send(key=key, value=value, headers=headers)
        logger.warning("dead letter", handler=agent.name, topic=origin.topic, offset=origin.offset)
        if not isinstance(error, MessageError):
            logger.error("a handler failed", handler=agent.name, exc_info=error)


def _records(event: EventT[Any]) -> tuple[Record, ...]:
    """What a batched topic hands over as one event."""
    batch: Any = event.value
    return tuple(batch)
