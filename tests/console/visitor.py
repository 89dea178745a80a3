"""A person at the pages of a drill, without a browser: they sign in by name, read, fill in, and press buttons."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from streams.subjects.incident import Incident
from streams.values import Subject
from streams.words.delivery import DeliveryState
from streams.words.facts import Fact
from streams.words.incident import Declare, Methane
from streams.words.orders import CommandBody, command
from tests.browser import Tab
from tests.console.bench import Night
from tests.examples import CHIEF

OFFERED = re.compile(r'data-offer="([^"]*)">.*?<button[^>]*>(.*?)</button>', re.DOTALL)
FIRE = Subject.incident("inc-fire")
TAP_SECONDS_MAX = 180
"""So long a page is loaded again for a link: a fact is on the pages a moment after it is in the log."""
REPORT = Methane(major_incident=True, exact_location="Ysbyty Ardudwy", type_of_incident="fire")
DECLARED = Declare(name="Fire at Ysbyty Ardudwy", type="major", level=3, methane=REPORT, hashtags=("#Ardudwy",))  # type: ignore[arg-type] # pydantic reads the text


class Visitor:
    """One person with the pages open."""

    def __init__(self, on: Night, session: aiohttp.ClientSession) -> None:
        self._on, self.session = on, session
        self.shown, self.status = "", 0
        self.at: tuple[str, Mapping[str, str]] = "/", {}

    async def reads(self, path: str, **typed: str) -> str:
        """The page of this path, and what stands on it as a person reads it."""
        self.at = path, typed
        async with self.session.get(self._on.origin + path, params=typed) as answer:
            return await self._take(answer)

    async def looks_again(self) -> None:
        """Load the page that is open again, once a fact came or half a second is over."""
        board = self._on.house.board
        await board.moved_on(board.version, seconds_max=0.5)
        path, typed = self.at
        await self.reads(path, **typed)

    async def sends(self, path: str, typed: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
        """The page that a long form is answered with."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with self.session.post(self._on.origin + path, data=typed, headers=headers) as answer:
            return await self._take(answer)

    async def takes(self, path: str) -> bytes:
        """The file of this path."""
        async with self.session.get(self._on.origin + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.read()

    async def _take(self, answer: aiohttp.ClientResponse) -> str:
        self.shown, self.status = await answer.text(), answer.status
        return read(self.shown)

    @property
    def buttons(self) -> Mapping[str, Mapping[str, Any]]:
        """The orders that the page offers, by what their buttons say."""
        return {
            html.unescape(text).strip(): json.loads(html.unescape(one)) for one, text in OFFERED.findall(self.shown)
        }

    async def presses(self, button: str) -> Mapping[str, Any]:
        """Give the order of a button as the page's script does, and answer with what the service said."""
        assert button in self.buttons, (button, [*self.buttons], read(self.shown))
        order = self.buttons[button]["order"]
        at = self._on.house.clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        number = len(await self._on.door.fact_records())
        sent: dict[str, Any] = {"order": {**order, "id": f"cmd-press{number}", "at": at}, "proof": None}
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with self.session.post(f"{self._on.origin}/orders", json=sent, headers=headers) as answer:
            said: Mapping[str, Any] = await answer.json()
            assert answer.status == 200, said
        about = Subject.model_validate(order["subject"])
        await self._on.shown(about, sent["order"]["id"])
        return said


def read(page: str) -> str:
    """The words of a page, without marks, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@asynccontextmanager
async def visiting(on: Night, person: str = CHIEF) -> AsyncIterator[Visitor]:
    """A person who is signed in."""
    await known(on)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        headers = {"Sec-Fetch-Site": "same-origin"}
        typed = {"person": person, "next": "/"}
        async with session.post(f"{on.origin}/sign-in/name", data=typed, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        yield Visitor(on, session)


async def go_in(tab: Tab, on: Night, person: str) -> None:
    """Sign in at a browser by name, as in a drill."""
    await known(on)
    await tab.go(f"{on.origin}/sign-in")
    await tab.write("person", person)
    await tab.press("Go in")
    await tab.shows("What waits for you")


async def known(on: Night) -> None:
    """Wait until the pages have the register: a worker keeps it once it runs."""
    async with asyncio.timeout(180):
        while on.house.board.register is None:
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)


async def ordered(on: Night, body: CommandBody, *, by: str = CHIEF, subject: Subject = FIRE) -> Sequence[Fact]:
    """An order of the drill, given outside the pages, and the facts that answer it."""
    now, number = on.house.clock.now(), len(await on.door.fact_records())
    facts = await on.door.ask(command(body, cause=number, mode=on.house.mode, subject=subject, at=now, by=by))
    refused = [one.body.reasons for one in facts if one.body.kind == "command_refused"]
    assert not refused, refused
    await on.shown(subject, facts[0].cause)
    return facts


async def all_public(on: Night, subject: Subject = FIRE) -> None:
    """Wait until the pages know that every channel has what was let out: facts are shown as soon as they come."""
    board = on.house.board
    async with asyncio.timeout(180):
        while not (isinstance(state := await board.state(subject), Incident) and is_public(state)):
            await board.moved_on(board.version, seconds_max=0.5)


def is_public(incident: Incident) -> bool:
    deliveries = incident.deliveries.values()
    return bool(deliveries) and all(one.state is DeliveryState.CONFIRMED for one in deliveries)


async def taps(visitor: Visitor, text: str) -> str:
    """Follow the link with these words on the page that is open, which is loaded again until it is there."""
    try:
        async with asyncio.timeout(TAP_SECONDS_MAX):
            while not (found := links_of(visitor.shown, text)):
                await visitor.looks_again()
    except TimeoutError:
        raise AssertionError((text, read(visitor.shown))) from None
    return await visitor.reads(found[0])


async def no_longer(visitor: Visitor, text: str, path: str) -> None:
    """Load this page again until these words are gone: the pages know of an order a moment after its answer."""
    async with asyncio.timeout(TAP_SECONDS_MAX):
        while text in await visitor.reads(path):  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.05)


def links_of(page: str, text: str) -> list[str]:
    """Where the links with these words lead."""
    links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [link for link, words in links if read(words) == text]
