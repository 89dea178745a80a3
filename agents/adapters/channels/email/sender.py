"""One letter through one mail server, with an honest answer about what became of it.

Until the text is handed over, every error is `NotSent` or `Rejected`. From then on only the server's own refusal is:
if no answer comes, the letter may be on its way, so the error is raised as it is, which means unknown.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import aiosmtplib

from agents.adapters.channels.email.settings import ADDRESS, EmailSettings
from agents.ports import NotSent, Rejected
from streams.values import sentence

PERMANENT = range(500, 600)
TEMPORARY = range(400, 500)
ASKS_FOR_MORE = 530
TOLD_MAX = 20
SHARE_BEFORE_DATA = 0.5


@dataclass(frozen=True, slots=True)
class Route:
    """The way to the server, and how many seconds it may take; half of them are for the steps before the text."""

    settings: EmailSettings
    seconds: float
    password: str | None = field(default=None, repr=False)


async def send(letter: bytes, route: Route, *, recipients: Sequence[str]) -> str:
    """Hand over the letter once for all recipients; answer with the server's words and each refused recipient."""
    async with _connection(route) as client:
        with _nothing_sent(route):
            async with asyncio.timeout(route.seconds * SHARE_BEFORE_DATA):
                refused = await _introduce(client, recipients, route)
        with _only_a_no_is_certain(route):
            answer = await client.data(letter)
        with suppress(aiosmtplib.SMTPException):
            _take_leave(client)
    return _receipt(answer, recipients, refused, route=route)


async def greet(route: Route) -> None:
    """Go to the server as far as a letter's sender, and leave; the errors are those of a letter that was not sent."""
    async with _connection(route) as client:
        with _nothing_sent(route):
            async with asyncio.timeout(route.seconds):
                await _enter(client, route)
        with suppress(aiosmtplib.SMTPException):
            _take_leave(client)


@asynccontextmanager
async def _connection(route: Route) -> AsyncIterator[aiosmtplib.SMTP]:
    """A client whose socket is closed at the end, even if the caller stops waiting."""
    settings = route.settings
    security = settings.security()
    with _nothing_sent(route):
        context = ssl.create_default_context(cafile=settings.ca_file) if security != "none" else None
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        local_hostname=settings.domain(),
        use_tls=security == "tls",
        start_tls=security == "starttls",
        tls_context=context,
        timeout=route.seconds,
    )
    try:
        yield client
    finally:
        client.close()


async def _introduce(client: aiosmtplib.SMTP, recipients: Sequence[str], route: Route) -> Mapping[int, int]:
    """Do all steps before the text; answer with the code of each refused recipient by its position in the list."""
    await _enter(client, route)
    refused: dict[int, int] = {}
    for position, recipient in enumerate(recipients, start=1):
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as no:
            refused[position] = no.code
    if len(refused) == len(recipients):
        kind = Rejected if all(code in PERMANENT for code in refused.values()) else NotSent
        raise kind(f"the mail server takes none of the recipients: {_told(refused)}")
    return refused


async def _enter(client: aiosmtplib.SMTP, route: Route) -> None:
    """Connect, give the password where there is one, and name the sender."""
    await client.connect()
    if route.password is not None and route.settings.username is not None:
        await client.login(route.settings.username, route.password)
    await client.mail(route.settings.sender)


@contextmanager
def _nothing_sent(route: Route) -> Iterator[None]:
    """Before the text: a final refusal of the sender is `Rejected`, every other error is `NotSent`."""
    try:
        yield
    except aiosmtplib.SMTPSenderRefused as no:
        if no.code == ASKS_FOR_MORE:
            raise NotSent(f"the mail server asks for encryption or a password ({no.code}): set them up") from None
        kind = Rejected if no.code in PERMANENT else NotSent
        raise kind(f"the mail server does not take our address as sender ({no.code})") from None
    except aiosmtplib.SMTPAuthenticationError as no:
        raise NotSent(f"the mail server does not take our password ({no.code}): renew it") from None
    except aiosmtplib.SMTPResponseException as no:
        raise NotSent(f"the mail server is not ready ({_said(no.code, no.message, route=route)})") from None
    except TimeoutError as silence:
        raise NotSent("the mail server did not answer in time, nothing was handed over") from silence
    except (aiosmtplib.SMTPException, OSError, ValueError) as trouble:
        raise NotSent(f"the mail server could not be reached ({type(trouble).__name__})") from trouble


@contextmanager
def _only_a_no_is_certain(route: Route) -> Iterator[None]:
    """The text is on its way: only the server's own refusal proves that it did not take the letter."""
    try:
        yield
    except aiosmtplib.SMTPDataError as no:
        if no.code in PERMANENT:
            raise Rejected(f"the mail server refused the letter ({_said(no.code, no.message, route=route)})") from None
        if no.code in TEMPORARY:
            raise NotSent(f"the mail server put the letter off ({_said(no.code, no.message, route=route)})") from None
        raise aiosmtplib.SMTPDataError(no.code, _said(no.code, no.message, route=route)) from None


def _take_leave(client: aiosmtplib.SMTP) -> None:
    """Close without waiting: the server has answered, and a later error must not make that uncertain."""
    if client.protocol:
        client.protocol.write(b"QUIT\r\n")


def _receipt(
    answer: aiosmtplib.SMTPResponse, recipients: Sequence[str], refused: Mapping[int, int], *, route: Route
) -> str:
    taken = f"taken for {len(recipients) - len(refused)} of {len(recipients)} recipients"
    missed = f"; NOT for {_told(refused)}: tell them another way" if refused else ""
    return sentence(f"{taken}{missed}; {_said(answer.code, answer.message, route=route)}")


def _told(refused: Mapping[int, int]) -> str:
    """Recipients by their position in the list, never by address, because this goes into the record."""
    named = [f"recipient {position} ({code})" for position, code in list(refused.items())[:TOLD_MAX]]
    more = [f"{len(refused) - TOLD_MAX} more"] if len(refused) > TOLD_MAX else []
    return ", ".join([*named, *more])


def _said(code: int, message: str, *, route: Route) -> str:
    """The server's words without the addresses in them, and without our password if the server repeats it."""
    if route.password:
        message = message.replace(route.password, "(password)")
    return sentence(f"{code} {re.sub(ADDRESS, '(address)', message)}")
