"""Streaming: the live part of a page, sent anew whenever something moved, and a beat that shows that we live."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from aiohttp import web

from agents.console.visits import Visit

BEAT_SECONDS = 3.0
"""A page that hears nothing for three beats says that it is not live."""

Draw = Callable[[Visit], Awaitable[str]]


def live(draw: Draw, *, is_of_log: bool = True) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
    """The handler that sends what `draw` gives, at once, and again after every change of it.

    What is not of the log is drawn at each beat, for each who looks.
    """

    async def stream(visit: Visit) -> web.StreamResponse:
        house = visit.house

        async def part(version: int) -> str:
            seen_now = replace(visit, now=house.clock.now())
            return await (_once(draw, seen_now, version) if is_of_log else draw(seen_now))

        version = house.board.version
        # What is not there is refused as on every page, which cannot be done once the stream began.
        drawn, shown = await part(version), ""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        )
        await response.prepare(visit.request)
        with suppress(ConnectionResetError):
            while house.is_still_in(visit.request):
                if drawn != shown:
                    lines = "".join(f"data: {line}\n" for line in drawn.splitlines())
                    await response.write(f"id: {version}\n{lines}\n".encode())
                    shown = drawn
                if house.board.is_live:
                    await response.write(f"event: beat\ndata: {house.clock.now().isoformat()}\n\n".encode())
                version = await house.board.moved_on(version, seconds_max=BEAT_SECONDS)
                drawn = await part(version)
        return response

    return stream


async def _once(draw: Draw, visit: Visit, version: int) -> str:
    """The part as this person sees it at this version and minute, drawn once for however many telephones show it."""
    minute = visit.now.replace(second=0, microsecond=0)
    key = (visit.request.path, visit.me.id, visit.language, version, minute)
    return await visit.house.drawn_once(key, lambda: draw(visit))
