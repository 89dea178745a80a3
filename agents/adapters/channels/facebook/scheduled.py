"""What people have scheduled on the page: it is listed and deleted; only plain words are, the rest a person holds."""

from collections.abc import Sequence
from datetime import UTC, datetime

from agents.adapters.channels.facebook.page import PAGE, PAGES_MAX, VERSION, FacebookPage, meaning_of
from agents.adapters.channels.vendor import Json, Refusal
from agents.ports import NotSent
from streams.values import Language
from streams.words.plans import ScheduledPost

FIELDS = "id,message,scheduled_publish_time,attachments{media_type}"


async def list_scheduled(page: FacebookPage) -> Sequence[ScheduledPost]:
    """All that is scheduled on the page; `NotSent` if Facebook does not tell all of it."""
    found, more = list[ScheduledPost](), dict[str, str]()
    path = f"{VERSION}/{page.settings.page}/scheduled_posts"
    for _ in range(PAGES_MAX):
        try:
            answer = await page.line.get(path, fields=FIELDS, limit=str(PAGE), **more)
        except Refusal as refusal:
            raise meaning_of(refusal) from None
        found += [_read(one, page.language) for one in answer.get("data", ())]
        paging = answer.get("paging", {})
        if not paging.get("next"):
            return found
        more = {"after": str(paging["cursors"]["after"])}
    raise NotSent(f"over {PAGE * PAGES_MAX} posts are scheduled on the page: hold them there")


async def unschedule(page: FacebookPage, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
    """Delete the post; `NotSent` for one of which something would be lost: Facebook's description puts none off."""
    if put_off_to:
        raise NotSent(f"a post on the page would lose {post.lacks}: give it a later time there by hand")
    return await page.remove(post.reference)


def _read(one: Json, language: Language) -> ScheduledPost:
    try:
        pictured = bool(one.get("attachments", {}).get("data"))
        return ScheduledPost(
            reference=str(one["id"]),
            at=datetime.fromtimestamp(float(one["scheduled_publish_time"]), UTC),
            text=str(one.get("message", "")),
            language=language,
            lacks="its picture, film or link" if pictured else None,
        )
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError, OSError) as error:
        raise NotSent(f"Facebook describes a scheduled post otherwise than it says ({type(error).__name__})") from None
