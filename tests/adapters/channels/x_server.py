"""A server that answers as X's published description says, over real HTTP on the loopback, and errs as X is known to.

It verifies each signature, rewrites links and escapes signs as X does, and refuses words that the account has.
"""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any

from aiohttp import web
from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.pictured import Brought
from tests.loopback import served

ACCOUNT, PARTNER = "370773112", "44196397"
KEY, KEY_SECRET, TOKEN_SECRET = "fakeKeyQ7wZ", "fakeKeySecretV3nRk81", "fakeTokenSecretM5tB20"
TOKEN = f"{ACCOUNT}-fakeTokenX9pL"
KEYS = f"{KEY} {KEY_SECRET} {TOKEN} {TOKEN_SECRET}"
EDITS_FOR, EDITS_MAX = timedelta(minutes=30), 5
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


class _Keys(RequestValidator):  # type: ignore[misc]  # the library ships no types
    """The one pair of keys that opens the account."""

    @property
    def enforce_ssl(self) -> bool:
        return False

    @property
    def client_key_length(self) -> tuple[int, int]:
        return 5, 100

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        del request
        return client_key == KEY

    def validate_timestamp_and_nonce(self, *args: Any, **more: Any) -> bool:
        del args, more
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        del client_key, request
        return KEY_SECRET

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        del client_key, token, request
        return TOKEN_SECRET


@dataclass
class Kept:
    """One version of a post; `history` are the numbers of all versions, shared by them."""

    id: str
    account: str
    text: str
    at: datetime
    history: list[str]
    first: datetime
    shares: str | None = None
    media: tuple[str, ...] = ()


@dataclass
class XServer:
    """What it does wrong: `takes_duplicates`: equal words are taken twice. `refuses`: a status for all that is written.

    `no_edits`: the account may not edit. `repeats`: an error repeats the header that it was asked with.
    `refuses_pictures`: a status for what is brought. `drops_pictures`: a post is shown without them.
    """

    takes_duplicates: bool = False
    no_edits: bool = False
    refuses: int = 0
    repeats: bool = False
    refuses_pictures: int = 0
    drops_pictures: bool = False
    media: dict[str, Brought] = field(default_factory=dict)
    url: str = ""
    port: int = 0
    posts: dict[str, Kept] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_990_000_000_000_000_001))
    writes: int = 0

    def write(self, text: str, account: str = ACCOUNT, *, ago: timedelta = timedelta(), **more: Any) -> Kept:
        """A new post of one of the accounts."""
        number, at = str(next(self.numbers)), SystemClock().now() - ago
        self.posts[number] = kept = Kept(number, account, text, at, [number], at, **more)
        return kept

    def texts(self) -> Sequence[str]:
        """The words of each post of ours as the public reads them, and of each that we pass on."""
        ours = [one for one in self.posts.values() if one.account == ACCOUNT and one.id == one.history[-1]]
        return [self.posts[one.shares].text if one.shares else one.text for one in ours]

    async def create(self, request: web.Request) -> web.Response:
        self.writes += 1
        body = await request.json()
        if self.refuses:
            said = str(request.headers["Authorization"]) + KEYS if self.repeats else "No."
            return _problem(self.refuses, said)
        text, previous = body["text"].strip(), body.get("edit_options", {}).get("previous_post_id")
        if not self.takes_duplicates and text in [one.text for one in self.posts.values() if one.account == ACCOUNT]:
            return _problem(403, DUPLICATE)
        media = tuple(body.get("media", {}).get("media_ids", ()))
        if any(one not in self.media for one in media):
            return _problem(400, "Your media IDs are invalid.")
        if previous is None:
            kept = self.write(text, media=() if self.drops_pictures else media)
        else:
            before = self.posts.get(previous)
            if before is None or before.history[-1] != previous or not self._controls(before)["is_edit_eligible"]:
                return _problem(400, "The post cannot be edited.")
            kept = self.write(text)
            before.history.append(kept.id)
            kept.history, kept.first = before.history, before.first
        return web.json_response({"data": {"id": kept.id, "text": text}}, status=201)

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.refuses_pictures:
            return _problem(self.refuses_pictures, "media type unrecognized.")
        assert form["media_category"] == "tweet_image"
        content = form["media"]
        assert isinstance(content, web.FileField)
        number = str(next(self.numbers))
        self.media[number] = Brought(content.file.read())
        key = {"id": number, "media_key": f"3_{number}", "expires_after_secs": 86400}
        return web.json_response({"data": key})

    async def tell(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["id"] not in self.media:
            return _problem(400, "media id is invalid.")
        self.media[body["id"]].shows = body["metadata"]["alt_text"]["text"]
        return web.json_response({"data": {"id": body["id"], "associated_metadata": body["metadata"]}})

    def pictures(self) -> Sequence[Brought]:
        """The picture of each post of ours."""
        ours = [one for one in self.posts.values() if one.account == ACCOUNT and one.id == one.history[-1]]
        return [self.media[number] for one in ours for number in one.media]

    async def delete(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["id"])
        if kept is None:
            return _problem(404, "Not found.")
        for number in kept.history:
            del self.posts[number]
        return web.json_response({"data": {"deleted": True}})

    async def show(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["id"])
        if kept is None:
            error = {"title": "Not Found Error", "detail": "Could not find tweet.", "parameter": "id"}
            return web.json_response({"errors": [error]})
        return web.json_response({"data": self._shown(kept)})

    async def listed(self, request: web.Request) -> web.Response:
        start = datetime.fromisoformat(request.query.get("start_time", "2020-01-01T00:00:00Z"))
        own = [one for one in self.posts.values() if one.account == ACCOUNT and one.id == one.history[-1]]
        page = [self._shown(one) for one in sorted(own, key=lambda one: -int(one.id)) if one.at >= start]
        begins, size = int(request.query.get("pagination_token", "0")), int(request.query["max_results"])
        more = {"next_token": str(begins + size)} if len(page) > begins + size else {}
        part = page[begins : begins + size]
        return web.json_response(({"data": part} if part else {}) | {"meta": {"result_count": len(part)} | more})

    async def share(self, request: web.Request) -> web.Response:
        shared = (await request.json())["tweet_id"]
        if shared not in self.posts:
            return _problem(404, "Not found.")
        self.write(f"RT {self.posts[shared].text}", shares=shared)
        return web.json_response({"data": {"retweeted": True}})

    async def unshare(self, request: web.Request) -> web.Response:
        for one in [one for one in self.posts.values() if one.shares == request.match_info["id"]]:
            del self.posts[one.id]
        return web.json_response({"data": {"retweeted": False}})

    async def me(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"data": {"id": ACCOUNT, "name": "Ardudwy Vale", "username": "ArdudwyVale"}})

    def _shown(self, kept: Kept) -> dict[str, Any]:
        text = escape(kept.text, quote=False)
        urls: list[dict[str, str]] = []
        keys = [f"3_{number}" for number in kept.media]
        for number, link in enumerate(re.findall(r"https?://\S+", text)):
            short = f"https://t.co/{kept.id[-4:]}{number}"
            text = text.replace(link, short, 1)
            urls.append({"url": short, "expanded_url": link})
        for key in keys:
            short, page = f"https://t.co/p{kept.id[-4:]}", f"https://x.com/ArdudwyVale/status/{kept.id}/photo/1"
            text += f" {short}"
            urls.append({"url": short, "expanded_url": page, "media_key": key})
        shown: dict[str, Any] = {
            "id": kept.id,
            "text": text,
            "created_at": f"{kept.at:%Y-%m-%dT%H:%M:%S.000Z}",
            "edit_history_tweet_ids": kept.history,
            "edit_controls": self._controls(kept),
        }
        if keys:
            shown["attachments"] = {"media_keys": keys}
        if urls:
            shown["entities"] = {"urls": urls}
        if kept.shares:
            shown["referenced_tweets"] = [{"type": "retweeted", "id": kept.shares}]
        return shown

    def _controls(self, kept: Kept) -> dict[str, Any]:
        left, until = EDITS_MAX - len(kept.history) + 1, kept.first + EDITS_FOR
        may = not self.no_edits and left > 0 and SystemClock().now() < until
        return {"edits_remaining": left, "is_edit_eligible": may, "editable_until": f"{until:%Y-%m-%dT%H:%M:%S.000Z}"}

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """The signature, by the library's own server half."""
        endpoint = SignatureOnlyEndpoint(_Keys())
        headers = {"Authorization": request.headers.get("Authorization", "")}
        valid, _ = endpoint.validate_request(f"http://{request.host}{request.rel_url}", request.method, None, headers)
        if not valid:
            return _problem(401, "Unauthorized")
        answer: web.StreamResponse = await handler(request)
        return answer


def _problem(status: int, detail: str) -> web.Response:
    problem = {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": status}
    return web.json_response(problem, status=status)


@asynccontextmanager
async def x_server(**wrong: Any) -> AsyncIterator[XServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `XServer`."""
    server = XServer(**wrong)
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.post("/2/tweets", server.create),
            web.get("/2/tweets/{id}", server.show),
            web.delete("/2/tweets/{id}", server.delete),
            web.post("/2/media/upload", server.upload),
            web.post("/2/media/metadata", server.tell),
            web.get("/2/users/me", server.me),
            web.get(f"/2/users/{ACCOUNT}/tweets", server.listed),
            web.post(f"/2/users/{ACCOUNT}/retweets", server.share),
            web.delete(f"/2/users/{ACCOUNT}/retweets/{{id}}", server.unshare),
        ]
    )
    async with served(app) as server.port:
        server.url = f"http://127.0.0.1:{server.port}"
        yield server
