"""The ports: all that an agent may ask of the world. Each docstring is a contract that every implementation keeps."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from streams.record.anchors import Anchor
from streams.subjects.incident import Incident
from streams.subjects.past import Ended
from streams.subjects.state import State
from streams.values import Subject
from streams.words.delivery import Dispatch, Look, Receipt
from streams.words.orders import Command
from streams.words.posts import PartnerPost
from streams.words.register.entries import Register
from streams.words.release import Credit
from streams.words.sign_off import Call

Value = TypeVar("Value")


class Rejected(Exception):
    """The channel will never take this message: nothing was published, and no retry helps."""


class NotSent(Exception):
    """The message surely was not published, and another try may succeed."""


class Unclear(Exception):
    """It may have come or not, as with any error but the two above; this one says why to a person."""


class Clock(Protocol):
    """Time, real or played; aware UTC."""

    def now(self) -> datetime:
        """The moment it is."""

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds of this clock."""

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Raise `TimeoutError` in the block after so many seconds of this clock."""


class Channel(Protocol):
    """A place where we speak. `mode` is the only mode whose messages it takes.

    What it can do and how it fails is said by the row of its kind in `streams.decisions.channels.kinds`.
    """

    @property
    def mode(self) -> str:
        """`live`, `training` or `exercise-<id>`."""

    async def publish(self, dispatch: Dispatch) -> Receipt:
        """Make the message public and answer with where it is.

        `Rejected` and `NotSent` promise that nothing was published; any other error, a timeout too, leaves it unknown.
        The same key again publishes nothing new if the row of its kind says that it may be sent again.
        """

    async def look(self, dispatch: Dispatch) -> Look:
        """What the public sees of the dispatch now; `NotSent` if the channel cannot say.

        A receipt comes with everything that is there. That nothing is there proves nothing while a copy may still land.
        """

    async def check(self) -> str:
        """Whether we could publish now, in a sentence; `NotSent` says what keeps us from it. It publishes nothing."""


@runtime_checkable
class KeepsRecord(Protocol):
    """A channel that shows what it has in a record of its own, which a disk or a person may lose."""

    async def lacks_records(self) -> bool:
        """Whether the record is empty, or lacks something that it had; `NotSent` if that cannot be told now."""

    async def restore(self, confirmed: Sequence[tuple[Dispatch, datetime]]) -> int:
        """Put back those that are missing, show all, and answer with how many; `NotSent` if it cannot be done now.

        `confirmed` is all that this channel has confirmed, each with the moment since when it is public.
        """


class Pager(Protocol):
    """A way to reach a person. `mode` is the only mode whose pages it takes."""

    @property
    def mode(self) -> str:
        """`live`, `training` or `exercise-<id>`."""

    async def page(self, call: Call) -> str:
        """Send the page to its contact and answer with a receipt.

        `Rejected` and `NotSent` promise that nothing was sent; any other error, a timeout too, leaves it unknown.
        The caller never uses the same key twice.
        """


class AnchorPlace(Protocol):
    """A place outside: a person who can write the log cannot remove an anchor from it."""

    async def note(self, anchor: Anchor) -> str:
        """Note an anchor down beside those before it, and answer with a receipt; the same again does no harm.

        `Rejected` and `NotSent` promise that it is not there; after any other error it may be.
        """


class Store(Protocol[Value]):
    """A table with one writer: the agent that holds it."""

    def get(self, key: str) -> Value | None:
        """The value of a key, None where there is none; a `MessageError` if what is there cannot be read."""

    def put(self, key: str, value: Value) -> None:
        """Set a value; it lasts only if the event being handled is committed."""

    def remove(self, key: str) -> None:
        """Take a value away, on the same terms."""

    def keys(self, prefix: str = "") -> Sequence[str]:
        """Every key that begins so, the one that came first first; with `subject|` it costs what that subject has."""


class Records(Protocol):
    """The desk's table of subjects, for others of its worker to look at: no fact that was committed here is missing.

    A record may be ahead by the one order that the desk judges right now.
    """

    def get(self, key: str) -> State | None:
        """The state of a subject by its key; None where this worker has none, or not any more."""


class Incidents(Protocol):
    """A view of every incident as its facts tell; it may be asked from anywhere and written from nowhere."""

    async def live(self) -> Sequence[Incident]:
        """The incidents that are declared now, as of every fact committed before the call."""

    async def all(self) -> Mapping[str, Incident]:
        """Every incident in memory by its identifier, as of every fact committed before the call."""

    async def carrying(self, credit: Credit) -> Sequence[str]:
        """The incidents that carry this post of a partner, in memory or not, on the same terms."""

    async def carried_of(self, account_id: str) -> Mapping[str, Sequence[str]]:
        """The posts of this account that the incidents in memory carry, by incident, on the same terms."""


class RecentPosts(Protocol):
    """A view of the partner posts of the last half hour, and of what became of each in the last day."""

    async def recent(self) -> Sequence[PartnerPost]:
        """The posts, oldest first, as of every post committed before the call."""

    async def versions(self, account_id: str, post_id: str) -> Sequence[PartnerPost]:
        """All that came under this identifier, new, edited or deleted, in the order in which it came, as above."""

    async def before(self, post: PartnerPost, since: datetime, *, accounts: Collection[str]) -> Sequence[PartnerPost]:
        """The other posts of these accounts that came before this one and not before `since`, as they came first."""


Work = Callable[[], Awaitable[Sequence[Command]]]


class Background(Protocol):
    """Runs what takes long beside the stream; the commands it answers with are put on the topic."""

    def start(self, key: str, work: Work) -> None:
        """Start this work, once only for each key in the life of this process; more than it can hold waits its turn."""


Registers = Callable[[], Register]
"""Answers with the registers as they stand."""

Recall = Callable[[Subject, Ended], Awaitable[State]]
"""Answers with the state of an incident or case that left memory; it may read the whole record for that."""

Keep = Callable[[Register], Awaitable[str]]
"""Answers with a register's version once the whole register is kept for ever under it; the same again adds nothing."""
