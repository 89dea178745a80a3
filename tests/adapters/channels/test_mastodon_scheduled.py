"""What is scheduled on a Mastodon server: it is told whole or not at all, and removed or put off for sure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.ports import NotSent
from agents.schedule_port import KeepsSchedule
from streams.words.plans import ScheduledPost
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.channels.mastodon_places import on_snac
from tests.adapters.grounds import mastodon

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WORDS = "Our flu clinic is open on Saturday."


def channel(server: fake.MastodonServer) -> KeepsSchedule:
    return mastodon(server.port, "live", account=fake.ACCOUNT)


async def test_all_of_it_is_told_page_by_page() -> None:
    async with fake.mastodon_server() as server:
        numbers = [server.schedule(f"{WORDS} {number}", AT) for number in range(45)]
        found = await channel(server).list_scheduled()
        assert sorted(one.reference for one in found) == sorted(numbers)
        assert found[-1] == ScheduledPost(reference=numbers[0], at=AT, text=f"{WORDS} 0", language="en")


@pytest.mark.parametrize(
    ("params", "lacks"),
    [
        ({"media_ids": ["7"]}, "its pictures"),
        ({"poll": {"options": ["a", "b"]}}, "its poll"),
        ({"spoiler_text": "flu", "sensitive": True}, "its warning"),
        ({"in_reply_to_id": 7}, "what it answers"),
        ({"quoted_status_id": "7"}, "what it quotes"),
        ({"visibility": "private"}, "that not everybody may read it"),
        ({"language": "cy"}, "that it is in cy"),
        ({"language": "en", "media_ids": None, "sensitive": False, "poll": None}, None),
    ],
)
async def test_what_a_planned_post_of_ours_does_not_have_is_named(params: dict[str, Any], lacks: str | None) -> None:
    async with fake.mastodon_server() as server:
        server.schedule(WORDS, AT, **{name: value for name, value in params.items() if value is not None})
        assert [one.lacks for one in await channel(server).list_scheduled()] == [lacks]


async def test_a_post_is_removed_or_put_off_and_the_same_again_does_no_harm() -> None:
    async with fake.mastodon_server() as server:
        server.schedule(WORDS, AT)
        server.schedule(WORDS, AT, media_ids=["7"])
        asking, later = channel(server), AT + timedelta(days=300)
        picture, plain = await asking.list_scheduled()
        assert [await asking.unschedule(plain, put_off_to=None) for _ in range(2)] == [True, False]
        assert [await asking.unschedule(picture, put_off_to=later) for _ in range(2)] == [True, True]
        assert [(one.reference, one.at) for one in await asking.list_scheduled()] == [(picture.reference, later)]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": "4.0.0 (not true; other 2.96)"}, "is not Mastodon itself"),
        ({"keeps_schedule": False}, "does not tell what is scheduled"),
        ({"left": 0}, "takes no more"),
    ],
)
async def test_a_server_that_may_not_tell_all_is_not_believed(wrong: dict[str, Any], says: str) -> None:
    """Also where it answers with an empty list: then a person looks."""
    async with fake.mastodon_server(**wrong) as server:
        with pytest.raises(NotSent, match=says):
            await channel(server).list_scheduled()


async def test_the_real_server_that_keeps_no_list_is_not_believed() -> None:
    async with on_snac() as site:
        with pytest.raises(NotSent, match=r"is not Mastodon itself|does not tell"):
            await site.channel().list_scheduled()
