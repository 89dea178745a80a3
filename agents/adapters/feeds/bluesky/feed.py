"""A partner's account on Bluesky: told of by Jetstream, and read from the server that it lives on.

The server's own records decide. Its list of the newest posts shows what is new and edited; a post that the list lacks
is asked for, and counts as deleted if the server does not show it. The account's identifier never changes; what it is
called is asked with its state, and an account that lost its name counts as unverified.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlencode

from agents.adapters.channels.bluesky.xrpc import Line, NoSuchAccount, NoSuchRecord, line_to
from agents.adapters.feeds import account_mark
from agents.adapters.feeds.account_mark import AccountMark, AccountNow, NetworkPost
from agents.adapters.feeds.bluesky.frames import EVENTS, frame_of, state_of
from agents.adapters.feeds.bluesky.records import POST, entries_of, entry_of
from agents.adapters.feeds.bluesky.settings import CARD, settings_of
from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.polling import every_seconds_of
from agents.adapters.feeds.streaming import FeedStream, Ringing, StreamEnded, watched, websocket
from agents.adapters.feeds.tools import FeedKind, Tools
from agents.feed_port import FeedBatch
from agents.ports import NotSent
from streams.values import sentence
from streams.words.posts import AccountChange
from streams.words.register.partners import PartnerAccount

LOOK_SECONDS = 10.0
PAGE, PAGES_MAX = 50, 5
ASKED_MAX = 50
"""So many posts are asked for one by one; where more are missing, the next look goes on."""
KINDS = ("commit", "identity", "account", "sync")
NAME_CHARACTERS_MAX = 200
NO_NAME = "handle.invalid"
"""What a server writes where an account has no name that holds."""


class BlueskyFeed:
    """One account; `ValueError` if what the register says of it is wrong."""

    def __init__(self, account: PartnerAccount, tools: Tools) -> None:
        self._settings, self.account, self._tools = settings_of(account), account, tools

    def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        return watched(self, mark, tools=self._tools, every_seconds=every_seconds_of(self.account, CARD))

    async def check(self) -> str:
        async with self._line() as line:
            status = await self._status(line)
            if status.get("active") is not True:
                raise NotSent(f"the account is not open ({status.get('status')}): ask the partner about it")
            called, _ = await self._name(line, self._mark())
        if stream := self.open_stream(self._mark()):
            try:
                async with stream:
                    return sentence(f"the account {called} can be read, and its stream is open")
            except StreamEnded as error:
                raise NotSent(f"the account {called} can be read, but its stream cannot: {error}") from None
        every = every_seconds_of(self.account, CARD)
        return sentence(f"the account {called} can be read; it has no stream, so it is asked every {every:.0f} seconds")

    def open_stream(self, mark: AccountMark) -> AbstractAsyncContextManager[FeedStream] | None:
        if self._settings.stream is None:
            return None
        wanted = [("dids", self._settings.did), ("collections", POST), *(("kinds", kind) for kind in KINDS)]
        cursor = [] if mark.cursor is None else [("cursor", str(mark.cursor))]
        return websocket(f"{self._settings.stream}/xrpc/{EVENTS}?{urlencode([*wanted, *cursor])}")

    def bell(self, frame: bytes, mark: AccountMark) -> Ringing | None:
        told = frame_of(frame)
        if told is None:
            return Ringing(said="the stream sent a frame that cannot be read: the account was asked instead")
        if told.kind == "error":
            raise StreamEnded(told.said())
        if told.kind == "info":
            said = f"the stream did not go on from where it was ({told.said()}): the account was asked instead"
            return Ringing(is_about_account=True, said=said)
        # A stream that goes on from a place tells of that place once more.
        if told.did != self._settings.did or (told.seq is not None and told.seq == mark.cursor):
            return None
        if told.kind == "commit":
            key = told.fields.get("rkey")
            is_post = told.fields.get("collection") == POST and isinstance(key, str)
            return Ringing(post_ids=(str(key),), cursor=told.seq) if is_post else None
        return Ringing(is_about_account=True, cursor=told.seq)

    async def look(self, mark: AccountMark, bell: Ringing) -> tuple[AccountMark, Parsed]:
        source = Source(self._tools.mode, self.account, self._tools.clock.now())
        async with self._line() as line:
            try:
                status = await self._status(line)
            except NoSuchAccount:
                return account_mark.changes_of_account(mark, AccountNow(None, AccountChange.GONE), source=source)
            state, called = state_of(status), None
            is_open = status.get("active") is True
            if is_open and bell.is_about_account:
                called, state = await self._name(line, mark)
            elif state is None and (not is_open or mark.state is AccountChange.UNVERIFIED):
                state = mark.state
            mark, changes = account_mark.changes_of_account(mark, AccountNow(called, state), source=source)
            if not is_open or (status.get("rev") == mark.revision and not bell.post_ids):
                return mark, changes
            mark, posts, is_whole = await self._posts(line, mark, bell.post_ids, source=source)
        if is_whole:
            mark = mark.model_copy(update={"revision": status.get("rev")})
        return mark, Parsed((*changes.items, *posts.items), (*changes.faults, *posts.faults))

    async def _posts(
        self, line: Line, mark: AccountMark, told: Collection[str], *, source: Source
    ) -> tuple[AccountMark, Parsed, bool]:
        """What is new, edited and deleted, and whether that is all; `told` are posts that the list may not reach."""
        entries, faults = await self._list(line, mark, source)
        wanted = account_mark.to_ask(mark, entries, told=told)
        asked = {key: await self._ask_again(line, key, source) for key in wanted[:ASKED_MAX]}
        mark, posts = account_mark.changes_of_list(mark, entries, asked=asked, source=source)
        return mark, Parsed(posts.items, (*faults, *posts.faults)), len(wanted) <= ASKED_MAX

    async def _list(self, line: Line, mark: AccountMark, source: Source) -> tuple[Sequence[NetworkPost], Sequence[str]]:
        """The newest posts, newest first, back to the oldest that is known."""
        oldest = next(reversed([*mark.posts]), None)
        entries: list[NetworkPost] = []
        faults: list[str] = []
        query = {"repo": self._settings.did, "collection": POST, "limit": str(PAGE)}
        for _ in range(PAGES_MAX):
            page = await line.ask("com.atproto.repo.listRecords", **query)
            some, odd = entries_of(page, source)
            entries += some
            faults += odd
            cursor = page.get("cursor")
            if oldest is None or not cursor or any(one.post.post_id == oldest for one in some):
                return entries, faults
            query["cursor"] = str(cursor)
        return entries, [
            *faults,
            f"more than {PAGE * PAGES_MAX} posts came since it was read: the oldest are left out",
        ]

    async def _ask_again(self, line: Line, key: str, source: Source) -> NetworkPost | None:
        """One post; None if the server does not show it."""
        query = {"repo": self._settings.did, "collection": POST, "rkey": key}
        try:
            record = await line.ask("com.atproto.repo.getRecord", **query)
        except NoSuchRecord:
            return None
        read = entry_of(key, record, source=source, is_edit=True)
        return read if isinstance(read, NetworkPost) else None

    async def ask(self, post_ids: Sequence[str]) -> Mapping[str, NetworkPost | None]:
        source = Source(self._tools.mode, self.account, self._tools.clock.now())
        async with self._line() as line:
            return {key: await self._ask_again(line, key, source) for key in post_ids}

    async def _status(self, line: Line) -> dict[str, Any]:
        return dict(await line.ask("com.atproto.sync.getRepoStatus", did=self._settings.did))

    async def _name(self, line: Line, mark: AccountMark) -> tuple[str | None, AccountChange | None]:
        """What the account is called, and whether it has a name that holds; as before where that cannot be told."""
        try:
            said = await line.ask("com.atproto.repo.describeRepo", repo=self._settings.did)
        except NotSent:
            return None, mark.state
        called = said.get("handle")
        if not isinstance(called, str) or called == NO_NAME:
            return None, AccountChange.UNVERIFIED
        return sentence(called)[:NAME_CHARACTERS_MAX], None

    def _line(self) -> AbstractAsyncContextManager[Line]:
        return line_to(self._settings.address, seconds=LOOK_SECONDS, secrets=lambda: ())

    def _mark(self) -> AccountMark:
        return AccountMark.read(None, now=self._tools.clock.now())


BLUESKY = FeedKind(CARD, BlueskyFeed, account_mark.list_parser(entries_of), settings_of)
