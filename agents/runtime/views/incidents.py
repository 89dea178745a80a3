"""Views: what the facts and partner posts add up to, folded beside the agents and written by nobody."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from agents.ports import Clock
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Fenced, LogError, Partition, Record
from streams.codec import decode
from streams.errors import MessageError
from streams.subjects.fold import begun, fold, incidents_of
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.topics import FACTS, PARTNER_POSTS
from streams.values import THE_REGISTER, Subject
from streams.words.facts import Fact
from streams.words.posts import PartnerPost

logger = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
RECENT = timedelta(minutes=30)


class View:
    """Keeps reading one topic and hands every record to `take`; `caught_up` waits for what was committed by then."""

    def __init__(self, reader: TopicReader, take: Callable[[Record], None]) -> None:
        self._reader = reader
        self._take = take
        self._moved = asyncio.Condition()

    async def run(self) -> None:
        """Read on until the reader is closed."""
        while True:
            try:
                records = await self._reader.more(WAIT_SECONDS)
            except Fenced:
                return
            except LogError as error:
                logger.warning("a view cannot read on; trying again", reason=str(error))
                await asyncio.sleep(WAIT_SECONDS)
                continue
            for record in records:
                self._see(record)
            async with self._moved:
                self._moved.notify_all()

    def _see(self, record: Record) -> None:
        """A record that does not fit to those before it was forged or altered; it must not end the view."""
        try:
            self._take(record)
        except Exception:
            where = record.partition
            logger.exception("a record is left out of a view: run log verify", topic=where.topic, offset=record.offset)

    async def caught_up(self) -> None:
        """Return once every record committed before the call is in the view; a log that does not answer is waited for.

        What the log fails at is no fault of the event that asks, which would else become a dead letter.
        """
        ends = await self._ends()
        async with self._moved:
            await self._moved.wait_for(lambda: self._reader.has_reached(ends))

    async def _ends(self) -> Mapping[Partition, int]:
        while True:
            try:
                return await self._reader.ends()
            except Fenced:
                raise
            except LogError as error:
                logger.warning("a view cannot see how far it has to read; trying again", reason=str(error))
                await asyncio.sleep(WAIT_SECONDS)


class SubjectsView:
    """Every subject's state, folded from the facts."""

    def __init__(self, reader: TopicReader, mode: str) -> None:
        self._mode = mode
        self._view = View(reader, self._take)
        self._states: dict[Subject, State] = {}
        self.run = self._view.run

    @property
    def states(self) -> Mapping[Subject, State]:
        """The states as far as they were read."""
        return self._states

    @property
    def register_log(self) -> RegisterLog | None:
        """The register's log as far as it was read; None before its first fact."""
        log = self._states.get(THE_REGISTER)
        return log if isinstance(log, RegisterLog) else None

    async def live(self) -> Sequence[Incident]:
        """The incidents that are declared now."""
        await self._view.caught_up()
        return [incident for incident in incidents_of(self._states).values() if incident.is_live]

    async def all(self) -> Mapping[str, Incident]:
        """Every incident there is, by identifier."""
        await self._view.caught_up()
        return incidents_of(self._states)

    def _take(self, record: Record) -> None:
        try:
            fact: Fact = decode(FACTS, record.value)
        except MessageError:
            return  # The publishing agent dead-letters it.
        self._states[fact.subject] = fold(self._states.get(fact.subject) or begun(fact.subject, self._mode), fact)


class RecentPostsView:
    """The latest state of every partner post of the last half hour."""

    def __init__(self, reader: TopicReader, clock: Clock) -> None:
        self._clock = clock
        self._view = View(reader, self._take)
        self._posts: dict[tuple[str, str], PartnerPost] = {}
        self.run = self._view.run

    async def recent(self) -> Sequence[PartnerPost]:
        """The posts, oldest first."""
        await self._view.caught_up()
        return sorted(self._posts.values(), key=lambda post: post.at)

    def _take(self, record: Record) -> None:
        try:
            post: PartnerPost = decode(PARTNER_POSTS, record.value)
        except MessageError:
            return  # The amplification agent dead-letters it.
        self._posts[post.account_id, post.post_id] = post
        oldest = self._clock.now() - RECENT
        self._posts = {key: kept for key, kept in self._posts.items() if kept.at > oldest}
