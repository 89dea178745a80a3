"""What the mention lane keeps, as somebody outside reads it; and the words of posts, while the log has them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.runtime.door.reading import RecordReader
from agents.runtime.door.tables import own_key
from agents.runtime.door.topic_reader import TopicReader
from infra.addresses import spread_of
from infra.doors import DoorLog
from infra.log import Record
from streams.decisions.listening.routes.suspected import case_names
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.topics import MENTIONS
from streams.words.posts import Mention

PASSED_MAX = 100_000
"""So many posts are looked at, the newest first: what lies before them is not found."""


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


async def last_of(log: DoorLog, topic: str, *, key: str, anywhere: bool = False) -> Record | None:
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
