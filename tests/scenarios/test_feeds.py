"""Partners are heard by a process of its own: whatever becomes of it, each post goes out once on each channel."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from random import Random

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.door.door import Door
from agents.runtime.feeds.hearings import states_of
from agents.runtime.worker.worker import Setup, Worker
from streams.codec import decode
from streams.lanes import CONTROL_LANE
from streams.topics import PARTNER_POSTS
from streams.words.delivery import Dispatch, Verb
from streams.words.register.entries import Register
from tests import builders
from tests.adapters.feeds.sources import ACCOUNT_ID, Listing, account
from tests.scenarios.worker_bench import PATIENCE_SECONDS

POSTS, THOUSAND = 24, 1_000


@dataclass
class Night:
    """A live incident, the channels on which partners' posts go out, and the source of the partner."""

    source: Listing
    channels: dict[str, MemoryChannel]
    door: Door
    log_url: str

    def taken_back(self, channel: str) -> int:
        """How many of the partner's posts were taken back there."""
        return sum(1 for one in self.channels[channel].posts if one.verb is Verb.UN_REPOST)

    def ever(self, channel: str) -> Counter[str]:
        """Every copy that was ever there, by the number of its post."""
        several = [word for one in self.channels[channel].posts for text in texts_of(one) for word in words_of(text)]
        return Counter(several)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():  # noqa: ASYNC110 - what is public says nothing by itself
                await asyncio.sleep(0.05)

    def post(self, number: int, more: str = "") -> None:
        text = f"Road n{number}n is closed{more} #AshbyCrash"
        self.source.pages["/feed"].append({"id": f"p{number}", "text": text})


def texts_of(dispatch: Dispatch) -> list[str]:
    return [*dispatch.message.texts.values()]


def words_of(text: str) -> Iterator[str]:
    return (word for word in text.split() if word.startswith("n") and word.endswith("n") and word[1:-1].isdigit())


def register_of(source: Listing) -> Register:
    """One partner, heard by its listing; as many of its posts go out as come."""
    police = builders.partner(
        id="police",
        name="Vale Police",
        category="police",
        channels=("website", "social"),
        posts_max=1_000,
        accounts=(account(source.address()),),
    )
    return builders.register(partners={"police": police})


@asynccontextmanager
async def night(log_url: str) -> AsyncIterator[Night]:
    async with Listing({"/feed": []}).open() as source:
        register = register_of(source)
        channels = {name: MemoryChannel("live", pretends_live=True) for name in register.channels}
        clock = ScaledClock(builders.NOW)
        setup = Setup("live", log_url, clock, lambda: register, channels, lanes=[CONTROL_LANE])
        async with Worker(setup), Door("live", log_url) as door:
            declaration = builders.command(builders.declaration(), at=clock.now())
            (declared, *_) = await door.ask(declaration)
            assert declared.body.kind == "incident_declared"
            yield Night(source, channels, door, log_url)


@contextmanager
def hearing(log_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The process that hears; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.heard_process", log_url], stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.kill
@pytest.mark.slow
async def test_each_post_goes_out_once_on_each_channel_though_the_process_is_killed_again_and_again(
    log_url: str, kills: int
) -> None:
    """And what the partner takes away afterwards is taken back."""
    rng = Random(1)
    async with night(log_url) as found:
        for _ in range(kills):
            with hearing(log_url):
                seen = len(found.source.asked)
                await found.until(lambda seen=seen: len(found.source.asked) > seen)  # type: ignore[misc] # this round's
                for _ in range(POSTS // kills):
                    found.post(len(found.source.pages["/feed"]))
                    await asyncio.sleep(rng.random() * 0.1)
        with hearing(log_url):
            count = len(found.source.pages["/feed"])
            await found.until(lambda: all(len(found.ever(name)) == count for name in found.channels))
            found.source.pages["/feed"].pop(0)
            await found.until(lambda: all(found.taken_back(name) for name in found.channels))
        assert {name: set(found.ever(name).values()) for name in found.channels} == {"website": {1}, "social": {1}}
        state = (await states_of(found.door))[ACCOUNT_ID]
        assert (state.failure, state.faults) == (None, ())


@pytest.mark.slow
async def test_among_a_thousand_posts_of_a_partner_a_release_goes_out_and_no_post_is_lost(log_url: str) -> None:
    """They name no incident, so that none goes out; a release that is ordered halfway is public."""
    async with night(log_url) as found:
        with hearing(log_url):
            await found.until(lambda: len(found.source.asked) > 0)
            for start in range(0, THOUSAND, 100):
                posts = range(start, start + 100)
                found.source.pages["/feed"] = [{"id": f"q{one}", "text": f"Crews at work {one}"} for one in posts]
                seen = len(found.source.asked)
                if start == THOUSAND // 2:
                    await found.door.put([builders.command(builders.holding(), at=builders.NOW)])
                await found.until(lambda seen=seen: len(found.source.asked) > seen + 1)  # type: ignore[misc] # this round's
            await found.until(lambda: any(one.verb is Verb.PUBLISH for one in found.channels["website"].posts))
            names: set[str] = set()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(names) < THOUSAND:
                    records = await found.door.records(PARTNER_POSTS)
                    names = {decode(PARTNER_POSTS, one.value).post_id for one in records}
        assert not any(found.ever(name) for name in found.channels)
        assert await found.door.dead_letters() == []
