"""The suite of feeds on networks: the same on a real Bluesky server, on a real snac2, and on a fake of Mastodon."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from agents.adapters.feeds.bluesky import feed as bluesky_feed
from agents.adapters.feeds.mastodon import feed as mastodon_feed
from agents.feed_port import CarriedPost
from streams.values import LIVE
from streams.words.posts import PartnerChange, PartnerPost
from tests import builders
from tests.adapters.feeds.mastodon_streams import streaming_server
from tests.adapters.feeds.partners import OnBluesky, OnMastodon, OnSnac, Person, heard, looked, said, short
from tests.bluesky import shared_network
from tests.snac.shared import snac
from tests.streams.decisions.release.test_partner_posts import after
from tests.streams.decisions.release.test_partner_posts import post as shared


@pytest.fixture(params=["bluesky", "snac", "mastodon"])
async def police(request: pytest.FixtureRequest) -> AsyncIterator[Person]:
    if request.param == "bluesky":
        yield OnBluesky.of(shared_network())
    elif request.param == "snac":
        yield OnSnac.of(snac())
    else:
        async with streaming_server() as server:
            yield OnMastodon.of(server)


@pytest.fixture(params=["bluesky", "mastodon"])
async def changing(request: pytest.FixtureRequest) -> AsyncIterator[OnBluesky | OnMastodon]:
    """A person on a server whose accounts a test can rename and shut."""
    if request.param == "bluesky":
        yield OnBluesky.of(shared_network())
    else:
        async with streaming_server() as server:
            yield OnMastodon.of(server)


async def test_a_post_is_given_once_with_all_that_it_is_known_by(police: Person) -> None:
    feed, begun = police.feed(), await looked(police.feed())
    name = police.post("Fire at Ysbyty Ardudwy #BlockC")
    batch = await looked(feed, begun.mark)
    (post,) = batch.items
    assert isinstance(post, PartnerPost)
    assert (post.post_id, post.change, post.account_id) == (name, "new", police.account.account_id)
    assert (post.domain, post.mode) == (police.account.domain, "live")
    assert post.text.startswith("Fire at Ysbyty Ardudwy #BlockC")
    assert all([post.revision, post.url, post.handle])
    assert (await looked(feed, batch.mark)).items == ()


async def test_what_was_said_long_before_it_is_heard_first_is_not_new(police: Person) -> None:
    """What was said within the last half hour is, since the agent remembers posts as long."""
    police.post("Fire at Ysbyty Ardudwy")
    begun = await looked(police.feed())
    assert said(begun) == ["new Fire at Ysbyty Ardudwy"]
    assert (await looked(police.feed(), begun.mark)).items == ()


async def test_an_edit_and_a_deletion_are_noticed_by_a_feed_that_is_only_asked(police: Person) -> None:
    name = police.post("Two people have died")
    mark = (await looked(police.feed())).mark
    police.edit(name, "Nobody has died")
    edited = await looked(police.feed(), mark)
    assert said(edited) == ["edited Nobody has died"]
    police.delete(name)
    deleted = await looked(police.feed(), edited.mark)
    assert said(deleted) == ["deleted"]
    assert isinstance(deleted.items[0], PartnerPost)
    assert deleted.items[0].post_id == name
    assert (await looked(police.feed(), deleted.mark)).items == ()


async def test_an_edited_post_keeps_its_identifier_though_its_server_gives_it_another() -> None:
    """Snac makes identifiers of the second of the last edit; a post is one post all the same, also once it is gone."""
    police = OnSnac.of(snac())
    name, mark = police.post("Two people have died"), (await looked(police.feed())).mark
    for words in ("Nobody has died", "Nobody is hurt"):
        await asyncio.sleep(1.1)
        police.edit(name, words)
        batch = await looked(police.feed(), mark)
        assert [(one.post_id, short(one)) for one in batch.items if isinstance(one, PartnerPost)] == [
            (name, f"edited {words}")
        ]
        mark = batch.mark
        assert (await looked(police.feed(), mark)).items == ()
    police.delete(name)
    (deleted,) = (await looked(police.feed(), mark)).items
    assert isinstance(deleted, PartnerPost)
    assert (deleted.post_id, deleted.change) == (name, "deleted")


async def test_a_post_that_our_account_boosted_is_gone_once_its_author_deleted_it() -> None:
    """Snac goes on showing it to those who boosted it, though not in the list of its author's posts."""
    server = snac()
    police, (_, token) = OnSnac.of(server), server.account()
    police.secret = token
    police.post("Fire at Ysbyty Ardudwy")
    name = police.post("Two people have died")
    server.call("POST", f"/api/v1/statuses/{quote(name)}/reblog", token)
    mark = (await looked(police.feed())).mark
    police.delete(name)
    # Once in a while snac gives an identifier in capitals.
    assert server.call("GET", f"/api/v1/statuses/{quote(name)}", token)["id"].lower() == name
    (deleted,) = (await looked(police.feed(), mark)).items
    assert isinstance(deleted, PartnerPost)
    assert (deleted.post_id, deleted.change) == (name, "deleted")


async def test_words_that_are_edited_back_are_an_edit_with_an_id_of_its_own(police: Person) -> None:
    ids, mark = [], (await looked(police.feed())).mark
    name = police.post("one")
    for words in ("other", "one", "other"):
        batch = await looked(police.feed(), mark)
        ids += [one.id for one in batch.items]
        mark = batch.mark
        police.edit(name, words)
    ids += [one.id for one in (await looked(police.feed(), mark)).items]
    assert len(ids) == len({*ids}) == 4


async def test_a_thread_is_taken_and_an_answer_to_somebody_else_is_not(police: Person) -> None:
    mark = (await looked(police.feed())).mark
    police.continued(police.post("Fire at Ysbyty Ardudwy"), "Keep away from Block C")
    police.answer_others("No, that is not true")
    batch = await looked(police.feed(), mark)
    assert said(batch) == ["new Fire at Ysbyty Ardudwy", "new Keep away from Block C"]
    assert [one for one in batch.faults if "answers somebody else" in one]
    assert (await looked(police.feed(), batch.mark)).faults == ()


async def test_the_same_mark_gives_the_same_again(police: Person) -> None:
    """However often a process ends between reading and writing: each repeat has the ids of the first time."""
    name, gone = police.post("Two people have died"), police.post("Fire at Ysbyty Ardudwy")
    mark = (await looked(police.feed())).mark
    police.edit(name, "Nobody has died")
    police.delete(gone)
    police.post("The road is closed")
    first, again = await looked(police.feed(), mark), await looked(police.feed(), mark)
    assert len(first.items) == 3
    assert [one.id for one in first.items] == [one.id for one in again.items]
    assert first.mark == again.mark


async def test_many_posts_between_two_looks_come_each_once_oldest_first(
    police: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluesky_feed, "PAGE", 2)
    monkeypatch.setattr(mastodon_feed, "PAGE", 2)
    police.post("before")
    mark = (await looked(police.feed())).mark
    for number in range(5):
        police.post(f"number {number}")
    batch = await looked(police.feed(), mark)
    assert said(batch) == [f"new number {number}" for number in range(5)]
    assert batch.faults == ()


async def test_more_posts_than_it_lists_are_told_of(police: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read is said, never passed over."""
    for module in (bluesky_feed, mastodon_feed):
        monkeypatch.setattr(module, "PAGE", 2)
        monkeypatch.setattr(module, "PAGES_MAX", 2)
    police.post("before")
    mark = (await looked(police.feed())).mark
    for number in range(6):
        police.post(f"number {number}")
    batch = await looked(police.feed(), mark)
    assert said(batch) == [f"new number {number}" for number in range(2, 6)]
    assert [one for one in batch.faults if "the oldest are left out" in one]


async def test_a_mark_that_is_not_known_any_more_is_told_of(police: Person) -> None:
    police.post("Fire at Ysbyty Ardudwy")
    batch = await looked(police.feed(), "{}")
    assert said(batch) == ["new Fire at Ysbyty Ardudwy"]
    assert [one for one in batch.faults if "as for the first time" in one]


async def test_an_account_that_is_called_otherwise_is_told_of_with_both_names(changing: OnBluesky | OnMastodon) -> None:
    mark = (await looked(changing.feed())).mark
    changing.rename()
    batch = await looked(changing.feed(), mark)
    (change,) = batch.items
    assert isinstance(change, PartnerChange)
    assert (change.change, change.account_id) == ("renamed", changing.account.account_id)
    assert change.before
    assert change.called not in (None, change.before)
    assert (await looked(changing.feed(), batch.mark)).items == ()


async def test_an_account_that_is_shut_and_opened_again_is_told_of_each_time(changing: OnBluesky | OnMastodon) -> None:
    """Its posts are not deletions: they are there again with the account. What was said meanwhile comes then."""
    changing.post("Fire at Ysbyty Ardudwy")
    mark = (await looked(changing.feed())).mark
    changing.suspend()
    shut = await looked(changing.feed(), mark)
    assert said(shut) == ["account suspended"]
    assert said(await looked(changing.feed(), shut.mark)) == []
    changing.suspend(suspended=False)
    back = await looked(changing.feed(), shut.mark)
    assert said(back) == ["account back"]


async def test_a_check_says_whether_the_account_can_be_read(police: Person) -> None:
    assert "can be read" in await police.feed().check()


def copy_of(text: str, *, is_heard: bool = True) -> CarriedPost:
    [copy] = after(builders.declared(), shared(text=text))[1].messages.values()
    return CarriedPost(copy, LIVE, is_heard)


async def test_what_ours_carry_is_looked_up_where_the_feed_does_not_know_it_any_more(police: Person) -> None:
    """An edit and a deletion that no feed heard are given; what is as we share it is not."""
    name, gone, same = police.post("Two people died"), police.post("Keep away"), police.post("The road is closed")
    police.edit(name, "Nobody died")
    police.delete(gone)
    police.carried = {name: copy_of("Two people died"), gone: copy_of("Keep away"), same: copy_of("The road is closed")}
    async with heard(police.feed()) as hearing:
        await hearing.until_said("deleted", "edited Nobody died")
        assert not any("edited The road" in one for one in hearing.said())
        assert hearing.faults() == []
        known = hearing.mark
    async with heard(police.feed(), known) as hearing:
        police.carried = {name: copy_of("Two people died")}
        await hearing.until(lambda: bool(hearing.batches))
        assert hearing.said() == [], "each look says what becomes of a post that the mark knows"


async def test_what_a_person_shared_in_other_words_is_told_and_not_taken_back(police: Person) -> None:
    """Its words and its identifier were typed: a slip of the hand takes nothing back."""
    name = police.post("The road is closed from the mill on")
    police.carried = {name: copy_of("The road is closed", is_heard=False), "nothing1": copy_of("No", is_heard=False)}
    async with heard(police.feed()) as hearing:
        await hearing.until(lambda: len(hearing.faults()) > 1)
        told = " ".join(hearing.faults())
        assert f"post {name} was shared by hand in other words than it has there: look at it" in told
        assert "post nothing1, which was shared by hand, is not shown there: look at it" in told
        assert not [one for one in hearing.said() if not one.startswith("new ")]
