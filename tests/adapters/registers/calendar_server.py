"""A real server on the loopback that hands out a calendar, or does what servers do on a bad day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.loopback import served


@dataclass
class CalendarServer:
    """What it answers next: its text, its status, where it leads on to, and what it waits for before it answers."""

    port: int = 0
    text: str = ""
    status: int = 200
    leads_to: str | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/rota.ics"

    async def answer(self, request: web.Request) -> web.Response:
        del request
        self.asked += 1
        await self.released.wait()
        if self.leads_to is not None:
            return web.Response(status=302, headers={"Location": self.leads_to})
        return web.Response(status=self.status, text=self.text)


@asynccontextmanager
async def calendar_server(text: str) -> AsyncIterator[CalendarServer]:
    """A server that answers at once, with this text."""
    server = CalendarServer(text=text)
    server.released.set()
    app = web.Application()
    app.router.add_get("/{any:.*}", server.answer)
    async with served(app, shutdown_seconds=0.1) as server.port:
        yield server
