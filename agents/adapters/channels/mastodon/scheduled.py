"""What somebody has scheduled on the server for the account: it is listed, removed, or put off."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agents.adapters.channels.mastodon.server import Gone, Json, Server
from agents.ports import NotSent
from streams.values import Language
from streams.words.plans import ScheduledPost

SCHEDULED = "/api/v1/scheduled_statuses"
PAGE, PAGES_MAX = 40, 5
INSTANCE = "/api/v2/instance"
_ITS_OWN = re.compile(r"\d+\.\d+\.\d+\S*")
"""Mastodon and what is built from it give their version so; others add their name after a blank."""
EMPTY: tuple[tuple[str, str], ...] = (
    ("media_ids", "its pictures"),
    ("poll", "its poll"),
    ("spoiler_text", "its warning"),
    ("sensitive", "its warning"),
    ("in_reply_to_id", "what it answers"),
    ("quoted_status_id", "what it quotes"),
)
"""What our planned posts do not have, and what we call it."""


async def list_scheduled(server: Server, *, language: Language) -> Sequence[ScheduledPost]:
    """What is scheduled for the account; `NotSent` if the server cannot be trusted to tell.

    Other servers of this interface answer with an empty list whatever is scheduled (snac), so only Mastodon's own
    answer counts.
    """
    instance = await _ask(server, INSTANCE)
    version = str(instance.get("version")) if isinstance(instance, dict) else ""
    if not _ITS_OWN.fullmatch(version):
        raise NotSent(
            f"{server.url} is not Mastodon itself, so its list of scheduled posts may be empty though some are"
        )
    found, parameters = list[ScheduledPost](), {"limit": str(PAGE)}
    for _ in range(PAGES_MAX):
        page = await _ask(server, SCHEDULED, **parameters)
        if not isinstance(page, list):
            raise NotSent("the server lists scheduled posts as Mastodon does not")
        found += [_read(one, language) for one in page]
        if len(page) < PAGE:
            return found
        parameters["max_id"] = found[-1].reference
    raise NotSent(f"over {PAGE * PAGES_MAX} posts are scheduled on {server.url}: hold them there")


async def unschedule(server: Server, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
    """Remove the post, or put it off; answers with whether the server had it until now."""
    if not post.reference.isalnum():
        raise NotSent("the server calls a scheduled post otherwise than Mastodon does: hold it there")
    path = f"{SCHEDULED}/{post.reference}"
    try:
        if put_off_to:
            await server.ask("PUT", path, body={"scheduled_at": put_off_to.isoformat()})
        else:
            await server.ask("DELETE", path)
    except Gone:
        return False
    return True


async def _ask(server: Server, path: str, **parameters: str) -> Json:
    try:
        return await server.get(path, **parameters)
    except Gone:
        raise NotSent(f"{server.url} does not tell what is scheduled there") from None


def _read(one: Any, language: Language) -> ScheduledPost:  # noqa: ANN401 - any JSON, judged here
    try:
        params = one["params"]
        beyond = [called for name, called in EMPTY if params.get(name)]
        beyond += ["its pictures"] if one["media_attachments"] else []
        beyond += ["that not everybody may read it"] if params["visibility"] != "public" else []
        spoken = params.get("language")
        beyond += [f"that it is in {spoken}"] if spoken and spoken != language else []
        return ScheduledPost(
            reference=str(one["id"]),
            at=datetime.fromisoformat(one["scheduled_at"]),
            text=str(params["text"]),
            language=language,
            lacks=", ".join(dict.fromkeys(beyond)) or None,
        )
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        raise NotSent(
            f"the server describes a scheduled post otherwise than Mastodon does ({type(error).__name__})"
        ) from None
