"""What is behind an address of a partner, as the real servers and invented feeds say it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from lxml import etree

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.pins import Candidate, Directories, Question, candidate_at
from agents.ports import NotSent, Rejected
from tests.adapters.feeds.parsing.invented import NOW, SENDER, alert, atom, entry, rss
from tests.adapters.feeds.parsing.test_signatures import fingerprint, signed
from tests.adapters.feeds.partners import EVIDENCE, OnBluesky, OnSnac, looked, said
from tests.adapters.feeds.sources import tools
from tests.bluesky import BlueskyNetwork
from tests.bluesky.shared import shared_network
from tests.loopback import served
from tests.snac.shared import snac

DOMAIN = "ardudwy-police.example"


async def found(address: str, directories: Directories | None = None) -> Candidate:
    return await candidate_at(Question(address, "police", DOMAIN, NOW, directories or Directories()))


def of(network: BlueskyNetwork) -> Directories:
    return Directories(network.url, network.directory)


@asynccontextmanager
async def page(text: str | bytes, *, type_: str = "application/xml") -> AsyncIterator[str]:
    """The address of a page with these words."""

    async def answer(request: web.Request) -> web.Response:
        del request
        return web.Response(body=text if isinstance(text, bytes) else text.encode(), content_type=type_)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with served(app) as port:
        yield f"http://127.0.0.1:{port}/news.xml"


async def test_a_name_on_bluesky_is_pinned_by_its_identifier_and_heard_where_it_lives() -> None:
    """The feed of what was found gives the account's posts; a name that is not on the partner's domain is doubtful."""
    network = shared_network()
    police = OnBluesky.of(network)
    name = police.own.handle
    candidate = await found(name, of(network))
    for address in (f"@{name}", f"https://bsky.app/profile/{name}", police.own.did):
        assert await found(address, of(network)) == candidate
    assert (candidate.kind, candidate.account_id) == ("bluesky", police.own.did)
    assert any("are signed with the key" in one for one in candidate.says)
    assert "let the partner read" in candidate.doubts[0]
    account = candidate.account(DOMAIN, EVIDENCE)
    feed = KINDS[account.kind].make(account, tools(SystemClock()))
    police.post("The road is closed.")
    assert said(await looked(feed)) == ["new The road is closed."]


async def test_a_name_that_the_account_does_not_claim_is_refused() -> None:
    """Whoever has the name may point it at anybody's account."""
    network = shared_network()
    own = network.account("police")
    async with page(f'{{"did": "{own.did}"}}', type_="application/json") as address:
        names = address.removesuffix("/news.xml")
        with pytest.raises(Rejected, match="it may be somebody else's, ask the partner"):
            await found("ardudwy-police.example", Directories(names, network.directory))


async def test_a_name_or_an_identifier_that_nobody_has_is_refused_with_what_to_do() -> None:
    network = shared_network()
    with pytest.raises(Rejected, match=r"nobody on Bluesky has the name nobody\.test"):
        await found("nobody.test", of(network))
    with pytest.raises(Rejected, match="the account is gone, or a sign of it is wrong"):
        await found("did:plc:2xq7e4nqm5y3k6b2zj7c4vdw", of(network))


async def test_an_account_on_the_mastodon_api_is_pinned_by_its_identifier_and_its_address() -> None:
    server = snac()
    police = OnSnac.of(server)
    name = police.account.options["actor"].rpartition("/")[2]
    candidate = await found(f"{server.url}/@{name}")
    assert (candidate.kind, candidate.account_id) == ("mastodon", police.account.account_id)
    assert candidate.options == {"actor": police.account.options["actor"]}
    with pytest.raises(Rejected, match="has no account nobody"):
        await found(f"{server.url}/@nobody")


async def test_cap_messages_are_pinned_by_their_sender_and_no_other_is_taken() -> None:
    for text in (alert(), atom(entry(rest=f'<content type="application/xml">{alert()}</content>'))):
        async with page(text) as address:
            candidate = await found(address)
            assert (candidate.kind, candidate.account_id, candidate.address) == ("cap", SENDER, address)
    two = (entry(str(number), rest=f"<content>{alert(sender=f'{number}@x.example')}</content>") for number in (1, 2))
    async with page(atom(*two)) as address:
        with pytest.raises(Rejected, match="messages of 2 senders"):
            await found(address)


@pytest.mark.parametrize("text", [atom(entry()), rss()], ids=["atom", "rss"])
async def test_a_feed_of_posts_is_pinned_to_its_address(text: str) -> None:
    async with page(text) as address:
        candidate = await found(address)
        assert (candidate.kind, candidate.address) == ("atom", address)
        assert candidate.account_id == address.removeprefix("http://")
        assert "127.0.0.1 is not on ardudwy-police.example" in candidate.doubts[0]


async def test_a_signed_message_is_pinned_by_its_certificate_too() -> None:
    """A signature that does not hold is refused: somebody may have put other words in."""
    async with page(etree.tostring(signed(alert()))) as address:
        candidate = await found(address)
        assert candidate.options == {"certificate_sha256": fingerprint("theirs").replace(":", "").lower()}
        KINDS["cap"].checked(candidate.account(DOMAIN, EVIDENCE))
    async with page(etree.tostring(signed(alert())).replace(b"The river is rising", b"All is well")) as address:
        with pytest.raises(Rejected, match="is signed, and the signature does not hold"):
            await found(address)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("police station", "is no address of an account: write police.example"),
        ("http://police.example/feed", "begin it with https://"),
        ("http://police.example/@police", "begin it with https://"),
        ("https://me:secret@police.example/feed", "a name or a password in it"),
    ],
)
async def test_an_address_that_cannot_be_used_is_refused_before_anything_is_asked(address: str, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        await found(address)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("<html><body>News</body></html>", "web page"), ("<a>", "no well-formed XML"), ("<a/>", "no Atom or RSS feed")],
)
async def test_a_page_that_is_no_feed_is_refused_with_the_reason(text: str, sentence: str) -> None:
    async with page(text) as address:
        with pytest.raises(Rejected, match=sentence):
            await found(address)


async def test_a_source_that_cannot_be_reached_is_named() -> None:
    async with page("") as address:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        await found(address)
