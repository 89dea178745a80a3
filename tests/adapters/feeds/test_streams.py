"""Streams of networks: Jetstream over a real Bluesky server, and the server-sent events of Mastodon's documentation.

Where a test says nothing else the account is asked every fifteen minutes, so what comes earlier came by the stream.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from agents.adapters.clocks import ScaledClock, SystemClock
from agents.adapters.feeds import streaming
from agents.adapters.feeds.bluesky.frames import EVENTS
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.tools import Tools
from agents.feed_port import Feed
from agents.ports import NotSent
from streams.values import LIVE
from tests.adapters.feeds.mastodon_streams import streaming_server
from tests.adapters.feeds.partners import Heard, OnBluesky, OnMastodon, heard, looked, said, short
from tests.bluesky import own_network, shared_network
from tests.bluesky.jetstream import Jetstream
from tests.loopback import served

SELDOM = {"every_seconds": "900"}
HOME = "/api/v1/streaming/user"
HISTORY = ("new Fire at Ysbyty Ardudwy", "new Keep away", "edited Keep well away", "deleted")


@pytest.fixture(scope="module")
def jetstream() -> Iterator[Jetstream]:
    with Jetstream(shared_network()) as stream:
        yield stream


@pytest.fixture(params=["bluesky", "mastodon"])
async def police(request: pytest.FixtureRequest) -> AsyncIterator[OnBluesky | OnMastodon]:
    if request.param == "bluesky":
        stream: Jetstream = request.getfixturevalue("jetstream")
        yield OnBluesky.of(shared_network(), stream=stream.url, **SELDOM)
    else:
        async with streaming_server() as server:
            yield OnMastodon.of(server, stream=server.url + HOME, **SELDOM)


async def happen(police: OnBluesky | OnMastodon, hearing: Heard) -> None:
    """A history of four parts, each heard before the next."""
    fire = police.post("Fire at Ysbyty Ardudwy")
    await hearing.until_said(HISTORY[0])
    away = police.continued(fire, "Keep away")
    await hearing.until_said(HISTORY[1])
    police.edit(away, "Keep well away")
    await hearing.until_said(HISTORY[2])
    police.delete(fire)
    await hearing.until_said(HISTORY[3])


def told(hearing: Heard) -> list[str]:
    """What was told, each thing once: a stream that is opened again may tell it twice, under one name."""
    return [short(one) for one in {one.id: one for batch in hearing.batches for one in batch.items}.values()]


async def test_what_happens_is_heard_at_once(police: OnBluesky | OnMastodon) -> None:
    async with heard(police.feed()) as hearing:
        await hearing.until_streamed()
        await happen(police, hearing)
        assert told(hearing) == [*HISTORY]
        assert hearing.faults() == []


async def test_changes_of_the_account_are_heard_at_once_on_bluesky(jetstream: Jetstream) -> None:
    """Mastodon's stream tells of posts only, so there they are noticed when the account is asked."""
    police = OnBluesky.of(shared_network(), stream=jetstream.url, **SELDOM)
    async with heard(police.feed()) as hearing:
        await hearing.until_streamed()
        police.rename()
        await hearing.until_said("account renamed")
        police.suspend()
        await hearing.until_said("account suspended")
        police.suspend(suspended=False)
        await hearing.until_said("account back")
        assert hearing.said() == ["account renamed", "account suspended", "account back"]


async def test_a_reader_that_ends_anywhere_goes_on_from_its_mark(police: OnBluesky | OnMastodon) -> None:
    """From the mark after each batch exactly the rest comes, in the state in which it is now; none comes twice."""
    async with heard(police.feed()) as hearing:
        await hearing.until_streamed()
        await happen(police, hearing)
    ids = [one.id for batch in hearing.batches for one in batch.items]
    for batch in hearing.batches:
        again = await looked(police.feed(), batch.mark)
        known = {*said_until(hearing, batch.mark)}
        assert not {one.id for one in again.items} & known
    assert (await looked(police.feed(), hearing.mark)).items == ()
    assert len(ids) == len({*ids})


async def test_what_happens_while_the_stream_is_away_is_not_lost(jetstream: Jetstream) -> None:
    """It is asked for as soon as the stream is open again; a deletion too, which a list does not show."""
    police = OnBluesky.of(shared_network(), stream=jetstream.url, **SELDOM)
    name = police.post("Fire at Ysbyty Ardudwy")
    async with heard(police.feed()) as hearing:
        await hearing.until_streamed()
        jetstream.stop()
        await hearing.until(lambda: any("its stream is away" in one for one in hearing.faults()))
        police.delete(name)
        police.post("The road is closed")
        jetstream.start()
        await hearing.until_said("deleted", "new The road is closed")
        police.post("The road is open")
        await hearing.until_said("new The road is open")
        assert sorted(told(hearing)) == [
            "deleted",
            "new Fire at Ysbyty Ardudwy",
            "new The road is closed",
            "new The road is open",
        ]


async def test_a_stream_that_cannot_go_back_so_far_is_told_of_and_what_it_lost_is_asked_for() -> None:
    """Jetstream keeps 36 hours, and refuses an older place: the account's server knows the rest."""
    with own_network() as network, Jetstream(network) as stream:
        police = OnBluesky.of(network, stream=stream.url, **SELDOM)
        async with heard(police.feed()) as hearing:
            await hearing.until_streamed()
            name = police.post("Two people have died")
            await hearing.until_said("new Two people have died")
        stream.stop()
        police.edit(name, "Nobody has died")
        for number in range(5):
            police.post(f"number {number}")
        stream.start(floor=1_000)
        async with heard(police.feed(), hearing.mark) as later:
            await later.until(lambda: any("refuses to open (400)" in one for one in later.faults()))
            police.post("Streamed again")
            await later.until_said("new Streamed again")
            expected = ["edited Nobody has died", *(f"new number {number}" for number in range(5))]
            assert sorted(later.said()) == sorted([*expected, "new Streamed again"])


async def test_a_place_of_another_stream_is_told_of(jetstream: Jetstream) -> None:
    """A place beyond its end is none of this stream: it begins now, so what came before is asked for."""
    police = OnBluesky.of(shared_network(), stream=jetstream.url, **SELDOM)
    mark = json.loads((await looked(police.feed())).mark or "") | {"cursor": 10**9}
    police.post("Fire at Ysbyty Ardudwy")
    async with heard(police.feed(), json.dumps(mark)) as hearing:
        await hearing.until(lambda: any("FutureCursor" in one for one in hearing.faults()))
        assert hearing.said() == ["new Fire at Ysbyty Ardudwy"]


async def test_frames_that_lie_come_twice_or_in_any_order_change_nothing() -> None:
    """A stream only rings: what it says of a post is asked of the account's server, which decides."""
    police = OnBluesky.of(shared_network())
    name = police.post("Fire at Ysbyty Ardudwy")
    frames = [
        frame("commit", police, seq=9, operation="delete", collection="app.bsky.feed.post", rkey=name),
        frame("commit", police, seq=7, operation="create", collection="app.bsky.feed.post", rkey="3kabc", record={}),
        frame("commit", police, seq=7, operation="create", collection="app.bsky.feed.post", rkey="3kabc", record={}),
        frame("account", police, seq=3, account={"active": False, "status": "deleted"}),
        frame("identity", police, seq=2, identity={"handle": "somebody.else.example"}),
        "no JSON at all",
        json.dumps([1, 2, 3]),
        frame("commit", police, seq=12, operation="update", collection="app.bsky.feed.post", rkey=name),
    ]
    async with stream_of(*frames) as url, heard(police.feed(stream=url, **SELDOM)) as hearing:
        await hearing.until(lambda: '"cursor":12' in str(hearing.mark))
        assert [one for one in hearing.said() if one != "deleted"] == ["new Fire at Ysbyty Ardudwy"]
        gone = [one for batch in hearing.batches for one in batch.items if one.change == "deleted"]
        assert {getattr(one, "post_id", None) for one in gone} <= {"3kabc"}
        assert [one for one in hearing.faults() if "cannot be read" in one]


async def test_a_frame_that_is_too_large_ends_the_stream_and_is_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "FRAME_BYTES_MAX", 10_000)
    police = OnBluesky.of(shared_network())
    first = frame("commit", police, seq=5, operation="create", collection="app.bsky.feed.post", rkey="3kabc")
    async with stream_of(first, "x" * 20_000) as url, heard(police.feed(stream=url, **SELDOM)) as hearing:
        await hearing.until(lambda: any("more than 10000 bytes" in one for one in hearing.faults()))
        assert '"cursor"' not in str(hearing.mark)


async def test_an_account_is_asked_although_its_stream_is_open_and_silent() -> None:
    """A stream may stop to tell anything without a word."""
    async with streaming_server() as server:
        police = OnMastodon.of(server, stream=server.url + HOME, every_seconds="15")
        server.tells = False
        async with heard(hurried(police)) as hearing:
            await hearing.until_streamed()
            police.post("Fire at Ysbyty Ardudwy")
            police.rename()
            await hearing.until_said("new Fire at Ysbyty Ardudwy", "account renamed")
            assert server.opened == 1


async def test_a_stream_of_others_posts_does_not_keep_the_account_from_being_asked() -> None:
    """However much a busy server tells of others."""
    async with streaming_server() as server:
        police = OnMastodon.of(server, stream=server.url + "/api/v1/streaming/public/local", every_seconds="15")
        async with heard(hurried(police)) as hearing:
            await hearing.until_streamed()
            asked = server.asked

            def busy() -> bool:
                server.tell("update", server._status(server.write("nothing of it")))
                return server.asked > asked + 2

            await hearing.until(busy)
            assert hearing.said() == []


async def test_events_of_all_kinds_and_shapes_end_no_stream() -> None:
    """As the documentation shows them, and as no server should send them."""
    async with streaming_server() as server:
        police = OnMastodon.of(server, stream=server.url + HOME, **SELDOM)
        async with heard(police.feed()) as hearing:
            await hearing.until(lambda: len(server.open) == 1)
            for odd in (":thump\n", "event: filters_changed\ndata: undefined\n\n", "data\n\n", "event: update\n\n"):
                server.send(odd.encode())
            server.send(b"event: update\ndata: [1]\n\nevent: delete\ndata: 17\n\n\xff\xfe\n\n")
            police.post("Fire at Ysbyty Ardudwy")
            await hearing.until_said("new Fire at Ysbyty Ardudwy")
            assert server.opened == 1


async def test_a_stream_that_ends_is_opened_again_and_what_came_between_is_asked_for() -> None:
    """A stream of Mastodon cannot go on from a place."""
    async with streaming_server() as server:
        police = OnMastodon.of(server, stream=server.url + HOME, **SELDOM)
        async with heard(police.feed()) as hearing:
            await hearing.until(lambda: len(server.open) == 1)
            server.send(None)
            await hearing.until(lambda: not server.open)
            police.post("Fire at Ysbyty Ardudwy")
            await hearing.until_said("new Fire at Ysbyty Ardudwy")
            await hearing.until(lambda: server.opened == 2)
            police.post("Keep away")
            await hearing.until_said("new Keep away")


async def test_an_account_that_moved_away_is_told_of_with_the_new_one() -> None:
    async with streaming_server() as server:
        police = OnMastodon.of(server)
        mark = (await looked(police.feed())).mark
        server.moved_to = "police@elsewhere.example"
        batch = await looked(police.feed(), mark)
        assert said(batch) == ["account gone"]
        assert "moved to police@elsewhere.example" in batch.faults[0]


async def test_a_check_says_that_our_account_does_not_follow_the_partner() -> None:
    """The stream of the home timeline would tell nothing then, without a word."""
    async with streaming_server() as server:
        police = OnMastodon.of(server, stream=server.url + HOME)
        assert "its stream is open" in await police.feed().check()
        server.follows = False
        with pytest.raises(NotSent, match="does not follow"):
            await police.feed().check()


def said_until(hearing: Heard, mark: str | None) -> Iterator[str]:
    """The ids of everything that was given up to this mark."""
    for batch in hearing.batches:
        yield from (one.id for one in batch.items)
        if batch.mark == mark:
            return


def hurried(police: OnMastodon) -> Feed:
    """The feed of an account, with a clock that runs fast."""
    clock = ScaledClock(SystemClock().now(), speed=60)
    tools = Tools(LIVE, clock, {"HOLDINGLINE_FEED_POLICE": police.secret}.get, lambda: 0.5)
    return KINDS["mastodon"].make(police.account, tools)


def frame(kind: str, police: OnBluesky, **fields: Any) -> str:
    payload = {"$type": f"{EVENTS}#{kind}", "did": police.account.account_id, "time": "2026-11-29T22:31:00.000000Z"}
    return json.dumps({"$type": "message", "payload": payload | fields})


@asynccontextmanager
async def stream_of(*frames: str) -> AsyncIterator[str]:
    """A stream that sends these frames to the first who opens it, and then keeps silent."""
    left = [*frames]

    async def stream(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        while left:
            await socket.send_str(left.pop(0))
        async for message in socket:
            assert message.type is WSMsgType.TEXT
        return socket

    app = web.Application()
    app.router.add_get(f"/xrpc/{EVENTS}", stream)
    async with served(app, shutdown_seconds=0.1) as port:
        yield f"ws://127.0.0.1:{port}"
