"""Polling: a source that is asked from time to time, and answers with what it shows now.

Only what is new since the last time is given. What was seen is the mark: `seen` says of each post which words it had.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from agents.adapters.feeds.asking import PageRead, ask, is_gone
from agents.adapters.feeds.parsed import Linked, Parse, Parsed, Source
from agents.adapters.feeds.seen import SeenPosts
from agents.adapters.feeds.tools import FeedKind, Tools
from agents.feed_port import FeedBatch
from agents.ports import NotSent, Rejected
from streams import foreign
from streams.words.feeds import FeedCard
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.partners import PartnerAccount

Headers = Callable[[PartnerAccount, Tools], Mapping[str, str]]

EVERY = "every_seconds"
EVERY_SECONDS_MIN, EVERY_SECONDS_MAX = 15.0, 900.0
JITTER = 0.1
LINKS_AT_ONCE = 20
"""So many linked documents are fetched at one poll; the next ones at the next."""
ASKED_AT_ONCE = 5
"""So many posts that are missing are asked for at one poll."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
GAP = "none of the posts that were read before is in the feed any more: some may have come and gone unread, look at {}"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def no_headers(account: PartnerAccount, tools: Tools) -> Mapping[str, str]:
    """The headers of a source that everybody may read: none."""
    del account, tools
    return NO_HEADERS


def polled(card: FeedCard, parse: Parse, *, headers: Headers = no_headers, options: tuple[str, ...] = ()) -> FeedKind:
    """The row of a kind that is asked every `card.every_seconds`, unless the account says `every_seconds`.

    `headers` show a secret, if the source needs one; `options` are the names of others that an account may give.
    """

    def checked(account: PartnerAccount) -> None:
        require_safe(account.address)
        every_seconds_of(account, card)
        if strange := sorted({*account.options} - {EVERY, *options}):
            known = ", ".join(sorted({EVERY, *options}))
            raise ValueError(f"there is no option {', '.join(strange)}: this kind takes {known}")

    def make(account: PartnerAccount, tools: Tools) -> PollingFeed:
        checked(account)
        return PollingFeed(account, tools, card=card, parse=parse, headers=headers)

    return FeedKind(card, make, parse, checked)


def require_safe(address: str) -> None:
    """Raise `ValueError` if words that come from this address could be changed on their way."""
    parts = urlsplit(address)
    if parts.hostname is None or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        raise ValueError(f"{address} is no safe address: begin it with https://, or anybody on the way could change it")
    if parts.username or parts.password:
        raise ValueError("its address has a name or a password in it: take them out, and name a `credential`")


def every_seconds_of(account: PartnerAccount, card: FeedCard) -> float:
    """How often the account is asked; `ValueError` if its option is no number, or out of bounds."""
    given = account.options.get(EVERY)
    if given is None:
        return card.every_seconds or EVERY_SECONDS_MAX
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not EVERY_SECONDS_MIN <= seconds <= EVERY_SECONDS_MAX:
        raise ValueError(
            f"{EVERY} is {given}: give a number of seconds from {EVERY_SECONDS_MIN:.0f} to {EVERY_SECONDS_MAX:.0f}"
        )
    return seconds


@dataclass(frozen=True, slots=True)
class PollingFeed:
    """The port `Feed` on a source that is asked with conditional requests, so that it sends only what changed."""

    account: PartnerAccount
    tools: Tools
    card: FeedCard
    parse: Parse
    headers: Headers

    async def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        """Ask, give what is new, and wait until the next time."""
        seen, faults = SeenPosts.of(mark)
        while True:
            batch = await self._poll(seen)
            yield FeedBatch(batch.items, seen.mark(), (*faults, *batch.faults))
            faults = ()
            chance = self.tools.chance()
            await self.tools.clock.sleep(every_seconds_of(self.account, self.card) * (1 - JITTER + 2 * JITTER * chance))

    async def check(self) -> str:
        """Read it once."""
        parsed = await self._parse(await self._ask(self.account.address))
        many = len(parsed.items) + len(parsed.links)
        if parsed.faults and not many:
            raise NotSent(parsed.faults[0])
        return f"{self._host} answers with {many} {'entry' if many == 1 else 'entries'}"

    @property
    def _host(self) -> str:
        return urlsplit(self.account.address).hostname or self.account.domain

    async def _ask(self, address: str, *, seen: SeenPosts | None = None) -> PageRead:
        """What is at an address; if the source has nothing but what was `seen`, no body."""
        headers = dict(self.headers(self.account, self.tools))
        if seen and seen.etag:
            headers["If-None-Match"] = seen.etag
        if seen and seen.modified:
            headers["If-Modified-Since"] = seen.modified
        return await ask(address, headers=headers, now=self.tools.clock.now())

    async def _poll(self, seen: SeenPosts) -> Parsed:
        """What is new; `seen` knows of it afterwards."""
        answer = await self._ask(self.account.address, seen=seen)
        if answer.body is None:
            return Parsed(tuple(await self._taken_away(seen)))
        parsed = await self._parse(answer)
        came = [(one, "") for one in parsed.items]
        linked, faults = await self._read_linked(parsed, seen)
        before = seen.alive
        now = self.tools.clock.now()
        news = [one for event, via in (*came, *linked) for one in seen.news(event, now, via=via)]
        shown = {one.post_id for one, _ in (*came, *linked) if isinstance(one, PartnerPost)}
        shown |= seen.of_links({link.post_id for link in parsed.links})
        faults += (*parsed.faults, *parsed.left_out)
        if before and shown and not shown & before and self.card.sees_deletions != "by-absence":
            faults.append(GAP.format(self.account.address))
        if not parsed.faults:
            # An entry that could not be read may be any of those that seem to be missing.
            seen.show(shown)
            news += self._absent(before - shown, seen) + await self._taken_away(seen)
        # If a linked document is still to be had, the source must not answer that nothing has changed.
        whole = all(seen.links.get(one.post_id) == one.revision for one in parsed.links)
        seen.etag, seen.modified = (answer.etag, answer.modified) if whole else (None, None)
        seen.shorten()
        return Parsed(tuple(news), tuple(faults))

    def _source(self) -> Source:
        return Source(self.tools.mode, self.account, self.tools.clock.now())

    async def _parse(self, answer: PageRead) -> Parsed:
        source = self._source()
        return await asyncio.to_thread(self.parse, answer.body or b"", source)

    async def _read_linked(self, parsed: Parsed, seen: SeenPosts) -> tuple[list[tuple[PartnerEvent, str]], list[str]]:
        """What the linked documents say that are not read yet, each with its link; and what is wrong with them."""
        named = {one.post_id for one in parsed.links}
        seen.links = {name: revision for name, revision in seen.links.items() if name in named}
        items, faults = list[tuple[PartnerEvent, str]](), list[str]()
        new = [one for one in parsed.links if seen.links.get(one.post_id) != one.revision]
        for link in new[:LINKS_AT_ONCE]:
            try:
                document = await self._document(link)
            except (NotSent, Rejected) as error:
                faults.append(str(error))
                continue
            items += [(one, link.post_id) for one in document.items]
            faults += (*document.faults, *document.left_out)
            seen.links[link.post_id] = link.revision
        return items, faults

    async def _document(self, link: Linked) -> Parsed:
        if not self._is_own(link.address):
            return Parsed(faults=(f"it points to {link.address}, which is not on {self.account.domain}: not read",))
        return await self._parse(await self._ask(link.address))

    def _is_own(self, address: str) -> bool:
        """Whether an address is the account's: on its domain or on the host that is asked, and safe."""
        if self._host in LOOPBACK:
            return urlsplit(address).hostname in LOOPBACK
        safe = foreign.link(address, (self.account.domain, self._host))
        return safe is not None and safe.startswith("https://")

    def _absent(self, missing: set[str], seen: SeenPosts) -> list[PartnerEvent]:
        """Those that are not among what holds now, where the source shows all that holds."""
        if self.card.sees_deletions != "by-absence":
            return []
        source = self._source()
        return [seen.gone(name, source) for name in sorted(missing)]

    async def _taken_away(self, seen: SeenPosts) -> list[PartnerEvent]:
        """The posts that the source shows no more, and that are not at their own address either."""
        if self.card.sees_deletions != "by-asking":
            return []
        source, found = self._source(), list[PartnerEvent]()
        missing = [(name, address) for name, address in seen.missing(source.now) if self._is_own(address)]
        for name, address in missing[:ASKED_AT_ONCE]:
            seen.asked(name, source.now)
            with suppress(NotSent):
                if await is_gone(address, now=source.now):
                    found.append(seen.gone(name, source))
        return found
