"""A partner's account on a server of the Mastodon API: told of by its stream, and read from that server.

A stream of this interface cannot go on from where it was, so after each pause the account is asked. A list of posts
shows no deletion either: a post that is missing in it is asked for, and is deleted if the server does not know it.
The account is pinned by its identifier on this server, and by its address on the network, since a server that was set
up anew may give the identifier to somebody else.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

from agents.adapters.channels.mastodon.server import Gone, Server
from agents.adapters.feeds import account_mark
from agents.adapters.feeds.account_mark import AccountMark, AccountNow, Asked, NetworkPost
from agents.adapters.feeds.mastodon.settings import CARD, HOME, settings_of
from agents.adapters.feeds.mastodon.statuses import FeedProfile, entries_of, entry_of, post_told_of, profile_of
from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.polling import every_seconds_of
from agents.adapters.feeds.streaming import FeedStream, Ringing, StreamEnded, server_events, watched
from agents.adapters.feeds.tools import FeedKind, Tools
from agents.adapters.secrets import secret_of
from agents.feed_port import FeedBatch
from agents.ports import NotSent, Rejected
from streams import foreign
from streams.values import sentence
from streams.words.posts import AccountChange
from streams.words.register.partners import PartnerAccount

LOOK_SECONDS = 40.0
PAGE, PAGES_MAX = 40, 5
KNOWN_MAX = 80
ASKED_MAX = 20
"""So many posts are asked for one by one; where more are missing, the next look goes on."""


class MastodonFeed:
    """One account; `ValueError` if what the register says of it is wrong."""

    def __init__(self, account: PartnerAccount, tools: Tools) -> None:
        self._settings, self.account, self._tools = settings_of(account), account, tools
        self._host = str(urlsplit(self._settings.server).hostname)
        self._path = f"/api/v1/accounts/{self._settings.account_id}"

    def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        return watched(self, mark, tools=self._tools, every_seconds=every_seconds_of(self.account, CARD))

    async def check(self) -> str:
        server = self._server()
        try:
            profile = await self._profile(server)
        except Gone:
            raise NotSent(f"{self._settings.server} knows no such account: see whether `account_id` is right") from None
        if profile.state:
            moved = f", it moved to {profile.moved_to}" if profile.moved_to else ""
            raise NotSent(f"the account {profile.called} is {profile.state}{moved}: ask the partner about it")
        await server.get(f"{self._path}/statuses", limit="1")
        stream = self._settings.stream
        if stream is None:
            every = every_seconds_of(self.account, CARD)
            return sentence(f"{profile.called} can be read; it has no stream, so it is asked every {every:.0f} seconds")
        if stream.endswith(HOME) and not await self._follows(server):
            raise NotSent(f"our account does not follow {profile.called}, so its stream tells nothing: follow it")
        try:
            async with self._stream(stream):
                return sentence(f"{profile.called} can be read, and its stream is open")
        except StreamEnded as error:
            raise NotSent(f"{profile.called} can be read, but its stream cannot: {error}") from None

    def open_stream(self, mark: AccountMark) -> AbstractAsyncContextManager[FeedStream] | None:
        del mark
        return self._stream(self._settings.stream) if self._settings.stream else None

    def bell(self, frame: bytes, mark: AccountMark) -> Ringing | None:
        told = post_told_of(frame, self._settings.account_id, known=mark.posts)
        return Ringing(post_ids=(told,)) if told else None

    async def look(self, mark: AccountMark, bell: Ringing) -> tuple[AccountMark, Parsed]:
        source = Source(self._tools.mode, self.account, self._tools.clock.now())
        server, changes = self._server(), Parsed()
        if bell.is_about_account:
            try:
                profile = await self._profile(server)
            except Gone:
                return account_mark.changes_of_account(mark, AccountNow(None, AccountChange.GONE), source=source)
            before = mark.state
            mark, changes = account_mark.changes_of_account(
                mark, AccountNow(profile.called, profile.state), source=source
            )
            if profile.moved_to and before != profile.state:
                said = f"{profile.called} moved to {profile.moved_to}: ask the partner, and register that account"
                changes = Parsed(changes.items, (*changes.faults, said))
        if mark.state:
            return mark, changes
        mark, posts = await self._posts(server, mark, bell.post_ids, source=source)
        return mark, Parsed((*changes.items, *posts.items), (*changes.faults, *posts.faults))

    async def _posts(
        self, server: Server, mark: AccountMark, told: Collection[str], *, source: Source
    ) -> tuple[AccountMark, Parsed]:
        """What is new, edited and deleted; `told` are posts that may be older than those that the list shows."""
        entries, faults, is_cut = await self._list(server, mark, source)
        wanted = account_mark.to_ask(mark, entries, told=told)
        asked: Asked = {name: await self._ask_again(server, name, source) for name in wanted[:ASKED_MAX]}
        entries, asked = account_mark.under_first_names(entries, asked)
        if entries and not is_cut:
            asked = account_mark.without_unlisted(mark, asked)
        mark, posts = account_mark.changes_of_list(mark, entries, asked=asked, source=source, known_max=KNOWN_MAX)
        return mark, Parsed(posts.items, (*faults, *posts.faults))

    async def _list(
        self, server: Server, mark: AccountMark, source: Source
    ) -> tuple[Sequence[NetworkPost], Sequence[str], bool]:
        """The newest posts, newest first, back to the oldest that is known; and whether there are too many for that."""
        oldest = next(reversed([*mark.posts]), None)
        entries: list[NetworkPost] = []
        faults: list[str] = []
        query = {"limit": str(PAGE), "exclude_reblogs": "true"}
        for _ in range(PAGES_MAX):
            page = await server.get(f"{self._path}/statuses", **query)
            some, odd = entries_of(page, source)
            entries += some
            faults += odd
            if oldest is None or not some or any(one.post.post_id == oldest for one in some):
                return entries, faults, False
            query["max_id"] = some[-1].post.post_id
        faults.append(f"more than {PAGE * PAGES_MAX} posts came since it was read: the oldest are left out")
        return entries, faults, True

    async def ask(self, post_ids: Sequence[str]) -> Mapping[str, NetworkPost | None]:
        source, server = Source(self._tools.mode, self.account, self._tools.clock.now()), self._server()
        return {name: await self._ask_again(server, name, source) for name in post_ids}

    async def _ask_again(self, server: Server, name: str, source: Source) -> NetworkPost | None:
        """One post; None if the server does not show it."""
        try:
            read = entry_of(await server.get(f"/api/v1/statuses/{name}"), source, is_old=True)
        except Gone:
            return None
        return read if isinstance(read, NetworkPost) else None

    async def _profile(self, server: Server) -> FeedProfile:
        """The account; `Rejected` if the identifier is another account's now."""
        profile = profile_of(await server.get(self._path), self._host)
        if profile is None:
            raise NotSent(f"{self._settings.server} describes the account otherwise than Mastodon does")
        actor, domain = self._settings.actor, str(foreign.domain(self.account.domain))
        hosts = [str(urlsplit(one).hostname) for one in profile.addresses]
        is_ours = actor in profile.addresses if actor else any(_is_on(host, domain) for host in hosts)
        if not is_ours:
            expected = actor or f"one on {domain}"
            raise Rejected(
                f"the account with this identifier is {profile.called} and not {expected}: "
                "ask the partner for its account, and register that one"
            )
        return profile

    async def _follows(self, server: Server) -> bool:
        said = await server.get("/api/v1/accounts/relationships", **{"id[]": self._settings.account_id})
        return isinstance(said, list) and any(isinstance(one, dict) and one.get("following") is True for one in said)

    def _stream(self, address: str) -> AbstractAsyncContextManager[FeedStream]:
        return server_events(address, {"Authorization": f"Bearer {self._token()}"})

    def _server(self) -> Server:
        return Server(self._settings.server, LOOK_SECONDS, self._token())

    def _token(self) -> str:
        credential = self.account.credential
        return secret_of(credential, self._tools.secrets) if credential else ""


def _is_on(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


MASTODON = FeedKind(CARD, MastodonFeed, account_mark.list_parser(entries_of), settings_of)
