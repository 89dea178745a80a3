"""Traces: from an order that lets words out to each receipt, as one trace, made of what was committed.

The names of a trace and of its spans derive from the message, whose own name derives from the order. So spans that
different processes make, at different times, join into one trace, and nothing has to be passed from one to another.
No attribute has a word that anybody wrote or a person's name.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from agents.ports import Channel, Clock, KeepsRecord, Rejected
from agents.runtime.door.reading import RecordReader
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.worker.worker import Worker
from infra.log import Fenced, LogError, Record
from streams.topics import COMMANDS, FACTS
from streams.words.delivery import DeliveryAsked, DeliveryConfirmed, DeliveryRefused, Dispatch, Look, Receipt
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.release import MessageAuthorised

logger = structlog.get_logger(__name__)

KEPT = 10_000
"""So many orders and deliveries are remembered until what they lead to is there."""
WAIT_SECONDS = 0.5
TRACE_BYTES, SPAN_BYTES = 16, 8

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class TraceSpan:
    """One stretch of a trace; `trace` and `span` are numbers of 128 and 64 bits, `parent` None for the first."""

    trace: int
    span: int
    parent: int | None
    name: str
    begins: datetime
    ends: datetime
    attributes: Mapping[str, str | int]


Export = Callable[[TraceSpan], None]


def trace_of(mode: str, message: str) -> int:
    """The trace of a message."""
    return _number(TRACE_BYTES, "trace", mode, message)


def desk_span(mode: str, message: str) -> int:
    """The first span of a trace: from when the order was given until the desk let the words out."""
    return _number(SPAN_BYTES, "desk", mode, message)


def publishing_span(mode: str, delivery: str) -> int:
    """The span of one delivery: from when its channel was asked for it until it is public or refused."""
    return _number(SPAN_BYTES, "publishing", mode, delivery)


def _number(size: int, *parts: str) -> int:
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:size]) or 1


class Traces:
    """Makes the spans of the desk and of publishing from the facts, and exports each as it ends."""

    def __init__(self, worker: Worker, mode: str, *, export: Export) -> None:
        self._orders = TopicReader(lambda: worker.log, COMMANDS.named(mode))
        self._facts = TopicReader(lambda: worker.log, FACTS.named(mode))
        self._export = export
        self._given: OrderedDict[str, Command] = OrderedDict()
        self._asked: OrderedDict[str, tuple[datetime, DeliveryAsked]] = OrderedDict()

    async def skip(self) -> None:
        """Leave out what was committed before the call."""
        await self._orders.skip()
        await self._facts.skip()

    async def follow(self) -> None:
        """Follow orders and facts until cancelled."""
        while True:
            try:
                records = await self._facts.more(WAIT_SECONDS)
                # An order is in the log before the facts that answer it.
                self.take(await self._orders.rest(), records)
            except Fenced:
                return
            except LogError as error:
                logger.warning("traces cannot be read on; trying again", reason=str(error))
                await asyncio.sleep(WAIT_SECONDS)

    def take(self, orders: Sequence[Record], facts: Sequence[Record]) -> None:
        """Take what was committed since; what cannot be read is left out."""
        reading = RecordReader()
        for record in orders:
            if (given := reading.message(COMMANDS, record)) is not None:
                _keep(self._given, given.id, value=given)
        for fact in reading.facts(facts):
            self._take(fact)

    def _take(self, fact: Fact) -> None:
        match fact.body:
            case MessageAuthorised() as authorised:
                self._end_desk(fact, authorised)
            case DeliveryAsked(attempt=1) as asked:
                _keep(self._asked, asked.delivery_id, value=(fact.at, asked))
            case DeliveryConfirmed(delivery_id=name):
                self._end_publishing(fact, name, outcome="confirmed")
            case DeliveryRefused(delivery_id=name):
                self._end_publishing(fact, name, outcome="refused")
            case _:
                pass

    def _end_desk(self, fact: Fact, authorised: MessageAuthorised) -> None:
        message, given = authorised.message, self._given.get(fact.cause)
        attributes = {"mode": fact.mode, "purpose": message.purpose.value, "channels": len(message.channels)}
        if given:
            attributes["order"] = given.body.kind
        self._export(
            TraceSpan(
                trace_of(fact.mode, message.id),
                desk_span(fact.mode, message.id),
                None,
                "desk",
                min(given.at, fact.at) if given else fact.at,
                fact.at,
                attributes,
            )
        )

    def _end_publishing(self, fact: Fact, delivery: str, *, outcome: str) -> None:
        if (known := self._asked.pop(delivery, None)) is None:
            return
        at, asked = known
        attributes = {"mode": fact.mode, "channel": asked.channel, "outcome": outcome}
        if asked.verb:
            attributes["verb"] = asked.verb.value
        self._export(
            TraceSpan(
                trace_of(fact.mode, asked.message_id),
                publishing_span(fact.mode, delivery),
                desk_span(fact.mode, asked.message_id),
                "publishing",
                at,
                fact.at,
                attributes,
            )
        )


class TracedChannel:
    """A channel each of whose publications is a span; in all else it is the channel that it was made of."""

    def __init__(self, channel: Channel, export: Export, *, clock: Clock) -> None:
        self._channel, self._export, self._clock = channel, export, clock
        self._tries = 0
        self.mode = channel.mode
        self.check = channel.check

    async def publish(self, dispatch: Dispatch) -> Receipt:
        begins, outcome = self._clock.now(), "no receipt"
        try:
            receipt = await self._channel.publish(dispatch)
            outcome = "receipt"
            return receipt
        except Rejected:
            outcome = "rejected"
            raise
        finally:
            with suppress(Exception):  # A trace that cannot be kept must not turn a receipt into an unknown outcome.
                self._end(dispatch, begins, outcome)

    async def look(self, dispatch: Dispatch) -> Look:
        return await self._channel.look(dispatch)

    def _end(self, dispatch: Dispatch, begins: datetime, outcome: str) -> None:
        self._tries += 1
        mode, now = dispatch.mode, self._clock.now()
        self._export(
            TraceSpan(
                trace_of(mode, dispatch.message.id),
                _number(SPAN_BYTES, "channel", mode, dispatch.key, begins.isoformat(), str(self._tries)),
                publishing_span(mode, dispatch.key),
                "channel",
                begins,
                max(begins, now),
                {"mode": mode, "channel": dispatch.channel, "verb": dispatch.verb.value, "outcome": outcome},
            )
        )


class TracedRecordChannel(TracedChannel):
    """The same of a channel that keeps a record of its own."""

    def __init__(self, channel: Channel, export: Export, *, clock: Clock) -> None:
        super().__init__(channel, export, clock=clock)
        if not isinstance(channel, KeepsRecord):
            raise TypeError(f"{type(channel).__name__} keeps no record")
        self.lacks_records = channel.lacks_records
        self.restore = channel.restore


def traced(channels: Mapping[str, Channel], export: Export, *, clock: Clock) -> Mapping[str, Channel]:
    """The same channels, with a span for each publication."""
    return {
        name: (TracedRecordChannel if isinstance(one, KeepsRecord) else TracedChannel)(one, export, clock=clock)
        for name, one in channels.items()
    }


def _keep(kept: OrderedDict[str, Value], key: str, *, value: Value) -> None:
    kept[key] = value
    if len(kept) > KEPT:
        kept.popitem(last=False)
