"""A control room calls us: what is signed and fresh is taken once, and answered once it is durable."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from agents.adapters.feeds.hooking import BODY_BYTES_MAX, SIGNATURE, TIME, Hooks, signature
from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.webhook import WEBHOOK
from agents.adapters.feeds.webhook.parse import parse
from agents.feed_port import FeedBatch
from agents.ports import NotSent, Rejected
from streams.words.posts import PartnerPost
from tests.adapters.feeds.sources import ACCOUNT_ID, BEGINS, CREDENTIAL, SECRET, StillClock, account, short, tools

PATH = "/hooks/police"
ACCOUNT = account(f"https://trust.example{PATH}", kind="webhook", credential=CREDENTIAL)
POST = {"post_id": "1", "at": "2026-01-14T22:30:00Z", "text": "Avoid Ashby Junction #AshbyCrash"}


@dataclass
class Room:
    """A control room with the secret, and the process that hears it and writes batches down."""

    hooks: Hooks
    clock: StillClock
    taken: list[FeedBatch]
    running: asyncio.Task[None]

    async def send(
        self, sent: Any = POST, *, late_seconds: int = 0, secret: str = SECRET, path: str = PATH, method: str = "POST"
    ) -> tuple[int, str]:
        """One request, signed as the clock says it is; the status and the sentence of the answer."""
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        moment = str(int(self.clock.now().timestamp()) - late_seconds)
        return await self.send_signed(
            body, {TIME: moment, SIGNATURE: signature(secret, body, moment=moment)}, path, method
        )

    async def send_signed(
        self, body: bytes, headers: dict[str, str], path: str = PATH, method: str = "POST"
    ) -> tuple[int, str]:  # budget: a request has these parts
        url = f"http://127.0.0.1:{self.hooks.port}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url, data=body, headers=headers) as got:
            answer = await got.json()
            assert answer["taken"] is (got.status == 200)
            return got.status, answer["says"]

    @property
    def posts(self) -> list[str]:
        return [short(one) for batch in self.taken for one in batch.items]


@asynccontextmanager
async def listening(mark: str | None = None) -> AsyncIterator[Room]:
    hooks, clock, taken, listens = Hooks(("127.0.0.1", 0)), StillClock(), list[FeedBatch](), asyncio.Event()
    feed = WEBHOOK.make(ACCOUNT, tools(clock, hooks=hooks))

    async def take() -> None:
        async for batch in feed.read(mark):
            taken.append(batch)
            listens.set()

    running = asyncio.create_task(take())
    try:
        await asyncio.wait([running, asyncio.create_task(listens.wait())], return_when=asyncio.FIRST_COMPLETED)
        yield Room(hooks, clock, taken, running)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with listening() as found:
        yield found


async def test_a_signed_post_is_taken_and_bears_the_account_of_its_secret(room: Room) -> None:
    """Whatever account the request names."""
    assert await room.send({**POST, "account_id": "did:web:another.example", "mode": "exercise-1"}) == (200, "1 taken")
    (post,) = room.taken[-1].items
    assert (post.account_id, post.mode) == (ACCOUNT_ID, "live")
    assert await room.send(
        {"posts": [{**POST, "change": "edited"}, {"post_id": "0", "at": POST["at"], "change": "deleted"}]}
    )
    assert room.posts == [f"new 1 {POST['text']}", f"edited 1 {POST['text']}", "deleted 0"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": "another secret that is long enough to be one"}, "does not fit"),
        ({"late_seconds": 301}, "301 seconds old"),
        ({"late_seconds": -301}, "301 seconds from the future"),
    ],
)
async def test_what_is_not_signed_with_the_secret_just_now_is_refused(
    room: Room, changes: dict[str, Any], sentence: str
) -> None:
    status, said = await room.send(**changes)
    assert (status, room.posts) == (401, [])
    assert sentence in said


async def test_a_body_or_a_time_that_was_changed_on_its_way_is_refused(room: Room) -> None:
    moment = str(int(BEGINS.timestamp()))
    signed = {TIME: moment, SIGNATURE: signature(SECRET, b"{}", moment=moment)}
    assert (await room.send_signed(b"[]", signed))[0] == 401
    assert (await room.send_signed(b"{}", {**signed, TIME: str(int(moment) + 1)}))[0] == 401
    assert (await room.send_signed(b"{}", {SIGNATURE: signed[SIGNATURE]}))[0] == 401
    assert (await room.send_signed(b"{}", {**signed, TIME: "soon"}))[0] == 401


async def test_a_request_that_is_played_again_is_refused_also_after_a_restart(room: Room) -> None:
    """Its mark is on the log with its posts."""
    assert await room.send() == (200, "1 taken")
    assert (await room.send())[0] == 409
    async with listening(room.taken[-1].mark) as restarted:
        assert (await restarted.send())[0] == 409
        restarted.clock.at = room.clock.at.replace(minute=32)
        assert (await restarted.send())[0] == 200


def unread() -> tuple[Room, AsyncIterator[FeedBatch]]:
    """A room whose batches are read by the test, one at a time."""
    hooks, clock = Hooks(("127.0.0.1", 0)), StillClock()
    return Room(hooks, clock, [], asyncio.create_task(asyncio.sleep(0))), WEBHOOK.make(
        ACCOUNT, tools(clock, hooks=hooks)
    ).read(None)


async def test_a_request_that_was_not_written_down_may_come_again() -> None:
    """The process ended between reading it and writing it: its sender has a no, and its mark was never written."""
    room, batches = unread()
    before = await anext(batches)
    following, sending = asyncio.ensure_future(anext(batches)), asyncio.create_task(room.send())
    assert len((await following).items) == 1
    closing = asyncio.ensure_future(batches.aclose())  # type: ignore[attr-defined] # a generator, as its caller ends it
    assert (await sending)[0] == 503
    await closing
    async with listening(before.mark) as again:
        assert await again.send() == (200, "1 taken")


async def test_a_sender_has_its_answer_only_once_its_post_is_written_down() -> None:
    room, batches = unread()
    await anext(batches)
    following, sending = asyncio.ensure_future(anext(batches)), asyncio.create_task(room.send())
    await following
    await asyncio.sleep(0.05)
    assert not sending.done()
    following = asyncio.ensure_future(anext(batches))
    assert (await sending)[0] == 200
    following.cancel()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"{", "no JSON"),
        (b"[]", "the body holds no post"),
        (b"7", "the body holds no post"),
        ([POST] * 101, "100 at most"),
        ([POST, {"post_id": "2", "at": "yesterday", "text": "words"}], "post 2"),
        ({**POST, "Status": "exercise"}, "write `status`"),
        ([POST, {**POST, "Change": "deleted"}], "post 2: `Change` is not read: write `change`"),
        ({**POST, "expiresAt": "2026-01-14T22:40:00Z"}, "write `expires_at`"),
        ({"status": "exercise", "posts": [POST]}, "`status` beside `posts`"),
    ],
)
async def test_what_is_no_post_is_refused_with_its_place_and_nothing_of_it_is_taken(
    room: Room, sent: object, sentence: str
) -> None:
    status, said = await room.send(sent)
    assert (status, room.posts) == (400, [])
    assert sentence in said


async def test_what_is_too_large_or_at_another_address_is_refused(room: Room) -> None:
    assert (await room.send(b" " * (BODY_BYTES_MAX + 1)))[0] == 413
    assert (await room.send(path="/hooks/fire"))[0] == 404
    assert (await room.send(method="PUT"))[0] == 405


async def test_two_accounts_do_not_share_an_address_and_a_place_that_is_taken_is_named(room: Room) -> None:
    with pytest.raises(Rejected, match="give each a path of its own"):
        await anext(WEBHOOK.make(ACCOUNT, tools(room.clock, hooks=room.hooks)).read(None))
    second = Hooks(("127.0.0.1", room.hooks.port))
    with pytest.raises(NotSent, match="name another port"):
        await anext(WEBHOOK.make(ACCOUNT, tools(room.clock, hooks=second)).read(None))


@pytest.mark.parametrize(
    ("hooks", "secret", "sentence"),
    [
        (Hooks(None), SECRET, "set HOLDINGLINE_HOOKS"),
        (Hooks(("127.0.0.1", 0)), "short", "shorter than 32 characters"),
        (Hooks(("127.0.0.1", 0)), None, "is not set"),
    ],
)
async def test_what_keeps_a_webhook_from_being_taken_is_said(hooks: Hooks, secret: str | None, sentence: str) -> None:
    given = replace(tools(StillClock(), hooks=hooks), secrets=lambda _: secret)
    feed = WEBHOOK.make(ACCOUNT, given)
    with pytest.raises(NotSent, match=sentence):
        await feed.check()
    with pytest.raises(NotSent, match=sentence):
        await anext(feed.read(None))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "https://trust.example/"}, "has no path"),
        ({"address": "http://trust.example/hooks/police"}, "begin it with https://"),
        ({"credential": None}, "`credential` is missing"),
        ({"options": {"listen": "here"}}, "takes no options"),
    ],
)
def test_an_account_whose_webhook_cannot_be_taken_so_is_named_before_it_is(
    changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        WEBHOOK.checked(ACCOUNT.model_copy(update=changes))


def test_the_same_post_has_the_same_id_and_other_words_another() -> None:
    """A sender that was not answered sends its post again, signed anew."""
    source = Source("live", ACCOUNT, BEGINS)

    def named(**changes: str) -> str:
        (post,) = parse(json.dumps({**POST, **changes}).encode(), source).items
        assert isinstance(post, PartnerPost)
        return post.id

    assert named() == named()
    backwards = dict(reversed([*POST.items()]))
    assert parse(json.dumps(backwards).encode(), source) == parse(json.dumps(POST).encode(), source)
    assert len({named(), named(text="other words"), named(change="edited"), named(post_id="2")}) == 4
