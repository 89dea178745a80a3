"""The feeds of partners, built from the register: the one place that knows them."""

from collections.abc import AsyncIterator, Callable, Mapping

from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.tools import FeedKind, Tools
from agents.feed_port import Feed, FeedBatch, Recording
from agents.ports import Rejected
from streams.words.register.partners import FEED_NAMES_BEGIN, PartnerAccount


def _checked(row: FeedKind) -> Callable[[PartnerAccount], object]:
    def read(account: PartnerAccount) -> object:
        if row.card.needs_secret and account.credential is None:
            raise ValueError(
                f"its `credential` is missing: name the variable that holds it, {FEED_NAMES_BEGIN} and more"
            )
        return row.checked(account)

    return read


SETTINGS: Mapping[str, Callable[[PartnerAccount], object]] = {name: _checked(row) for name, row in KINDS.items()}
"""How each kind reads the address and the options of an account: `ValueError` if they are wrong."""


class CannotBeMade:
    """The port `Feed` for an account whose feed cannot be made: it says why."""

    def __init__(self, why: str) -> None:
        self.why = why

    async def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        """Refuse."""
        if self.why:
            raise Rejected(self.why)
        yield FeedBatch((), mark)

    async def check(self) -> str:
        """Refuse."""
        raise Rejected(self.why)


def feed_of(account: PartnerAccount, tools: Tools) -> Feed:
    """The feed of an account; one that says why, if its kind or its options are wrong."""
    row = KINDS.get(account.kind)
    if row is None:
        return CannotBeMade(f"there is no kind of feed {account.kind}: the kinds are {', '.join(sorted(KINDS))}")
    try:
        return row.make(account, tools)
    except ValueError as error:
        return CannotBeMade(f"its feed cannot be set up: {error}")


def read_recording(recording: Recording) -> FeedBatch:
    """What a recording would give, read by the parser of its account's kind. What it only links to is not fetched."""
    account = recording.account
    row = KINDS.get(account.kind)
    if row is None:
        return FeedBatch((), None, (f"there is no kind of feed {account.kind}: {', '.join(sorted(KINDS))}",))
    parsed = row.parse(recording.body, Source(recording.mode, account, recording.now))
    links = (f"{one.post_id} is behind {one.address}, which a recording does not fetch" for one in parsed.links)
    return FeedBatch(parsed.items, None, (*parsed.faults, *parsed.left_out, *links))
