"""A server of Mastodon's interface, asked one thing at a time, with an honest answer about what became of it.

No error carries a header, because one of them is the token.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from agents.adapters.channels.vendor import NoWholeAnswer, content_of, session_for_one
from agents.ports import NotSent, Rejected
from streams.values import sentence

SAID_CHARACTERS_MAX = 300
CONNECT_SHARE, READ_SHARE, WRITE_SHARE = 0.2, 0.25, 0.5
"""Of the time for one act: who we are, what is there already, and the words themselves fit into it."""
OK, MOVED, GONE, WRONG, BROKEN = range(200, 300), range(300, 400), (404, 410), (400, 413, 422), range(500, 600)
NO_ACCESS, NOT_NOW = (401, 403), 429
Json = dict[str, Any] | list[Any] | str | float | None
READS, DELETES, UNDOES = "GET", "DELETE", "/unreblog"
MEDIA = "/api/v2/media"
"""Nobody sees what is brought here before a post names it, so the same once more does no harm."""


class Gone(NotSent):
    """The server knows no such post."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """What the server said; `left` is how many requests it takes before `renewed`, None where it does not say."""

    content: Json
    left: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Asks in the name of the account that the token opens; `seconds` are for one act of the channel.

    Without a token it asks as anybody may.
    `Rejected`: the server will never take this. `NotSent`: nothing was changed, with `Gone` if a post is not there.
    `NoWholeAnswer`: what was asked for may have happened; where the same once more does no harm it is `NotSent` too.
    """

    url: str
    seconds: float
    token: str = field(repr=False)

    async def get(self, path: str, **parameters: str) -> Json:
        """Read something."""
        return (await self.ask("GET", path, parameters=parameters)).content

    async def ask(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | aiohttp.FormData | None = None,
        key: str | None = None,
    ) -> ServerAnswer:
        """One request with the token; `key` lets a server that keeps keys know a repeat."""
        headers = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | (
            {"Idempotency-Key": key} if key else {}
        )
        try:
            async with self._answered(method, path, headers=headers, params=parameters, body=body) as answer:
                return await self._understood(answer)
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"{self.url} cannot be reached ({type(error).__name__})") from None
        except aiohttp.ConnectionTimeoutError:
            raise NotSent(f"{self.url} cannot be reached in time") from None
        except (aiohttp.ClientError, TimeoutError, NoWholeAnswer) as error:
            why = str(error) if isinstance(error, NoWholeAnswer) else type(error).__name__
            said = f"{self.url} gave no clear answer ({why})"
            is_harmless = method in (READS, DELETES) or path.endswith((UNDOES, MEDIA))
            raise (NotSent if is_harmless else NoWholeAnswer)(said) from None

    async def is_hidden(self, path: str) -> bool:
        """Whether the server shows this to the account only; False too where strangers are shown nothing at all."""
        try:
            async with self._answered("GET", path, headers={}) as answer:
                return answer.status in GONE
        except (aiohttp.ClientError, TimeoutError, NoWholeAnswer):
            return False

    @asynccontextmanager
    async def _answered(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | aiohttp.FormData | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        given: dict[str, Any] = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        share = READ_SHARE if method == READS else WRITE_SHARE
        limit = aiohttp.ClientTimeout(total=self.seconds * share, sock_connect=self.seconds * CONNECT_SHARE)
        async with (
            session_for_one(limit) as session,
            session.request(
                method, self.url + path, headers=headers, params=params, allow_redirects=False, **given
            ) as answer,
        ):
            yield answer

    async def _understood(self, answer: aiohttp.ClientResponse) -> ServerAnswer:
        status, content = answer.status, await content_of(answer)
        said = f"{status}: {self._said(content)}"
        if status in OK and content is not None:
            return ServerAnswer(content, answer.headers.get("X-RateLimit-Remaining"), answer.headers.get("Date"))
        if status in GONE:
            raise Gone(f"{self.url} does not know it ({said})")
        if status in MOVED:
            raise NotSent(f"{self.url} sends us to another address ({status}): write that one in `server`")
        if status in NO_ACCESS:
            raise NotSent(f"{self.url} does not let us in ({said}): see the account, and renew its token")
        if status == NOT_NOW:
            until = sentence(answer.headers.get("X-RateLimit-Reset", "later"))
            raise NotSent(f"{self.url} takes no more from us until {until} ({status})")
        # A server in front may answer in its own words; only the server's own, in JSON, are a judgement.
        if status in WRONG and isinstance(content, dict):
            raise Rejected(f"{self.url} does not take it ({said})")
        if status in OK or status in BROKEN:
            raise NoWholeAnswer(said)
        raise NotSent(f"{self.url} did not take it ({said})")

    def _said(self, content: Json) -> str:
        words = content.get("error") if isinstance(content, dict) else None
        said = str(words or "no reason given")
        return sentence(said.replace(self.token, "(token)") if self.token else said)[:SAID_CHARACTERS_MAX]
