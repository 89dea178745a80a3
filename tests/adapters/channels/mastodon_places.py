"""Two servers of the Mastodon API to try a channel on, each behind a network that can fail."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agents.adapters.channels.mastodon import MastodonChannel
from agents.adapters.clocks import SystemClock
from streams.values import Purpose
from streams.words.delivery import Dispatch, Receipt, Verb
from streams.words.release import Credit
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.channels.dispatches import dispatch
from tests.adapters.grounds import mastodon
from tests.adapters.proxy import Proxy, proxy_before
from tests.snac.shared import snac

PUBLISHES, EDITS, DELETES = "POST /api/v1/statuses HTTP", "PUT /api/v1/statuses/", "DELETE /api/v1/statuses/"
READS = "GET /api/v1/accounts/"
PURPOSES = {
    Verb.PUBLISH: Purpose.HOLDING,
    Verb.CORRECT: Purpose.CORRECTION,
    Verb.WITHDRAW: Purpose.WITHDRAWAL,
    Verb.REPOST: Purpose.AMPLIFICATION,
    Verb.UN_REPOST: Purpose.WITHDRAWAL,
}


@dataclass(frozen=True)
class Site:
    """A server, how a channel reaches it, and what its account shows by the server's own files.

    `is_told` says whether the partner's account was told of a boost of its post.
    """

    name: str
    network: Proxy
    account: tuple[str, str]
    texts: Callable[[], Sequence[str]]
    partner_posts: Callable[[str], Credit]
    is_told: Callable[[], bool] = lambda: True

    def channel(self, seconds: float = 8, **options: str) -> MastodonChannel:
        return mastodon(self.network.port, "live", account=self.account, seconds=seconds, **options)


def said(
    text: str, *, verb: Verb = Verb.PUBLISH, target: Receipt | None = None, credit: Credit | None = None
) -> Dispatch:
    """A dispatch of these words, authorised a second ago; it follows the message with the receipt."""
    one = dispatch(f"{verb} {text}", purpose=PURPOSES[verb], texts={"en": text})
    at = SystemClock().now() - timedelta(seconds=1)
    message = one.message.model_copy(update={"credit": credit, "hashtags": ()})
    yes = one.authorisation.model_copy(update={"at": at})
    return one.model_copy(update={"verb": verb, "target": target, "message": message, "authorisation": yes})


def credit(server_url: str, post: Mapping[str, Any]) -> Credit:
    """Whose post it is, as a feed of that server gives it."""
    return Credit(
        partner="police",
        partner_name="Ardudwy Police",
        account_id=f"{server_url}/users/police",
        post_id=str(post["id"]),
        url=str(post["url"]),
    )


@asynccontextmanager
async def on_mastodon(**wrong: Any) -> AsyncIterator[Site]:
    """The server that answers as Mastodon itself, or does wrong what its fields say."""
    async with fake.mastodon_server(**wrong) as server, proxy_before(server.port) as network:

        def partner_posts(text: str) -> Credit:
            kept = server.write(text, fake.PARTNER)
            return credit(server.url, {"id": kept.id, "url": server.address(kept)})

        yield Site("mastodon", network, fake.ACCOUNT, server.texts, partner_posts)


@asynccontextmanager
async def on_snac() -> AsyncIterator[Site]:
    """The real server, with accounts of the test's own."""
    server = snac()
    account, partner = server.account(), server.account()
    async with proxy_before(server.port) as network:
        yield Site(
            "snac",
            network,
            account,
            lambda: [*server.texts(account[0]), *server.boosts(account[0])],
            lambda text: credit(server.url, server.write(text, partner[1])),
            lambda: server.is_told(partner[0]),
        )


SITES: Mapping[str, Callable[[], AbstractAsyncContextManager[Site]]] = {"mastodon": on_mastodon, "snac": on_snac}
