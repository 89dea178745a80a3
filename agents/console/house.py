"""What all pages share: where the console is reached, what it follows, who is signed in, and how words are drawn."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from agents.console.drawing import Drawing
from agents.console.looks import Looks
from agents.console.rates import Rates
from agents.console.sessions import AccountsThere, FailedSignIns, Nonces, OpenSession, Sessions
from agents.directory_port import Directory
from agents.ports import Clock
from agents.runtime.views.board import Board
from streams.decisions.sign_off.links import Ticket, page_for, ticket_of
from streams.projections.inbox import inbox
from streams.values import LIVE, THE_REGISTER
from streams.words.orders import Giver, command
from streams.words.register.entries import Person, Register
from streams.words.register.keys import Enrolled
from streams.words.register.passkeys import NoteSignIns, Passkey

NO_REGISTER = Register(trust="-")
Made = TypeVar("Made")
MADE_MAX = 500
"""So many parts of pages, and of what they follow from, are kept for all who look at the same."""
TOKEN = "__Host-session"  # noqa: S105 - the name of a cookie
"""The cookie of a session: browsers take it from this host alone, and never over plain http."""
TRIAL_TOKEN = "session"  # noqa: S105 - as above
"""Its name on http://localhost, where browsers take no `__Host-` cookie."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where people reach the console: the origin of its pages, and the service that their passkeys are made for."""

    origin: str
    rp_id: str

    @classmethod
    def of(cls, origin: str, rp_id: str | None = None) -> "Address":
        """The address of an origin such as `https://live.holdingline.example`; `ValueError` says what is wrong."""
        parts = urlsplit(origin)
        plain = f"{parts.scheme}://{parts.netloc}"
        host = parts.hostname or ""
        if parts.scheme not in {"https", "http"} or plain != origin.rstrip("/"):
            raise ValueError(f"{origin} is no origin: give it as https://live.holdingline.example, without a path")
        if parts.scheme == "http" and host != "localhost":
            raise ValueError(f"{origin} is not safe: passkeys need https, or http://localhost for a trial")
        if rp_id and host != rp_id and not host.endswith(f".{rp_id}"):
            raise ValueError(f"{rp_id} is not a part of {host}: leave the service out, or give a parent domain of it")
        return cls(plain, rp_id or host)


@dataclass(frozen=True, slots=True)
class House:
    """One console of one mode. `link_key` is what the worker makes its links with; without it they open nothing.

    `directory` is the trust's own, if people may sign in by it; `accounts_there` are those that people have in it.
    `made` keeps what live pages showed last, `counted` how much waited for each person.
    """

    mode: str
    address: Address
    board: Board
    clock: Clock
    drawing: Drawing
    sessions: Sessions
    nonces: Nonces = field(default_factory=Nonces)
    link_key: str | None = None
    rates: Rates = field(default_factory=Rates)
    looks: Looks = field(default_factory=Looks)
    directory: Directory | None = None
    accounts_there: AccountsThere = field(default_factory=AccountsThere)
    made: dict[Hashable, asyncio.Future[Any]] = field(default_factory=dict)
    counted: dict[str, tuple[Hashable, int]] = field(default_factory=dict)
    failed: FailedSignIns = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "failed", FailedSignIns(self._note, self.clock.sleep))

    async def _note(self, body: NoteSignIns) -> bool:
        """Leave the order for the desk, in the console's name."""
        now, by = self.clock.now(), Giver.CONSOLE.value
        return await self.board.door.leave(
            [command(body, cause=now, mode=self.mode, subject=THE_REGISTER, at=now, by=by)]
        )

    async def made_once(self, key: Hashable, make: Callable[[], Awaitable[Made]]) -> Made:
        """What is kept under this key, which names all that it follows from; made if nothing is there.

        Who comes while it is being made waits for that. What could not be made is not kept.
        """
        if key not in self.made:
            while len(self.made) >= MADE_MAX:
                self.made.pop(next(iter(self.made)))
            self.made[key] = making = asyncio.ensure_future(make())
            making.add_done_callback(lambda done: self._forget_failed(key, done))
        # A telephone that hangs up ends no other's wait.
        return await asyncio.shield(self.made[key])

    def waits_for(self, person: str, *, now: datetime) -> int:
        """How many things this person could settle now; counted again with each fact and each minute."""
        key = self.board.version, now.replace(second=0, microsecond=0)
        if self.counted.get(person, (None, 0))[0] != key:
            mine = (inbox(person, one, register=self.register, now=now) for one in self.board.overview.states)
            self.counted[person] = key, sum(len({one.key for one in found}) for found in mine)
        return self.counted[person][1]

    def _forget_failed(self, key: Hashable, done: asyncio.Future[Any]) -> None:
        if (done.cancelled() or done.exception()) and self.made.get(key) is done:
            del self.made[key]

    @property
    def register(self) -> Register:
        """The register in force, as the log keeps it; an empty one before there is any."""
        return self.board.register or NO_REGISTER

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the trust, in which pages tell every moment."""
        return self.register.hours.zone

    @property
    def is_live(self) -> bool:
        """Whether what is ordered here can reach the public."""
        return self.mode == LIVE

    @property
    def is_trial(self) -> bool:
        """Whether this is http://localhost, which no other machine reaches."""
        return self.address.origin.startswith("http:")

    @property
    def token_name(self) -> str:
        """What the cookie of the session is called."""
        return TRIAL_TOKEN if self.is_trial else TOKEN

    @property
    def cookie(self) -> Mapping[str, Any]:
        """How the cookie of the session is kept: no script reads it, and no other site's form sends it.

        A link in a letter must find it, so that it is Lax; an order carries its own proof.
        """
        return {"httponly": True, "samesite": "Lax", "path": "/", "secure": not self.is_trial}

    def session(self, request: web.Request, *, now: datetime, counts: bool = True) -> OpenSession | None:
        """The session of this browser; None if it has none, its person left the register, or its key is void."""
        found = self.sessions.find(request.cookies.get(self.token_name), now=now, counts=counts)
        person = self.person(found)
        if found is None or person is None:
            return None
        if found.key is None:
            return found if self.directory or not self.is_live else None
        return found if any(one.id == found.key and opens_now(one, now) for one in person.keys) else None

    @property
    def directory_name(self) -> str:
        """What the cookie of a sign-in at the directory is called."""
        return "directory" if self.is_trial else "__Host-directory"

    @property
    def link_name(self) -> str:
        """What the cookie of a link is called."""
        return "link" if self.is_trial else "__Host-link"

    @property
    def language_name(self) -> str:
        """What the cookie that keeps the language of the pages is called."""
        return "language" if self.is_trial else "__Host-language"

    def ticket(self, token: str | None) -> Ticket | None:
        """Whom a link was sent to, and about what; None if it is none of ours."""
        return ticket_of(token, self.link_key) if token and self.link_key else None

    async def asked(self, request: web.Request) -> tuple[Person, str] | None:
        """The person whom this browser's link was sent to, and the one page that it opens; None after the search."""
        ticket = self.ticket(request.cookies.get(self.link_name))
        state = await self.board.state(ticket.subject) if ticket else None
        search = state.searches.get(ticket.search_id) if ticket and state else None
        if ticket is None or search is None or search.ended:
            return None
        person, page = self.register.people.get(ticket.person), page_for(search, ticket.subject)
        return (person, page) if person and page else None

    def is_still_in(self, request: web.Request) -> bool:
        """Whether who looks at a live page is still signed in; a page that lies open is no sign of a person."""
        return self.session(request, now=self.clock.now(), counts=False) is not None

    def passkeys(self, person: Person | None) -> Mapping[str, Passkey]:
        """The passkeys of a person that count on these pages, by the credential that a browser knows them by."""
        held = person.keys if person else ()
        return {
            one.credential: one
            for one in held
            if isinstance(one, Passkey) and one.rp_id == self.address.rp_id and self.address.origin in one.origins
        }

    def holder(self, credential: str) -> tuple[Person, Passkey] | None:
        """Whose passkey this is; None if it is on nobody's entry."""
        for person in self.register.people.values():
            if found := self.passkeys(person).get(credential):
                return person, found
        return None

    def person(self, session: OpenSession | None) -> Person | None:
        """The person who is signed in, as the register has them now; None once they have left it."""
        return self.register.people.get(session.person) if session else None

    def shared(self) -> Mapping[str, Any]:
        """What every page is drawn with."""
        shared = {"mode": self.mode, "is_live": self.is_live, "trust": self.register.trust, "zone": self.zone}
        return {**shared, "who": self.called, "place": self.place}

    def called(self, person: str) -> str:
        """Name and role of a person of the register; of anybody else what the record calls them."""
        found = self.register.people.get(person)
        return found.called if found else person

    def place(self, channel: str) -> str:
        """What people call a channel; one that the register does not know any more has only its key."""
        return self.register.place(channel)


def opens_now(key: Enrolled, now: datetime) -> bool:
    """Whether a key opens a session, and keeps it open: one whose revocation is entered does so no more."""
    return key.revoked_at is None and key.enrolled_at <= now < key.expires_at
