"""The application: every route behind its lock, every answer with its headers, every error with a sentence."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from agents.console.headers import harden
from agents.console.house import House
from agents.console.locks import locked
from agents.console.routes import ROUTES
from agents.console.visits import HOUSE, Visit

logger = structlog.get_logger(__name__)

REFUSED = {400, 403, 429}
"""Answers to what no page of ours sends, to a person without the power, and to whoever comes too often."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(house: House) -> web.Application:
    """The console of one mode."""
    app = web.Application(middlewares=[with_a_sentence], client_max_size=262_144)
    app[HOUSE] = house
    for route in ROUTES:
        app.router.add_route(route.method, route.path, locked(route))
    app.on_response_prepare.append(harden)

    async def stop(_: web.Application) -> None:
        await house.failed.stop()

    app.on_cleanup.append(stop)
    return app


@web.middleware
async def with_a_sentence(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Errors get a page that says what happened, and that nothing was sent; a refusal has a line in the log."""
    headers: Mapping[str, str] = {}
    try:
        answered = await handler(request)
        _note(request, answered.status)
        return answered
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - from 400 on they are errors
            raise
        status = error.status
        _note(request, status)
        headers = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    except ConnectionResetError:
        raise
    except Exception:
        logger.exception("a page of the console failed", path=request.path)
        status = 500
    return _told(_visit(request), status, headers)


def _note(request: web.Request, status: int) -> None:
    """Who was refused what, by the route alone: a link may hold the name of an incident."""
    resource = request.match_info.route.resource
    if status in REFUSED and resource:
        visit = _visit(request)
        person, address = visit.person.id if visit.person else None, visit.house.rates.address(request)
        logger.warning("a request was refused", status=status, route=resource.canonical, person=person, address=address)


def _told(visit: Visit, status: int, headers: Mapping[str, str]) -> web.Response:
    """The page of an error; as JSON, for a page's script that sent JSON."""
    known = status if status in {401, 403, 404, 405, 413, 429} else 500
    heading, text = visit.says(f"error-{known}"), visit.says(f"help-{known}")
    if visit.request.content_type != "application/json":
        answer = visit.page("error", status=status, heading=heading, help=text)
    else:
        # A page that failed sent nothing; an order whose answer failed may have been given.
        lines = [visit.says("unanswered")] if known == 500 else [f"{heading}.", text]  # noqa: PLR2004 - see above
        answer = web.json_response({"refused": lines, "could": []}, status=status)
    answer.headers.update(headers)
    return answer


def _visit(request: web.Request) -> Visit:
    house = request.app[HOUSE]
    now = house.clock.now()
    session = house.session(request, now=now, counts=False)
    return Visit(request, house, now, session, house.person(session))
