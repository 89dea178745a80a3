"""Views: what the tables and partner posts say, followed beside the agents. None reads from the first fact."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile
from typing import Generic, TypeVar

import structlog
from pydantic import TypeAdapter

from agents.ports import Clock
from agents.runtime.door.reading import RecordReader, told_bad
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Fenced, LogError, Partition, Record, RowsByKey
from streams.codec import decode
from streams.errors import MessageError
from streams.subjects.account import AccountLog, account
from streams.subjects.case import Case
from streams.subjects.declared import DECLARED, Declared
from streams.subjects.fold import STATES
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.past import POSTS, ROWS, carried, carried_before
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.topics import PARTNER_POSTS
from streams.values import THE_REGISTER, Subject, SubjectKind, named
from streams.words.listening.watch import THE_WATCH
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.release import Credit

logger = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
RECENT = timedelta(minutes=30)
VERSIONS_KEPT = timedelta(days=1)
"""How long it is known what became of a post: its change may come long before it, where a feed tries again."""
VERSIONS_MAX = 20
"""So many versions of one post are kept: the first, and the newest others."""
MARGIN = timedelta(minutes=10)
"""What the clocks of those who write posts may differ by."""

Model = TypeVar("Model")


class UnreadableValue(LogError):
    """A value of a table cannot be read: run `holdingline log verify`."""


class View:
    """Keeps reading one topic and hands every record to `take`; `caught_up` waits for what was committed by then.

    `look` finds what is wanted of the records so far, which are then not read; None if it cannot.
    """

    def __init__(
        self,
        reader: TopicReader,
        take: Callable[[Record], None],
        *,
        look: Callable[[], Sequence[Record] | None] = lambda: None,
    ) -> None:
        self._reader = reader
        self._take = take
        self._look = look
        self._has_looked = False
        self._moved = asyncio.Condition()

    async def run(self) -> None:
        """Read on until the reader is closed."""
        while True:
            try:
                records = await self._begin() or await self._reader.more(WAIT_SECONDS)
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

    async def _begin(self) -> Sequence[Record]:
        """Look, once. The ends are noted before, so that nothing lies between the look and the first record."""
        if self._has_looked:
            return ()
        ends = await self._reader.ends()
        if (found := self._look()) is not None:
            await self._reader.skip(ends)
        self._has_looked = True
        return found or ()

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


class TableView(Generic[Model]):
    """A table that another agent writes, followed by its compacted topic: what is not there any more costs nothing.

    Table and facts are committed together, so that this is level with the facts. A value is read when it is asked for.
    """

    def __init__(self, reader: TopicReader, model: TypeAdapter[Model]) -> None:
        self._model = model
        self._view = View(reader, self._take)
        self._written: dict[str, Record] = {}
        self._read: dict[str, Model] = {}
        self._unreadable: set[str] = set()
        self.run = self._view.run
        self.caught_up = self._view.caught_up

    @property
    def values(self) -> Mapping[str, Model]:
        """Every value by its key, as far as the topic was read; what cannot be read is left out, and logged once."""
        for key in self._written.keys() - self._read.keys() - self._unreadable:
            with suppress(UnreadableValue):
                self.get(key)
        return self._read

    def get(self, key: str) -> Model | None:
        """The value of one key, `UnreadableValue` if it is none; no other is looked at."""
        record = self._written.get(key)
        if record is not None and key not in self._read:
            reading = RecordReader()
            value = reading.value(self._model, record)
            if value is None:
                self._tell(key, told_bad(reading.bad))
                raise UnreadableValue
            self._read[key] = value
        return self._read.get(key)

    def _tell(self, key: str, told: Sequence[str]) -> None:
        if key not in self._unreadable:
            self._unreadable.add(key)
            logger.error("a value is left out of a view", reason="; ".join(told))

    def _take(self, record: Record) -> None:
        key = (record.key or b"").decode(errors="replace")
        self._read.pop(key, None)
        self._unreadable.discard(key)
        if record.value is None:
            self._written.pop(key, None)
        else:
            self._written[key] = record


class SubjectsView:
    """The state of every subject in memory, as the tables of the desk have it; `declared` counts the incidents.

    Without `past` it knows nothing of the rows that left the records. `rows` finds those by key, where the log can.
    """

    def __init__(
        self,
        subjects: TopicReader,
        past: TopicReader | None,
        *,
        rows: Callable[[], RowsByKey | None] = lambda: None,
    ) -> None:
        self._states: TableView[State] = TableView(subjects, STATES)
        self._rows = rows
        self._past = View(past, self._take_row, look=self._find_rows) if past else None
        self._carrying: dict[str, set[str]] = {}
        self.declared = Declared()
        self.caught_up = self._states.caught_up

    async def run(self) -> None:
        """Follow both tables until their readers are closed."""
        await asyncio.gather(*(view.run() for view in (self._states, self._past) if view))

    @property
    def states(self) -> Mapping[Subject, State]:
        """The states as far as they were read."""
        return {state.subject: state for state in self._states.values.values()}

    @property
    def register_log(self) -> RegisterLog | None:
        """The register's log as far as it was read, None before its first fact; the incidents are not looked at."""
        log = self._states.get(THE_REGISTER.key)
        return log if isinstance(log, RegisterLog) else None

    def watch(self) -> TrustWatch | None:
        """What the desk made of what is heard of the trust, as far as it was read; None before its first fact."""
        with suppress(LogError):  # What cannot be read is logged.
            found = self._states.get(THE_WATCH.key)
            return found if isinstance(found, TrustWatch) else None
        return None

    def account(self, channel: str) -> AccountLog | None:
        """The state of a channel's account as far as it was read, None before its first fact."""
        found = self._states.get(account(channel).key)
        return found if isinstance(found, AccountLog) else None

    def case(self, name: str) -> Case | None:
        """The case of this name as far as it was read; None if it is not in memory."""
        found = self._states.get(Subject(kind=SubjectKind.CASE, id=name).key)
        return found if isinstance(found, Case) else None

    async def live(self) -> Sequence[Incident]:
        """The incidents that are declared now."""
        return [incident for incident in (await self.all()).values() if incident.is_live]

    async def all(self) -> Mapping[str, Incident]:
        """Every incident in memory, by identifier, without what left its record."""
        await self.caught_up()
        return {one.id: one for one in self._states.values.values() if isinstance(one, Incident)}

    async def carrying(self, credit: Credit) -> Sequence[str]:
        """The incidents that carry this post of a partner: while it goes out their record names it, then a row does."""
        post = (credit.account_id, credit.post_id)
        found = [one.id for one in (await self.all()).values() if post in _carried(one)]
        await self._rows_caught_up()
        rows = {carried(*post), carried_before(*post)}
        settled = {name for row in rows for name in self._carrying.get(row, ())}
        return list(dict.fromkeys([*found, *sorted(settled)]))

    async def carried_of(self, account_id: str) -> Mapping[str, Sequence[str]]:
        """The posts of this account that the incidents in memory carry, by incident."""
        incidents = await self.all()
        await self._rows_caught_up()
        found = {
            one.id: {post for account, post in _carried(one) if account == account_id} for one in incidents.values()
        }
        for prefix in {carried(account_id, ""), carried_before(account_id, "")}:
            for row, carrying in self._carrying.items():
                for name in carrying & found.keys() if row.startswith(prefix) else ():
                    found[name].add(row.removeprefix(prefix))
        return {name: sorted(posts) for name, posts in found.items() if posts}

    async def _rows_caught_up(self) -> None:
        if self._past:
            await self._past.caught_up()

    def _find_rows(self) -> Sequence[Record] | None:
        """The rows that matter, if the log finds any by key."""
        rows = self._rows()
        if rows is None:
            return None
        where, declared = Partition("", 0), DECLARED.encode()
        found = [Record(where, 0, key, b"", 0) for key in rows.keys_after(b"|", POSTS.encode())]
        return [Record(where, 0, declared, rows.get(declared), 0), *found]

    def _take_row(self, record: Record) -> None:
        """Of the rows those matter that say which post is carried where, and how many incidents were declared."""
        if record.key == DECLARED.encode() and record.value is not None:
            row = ROWS.validate_json(record.value)
            self.declared = row if isinstance(row, Declared) else self.declared
        subject, _, row = (record.key or b"").decode().partition("|")
        if not row.startswith(POSTS):
            return
        if record.value is None:
            self._carrying.get(row, set()).discard(named(subject).id)
        else:
            self._carrying.setdefault(row, set()).add(named(subject).id)


def _carried(incident: Incident) -> set[tuple[str, str]]:
    credits_given = [message.credit for message in incident.messages.values() if message.credit]
    return {(one.account_id, one.post_id) for one in credits_given}


def since_recent() -> int:
    """From when on posts are read, in milliseconds since the epoch, UTC: as far back as versions are kept.

    Records bear the machine's time, also in a drill, whose own time never passes more slowly.
    """
    return (time.time_ns() - int((VERSIONS_KEPT + MARGIN).total_seconds() * 1_000_000_000)) // 1_000_000


class RecentPostsView:
    """Every partner post of the last half hour as it is now, and what became of those of the last day."""

    def __init__(self, reader: TopicReader, clock: Clock) -> None:
        """`reader` leaves out what was written long before; see `since_recent`."""
        self._clock = clock
        self._view = View(reader, self._take)
        self._posts: dict[tuple[str, str], PartnerPost] = {}
        self._versions: dict[tuple[str, str], list[PartnerPost]] = {}
        self._seen_at: dict[tuple[str, str], datetime] = {}
        self.run = self._view.run

    async def recent(self) -> Sequence[PartnerPost]:
        """The posts, oldest first."""
        await self._view.caught_up()
        return sorted(self._posts.values(), key=lambda post: post.at)

    async def versions(self, account_id: str, post_id: str) -> Sequence[PartnerPost]:
        """All that came under this identifier, in order."""
        await self._view.caught_up()
        return tuple(self._versions.get((account_id, post_id), ()))

    async def before(self, post: PartnerPost, since: datetime, *, accounts: Collection[str]) -> Sequence[PartnerPost]:
        """The other posts of these accounts that came before this one and not before `since`, the newest first."""
        await self._view.caught_up()
        own = (post.account_id, post.post_id)
        newest = reversed(self._seen_at)
        earlier = dropwhile(lambda key: key != own, newest) if own in self._seen_at else newest
        lately = takewhile(lambda key: self._seen_at[key] >= since, earlier)
        first = [self._versions[key][0] for key in lately if key != own and key[0] in accounts]
        # After a start all seem to come at once: what was written long before did not.
        return [one for one in first if one.at >= since - MARGIN]

    def _take(self, record: Record) -> None:
        try:
            post: PartnerEvent = decode(PARTNER_POSTS, record.value)
        except MessageError:
            return  # The amplification agent dead-letters it.
        if not isinstance(post, PartnerPost):
            return
        now, key = self._clock.now(), (post.account_id, post.post_id)
        self._posts[key] = post
        self._posts = {key: kept for key, kept in self._posts.items() if kept.at > now - RECENT}
        self._keep_version(key, post, now)

    def _keep_version(self, key: tuple[str, str], post: PartnerPost, now: datetime) -> None:
        """They are kept by when they came, since a change may bear the time of its post, or any other."""
        # The one that came last stands last, so that what is too old stands first.
        self._seen_at.pop(key, None)
        self._seen_at[key] = now
        versions = self._versions.setdefault(key, [])
        if not any((one.change, one.text) == (post.change, post.text) for one in versions):
            versions.append(post)
        del versions[1 : max(1, len(versions) - VERSIONS_MAX + 1)]
        while (oldest := next(iter(self._seen_at.items())))[1] < now - VERSIONS_KEPT:
            del self._seen_at[oldest[0]], self._versions[oldest[0]]
