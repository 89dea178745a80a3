"""Sessions: who is signed in, for reading. An order needs no session, only its proof.

Kept is the hash of what the browser holds, so that what lies here opens nothing.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from agents.directory_port import NamedThere, SignInThere, SignOutThere
from streams.words.register.passkeys import NAMED_MAX, NoteSignIns, NotIn, SignInCount

LASTS = timedelta(hours=12)
"""A shift, whatever is done in it."""
IDLE_MAX = timedelta(hours=1)
SEEN_EACH = timedelta(minutes=1)
"""That somebody is there is noted so often, not with each request."""
NONCE_LASTS = timedelta(minutes=5)
AGAIN_WITHIN = timedelta(minutes=10)
"""So long a passkey, or the directory, has shown that the person is there, for what takes more than a session."""
TOLD_EACH = timedelta(minutes=5)
"""Sign-ins that fail are told of in the record so often at most."""


class SessionStore(Protocol):
    """Where sessions are kept while the console is down: text by name."""

    def load(self) -> Mapping[str, str]:
        """All that is kept."""
        ...

    def put(self, name: str, text: str) -> None:
        """Keep this under its name."""
        ...

    def drop(self, name: str) -> None:
        """Keep it no more."""
        ...


BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""Names of browsers by what they say of themselves; most also say the names below their own."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "Chromebook",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser says that it is, in names of `BROWSERS` and `SYSTEMS`; empty what it does not say."""

    browser: str = ""
    system: str = ""

    @classmethod
    def told(cls, said: str) -> "Device":
        """The device of a `User-Agent`, of which nothing else is kept. An iPad may call itself a Mac."""
        browser, system = (next((one[sign] for sign in one if sign in said), "") for one in (BROWSERS, SYSTEMS))
        return cls(browser, system)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One person at one browser. `key` is the passkey that opened it; None by the directory, or by name in a drill.

    `there` is the sign-in at the directory that opened it.
    """

    person: str
    key: str | None
    began: datetime
    seen: datetime
    there: SignInThere | None = None
    device: Device = Device()


class Sessions:
    """Who is signed in, by the hash of the token that the browser shows; without `kept` only this process knows."""

    def __init__(self, kept: SessionStore | None = None) -> None:
        self._kept = kept
        self._by_hash = {name: _read(text) for name, text in kept.load().items()} if kept else {}

    def begin(  # budget: who, by what, when, which token ends, and where
        self,
        person: str,
        opened_by: str | SignInThere | None,
        *,
        now: datetime,
        before: str | None = None,
        device: Device = Device(),
    ) -> str:
        """Sign a person in, and answer with a new token, which is kept nowhere here; the one `before` ends.

        `opened_by` is their passkey, or their sign-in at the directory.
        """
        self.end(before)
        for name in [name for name, one in self._by_hash.items() if not _holds(one, now)]:
            self._drop(name)
        token = secrets.token_urlsafe(32)
        there = opened_by if isinstance(opened_by, SignInThere) else None
        key = opened_by if isinstance(opened_by, str) else None
        self._put(_hash(token), OpenSession(person, key, now, now, there, device))
        return token

    def find(self, token: str | None, *, now: datetime, counts: bool = True) -> OpenSession | None:
        """The session of a token, if it still holds; unless it `counts`, this is no sign that somebody is there."""
        name = _hash(token) if token else ""
        found = self._by_hash.get(name)
        if found is None:
            return None
        if not _holds(found, now):
            self._drop(name)
            return None
        if counts and now >= found.seen + SEEN_EACH:
            self._put(name, replace(found, seen=now))
        return found

    def of(self, person: str, *, now: datetime) -> Mapping[str, OpenSession]:
        """Where this person is signed in, the newest first, by names that open nothing and that `end_one` takes."""
        found = [(name, one) for name, one in self._by_hash.items() if one.person == person and _holds(one, now)]
        return {_hash(name): one for name, one in sorted(found, key=lambda pair: pair[1].began, reverse=True)}

    def end(self, token: str | None) -> None:
        """Sign out at this browser."""
        if token:
            self._drop(_hash(token))

    def called(self, token: str | None) -> str:
        """What `of` calls the session of this token."""
        return _hash(_hash(token)) if token else ""

    def end_one(self, person: str, shown: str) -> bool:
        """Sign this person out at the browser that `of` calls so; False if none of theirs is called so."""
        return self._end(lambda name, one: one.person == person and _hash(name) == shown) > 0

    def end_all(self, person: str) -> None:
        """Sign this person out at every browser."""
        self._end(lambda _, one: one.person == person)

    def others(self, person: str, *, now: datetime) -> Mapping[str, datetime]:
        """Who else is signed in, by their names, and when each of them was there last."""
        found = sorted((one.person, one.seen) for one in self._by_hash.values() if _holds(one, now))
        return {name: seen for name, seen in found if name != person}

    def end_others(self, person: str) -> None:
        """Sign everybody else out."""
        self._end(lambda _, one: one.person != person)

    def end_there(self, left: SignOutThere) -> int:
        """End what the directory's sign-out ends, and answer with how many sessions that were."""
        return self._end(lambda _, one: one.there is not None and left.ends(one.there, one.began))

    def _end(self, ends: Callable[[str, OpenSession], bool]) -> int:
        names = [name for name, one in self._by_hash.items() if ends(name, one)]
        for name in names:
            self._drop(name)
        return len(names)

    def _put(self, name: str, session: OpenSession) -> None:
        self._by_hash[name] = session
        if self._kept:
            self._kept.put(name, _text(session))

    def _drop(self, name: str) -> None:
        if self._by_hash.pop(name, None) and self._kept:
            self._kept.drop(name)


class AccountsThere:
    """Which account of the directory each person signed in with first, if their e-mail address found them.

    An address may pass to another person later, whose account then is another one. Without `kept` only this process
    knows.
    """

    def __init__(self, kept: SessionStore | None = None) -> None:
        self._kept = kept
        self._by_person = dict(kept.load()) if kept else {}

    def is_theirs(self, person: str, found: NamedThere) -> bool:
        """Whether this is the account that the person came with before; the first one is kept."""
        name, account = f"{found.issuer} {person}", found.there.subject
        if name not in self._by_person:
            self._by_person[name] = account
            if self._kept:
                self._kept.put(name, account)
        return self._by_person[name] == account


class Nonces:
    """What a browser signs to sign in: each is given out here, holds a short while, and counts once.

    What was given out is not remembered, only what came back: a flood of requests pushes no person's nonce out.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._used: dict[str, datetime] = {}

    def give(self, now: datetime) -> str:
        """A new one."""
        plain = f"{secrets.token_urlsafe(24)}.{int((now + NONCE_LASTS).timestamp())}"
        return f"{plain}.{self._mark(plain)}"

    def take(self, nonce: str, now: datetime) -> bool:
        """Whether it was given out here and not used or too old; it counts no more afterwards."""
        plain, _, mark = nonce.rpartition(".")
        if not hmac.compare_digest(mark.encode("utf-8", "surrogatepass"), self._mark(plain).encode()):
            return False
        until = datetime.fromtimestamp(int(plain.rpartition(".")[2]), now.tzinfo)
        self._used = {name: one for name, one in self._used.items() if one > now}
        if until <= now or nonce in self._used:
            return False
        self._used[nonce] = until
        return True

    def _mark(self, plain: str) -> str:
        return hmac.new(self._secret, plain.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _holds(session: OpenSession, now: datetime) -> bool:
    return now < session.began + LASTS and now < session.seen + IDLE_MAX


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _text(session: OpenSession) -> str:
    there: list[str | None] | None = None
    if session.there:
        shown = session.there.shown.isoformat() if session.there.shown else None
        there = [session.there.subject, session.there.session, shown]
    device = [session.device.browser, session.device.system]
    return json.dumps([session.person, session.key, session.began.isoformat(), session.seen.isoformat(), there, device])


def _read(text: str) -> OpenSession:
    """A session as it was kept; files of older releases say nothing of the directory, or of the device."""
    person, key, began, seen, *more = json.loads(text)
    there = None
    if more and more[0]:
        subject, session, *shown = more[0]
        there = SignInThere(subject, session, datetime.fromisoformat(shown[0]) if shown and shown[0] else None)
    device = Device(*more[1]) if more[1:] else Device()
    return OpenSession(person, key, datetime.fromisoformat(began), datetime.fromisoformat(seen), there, device)


@dataclass(slots=True)
class FailedSignIns:
    """Sign-ins that failed and that the record does not have yet, gathered, so that no flood of them fills it.

    The first is told at once, what comes within the next minutes together at their end; `tells` says whether it could.
    """

    tells: Callable[[NoteSignIns], Awaitable[bool]]
    sleeps: Callable[[float], Awaitable[None]]
    _counts: Counter[NotIn] = field(default_factory=Counter)
    _people: dict[str, None] = field(default_factory=dict)
    _since: datetime | None = None
    _waits: asyncio.Task[None] | None = None

    async def count(self, why: NotIn, person: str | None, *, now: datetime) -> None:
        """Count one, and tell of it unless another one was told of a short while ago."""
        self._counts[why] += 1
        self._since = self._since or now
        if person and len(self._people) < NAMED_MAX:
            self._people[person] = None
        if self._waits is None or self._waits.done():
            await self._tell()
            self._waits = asyncio.create_task(self._later())

    async def stop(self) -> None:
        """Wait for nothing any more; the log of the process has each of them."""
        if self._waits:
            self._waits.cancel()

    async def _later(self) -> None:
        while True:
            await self.sleeps(TOLD_EACH.total_seconds())
            if not self._counts:
                return
            await self._tell()

    async def _tell(self) -> None:
        if self._since is None:
            return
        failed = tuple(SignInCount(why=why, times=times) for why, times in self._counts.items())
        body = NoteSignIns(since=self._since, failed=failed, people=tuple(self._people))
        if not await self.tells(body):
            return  # They are told of with the next.
        self._counts.clear()
        self._people.clear()
        self._since = None
