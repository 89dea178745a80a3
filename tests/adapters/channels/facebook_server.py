"""A server that answers as Facebook's description of pages says, over real HTTP, and errs as Facebook is known to.

Almost every refusal is a 400 whose own code says what it means; words that follow themselves are refused (506).
"""

import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.pictured import Brought
from tests.loopback import served

PAGE = "104729384756102"
TOKEN = "EAAfakePageTokenX9pLq7V3nRk81"
EXPIRED = "Error validating access token: Session has expired on Thursday."
GONE = "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or is not supported."


@dataclass
class Kept:
    """A post of the page; `ours` are those of the app that the token belongs to, which alone it may edit."""

    id: str
    message: str
    at: datetime
    ours: bool = True
    is_hidden: bool = False
    photos: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """What Facebook gives as the address, from which no number can be read."""
        return f"https://www.facebook.com/{PAGE}/posts/pfbid0{self.id[-6:]}Xk2"


@dataclass
class FacebookServer:
    """What it does wrong: `takes_duplicates`: equal words are taken twice in a row. `hides`: new posts are hidden.

    `errs`: the status and the code for every change, which it `does` all the same. `repeats`: an error repeats the
    header that it was asked with. `is_expired`: the token is not valid any more. `is_shut`: the page is not published.
    `refuses_pictures`: the status and the code for what is brought. `drops_pictures`: a post is shown without them.
    `keeps_pictures`: what it answers where one is to be deleted.
    """

    takes_duplicates: bool = False
    hides: bool = False
    errs: tuple[int, int] | None = None
    does: bool = False
    repeats: bool = False
    is_expired: bool = False
    is_shut: bool = False
    refuses_pictures: tuple[int, int] | None = None
    drops_pictures: bool = False
    keeps_pictures: tuple[int, int] | None = None
    photos: dict[str, Brought] = field(default_factory=dict)
    url: str = ""
    port: int = 0
    posts: dict[str, Kept] = field(default_factory=dict)
    scheduled: dict[str, Kept] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(700_000_000_000_001))
    writes: int = 0

    def write(self, message: str, *, ago: timedelta = timedelta(), **more: Any) -> Kept:
        """A new post of the page."""
        kept = Kept(f"{PAGE}_{next(self.numbers)}", message, SystemClock().now() - ago, **more)
        self.posts[kept.id] = kept
        return kept

    def schedule(self, message: str, at: datetime, **more: Any) -> str:
        """Somebody has a post go out at this moment; Facebook's name for it."""
        kept = Kept(f"{PAGE}_{next(self.numbers)}", message, at, **more)
        self.scheduled[kept.id] = kept
        return kept.id

    async def schedules(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        part = [*self.scheduled.values()][after : after + int(request.query["limit"])]
        paging: dict[str, Any] = {"cursors": {"before": str(after), "after": str(after + len(part))}}
        if after + len(part) < len(self.scheduled):
            paging["next"] = f"{self.url}/next"
        shown = [_shown(one) | {"scheduled_publish_time": int(one.at.timestamp())} for one in part]
        return web.json_response({"data": shown, "paging": paging})

    def texts(self) -> Sequence[str]:
        """The words of each post as the public reads them."""
        return [one.message for one in self.posts.values() if not one.is_hidden]

    async def create(self, request: web.Request) -> web.Response:
        self.writes += 1
        body = await request.json()
        message, photos = body["message"].strip(), tuple(one["media_fbid"] for one in body.get("attached_media", ()))
        if any(one not in self.photos for one in photos):
            return _error(400, 100, "(#100) Invalid parameter")
        erred = self._erred(request)
        if erred and not self.does:
            return erred
        last = max(self.posts.values(), key=lambda one: one.at, default=None)
        if last and last.message == message and not self.takes_duplicates:
            return _error(400, 506, "Duplicate status message")
        kept = self.write(message, is_hidden=self.hides, photos=() if self.drops_pictures else photos)
        return erred or web.json_response({"id": kept.id})

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.refuses_pictures:
            return _error(*self.refuses_pictures, "Missing or invalid image file")
        source = form["source"]
        assert form["published"] == "false"
        assert isinstance(source, web.FileField)
        number = str(next(self.numbers))
        self.photos[number] = Brought(source.file.read(), str(form["alt_text_custom"]))
        return web.json_response({"id": number})

    def pictures(self) -> Sequence[Brought]:
        """The picture of each post."""
        return [self.photos[number] for one in self.posts.values() for number in one.photos]

    async def change(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["post"])
        message = (await request.json())["message"].strip()
        if kept is None:
            return _error(400, 100, GONE, error_subcode=33)
        if not kept.ours:
            return _error(400, 200, "(#200) App cannot edit non-app posts")
        erred = self._erred(request)
        if not erred or self.does:
            kept.message = message
        return erred or web.json_response({"success": True})

    async def delete(self, request: web.Request) -> web.Response:
        name = request.match_info["post"]
        if name in self.photos and self.keeps_pictures:
            return _error(*self.keeps_pictures, "(#200) Permissions error")
        # The picture of a post that is deleted stays among the page's photos.
        if all(kept.pop(name, None) is None for kept in (self.posts, self.photos, self.scheduled)):
            return _error(400, 100, GONE, error_subcode=33)
        return web.json_response({"success": True})

    async def show(self, request: web.Request) -> web.Response:
        name = request.match_info["post"]
        kept = self.posts.get(name) or self.scheduled.get(name)
        return web.json_response(_shown(kept)) if kept else _error(400, 100, GONE, error_subcode=33)

    async def listed(self, request: web.Request) -> web.Response:
        since, after = float(request.query.get("since", "0")), int(request.query.get("after", "0"))
        newest = sorted(self.posts.values(), key=lambda one: one.at, reverse=True)
        found = [_shown(one) for one in newest if one.at.timestamp() >= since]
        part = found[after : after + int(request.query["limit"])]
        paging: dict[str, Any] = {"cursors": {"before": str(after), "after": str(after + len(part))}}
        if after + len(part) < len(found):
            paging["next"] = f"{self.url}/next"
        return web.json_response({"data": part} | ({"paging": paging} if part else {}))

    async def me(self, request: web.Request) -> web.Response:
        del request
        return web.json_response({"id": PAGE, "name": "Ardudwy Vale Hospitals", "is_published": not self.is_shut})

    def _erred(self, request: web.Request) -> web.Response | None:
        if self.errs is None:
            return None
        said = f"No: {request.headers['Authorization']}" if self.repeats else "No."
        return _error(*self.errs, said)

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """The token, in the header alone: in an address it would be in the log of each server on the way."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" or "access_token" in request.query:
            return _error(400, 190, "Invalid OAuth access token.")
        if self.is_expired:
            return _error(400, 190, EXPIRED, error_subcode=463)
        answer: web.StreamResponse = await handler(request)
        return answer


def _shown(kept: Kept) -> dict[str, Any]:
    photos = [{"media_type": "photo", "target": {"id": number}} for number in kept.photos]
    return ({"attachments": {"data": photos}} if photos else {}) | {
        "id": kept.id,
        "message": kept.message,
        "created_time": f"{kept.at:%Y-%m-%dT%H:%M:%S+0000}",
        "permalink_url": kept.link,
        "is_hidden": kept.is_hidden,
    }


def _error(status: int, code: int, message: str, **more: Any) -> web.Response:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2"} | more
    return web.json_response({"error": error}, status=status)


@asynccontextmanager
async def facebook_server(**wrong: Any) -> AsyncIterator[FacebookServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `FacebookServer`."""
    server = FacebookServer(**wrong)
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.get("/v26.0/me", server.me),
            web.post(f"/v26.0/{PAGE}/feed", server.create),
            web.post(f"/v26.0/{PAGE}/photos", server.upload),
            web.get(f"/v26.0/{PAGE}/published_posts", server.listed),
            web.get(f"/v26.0/{PAGE}/scheduled_posts", server.schedules),
            web.get("/v26.0/{post}", server.show),
            web.post("/v26.0/{post}", server.change),
            web.delete("/v26.0/{post}", server.delete),
        ]
    )
    async with served(app) as server.port:
        server.url = f"http://127.0.0.1:{server.port}"
        yield server
