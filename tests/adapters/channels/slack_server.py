"""A server that answers as Slack's published description says, over real HTTP on the loopback, and errs as Slack does.

It answers 200 also to what it does not do, shows blocks in the place of the text, and names posts by their time.
"""

import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.pictured import Brought
from tests.loopback import served

CHANNEL, OTHER = "C0ARDUDWY1", "C0OTHERONE"
TOKEN = "xoxb-" + "fakeToken-Q7wZV3nRk81"
IMAGE = "image"
TEXT_MAX, BLOCKS_MAX = 4_000, 13_200
WRITES, READS, DELETES = "POST /api/chat.postMessage", "GET /api/conversations.history", "POST /api/chat.delete"


@dataclass
class SlackServer:
    """What it does wrong: `refuses`: an error for all that is written. `may_not_delete`: one for all that is deleted.

    `pages_of`: so many posts come in a page, whatever is asked for. `repeats`: an error repeats the token.
    `lost_after`: the error of what it has done all the same. `slow`: a file is read when it was asked for so often.
    `upload_url`: where to bring a file. `unready`: it refuses a post with a file that it has.
    `drops_pictures`: a post is shown without them.
    """

    refuses: str = ""
    may_not_delete: str = ""
    cannot_read: str = ""
    lost_after: str = ""
    pages_of: int = 1_000
    repeats: bool = False
    slow: int = 0
    unready: bool = False
    drops_pictures: bool = False
    upload_url: str = ""
    files: dict[str, Brought] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    asked: int = 0
    scopes: str = "chat:write,channels:history,files:read,files:write"
    url: str = ""
    port: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def texts(self) -> Sequence[str]:
        """What a reader sees of each post, oldest first."""
        worded = [[block for block in one["blocks"] if block["type"] != IMAGE] for one in self.posts]
        words = ["\n\n".join(map(_shown, blocks)) for blocks in worded]
        return [said or unescape(one["text"]) for said, one in zip(words, self.posts, strict=True)]

    def pictures(self) -> Sequence[Brought]:
        """The picture of each post, with what the post says that it shows."""
        blocks = [block for one in self.posts for block in one["blocks"] if block["type"] == IMAGE]
        return [Brought(self.files[one["slack_file"]["id"]].content, one["alt_text"]) for one in blocks]

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        """A post, of a person if nothing else is given."""
        at = f"{int(SystemClock().now().timestamp())}.{next(self.numbers):06d}"
        self.posts.append(one := {"type": "message", "ts": at, "text": text, "blocks": []} | more)
        return one

    async def post(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.bodies.append(body)
        if self.refuses:
            return self._no(self.refuses)
        shown = [one["slack_file"]["id"] for one in body["blocks"] if one["type"] == IMAGE]
        if any(self.unready or name not in self.whole or self.asked <= self.slow for name in shown):
            return self._no("invalid_blocks")
        if fault := _fault(body):
            return self._no(fault)
        blocks = [one for one in body["blocks"] if one["type"] != IMAGE or not self.drops_pictures]
        one = self.says(body["text"], blocks=blocks, metadata=body["metadata"], bot_id="B0HOLDING")
        if self.lost_after:
            return self._no(self.lost_after)
        return self._yes(channel=body["channel"], ts=one["ts"], message=one)

    async def begin_file(self, request: web.Request) -> web.Response:
        body = await request.json()
        if "files:write" not in self.scopes:
            return self._no("missing_scope")
        name = f"F0PICTURE{next(self.numbers)}"
        self.files[name] = Brought(b"", body["alt_txt"])
        return self._yes(upload_url=self.upload_url or f"http://{request.host}/upload/v1/{name}", file_id=name)

    async def take_file(self, request: web.Request) -> web.Response:
        """The address is the right to bring it: a token has no place there."""
        if "Authorization" in request.headers:
            return web.Response(status=400)
        content = await request.read()
        self.files[request.match_info["name"]].content = content
        return web.Response(text=f"OK - {len(content)}")

    async def end_file(self, request: web.Request) -> web.Response:
        names = [one["id"] for one in (await request.json())["files"]]
        if any(not self.files[name].content for name in names):
            return self._no("file_not_found")
        self.whole.update(names)
        return self._yes(files=[{"id": name} for name in names])

    async def file(self, request: web.Request) -> web.Response:
        """A file has no type until Slack has read it."""
        self.asked += 1
        return self._yes(file={"id": request.query["file"], "mimetype": "image/png" if self.asked > self.slow else ""})

    async def delete(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.may_not_delete:
            return self._no(self.may_not_delete)
        there = [one for one in self.posts if one["ts"] == body["ts"]]
        if not there:
            return self._no("message_not_found")
        self.posts.remove(there[0])
        return self._yes(channel=body["channel"], ts=body["ts"])

    async def history(self, request: web.Request) -> web.Response:
        asked = request.query
        if self.cannot_read:
            return self._no(self.cannot_read)
        if asked["channel"] != CHANNEL:
            return self._no("channel_not_found")
        oldest, latest = float(asked.get("oldest", "0")), float(asked.get("latest", "9999999999"))
        inclusive = asked.get("inclusive") == "true"
        found = [one for one in self.posts if oldest < float(one["ts"]) < latest]
        if inclusive:
            found = [one for one in self.posts if oldest <= float(one["ts"]) <= latest]
        if asked.get("include_all_metadata") != "true":
            found = [{name: value for name, value in one.items() if name != "metadata"} for one in found]
        begins, size = int(asked.get("cursor", "0")), min(int(asked.get("limit", "100")), self.pages_of)
        has_more = len(found) > begins + size
        cursor = {"response_metadata": {"next_cursor": str(begins + size)}} if has_more else {}
        return self._yes(messages=found[::-1][begins : begins + size], has_more=has_more, **cursor)

    async def test(self, request: web.Request) -> web.Response:
        del request
        return self._yes(url="https://ardudwy.slack.com/", team="Ardudwy Vale", user="holdingline", bot_id="B0HOLDING")

    def _yes(self, **content: Any) -> web.Response:
        return web.json_response({"ok": True} | content, headers={"X-OAuth-Scopes": self.scopes})

    def _no(self, error: str) -> web.Response:
        said = f"{error} {TOKEN}" if self.repeats else error
        if error == "ratelimited":
            return web.json_response({"ok": False, "error": said}, status=429, headers={"Retry-After": "30"})
        return web.json_response({"ok": False, "error": said}, headers={"X-OAuth-Scopes": self.scopes})

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        is_upload = request.path.startswith("/upload/")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" and not is_upload:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        answer: web.StreamResponse = await handler(request)
        return answer


def _fault(body: dict[str, Any]) -> str:
    """Why a post is not as Slack describes one; empty if it is."""
    if body["channel"] != CHANNEL:
        return "channel_not_found"
    if len(body["text"]) > TEXT_MAX:
        return "msg_too_long"
    if len(str(body["blocks"])) > BLOCKS_MAX:
        return "msg_blocks_too_long"
    worded = [one for one in body["blocks"] if one["type"] != IMAGE]
    if any(not _is_whole(one) for block in worded for one in _elements(block)):
        return "invalid_blocks"
    metadata = body.get("metadata", {})
    return "" if isinstance(metadata.get("event_payload"), dict) and metadata.get("event_type") else "invalid_metadata"


def _elements(block: dict[str, Any]) -> Sequence[dict[str, Any]]:
    if block["type"] != "rich_text" or [one["type"] for one in block["elements"]] != ["rich_text_section"]:
        return [{}]
    return block["elements"][0]["elements"] or [{}]


def _is_whole(element: dict[str, Any]) -> bool:
    match element:
        case {"type": "text", "text": str(text)} if text:
            return True
        case {"type": "link", "url": str(url)}:
            return url.startswith(("https://", "http://"))
        case _:
            return False


def _shown(block: dict[str, Any]) -> str:
    return "".join(one.get("text") or one["url"] for one in _elements(block))


@asynccontextmanager
async def slack_server(**wrong: Any) -> AsyncIterator[SlackServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `SlackServer`."""
    server = SlackServer(**wrong)
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.post("/api/chat.postMessage", server.post),
            web.post("/api/chat.delete", server.delete),
            web.get("/api/conversations.history", server.history),
            web.post("/api/files.getUploadURLExternal", server.begin_file),
            web.post("/upload/v1/{name}", server.take_file),
            web.post("/api/files.completeUploadExternal", server.end_file),
            web.get("/api/files.info", server.file),
            web.post("/api/auth.test", server.test),
        ]
    )
    async with served(app) as server.port:
        server.url = f"http://127.0.0.1:{server.port}"
        yield server
