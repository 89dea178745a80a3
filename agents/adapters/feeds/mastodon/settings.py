"""What a feed of the Mastodon API can do, and where an account is read: its identifier, its server, and a stream."""

import re
from urllib.parse import urlsplit

from pydantic import Field

from agents.adapters.feeds.polling import EVERY, every_seconds_of, require_safe
from streams.values import Frozen
from streams.words.feeds import FeedCard
from streams.words.register.partners import PartnerAccount

CARD = FeedCard(
    kind="mastodon",
    about="An account on a server of the Mastodon API: a stream tells of each change, the server is asked for it.",
    transport="stream",
    every_seconds=30,
    sees_edits=True,
    sees_deletions="by-asking",
    keeps="the newest 80 posts",
)
STREAM, ACTOR = "stream", "actor"
HOME, LOCAL = "/api/v1/streaming/user", "/api/v1/streaming/public/local"
"""The streams that may tell of an account: of accounts that ours follows, and of all on the account's own server."""


class MastodonFeedSettings(Frozen):
    """An account of kind `mastodon`: `account_id` is its identifier on the server `address`, digits or letters.

    The option `stream` is the whole address of a stream; it needs a credential, and one of an own account that follows
    the partner's if it is that of the home timeline. Without it the account is only asked.
    The option `actor` is the account's address on the whole network, which it has to keep; without it the account's
    pages have to lie on the partner's domain.
    """

    account_id: str
    server: str
    stream: str | None = None
    actor: str | None = Field(default=None, max_length=200)


def settings_of(account: PartnerAccount) -> MastodonFeedSettings:
    """Read them; `ValueError` says in a sentence what is wrong, and what to write."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,100}", account.account_id):
        raise ValueError("its `account_id` is none of this kind: ask the server, /api/v1/accounts/lookup?acct=NAME")
    require_safe(account.address)
    if urlsplit(account.address).path.strip("/"):
        raise ValueError("its `address` has more than a host: write https:// and the host of the server")
    if odd := sorted(set(account.options) - {EVERY, STREAM, ACTOR}):
        raise ValueError(f"there is no option {', '.join(odd)}: this kind takes {ACTOR}, {EVERY}, {STREAM}")
    every_seconds_of(account, CARD)
    stream = account.options.get(STREAM)
    if stream is not None:
        require_safe(stream)
        if not stream.endswith((HOME, LOCAL)):
            raise ValueError(f"its `stream` is none that tells of an account: let it end in {HOME} or {LOCAL}")
        if account.credential is None:
            raise ValueError("its `stream` needs a `credential`: name the secret that holds a token for that server")
    return MastodonFeedSettings(
        account_id=account.account_id,
        server=account.address.rstrip("/"),
        stream=stream,
        actor=account.options.get(ACTOR),
    )
