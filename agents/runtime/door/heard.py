"""What the mention lane keeps, as a door reads it; and the words of posts, while the log has them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self, TypeVar

from pydantic import TypeAdapter

from agents.runtime.door.lanes import Across
from agents.runtime.door.reading import BadRecord, RecordReader
from agents.runtime.door.tables import (
    ACCOUNTS_SHARED,
    CASE_POSTS,
    COUNTS,
    PEOPLE_SHARING,
    STORIES,
    STORY_POSTS,
    changelog,
    own_key,
    shared_changelog,
)
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.tables import last_records
from infra.addresses import spread_of
from infra.doors import DoorLog
from infra.log import LogUnusable, Record
from streams.decisions.listening.routes.suspected import case_names
from streams.decisions.listening.spread import SHARED, AccountsShared, PeopleSharing, SharedLately
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import Counts
from streams.lanes import CONTROL_LANE, LANES, MENTION_LANE, Lane
from streams.subjects.case import Case
from streams.topics import MENTIONS
from streams.words.listening.routes import CasePosts
from streams.words.posts import Mention

PASSED_MAX = 100_000
"""So many posts are looked at, the newest first: what lies before them is not found."""
_COUNTS: TypeAdapter[Counts] = TypeAdapter(Counts)
_STORIES: TypeAdapter[StoriesKept] = TypeAdapter(StoriesKept)
_POSTS: TypeAdapter[StoryPosts] = TypeAdapter(StoryPosts)
_CASE_POSTS: TypeAdapter[CasePosts] = TypeAdapter(CasePosts)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class StoriesHeard:
    """The stories of one incident, and which posts stand for each."""

    stories: StoriesKept
    posts: StoryPosts

    def standing_for(self, called: int, *, mode: str, about: str) -> Mapping[str, str]:
        """The posts that stand for the story that people call so, by what their source calls them.

        Each with what a case for it would be called, see `routes.suspected`.
        """
        story = self.stories.story(called)
        posts = self.posts.posts.get(story.number, ()) if story else ()
        return {post: name for name, post in case_names(mode, about, number=story.number, posts=posts)} if story else {}


def shared_keys(log_url: str) -> Sequence[str]:
    """The keys of the rows that say whose posts people passed on, one for each partition of the mentions."""
    spread = spread_of(log_url)
    return [own_key("shared", one, of=spread) for one in range(spread)]


async def last_of(log: DoorLog, topic: str, *, key: str, anywhere: bool) -> Record | None:
    """The last record of a key; None where there is none, or no such topic.

    It lies in the partition of its key, or `anywhere`: then each partition may have to be read. The posts of a case
    lie beside what the case is about.
    """
    if log.partitions_of(topic):
        async for record in TopicReader(lambda: log, topic, key=None if anywhere else key.encode()).newest_first():
            if record.key == key.encode():
                return record
    return None


async def posts_of(
    log: Callable[[], DoorLog], mode: str, *, posts: Sequence[str], reading: RecordReader
) -> Mapping[str, Mention]:
    """These posts, by what their source calls them. What the log has let go, or has had too many after, is left out.

    One that cannot be read is noted by `reading`.
    """
    missing, found, passed = {*posts}, dict[str, Mention](), 0
    signs = {name: name.encode() for name in posts}
    if not missing or not log().partitions_of(MENTIONS.named(mode)):
        return {}
    reader = TopicReader(log, MENTIONS.named(mode))
    try:
        async for record in reader.newest_first():
            passed += 1
            if not missing or passed > PASSED_MAX:
                break
            # Most posts are none of these, and are not decoded.
            is_named = any(signs[name] in (record.value or b"") for name in missing)
            post: Mention | None = reading.message(MENTIONS, record) if is_named else None
            if post and post.id in missing:
                found[post.id] = post
                missing.discard(post.id)
    finally:
        await reader.close()
    return found


class HeardDoor:
    """The ways of a door to the logs of all lanes, and what it reads there of what the mention lane heard."""

    def __init__(self, mode: str, log_url: str) -> None:
        self._mode = mode
        self._ways = {lane.name: Across(mode, log_url, lane) for lane in LANES}
        self._control = self._ways[CONTROL_LANE.name]
        self._shared_keys = shared_keys(log_url)

    async def __aenter__(self) -> Self:
        await self._control.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        for way in reversed(self._ways.values()):
            await way.close()

    @cached_property
    def reading(self) -> RecordReader:
        """What reads the records, and notes which of them it cannot read."""
        return RecordReader()

    @property
    def bad(self) -> Sequence[BadRecord]:
        """What could not be read since this door was made: tell it to the person who asked."""
        return self.reading.bad

    @property
    def _log(self) -> DoorLog:
        return self._control.log

    async def counts(self, incident_id: str) -> Counts:
        """What the mention lane counted of one incident by minute; nothing where that lane never ran."""
        return await self._heard(COUNTS, incident_id, model=_COUNTS) or Counts()

    async def stories(self, incident_id: str) -> StoriesHeard:
        """The stories of one incident as the mention lane has them; none where that lane never ran."""
        stories = await self._heard(STORIES, incident_id, model=_STORIES) or StoriesKept()
        return StoriesHeard(stories, await self._heard(STORY_POSTS, incident_id, model=_POSTS) or StoryPosts())

    async def accounts_shared(self) -> SharedLately:
        """Whose posts people passed on, as the mention lane saw it last; nothing where that lane never ran."""
        heard = partial(self._heard, ACCOUNTS_SHARED, model=TypeAdapter(AccountsShared))
        people = await self._heard(PEOPLE_SHARING, SHARED, model=TypeAdapter(PeopleSharing)) or PeopleSharing()
        return SharedLately([await heard(key) or AccountsShared() for key in self._shared_keys], people)

    async def posts_called(self, names: Sequence[str]) -> Mapping[str, Mention]:
        """These posts, by what their source calls them, while the log has them."""
        with suppress(LogUnusable):
            log = partial(same, await self._log_of(MENTION_LANE))
            return await posts_of(log, self._mode, posts=names, reading=self.reading)
        return {}

    async def posts_of(self, case: Case) -> Sequence[Mention]:
        """The first posts of a case, for as long as its record and the topic of mentions hold them; else none."""
        kept = await self._heard(CASE_POSTS, case.id, model=_CASE_POSTS)
        found = await self.posts_called(kept.posts) if kept else {}
        return [found[name] for name in kept.posts if name in found] if kept else []

    async def case_posts(self) -> Sequence[CasePosts]:
        """What is kept of people for cases; none where the mention lane never ran."""
        records: dict[str, Record] = {}
        for log, topic in await self._places(CASE_POSTS):
            if log.partitions_of(topic):
                records |= last_records(await TopicReader(partial(same, log), topic).rest())
        found = [self.reading.value(_CASE_POSTS, one) for one in records.values() if one.value]
        return [one for one in found if one]

    async def _places(self, table: str) -> Sequence[tuple[DoorLog, str]]:
        """Where a table of the mention lane may be: in a drill that runs in the process and log of the control lane."""
        places = [(self._log, shared_changelog(self._mode, table))]
        with suppress(LogUnusable):
            places.append((await self._log_of(MENTION_LANE), changelog(self._mode, table)))
        return places

    async def _heard(self, table: str, key: str, *, model: TypeAdapter[Value]) -> Value | None:
        """What the mention lane wrote last under a key of one of its tables."""
        for log, topic in await self._places(table):
            record = await last_of(log, topic, key=key, anywhere=table == CASE_POSTS)
            if record:
                return self.reading.value(model, record) if record.value else None
        return None

    async def _log_of(self, lane: Lane) -> DoorLog:
        """The log of a lane; one beside that of the control lane is opened at the first need."""
        way = self._ways[lane.name]
        if not way.is_open:
            await way.open()
        return way.log


def same(log: DoorLog) -> DoorLog:
    """This log: what a reader asks for before each look."""
    return log
