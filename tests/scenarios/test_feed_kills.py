"""Whatever ends the process that hears partners, before or after an append, each post goes out once on each channel.

On the embedded log and on Kafka: the log is a real one, and what was committed decides where the next process reads on.
"""

from collections.abc import Sequence
from random import Random

import pytest

from agents.adapters.feeds.polling import polled
from agents.runtime.door.door import Door
from agents.runtime.feeds.hearing import Ears, Hearing
from agents.runtime.feeds.hearings import states_of
from streams.codec import decode
from streams.topics import PARTNER_POSTS, Event
from streams.words.feeds import FeedState
from streams.words.posts import PartnerPost
from tests.adapters.feeds.sources import ACCOUNT_ID, BEGINS, StillClock, account, card, parse, tools
from tests.scenarios.test_feeds import Night, night

ROUNDS = 12
SEEDS = (1, 2)


class Killed(BaseException):
    """The process ends here: nothing more is done."""


class Posting(StillClock):
    """At each pause the partner posts, until it has said all; the process ends some pauses later."""

    def __init__(self, found: Night) -> None:
        super().__init__()
        self.found, self.rounds = found, 0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.rounds += 1
        if self.rounds <= ROUNDS:
            self.found.post(self.rounds)
        elif self.rounds > 2 * ROUNDS:
            raise Killed


async def one_process(found: Night, clock: Posting, rng: Random) -> None:
    """Hear from where the log says until chance ends it, just before or just after an append."""
    async with Door("live", found.log_url) as door:

        async def put(events: Sequence[Event]) -> None:
            chance = rng.choice(["before", "after", "well"])
            if chance != "before":
                await door.put(events)
            if chance != "well":
                raise Killed

        begun = FeedState(mode="live", partner="police", account_id=ACCOUNT_ID, kind="listing", at=BEGINS)
        state = (await states_of(door)).get(ACCOUNT_ID, begun)
        heard = account(found.source.address())
        feed = polled(card("by-absence"), parse).make(heard, tools(clock, chance=rng.random))
        with pytest.raises(Killed):
            await Hearing(heard, feed, state, ears=Ears(clock, rng.random, put)).run()


@pytest.mark.slow
@pytest.mark.parametrize("drawn", SEEDS)
async def test_killed_before_and_after_every_append_each_post_is_out_once_on_each_channel(
    log_url: str, drawn: int
) -> None:
    rng = Random(drawn)
    async with night(log_url) as found:
        clock = Posting(found)
        while clock.rounds <= 2 * ROUNDS:
            await one_process(found, clock, rng)
        await found.until(lambda: all(len(found.ever(name)) == ROUNDS for name in found.channels))
        assert {name: set(found.ever(name).values()) for name in found.channels} == {"website": {1}, "social": {1}}
        records = [decode(PARTNER_POSTS, one.value) for one in await found.door.records(PARTNER_POSTS)]
        assert len({one.id for one in records if isinstance(one, PartnerPost)}) == ROUNDS
        assert await found.door.dead_letters() == []
