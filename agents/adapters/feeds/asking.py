"""Asking a source over HTTP: one bounded request, and an honest answer about why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from agents.adapters.channels.vendor import NoWholeAnswer, session_for_one
from agents.feed_port import FeedWaits
from agents.ports import NotSent, Rejected
from streams.values import sentence

BODY_BYTES_MAX = 8 * 1024 * 1024
SECONDS_MAX, CONNECT_SECONDS_MAX = 30.0, 10.0
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
BUSY_SECONDS = 60.0
"""So long a source is left alone that says it has too much to do, and not for how long."""
FOR_A_PERSON: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "it does not let us in: see the account, and set its secret again",
    HTTPStatus.FORBIDDEN: "it does not let us in: ask its owner whether we may read it, or set its secret again",
    HTTPStatus.NOT_FOUND: "there is nothing at this address: ask its owner for the address of today",
    HTTPStatus.GONE: "there is nothing at this address any more: ask its owner for the address of today",
}
MOVED = range(300, 400)


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a source sent, and what it calls this version; `body` is None if it is the one that we have."""

    body: bytes | None
    etag: str | None
    modified: str | None


async def ask(address: str, *, headers: Mapping[str, str], now: datetime, bytes_max: int = BODY_BYTES_MAX) -> PageRead:
    """One request for what is at an address.

    `FeedWaits` if the source asks to be left alone, `NotSent` if it cannot be read now, `Rejected` if a person has to
    mend something. A redirection is not followed: an account is pinned to its address.
    """
    host = urlsplit(address).hostname or "the source"
    limit = aiohttp.ClientTimeout(total=SECONDS_MAX, sock_connect=CONNECT_SECONDS_MAX)
    try:
        async with (
            session_for_one(limit) as session,
            session.get(URL(address, encoded=True), headers=headers, allow_redirects=False) as answer,
        ):
            _require_taken(answer, address, now)
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            if answer.status == HTTPStatus.NOT_MODIFIED:
                return PageRead(None, etag, modified)
            return PageRead(await _body(answer, host, bytes_max), etag, modified)
    except aiohttp.ClientConnectorCertificateError:
        raise Rejected(
            f"{host} shows a certificate that is not its own: ask its owner, nothing is read meanwhile"
        ) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSent(f"{host} cannot be reached ({type(error).__name__})") from None
    except (aiohttp.ClientError, TimeoutError, NoWholeAnswer) as error:
        why = "in time" if isinstance(error, TimeoutError) else f"({type(error).__name__})"
        raise NotSent(f"{host} gave no whole answer {why}") from None


async def is_gone(address: str, *, now: datetime) -> bool:
    """Whether the source says that nothing is at this address any more; `NotSent` if it does not say."""
    try:
        await ask(address, headers={}, now=now)
    except Rejected as error:
        if isinstance(error, Absent):
            return True
        raise NotSent(str(error)) from None
    return False


class Absent(Rejected):
    """Nothing is at the address that was asked."""


def _require_taken(answer: aiohttp.ClientResponse, address: str, now: datetime) -> None:
    """Raise what an answer means that brings nothing."""
    status, host = answer.status, urlsplit(address).hostname
    if status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        return
    if status in BUSY:
        seconds = _waits(answer.headers.get("Retry-After"), now)
        raise FeedWaits(f"{host} takes no question for {seconds:.0f} seconds ({status})", seconds=seconds)
    if status in MOVED:
        where = sentence(answer.headers.get("Location", "an address that it does not name"))[:200]
        raise Rejected(f"{address} has moved to {where}: see whether that is the partner's, then register it")
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise Absent(f"{address}: {FOR_A_PERSON[status]} ({status})")
    if status in FOR_A_PERSON:
        raise Rejected(f"{address}: {FOR_A_PERSON[status]} ({status})")
    raise NotSent(f"{host} did not answer as it should ({status})")


async def _body(answer: aiohttp.ClientResponse, host: str, bytes_max: int) -> bytes:
    read = bytearray()
    async for chunk in answer.content.iter_any():
        read += chunk
        if len(read) > bytes_max:
            raise Rejected(
                f"{host} sends more than {bytes_max // 1024} KiB at once: nothing of it is read, ask its owner for less"
            )
    return bytes(read)


def _waits(asked: str | None, now: datetime) -> float:
    """For how many seconds a source asks to be left alone: a number, or a moment as HTTP writes one."""
    if asked is None:
        return BUSY_SECONDS
    try:
        return max(0.0, float(int(asked)))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return BUSY_SECONDS
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
