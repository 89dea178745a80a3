"""A worker that is told to end sends nothing that it will not see the end of."""

import asyncio
from collections.abc import Mapping

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.worker.worker import Setup, Worker
from streams.values import Purpose
from streams.words.delivery import Dispatch, Receipt
from tests import builders

PATIENCE_SECONDS = 180.0


class Slow(MemoryChannel):
    """A channel that takes its time, and knows who was cut off in it."""

    def __init__(self) -> None:
        super().__init__(builders.LIVE, pretends_live=True)
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.cut_off: list[Purpose] = []

    async def publish(self, dispatch: Dispatch) -> Receipt:
        self.begun.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cut_off.append(dispatch.message.purpose)
            raise
        return await super().publish(dispatch)


async def test_a_release_that_comes_while_a_worker_ends_is_left_to_the_next(log_url: str) -> None:
    """Its send would be cut off and nobody could tell whether it is public; so it goes out when a worker is there."""
    clock, slow = ScaledClock(builders.NOW), Slow()
    channels: Mapping[str, MemoryChannel] = dict.fromkeys(builders.register().channels, slow)
    late = builders.holding(purpose=Purpose.ALL_CLEAR)
    setup = Setup(builders.LIVE, log_url, clock, builders.register, channels)
    async with Worker(setup) as worker:
        await worker.put(
            [builders.command(body, at=clock.now()) for body in (builders.declaration(), builders.holding())]
        )
        await asyncio.wait_for(slow.begun.wait(), PATIENCE_SECONDS)
        ending = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        await worker.put([builders.command(late, at=clock.now())])
        await asyncio.sleep(0.5)
        slow.go_on.set()
        await asyncio.wait_for(ending, PATIENCE_SECONDS)
    assert slow.cut_off == []
    said = [post.message.purpose for post in slow.posts]
    assert set(said) == {Purpose.HOLDING}
    async with Worker(setup), asyncio.timeout(PATIENCE_SECONDS):
        while Purpose.ALL_CLEAR not in {post.message.purpose for post in slow.posts}:  # noqa: ASYNC110 # It has no bell.
            await asyncio.sleep(0.02)
