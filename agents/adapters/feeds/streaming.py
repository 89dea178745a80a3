"""Streaming: a stream tells at once that something happened; what happened is then asked of the account's own server.

So nothing is taken from a stream itself, which may be anybody's, and one piece of code reads an account. While a stream
is away the account is asked again and again, and also while it is open, since a stream may stop without a word.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import aiohttp

from agents.adapters.feeds.account_mark import AccountMark
from agents.adapters.feeds.parsed import Parsed
from agents.adapters.feeds.shared_posts import Askable, SharedPosts
from agents.adapters.feeds.tools import Tools
from agents.feed_port import FeedBatch
from agents.ports import NotSent
from streams.values import sentence
from streams.words.register.partners import PartnerAccount

FRAME_BYTES_MAX = 2_000_000
OPEN_SECONDS, SILENT_SECONDS_MAX, PING_SECONDS = 10.0, 60.0, 20.0
FIRST_PAUSE_SECONDS, FAILURES_MAX = 0.5, 10
JITTER = 0.1
AGAIN_SECONDS = 1.0
"""What a stream told of and the server did not show yet is asked for again after so long."""
OK, BAD_REQUEST = 200, 400
NOTHING = Parsed()


class StreamEnded(NotSent):
    """The stream is away, or ended; with `is_lost` it can also not go on from where it was."""

    def __init__(self, message: str, *, is_lost: bool = False) -> None:
        super().__init__(message)
        self.is_lost = is_lost


class FeedStream(Protocol):
    """An open stream."""

    async def frame(self) -> bytes:
        """The next frame; `StreamEnded` if no more come. A call that is cancelled loses none."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """What a frame is about: posts by their identifiers, or the account itself; `cursor` is its place in the stream.

    `said` is a sentence for a person, about a gap or a frame that cannot be read.
    """

    post_ids: tuple[str, ...] = ()
    is_about_account: bool = False
    cursor: int | None = None
    said: str | None = None


REGULAR = Ringing(is_about_account=True)
"""Rung by no frame: it is time to ask again."""


class Watched(Askable, Protocol):
    """An account that can be looked at, and whose stream can be opened."""

    account: PartnerAccount

    def open_stream(self, mark: AccountMark) -> AbstractAsyncContextManager[FeedStream] | None:
        """Its stream, from the mark's cursor on; None if it has none, so that it is only asked."""

    def bell(self, frame: bytes, mark: AccountMark) -> Ringing | None:
        """What a frame is about; None if it is of no concern. `StreamEnded` if the frame says so."""

    async def look(self, mark: AccountMark, bell: Ringing) -> tuple[AccountMark, Parsed]:
        """Ask the account's server, and answer with what is new; `NotSent` if it gives no clear answer."""


async def watched(
    account: Watched, written: str | None, *, tools: Tools, every_seconds: float
) -> AsyncIterator[FeedBatch]:
    """Everything that happens to an account, for ever: by its stream at once, else within `every_seconds`."""
    mark, why, failures = AccountMark.read(written, now=tools.clock.now()), "", 0
    said: tuple[str, ...] = ()
    shared = SharedPosts(account.account, tools, is_fresh=not mark.posts)
    if written and not mark.posts and mark.called is None:
        said = ("the place up to which it was read is not known any more: it is read as for the first time",)
    while True:
        mark, parsed = await account.look(mark, REGULAR)
        yield _batch(mark, parsed, (*said, *filter(None, [why])))
        if (became := await shared.look(account, mark)) != NOTHING:
            yield _batch(mark, became)
        said = ()
        stream = account.open_stream(mark)
        if stream is None:
            await tools.clock.sleep(every_seconds * (1 - JITTER * tools.chance()))
            continue
        try:
            async with stream as opened:
                # What happened between the look and the opening was told to nobody.
                mark, parsed = await account.look(mark, REGULAR)
                yield _batch(mark, parsed)
                why, failures = "", 0
                rung = _rung(account, opened, mark, tools=tools, every_seconds=every_seconds)
                async for mark, parsed in rung:
                    yield _batch(mark, parsed)
                    if (became := await shared.look(account, mark)) != NOTHING:
                        yield _batch(mark, became)
        except StreamEnded as error:
            failures = min(failures + 1, FAILURES_MAX)
            if error.is_lost:
                mark = mark.model_copy(update={"cursor": None})
            why = sentence(f"its stream is away, so it is asked every {every_seconds:.0f} seconds: {error}")
        pause = min(every_seconds, FIRST_PAUSE_SECONDS * 2**failures)
        await tools.clock.sleep(pause * (0.5 + 0.5 * tools.chance()))


async def _rung(
    account: Watched, stream: FeedStream, mark: AccountMark, *, tools: Tools, every_seconds: float
) -> AsyncIterator[tuple[AccountMark, Parsed]]:
    """Look whenever the stream tells of something, and in any case after so long."""
    due = tools.clock.now() + timedelta(seconds=every_seconds)
    while True:
        bell: Ringing | None = REGULAR
        try:
            async with tools.clock.timeout(max(0.0, (due - tools.clock.now()).total_seconds())):
                bell = account.bell(await stream.frame(), mark)
        except TimeoutError:
            due = tools.clock.now() + timedelta(seconds=every_seconds)
        if bell is None:
            continue
        before = mark
        mark, parsed = await account.look(mark, bell)
        if bell.cursor is not None:
            mark = mark.model_copy(update={"cursor": bell.cursor})
        if bell.post_ids and not (parsed.items or parsed.faults):
            due = min(due, tools.clock.now() + timedelta(seconds=AGAIN_SECONDS))
        if bell.said:
            parsed = replace(parsed, faults=(bell.said, *parsed.faults))
        if mark != before or parsed.items or parsed.faults or bell is REGULAR:
            yield mark, parsed


def _batch(mark: AccountMark, parsed: Parsed, said: tuple[str, ...] = ()) -> FeedBatch:
    return FeedBatch(parsed.items, mark.written(), (*said, *parsed.faults))


async def _goes_nowhere(*_: object) -> None:
    raise StreamEnded("it leads on to another address: see whether that is a stream to follow, then register it")


@asynccontextmanager
async def websocket(address: str) -> AsyncIterator[FeedStream]:
    """A websocket that is only listened to; `StreamEnded` if it cannot be opened."""
    limit = aiohttp.ClientTimeout(total=None, sock_connect=OPEN_SECONDS)
    pinned = aiohttp.TraceConfig()
    pinned.on_request_redirect.append(_goes_nowhere)
    async with aiohttp.ClientSession(timeout=limit, trust_env=True, trace_configs=[pinned]) as session:
        try:
            socket = await session.ws_connect(address, max_msg_size=FRAME_BYTES_MAX, heartbeat=PING_SECONDS)
        except aiohttp.WSServerHandshakeError as error:
            refuses = error.status == BAD_REQUEST
            raise StreamEnded(f"it refuses to open ({error.status})", is_lost=refuses) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise StreamEnded(f"it cannot be reached ({type(error).__name__})") from None
        async with socket:
            yield _Socket(socket)


@dataclass(frozen=True, slots=True)
class _Socket:
    socket: aiohttp.ClientWebSocketResponse

    async def frame(self) -> bytes:
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data).encode()
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        is_large = self.socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        why = f"a frame has more than {FRAME_BYTES_MAX} bytes" if is_large else "the connection closed"
        raise StreamEnded(why, is_lost=is_large)


@asynccontextmanager
async def server_events(address: str, headers: Mapping[str, str]) -> AsyncIterator[FeedStream]:
    """Server-sent events: a frame is the lines of one event; `StreamEnded` if it cannot be opened."""
    limit = aiohttp.ClientTimeout(total=None, sock_connect=OPEN_SECONDS, sock_read=SILENT_SECONDS_MAX)
    wanted = {"Accept": "text/event-stream", **headers}
    async with aiohttp.ClientSession(timeout=limit, trust_env=True, read_bufsize=FRAME_BYTES_MAX) as session:
        try:
            answer = await session.get(address, headers=wanted, allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise StreamEnded(f"it cannot be reached ({type(error).__name__})") from None
        async with answer:
            if answer.status != OK or answer.content_type != "text/event-stream":
                raise StreamEnded(f"it answers {answer.status} as {answer.content_type}, and no events")
            yield _Events(answer.content)


class _Events:
    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content
        self._lines = bytearray()

    async def frame(self) -> bytes:
        while True:
            try:
                line = await self._content.readline()
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise StreamEnded(f"the connection broke ({type(error).__name__})") from None
            if not line:
                raise StreamEnded("the connection closed")
            if not line.strip():
                frame, self._lines = bytes(self._lines), bytearray()
                if frame:
                    return frame
            elif not line.startswith(b":"):
                self._lines += line
                if len(self._lines) > FRAME_BYTES_MAX:
                    raise StreamEnded(f"an event has more than {FRAME_BYTES_MAX} bytes")
