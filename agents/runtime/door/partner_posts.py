"""Posts of partners as somebody outside reads them: whether the author of one edited it since it came."""

from agents.runtime.door.door import Door
from streams import foreign
from streams.topics import PARTNER_POSTS
from streams.values import prose
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.release import Credit

PASSED_MAX = 20_000
"""So many posts are looked at, the newest first: what lies before them is not found."""


async def was_edited(door: Door, credit: Credit) -> bool:
    """Whether other words came under this identifier, while the log has them; False of a post that no feed heard."""
    if not door.has(PARTNER_POSTS):
        return False
    account, called = foreign.account(credit.account_id), credit.post_id.rpartition("/")[2]
    reader, said, passed = door.topic_reader(PARTNER_POSTS), set[str](), 0
    try:
        async for record in reader.newest_first():
            passed += 1
            if passed > PASSED_MAX:
                break
            if called.encode() not in (record.value or b""):  # Most posts are none of these, and are not decoded.
                continue
            post: PartnerEvent | None = door.reading.message(PARTNER_POSTS, record)
            if isinstance(post, PartnerPost) and (post.account_id, post.post_id.rpartition("/")[2]) == (
                account,
                called,
            ):
                said.add("" if post.change == "deleted" else " ".join(prose(post.text).split()))
    finally:
        await reader.close()
    return len(said - {""}) > 1
