"""Our account on its server: its session, what it holds, and one change of it at a time.

The server counts logins (30 in five minutes), so a session is kept and renewed; the password is used if that fails.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from agents.adapters.channels.bluesky.records import FENCE, Place, Value
from agents.adapters.channels.bluesky.scene import Kept
from agents.adapters.channels.bluesky.xrpc import Answer, Line, NoClearAnswer, NoSuchRecord, NotLetIn, Stale
from agents.ports import Clock, NotSent, Rejected
from streams.values import sentence

LOGIN_AGAIN_AFTER = timedelta(minutes=1)
"""So long a password that was refused is not tried again: the network locks an account out after a few tries."""
SESSIONS_MAX = 3
"""The one at hand, a renewed one, and one of a new login."""
_IS_A_RECORD = b"createdAt"
"""Every record of ours says it, and nothing else in the part of the account that proves where it lies."""


@dataclass(slots=True)
class Tokens:
    """The tokens of one account, both secret, as long as this worker lives."""

    did: str
    clock: Clock
    access: str | None = None
    renewal: str | None = None
    refused_at: datetime | None = None
    refused: str | None = None

    def secrets(self) -> Sequence[str]:
        return [token for token in (self.access, self.renewal) if token]

    async def token(self, line: Line, password: str) -> str:
        """A token to write with: the one at hand, or the one of a login; `NotSent` where there is none."""
        if self.access is None:
            await self._log_in(line, password)
        if self.access is None:
            raise NotSent(f"{line.host} gave no token: look whether `url` is a Bluesky server")
        return self.access

    async def renew(self, line: Line) -> None:
        """Get a new token for the old one; if that fails the next `token` logs in."""
        self.access, renewal = None, self.renewal
        if renewal:
            self.renewal = None
            try:
                self._keep(await line.order("com.atproto.server.refreshSession", token=renewal))
            except (NotSent, Rejected, NoClearAnswer):
                return

    async def _log_in(self, line: Line, password: str) -> None:
        wait = self.refused_at + LOGIN_AGAIN_AFTER - self.clock.now() if self.refused_at else timedelta(0)
        if password == self.refused and wait > timedelta(0):
            raise NotSent(
                f"{line.host} refused the app password, the next try is in {wait.total_seconds():.0f} seconds: "
                "set the secret to one that holds"
            )
        known = {"identifier": self.did, "password": password}
        try:
            self._keep(await line.order("com.atproto.server.createSession", known, token=None))
        except NotLetIn:
            self.refused, self.refused_at = password, self.clock.now()
            raise
        except (NoClearAnswer, Rejected) as error:
            raise NotSent(f"{line.host} could not be asked for a session: {error}") from None

    def _keep(self, tokens: Mapping[str, Any]) -> None:
        if tokens.get("did") != self.did:
            raise NotSent(
                f"the server gave a session of another account: look whether `url` is the server of {self.did}"
            )
        self.access, self.renewal = str(tokens["accessJwt"]), str(tokens["refreshJwt"])
        self.refused = self.refused_at = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one attempt does with the account, over one line."""

    line: Line
    session: Tokens
    password: str

    @property
    def did(self) -> str:
        return self.session.did

    async def ready(self) -> None:
        """Have a session; `NotSent` if there is none to have."""
        await self.session.token(self.line, self.password)

    async def head(self) -> str:
        """What the account's latest change is called; a change that names an older one is refused."""
        latest = await self.line.ask("com.atproto.sync.getLatestCommit", did=self.did)
        return str(latest["cid"])

    async def held(self, places: Iterable[Place]) -> Mapping[Place, Kept]:
        """The records that the account holds at these places; `NotSent` if it cannot be told."""
        # All of them are waited for, else one that failed would leave the others running on a line that is closed.
        found = await asyncio.gather(*(self._held(place) for place in places), return_exceptions=True)
        for one in found:
            if isinstance(one, BaseException):
                raise one
        return {kept.place: kept for kept in found if isinstance(kept, Kept)}

    async def _held(self, place: Place) -> Kept | None:
        query = {"collection": place.collection, "rkey": place.key}
        try:
            record = await self.line.ask("com.atproto.repo.getRecord", repo=self.did, **query)
        except NoSuchRecord:
            # Moderators may hide a record, and it may be shown again: the account's own proof has it still.
            proof = await self.line.proof(did=self.did, **query)
            return Kept(place) if _IS_A_RECORD in proof else None
        return Kept(place, str(record["cid"]), record["value"])

    async def other(self, uri: str) -> Mapping[str, Any] | None:
        """The record at an address, of whatever account; None if it is not there."""
        _, _, repo, collection, key = uri.split("/")
        try:
            return await self.line.ask("com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=key)
        except NoSuchRecord:
            return None

    async def change(self, new: Mapping[Place, Value], *, gone: Iterable[Place], head: str) -> Sequence[str]:
        """Make and delete records in one change, all or nothing; answers with the versions of the new ones.

        `Moved` if the account has changed since `head`.
        """
        writes: list[Value] = [_write("delete", place) for place in gone]
        writes += [{**_write("create", place), "value": value} for place, value in new.items()]
        answer = await self._write("applyWrites", {"writes": writes, "swapCommit": head})
        return [str(one["cid"]) for one in answer.get("results", ()) if "cid" in one]

    async def upload(self, content: bytes, kind: str) -> None:
        """Bring a picture to the server; nobody sees it before a record names it, and the same again does no harm."""
        await self._with_session(partial(self.line.upload, content, kind))

    async def fence(self, name: str, *, head: str) -> None:
        """Change the account where no program looks, so that whatever is still on its way is refused."""
        record = {"$type": FENCE, "for": name, "after": head}
        await self._write("putRecord", {"collection": FENCE, "rkey": "self", "record": record, "swapCommit": head})

    async def check(self) -> str:
        """Whether the account can be written to now, in a sentence; `NotSent` says what keeps us from it."""
        status = await self.line.ask("com.atproto.sync.getRepoStatus", did=self.did)
        if not status.get("active"):
            why = sentence(str(status.get("status", "no reason given")))
            raise NotSent(f"the account is not active ({why}): ask the support of {self.line.host} to open it")
        account = await self._with_session(partial(self.line.ask, "com.atproto.server.getSession"))
        return sentence(f"the account {account.get('handle', self.did)} is active and lets us write")

    async def _write(self, method: str, body: Mapping[str, Any]) -> Answer:
        return await self._with_session(
            partial(self.line.order, f"com.atproto.repo.{method}", {"repo": self.did, **body})
        )

    async def _with_session(self, request: Callable[..., Awaitable[Answer]]) -> Answer:
        """Make a request with a token that holds; where it does not nothing was done, so it is made again."""
        for _ in range(SESSIONS_MAX):
            token = await self.session.token(self.line, self.password)
            try:
                return await request(token=token)
            except Stale:
                await self.session.renew(self.line)
        raise NotSent(f"{self.line.host} takes none of the tokens that it gave us: ask its support")


def _write(act: str, place: Place) -> Value:
    return {"$type": f"com.atproto.repo.applyWrites#{act}", "collection": place.collection, "rkey": place.key}
