"""One account that is heard: whatever ends the process, every version of every post is on the log once, in order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest

from agents.adapters.feeds.polling import polled
from agents.feed_port import Feed, FeedBatch, FeedWaits
from agents.ports import NotSent, Rejected
from agents.runtime.feeds.hearing import POSTS_AT_ONCE, Ears, Hearing
from agents.runtime.feeds.pauses import FIRST_SECONDS, LAST_SECONDS, TOLD_SECONDS_MAX, pause_seconds
from infra.log import LogBusy
from streams.topics import Event
from streams.words.feeds import FeedState
from streams.words.posts import PartnerPost
from tests.adapters.feeds.sources import (
    ACCOUNT_ID,
    BEGINS,
    Listing,
    StillClock,
    account,
    card,
    parse,
    post,
    tools,
)

ROUNDS = 40


class Killed(BaseException):
    """The process ends here: nothing more is done."""


@dataclass
class Written:
    """A log that takes an append whole or not at all; chance kills the process before or after one, or says busy."""

    rng: Random
    trouble: float = 0.0
    events: list[Event] = field(default_factory=list)

    async def put(self, events: Sequence[Event]) -> None:
        match self.rng.choices(["kill before", "kill after", "busy", "well"], [1, 1, 1, 3 / max(self.trouble, 1e-9)])[
            0
        ]:
            case "kill before":
                raise Killed
            case "busy":
                raise LogBusy
            case "kill after":
                self.events += events
                raise Killed
        self.events += events

    @property
    def state(self) -> FeedState:
        begun = FeedState(mode="live", partner="police", account_id=ACCOUNT_ID, kind="listing", at=BEGINS)
        return next((one for one in reversed(self.events) if isinstance(one, FeedState)), begun)

    @property
    def posts(self) -> list[PartnerPost]:
        return [one for one in self.events if isinstance(one, PartnerPost)]


class Moving(StillClock):
    """At each pause of the feed the partner posts, edits or takes away, until it has nothing more to say."""

    def __init__(self, source: Listing, rng: Random) -> None:
        super().__init__()
        self.source, self.rng, self.truth = source, rng, list[tuple[str, str]]()
        self.rounds = 0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        shown = self.source.pages.setdefault("/feed", [])
        self.rounds += 1
        if self.rounds > 2 * ROUNDS:
            raise Killed
        if self.rounds > ROUNDS:
            return
        match self.rng.choice(["post", "edit", "take", "shuffle"]):
            case "edit" if shown:
                one = self.rng.choice(shown)
                one["text"] += "!"
                self.truth.append((one["id"], one["text"]))
            case "take" if shown:
                gone = shown.pop(self.rng.randrange(len(shown)))
                self.truth.append((gone["id"], ""))
            case "shuffle":
                self.rng.shuffle(shown)
            case _:
                shown.append({"id": f"p{self.rounds}", "text": f"words {self.rounds}"})
                self.truth.append((f"p{self.rounds}", f"words {self.rounds}"))


@pytest.mark.usefixtures("fast_log")
async def test_however_often_the_process_dies_each_version_is_there_once_and_none_is_lost(seed: int) -> None:
    """Versions that the source showed between two looks are not there to be seen; the last of each always is."""
    rng = Random(seed)
    written = Written(rng, trouble=1.0)
    async with Listing({"/feed": []}).open() as source:
        clock = Moving(source, rng)
        while clock.rounds <= 2 * ROUNDS:
            feed = polled(card("by-absence"), parse).make(account(source.address()), tools(clock, chance=rng.random))
            hearing = Hearing(account(source.address()), feed, written.state, ears=Ears(clock, rng.random, written.put))
            with pytest.raises(Killed):
                await hearing.run()
    once = {one.id: one for one in written.posts}
    names = {name for name, _ in clock.truth}
    for name in names:
        versions = [text for about, text in clock.truth if about == name]
        heard = [one.text for one in once.values() if one.post_id == name]
        assert len({*heard}) == len(heard)
        assert is_within(heard, versions)
        # What came and went between two looks was never there to be heard.
        assert heard[-1:] == versions[-1:] or (not heard and versions[-1] == "")


def is_within(some: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether these are some of the others, in their order."""
    rest = iter(whole)
    return all(one in rest for one in some)


@pytest.fixture
def fast_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.runtime.feeds.hearing.PUT_AGAIN_SECONDS", 0.0)


@dataclass
class Played:
    """The port `Feed`: gives these batches, or raises, one after another; then it ends the process."""

    script: list[FeedBatch | Exception]
    marks: list[str | None] = field(default_factory=list)

    async def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
        self.marks.append(mark)
        while True:
            if not self.script:
                raise Killed
            one = self.script.pop(0)
            if isinstance(one, Exception):
                raise one
            yield one

    async def check(self) -> str:
        return "it is played"


async def heard(*script: FeedBatch | Exception) -> tuple[Written, Played, StillClock]:
    written, feed, clock = Written(Random(0)), Played([*script]), StillClock()
    as_feed: Feed = feed
    with pytest.raises(Killed):
        await Hearing(
            account("https://police.example/"), as_feed, written.state, ears=Ears(clock, lambda: 1.0, written.put)
        ).run()
    return written, feed, clock


async def test_the_mark_is_in_the_append_of_its_posts() -> None:
    """Of a batch that is too large for one append it is in the last one."""
    many = tuple(post(f"p{n}", "words") for n in range(POSTS_AT_ONCE + 1))
    written, _, _ = await heard(FeedBatch(many, "m1"))
    assert [type(one).__name__ for one in written.events[POSTS_AT_ONCE:]] == ["PartnerPost", "FeedState"]
    assert (written.state.mark, written.state.posts, written.state.read_at) == ("m1", POSTS_AT_ONCE + 1, BEGINS)


async def test_a_feed_with_nothing_new_writes_nothing_until_a_minute_has_passed() -> None:
    written, _, _ = await heard(*[FeedBatch((), "m")] * 5)
    assert len(written.events) == 1


async def test_a_failure_is_noted_with_its_beginning_and_a_batch_ends_it() -> None:
    """It reads on from the last mark."""
    written, feed, clock = await heard(
        FeedBatch((), "m1"), NotSent("no answer"), NotSent("no answer"), FeedBatch((), "m2")
    )
    states = [one for one in written.events if isinstance(one, FeedState)]
    assert [one.failure for one in states] == [None, "no answer", "no answer", None]
    assert [one.failing_since for one in states] == [None, BEGINS, BEGINS, None]
    assert feed.marks == [None, "m1", "m1"]
    assert clock.slept == [FIRST_SECONDS, 2 * FIRST_SECONDS]


async def test_a_source_that_asks_to_be_left_alone_is_left_alone_and_tried_meanwhile_by_nobody() -> None:
    """The process still says once a minute that it is there."""
    written, feed, clock = await heard(FeedWaits("busy", seconds=150))
    assert (sum(clock.slept), len(feed.marks)) == (150, 2)
    moments = [one.at for one in written.events if isinstance(one, FeedState)]
    assert len({*moments}) == len(moments) == 3


@pytest.mark.parametrize("error", [Rejected("it has moved"), ValueError("odd"), TimeoutError()])
async def test_whatever_a_feed_raises_is_said_and_it_is_tried_again(error: Exception) -> None:
    written, feed, _ = await heard(error)
    assert len(feed.marks) == 2
    assert written.state.failure in {
        "it has moved",
        "reading it broke off (ValueError): look at the log of the feeds",
        "the source gave no answer in time",
    }


async def test_a_post_of_another_account_or_mode_is_left_out_and_said() -> None:
    other = account("https://fire.example/", account_id="did:web:fire.example", domain="fire.example")
    written, _, _ = await heard(
        FeedBatch((post("1", "a"), post("2", "b", account=other), post("3", "c", mode="training")), "m")
    )
    assert [one.post_id for one in written.posts] == ["1"]
    assert written.state.faults == (f"2 of its posts are of another account than {ACCOUNT_ID}: they were left out",)


async def test_a_fault_stays_to_be_seen_after_batches_without_one() -> None:
    written, _, _ = await heard(FeedBatch((), "m1", ("a gap",)), FeedBatch((post("1", "a"),), "m2"))
    assert (written.state.faults, written.state.faults_at) == (("a gap",), BEGINS)


def test_pauses_grow_to_a_bound_and_are_never_shorter_than_the_source_asks() -> None:
    whole = [pause_seconds(n, 1.0) for n in range(1, 30)]
    assert all(earlier <= later for earlier, later in pairwise(whole))
    assert (whole[0], whole[-1], pause_seconds(10_000, 1.0)) == (FIRST_SECONDS, LAST_SECONDS, LAST_SECONDS)
    assert pause_seconds(3, 0.0) == whole[2] / 2
    assert pause_seconds(1, 0.0, told_seconds=90) == 90
    assert pause_seconds(1, 0.0, told_seconds=1e9) == TOLD_SECONDS_MAX


async def test_a_feed_that_hangs_delays_no_other() -> None:
    """Each is a task of its own."""

    class Hanging(Played):
        async def read(self, mark: str | None) -> AsyncIterator[FeedBatch]:
            await asyncio.Event().wait()
            yield FeedBatch((), mark)

    written, clock = Written(Random(0)), StillClock()
    ears = Ears(clock, lambda: 1.0, written.put)
    hanging = asyncio.create_task(Hearing(account("https://a.example/"), Hanging([]), written.state, ears=ears).run())
    other = Hearing(
        account("https://b.example/"), Played([FeedBatch((post("1", "a"),), "m")]), written.state, ears=ears
    )
    with pytest.raises(Killed):
        await other.run()
    assert len(written.posts) == 1
    hanging.cancel()
