"""A visit: one request with the person who makes it, and how a page answers it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from agents.console.drawing import LANGUAGES
from agents.console.headers import nonce_of
from agents.console.house import House
from agents.console.sessions import OpenSession
from streams.subjects.incident import Incident
from streams.values import Subject
from streams.words.register.entries import Person, Register

HOUSE = web.AppKey("house", House)
ANSWERED_SECONDS_MAX = 2.0
FIELDS_MAX = 100
LANGUAGE = "language"
"""The cookie that keeps the language of the pages."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `person` is who is signed in; None only where the lock of the route is open."""

    request: web.Request
    house: House
    now: datetime
    session: OpenSession | None
    person: Person | None

    @property
    def register(self) -> Register:
        """The register in force."""
        return self.house.register

    @property
    def me(self) -> Person:
        """The person who is signed in; `HTTPForbidden` where there is none, which the locks rule out."""
        if self.person is None:
            raise web.HTTPForbidden
        return self.person

    @property
    def language(self) -> str:
        """The language of the pages: that of the link, else of the cookie, else English."""
        given = self.request.query.get("language") or self.request.cookies.get(LANGUAGE, "")
        return given if given in LANGUAGES else LANGUAGES[0]

    def says(self, name: str, /, **gaps: object) -> str:
        """A sentence of the console."""
        return self.house.drawing.says(self.language)(name, **gaps)

    def part(self, name: str, /, **given: Any) -> str:  # noqa: ANN401 - each page says what it needs
        """A part of a page."""
        shared = self.house.shared()
        everything = {**shared, "me": self.person, "now": self.now, "path": self.request.path, **given}
        return self.house.drawing.draw(f"pages/{name}.html.j2", language=self.language, **everything)

    def page(self, name: str, /, *, status: int = 200, **given: Any) -> web.Response:  # noqa: ANN401 - as above
        """A whole page, and the language kept where the visit chose it."""
        live = {"version": self.house.board.version, "nonce": nonce_of(self.request)}
        response = web.Response(
            text=self.part(name, **live, **given), status=status, content_type="text/html", charset="utf-8"
        )
        if "language" in self.request.query:
            response.set_cookie(LANGUAGE, self.language, samesite="Lax", max_age=31_536_000)
        return response

    def field(self, name: str) -> str:
        """What was typed into a field of a form that is sent by link, without spaces around it; empty if nothing."""
        return self.request.query.get(name, "").strip()

    async def sent(self) -> Any:  # noqa: ANN401 - whatever a browser sends
        """The JSON that was sent; `ValueError` if it is none."""
        try:
            return json.loads(await self.request.read())
        except RecursionError:
            raise ValueError("this is nested too deep") from None

    async def form(self) -> Mapping[str, str]:
        """The fields of a form that was sent; those that cannot be read are left out."""
        try:
            return dict(parse_qsl((await self.request.read()).decode(), max_num_fields=FIELDS_MAX))
        except ValueError:
            return {}

    async def incident(self) -> Incident:
        """The incident that the path names; `HTTPNotFound` if there is none."""
        subject = Subject.incident(self.request.match_info["incident"])
        state = await self.house.board.state(subject)
        if done := self.field("done"):
            # The answer to an order comes before the tables that it changed.
            version, until = self.house.board.version, time.monotonic() + ANSWERED_SECONDS_MAX
            while (state is None or not state.has_heard(done)) and (left := until - time.monotonic()) > 0:
                version = await self.house.board.moved_on(version, seconds_max=left)
                state = await self.house.board.state(subject)
        if not isinstance(state, Incident) or not state.is_begun:
            raise web.HTTPNotFound
        return state
