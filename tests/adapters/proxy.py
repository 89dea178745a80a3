"""A proxy on the loopback that plays a bad network between a channel and its server, one request a connection."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

HEAD_END = b"\r\n\r\n"
SECONDS_MAX = 30.0


@dataclass
class Exchange:
    """One request, as the client sent it, and the two ways on; `underway` are those that have not arrived yet."""

    request: bytes
    reader: asyncio.StreamReader
    client: asyncio.StreamWriter
    port: int
    underway: list["Exchange"]

    async def client_leaves(self) -> None:
        """Wait until the client gives up."""
        with suppress(ConnectionError):
            await self.reader.read()

    async def deliver(self) -> bytes:
        """Give the request to the server, and answer with all that it says."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(self.request)
            return await reader.read()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def reset(self) -> None:
        """Break the connection off so that the client sees a reset."""
        found = self.client.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.transport.abort()


Fault = Callable[[Exchange], Awaitable[None]]


async def passes(exchange: Exchange) -> None:
    exchange.client.write(await exchange.deliver())
    await exchange.client.drain()


async def resets_before(exchange: Exchange) -> None:
    """The server never sees the request."""
    exchange.reset()


async def closes_before(exchange: Exchange) -> None:
    """The same, without a reset: the connection ends."""
    del exchange


async def comes_late(exchange: Exchange) -> None:
    """The client loses its connection, and the request is on its way."""
    exchange.underway.append(exchange)
    exchange.reset()


async def closes_after(exchange: Exchange) -> None:
    """The server has done what was asked, and the connection ends without an answer."""
    await exchange.deliver()


async def resets_after(exchange: Exchange) -> None:
    """The server has done what was asked, and the answer is lost."""
    await exchange.deliver()
    exchange.reset()


async def cuts(exchange: Exchange) -> None:
    """The answer ends in the middle of its content."""
    head, _, content = (await exchange.deliver()).partition(HEAD_END)
    exchange.client.write(head + HEAD_END + content[: len(content) // 2])
    await exchange.client.drain()


async def is_silent_after(exchange: Exchange) -> None:
    """The server has done what was asked, and says nothing while the client waits."""
    await exchange.deliver()
    await exchange.client_leaves()


def delays(seconds: float) -> Fault:
    """Everything comes, later."""

    async def fault(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await passes(exchange)

    return fault


def says(status: str, *headers: str, content: str | bytes = "", takes: bool = False) -> Fault:
    """An answer from a server in front, which `takes` the request to the real one or does not."""
    body = content.encode() if isinstance(content, str) else content

    async def fault(exchange: Exchange) -> None:
        if takes:
            await exchange.deliver()
        lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close")
        exchange.client.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        await exchange.client.drain()

    return fault


class Trouble(StrEnum):
    """What becomes of one request. `BEFORE`: the server never gets it. `AFTER`: it does, and its answer is lost."""

    RESET_BEFORE = "reset before"
    CLOSED_BEFORE = "closed before"
    LATE = "late"
    RESET_AFTER = "reset after"
    CLOSED_AFTER = "closed after"
    CUT_AFTER = "cut after"
    SILENT_AFTER = "silent after"
    BUSY_AFTER = "503 after"


NEVER_ARRIVES = (Trouble.RESET_BEFORE, Trouble.CLOSED_BEFORE)
ARRIVES = (
    Trouble.RESET_AFTER,
    Trouble.CLOSED_AFTER,
    Trouble.CUT_AFTER,
    Trouble.SILENT_AFTER,
    Trouble.BUSY_AFTER,
)
FAULTS: Mapping[Trouble, Fault] = {
    Trouble.RESET_BEFORE: resets_before,
    Trouble.CLOSED_BEFORE: closes_before,
    Trouble.LATE: comes_late,
    Trouble.RESET_AFTER: resets_after,
    Trouble.CLOSED_AFTER: closes_after,
    Trouble.CUT_AFTER: cuts,
    Trouble.SILENT_AFTER: is_silent_after,
    Trouble.BUSY_AFTER: says("503 Service Unavailable", takes=True),
}


@dataclass
class Proxy:
    """`port` is where the channel asks. A fault that waits is played for the next request whose first line has it.

    `about` is what the first line must have for a fault that names nothing itself.
    """

    server_port: int
    about: str = "POST"
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    _waiting: list[tuple[bytes, Fault]] = field(default_factory=list)
    _held: list[Exchange] = field(default_factory=list)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where the channel asks."""
        return f"http://127.0.0.1:{self.port}"

    def plays(self, fault: Fault, *, for_: str) -> None:
        """Play this fault for the next request whose first line has this: `POST /api/v1/statuses`."""
        self._waiting.append((for_.encode(), fault))

    def expect(self, troubles: Iterable[Trouble | Fault]) -> None:
        """Let these happen to the next requests that the proxy is about."""
        for one in troubles:
            self.plays(FAULTS[one] if isinstance(one, Trouble) else one, for_=self.about)

    def forget(self) -> None:
        """Let no fault happen that was expected and has not happened."""
        self._waiting.clear()

    async def holds(self, exchange: Exchange) -> None:
        """A fault: the request is on its way while the client waits, gives up, and goes on."""
        self._held.append(exchange)
        await exchange.client_leaves()

    async def let_arrive(self) -> Sequence[bytes]:
        """Let all that was held arrive now, and answer with what the server said to it."""
        held = [*self._held]
        self._held.clear()
        return [await one.deliver() for one in held]

    async def serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Take one request."""
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        try:
            await self._serve(reader, client)
        finally:
            client.close()

    async def end(self) -> None:
        """Stop serving."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(SECONDS_MAX):
                request = await _request(reader)
                self.requests.append(request)
                fault = self._fault_for(request)
                await fault(Exchange(request, reader, client, self.server_port, self._held))

    def _fault_for(self, request: bytes) -> Fault:
        first_line = request.partition(b"\r\n")[0]
        for one in self._waiting:
            if one[0] in first_line:
                self._waiting.remove(one)
                return one[1]
        return passes


async def _request(reader: asyncio.StreamReader) -> bytes:
    """A whole request, which asks the server to close the connection after its answer."""
    head = await reader.readuntil(HEAD_END)
    first, *headers = head.removesuffix(HEAD_END).split(b"\r\n")
    named = [(name.strip().lower(), line) for line in headers for name in [line.partition(b":")[0]]]
    length = sum(int(line.partition(b":")[2]) for name, line in named if name == b"content-length")
    kept = [line for name, line in named if name != b"connection"]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + HEAD_END + await reader.readexactly(length)


@asynccontextmanager
async def proxy_before(server_port: int, *, about: str = "POST") -> AsyncIterator[Proxy]:
    """A proxy in front of the server that listens on this port of the loopback."""
    proxy = Proxy(server_port, about)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
