"""A server that answers as Mastodon itself does, over real HTTP on the loopback, and errs as others are known to."""

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.pictured import Brought
from tests.loopback import served

TOKEN = "fake-token-Zq7vXw3nRk81"
NAME, PARTNER = "trust", "police"
ACCOUNT = (NAME, TOKEN)
ACCOUNTS = {NAME: "101", PARTNER: "102"}
LIMIT = 500


@dataclass
class Kept:
    """A post as the server keeps it."""

    id: str
    account: str
    text: str
    at: datetime
    visibility: str = "public"
    language: str = "en"
    edited: datetime | None = None
    boosted: int = 0
    media: tuple[str, ...] = ()


@dataclass
class MastodonServer:
    """What it does wrong, each as a server is known to: all off, it is Mastodon itself.

    `ignores_keys` (snac, GoToSocial): the same key again is another post. `boosts_twice` and `says_boosted`
    (GoToSocial): a second boost counts, and the answer to an un-boost still says that the post is boosted.
    `gives_text`: words come with the post. `hides`: moderators hide what is taken. `unlists`: it is not public.
    `spoils`: signs are written otherwise. `left` counts requests until 429 (Mastodon: 300 in five minutes),
    `deletes_left` those of deletions alone. `version` is what it calls itself; not `keeps_schedule`: it knows no
    list of scheduled posts.
    """

    ignores_keys: bool = False
    boosts_twice: bool = False
    says_boosted: bool = False
    gives_text: bool = False
    hides: bool = False
    unlists: bool = False
    spoils: bool = False
    suspends: bool = False
    characters_max: int = LIMIT
    left: int = 10_000
    deletes_left: int = 30
    minutes_off: int = 0
    version: str = "4.5.0"
    keeps_schedule: bool = True
    url: str = ""
    port: int = 0
    posts: dict[str, Kept] = field(default_factory=dict)
    scheduled: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    media: dict[str, Brought] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def write(self, text: str, account: str = NAME, **more: Any) -> Kept:
        """A new post of one of the accounts."""
        number = str(113_000_000_000 + next(self.numbers))
        self.posts[number] = kept = Kept(number, account, text.strip(), SystemClock().now(), **more)
        return kept

    def texts(self) -> Sequence[str]:
        """The words of every post of ours, and of each boost of a partner's, as often as it is shown."""
        ours = [one.text for one in self.posts.values() if one.account == NAME]
        return ours + [one.text for one in self.posts.values() for _ in range(one.boosted)]

    def address(self, kept: Kept) -> str:
        return f"{self.url}/@{kept.account}/{kept.id}"

    async def credentials(self, request: web.Request) -> web.Response:
        del request
        return web.json_response(self._account(NAME) | {"source": {}, "role": {}, "suspended": self.suspends})

    async def instance(self, request: web.Request) -> web.Response:
        del request
        limits = {"statuses": {"max_characters": self.characters_max}}
        return web.json_response({"configuration": limits, "version": self.version})

    def schedule(self, text: str, at: datetime, **params: Any) -> str:
        """Somebody has a post go out at this moment; the server's name for it."""
        number = str(3_000 + next(self.numbers))
        plain = {"text": text, "visibility": "public", "application_id": 1, "with_rate_limit": False}
        media = [{"id": name, "type": "image"} for name in params.get("media_ids", ())]
        about = {"id": number, "scheduled_at": _written(at), "params": plain | params, "media_attachments": media}
        self.scheduled[number] = about
        return number

    async def schedules(self, request: web.Request) -> web.Response:
        if not self.keeps_schedule:
            return _no(404, "Record not found")
        limit, before = int(request.query.get("limit", "20")), int(request.query.get("max_id", "9" * 20))
        page = [one for number, one in sorted(self.scheduled.items(), reverse=True) if int(number) < before]
        return web.json_response(page[: min(limit, 40)])

    async def put_off(self, request: web.Request) -> web.Response:
        one = self.scheduled.get(request.match_info["id"])
        if one is None:
            return _no(404, "Record not found")
        one["scheduled_at"] = _written(datetime.fromisoformat((await request.json())["scheduled_at"]))
        return web.json_response(one)

    async def unschedule(self, request: web.Request) -> web.Response:
        gone = self.scheduled.pop(request.match_info["id"], None)
        return _no(404, "Record not found") if gone is None else web.json_response({})

    async def publish(self, request: web.Request) -> web.Response:
        body, key = await request.json(), request.headers.get("Idempotency-Key", "")
        if key and key in self.keys and not self.ignores_keys:
            known = self.posts.get(self.keys[key])
            return web.json_response(self._status(known)) if known else _no(404, "Record not found")
        if fault := self._fault(body):
            return fault
        visibility = "unlisted" if self.unlists else body["visibility"]
        text = escape(body["status"].replace(",", ";")) if self.spoils else body["status"]
        media = tuple(body.get("media_ids", ()))
        if any(one not in self.media for one in media):
            return _no(422, "Validation failed: Media attachments are not found")
        kept = self.write(text, visibility=visibility, language=body.get("language"), media=media)
        self.keys[key] = kept.id
        return web.json_response(self._status(kept))

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        number = str(next(self.numbers))
        self.media[number] = Brought(file.file.read(), str(form["description"]))
        return web.json_response(self._attachment(number))

    def pictures(self) -> Sequence[Brought]:
        """The pictures of every post of ours."""
        ours = [one for one in self.posts.values() if one.account == NAME]
        return [self.media[number] for one in ours for number in one.media]

    def _attachment(self, number: str) -> dict[str, Any]:
        shows = self.media[number].shows
        return {"id": number, "type": "image", "url": f"{self.url}/media/{number}", "description": shows}

    async def edit(self, request: web.Request) -> web.Response:
        kept, body = self._ours(request), await request.json()
        if fault := self._fault(body):
            return fault
        if kept.text != body["status"].strip():
            kept.text, kept.edited = body["status"].strip(), SystemClock().now()
        # An edit that names no media takes them away.
        kept.media = tuple(body.get("media_ids", ()))
        return web.json_response(self._status(kept))

    async def delete(self, request: web.Request) -> web.Response:
        kept = self._ours(request)
        self.deletes_left -= 1
        if self.deletes_left < 0:
            return self._too_many()
        return web.json_response(self._status(self.posts.pop(kept.id)) | {"text": kept.text})

    async def show(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["id"])
        is_stranger = "Authorization" not in request.headers
        if kept is None or (is_stranger and (self.hides or kept.visibility == "private")):
            return _no(404, "Record not found")
        return web.json_response(self._status(kept))

    async def source(self, request: web.Request) -> web.Response:
        kept = self._ours(request)
        return web.json_response({"id": kept.id, "text": kept.text, "spoiler_text": ""})

    async def listed(self, request: web.Request) -> web.Response:
        limit, before = int(request.query.get("limit", "20")), request.query.get("max_id", "9" * 20)
        own = [one for one in self.posts.values() if ACCOUNTS[one.account] == request.match_info["id"]]
        page = [one for one in reversed(own) if int(one.id) < int(before)][: min(limit, 40)]
        return web.json_response([self._status(one) for one in page])

    async def boost(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["id"])
        if kept is None:
            return _no(404, "Record not found")
        kept.boosted = kept.boosted + 1 if self.boosts_twice else 1
        return web.json_response(self._status(kept) | {"id": f"{kept.id}9", "reblog": self._status(kept)})

    async def unboost(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["id"])
        if kept is None:
            return _no(404, "Record not found")
        kept.boosted = 0
        return web.json_response(self._status(kept) | {"reblogged": self.says_boosted})

    async def search(self, request: web.Request) -> web.Response:
        found = [self._status(one) for one in self.posts.values() if self.address(one) == request.query["q"]]
        return web.json_response({"accounts": [], "hashtags": [], "statuses": found[:1]})

    def _ours(self, request: web.Request) -> Kept:
        kept = self.posts.get(request.match_info["id"])
        if kept is None or kept.account != NAME:
            raise web.HTTPNotFound(text='{"error": "Record not found"}', content_type="application/json")
        return kept

    def _fault(self, body: Mapping[str, str]) -> web.Response | None:
        if not body["status"].strip():
            return _no(422, "Validation failed: Text can't be blank")
        if len(body["status"]) > self.characters_max:
            return _no(422, f"Validation failed: Text character limit of {self.characters_max} exceeded")
        return None

    def _account(self, name: str) -> dict[str, Any]:
        empty = dict.fromkeys(("avatar", "avatar_static", "header", "header_static", "note"), "")
        none = dict.fromkeys(("bot", "group", "indexable", "locked"), False)
        zero = dict.fromkeys(("followers_count", "following_count", "statuses_count"), 0)
        address = f"{self.url}/@{name}"
        own = {"id": ACCOUNTS[name], "username": name, "acct": name, "display_name": name, "uri": address}
        lists: dict[str, Any] = {"emojis": [], "fields": [], "created_at": "2026-01-01T00:00:00.000Z", "url": address}
        return {**empty, **none, **zero, **own, **lists}

    def _status(self, kept: Kept) -> dict[str, Any]:
        zero = dict.fromkeys(("favourites_count", "reblogs_count", "replies_count"), 0)
        lists: dict[str, Any] = {name: [] for name in ("emojis", "media_attachments", "mentions", "tags")}
        lists["media_attachments"] = [self._attachment(number) for number in kept.media]
        own = {
            "id": kept.id,
            "uri": f"{self.url}/users/{kept.account}/statuses/{kept.id}",
            "url": self.address(kept),
            "account": self._account(kept.account),
            "content": f"<p>{escape(kept.text)}</p>",
            "created_at": _written(kept.at),
            "edited_at": kept.edited and _written(kept.edited),
            "visibility": kept.visibility,
            "language": kept.language,
            "sensitive": False,
            "spoiler_text": "",
            "reblogged": kept.boosted > 0,
            "reblog": None,
        }
        return {**zero, **lists, **own} | ({"text": kept.text} if self.gives_text else {})

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """The token, and the limits."""
        given = request.headers.get("Authorization")
        if given != f"Bearer {TOKEN}" and (given or request.method != "GET"):
            return _no(401, "The access token is invalid")
        self.left -= 1
        if self.left < 0:
            return self._too_many()
        answer: web.StreamResponse = await handler(request)
        answer.headers["X-RateLimit-Remaining"] = str(self.left)
        moment = SystemClock().now().timestamp() + 60 * self.minutes_off
        answer.headers["Date"] = datetime.fromtimestamp(moment, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return answer

    def _too_many(self) -> web.Response:
        return web.json_response(
            {"error": "Too many requests"}, status=429, headers={"X-RateLimit-Reset": "2026-11-21T23:00:00.000000Z"}
        )


def _no(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


@asynccontextmanager
async def mastodon_server(**wrong: Any) -> AsyncIterator[MastodonServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `MastodonServer`."""
    server = MastodonServer(**wrong)
    app = web.Application(middlewares=[server.guard])
    status = "/api/v1/statuses/{id}"
    app.add_routes(
        [
            web.get("/api/v1/accounts/verify_credentials", server.credentials),
            web.get("/api/v1/accounts/{id}/statuses", server.listed),
            web.get("/api/v2/instance", server.instance),
            web.get("/api/v2/search", server.search),
            web.get("/api/v1/scheduled_statuses", server.schedules),
            web.put("/api/v1/scheduled_statuses/{id}", server.put_off),
            web.delete("/api/v1/scheduled_statuses/{id}", server.unschedule),
            web.post("/api/v2/media", server.upload),
            web.post("/api/v1/statuses", server.publish),
            web.get(status, server.show),
            web.put(status, server.edit),
            web.delete(status, server.delete),
            web.get(f"{status}/source", server.source),
            web.post(f"{status}/reblog", server.boost),
            web.post(f"{status}/unreblog", server.unboost),
        ]
    )
    async with served(app) as server.port:
        server.url = f"http://localhost:{server.port}"
        yield server
