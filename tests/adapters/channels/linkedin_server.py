"""A server that answers as LinkedIn's description says, over real HTTP, and errs as LinkedIn is known to.

It demands the versioned headers, cuts a post off at a sign that it takes for markup, and refuses words that it has.
"""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.pictured import Brought
from tests.loopback import served

PAGE = "5583111"
AUTHOR = f"urn:li:organization:{PAGE}"
KEY, KEY_SECRET, TOKEN = "77fakeclientid", "fakeClientSecretV3nRk81", "AQXfakeAccessTokenM5tB20q"
KEYS = f"{KEY} {KEY_SECRET} {TOKEN}"
REFRESH, RENEWED = "AQWfakeRefreshTokenP7xC31u", "AQXfakeAccessTokenRenewed9Z"
ALIVE = range(202511, 202612)
"""The months of the interface that it answers."""
_ELEMENT = re.compile(
    r"\{hashtag\|\\?#\|(?P<tag>(?:\w|\\_)+)\}|\\(?P<plain>.)|(?P<text>[^\\|{}@\[\]()<>#*_~]+)", re.DOTALL
)


@dataclass
class Kept:
    """A post; `commentary` is the little text that LinkedIn gives back, `text` what a reader sees."""

    id: str
    commentary: str
    text: str
    at: datetime
    state: str = "PUBLISHED"
    image: str | None = None


@dataclass
class Image(Brought):
    """A picture; `asked` is how often it was asked for since its content came."""

    asked: int = 0


@dataclass
class LinkedInServer:
    """What it does wrong: `takes_duplicates`: equal words are taken twice. `ghosts`: it remembers deleted words.

    `refuses`: a status for every change. `repeats`: an error repeats the header that it was asked with. `lapses_in` is
    how long the token has, `scope` are its rights. `state` is that of new posts. `renewable_for` is how long its
    refresh token has; None: it has none.
    `slow`: a picture is ready when it was asked for so often. `fails`: none ever is. `upload_url`: where to bring one.
    `drops_pictures`: a post is shown without them.
    """

    takes_duplicates: bool = False
    ghosts: bool = False
    refuses: int = 0
    repeats: bool = False
    lapses_in: timedelta = timedelta(days=60)
    scope: str = "r_organization_social,w_organization_social"
    state: str = "PUBLISHED"
    renewable_for: timedelta | None = None
    token: str = TOKEN
    slow: int = 0
    fails: bool = False
    drops_pictures: bool = False
    upload_url: str = ""
    images: dict[str, Image] = field(default_factory=dict)
    url: str = ""
    port: int = 0
    posts: dict[str, Kept] = field(default_factory=dict)
    remembered: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(7_390_000_000_000_000_001))
    writes: int = 0

    def write(self, little: str, *, ago: timedelta = timedelta()) -> Kept:
        """A new post of the page."""
        name = f"urn:li:share:{next(self.numbers)}"
        commentary, text = _parsed(little)
        self.posts[name] = kept = Kept(name, commentary, text, SystemClock().now() - ago, self.state)
        return kept

    def texts(self) -> Sequence[str]:
        """The words of each post as the public reads them."""
        return [one.text for one in self.posts.values() if one.state == "PUBLISHED"]

    async def create(self, request: web.Request) -> web.Response:
        self.writes += 1
        body = await request.json()
        assert (body["author"], body["visibility"], body["lifecycleState"]) == (AUTHOR, "PUBLIC", "PUBLISHED")
        if refused := self._refused(request):
            return refused
        text = _parsed(body["commentary"])[1]
        if text in self.remembered:
            return _duplicate(f"urn:li:share:{next(self.numbers)}")
        first = next((one.id for one in self.posts.values() if one.text == text), None)
        if first and not self.takes_duplicates:
            return _duplicate(first)
        media = body.get("content", {}).get("media")
        image = self.images.get(media["id"]) if media else None
        if media and (image is None or not self._is_ready(image)):
            return _problem(400, "The media is not ready.")
        kept = self.write(body["commentary"])
        if image and not self.drops_pictures:
            kept.image, image.shows = media["id"], media["altText"]
        return web.Response(status=201, headers={"x-restli-id": kept.id})

    async def begin_image(self, request: web.Request) -> web.Response:
        owner = (await request.json())["initializeUploadRequest"]["owner"]
        assert (request.query["action"], owner) == ("initializeUpload", AUTHOR)
        if refused := self._refused(request):
            return refused
        number = next(self.numbers)
        name = f"urn:li:image:C4E{number}"
        self.images[name] = Image(b"")
        where = self.upload_url or f"http://{request.host}/dms-uploads/{number}"
        return web.json_response({"value": {"uploadUrlExpiresAt": 1, "uploadUrl": where, "image": name}})

    async def take_image(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        self.images[f"urn:li:image:C4E{request.match_info['number']}"].content = await request.read()
        return web.Response(status=201)

    async def show_image(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        image = self.images[name]
        image.asked += 1
        state = "PROCESSING_FAILED" if self.fails else "AVAILABLE" if self._is_ready(image) else "PROCESSING"
        return web.json_response({"id": name, "owner": AUTHOR, "status": state})

    def _is_ready(self, image: Image) -> bool:
        return bool(image.content) and image.asked > self.slow

    def pictures(self) -> Sequence[Brought]:
        """The picture of each post."""
        return [self.images[one.image] for one in self.posts.values() if one.image]

    async def change(self, request: web.Request) -> web.Response:
        if request.headers.get("X-RestLi-Method") != "PARTIAL_UPDATE":
            return _problem(400, "Not a partial update.")
        kept = self.posts.get(request.match_info["name"])
        if kept is None:
            return _problem(404, "Not found.")
        if refused := self._refused(request):
            return refused
        kept.commentary, kept.text = _parsed((await request.json())["patch"]["$set"]["commentary"])
        return web.Response(status=204)

    async def delete(self, request: web.Request) -> web.Response:
        kept = self.posts.pop(request.match_info["name"], None)
        if kept and self.ghosts:
            self.remembered.add(kept.text)
        return web.Response(status=204)

    async def show(self, request: web.Request) -> web.Response:
        kept = self.posts.get(request.match_info["name"])
        return web.json_response(_shown(kept)) if kept else _problem(404, "Not found.")

    async def listed(self, request: web.Request) -> web.Response:
        asked = request.query
        if (asked["q"], asked["author"], request.headers.get("X-RestLi-Method")) != ("author", AUTHOR, "FINDER"):
            return _problem(403, "Not enough permissions.")
        start, count = int(asked.get("start", "0")), int(asked.get("count", "10"))
        newest = sorted(self.posts.values(), key=lambda one: one.at, reverse=True)
        part = [_shown(one) for one in newest[start : start + min(count, 100)]]
        return web.json_response({"paging": {"start": start, "count": count, "links": []}, "elements": part})

    async def introspect(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (KEY, KEY_SECRET):
            return web.json_response({"error": "invalid_client", "error_description": "No."}, status=401)
        if form.get("token") != self.token:
            return web.json_response({"active": False, "status": "revoked"})
        until = SystemClock().now() + self.lapses_in
        is_active = self.lapses_in > timedelta()
        said = {
            "status": "active" if is_active else "expired",
            "scope": self.scope,
            "expires_at": int(until.timestamp()),
        }
        return web.json_response({"active": is_active} | said)

    async def renew(self, request: web.Request) -> web.Response:
        """Another token for sixty days, or until the refresh token ends."""
        form = await request.post()
        asked = tuple(form.get(one) for one in ("grant_type", "refresh_token", "client_id", "client_secret"))
        if self.renewable_for is None or asked != ("refresh_token", REFRESH, KEY, KEY_SECRET):
            return web.json_response({"error": "invalid_request", "error_description": "No."}, status=400)
        self.token, self.lapses_in = RENEWED, min(timedelta(days=60), self.renewable_for)
        seconds = int(self.lapses_in.total_seconds())
        left = {"expires_in": seconds, "refresh_token_expires_in": int(self.renewable_for.total_seconds())}
        return web.json_response({"access_token": RENEWED, "refresh_token": REFRESH} | left)

    def _refused(self, request: web.Request) -> web.Response | None:
        if not self.refuses:
            return None
        return _problem(self.refuses, f"No: {request.headers['Authorization']}" if self.repeats else "No.")

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """The token and the version, which every request of the interface must carry."""
        if request.path.startswith("/rest/"):
            if request.headers.get("Authorization") != f"Bearer {self.token}" or self.lapses_in <= timedelta():
                said = "The token used in the request has expired"
                return web.json_response({"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": said}, status=401)
            if int(request.headers.get("LinkedIn-Version", "0")) not in ALIVE:
                said = "Requested version is not active"
                return web.json_response({"status": 426, "code": "NONEXISTENT_VERSION", "message": said}, status=426)
            if request.headers.get("X-Restli-Protocol-Version") != "2.0.0":
                return _problem(400, "Not the protocol.")
        answer: web.StreamResponse = await handler(request)
        return answer


def _parsed(little: str) -> tuple[str, str]:
    """What LinkedIn keeps of a little text and what a reader sees: it ends at the first sign that does not parse."""
    kept, seen, place = list[str](), list[str](), 0
    while found := _ELEMENT.match(little, place):
        kept.append(found[0])
        seen.append("#" + found["tag"].replace("\\", "") if found["tag"] else found["plain"] or found["text"])
        place = found.end()
    return "".join(kept).strip(), "".join(seen).strip()


def _shown(kept: Kept) -> dict[str, Any]:
    at = int(kept.at.timestamp() * 1000)
    content = {"content": {"media": {"id": kept.image}}} if kept.image else {}
    return content | {
        "id": kept.id,
        "author": AUTHOR,
        "commentary": kept.commentary,
        "createdAt": at,
        "lastModifiedAt": at,
        "lifecycleState": kept.state,
        "visibility": "PUBLIC",
    }


def _duplicate(of: str) -> web.Response:
    said = f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {of}"
    inputs = [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
    return web.json_response({"message": said, "errorDetails": {"inputErrors": inputs}, "status": 422}, status=422)


def _problem(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "serviceErrorCode": 100, "message": message}, status=status)


@asynccontextmanager
async def linkedin_server(**wrong: Any) -> AsyncIterator[LinkedInServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `LinkedInServer`."""
    server = LinkedInServer(**wrong)
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.post("/rest/posts", server.create),
            web.get("/rest/posts", server.listed),
            web.get("/rest/posts/{name}", server.show),
            web.post("/rest/posts/{name}", server.change),
            web.delete("/rest/posts/{name}", server.delete),
            web.post("/rest/images", server.begin_image),
            web.get("/rest/images/{name}", server.show_image),
            web.put("/dms-uploads/{number}", server.take_image),
            web.post("/oauth/v2/introspectToken", server.introspect),
            web.post("/oauth/v2/accessToken", server.renew),
        ]
    )
    async with served(app) as server.port:
        server.url = f"http://127.0.0.1:{server.port}"
        yield server
