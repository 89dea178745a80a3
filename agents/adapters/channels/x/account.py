"""The account on X: what it has posted, and requests in its name.

X gives a post no name of ours, so a post is known by its words among the posts since the message was authorised.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Self

import aiohttp
from oauthlib.oauth1 import Client

from agents.adapters.channels.own_posts import CLOCKS_APART_MAX, Duplicate, OwnPost, plain
from agents.adapters.channels.uploads import bringing
from agents.adapters.channels.vendor import Json, NoWholeAnswer, Refusal, VendorLine
from agents.adapters.channels.x.settings import XSettings
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import Clock, NotSent, Rejected
from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import X
from streams.values import Language
from streams.words.delivery import Receipt
from streams.words.register.entries import StillPicture

LAST_MOMENT = timedelta(seconds=30)
"""So long before X stops taking edits, a correction is a post of its own: an edit might come too late."""
PAGE, PAGES_MAX = 100, 5
KEYS = 4
FIELDS = "attachments,created_at,edit_history_tweet_ids,edit_controls,entities,referenced_tweets"
DUPLICATE = "duplicate content"
POSTS, MEDIA, ABOUT_MEDIA = "/2/tweets", "/2/media/upload", "/2/media/metadata"
# Its debug lines hold the access token.
logging.getLogger("oauthlib").setLevel(logging.WARNING)
_ON_X = re.compile(r"https://(?:www\.|mobile\.)?(?:x|twitter)\.com/[A-Za-z0-9_]{1,15}/status/(?P<id>[0-9]{1,19})")
_POST_ID = re.compile(r"[0-9]{1,19}")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LAST_SLASH = re.compile(r"/(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class XPost(OwnPost):
    """A post on X. `last` is the number of its last version, `shares` the post that it only passes on."""

    last: str
    shares: str | None

    @classmethod
    def read(cls, one: Json, *, now: datetime) -> Self:
        """A post from X's JSON; `NotSent` if it is not as X describes one."""
        try:
            text = str(one["text"])
            for link in one.get("entities", {}).get("urls", ()):
                # X ends a post that has a picture with a link to that picture.
                text = text.replace(str(link["url"]), "" if "media_key" in link else str(link["expanded_url"]))
            shared = [str(ref["id"]) for ref in one.get("referenced_tweets", ()) if ref["type"] == "retweeted"]
            until = _edits_until(one.get("edit_controls") or {})
            return cls(
                id=str(one["id"]),
                text=unescape(text),
                takes_edit=until is not None and now + LAST_MOMENT < until,
                has_picture=bool((one.get("attachments") or {}).get("media_keys")),
                last=str((one.get("edit_history_tweet_ids") or [one["id"]])[-1]),
                shares=next(iter(shared), None),
            )
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            raise NotSent(f"X describes a post otherwise than it says ({type(error).__name__})") from None

    def says(self, text: str) -> bool:
        """Whether these are its words, but for how X writes links and accents."""
        return self.shares is None and _plain(self.text) == _plain(text)


@dataclass(frozen=True, slots=True)
class XAccount:
    """The account, and a signed line to X."""

    line: VendorLine
    settings: XSettings
    clock: Clock
    pictures: Pictures = no_pictures
    called: str = "X"
    kind: ChannelKind = X

    @property
    def language(self) -> Language:
        return self.settings.language

    async def since(self, moment: datetime) -> Sequence[XPost]:
        """The account's own posts since the moment, oldest first, each in its last version."""
        start = f"{moment - CLOCKS_APART_MAX:%Y-%m-%dT%H:%M:%SZ}"
        found, more = list[XPost](), {"start_time": start}
        for _ in range(PAGES_MAX):
            page = await self._list(**more)
            found += [self._read_post(one) for one in page.get("data", ())]
            token = page.get("meta", {}).get("next_token")
            if not token:
                return found[::-1]
            more["pagination_token"] = str(token)
        raise NotSent(f"the account has over {PAGE * PAGES_MAX} posts since then: look at it, and settle it by hand")

    async def latest(self) -> Sequence[XPost]:
        """The last hundred posts of the account, newest first."""
        return [self._read_post(one) for one in (await self._list()).get("data", ())]

    async def post(self, post_id: str) -> XPost | None:
        """The last version of the post, by the number of any of its versions; None if it is not there."""
        found = await self._version(post_id)
        return found if found is None or found.last == post_id else await self._version(found.last)

    async def found_at(self, url: str, *, since: datetime) -> str | None:
        """The number of the post at this address; it names the number, whenever it was written."""
        del since
        return number_in(url)

    def receipt(self, post_id: str) -> Receipt:
        """The receipt for a post, or for one of its versions."""
        return Receipt(reference=post_id, version=post_id, url=self.settings.link(post_id), words="public on X")

    async def bring(self, picture: StillPicture, content: bytes, *, shows: str) -> str:
        """The number of the picture on X, which gets its alternative text by a request of its own."""
        form = aiohttp.FormData({"media_category": "tweet_image", "media_type": picture.media_type})
        form.add_field("media", content, filename=picture.file, content_type=picture.media_type)
        async with bringing(self.line, picture):
            data = (await self.line.ask("POST", MEDIA, body=form)).get("data")
            number = str(data.get("id")) if isinstance(data, dict) else ""
            if not _POST_ID.fullmatch(number):
                raise NoWholeAnswer("X answered without the number of the picture")
            await self.line.ask("POST", ABOUT_MEDIA, body={"id": number, "metadata": {"alt_text": {"text": shows}}})
        return number

    async def write(self, text: str, *, picture: tuple[str, str] | None) -> str:
        """The number of a new post; `Duplicate` if X has these words already."""
        return await self._write({"text": text} | ({"media": {"media_ids": [picture[0]]}} if picture else {}))

    async def edit(self, post_id: str, text: str) -> str:
        """The number of a new version, which has no picture; `Duplicate` as for a post."""
        return await self._write({"text": text, "edit_options": {"previous_post_id": post_id}})

    async def _write(self, body: Json) -> str:
        try:
            answer = await self.line.ask("POST", POSTS, body=body)
        except Refusal as refusal:
            if DUPLICATE in str(refusal.content.get("detail", "")):
                raise Duplicate(str(refusal)) from None
            raise meaning(refusal) from None
        return _number(answer)

    async def delete(self, post_id: str) -> None:
        """Delete the post with all its versions; one that is gone already is no trouble."""
        await self._end(f"{POSTS}/{numbered(post_id)}")

    async def share(self, post_id: str) -> None:
        """Pass another account's post on."""
        try:
            await self.line.ask(
                "POST", f"/2/users/{self.settings.account}/retweets", body={"tweet_id": numbered(post_id)}
            )
        except Refusal as refusal:
            raise meaning(refusal) from None

    async def unshare(self, post_id: str) -> None:
        """Pass it on no longer."""
        await self._end(f"/2/users/{self.settings.account}/retweets/{numbered(post_id)}")

    async def opened(self) -> str:
        """The number of the account that the keys open."""
        try:
            return str((await self.line.get("/2/users/me")).get("data", {}).get("id"))
        except Refusal as refusal:
            raise NotSent(str(refusal)) from None

    async def _version(self, post_id: str) -> XPost | None:
        # X answers 200 for a post that it does not have, and names the error.
        one = (await self._read(f"{POSTS}/{numbered(post_id)}", **{"tweet.fields": FIELDS})).get("data")
        return self._read_post(one) if one else None

    def _read_post(self, one: Json) -> XPost:
        return XPost.read(one, now=self.clock.now())

    async def _list(self, **more: str) -> Json:
        fields = {"max_results": str(PAGE), "tweet.fields": FIELDS}
        return await self._read(f"/2/users/{self.settings.account}/tweets", **fields, **more)

    async def _read(self, path: str, **parameters: str) -> Json:
        try:
            return await self.line.get(path, **parameters)
        except Refusal as refusal:
            if refusal.status == 404:  # noqa: PLR2004 - the number that all know
                return {}
            raise NotSent(str(refusal)) from None

    async def _end(self, path: str) -> None:
        try:
            await self.line.ask("DELETE", path)
        except Refusal as refusal:
            if refusal.status != 404:  # noqa: PLR2004 - as above
                raise meaning(refusal) from None


def signed_by(keys: str, settings: XSettings) -> tuple[Client, tuple[str, ...]]:
    """What signs requests, and the keys, which stay secret; `NotSent` if they are not those of this account."""
    parts = tuple(keys.split())
    if len(parts) != KEYS:
        raise NotSent(
            f"the secret has {len(parts)} parts, not {KEYS}: set it to the API key, its secret, the access token and "
            "its secret, with spaces between them"
        )
    # An access token begins with the number of its account.
    if not parts[2].startswith(f"{settings.account}-"):
        raise NotSent(f"the access token is not that of the account {settings.account}: make one in that account")
    key, key_secret, token, token_secret = parts
    return Client(key, key_secret, token, token_secret), parts


def number_in(url: str | None) -> str | None:
    """The number of the post that a browser shows at this address; None if it is not on X."""
    found = _ON_X.match(url or "")
    return found["id"] if found else None


def headers_of(client: Client, *, method: str, address: str) -> Mapping[str, str]:
    """The header that proves who asks (OAuth 1.0a); a JSON body is no part of it."""
    _, headers, _ = client.sign(address, http_method=method)
    return {str(name): str(value) for name, value in headers.items()}


def numbered(post_id: str) -> str:
    """The number of a post; `NotSent` for what is none, as it would lead elsewhere."""
    if not _POST_ID.fullmatch(post_id):
        raise NotSent("the receipt names no post of this channel: look at the account, and settle it by hand")
    return post_id


def meaning(refusal: Refusal) -> Exception:
    """400 is about the words, which no retry helps; the others are about the account, which a person can mend."""
    if refusal.status == 400:  # noqa: PLR2004 - the number that all know
        return Rejected(str(refusal))
    return NotSent(f"{refusal}: see the account and its app on X")


def _number(answer: Json) -> str:
    data = answer.get("data")
    found = str(data.get("id")) if isinstance(data, dict) else ""
    if not _POST_ID.fullmatch(found):
        raise OddAnswer("X answered without the number of the post")
    return found


class OddAnswer(Exception):
    """The post may well be there: its number did not come."""


def _edits_until(controls: Json) -> datetime | None:
    if not controls.get("is_edit_eligible") or not controls.get("edits_remaining"):
        return None
    return datetime.fromisoformat(str(controls["editable_until"]))


def _plain(text: str) -> str:
    return _LAST_SLASH.sub("", _SCHEME.sub("", plain(text)))
