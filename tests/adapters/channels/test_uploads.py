"""Pictures on their way to a vendor: whatever fails, no words go out without theirs, and an unknown stays unknown."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from aiohttp import web

from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import Channel, NotSent
from streams.values import LIVE
from streams.words.delivery import Sight, Verb
from tests.adapters.channels import facebook_server, linkedin_server, slack_server, x_server
from tests.adapters.channels.dispatches import after
from tests.adapters.channels.pictured import ALT, Brought, pictured, png
from tests.adapters.grounds import facebook, linkedin, slack, x
from tests.adapters.proxy import Fault, Proxy, is_silent_after, proxy_before, resets_after, resets_before, says
from tests.loopback import served

BOTH = f"{ALT['en']}\n{ALT['cy']}"


class Vendor(Protocol):
    port: int

    def texts(self) -> Sequence[str]:
        """The words of each post."""

    def pictures(self) -> Sequence[Brought]:
        """The picture of each post."""


@dataclass(frozen=True)
class Kind:
    """How to play one vendor. `uploads` are how its requests about a picture begin, in order, `writes` the post's.

    `shows` is what it says of the picture.
    """

    serve: Callable[..., Any]
    channel: Callable[..., Channel]
    uploads: Sequence[str]
    writes: str
    shows: str = ALT["en"]


@dataclass(frozen=True)
class Site:
    kind: Kind
    server: Vendor
    network: Proxy
    channel: Channel


KINDS: Mapping[str, Kind] = {
    "x": Kind(x_server.x_server, x, ("POST /2/media/upload", "POST /2/media/metadata"), "POST /2/tweets"),
    "facebook": Kind(
        facebook_server.facebook_server,
        facebook,
        (f"POST /v26.0/{facebook_server.PAGE}/photos",),
        f"POST /v26.0/{facebook_server.PAGE}/feed",
    ),
    "linkedin": Kind(
        linkedin_server.linkedin_server,
        linkedin,
        ("POST /rest/images", "PUT /dms-uploads", "GET /rest/images"),
        "POST /rest/posts",
    ),
    "slack": Kind(
        slack_server.slack_server,
        slack,
        ("files.getUploadURLExternal", "POST /upload/v1", "files.completeUploadExternal", "GET /api/files.info"),
        "chat.postMessage",
        BOTH,
    ),
}
STEPS = [(name, step) for name, kind in KINDS.items() for step in kind.uploads]
FAULTS: Mapping[str, Fault] = {
    "reset before": resets_before,
    "reset after": resets_after,
    "silent": is_silent_after,
    "refused": says("400 Bad Request", "Content-Type: application/json", content='{"error": "no"}'),
    "busy": says("503 Busy"),
    "too many": says("429 Too Many Requests", "Content-Type: application/json", content="{}"),
}


@asynccontextmanager
async def opened(name: str, **wrong: Any) -> AsyncIterator[Site]:
    kind = KINDS[name]
    async with kind.serve(**wrong) as server, proxy_before(server.port) as network:
        yield Site(kind, server, network, kind.channel(network.url, LIVE))


def seen(site: Site) -> list[tuple[bytes, str]]:
    return [(one.content, one.shows) for one in site.server.pictures()]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("name", "step"), STEPS)
async def test_no_words_go_out_if_a_step_of_the_picture_fails(name: str, step: str, fault: str) -> None:
    """That is known for sure, the sentence says what kept the words back, and the next try brings both."""
    async with opened(name) as site:
        site.network.plays(FAULTS[fault], for_=step)
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await site.channel.publish(pictured())
        assert [*site.server.texts()] == []
        assert (await site.channel.look(pictured())).sight is Sight.ABSENT
        site.network.forget()
        await site.channel.publish(pictured())
        assert (len(site.server.texts()), seen(site)) == (1, [(png(), site.kind.shows)])


@pytest.mark.parametrize("fault", [resets_after, is_silent_after, says("503 Busy", takes=True)])
@pytest.mark.parametrize("name", KINDS)
async def test_a_lost_answer_to_the_post_stays_unknown_until_a_look_finds_it(name: str, fault: Fault) -> None:
    """A post with a picture is found again by its own words, and is not sent twice."""
    async with opened(name) as site:
        site.network.plays(fault, for_=site.kind.writes)
        with pytest.raises(NoWholeAnswer):
            await site.channel.publish(pictured())
        assert (await site.channel.look(pictured())).sight is Sight.SHOWN
        await site.channel.publish(pictured())
        assert (len(site.server.texts()), seen(site)) == (1, [(png(), site.kind.shows)])


@pytest.mark.parametrize("name", KINDS)
async def test_a_post_that_shows_no_picture_though_it_should_is_told(name: str) -> None:
    """The words are public: a person has to judge, and the sentence says how to mend it."""
    async with opened(name, drops_pictures=True) as site:
        await site.channel.publish(pictured())
        look = await site.channel.look(pictured())
    assert (look.sight, look.receipt is not None) == (Sight.DIFFERENT, True)
    assert "without their picture" in (look.why or "")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("x", {"refuses_pictures": 400}),
        ("facebook", {"refuses_pictures": (400, 324)}),
        ("linkedin", {"fails": True}),
        ("linkedin", {"slow": 10_000}),
        ("slack", {"scopes": "chat:write,channels:history"}),
        ("slack", {"slow": 10_000}),
        ("slack", {"unready": True}),
    ],
)
async def test_a_vendor_that_does_not_take_the_picture_gets_no_words(name: str, wrong: Mapping[str, Any]) -> None:
    async with opened(name, **wrong) as site:
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await site.channel.publish(pictured())
        assert [*site.server.texts()] == []


@pytest.mark.parametrize("name", ["linkedin", "slack"])
async def test_a_picture_that_is_made_ready_slowly_is_waited_for(name: str) -> None:
    async with opened(name, slow=2) as site:
        await site.channel.publish(pictured())
        assert seen(site) == [(png(), site.kind.shows)]


@pytest.mark.parametrize("name", ["linkedin", "slack"])
async def test_a_picture_goes_to_no_strange_address(name: str) -> None:
    """An answer that names another host gets neither the token nor the content."""
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    async with served(app) as port:
        for url in (f"http://127.0.0.1:{port}/take", "https://linkedin.com.evil.example/x", "nowhere"):
            async with opened(name, upload_url=url) as site:
                with pytest.raises(NotSent, match="not its own"):
                    await site.channel.publish(pictured())
                assert [*site.server.texts()] == []
    assert asked == []


@pytest.mark.parametrize(("name", "pictures"), [("x", 0), ("facebook", 1), ("linkedin", 1), ("slack", 0)])
async def test_a_correction_does_to_the_picture_what_the_row_says(name: str, pictures: int) -> None:
    """A correction brings none: on some networks the first one stays beside the new words."""
    async with opened(name) as site:
        receipt = await site.channel.publish(pictured())
        mends = after(pictured(), verb=Verb.CORRECT, receipt=receipt)
        await site.channel.publish(mends)
        assert (len(site.server.texts()), len(seen(site))) == (1, pictures)
        assert (await site.channel.look(mends)).sight is Sight.SHOWN


async def test_a_withdrawal_on_facebook_takes_the_picture_off_the_pages_photos() -> None:
    """Where it would go on showing what is wrong, without the words."""
    async with opened("facebook") as site:
        receipt = await site.channel.publish(pictured())
        assert isinstance(site.server, facebook_server.FacebookServer)
        assert len(site.server.photos) == 1
        withdraws = after(pictured(), verb=Verb.WITHDRAW, receipt=receipt)
        await site.channel.publish(withdraws)
        assert (len(site.server.texts()), site.server.photos) == (1, {})
        assert (await site.channel.look(withdraws)).sight is Sight.SHOWN


async def test_a_picture_that_facebook_keeps_is_told_and_holds_no_withdrawal_up() -> None:
    """The wrong words are gone at once; the sentence is in the record, and the next try says so to the public."""
    async with opened("facebook", keeps_pictures=(403, 200)) as site:
        receipt = await site.channel.publish(pictured())
        withdraws = after(pictured(), verb=Verb.WITHDRAW, receipt=receipt)
        with pytest.raises(NotSent, match="still among the page's photos: delete it there"):
            await site.channel.publish(withdraws)
        assert [*site.server.texts()] == []
        await site.channel.publish(withdraws)
        assert len(site.server.texts()) == 1


async def test_slack_says_before_the_night_that_its_app_cannot_bring_a_picture() -> None:
    async with opened("slack", scopes="chat:write,channels:history") as site:
        assert "cannot go out before the app has files:read and files:write" in await site.channel.check()
    async with opened("slack") as site:
        assert "picture" not in await site.channel.check()
