"""What is the same for everybody: style, scripts, and that the console lives."""

from aiohttp import web

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


async def health(visit: Visit) -> web.Response:
    """That the console lives, and whether it reads the log."""
    reads = visit.house.board.is_live
    return web.json_response({"console": "lives", "reads_the_log": reads}, status=200 if reads else 503)
