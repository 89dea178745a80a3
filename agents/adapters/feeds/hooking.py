"""Hooking: a source that calls us. Each request is signed with a shared secret over its time and its body.

Header `Holdingline-Time` has the seconds since 1970 (UTC), `Holdingline-Signature` is `sha256=` and the HMAC-SHA256, in
hexadecimal digits, of the time, a full stop and the body. A request that is old, changed or sent again is refused.
We listen on the loopback only: a web server in front of us has the certificate.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from agents.ports import NotSent, Rejected

TIME, SIGNATURE, SCHEME = "Holdingline-Time", "Holdingline-Signature", "sha256="
APART_MAX = timedelta(minutes=5)
"""So much may the sender's clock differ from ours; a signature is remembered for longer."""
BODY_BYTES_MAX = 512 * 1024
DIGITS_MAX = 12
SHUTDOWN_SECONDS = 2.0

Answered = tuple[int, str]
"""A status of HTTP, and a sentence for the sender."""
Take = Callable[[Mapping[str, str], bytes], Awaitable[Answered]]


def signature(secret: str, body: bytes, *, moment: str) -> str:
    """What the header of the signature has to say."""
    signed = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return SCHEME + signed.hexdigest()


def refusal(headers: Mapping[str, str], body: bytes, *, secret: str, now_seconds: float) -> Answered | None:
    """Why a request is not believed; None if it is signed with the secret, and fresh."""
    moment, shown = headers.get(TIME, ""), headers.get(SIGNATURE, "")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= DIGITS_MAX):
        return 401, f"header {TIME} is missing or no number: send the seconds since 1970, and sign them with the body"
    if not hmac.compare_digest(signature(secret, body, moment=moment).encode(), shown.encode()):
        return 401, (
            f"header {SIGNATURE} does not fit: send {SCHEME} and the HMAC-SHA256 of the time, a full stop and the body"
        )
    apart_seconds = now_seconds - int(moment)
    if abs(apart_seconds) > APART_MAX.total_seconds():
        when = "old" if apart_seconds > 0 else "from the future"
        return 401, f"the request is {abs(apart_seconds):.0f} seconds {when}: set both clocks by NTP, and sign it again"
    return None


class Hooks:
    """One place on the loopback where every source calls that calls us; it listens while somebody waits there."""

    def __init__(self, place: tuple[str, int] | None) -> None:
        """`place` is an address of the loopback and a port; None if no place was given."""
        self.place = place
        self._takes: dict[str, Take] = {}
        self._runner: web.AppRunner | None = None
        self._opening = asyncio.Lock()

    def require_place(self) -> tuple[str, int]:
        """The place; `NotSent` if none was given."""
        if self.place is None:
            raise NotSent("this service was given no place for webhooks: set HOLDINGLINE_HOOKS, as 127.0.0.1:9110")
        return self.place

    @asynccontextmanager
    async def taking(self, path: str, take: Take) -> AsyncIterator[None]:
        """Hand every request to this path over, until the end of the block."""
        if path in self._takes:
            raise Rejected(f"two accounts have webhooks at {path}: give each a path of its own")
        self._takes[path] = take
        try:
            async with self._opening:
                await self._listen()
            yield
        finally:
            del self._takes[path]
            if not self._takes:
                await self._close()

    @property
    def port(self) -> int:
        """The port at which it listens now; 0 if it does not."""
        return int(self._runner.addresses[0][1]) if self._runner and self._runner.addresses else 0

    async def _listen(self) -> None:
        if self._runner is not None:
            return
        host, port = self.require_place()
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise NotSent(f"webhooks cannot be taken at {host}:{port} ({error.strerror}): name another port") from None
        self._runner = runner

    async def _close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        take = self._takes.get(request.path)
        if take is None:
            return _said(404, "nobody waits for anything here: see the address that was agreed")
        if request.method != "POST":
            return _said(405, "send posts here with POST")
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _said(413, f"the body is larger than {BODY_BYTES_MAX // 1024} KiB: send fewer posts at once")
        return _said(*await take(request.headers, body))


def _said(status: int, words: str) -> web.Response:
    return web.json_response({"taken": status == 200, "says": words}, status=status)  # noqa: PLR2004 - HTTP's own yes
