"""Streaming: the live part of a page, sent anew whenever something moved, and a beat that shows that we live."""

from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import replace

from aiohttp import web

from agents.console.visits import Visit

BEAT_SECONDS = 3.0
"""A page that hears nothing for three beats says that it is not live."""

Draw = Callable[[Visit], Awaitable[str]]
Sees = Callable[[Visit], Awaitable[Hashable]]


def live(draw: Draw, *, sees: Sees | None = None) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
    """The handler that sends what `draw` gives, at once, and again after every change of it.

    `sees` gives all that the part shows to this person and not to everybody who may open the page: for those who see
    the same it is drawn once. Without it the part is not of the log, and is drawn at each beat for each who looks.
    """

    async def stream(visit: Visit) -> web.StreamResponse:
        house = visit.house

        async def part(version: int) -> bytes:
            seen_now = replace(visit, now=house.clock.now())
            return await (_once(draw, sees, seen_now, version=version) if sees else _event(draw, seen_now))

        version = house.board.version
        # What is not there is refused as on every page, which cannot be done once the stream began.
        drawn, shown = await part(version), b""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        )
        with suppress(ConnectionResetError):
            await response.prepare(visit.request)
            while house.is_still_in(visit.request):
                sent = b"" if drawn == shown else b"id: %d\n%b\n" % (version, drawn)
                shown = drawn
                if house.board.is_live:
                    sent += f"event: beat\ndata: {house.clock.now().isoformat()}\n\n".encode()
                if sent:
                    await response.write(sent)
                version = await house.board.moved_on(version, seconds_max=BEAT_SECONDS)
                drawn = await part(version)
        return response

    return stream


async def _once(draw: Draw, sees: Sees, visit: Visit, *, version: int) -> bytes:
    """The part at this version and minute, drawn once for however many telephones and people see the same."""
    page = visit.request.path, version, visit.now.replace(second=0, microsecond=0)
    own = await visit.house.made_once((*page, visit.me.id), lambda: sees(visit))
    return await visit.house.made_once((*page, visit.language, own), lambda: _event(draw, visit))


async def _event(draw: Draw, visit: Visit) -> bytes:
    """The part as the lines of an event."""
    return "".join(f"data: {line}\n" for line in (await draw(visit)).splitlines()).encode()
