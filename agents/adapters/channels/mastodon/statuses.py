"""What an account shows: its posts since a moment, and which of them has our words.

The interface gives a post no name of ours, so a post is known by its words: the exact source text, among the posts
since the message was authorised. Two messages with the same words within minutes are one post.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Self

from pydantic import TypeAdapter, ValidationError

from agents.adapters.channels.mastodon.server import Gone, Json, Server
from agents.ports import NotSent
from streams.signs import composed, folded, mended
from streams.values import Link

CLOCKS_APART_MAX = timedelta(minutes=5)
"""So much may the server's clock differ from that of the authorisation."""
PAGE, PAGES_MAX = 40, 10
STATUSES = "/api/v1/statuses"
OPENING_LETTERS = 20
_TAG = re.compile(r"<[^>]*>")
_LINK = TypeAdapter(Link)


@dataclass(frozen=True, slots=True)
class AccountPost:
    """A post as its account sees it; `text` are its words as written, None where the server gives them only when asked.

    `shown` is how the server shows them, as HTML.
    `addresses` are all that the server calls it by; the first that a browser opens is its `url`.
    """

    id: str
    at: datetime
    visibility: str
    text: str | None
    shown: str
    addresses: tuple[str, ...]
    edited: str | None
    is_boosted: bool

    @classmethod
    def read(cls, one: Json) -> Self:
        """A post from the server's JSON; `NotSent` if it is not as Mastodon describes one."""
        if not isinstance(one, dict):
            raise NotSent("the server describes a post as Mastodon does not")
        try:
            text = one.get("text")
            found = cls(
                id=str(one["id"]),
                at=datetime.fromisoformat(one["created_at"]),
                visibility=str(one["visibility"]),
                text=text if isinstance(text, str) else None,
                shown=str(one["content"]),
                addresses=tuple(str(one[name]) for name in ("url", "uri") if one.get(name)),
                edited=one.get("edited_at"),
                is_boosted=bool(one.get("reblogged")),
            )
        except (TypeError, KeyError, ValueError) as error:
            raise NotSent(f"the server describes a post as Mastodon does not ({type(error).__name__})") from None
        if not found.id.isalnum() or found.at.tzinfo is None:
            raise NotSent("the server describes a post as Mastodon does not (its id or its time)")
        return found

    @property
    def url(self) -> str | None:
        """Where a browser shows it."""
        for one in self.addresses:
            try:
                return _LINK.validate_python(one)
            except ValidationError:
                continue
        return None


def path_of(status_id: str, *parts: str) -> str:
    """The path of a post; `NotSent` for what is no identifier, as it would lead elsewhere."""
    if not status_id.isalnum():
        raise NotSent("the receipt names no post of this channel: look at the account, and settle it by hand")
    return "/".join((STATUSES, status_id, *parts))


async def status_of(server: Server, status_id: str) -> AccountPost | None:
    """The post with this identifier; None if it is not there."""
    try:
        return AccountPost.read(await server.get(path_of(status_id)))
    except Gone:
        return None


def begins_as(text: str, status: AccountPost) -> bool:
    """Whether the post may have these words: only then are its own asked for, since each question is counted."""
    shown = _letters(unescape(_TAG.sub("", status.shown)))
    return shown[:OPENING_LETTERS] == _letters(text)[:OPENING_LETTERS]


async def words_of(server: Server, status: AccountPost) -> str:
    """The words of a post exactly as they were written; none if it has just gone."""
    if status.text is not None:
        return status.text
    try:
        source = await server.get(path_of(status.id, "source"))
    except Gone:
        return ""
    return str(source.get("text", "")) if isinstance(source, dict) else ""


async def since(server: Server, account: str, *, moment: datetime) -> Sequence[AccountPost]:
    """The account's own posts since the moment, oldest first; boosts are not among them."""
    earliest, found = moment - CLOCKS_APART_MAX, list[AccountPost]()
    parameters = {"limit": str(PAGE), "exclude_reblogs": "true"}
    for _ in range(PAGES_MAX):
        page = await server.get(f"/api/v1/accounts/{account}/statuses", **parameters)
        if not isinstance(page, list):
            raise NotSent("the server lists posts as Mastodon does not")
        read = [AccountPost.read(one) for one in page if isinstance(one, dict) and not one.get("reblog")]
        found += [one for one in read if one.at >= earliest]
        if not read or read[-1].at < earliest:
            return found[::-1]
        parameters["max_id"] = read[-1].id
    raise NotSent(f"the account has more than {PAGE * PAGES_MAX} posts since then: look at it, and settle it by hand")


def same(words: str, others: str) -> bool:
    """Whether two texts are the same, but for the spaces at their ends and how their accents are composed."""
    return composed(mended(words)).strip() == composed(mended(others)).strip()


def alike(words: str, others: str) -> bool:
    """Whether `others` are these words with other signs between the letters, as a server may spoil them."""
    return _letters(words) == _letters(unescape(others))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
