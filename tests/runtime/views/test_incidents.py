"""A view follows the tables and waits for its log: what the log fails at is held against no event."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import pytest

from agents.ports import Clock
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.incidents import VERSIONS_MAX, RecentPostsView, SubjectsView, UnreadableValue
from infra.log import Log, LogError, Partition, Record
from streams.codec import encode
from streams.subjects.past import Pointer, carried, carried_before
from streams.subjects.state import State
from streams.values import THE_REGISTER
from streams.words.posts import PartnerPost
from streams.words.release import Credit
from tests import builders
from tests.agents.doubles import clock_at
from tests.builders import NOW

WHERE = Partition("a-changelog", 0)
Change = tuple[str, bytes | None]


class Troubled(TopicReader):
    """A reader of an empty topic whose log fails now and then: it has still to fail so many times."""

    failures = 2

    def __init__(self) -> None:
        super().__init__(_no_log, WHERE.topic)

    async def ends(self) -> Mapping[Partition, int]:
        if self.failures:
            self.failures -= 1
            raise LogError("The cluster is away.")
        return {}


class Given(TopicReader):
    """A reader of these records, all at once."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(_no_log, WHERE.topic)
        self._records = [Record(WHERE, place, key.encode(), value, 0) for place, (key, value) in enumerate(changes)]
        self._given = False

    async def ends(self) -> Mapping[Partition, int]:
        return {WHERE: len(self._records)}

    def has_reached(self, ends: Mapping[Partition, int]) -> bool:
        return self._given and bool(ends)

    async def more(self, wait_seconds: float) -> Sequence[Record]:
        if self._given:
            await asyncio.sleep(wait_seconds)
            return []
        self._given = True
        return self._records


def _no_log() -> Log:
    raise AssertionError("the log is not asked for")


def written(state: State) -> Change:
    return state.subject.key, state.model_dump_json().encode()


@asynccontextmanager
async def following(changes: Sequence[Change], left: Sequence[Change] = ()) -> AsyncIterator[SubjectsView]:
    """A view that follows tables with these changes."""
    view = SubjectsView(Given(changes), Given(left))
    running = asyncio.create_task(view.run())
    try:
        async with asyncio.timeout(180):
            yield view
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_last_value_of_each_incident_counts_and_what_left_the_table_is_gone() -> None:
    older, newer = builders.declared(), builders.released()
    gone = older.model_copy(update={"id": "inc-gone"})
    async with following([written(older), written(gone), written(newer), (gone.subject.key, None)]) as view:
        assert await view.all() == {newer.id: newer}
        assert await view.live() == [newer]


async def test_who_carries_a_post_is_known_also_once_the_incident_left_memory() -> None:
    credit = Credit(partner="police", partner_name="Police", account_id="https://p.example/1", post_id="post-1")
    row = (f"incident/inc-0|post/{credit.account_id}/{credit.post_id}", Pointer(to="msg-1").model_dump_json().encode())
    async with following([], [row]) as view:
        assert await view.carrying(credit) == ["inc-0"]
        assert await view.carrying(credit.model_copy(update={"post_id": "post-2"})) == []


async def test_the_rows_of_this_release_and_of_older_ones_are_found_by_account_and_post() -> None:
    """Also where a slash stands in the account."""
    credit = Credit(partner="police", partner_name="Police", account_id="https://p.example/1", post_id="at://x/1")
    to = Pointer(to="msg-1").model_dump_json().encode()
    for key in (carried(credit.account_id, credit.post_id), carried_before(credit.account_id, credit.post_id)):
        async with following([written(builders.declared())], [(f"incident/{builders.INCIDENT}|{key}", to)]) as view:
            assert await view.carrying(credit) == [builders.INCIDENT]
            assert await view.carried_of(credit.account_id) == {builders.INCIDENT: ["at://x/1"]}
    row = (f"incident/{builders.INCIDENT}|{carried(credit.account_id, credit.post_id)}", to)
    async with following([written(builders.declared())], [row]) as view:
        assert await view.carried_of("https:") == {}


async def test_a_value_that_is_none_is_left_out_and_the_view_goes_on() -> None:
    """Forged: no desk writes that."""
    async with following([("incident/inc-forged", b"{}"), written(builders.declared())]) as view:
        (incident,) = await view.live()
    assert incident.id == builders.INCIDENT


async def test_a_log_of_the_register_that_cannot_be_read_is_none_that_is_empty() -> None:
    """Else its files would count as they are, and who forged it would have the powers that stand there."""
    async with following([(THE_REGISTER.key, b"{}")]) as view:
        await view.caught_up()
        with pytest.raises(UnreadableValue):
            _ = view.register_log


async def test_a_log_that_does_not_answer_is_waited_for() -> None:
    reader = Troubled()
    async with asyncio.timeout(180):
        assert list(await SubjectsView(reader, Troubled()).live()) == []
    assert reader.failures == 0


def partner_post(number: int = 1, **changes: object) -> PartnerPost:
    plain: dict[str, object] = {
        "id": "pp-1",
        "mode": builders.LIVE,
        "account_id": "did:vale:1",
        "domain": "vale.example",
        "post_id": f"post-{number}",
        "at": NOW,
        "text": "Crews are here.",
    }
    return PartnerPost.model_validate({**plain, **changes})


async def seen(*posts: PartnerPost, clock: Clock | None = None) -> RecentPostsView:
    """The view once it took these posts."""
    view = RecentPostsView(Given([("did:vale:1", encode(post)) for post in posts]), clock or clock_at())
    running = asyncio.create_task(view.run())
    await view.recent()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return view


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(days=300), NOW + timedelta(days=300)])
async def test_a_change_is_remembered_whatever_time_it_bears(at: datetime) -> None:
    """It may bear the time of its post, or one that no clock shows; what counts is when it came."""
    gone = partner_post(change="deleted", text="", at=at)
    view = await seen(gone, partner_post(2), partner_post())
    assert list(await view.versions("did:vale:1", "post-1")) == [gone, partner_post()]
    assert list(await view.versions("did:vale:1", "post-3")) == []


async def test_the_same_again_is_kept_once_and_a_flood_of_versions_stays_small() -> None:
    """The first words and the newest are what matters."""
    many = [partner_post(text=f"Version {number}") for number in range(100)]
    versions = await (await seen(*many, many[-1])).versions("did:vale:1", "post-1")
    assert len(versions) == VERSIONS_MAX
    assert (versions[0], versions[-1]) == (many[0], many[-1])


async def test_what_came_before_a_post_is_of_its_account_and_came_lately() -> None:
    """As its author said it first; what was written long ago comes with a start, and never counts."""
    posts = [partner_post(number) for number in range(1, 4)]
    posts += [partner_post(5, at=NOW - timedelta(hours=1)), partner_post(6, account_id="did:vale:2")]
    view = await seen(*posts, partner_post(2, change="edited", text="Now."), partner_post(7))
    since, own = NOW - timedelta(minutes=5), {partner_post(1).account_id}
    found = await view.before(partner_post(7), since, accounts=own)
    assert [one.post_id for one in found] == ["post-2", "post-3", "post-1"]
    assert found[0].change == "new"
    assert [one.post_id for one in await view.before(partner_post(3), since, accounts=own)] == ["post-1"]
    assert await view.before(partner_post(7), NOW + timedelta(seconds=1), accounts=own) == []


@dataclass
class Stepping:
    """A clock that moves on by half a day each time that it is asked."""

    at: datetime = NOW

    def now(self) -> datetime:
        self.at += timedelta(hours=12)
        return self.at

    sleep = timeout = None


async def test_what_came_long_ago_is_forgotten() -> None:
    """Else a worker would hold every post there ever was."""
    view = await seen(*map(partner_post, range(5)), clock=cast("Clock", Stepping()))
    known = [bool(await view.versions("did:vale:1", f"post-{number}")) for number in range(5)]
    assert known == [False, False, True, True, True]
