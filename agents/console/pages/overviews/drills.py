"""Drills: what goes on in this one, which scenarios there are, and how one is played. There is none in live."""

from aiohttp import web

from agents.console.visits import Visit


async def page(visit: Visit) -> web.Response:
    """The drill that runs here, for its director; a page of live has none."""
    house = visit.house
    if house.is_live:
        raise web.HTTPNotFound
    begun = [one for one in house.board.overview.incidents if one.is_live or one.status == "standby"]
    return visit.page("exercises", scenarios=house.looks.scenarios, incidents=begun)
