"""A channel for drills that publishes nowhere, keeps a record, and plays troubles on demand.

It keeps the port's contract as a real channel of the kind that it plays would, with its weakness: if that kind cannot
be sent to again, the same key is published twice, so that a test sees a blind retry.
"""

import asyncio
from collections.abc import Sequence

from agents.adapters.admission import admit
from agents.adapters.memory.played_faults import Plan, Trouble, no_faults, play_after, play_before
from agents.ports import NotSent
from streams.decisions.channels.kinds import PLAYED, ChannelKind
from streams.values import is_drill
from streams.words.delivery import Dispatch, Look, Receipt, Resolution, Sight

POSTS_MAX = 10_000


class MemoryChannel:
    """Keeps what was published, in order, as it would be read back; `kind` is the row that it plays.

    Mode `live` needs `pretends_live`, for tests of the live wiring, because nothing it confirms is really public.
    At most `POSTS_MAX` posts, then `NotSent`. Its record ends with the process.
    """

    def __init__(
        self,
        mode: str,
        kind: ChannelKind = PLAYED,
        *,
        plan: Plan = no_faults,
        pretends_live: bool = False,
    ) -> None:
        if not is_drill(mode) and not pretends_live:
            raise ValueError("a memory channel publishes nowhere: give mode live a channel that the public can see")
        self._mode, self._kind, self._plan = mode, kind, plan
        self._posts: list[bytes] = []
        self._receipts: dict[str, Receipt] = {}
        self._hidden: dict[str, Receipt] = {}
        self._attempts: dict[str, int] = {}

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def posts(self) -> Sequence[Dispatch]:
        """Everything that the public sees, oldest first; a key that was published twice is there twice."""
        return [Dispatch.model_validate_json(post) for post in self._posts]

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        attempt = self._attempts[dispatch.key] = self._attempts.get(dispatch.key, 0) + 1
        fault = self._plan(dispatch, attempt)
        await self._before(fault)
        if fault is Trouble.HIDDEN:
            return self._hide(dispatch)
        receipt = self._post(dispatch)
        await play_after(fault)
        return receipt

    async def look(self, dispatch: Dispatch) -> Look:
        if not self._kind.reads_back:
            raise NotSent("this channel cannot be read back: ask a person who sees it")
        await asyncio.sleep(0)
        if hidden := self._hidden.get(dispatch.key):
            return Look(sight=Sight.HIDDEN, receipt=hidden, why="it was hidden there (played)")
        receipt = self._receipts.get(dispatch.key)
        return Look(sight=Sight.SHOWN, receipt=receipt) if receipt else Look(sight=Sight.ABSENT)

    async def check(self) -> str:
        return f"plays a channel of kind {self._kind.name}, with {len(self._posts)} posts"

    async def _before(self, fault: Trouble | None) -> None:
        await asyncio.sleep(0)
        if len(self._posts) >= POSTS_MAX:
            raise NotSent(f"the record is full with {POSTS_MAX} posts: start a new exercise")
        await play_before(fault, "channel", what="message")

    def _post(self, dispatch: Dispatch) -> Receipt:
        """Keep the dispatch as encoded bytes; an idempotent channel answers a known key with its first receipt."""
        known = self._receipts.get(dispatch.key)
        if known is None or self._kind.resolution is not Resolution.SEND_AGAIN:
            self._posts.append(dispatch.model_dump_json().encode())
            name = f"post {len(self._posts)}"
            self._receipts[dispatch.key] = Receipt(reference=name, words=name)
        return self._receipts[dispatch.key]

    def _hide(self, dispatch: Dispatch) -> Receipt:
        """Take the dispatch and show it to nobody, as a network does whose moderators hid it."""
        name = f"hidden post {len(self._hidden) + 1}"
        return self._hidden.setdefault(dispatch.key, Receipt(reference=name, words=name))
