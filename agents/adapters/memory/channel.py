"""A channel for drills that publishes nowhere, keeps a record, and plays troubles on demand.

It keeps the port's contract as a real channel of the kind that it plays would, with the weaknesses of its row: what
a repeat does, what a look can show, how long a request may still land, and how words are mended and taken back.
"""

import asyncio
from collections.abc import Sequence

from agents.adapters.admission import admit
from agents.adapters.clocks import SystemClock
from agents.adapters.memory.played_faults import Plan, Trouble, no_faults, play_after, play_before
from agents.adapters.memory.wall import Wall
from agents.ports import Clock, NotSent
from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import PLAYED
from streams.values import is_drill
from streams.words.delivery import Dispatch, Look, Receipt, Sight

POSTS_MAX = 10_000


class MemoryChannel:
    """Keeps what was published, in order, as it would be read back; `kind` is the row that it plays.

    Mode `live` needs `pretends_live`, for tests of the live wiring, because nothing it confirms is really public.
    At most `POSTS_MAX` posts, then `NotSent`. Its record ends with the process.
    """

    def __init__(  # budget: what it plays, when, and for whom
        self,
        mode: str,
        kind: ChannelKind = PLAYED,
        *,
        plan: Plan = no_faults,
        clock: Clock | None = None,
        pretends_live: bool = False,
    ) -> None:
        if not is_drill(mode) and not pretends_live:
            raise ValueError("a memory channel publishes nowhere: give mode live a channel that the public can see")
        self._mode, self._kind, self._plan, self._clock = mode, kind, plan, clock or SystemClock()
        self._wall = Wall(kind)
        self._attempts: dict[str, int] = {}

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def posts(self) -> Sequence[Dispatch]:
        """Everything that ever was public, oldest first; a key that was published twice is there twice."""
        return self._now().ever

    @property
    def shown(self) -> Sequence[Dispatch]:
        """What the public sees now: nothing that was deleted, or changed into other words."""
        return self._now().shown

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        attempt = self._attempts[dispatch.key] = self._attempts.get(dispatch.key, 0) + 1
        fault = self._plan(dispatch, attempt)
        await asyncio.sleep(0)
        if self._now().size >= POSTS_MAX:
            raise NotSent(f"the record is full with {POSTS_MAX} posts: start a new exercise")
        await play_before(fault, "channel", what="message", clock=self._clock)
        if fault is Trouble.HIDDEN:
            return self._wall.hide(dispatch)
        if fault is Trouble.LATE:
            self._wall.hold(dispatch, attempt, at=self._clock.now())
            raise ConnectionError("the connection broke off, and the network holds the request (played)")
        receipt = self._wall.put(dispatch, at=self._clock.now())
        await play_after(fault, clock=self._clock)
        return receipt

    async def look(self, dispatch: Dispatch) -> Look:
        if not self._kind.reads_back:
            raise NotSent("this channel cannot be read back: ask a person who sees it")
        await asyncio.sleep(0)
        if hidden := self._wall.hidden.get(dispatch.key):
            return Look(sight=Sight.HIDDEN, receipt=hidden, why="it was hidden there (played)")
        receipt = self.seen(dispatch)
        return Look(sight=Sight.SHOWN, receipt=receipt) if receipt else Look(sight=Sight.ABSENT)

    def seen(self, dispatch: Dispatch) -> Receipt | None:
        """Where a person who opens the channel sees the dispatch done, a channel that no machine can read too."""
        return self._now().seen(dispatch)

    async def check(self) -> str:
        return f"plays a channel of kind {self._kind.name}, with {len(self.posts)} posts"

    def _now(self) -> Wall:
        """The wall with what has landed by now."""
        self._wall.pass_to(self._clock.now())
        return self._wall
