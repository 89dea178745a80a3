"""Accounts of a partner on servers of networks, as a person of the partner has them in hand; and their feeds."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.tools import Tools
from agents.feed_port import CarriedPost, Feed, FeedBatch
from streams.values import LIVE
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.accounts import Credential
from streams.words.register.partners import PartnerAccount
from tests.adapters.channels.mastodon_server import TOKEN
from tests.adapters.feeds.mastodon_streams import PARTNER_ID, StreamingServer
from tests.bluesky import Account, BlueskyNetwork
from tests.snac import Snac

PATIENCE_SECONDS = 180.0
SECRET = "HOLDINGLINE_FEED_POLICE"
EVIDENCE = "Their duty officer read it out on the telephone."


@dataclass
class Person(ABC):
    """What the partner does, and how we hear it; a post is known by the identifier that the feed gives it."""

    account: PartnerAccount
    secret: str = ""
    carried: dict[str, CarriedPost] = field(default_factory=dict)
    """Our copies of posts."""

    def feed(self, **options: str) -> Feed:
        """A feed that asks, or one that is streamed where an option says so."""
        account = self.account.model_copy(update={"options": {**self.account.options, **options}})
        tools = Tools(LIVE, SystemClock(), {SECRET: self.secret}.get, lambda: 0.5, carried=lambda _: self.carried)
        return KINDS[account.kind].make(account, tools)

    @abstractmethod
    def post(self, text: str) -> str:
        """Say something to everybody."""

    @abstractmethod
    def continued(self, post_id: str, text: str) -> str:
        """Answer a post of one's own."""

    @abstractmethod
    def answer_others(self, text: str) -> str:
        """Answer a post of somebody else."""

    @abstractmethod
    def edit(self, post_id: str, text: str) -> None:
        """Put other words in the place of a post."""

    @abstractmethod
    def delete(self, post_id: str) -> None:
        """Take a post away."""


class CanChange(ABC):
    """A person whose account can change too."""

    @abstractmethod
    def rename(self) -> None:
        """Be called otherwise from now on."""

    @abstractmethod
    def suspend(self, *, suspended: bool = True) -> None:
        """Let the server's moderators shut the account, or open it again."""


@dataclass
class OnBluesky(Person, CanChange):
    """On the real server of accounts."""

    network: BlueskyNetwork = field(kw_only=True)
    own: Account = field(kw_only=True)
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, network: BlueskyNetwork, **options: str) -> "OnBluesky":
        own = network.account("police")
        account = PartnerAccount(
            kind="bluesky",
            account_id=own.did,
            domain="ardudwy-police.example",
            address=network.url,
            evidence=EVIDENCE,
            options=options,
        )
        return cls(account, network=network, own=own)

    def post(self, text: str, **fields: Any) -> str:
        said = self.network.post(self.own, text, **{"createdAt": now(), **fields})
        return str(said["uri"]).rpartition("/")[2]

    def continued(self, post_id: str, text: str) -> str:
        own = self.reference(post_id)
        return self.post(text, reply={"root": own, "parent": own})

    def answer_others(self, text: str) -> str:
        other = self.network.post(self.network.account("somebody"), "Is it true?", createdAt=now())
        reference = {"uri": other["uri"], "cid": other["cid"]}
        return self.post(text, reply={"root": reference, "parent": reference})

    def edit(self, post_id: str, text: str) -> None:
        self.network.edit(self.own, self.uri(post_id), text, createdAt=now())

    def delete(self, post_id: str) -> None:
        self.network.delete(self.own, self.uri(post_id))

    def rename(self) -> None:
        self.network.rename(self.own, f"other{next(self.numbers)}{self.own.handle}")

    def suspend(self, *, suspended: bool = True) -> None:
        self.network.take_down(self.own, applied=suspended)

    def uri(self, post_id: str) -> str:
        return f"at://{self.own.did}/app.bsky.feed.post/{post_id}"

    def reference(self, post_id: str) -> Mapping[str, str]:
        found = [one for one in self.network.records(self.own) if one["uri"] == self.uri(post_id)]
        return {"uri": found[0]["uri"], "cid": found[0]["cid"]}


@dataclass
class OnSnac(Person):
    """On the real snac2, which shows lists of posts to those who have a token only."""

    server: Snac = field(kw_only=True)
    token: str = field(kw_only=True)
    posted: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, server: Snac, **options: str) -> "OnSnac":
        name, token = server.account()
        own = server.call("GET", "/api/v1/accounts/verify_credentials", token)
        account = PartnerAccount(
            kind="mastodon",
            account_id=own["id"],
            domain="localhost",
            address=server.url,
            evidence=EVIDENCE,
            credential=Credential(secret=SECRET, mode=LIVE),
            options={"actor": f"{server.called}/{name}", **options},
        )
        _, ours = server.account()
        return cls(account, ours, server=server, token=token)

    def post(self, text: str) -> str:
        self.posted.append(str(self.server.write(text, self.token)["id"]))
        return self.posted[-1]

    def continued(self, post_id: str, text: str) -> str:
        form = {"status": text, "visibility": "public", "in_reply_to_id": post_id}
        return str(self.server.call("POST", "/api/v1/statuses", self.token, **form)["id"])

    def answer_others(self, text: str) -> str:
        _, token = self.server.account()
        return self.continued(str(self.server.write("Is it true?", token)["id"]), text)

    def edit(self, post_id: str, text: str) -> None:
        self.server.call("PUT", f"/api/v1/statuses/{quote(post_id)}", self.token, status=text)

    def delete(self, post_id: str) -> None:
        self.server.call("DELETE", f"/api/v1/statuses/{quote(post_id)}", self.token)


@dataclass
class OnMastodon(Person, CanChange):
    """On the fake server, which has a stream as the documentation describes it."""

    server: StreamingServer = field(kw_only=True)

    @classmethod
    def of(cls, server: StreamingServer, **options: str) -> "OnMastodon":
        account = PartnerAccount(
            kind="mastodon",
            account_id=PARTNER_ID,
            domain="localhost",
            address=server.url,
            evidence=EVIDENCE,
            credential=Credential(secret=SECRET, mode=LIVE),
            options=options,
        )
        return cls(account, TOKEN, server=server)

    def post(self, text: str) -> str:
        return self.server.say(text)

    def continued(self, post_id: str, text: str) -> str:
        return self.server.say(text, answers=post_id)

    def answer_others(self, text: str) -> str:
        return self.server.say(text, answers=self.server.write("Is it true?").id)

    def edit(self, post_id: str, text: str) -> None:
        self.server.change(post_id, text)

    def delete(self, post_id: str) -> None:
        self.server.remove(post_id)

    def rename(self) -> None:
        self.server.called += "-renamed"

    def suspend(self, *, suspended: bool = True) -> None:
        self.server.suspended = suspended


def now() -> str:
    return (SystemClock().now() - timedelta(milliseconds=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def looked(feed: Feed, mark: str | None = None) -> FeedBatch:
    """What a feed that begins at the mark gives first, which is all that happened since."""
    async with aclosing(feed.read(mark)) as batches:  # type: ignore[type-var]  # `read` is a generator
        return await anext(batches)


def said(batch: FeedBatch) -> list[str]:
    """What a batch tells of, in short."""
    return [short(one) for one in batch.items]


def short(event: PartnerEvent) -> str:
    return f"{event.change} {event.text}".strip() if isinstance(event, PartnerPost) else f"account {event.change}"


class Heard:
    """A feed that is read on and on, in a task; what it gave so far, and the mark after that."""

    def __init__(self, feed: Feed, mark: str | None = None) -> None:
        self.batches: list[FeedBatch] = []
        self._mark = mark
        self._task = asyncio.create_task(self._read(feed))

    @property
    def mark(self) -> str | None:
        return self.batches[-1].mark if self.batches else self._mark

    def said(self) -> list[str]:
        return [one for batch in self.batches for one in said(batch)]

    def faults(self) -> list[str]:
        return [one for batch in self.batches for one in batch.faults]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds; whatever ends the reading ends the test too."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                if self._task.done():
                    self._task.result()
                await asyncio.sleep(0.01)

    async def until_said(self, *expected: str) -> None:
        await self.until(lambda: all(one in self.said() for one in expected))

    async def until_streamed(self) -> None:
        """Wait until the stream is open and the account was asked after that: the first batch comes before."""
        await self.until(lambda: len(self.batches) > 1)

    async def end(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _read(self, feed: Feed) -> None:
        async with aclosing(feed.read(self._mark)) as batches:  # type: ignore[type-var]  # `read` is a generator
            async for batch in batches:
                self.batches.append(batch)


@asynccontextmanager
async def heard(feed: Feed, mark: str | None = None) -> AsyncIterator[Heard]:
    """Read the feed until the block ends."""
    listening = Heard(feed, mark)
    try:
        yield listening
    finally:
        await listening.end()
