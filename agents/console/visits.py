"""A visit: one request with the person who makes it, and how a page answers it."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from agents.console.headers import nonce_of
from agents.console.house import House
from agents.console.sessions import OpenSession
from agents.runtime.views.console_words import LANGUAGES, Sentences, ToldReason, console_says
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import Subject
from streams.words.facts import CommandRefused
from streams.words.register.entries import Person, Register

HOUSE = web.AppKey("house", House)
HEARD_SECONDS_MAX = 2.0
BEGUN_SECONDS_MAX = 0.5
FIELDS_MAX = 1_000
ERRORS_FROM = 400
LANGUAGE_SECONDS = 31_536_000
"""So long a browser keeps the language of the pages."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `person` is who is signed in; None only where the lock of the route is open.

    `typed` is what a form sent that is too long for a link.
    """

    request: web.Request
    house: House
    now: datetime
    session: OpenSession | None
    person: Person | None
    typed: Mapping[str, Sequence[str]] | None = None

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
        given = self.request.query.get("language") or self.request.cookies.get(self.house.language_name, "")
        return given if given in LANGUAGES else LANGUAGES[0]

    @property
    def waits(self) -> int:
        """How many things the person who is signed in could settle now."""
        return self.house.waits_for(self.person.id, now=self.now) if self.person and self.session else 0

    @property
    def words(self) -> Sentences:
        """The sentences of the console in the language of the pages."""
        return console_says(self.language, is_live=self.house.is_live)

    def says(self, name: str, /, **gaps: object) -> str:
        """A sentence of the console."""
        return self.words(name, **gaps)

    def reasons(self, refusal: CommandRefused) -> Sequence[ToldReason]:
        """Why an order was refused, in the language of the pages as far as it is known in that."""
        return console_says(self.language, is_live=True).reasons(refusal)

    def part(self, name: str, /, **given: Any) -> str:  # noqa: ANN401 - each page says what it needs
        """A part of a page."""
        shared = self.house.shared()
        everything = {**shared, "me": self.person, "now": self.now, "path": self.request.rel_url.raw_path, **given}
        return self.house.drawing.draw(f"pages/{name}.html.j2", language=self.language, **everything)

    def page(self, name: str, /, *, status: int = 200, **given: Any) -> web.Response:  # noqa: ANN401 - as above
        """A whole page, and the language kept where the visit chose it."""
        live: dict[str, Any] = {"version": self.house.board.version, "nonce": nonce_of(self.request)}
        live["register_version"] = self.register.version()
        live["waits"] = self.waits if status < ERRORS_FROM else 0
        response = web.Response(
            text=self.part(name, **{**live, **given}), status=status, content_type="text/html", charset="utf-8"
        )
        if "language" in self.request.query:
            response.set_cookie(self.house.language_name, self.language, max_age=LANGUAGE_SECONDS, **self.house.cookie)
        return response

    def field(self, name: str) -> str:
        """What was typed into a field of a form, without spaces around it; empty if nothing."""
        return next(iter(self.fields(name)), "").strip()

    def fields(self, name: str) -> Sequence[str]:
        """All that was chosen under this name."""
        return self.request.query.getall(name, []) if self.typed is None else self.typed.get(name, [])

    async def with_form(self) -> "Visit":
        """The same visit with what its form sent, where that is no link; it gives no order, it only draws the page."""
        if self.request.method != "POST":
            return self
        typed: dict[str, list[str]] = {}
        with suppress(ValueError):
            text = (await self.request.read()).decode(errors="replace")
            for name, one in parse_qsl(text, max_num_fields=FIELDS_MAX):
                typed.setdefault(name, []).append(one)
        return replace(self, typed=typed)

    async def sent(self) -> Any:  # noqa: ANN401 - whatever a browser sends
        """The JSON that was sent; `ValueError` if it is none."""
        try:
            return json.loads(await self.request.read())
        except RecursionError:
            raise ValueError("this is nested too deep") from None

    async def incident(self) -> Incident:
        """The incident that the path names; `HTTPNotFound` if there is none."""
        about = Subject.incident(self.request.match_info["incident"])
        state = await self.state_of(about)
        if state is None:  # What was declared this moment is a blink away.
            state = await self.state_once(about, lambda one: one is not None, seconds_max=BEGUN_SECONDS_MAX)
        if not isinstance(state, Incident) or not state.is_begun:
            raise web.HTTPNotFound
        return state

    async def state_of(self, subject: Subject) -> State | None:
        """The state of a subject; a page that follows an order waits a short while until it knows what came of it."""
        if not self.field("done"):
            return await self.house.board.state(subject)
        return await self.state_once(subject, lambda one: one is not None and self.was_heard(one))

    async def state_once(
        self, subject: Subject, is_so: Callable[[State | None], bool], *, seconds_max: float = HEARD_SECONDS_MAX
    ) -> State | None:
        """The state of a subject, once this is so of it; after a short while it is given as it is."""
        board = self.house.board
        version, state = board.version, await board.state(subject)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds_max):
                while not is_so(state):
                    version = await board.moved_on(version, seconds_max=seconds_max)
                    state = await board.state(subject)
        return state

    def was_heard(self, state: State) -> bool:
        """Whether the order that this page follows, if any, was answered."""
        done = self.field("done")
        return bool(done) and state.has_heard(done)
