"""A line to a server on this machine that has the troubles of a network, one for each request of its plan."""

import asyncio
import re
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


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


@dataclass
class TroubledLine:
    """`plan` is for the requests whose first line has `about`; those after the plan, and all others, pass.

    A trouble that is a number is an answer with that status, and with `headers`, which the server never made.
    `late` are the requests on their way: the client has lost its connection, and `deliver` brings them to the server.
    """

    server: str
    about: str = "POST"
    plan: deque[Trouble | int] = field(default_factory=deque)
    headers: str = ""
    content: bytes = b"{}"
    url: str = ""
    requests: list[str] = field(default_factory=list)
    late: list[bytes] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self) -> list[bytes]:
        """Bring every late request to the server; answers with what it says to each."""
        late, self.late = self.late, []
        return [await self._forwarded(request) for request in late]

    def expect(self, troubles: Iterable[Trouble | int]) -> None:
        """Let these happen to the next requests."""
        self.plan.extend(troubles)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, whatever becomes of it."""
        with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
            request = await _request(reader)
            first = request.split(b"\r\n", 1)[0].decode()
            self.requests.append(first)
            trouble = self.plan.popleft() if self.plan and self.about in first else None
            await self._answer(request, writer, trouble)

    async def _answer(self, request: bytes, writer: asyncio.StreamWriter, trouble: Trouble | int | None) -> None:
        if isinstance(trouble, int):
            head = f"HTTP/1.1 {trouble} Trouble\r\ncontent-type: application/json\r\n{self.headers}"
            writer.write(f"{head}content-length: {len(self.content)}\r\n\r\n".encode() + self.content)
            await writer.drain()
            return
        if trouble is Trouble.LATE:
            self.late.append(request)
        elif trouble not in NEVER_ARRIVES:
            answer = await self._forwarded(request)
            await self._handed_back(answer, writer, trouble)
        if trouble in (Trouble.RESET_BEFORE, Trouble.RESET_AFTER, Trouble.LATE):
            _reset(writer)

    async def _handed_back(self, answer: bytes, writer: asyncio.StreamWriter, trouble: Trouble | int | None) -> None:
        if trouble is None:
            writer.write(answer)
        elif trouble is Trouble.CUT_AFTER:
            writer.write(answer[:-20])
        elif trouble is Trouble.BUSY_AFTER:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        elif trouble is Trouble.SILENT_AFTER:
            await self.over.wait()
        await writer.drain()

    async def _forwarded(self, request: bytes) -> bytes:
        address = urlsplit(self.server)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        with closing(writer):
            writer.write(request)
            return await reader.read()


@asynccontextmanager
async def troubled_line(server: str, *, about: str = "POST") -> AsyncIterator[TroubledLine]:
    """A line to the server at this address."""
    line = TroubledLine(server, about)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        try:
            await line.serve(reader, writer)
        finally:
            connections.discard(task)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        listener.close()
        line.over.set()
        while connections:
            await asyncio.gather(*connections)
        # A closed connection is given back in the next turn of the loop.
        await asyncio.sleep(0)


async def _request(reader: asyncio.StreamReader) -> bytes:
    """One whole request, which asks for the connection to be closed after it."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return head[:-2] + b"Connection: close\r\n\r\n" + body


def _reset(writer: asyncio.StreamWriter) -> None:
    """Let the client's connection end with an error, as a network does that forgot it."""
    opened = writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
