"""What must hold after the faults: the channels' own record against the authorisations, every table against a fold."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel

from agents.adapters.clocks import SystemClock
from agents.runtime.door.door import facts_of
from agents.runtime.door.lanes import Across
from agents.runtime.door.tables import COUNTS, PAST, SUBJECTS, changelog
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.record.verify import verify
from infra.log import LogError, Record
from streams.codec import decode
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.surge import Counts, minute_of
from streams.lanes import CONTROL_LANE, MENTION_LANE, Lane
from streams.subjects.fold import fold
from streams.subjects.incident import Incident
from streams.topics import FACTS, MENTIONS, SIGNALS, Event
from streams.words.delivery import DeliveryState, ResolveDelivery
from streams.words.facts import Fact
from streams.words.orders import command
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service

MODE = "live"
LOOKED_AFTER_SECONDS = 5.0
"""A person does not look at the mailbox in the very second in which a letter may still be on its way into it."""
Model = TypeVar("Model", bound=BaseModel)


class Watch:
    """Follows the facts while workers and brokers come and go; starts anew where the log fails it."""

    def __init__(self, log_url: str) -> None:
        self._log_url = log_url
        self._across: Across | None = None
        self._reader: TopicReader
        self.facts: list[Fact] = []
        self.incidents: dict[str, Incident] = {}

    async def look(self) -> Mapping[str, Incident]:
        """The incidents as the facts tell that can be read now."""
        try:
            if self._across is None:
                await self._open()
            records = await self._reader.rest()
        except LogError:
            await self.close()
            return self.incidents
        for fact in facts_of(records):
            self.facts.append(fact)
            before = self.incidents.get(fact.subject.id) or Incident(id=fact.subject.id, mode=MODE)
            self.incidents[fact.subject.id] = fold(before, fact)
        return self.incidents

    async def close(self) -> None:
        across, self._across = self._across, None
        if across is not None:
            await across.close()

    async def _open(self) -> None:
        across = self._across = Across(MODE, self._log_url, CONTROL_LANE)
        await across.open()
        self._reader = TopicReader(lambda: across.log, FACTS.named(MODE))
        self.facts, self.incidents = [], {}


class Person:
    """Looks into the mailbox for every letter of which nobody knows whether it went out, and says what is there."""

    def __init__(self, on: Service) -> None:
        self._on = on
        self._since: dict[tuple[str, int], float] = {}
        self.looked_at = 0

    async def look(self, incidents: Mapping[str, Incident]) -> None:
        orders = [order for incident in incidents.values() for order in self._found(incident)]
        self.looked_at += len(orders)
        if orders:
            await self._on.put(orders)

    def _found(self, incident: Incident) -> list[Event]:
        now, orders = SystemClock().now(), list[Event]()
        for one in incident.deliveries.values():
            if one.state is not DeliveryState.UNKNOWN or one.channel != "email":
                continue
            cause = (one.id, one.attempt)
            if time.monotonic() < self._since.setdefault(cause, time.monotonic()) + LOOKED_AFTER_SECONDS:
                continue
            self._since[cause] = float("inf")
            body = ResolveDelivery(
                delivery_id=one.id,
                attempt=one.attempt,
                public=self._on.mailbox.counts[one.id] > 0,
                evidence="read the mailbox",
            )
            orders.append(command(body, cause=cause, mode=MODE, subject=incident.subject, at=now, by=CHIEF))
        return orders


def settled_in(incident: Incident) -> int:
    """How many deliveries are public or refused."""
    final = {DeliveryState.CONFIRMED, DeliveryState.REFUSED}
    return sum(one.state in final for one in incident.deliveries.values())


def is_settled(incident: Incident, messages: int) -> bool:
    """So many messages are authorised, and each is public or refused on every channel it was authorised for."""
    return (
        len(incident.messages) == messages
        and settled_in(incident) == len(incident.deliveries)
        and len(incident.deliveries) == sum(len(message.channels) for message in incident.messages.values())
    )


def faults_outside(incidents: Mapping[str, Incident], on: Service) -> list[str]:
    """What the authorisations say should be public, once, against what the mail server and the folder have."""
    wanted, found = Counter[tuple[str, str]](), list[str]()
    for incident in incidents.values():
        places = {(one.message_id, one.channel): one for one in incident.deliveries.values()}
        for message in incident.messages.values():
            for channel in message.channels:
                delivery = places.get((message.id, channel))
                wanted[channel, delivery.id if delivery else f"{message.id}, which nobody asked for"] += 1
        open_or_refused = [one for one in places.values() if one.state is not DeliveryState.CONFIRMED]
        found += [f"{one.state} on {one.channel}: {one.id}" for one in open_or_refused]
    shown = Counter({("email", name): count for name, count in on.mailbox.counts.items()})
    shown.update({("site", name): count for name, count in on.published_on_site().items()})
    found += [f"lost on {channel}: {name}" for channel, name in wanted - shown]
    return found + [f"doubled or never authorised on {channel}: {name}" for channel, name in shown - wanted]


async def faults_in_incidents(log_url: str) -> list[str]:
    """The table of incidents against a fresh fold of the facts."""
    async with lane_of(log_url, CONTROL_LANE) as control:
        tables = [one for table in (SUBJECTS, PAST) for one in await _all(control, changelog(MODE, table))]
        facts = await _all(control, FACTS.named(MODE))
    known, kept = {fact.subject.key for fact in facts_of(facts)}, {(one.key or b"").decode() for one in tables}
    return verify(facts, tables) + [f"no table has {name}" for name in known - kept]


async def faults_in_counts(log_url: str, noted: int) -> list[str]:
    """The table of counts against the mentions; every signal was given once, and noted once among the facts.

    A post may come before or after its incident, so not where it is counted is compared, but how often.
    """
    async with lane_of(log_url, MENTION_LANE) as mentions:
        counts = _latest(await _all(mentions, changelog(MODE, COUNTS)), Counts)
        posts = [decode(MENTIONS, record.value) for record in await _all(mentions, MENTIONS.named(MODE))]
        signals = Counter([decode(SIGNALS, record.value).id for record in await _all(mentions, SIGNALS.named(MODE))])
    counted = Counter[datetime]()
    for one in counts.values():
        counted.update(one.minutes)
    fresh = Counter(minute_of(post.at) for post in posts)
    wrong = {at for at in {*counted, *fresh} if counted[at] != fresh[at]}
    found = [f"{counted[at]} mentions of {at} are counted, {fresh[at]} were made" for at in wrong]
    if not len(signals) == signals.total() == noted:
        found.append(f"{signals.total()} signals were given, {len(signals)} different ones, {noted} were noted")
    return found


async def mentions_left(log_url: str) -> int:
    """How many mentions are not counted yet, of those that the lane has taken from its doors."""
    counted = await mentions_counted(log_url)
    async with lane_of(log_url, MENTION_LANE) as mentions:
        return len(await _all(mentions, MENTIONS.named(MODE))) - counted


async def mentions_counted(log_url: str) -> int:
    """How many mentions are counted; those that only name us are among those of no incident too."""
    async with lane_of(log_url, MENTION_LANE) as mentions:
        counts = _latest(await _all(mentions, changelog(MODE, COUNTS)), Counts)
        return sum(one.total for name, one in counts.items() if name != WATCH)


@asynccontextmanager
async def lane_of(log_url: str, lane: Lane) -> AsyncIterator[Across]:
    """A door to a lane's log."""
    across = Across(MODE, log_url, lane)
    await across.open()
    try:
        yield across
    finally:
        await across.close()


async def _all(across: Across, topic: str) -> Sequence[Record]:
    return await TopicReader(lambda: across.log, topic).rest()


def _latest(table: Sequence[Record], model: type[Model]) -> dict[str, Model]:
    """A table as a fresh worker would have it: the last record of every key."""
    latest = {record.key or b"": record.value for record in table}
    return {key.decode(): model.model_validate_json(value) for key, value in latest.items() if value is not None}
