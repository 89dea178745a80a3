"""A chat that takes messages over real HTTP on the loopback, by the plainest address that Apprise has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.loopback import served


@dataclass
class ChatServer:
    """Keeps each message with the address that it was sent to."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    refuses: bool = False
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        if self.refuses:
            return web.Response(status=500)
        said = await request.json()
        self.taken.append((request.match_info["address"], said["message"]))
        return web.Response()


@asynccontextmanager
async def chat_server() -> AsyncIterator[ChatServer]:
    """Listen on a free port of the loopback."""
    held = ChatServer()
    app = web.Application()
    app.add_routes([web.post("/to/{address}", held.take), web.post("/to/{address}/", held.take)])
    async with served(app) as port:
        held.url = f"json://127.0.0.1:{port}/to/{{address}}"
        yield held
