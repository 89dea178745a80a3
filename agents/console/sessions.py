"""Sessions: who is signed in, for reading. An order needs no session, only its proof.

Kept is the hash of what the browser holds, so that what lies here opens nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LASTS = timedelta(hours=12)
"""A shift, whatever is done in it."""
IDLE_MAX = timedelta(hours=1)
NONCE_LASTS = timedelta(minutes=5)
NONCES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One person at one browser. `key` is the passkey that opened it; None in a drill, where a name is enough."""

    person: str
    key: str | None
    began: datetime
    seen: datetime


class Sessions:
    """The sessions of this process, by the hash of the token that the browser shows."""

    def __init__(self) -> None:
        self._by_hash: dict[str, OpenSession] = {}

    def begin(self, person: str, key: str | None, *, now: datetime) -> str:
        """Sign a person in, and answer with the token, which is kept nowhere here."""
        self._by_hash = {name: one for name, one in self._by_hash.items() if _holds(one, now)}
        token = secrets.token_urlsafe(32)
        self._by_hash[_hash(token)] = OpenSession(person, key, now, now)
        return token

    def find(self, token: str | None, *, now: datetime, counts: bool = True) -> OpenSession | None:
        """The session of a token, if it still holds; unless it `counts`, this is no sign that somebody is there."""
        name = _hash(token) if token else ""
        found = self._by_hash.get(name)
        if found is None or not _holds(found, now):
            self._by_hash.pop(name, None)
            return None
        if counts:
            self._by_hash[name] = replace(found, seen=now)
        return found

    def end(self, token: str | None) -> None:
        """Sign out at this browser."""
        if token:
            self._by_hash.pop(_hash(token), None)


class Nonces:
    """What a browser signs to sign in: each is given out here, holds a short while, and counts once."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def give(self, now: datetime) -> str:
        """A new one; the oldest makes room where there are too many."""
        self._until = {name: until for name, until in self._until.items() if until > now}
        while len(self._until) >= NONCES_MAX:
            self._until.pop(next(iter(self._until)))
        nonce = secrets.token_urlsafe(24)
        self._until[nonce] = now + NONCE_LASTS
        return nonce

    def take(self, nonce: str, now: datetime) -> bool:
        """Whether it was given out here and not used or too old; it counts no more afterwards."""
        until = self._until.pop(nonce, None)
        return until is not None and until > now


def _holds(session: OpenSession, now: datetime) -> bool:
    return now < session.began + LASTS and now < session.seen + IDLE_MAX


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
