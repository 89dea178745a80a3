"""Sources of partners' posts on the loopback, a kind that reads them, and what a feed needs of its process."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from aiohttp import web

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.hooking import Hooks
from agents.adapters.feeds.parsed import Linked, Parsed, Source
from agents.adapters.feeds.polling import polled
from agents.adapters.feeds.tools import Tools
from agents.feed_port import Feed, FeedBatch
from agents.ports import Clock
from streams.values import derive_id
from streams.words.feeds import FeedCard, Sees
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.accounts import Credential
from streams.words.register.partners import PartnerAccount
from tests.loopback import served

ACCOUNT_ID, DOMAIN = "did:web:police.example", "police.example"
BEGINS = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
"""As in `builders`."""
SECRET = "a secret that both sides know, and no other"


@dataclass
class StillClock(SystemClock):
    """Time that passes only while somebody sleeps, and then at once; `until` ends a feed that goes on for ever."""

    at: datetime = BEGINS
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


def card(deletions: Sees = "no") -> FeedCard:
    return FeedCard(
        kind="listing",
        about="A page of posts, as JSON.",
        transport="poll",
        every_seconds=60,
        sees_edits=True,
        sees_deletions=deletions,
        keeps="The newest posts.",
    )


def parse(body: bytes, source: Source) -> Parsed:
    """A list of posts: each an identifier and words; `link` leads to another page, `fault` is not well-formed."""
    items, links, faults = list[PartnerEvent](), list[Linked](), list[str]()
    for one in json.loads(body):
        if "fault" in one:
            faults.append(one["fault"])
        elif "link" in one:
            links.append(Linked(one["link"], one["id"], one["revision"]))
        else:
            items.append(post(one["id"], one["text"], mode=source.mode, account=source.account, url=one.get("url")))
    return Parsed(tuple(items), tuple(faults), tuple(links))


def post(
    name: str, text: str, *, mode: str = "live", account: PartnerAccount | None = None, url: Any = None
) -> PartnerPost:
    account_id, domain = (account.account_id, account.domain) if account else (ACCOUNT_ID, DOMAIN)
    id_ = derive_id("feed", account_id, name, text)
    return PartnerPost(
        id=id_, mode=mode, account_id=account_id, domain=domain, post_id=name, at=BEGINS, text=text, url=url
    )


def account(address: str, **changes: Any) -> PartnerAccount:
    said = {
        "kind": "listing",
        "account_id": ACCOUNT_ID,
        "domain": DOMAIN,
        "address": address,
        "evidence": "Their duty officer read it out on the telephone.",
    }
    return PartnerAccount.model_validate({**said, **changes})


CREDENTIAL = Credential(secret="HOLDINGLINE_FEED_POLICE", mode="live")


def tools(clock: Clock, *, chance: Callable[[], float] = lambda: 0.5, hooks: Hooks | None = None) -> Tools:
    return Tools("live", clock, {"HOLDINGLINE_FEED_POLICE": SECRET}.get, chance, hooks)


@dataclass
class Listing:
    """A source: what it shows, by path; how often it was asked, and how it answers instead of that."""

    pages: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    instead: web.Response | None = None
    asked: list[str] = field(default_factory=list)
    unchanged: int = 0
    port: int = 0

    def address(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if self.instead is not None:
            instead, self.instead = self.instead, None
            return instead
        shown = self.pages.get(request.path)
        if shown is None:
            return web.Response(status=404)
        body = json.dumps(shown).encode()
        etag = f'"{derive_id("page", body)}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, headers={"ETag": etag})

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Listing"]:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        async with served(app) as port:
            self.port = port
            yield self


class Reading:
    """A feed that is read one batch at a time."""

    def __init__(self, feed: Feed, mark: str | None = None) -> None:
        self._batches = feed.read(mark)
        self.mark: str | None = mark

    async def next(self) -> FeedBatch:
        batch = await anext(self._batches)
        self.mark = batch.mark
        return batch

    async def said(self) -> list[str]:
        """What the next batch says, in short."""
        return [short(one) for one in (await self.next()).items]


def short(event: PartnerEvent) -> str:
    text = f" {event.text}" if isinstance(event, PartnerPost) and event.text else ""
    name = event.post_id if isinstance(event, PartnerPost) else event.account_id
    return f"{event.change} {name}{text}"


def listed(*texts: str) -> list[dict[str, str]]:
    return [{"id": name, "text": text} for name, text in zip(islice("abcdefghij", len(texts)), texts, strict=True)]


def feed_on(source: Listing, clock: Clock, *, deletions: Sees = "no", **changes: Any) -> Feed:
    return polled(card(deletions), parse).make(account(source.address(), **changes), tools(clock))
