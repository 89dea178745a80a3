"""The HTTP interface of a vendor, asked one thing at a time, with an honest answer about what became of it.

Each request has a connection of its own: a server may close a kept one just when a post is written to it, and then
nobody knows whether it came. No error carries a header or a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from json import dumps, loads
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from agents.ports import NotSent, Unclear
from streams.values import sentence

ANSWER_BYTES_MAX = 4 * 1024 * 1024
SAID_CHARACTERS_MAX = 300
CONNECT_SHARE, READ_SHARE, WRITE_SHARE = 0.15, 0.2, 0.4
"""Of the time for one act: two looks at what is there and one change fit into it."""
OK, REFUSED, TIMED_OUT, BROKEN = range(200, 300), range(400, 500), 408, range(500, 600)
NO_ACCESS, NOT_NOW, NO_CONTENT = 401, 429, 204
READS, DELETES = "GET", "DELETE"
_as_it_is = partial(dumps, ensure_ascii=False)
"""A server was seen to misread escaped signs beyond the first 65,536: the flag of Wales came out as others."""

Json = Mapping[str, Any]
Body = Json | aiohttp.FormData | bytes | None
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Sign(Protocol):
    """The headers of a request, by its method and its whole address."""

    def __call__(self, *, method: str, address: str) -> Mapping[str, str]:
        """Sign one request."""


def always(headers: Mapping[str, str]) -> Sign:
    """The same headers for every request."""

    def sign(*, method: str, address: str) -> Mapping[str, str]:
        del method, address
        return headers

    return sign


def bearer(token: str) -> Sign:
    """The header that shows the token, which so stays out of every address."""
    return always({"Authorization": f"Bearer {token}"})


class Refusal(Exception):
    """The vendor understood the request and did not do it. The caller judges what that means; else it is unknown."""

    def __init__(self, said: str, *, status: int, content: Json) -> None:
        super().__init__(said)
        self.status, self.content = status, content


class NoWholeAnswer(Unclear):
    """The request went out and no clear answer came: what it asks for may have happened."""


@dataclass(frozen=True, slots=True)
class VendorLine:
    """A way to a vendor, `called` so in errors; `seconds` are for one act of the channel.

    `NotSent`: nothing was changed. `Refusal`: the vendor says no. `NoWholeAnswer`: it may be done.
    A question or a deletion that has no clear answer is `NotSent` too: the same once more does no harm.
    An answer with a status in `empty`, or with a header in `kept`, may have no content; such headers are part of it.
    """

    url: str
    called: str
    seconds: float
    sign: Sign = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    empty: tuple[int, ...] = (NO_CONTENT,)
    kept: tuple[str, ...] = ()

    async def get(self, path: str, **parameters: str) -> Json:
        """Read something."""
        return await self.ask(READS, f"{path}?{urlencode(parameters)}" if parameters else path)

    async def ask(self, method: str, path: str, *, body: Body = None, headers: Mapping[str, str] = NO_HEADERS) -> Json:
        """One request, signed; the JSON object that it is answered with."""
        try:
            return await self._asked(method, self.url + path, body=body, headers=headers)
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{self.called} cannot be reached ({type(error).__name__})") from None
        except aiohttp.ConnectionTimeoutError:
            raise NotSent(f"{self.called} cannot be reached in time") from None
        except (aiohttp.ClientError, TimeoutError, NoWholeAnswer) as error:
            why = str(error) if isinstance(error, NoWholeAnswer) else type(error).__name__
            said = f"{self.called} gave no clear answer ({why})"
            raise (NotSent if method in (READS, DELETES) else NoWholeAnswer)(said) from None

    async def _asked(self, method: str, address: str, *, body: Body, headers: Mapping[str, str]) -> Json:
        share = READ_SHARE if method == READS else WRITE_SHARE
        limit = aiohttp.ClientTimeout(total=self.seconds * share, sock_connect=self.seconds * CONNECT_SHARE)
        raw = body if isinstance(body, aiohttp.FormData | bytes) else None
        signed = {**headers, **self.sign(method=method, address=address)}
        async with (
            session_for_one(limit) as session,
            session.request(
                method,
                URL(address, encoded=True),
                headers=signed,
                data=raw,
                json=body if raw is None else None,
                allow_redirects=False,
            ) as answer,
        ):
            content = await content_of(answer)
            return self._understood(answer, content if isinstance(content, dict) else None)

    def _understood(self, answer: aiohttp.ClientResponse, content: Json | None) -> Json:
        status = answer.status
        said = f"{status}: {self.without_secrets(_reason(content))}"
        kept = {name: value for name in self.kept if (value := answer.headers.get(name))}
        if status in OK and (content is not None or kept or status in self.empty):
            return {**(content or {}), **kept}
        if status in OK or status in BROKEN or status == TIMED_OUT:
            raise NoWholeAnswer(said)
        if status == NO_ACCESS:
            raise NotSent(f"{self.called} does not let us in ({said}): see the account, and set its secret again")
        if status == NOT_NOW:
            raise NotSent(f"{self.called} takes no more from us {_until(answer.headers)} ({said})")
        # A server in front may answer in its own words; only the vendor's own, in JSON, are a judgement.
        if status in REFUSED and content is not None:
            raise Refusal(f"{self.called} does not take it ({said})", status=status, content=content)
        raise NotSent(f"{self.called} did not take it ({said})")

    def without_secrets(self, said: str) -> str:
        """The words of a vendor that may repeat what it was given, on one line and not too long."""
        for secret in self.secrets:
            said = said.replace(secret, "(secret)")
        return sentence(said)[:SAID_CHARACTERS_MAX]


def session_for_one(limit: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    """A session for one request, which it never sends twice by itself; it keeps no cookie."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=limit,
        trust_env=True,
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_once,),
        json_serialize=_as_it_is,
    )


async def content_of(answer: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The JSON of an answer, None where it has none or is too large; a cut answer raises the client's error."""
    read = bytearray()
    async for chunk in answer.content.iter_any():
        read += chunk
        if len(read) > ANSWER_BYTES_MAX:
            return None
    try:
        return loads(read)
    except ValueError:
        return None


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """The client sends some requests again by itself if the connection breaks: an error it does not know stops it."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise NoWholeAnswer(type(error).__name__) from None


def _reason(content: Json | None) -> str:
    words = [(content or {}).get(name) for name in ("detail", "error", "message", "title")]
    found = next(filter(None, words), "no reason given")
    return _reason(found) if isinstance(found, dict) else str(found)


def _until(headers: Mapping[str, str]) -> str:
    if wait := headers.get("Retry-After"):
        return f"for {sentence(wait)} seconds"
    try:
        moment = datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError, OSError, OverflowError):
        return "for now"
    return f"before {moment:%H:%M:%S} UTC"
