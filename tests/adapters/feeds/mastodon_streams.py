"""The fake Mastodon with what a feed needs: an account of a partner, and its stream as the documentation describes it.

Source: docs.joinmastodon.org/methods/streaming: events `update`, `status.update` and `delete`, and a comment now and
then that keeps the connection. A stream goes on from nowhere: what happens while nobody listens is told to nobody.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from tests.adapters.channels.mastodon_server import ACCOUNTS, PARTNER, MastodonServer
from tests.loopback import served

PARTNER_ID = ACCOUNTS[PARTNER]


@dataclass
class StreamingServer(MastodonServer):
    """`called`, `suspended` and `moved_to` are the partner's account; `follows` is whether ours follows it.

    `tells` is whether its streams tell of anything; `open` are the streams that are listened to.
    """

    called: str = PARTNER
    suspended: bool = False
    moved_to: str | None = None
    follows: bool = True
    tells: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    open: set["asyncio.Queue[bytes | None]"] = field(default_factory=set)
    opened: int = 0
    asked: int = 0

    def say(self, text: str, *, answers: str | None = None, **more: Any) -> str:
        """A post of the partner, with its identifier."""
        kept = self.write(text, PARTNER, **more)
        if answers:
            self.answers[kept.id] = answers
        self.tell("update", self._status(kept))
        return kept.id

    def change(self, post_id: str, text: str) -> None:
        """Other words of the partner in the place of a post."""
        kept = self.posts[post_id]
        kept.text, kept.edited = text, SystemClock().now()
        self.tell("status.update", self._status(kept))

    def remove(self, post_id: str) -> None:
        """The partner takes a post away."""
        del self.posts[post_id]
        self.tell("delete", post_id)

    def tell(self, event: str, about: Any) -> None:
        """One event, to all who listen."""
        data = about if isinstance(about, str) else json.dumps(about)
        self.send(f"event: {event}\ndata: {data}\n\n".encode())

    def send(self, content: bytes | None) -> None:
        """Any bytes, to all who listen; None ends their streams."""
        for one in self.open if self.tells else ():
            one.put_nowait(content)

    async def account(self, request: web.Request) -> web.Response:
        self.asked += 1
        if request.match_info["id"] != PARTNER_ID:
            return web.json_response({"error": "Record not found"}, status=404)
        moved = {"moved": {"acct": self.moved_to}} if self.moved_to else {}
        return web.json_response(self._account(PARTNER) | {"acct": self.called, "suspended": self.suspended} | moved)

    async def relationships(self, request: web.Request) -> web.Response:
        return web.json_response([{"id": request.query["id[]"], "following": self.follows}])

    async def stream(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        await answer.write(b":)\n")
        frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.open.add(frames)
        self.opened += 1
        try:
            while (frame := await frames.get()) is not None:
                await answer.write(frame)
        finally:
            self.open.discard(frames)
        return answer

    def _status(self, kept: Any) -> dict[str, Any]:
        status = super()._status(kept)
        to = self.posts.get(self.answers.get(kept.id, ""))
        return status | (
            {"in_reply_to_id": to.id, "in_reply_to_account_id": ACCOUNTS[to.account]}
            if to
            else {"in_reply_to_id": None}
        )


@asynccontextmanager
async def streaming_server() -> AsyncIterator[StreamingServer]:
    """Listen on a free port of the loopback."""
    server = StreamingServer()
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.get("/api/v1/accounts/relationships", server.relationships),
            web.get("/api/v1/accounts/{id}", server.account),
            web.get("/api/v1/accounts/{id}/statuses", server.listed),
            web.get("/api/v1/statuses/{id}", server.show),
            web.get("/api/v1/streaming/user", server.stream),
            web.get("/api/v1/streaming/public/local", server.stream),
        ]
    )
    async with served(app, shutdown_seconds=0.1) as server.port:
        server.url = f"http://localhost:{server.port}"
        yield server
        server.send(None)
