"""A webhook as a feed: what is signed and fresh is given on, and the sender has its answer once it is on the log."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from agents.adapters.feeds.hooking import APART_MAX, SCHEME, SIGNATURE, TIME, Answered, Hooks, refusal
from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.polling import require_safe
from agents.adapters.feeds.seen import UNKNOWN
from agents.adapters.feeds.tools import FeedKind, Tools, no_options
from agents.adapters.feeds.webhook.parse import parse
from agents.adapters.secrets import secret_of
from agents.feed_port import FeedBatch
from agents.ports import NotSent
from streams.words.feeds import FeedCard
from streams.words.posts import PartnerEvent
from streams.words.register.partners import PartnerAccount

CARD = FeedCard(
    kind="webhook",
    about="A control room sends its posts to us, each request signed with a secret that we share.",
    transport="hook",
    sees_edits=True,
    sees_deletions="yes",
    signed=True,
    keeps="The sender keeps what we did not answer with 200, and sends it again.",
    needs_secret=True,
)
WAITING_MAX = 50
"""So many requests wait for the log; further ones are to come again."""
ANSWER_SECONDS_MAX = 20.0
SIGN_SECONDS = 60.0
SECRET_CHARACTERS_MIN = 32
REMEMBERED_MAX = 2_000
SIGNED_CHARACTERS = 24
FAULTS_SAID_MAX = 5
_MARK = TypeAdapter(dict[str, int])


@dataclass(slots=True)
class _Request:
    """A request that was believed, and the answer that its sender waits for."""

    items: tuple[PartnerEvent, ...]
    name: str
    moment: int
    durable: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(slots=True)
class WebhookFeed:
    """The port `Feed` on a place where a source calls us. Its mark are the signatures that were taken lately."""

    account: PartnerAccount
    tools: Tools
    taken: dict[str, int] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    waiting: asyncio.Queue[_Request] = field(default_factory=lambda: asyncio.Queue(WAITING_MAX))

    async def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        """Take what comes; a request is answered once the caller asks for the next batch."""
        faults: tuple[str, ...] = ()
        try:
            self.taken = _MARK.validate_json(mark) if mark else {}
        except ValidationError:
            self.taken, faults = {}, (UNKNOWN,)
        self._require_secret()
        async with self._hooks.taking(self._path, self._take):
            yield FeedBatch((), mark, faults)
            while True:
                request = await self._next()
                if request is None:
                    yield FeedBatch((), self._mark())
                    continue
                try:
                    self.taken[request.name] = request.moment
                    yield FeedBatch(request.items, self._mark())
                    request.durable.set_result(None)
                finally:
                    request.durable.cancel()

    async def check(self) -> str:
        """Whether there is a secret, and in the service a place to listen at."""
        self._require_secret()
        if self.tools.hooks:
            self.tools.hooks.require_place()
        return f"takes signed requests to {self._path}: {self.account.address} has to lead to the service's --hooks"

    @property
    def _hooks(self) -> Hooks:
        if self.tools.hooks is None:
            raise NotSent("webhooks are taken by the service alone: see `holdingline feeds`")
        return self.tools.hooks

    @property
    def _path(self) -> str:
        return urlsplit(self.account.address).path

    def _require_secret(self) -> str:
        found = secret_of(self.account.credential, self.tools.secrets)
        if len(found) < SECRET_CHARACTERS_MIN:
            raise NotSent(f"the secret is shorter than {SECRET_CHARACTERS_MIN} characters: agree on a longer one")
        return found

    def _mark(self) -> str:
        return _MARK.dump_json(self.taken).decode()

    async def _next(self) -> _Request | None:
        """The next request; None after a while without one."""
        try:
            async with asyncio.timeout(SIGN_SECONDS):
                request = await self.waiting.get()
        except TimeoutError:
            return None
        return request

    async def _take(self, headers: Mapping[str, str], body: bytes) -> Answered:
        """Judge one request, and wait until its posts are on the log."""
        now = self.tools.clock.now()
        try:
            secret = self._require_secret()
        except NotSent:
            return 503, "we have no secret for this address now: send it again later"
        if refused := refusal(headers, body, secret=secret, now_seconds=now.timestamp()):
            return refused
        name, moment = headers[SIGNATURE].removeprefix(SCHEME)[:SIGNED_CHARACTERS], int(headers[TIME])
        oldest = int(now.timestamp() - 2 * APART_MAX.total_seconds())
        self.taken = {one: at for one, at in self.taken.items() if at >= oldest}
        if name in self.taken:
            return 409, "this very request was taken already: nothing is left to do"
        if len(self.taken) >= REMEMBERED_MAX or self.waiting.full() or name in self.pending:
            return 503, "too much is waiting here: send it again in a minute"
        parsed = parse(body, Source(self.tools.mode, self.account, now))
        if parsed.faults:
            return 400, "; ".join(parsed.faults[:FAULTS_SAID_MAX])
        return await self._answer(_Request(parsed.items, name, moment))

    async def _answer(self, request: _Request) -> Answered:
        """Wait until it is on the log. If that is not known in time, the same request may come again."""
        self.pending.add(request.name)
        self.waiting.put_nowait(request)
        await asyncio.wait([request.durable], timeout=ANSWER_SECONDS_MAX)
        self.pending.discard(request.name)
        if not request.durable.done() or request.durable.cancelled():
            return 503, "it is not known whether this was taken: send the same request again"
        return 200, f"{len(request.items)} taken"


def _check_options(account: PartnerAccount) -> None:
    require_safe(account.address)
    no_options(account)
    if len(urlsplit(account.address).path) <= 1:
        raise ValueError(f"{account.address} has no path: give each webhook one of its own, as /hooks/police-control")
    if account.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the secret that you share")


def _make(account: PartnerAccount, tools: Tools) -> WebhookFeed:
    _check_options(account)
    return WebhookFeed(account, tools)


WEBHOOK = FeedKind(CARD, _make, parse, _check_options)
