"""A real mail server on the loopback, which keeps what it takes and does what a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

Answer = Callable[[SMTP, str], Awaitable[str]]


async def takes(server: SMTP, what: str) -> str:
    del server, what
    return "250 OK"


def says(answer: str) -> Answer:
    """Give this answer."""

    async def hook(server: SMTP, what: str) -> str:
        del server, what
        return answer

    return hook


async def drops(server: SMTP, what: str) -> str:
    """Break the connection off without a word."""
    del what
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()
    await asyncio.sleep(0.05)
    return "250 OK"


async def hangs(server: SMTP, what: str) -> str:
    """Never answer."""
    del server, what
    await asyncio.Event().wait()
    return "250 OK"


@dataclass
class MailServer:
    """`on_mail` answers for the sender, `on_rcpt` for each recipient, `on_data` for the text.

    A letter is kept unless the answer is a no.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    on_mail: Answer = takes
    on_rcpt: Answer = takes
    on_data: Answer = takes

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        answer = await self.on_mail(server, address)
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        answer = await self.on_rcpt(server, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        answer = self.on_data
        if answer in {takes, drops, hangs}:
            letter = message_from_bytes(envelope.content, _class=EmailMessage, policy=default)
            self.letters.append(letter)
            self.envelopes.append(list(envelope.rcpt_tos))
        return await answer(server, "data")


@asynccontextmanager
async def mail_server(**options: Any) -> AsyncIterator[MailServer]:
    """Listen on a free port of the loopback; the options are those of aiosmtpd's `SMTP`."""
    held = MailServer()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(held, hostname="mail.example", loop=asyncio.get_running_loop(), **options), "127.0.0.1", 0
    )
    held.port = server.sockets[0].getsockname()[1]
    try:
        yield held
    finally:
        server.close()
        await asyncio.sleep(0)
