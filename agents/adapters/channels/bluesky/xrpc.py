"""Requests to the server that an account lives on, and what each answer proves.

A refusal by name proves that nothing was written. No answer, a cut one, a 5xx and one that is not the server's own
prove nothing: `NoClearAnswer`. Nothing that a request carried, and no secret that an answer repeats, is in an error.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from agents.ports import NotSent, Rejected
from streams.values import sentence

ANSWER_BYTES_MAX = 1_000_000
OK, TOO_MANY = 200, 429
STALE = ("ExpiredToken", "InvalidToken")
"""Names of refusals that a fresh token mends; they come with status 400."""
MALFORMED = (400, 413)
NOT_OURS = (401, 403)

Answer = Mapping[str, Any]


class NoClearAnswer(Exception):
    """The server gave no clear answer: what was asked may be done."""


class Moved(Exception):
    """The account holds something newer than what we had seen, so nothing was written."""


class Stale(NotSent):
    """The token is no longer good, so nothing was done."""


class NotLetIn(NotSent):
    """The server does not take our password, or has closed the account."""


class NoSuchRecord(NotSent):
    """The server has no such record."""


class NoSuchAccount(NotSent):
    """The server has no such account."""


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to one server; `secrets` never leave in an error."""

    client: aiohttp.ClientSession
    host: str
    secrets: Callable[[], Sequence[str]] = field(repr=False)

    async def ask(self, method: str, *, token: str | None = None, **query: str) -> Answer:
        """The answer to a question; `NoSuchRecord` if the record is not there, `NotSent` if no clear answer came."""
        try:
            return await self._json("GET", method, token=token, params=query)
        except (NoClearAnswer, Rejected) as error:
            raise NotSent(f"{self.host} could not be asked: {error}") from None

    async def proof(self, **query: str) -> bytes:
        """The part of the account that proves whether it holds a record, as bytes; `NotSent` without a clear answer."""
        try:
            return await self._answer("GET", "com.atproto.sync.getRecord", params=query)
        except (NoClearAnswer, Rejected) as error:
            raise NotSent(f"{self.host} could not be asked: {error}") from None

    async def order(self, method: str, body: Mapping[str, Any] | None = None, *, token: str | None) -> Answer:
        """Have something done; each error but `NoClearAnswer` proves that it was not done."""
        return await self._json("POST", method, token=token, json=body)

    async def upload(self, content: bytes, kind: str, *, token: str | None) -> Answer:
        """Bring a file of this media type to the server, where no record shows it yet; `NotSent` without an answer."""
        try:
            return await self._json("POST", "com.atproto.repo.uploadBlob", token=token, kind=kind, data=content)
        except NoClearAnswer as error:
            raise NotSent(f"the picture could not be brought to {self.host}: {error}") from None

    async def _json(self, verb: str, method: str, *, token: str | None = None, **given: Any) -> Answer:  # noqa: ANN401 - what the library takes
        answer = _read(await self._answer(verb, method, token=token, **given))
        if answer is None:
            raise NoClearAnswer("its answer cannot be read")
        return answer

    async def _answer(  # budget: what a request may be made of
        self,
        verb: str,
        method: str,
        *,
        token: str | None = None,
        kind: str | None = None,
        **given: Any,  # noqa: ANN401 - as above
    ) -> bytes:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": kind} if kind else {}
        try:
            async with self.client.request(
                verb, f"/xrpc/{method}", headers=headers, allow_redirects=False, **given
            ) as answer:
                content = await _whole(answer)
                if answer.status != OK:
                    raise self._refusal(answer.status, content, answer.headers)
                return content
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{self.host} cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoClearAnswer(f"no whole answer came ({type(error).__name__})") from None

    def _refusal(self, status: int, content: bytes, headers: Mapping[str, str]) -> Exception:
        """What a status that is no yes means; only the server's own refusal has a name."""
        answer = _read(content) or {}
        name, words = str(answer.get("error", "")), str(answer.get("message", ""))
        said = self.without_secrets(sentence(f"{status} {name} {words}".strip()))
        if status == TOO_MANY:
            return NotSent(f"{self.host} takes no more requests{_until(headers)}")
        if name in STALE:
            return Stale(f"{self.host} no longer takes our token ({name})")
        if name == "InvalidSwap":
            return Moved(said)
        if name == "RecordNotFound":
            return NoSuchRecord(f"{self.host} has no such record")
        if name == "RepoNotFound":
            return NoSuchAccount(f"{self.host} has no such account")
        if name and status in NOT_OURS:
            return NotLetIn(f"{self.host} does not let us in ({said}){_remedy(name)}")
        if name and status in MALFORMED:
            return Rejected(f"{self.host} refused it ({said})")
        return NoClearAnswer(f"it answered {said}")

    def without_secrets(self, said: str) -> str:
        """The words of a server that may repeat what it was given."""
        for secret in self.secrets():
            said = said.replace(secret, "(secret)")
        return said


@asynccontextmanager
async def line_to(url: str, *, seconds: float, secrets: Callable[[], Sequence[str]]) -> AsyncIterator[Line]:
    """A line of its own for each attempt: an idle connection that broke meanwhile would leave every outcome open."""
    limit = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(url, timeout=limit) as client:
        yield Line(client, url.partition("://")[2], secrets)


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in answer.content.iter_any():
        content += part
        if len(content) > ANSWER_BYTES_MAX:
            raise NoClearAnswer("its answer is too long")
    return bytes(content)


def _read(content: bytes) -> Answer | None:
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _until(headers: Mapping[str, str]) -> str:
    """When the server takes requests again, as far as it says so: as a moment in seconds since 1970."""
    try:
        moment = datetime.fromtimestamp(int(headers["ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OSError, OverflowError):
        return ""
    return f" before {moment:%H:%M:%S} UTC"


def _remedy(name: str) -> str:
    if name.startswith("Account"):
        return ": ask the network's support why the account is closed"
    return ": set the secret to an app password of this account that holds"
