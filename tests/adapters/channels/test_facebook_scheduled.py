"""What is scheduled on a page on Facebook: it is told whole or not at all, and plain words are removed for sure."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.ports import NotSent
from agents.schedule_port import KeepsSchedule
from streams.values import LIVE
from streams.words.plans import ScheduledPost
from tests.adapters.channels.facebook_server import facebook_server
from tests.adapters.grounds import facebook

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WORDS = "Our flu clinic is open on Saturday."


def channel(url: str) -> KeepsSchedule:
    return facebook(url, LIVE)


async def test_all_of_it_is_told_page_by_page() -> None:
    async with facebook_server() as server:
        names = [server.schedule(f"{WORDS} {number}", AT) for number in range(105)]
        found = await channel(server.url).list_scheduled()
        assert [one.reference for one in found] == names
        assert found[0] == ScheduledPost(reference=names[0], at=AT, text=f"{WORDS} 0", language="en")


async def test_plain_words_are_removed_and_the_same_again_does_no_harm() -> None:
    async with facebook_server() as server:
        server.schedule(WORDS, AT)
        asking = channel(server.url)
        (one,) = await asking.list_scheduled()
        assert [await asking.unschedule(one, put_off_to=None) for _ in range(2)] == [True, False]
        assert [*await asking.list_scheduled()] == []


async def test_a_post_with_a_picture_is_left_to_a_person() -> None:
    """It stays as it is, and the sentence says what to do there."""
    async with facebook_server() as server:
        server.schedule(WORDS, AT, photos=("7",))
        asking = channel(server.url)
        (one,) = await asking.list_scheduled()
        with pytest.raises(NotSent, match="give it a later time there by hand"):
            await asking.unschedule(one, put_off_to=AT + timedelta(days=365))
        assert [*await asking.list_scheduled()] == [one]


async def test_a_page_that_does_not_answer_is_not_taken_for_an_empty_one() -> None:
    async with facebook_server(is_expired=True) as server:
        with pytest.raises(NotSent, match="make a new one"):
            await channel(server.url).list_scheduled()
