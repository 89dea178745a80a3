"""The port of feeds: how the accounts of partners are read. Its docstrings are the contract of every kind."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents.ports import NotSent
from streams.values import Mode
from streams.words.posts import PartnerEvent
from streams.words.register.partners import PartnerAccount
from streams.words.release import Message


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """What a feed read at once: posts and changes of the account, each with an id made from what it says.

    `mark` is where to read on once these are on the log; None if the source has no such place.
    `faults` are sentences about what in the feed is not well-formed, or is not taken, and why; also about a gap.
    """

    items: tuple[PartnerEvent, ...]
    mark: str | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedPost:
    """Our copy of a partner's post that is out, in which mode, and whether a feed brought the post."""

    copy: Message
    mode: Mode
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """What a source sent once, kept in a file: read as of a moment, for a mode, as this account's."""

    body: bytes
    account: PartnerAccount
    mode: Mode
    now: datetime


ReadRecording = Callable[[Recording], FeedBatch]
"""What a recording would give, by the parser that the feed itself has; nothing is fetched, and it has no mark."""


class FeedWaits(NotSent):
    """The source cannot be read now and says, or its kind says, for how many seconds to leave it alone."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Feed(Protocol):
    """One account of a partner as its source shows it. It reads, and never publishes.

    What its kind can see is said by its `FeedCard`.
    """

    def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        """Read on from a mark, for ever; without one, from what the source shows now.

        The first batch comes at once and may be empty; it waits in here between two reads, as its card says.
        An empty batch says that the source still answers: a stream or a hook gives one at least once a minute.
        To ask for the next batch says that the one before is durable, so a sender may be answered then.
        The same mark again gives the same items with the same ids, so that a repeat changes nothing.
        A mark that it does not know is a gap: it says so among the faults, and begins as without one.
        `NotSent` (or `FeedWaits`) says why it cannot read now; the caller reads again from the last mark, later each
        time. `Rejected` says what a person has to mend. Neither has a secret in its words.
        """

    async def check(self) -> str:
        """Whether the source could be read now, in a sentence; it puts nothing anywhere.

        `NotSent` says what keeps us from it, and what to do.
        """
