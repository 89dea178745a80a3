"""P12 and P13: pages of the console while many telephones look on, and how soon a fact is on all of them."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import aiohttp

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Kind
from benchmarks.relays import Samples, at
from streams.values import TRAINING, Subject
from streams.words.incident import Report
from streams.words.orders import command
from streams.words.stops import Freeze, Resume
from tests.console.bench import INCIDENT, Night, night
from tests.console.test_asked import FIRE, METHANE, WORDS
from tests.examples import CHIEF

BARE = "/s"
"""A page of the console with nothing in it but its frame."""
HERE = f"/incidents/{INCIDENT}"
SCREENS = (
    "/",
    HERE,
    f"{HERE}/release",
    f"{HERE}/freeze",
    "/declare",
    f"{HERE}/record",
    f"{HERE}/briefing",
    "/register",
)
VISITS, FACTS_SEEN = 100, 20
TOLD_MS_MAX = 300.0
PATIENCE_SECONDS = 120


async def console(*, facts: int, readers: int, runs: int) -> Sequence[Figure]:
    """P12: p95 of each screen, beside a page that has their frame alone; P13: p95 from an order to every open page."""
    pages = {screen: Samples() for screen in SCREENS}
    bare, told = Samples(), Samples()
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            async with night(Path(folder), mode=TRAINING) as on:
                await _filled(on, facts)
                async with _people(on) as clients, _readers(clients, on, readers) as screens:
                    client = clients[0]
                    bare.append(at([await _visit(client, f"{on.origin}{BARE}") for _ in range(VISITS)], 95))
                    for screen, found in pages.items():
                        found.append(at([await _visit(client, f"{on.origin}{screen}") for _ in range(VISITS)], 95))
                    told.append(at(await _told(on, screens), 95))
    caption = f"{facts:,} facts in the log, {readers} telephones with the incident open"
    figures = [
        Figure(f"P12 {screen.replace(INCIDENT, '…')}, p95", Kind.EMBEDDED, "ms", found, bare, "its frame", Aim(5))
        for screen, found in pages.items()
    ]
    fact = Figure("P13 a fact on all, p95", Kind.EMBEDDED, "ms", told, [TOLD_MS_MAX], "the aim", Aim(1), caption)
    return [*figures, fact]


async def _filled(on: Night, facts: int) -> None:
    """An incident with words out, and so many facts of others, as after a year of drills."""
    await on.give(FIRE, by=CHIEF)
    await on.give(WORDS.model_copy(update={"next_update_at": on.house.clock.now() + timedelta(minutes=50)}), by=CHIEF)
    now = on.house.clock.now()
    reports = [
        command(Report(methane=METHANE), cause=number, mode=TRAINING, subject=subject, at=now, by=CHIEF)
        for number in range(facts)
        for subject in [Subject.incident(f"before-{number // 500}")]
    ]
    for start in range(0, facts, 500):
        await on.door.put(reports[start : start + 500])
    async with asyncio.timeout(PATIENCE_SECONDS * 10):
        while sum(one.reported for one in on.house.board.overview.incidents) < facts:  # noqa: ASYNC110 - a worker tells nobody
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _people(on: Night) -> AsyncIterator[Sequence[aiohttp.ClientSession]]:
    """Everybody on the register, signed in, the commander first; each telephone has a connection of its own."""
    people = [CHIEF, *(one for one in on.register.people if one != CHIEF)]
    async with AsyncExitStack() as open_clients:
        clients = list[aiohttp.ClientSession]()
        for person in people:
            client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
            clients.append(await open_clients.enter_async_context(client))
            async with client.post(
                f"{on.origin}/sign-in/name", data={"person": person}, headers={"Origin": on.origin}
            ) as answer:
                answer.raise_for_status()
        yield clients


@asynccontextmanager
async def _readers(
    clients: Sequence[aiohttp.ClientSession], on: Night, count: int
) -> AsyncIterator[Sequence["Screen"]]:
    """So many telephones of these people, each with the incident open."""
    screens = [Screen() for _ in range(count)]
    tasks = [
        asyncio.create_task(one.follow(client, f"{on.origin}{HERE}/events"))
        for one, client in zip(screens, cycle(clients), strict=False)
    ]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all(one.shown for one in screens):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        yield screens
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Screen:
    """One telephone: what it shows, and since when."""

    def __init__(self) -> None:
        self.shown, self.since = "", 0.0

    async def follow(self, client: aiohttp.ClientSession, link: str) -> None:
        """Take every part that comes."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with client.get(link, timeout=timeout) as answer:
            with suppress(asyncio.IncompleteReadError):
                while event := await answer.content.readuntil(b"\n\n"):
                    if event.startswith(b"id: "):
                        self.shown, self.since = event.decode(), time.perf_counter()


async def _told(on: Night, screens: Sequence[Screen]) -> Sequence[float]:
    """Milliseconds from an order until each telephone shows what came of it."""
    found = list[float]()
    for number in range(FACTS_SEEN):
        # Only who may end a freeze has the way to that; all read that there is one.
        body, mark = (Freeze(reason="Wait"), "Frozen: ") if number % 2 == 0 else (Resume(reason="Go on"), "/freeze")
        began = time.perf_counter()
        await on.give(body, by=CHIEF)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all(mark in one.shown for one in screens):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.002)
        found += [(one.since - began) * 1000 for one in screens]
        await asyncio.sleep(0.3)
    return found


async def _visit(client: aiohttp.ClientSession, link: str) -> float:
    began = time.perf_counter()
    async with client.get(link) as answer:
        await answer.read()
        answer.raise_for_status()
    return (time.perf_counter() - began) * 1000
