"""Locks: who may see a page. What happens is decided by the desk, which judges every order by the register."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from aiohttp import web

from agents.console.rates import AddressRate
from agents.console.visits import ERRORS_FROM, HOUSE, Visit
from streams.values import IDENTIFIER, Power

NAME = re.compile(IDENTIFIER)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Open:
    """Everybody may; `why` says why that is right."""

    why: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Everybody on the register, once signed in; `powers` keeps it to those who hold one of these now.

    `by_link` also lets in the person whom a link to just this page was sent to, `by_any_link` one whom a link to
    another page was sent to: for what such a page shows.
    """

    powers: tuple[Power, ...] = ()
    by_link: bool = False
    by_any_link: bool = False


Lock = Open | SignedIn


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One address of the console, who may see it, and what answers.

    `by_server` says that another server asks it, not a browser: what it sends bears its own proof.
    """

    method: str
    path: str
    handler: Handler
    lock: Lock
    rate: AddressRate | None = None
    by_server: bool = False


def locked(route: PageRoute) -> Answer:
    """The route behind its lock."""

    async def opened(request: web.Request) -> web.StreamResponse:
        if not all(map(NAME.fullmatch, request.match_info.values())):
            raise web.HTTPNotFound
        house = request.app[HOUSE]
        now = house.clock.now()
        session = house.session(request, now=now)
        person = house.person(session)
        if person is None and isinstance(route.lock, SignedIn) and (route.lock.by_link or route.lock.by_any_link):
            person, page = await house.asked(request) or (None, "")
            person = person if route.lock.by_any_link or page == request.rel_url.raw_path else None
        visit = Visit(request, house, now, session, person)
        match route.lock:
            case SignedIn() if person is None and request.method == "GET" and not route.path.endswith("events"):
                raise web.HTTPSeeOther(f"/sign-in?next={quote(request.path_qs)}")
            case SignedIn() if person is None:
                raise web.HTTPUnauthorized
            case SignedIn(powers=powers) if powers and person and not any(map(person.is_granted, powers)):
                raise web.HTTPForbidden
        return await route.handler(visit)

    bounds = bounded(opened, route.rate) if route.rate else opened

    async def answer(request: web.Request) -> web.StreamResponse:
        # What another site sends through a person's browser is not counted against that person.
        if request.method not in {"GET", "HEAD"} and not route.by_server:
            _refuse_strangers(request, request.app[HOUSE].address.origin)
        return await bounds(request)

    return answer


def bounded(answer: Answer, rate: AddressRate) -> Answer:
    """The answer to an address that has not tried this too often."""

    async def within_bounds(request: web.Request) -> web.StreamResponse:
        rates = request.app[HOUSE].rates
        if rates.is_spent(rate, request):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        failed = True
        try:
            answered = await answer(request)
            failed = answered.status >= ERRORS_FROM
        finally:
            if failed or not rate.failed_only:
                rates.count(rate, request)
        return answered

    return within_bounds


def within(path: str) -> str:
    """A path of ours to go on to; the first page where it leads anywhere else."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if ours else "/"


def _refuse_strangers(request: web.Request, origin: str) -> None:
    """Other sites may not send forms in here: `Sec-Fetch-Site`, or `Origin` where a browser does not say it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site not in {None, "same-origin"} or (site is None and request.headers.get("Origin") != origin):
        raise web.HTTPForbidden
