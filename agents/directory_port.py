"""The port to the trust's own directory of people: who signs in and out there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents.ports import Rejected


class NotStrong(Rejected):
    """The directory signed the person in, but not as strongly as the settings ask: by a password alone, for example."""


class NotVouched(Rejected):
    """The directory signed the person in, but does not say that their e-mail address is verified."""


@dataclass(frozen=True, slots=True)
class SignInThere:
    """A sign-in at the directory: its own name for the person, and for this session of theirs if it gives one.

    `shown` is when the person showed there who they are, if the directory says so; a sign-in may rest on an older one.
    """

    subject: str
    session: str | None = None
    shown: datetime | None = None


@dataclass(frozen=True, slots=True)
class NamedThere:
    """Whom the directory signed in: `named` by the claim of the settings, `mail` if it vouches for their address.

    An e-mail address may be another person's later; `issuer` and the subject of `there` together never are.
    """

    named: str
    mail: str | None
    there: SignInThere
    issuer: str


@dataclass(frozen=True, slots=True)
class SignOutThere:
    """A sign-out at the directory, of one session or of all of a person, as far as they began up to `until`."""

    subject: str | None
    session: str | None
    until: datetime

    def ends(self, there: SignInThere, began: datetime) -> bool:
        """Whether it ends what was begun by this sign-in; one whose session there has no name ends with its person."""
        if began > self.until or self.subject not in {None, there.subject}:
            return False
        if self.session is None or there.session is None:
            return self.subject is not None
        return self.session == there.session


class Directory(Protocol):
    """The trust's own directory of people, by OpenID Connect, to which a person goes to sign in and comes back.

    `agents.ports.NotSent`: it cannot be asked now. `agents.ports.Rejected`: what it is said to say proves nothing.
    """

    async def way_in(self, *, state: str, nonce: str, challenge: str, again: bool = False) -> str:
        """Where a person signs in there; `challenge` is the SHA-256 of the verifier, in Base64 for addresses.

        With `again` they are to show there once more who they are, though they are signed in there.
        """
        ...

    async def names(self, answer: Mapping[str, str], *, nonce: str, verifier: str) -> NamedThere:
        """Whom it signed in; `NotStrong`: by less than the settings ask; `NotVouched`: it vouches for no address."""
        ...

    async def signed_out(self, token: str) -> SignOutThere:
        """Whom it signed out, by a logout token that counts once."""
        ...

    async def way_out(self, *, back: str) -> str | None:
        """Where a person signs out there too; None if it has no such place."""
        ...
