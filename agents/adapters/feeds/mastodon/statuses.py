"""Posts of an account as a server of the Mastodon API describes them, and events of its stream. Pure.

What the partner itself says to everybody is taken: public posts, and answers to its own posts, as a thread is made of.
A boost, an answer to somebody else and a quote of somebody else are not, nor is what is not for everybody. A warning
that stands before the words is part of them.
"""

import html
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agents.adapters.feeds.account_mark import NetworkPost
from agents.adapters.feeds.parsed import Source
from streams import foreign
from streams.signs import folded
from streams.values import PROSE_CHARACTERS_MAX, derive_id, digest, sentence
from streams.words.posts import AccountChange, PartnerPost

PUBLIC = "public"
TOLD_OF = ("update", "status.update")
NAME_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class FeedProfile:
    """What the server says of the account: its whole name, its addresses, and whether it is open."""

    called: str
    addresses: tuple[str, ...]
    state: AccountChange | None
    moved_to: str | None


def profile_of(said: Any, host: str) -> FeedProfile | None:  # noqa: ANN401 - any JSON
    """An account from the server's JSON; None if it is none. `host` completes the name of an account of its own."""
    name = said.get("acct") if isinstance(said, dict) else None
    if not isinstance(name, str) or not name:
        return None
    whole = name if "@" in name else f"{name}@{host}"
    moved = said.get("moved")
    there = str(moved.get("acct") or "another account") if isinstance(moved, dict) else None
    state = AccountChange.SUSPENDED if said.get("suspended") is True else AccountChange.GONE if there else None
    addresses = tuple(str(said[one]) for one in ("uri", "url") if said.get(one))
    return FeedProfile(sentence(whole)[:NAME_CHARACTERS_MAX], addresses, state, sentence(there) if there else None)


def entries_of(listed: Any, source: Source) -> tuple[Sequence[NetworkPost], Sequence[str]]:  # noqa: ANN401 - any JSON
    """The posts of a list, as they are listed, and what of it cannot be read; boosts are passed over."""
    if not isinstance(listed, list):
        return (), ("the server lists posts otherwise than Mastodon does",)
    read = [entry_of(one, source) for one in listed if not (isinstance(one, dict) and one.get("reblog"))]
    return [one for one in read if isinstance(one, NetworkPost)], [one for one in read if isinstance(one, str)]


def entry_of(status: Any, source: Source, *, is_old: bool = False) -> NetworkPost | str:  # noqa: ANN401 - any JSON
    """One post; a sentence where it is none of this account. Of one that `is_old` other words are an edit."""
    said: Mapping[str, Any] = status if isinstance(status, dict) else {}
    account = said.get("account")
    if not isinstance(account, dict) or account.get("id") != source.account.account_id:
        return "a post in the list is of another account, or of none"
    words = "\n".join(filter(None, [_words(said.get("spoiler_text")), _words(said.get("content"))]))
    name = str(said.get("id", ""))
    revision = revision_of(said, words)
    try:
        post = PartnerPost(
            id=derive_id("post", source.account.account_id, source.account.domain, name, revision),
            mode=source.mode,
            change="edited" if is_old and said.get("edited_at") else "new",
            account_id=source.account.account_id,
            domain=source.account.domain,
            post_id=name,
            at=_at(said.get("created_at"), source.now),
            text=words[:PROSE_CHARACTERS_MAX],
            language=foreign.language(said.get("language")),
            hashtags=foreign.hashtags(_tags(said.get("tags"))),
            url=foreign.address(said.get("url") or said.get("uri")),
            revision=revision,
        )
    except ValidationError:
        return "a post in the list has no identifier that can be read"
    return NetworkPost(post, _why_not(said, source.account.account_id))


def revision_of(said: Mapping[str, Any], words: str) -> str:
    """When it was edited, and its letters: some servers tell seconds only, and some write other signs around words."""
    edited = said.get("edited_at")
    letters = digest("".join(filter(str.isalnum, folded(words))))[:20]
    return f"{edited}/{letters}" if isinstance(edited, str) and edited else letters


def event_of(frame: bytes) -> tuple[str, Any]:
    """The name of a server-sent event and its data, as JSON where it is some, else as text."""
    fields: dict[str, list[str]] = {}
    for line in frame.decode(errors="replace").splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name, []).append(value.removeprefix(" "))
    data = "\n".join(fields.get("data", []))
    try:
        return "".join(fields.get("event", [])[-1:]), json.loads(data)
    except (ValueError, RecursionError):
        return "".join(fields.get("event", [])[-1:]), data


def post_told_of(frame: bytes, account_id: str, *, known: Container[str]) -> str | None:
    """The identifier of the post that an event is about, if it is one of this account.

    A deletion names no account, so it counts if the post is `known`.
    """
    name, data = event_of(frame)
    if name == "delete":
        return str(data) if str(data) in known else None
    account = data.get("account") if isinstance(data, dict) else None
    if name not in TOLD_OF or not isinstance(account, dict) or account.get("id") != account_id:
        return None
    return str(data.get("id"))


def _why_not(said: Mapping[str, Any], account_id: str) -> str | None:
    if said.get("visibility") != PUBLIC:
        return "it is not for everybody"
    if said.get("in_reply_to_id") and said.get("in_reply_to_account_id") != account_id:
        return "it answers somebody else"
    quote = said.get("quote")
    quoted = quote.get("quoted_status") if isinstance(quote, dict) else None
    author = quoted.get("account") if isinstance(quoted, dict) else None
    if quote and (not isinstance(author, dict) or author.get("id") != account_id):
        return "it quotes somebody else"
    return None


def _words(written: Any) -> str:  # noqa: ANN401 - any JSON
    """The words of a text in HTML, which may have no tag that `foreign.words` knows one by."""
    if not isinstance(written, str):
        return ""
    plain = str(foreign.words(written))
    return (plain if plain != written else html.unescape(written)).strip()


def _at(created: Any, now: datetime) -> datetime:  # noqa: ANN401 - any JSON
    try:
        moment = datetime.fromisoformat(created)
    except (TypeError, ValueError):
        return now
    return min(moment, now) if moment.tzinfo else now


def _tags(tags: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
    return [one.get("name") for one in tags if isinstance(one, dict)] if isinstance(tags, list) else []
