"""The secret of a channel, planted and looked for in all that each kind says, raises and logs.

The server repeats whatever it was sent, with any status: what a channel says of an answer goes into facts, and so into
the evidence, the status and the log.
"""

import asyncio
import base64
import logging
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from aiohttp import web

from agents.adapters.clocks import ScaledClock
from agents.entrypoints.worker.channels import KINDS
from agents.ports import Channel
from agents.runtime.worker.channel_checks import fault_of
from agents.sending import read_back, send
from streams.values import LIVE
from streams.words.register.accounts import Credential
from streams.words.register.entries import ChannelEntry
from tests.adapters.channels.dispatches import CHANNEL, NIGHT, dispatch
from tests.loopback import served

NAME = "HOLDINGLINE_PLANTED"
MARK = "77867f0e-1c2b-4a5d-9e8f-0a1b2c3d4e5f"
SECRET = f"planted-26785a09-ab16-4eb0-8407-a37497a57506-{MARK}"
"""It has the form of a Notify key, of which the last part alone is secret; any other server takes any text."""
SECRETS: Mapping[str, Callable[[int], str]] = {
    "x": lambda _: f"{MARK} {MARK} 12345-{MARK} {MARK}",
    "slack": lambda _: f"xoxb-{MARK}",
    "linkedin": lambda _: f"the-app {MARK} {MARK}",
    "teams": lambda port: f"http://127.0.0.1:{port}/flow/workflows/{MARK}/invoke?sig={MARK}",
}
"""The secrets of kinds that look at the form of theirs."""
WITHOUT_SECRET = frozenset({"site"})
NOTIFY = "8b6e7a2c-0f4d-4d0e-9a51-3c7be2f0c1aa"
OPTIONS: Mapping[str, Callable[[int], Mapping[str, str]]] = {
    "bluesky": lambda port: {"did": f"did:plc:{'a' * 24}", "url": f"http://127.0.0.1:{port}"},
    "mastodon": lambda port: {"server": f"http://127.0.0.1:{port}", "account": "trust"},
    "sms": lambda port: {
        "template": NOTIFY,
        "url": f"http://127.0.0.1:{port}",
        "recipients": "+44 7700 900123",
    },
    "notify-email": lambda port: {
        "template": NOTIFY,
        "url": f"http://127.0.0.1:{port}",
        "recipients": "desk@paper.example",
    },
    "x": lambda port: {"account": "12345", "name": "trust", "url": f"http://127.0.0.1:{port}"},
    "slack": lambda port: {"channel": "C01234567", "workspace": "trust", "url": f"http://127.0.0.1:{port}/api"},
    "teams": lambda _: {},
    "facebook": lambda port: {"page": "12345", "url": f"http://127.0.0.1:{port}"},
    "linkedin": lambda port: {
        "page": "12345",
        "url": f"http://127.0.0.1:{port}",
        "login_url": f"http://127.0.0.1:{port}",
    },
    "email": lambda port: {
        "host": "127.0.0.1",
        "port": str(port),
        "sender": "alerts@trust.example",
        "recipients": "desk@paper.example",
        "username": "trust",
        "tls": "none",
    },
}
"""How each kind is pointed at a server on this machine."""
STATUSES = (200, 400, 401, 403, 404, 409, 422, 429, 500, 503)


def test_every_kind_that_has_a_secret_is_tried() -> None:
    """A new kind cannot be forgotten here."""
    assert set(OPTIONS) == set(KINDS) - WITHOUT_SECRET


@asynccontextmanager
async def repeating(kind: str, status: int) -> AsyncIterator[tuple[int, list[str]]]:
    """A server that answers with all it was sent; its port, and what it was sent."""
    heard: list[str] = []
    if kind == "email":
        server = await asyncio.start_server(lambda *ends: _mail(*ends, status=status, heard=heard), "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1], heard
        return

    async def repeat(request: web.Request) -> web.Response:
        said = f"{dict(request.headers)} {await request.text()}"
        heard.append(said)
        return web.json_response({"error": said, "message": said, "errors": [{"message": said}]}, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", repeat)
    async with served(app) as port:
        yield port, heard


async def _mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, status: int, heard: list[str]) -> None:
    """Takes every password below 400, and repeats it otherwise."""
    writer.write(b"220 mail.test\r\n")
    while line := await reader.readline():
        word = line.split()[0].upper() if line.split() else b""
        if word == b"EHLO":
            writer.write(b"250-mail.test\r\n250 AUTH PLAIN\r\n")
        elif word == b"AUTH":
            said = base64.b64decode(line.split()[-1]).decode().replace("\0", " ")
            heard.append(said)
            writer.write(b"235 yes\r\n" if status < 400 else f"535 5.7.8 you said {said}\r\n".encode())
        elif word == b"QUIT":
            break
        else:
            writer.write(f"550 5.7.1 {' '.join(heard)}\r\n".encode())
    writer.close()


def built(kind: str, port: int, folder: Path) -> Channel:
    entry = ChannelEntry(
        id=CHANNEL,
        kind=kind,
        title="A place",
        owner="comms",
        deadline_seconds=5,
        credential=Credential(secret=NAME, mode=LIVE),
        options=OPTIONS[kind](port),
    )
    return KINDS[kind](entry, LIVE, folder)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", OPTIONS)
async def test_no_kind_repeats_its_secret(
    kind: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in what is reported of a try, a look or a check, nor in what is raised, nor in the log."""
    caplog.set_level(logging.DEBUG)
    clock, said = ScaledClock(NIGHT, 1.0), list[str]()
    with structlog.testing.capture_logs() as logged:
        async with repeating(kind, status) as (port, heard):
            monkeypatch.setenv(NAME, SECRETS[kind](port) if kind in SECRETS else SECRET)
            channel = built(kind, port, tmp_path)
            said.append(f"{channel!r} {vars(channel) if hasattr(channel, '__dict__') else ''}")
            said.append(str(await send(dispatch(), channel, clock=clock, until=clock.now() + timedelta(seconds=5))))
            said.append(str(await read_back(dispatch(), channel, clock=clock, seconds=5)))
            said.append(str(await fault_of(channel)))
            for asked in (channel.check(), channel.publish(dispatch()), channel.look(dispatch())):
                try:
                    said.append(str(await asyncio.wait_for(asked, 5)))
                except Exception as error:  # noqa: BLE001 - whatever a channel raises may be logged
                    said.append("".join(traceback.format_exception(error)))
    assert heard, "the server was asked"
    found = [
        one for one in (*said, str(logged), caplog.text, str([vars(one) for one in caplog.records])) if MARK in one
    ]
    assert found == []
