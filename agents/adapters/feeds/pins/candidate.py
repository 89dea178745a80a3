"""An account as its source describes it, before anybody pinned it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from streams.words.register.partners import PartnerAccount


@dataclass(frozen=True, slots=True)
class Directories:
    """Where is asked whose a name on Bluesky is, and where an identifier lives."""

    names: str = "https://public.api.bsky.app"
    identifiers: str = "https://plc.directory"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an account would be pinned by. `says` are sentences for the person who decides whether it is the partner's.

    `doubts` are reasons to look again.
    """

    kind: str
    account_id: str
    address: str
    says: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    def account(self, domain: str, evidence: str) -> PartnerAccount:
        """The account as the register would have it; `ValueError` if it takes no such account."""
        return PartnerAccount(
            kind=self.kind,
            account_id=self.account_id,
            domain=domain,
            address=self.address,
            evidence=evidence,
            options=self.options,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """An address as a person has it, the partner's identifier and domain, and the moment."""

    address: str
    partner: str
    domain: str
    now: datetime
    directories: Directories = Directories()

    def is_theirs(self, host: str) -> bool:
        """Whether a host is on the partner's own domain."""
        return host == self.domain or host.endswith(f".{self.domain}")
