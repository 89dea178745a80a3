"""Files: style and scripts, which are the same for everybody, the pictures of messages, and that the console lives."""

import asyncio

from aiohttp import web

from agents.console.pages.shown import is_shown
from agents.console.visits import Visit

KEPT_SECONDS = 3600
SERVICE_WORKER = "offline.js"
"""It may answer for every page of the console, though it lies in a folder."""


async def static(visit: Visit) -> web.Response:
    """A file of the console, by its name."""
    found = visit.house.drawing.static.get(visit.request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    response = web.Response(body=found.content, content_type=found.media_type, charset="utf-8")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    if visit.request.match_info["name"] == SERVICE_WORKER:
        response.headers["Service-Worker-Allowed"] = "/"
    response.etag = found.digest
    response.enable_compression()
    return response


async def picture(visit: Visit) -> web.Response:
    """A picture of the register's messages, by what is in its file: the address names no file."""
    digest = visit.request.match_info["digest"]
    known = (one.picture for one in visit.register.templates.values())
    found = next((one for one in known if one and one.digest == digest and is_shown(one)), None)
    content = await asyncio.to_thread(visit.house.looks.picture, found) if found else None
    if found is None or content is None:
        raise web.HTTPNotFound
    response = web.Response(body=content, content_type=found.media_type)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


async def health(visit: Visit) -> web.Response:
    """That the console lives, and whether it reads the log."""
    reads = visit.house.board.is_live
    return web.json_response({"console": "lives", "reads_the_log": reads}, status=200 if reads else 503)
