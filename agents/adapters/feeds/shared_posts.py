"""Posts that ours carry, looked up one by one: an edit or a deletion that neither a stream nor a list told of.

A feed misses one while it is away longer than its source keeps, if the place up to which it was read is lost, and of a
post that is older than those it knows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from agents.adapters.feeds.account_mark import AccountMark, NetworkPost
from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.tools import Tools
from agents.feed_port import CarriedPost
from streams.decisions.release.amplification import says
from streams.values import derive_id, prose, sentence
from streams.words.posts import PartnerPost
from streams.words.register.partners import PartnerAccount

EVERY = timedelta(minutes=5)
ASKED_MAX = 20
"""So many of an account's posts are looked up at once."""
GONE = "gone"


class Askable(Protocol):
    """An account whose server shows one post by its identifier."""

    async def ask(self, post_ids: Sequence[str]) -> Mapping[str, NetworkPost | None]:
        """What each is now; None for one that the server does not show. `NotSent` if it gives no clear answer."""


class SharedPosts:
    """What became of the posts of one account that ours carry, since this feed was opened.

    A post that a feed brought is compared with what ours says. Of one that a person shared by hand both the words and
    the identifier were typed: what does not fit is told, and only what becomes of it from then on takes ours back.
    """

    def __init__(self, account: PartnerAccount, tools: Tools, *, is_fresh: bool) -> None:
        """`is_fresh` says that nothing of the account is known yet, so that no list was compared with anything."""
        self._account, self._tools, self._fresh = account, tools, is_fresh
        self._due: datetime | None = None
        self._seen: dict[str, str] = {}

    async def look(self, account: Askable, mark: AccountMark) -> Parsed:
        """What is new of them, at once and then every five minutes; nothing in between."""
        now = self._tools.clock.now()
        if mark.state or (self._due and now < self._due):
            return Parsed()
        self._due = now + EVERY
        carried = self._tools.carried(self._account.account_id)
        # Of a post that the mark knows, each look says what becomes of it.
        wanted = [one for one in carried if self._fresh or one not in mark.posts][:ASKED_MAX]
        asked = await account.ask(wanted) if wanted else {}
        self._fresh = False
        source = Source(self._tools.mode, self._account, now)
        items: list[PartnerPost] = []
        faults: list[str] = []
        for name, entry in asked.items():
            became = self._became(name, entry, carried[name], source=source)
            if isinstance(became, str):
                faults.append(sentence(became))
            elif became:
                items.append(became.model_copy(update={"handle": mark.called}))
        return Parsed(tuple(items), tuple(faults))

    def _became(
        self, name: str, entry: NetworkPost | None, carried: CarriedPost, *, source: Source
    ) -> PartnerPost | str | None:
        """Its edit or deletion; a sentence where it does not fit what a person typed; None if nothing is new."""
        revision = entry.revision if entry else GONE
        before, self._seen[name] = self._seen.get(name), revision
        if before == revision or (entry and says(carried.copy, prose(entry.post.text), mode=carried.mode)):
            return None
        is_sure = carried.is_heard or before is not None
        if entry is None:
            gone = source.deletion(name, id_=derive_id("post", source.account.account_id, name, "looked up", GONE))
            return gone if is_sure else f"post {name}, which was shared by hand, is not shown there: look at it"
        if not is_sure:
            return f"post {name} was shared by hand in other words than it has there: look at it"
        return entry.under(name).post.model_copy(update={"change": "edited"})
