"""Hearing one account: what its feed gives goes on the log, together with the place up to which it was read.

Whatever ends this process between two steps, no post is lost: the mark and the posts are in one append, and what was
read but not written is read again. A post that comes twice has the same id and changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from agents.feed_port import Feed, FeedBatch, FeedWaits
from agents.ports import Clock, NotSent, Rejected
from agents.runtime.feeds.pauses import MENDED_SECONDS, pause_seconds
from infra.log import LogError
from streams import foreign
from streams.topics import Event
from streams.values import sentence
from streams.words.feeds import FAULTS_MAX, FeedState
from streams.words.posts import PartnerEvent
from streams.words.register.partners import PartnerAccount

logger = structlog.get_logger(__name__)

POSTS_AT_ONCE = 200
"""So many posts go into one append; of a larger batch the mark goes with the last of them."""
SIGN_SECONDS = 60.0
"""So often a feed notes that it was read, also if it has nothing new."""
PUT_AGAIN_SECONDS = 1.0

Put = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ears:
    """What hearing needs: the time, chance (0 up to 1), and the way to the log."""

    clock: Clock
    chance: Callable[[], float]
    put: Put


class Hearing:
    """One account, heard until cancelled; its failures touch no other."""

    def __init__(self, account: PartnerAccount, feed: Feed, state: FeedState, *, ears: Ears) -> None:
        self._account, self._feed, self._ears = account, feed, ears
        self.state = state
        self._failures = 0

    async def run(self) -> None:
        """Read on and on; after a failure read again from the last mark, later each time."""
        while True:
            seconds = MENDED_SECONDS
            try:
                async for batch in self._feed.read(self.state.mark):
                    await self._take(batch)
                why = "the feed ended: it is opened again"
            except Rejected as error:
                why = str(error)
            except (NotSent, TimeoutError) as error:
                why = str(error) or "the source gave no answer in time"
                told = error.seconds if isinstance(error, FeedWaits) else 0.0
                seconds = pause_seconds(self._failures + 1, self._ears.chance(), told_seconds=told)
            except Exception as error:
                logger.exception("a feed broke off", partner=self.state.partner, kind=self.state.kind)
                why = f"reading it broke off ({type(error).__name__}): look at the log of the feeds"
                seconds = pause_seconds(self._failures + 1, self._ears.chance())
            await self._fail(why)
            await self._pause(seconds)

    async def _take(self, batch: FeedBatch) -> None:
        """Put a batch on its topic, and with its last posts the mark."""
        self._failures = 0
        now = self._ears.clock.now()
        items, strange = _own(batch.items, self._account, mode=self.state.mode)
        said = tuple(sentence(one) for one in (*batch.faults, *strange))[:FAULTS_MAX]
        changes: dict[str, object] = {
            "mark": batch.mark,
            "posts": self.state.posts + len(items),
            "failing_since": None,
            "failure": None,
        }
        if said and said != self.state.faults:
            changes |= {"faults": said, "faults_at": now}
        signed = (now - self.state.at).total_seconds() < SIGN_SECONDS and self.state.read_at is not None
        if signed and not items and self.state == self.state.model_copy(update=changes):
            return
        for one in said:
            if one not in self.state.faults:
                logger.warning("a feed is not as it should be", partner=self.state.partner, reason=one)
        state = FeedState.model_validate({**dict(self.state), **changes, "at": now, "read_at": now})
        for start in range(0, max(1, len(items)), POSTS_AT_ONCE):
            some = items[start : start + POSTS_AT_ONCE]
            await self._surely([*some, state] if start + POSTS_AT_ONCE >= len(items) else some)
        self.state = state

    async def _fail(self, why: str) -> None:
        self._failures += 1
        now = self._ears.clock.now()
        logger.warning("a feed cannot be read; trying again", partner=self.state.partner, reason=why)
        since = self.state.failing_since or now
        update = {"failing_since": since, "failure": sentence(why), "at": now}
        self.state = FeedState.model_validate({**dict(self.state), **update})
        await self._surely([self.state])

    async def _pause(self, seconds: float) -> None:
        """Wait, and go on noting that this account is tried."""
        while seconds > SIGN_SECONDS:
            await self._ears.clock.sleep(SIGN_SECONDS)
            seconds -= SIGN_SECONDS
            self.state = self.state.model_copy(update={"at": self._ears.clock.now()})
            await self._surely([self.state])
        await self._ears.clock.sleep(seconds)

    async def _surely(self, messages: Sequence[Event]) -> None:
        """Try until the log takes them: what was read must not be lost, and is not read again for that."""
        while True:
            try:
                await self._ears.put(messages)
            except LogError as error:
                logger.warning("the log takes no posts yet; trying again", reason=str(error))
                await asyncio.sleep(PUT_AGAIN_SECONDS)
            else:
                return


def _own(
    items: Sequence[PartnerEvent], account: PartnerAccount, *, mode: str
) -> tuple[list[PartnerEvent], Sequence[str]]:
    """The items that are of this account and mode, and a sentence if there are others: no feed speaks for another."""
    pinned = (foreign.account(account.account_id), foreign.domain(account.domain), mode)
    own = [one for one in items if (one.account_id, one.domain, one.mode) == pinned]
    strange = len(items) - len(own)
    said = f"{strange} of its posts are of another account than {account.account_id}: they were left out"
    return own, [said] if strange else []
