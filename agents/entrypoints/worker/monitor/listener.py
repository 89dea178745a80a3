"""The listener: `/health`, `/ready` and `/metrics` of a worker over HTTP, on the loopback of its machine alone."""

import ipaddress
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.monitor.figures import Figures

HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHUTDOWN_SECONDS_MAX = 1.0
PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class ListenAt:
    """Where the listener is: an address of the loopback and a port, 0 for any that is free."""

    host: str
    port: int

    @property
    def called(self) -> str:
        """As a person writes it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def place_of(text: str) -> ListenAt:
    """Read `127.0.0.1:9108` or `[::1]:9108`; `Misused` if it is no address of the loopback."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (_is_loopback(host) and port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
        do = "write an address of this machine alone with a port, as in 127.0.0.1:9108"
        raise Misused(f"the worker cannot answer at {text}, since it knows no users: {do}")
    return ListenAt(host, int(port))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def listening(place: ListenAt, figures: Figures) -> AsyncIterator[int]:
    """Answer at this place, and give the port; `Misused` if it is taken."""
    app = web.Application()
    routes = _Routes(figures)
    app.router.add_get("/health", routes.health)
    app.router.add_get("/ready", routes.ready)
    app.router.add_get("/metrics", routes.metrics)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, place.host, place.port).start()
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Misused(f"the worker cannot answer at {place.called} ({why}): name another port") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class _Routes:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    async def health(self, _: web.Request) -> web.Response:
        """An answer is the proof: a process that hangs gives none. It asks neither the log nor a channel."""
        return _json({"alive": True, "late_seconds": round(self._figures.readings.late_seconds, 3)})

    async def ready(self, _: web.Request) -> web.Response:
        """503 if a word could not go out now, with what keeps it back."""
        found = await self._figures.readings.readiness()
        answer = {
            "ready": found.is_ready,
            "log": found.log or "answers",
            "desk": found.desk or "at work",
            "tables": found.tables or "recovered",
            "channels": {name: fault or "ok" for name, fault in found.channels.items()},
        }
        return _json(answer, status=200 if found.is_ready else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=await self._figures.page(), headers={**HEADERS, "Content-Type": METRICS_TYPE})


def _json(answer: Mapping[str, object], *, status: int = 200) -> web.Response:
    text = json.dumps(answer, ensure_ascii=False) + "\n"
    return web.Response(text=text, status=status, content_type="application/json", headers=HEADERS)
