"""A Bluesky account as a channel, on a real server: what the public finds there after each act."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.channels.bluesky.records import FENCE
from agents.ports import NotSent, Rejected
from streams.words.delivery import Dispatch, Earlier, Sight, Verb
from streams.words.release import Credit
from tests.adapters.channels.dispatches import DRILL, WORDS, WORDS_AFTER, after, dispatch
from tests.adapters.grounds import bluesky
from tests.adapters.proxy import proxy_before
from tests.bluesky import POST, REPOST, Account, BlueskyNetwork

FIRST = dispatch()
PARTNERS_WORDS = "Avoid Northgate Road, the fire service is at work."
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def channel(network: BlueskyNetwork, account: Account) -> BlueskyChannel:
    return bluesky(account, network.url, "live")


@pytest.fixture
def posts(network: BlueskyNetwork, account: Account) -> Callable[[], Mapping[str, Mapping[str, Any]]]:
    """The posts of the account by their text, without the hashtag that ends each."""
    return lambda: {
        record["value"]["text"].removesuffix(" #NorthgateFire"): record for record in network.records(account)
    }


Posts = Callable[[], Mapping[str, Mapping[str, Any]]]


def head(network: BlueskyNetwork, account: Account) -> str:
    return str(network.call("com.atproto.sync.getLatestCommit", did=account.did)["rev"])


async def test_each_language_has_a_post_of_its_own(channel: BlueskyChannel, posts: Posts) -> None:
    """With its language, the time of the yes and its hashtag; the receipt leads to the first."""
    receipt = await channel.publish(FIRST)
    found = posts()
    assert set(found) == set(WORDS.values())
    assert [found[WORDS[language]]["value"]["langs"] for language in WORDS] == [["en"], ["cy"]]
    assert {post["value"]["createdAt"] for post in found.values()} == {"2026-11-21T22:45:00.000Z"}
    english = found[WORDS["en"]]
    assert (receipt.reference, receipt.version) == (english["uri"], english["cid"])
    assert receipt.url == f"https://bsky.app/profile/{english['uri'].split('/')[2]}/post/{english['uri'].split('/')[4]}"


async def test_a_second_worker_finds_the_same_message_and_writes_nothing(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """All that decides is in the account: what a worker remembers is not."""
    receipt = await channel.publish(FIRST)
    before = head(network, account)
    again = bluesky(account, network.url, "live")
    assert await again.publish(FIRST) == receipt
    assert (await again.look(FIRST)).receipt == receipt
    assert head(network, account) == before


async def test_two_workers_write_to_one_account_at_once(network: BlueskyNetwork, account: Account) -> None:
    """Each change names the state it was made for, so one of two is refused, looks again and is made again."""
    workers = [bluesky(account, network.url, "live", seconds=30) for _ in range(3)]
    messages = [dispatch(f"message {number}") for number in range(5)]
    await asyncio.gather(*[worker.publish(one) for worker in workers for one in messages])
    assert len(network.records(account)) == len(messages) * len(WORDS)


@pytest.mark.parametrize("knows", [True, False], ids=["with its receipt", "by its key alone"])
async def test_a_correction_answers_the_post_in_the_same_language(
    channel: BlueskyChannel, posts: Posts, *, knows: bool
) -> None:
    """By its address and its version; the words that were wrong stay where they are, since an edit is not shown."""
    receipt = await channel.publish(FIRST)
    correction = after(FIRST, verb=Verb.CORRECT, receipt=receipt if knows else None)
    await channel.publish(correction)
    found = posts()
    for language, text in WORDS.items():
        wrong = {"uri": found[text]["uri"], "cid": found[text]["cid"]}
        assert found[WORDS_AFTER[language]]["value"]["reply"] == {"root": wrong, "parent": wrong}
    assert (await channel.look(correction)).sight is Sight.SHOWN


async def test_a_correction_of_a_correction_hangs_in_the_same_thread(channel: BlueskyChannel, posts: Posts) -> None:
    """Its parent is the correction, its root the first post."""
    await channel.publish(FIRST)
    second = after(FIRST, verb=Verb.CORRECT)
    await channel.publish(second)
    third = after(second, verb=Verb.CORRECT, name="third")
    third = third.model_copy(update={"message": third.message.model_copy(update={"texts": {"en": "Third."}})})
    await channel.publish(third)
    reply = posts()["Third."]["value"]["reply"]
    assert reply["root"]["uri"] == posts()[WORDS["en"]]["uri"]
    assert reply["parent"]["uri"] == posts()[WORDS_AFTER["en"]]["uri"]


async def test_a_correction_of_what_is_not_there_is_said_all_the_same(channel: BlueskyChannel, posts: Posts) -> None:
    """A person may have deleted the post: the words that mend it are no less true."""
    await channel.publish(after(FIRST, verb=Verb.CORRECT))
    assert set(posts()) == set(WORDS_AFTER.values())


async def test_a_withdrawal_deletes_in_every_language_and_says_so(channel: BlueskyChannel, posts: Posts) -> None:
    """It counts as done once the words are there and what they are about is gone."""
    receipt = await channel.publish(FIRST)
    withdrawal = after(FIRST, verb=Verb.WITHDRAW, receipt=receipt)
    assert (await channel.look(withdrawal)).sight is Sight.ABSENT
    await channel.publish(withdrawal)
    assert set(posts()) == set(WORDS_AFTER.values())
    assert (await channel.look(withdrawal)).sight is Sight.SHOWN
    assert (await channel.look(FIRST)).sight is Sight.ABSENT


async def test_a_withdrawal_of_a_correction_also_ends_what_that_corrected(
    channel: BlueskyChannel, posts: Posts
) -> None:
    """Else the words that were wrong in the first place would be public alone."""
    await channel.publish(FIRST)
    correction = after(FIRST, verb=Verb.CORRECT)
    await channel.publish(correction)
    withdrawal = after(correction, verb=Verb.WITHDRAW, name="third")
    words = withdrawal.message.model_copy(update={"texts": {"en": "Gone.", "cy": "Wedi mynd."}})
    earlier = (Earlier(key=FIRST.key, at=FIRST.authorisation.at),)
    await channel.publish(withdrawal.model_copy(update={"message": words, "earlier": earlier}))
    assert set(posts()) == {"Gone.", "Wedi mynd."}


async def test_a_withdrawal_is_one_change(network: BlueskyNetwork, account: Account) -> None:
    """So nobody finds the post gone without the words that say why, nor the words beside the post."""
    async with proxy_before(network.port) as line:
        channel = bluesky(account, line.url, "live")
        await channel.publish(FIRST)
        line.requests.clear()
        await channel.publish(after(FIRST, verb=Verb.WITHDRAW))
    assert [one.split()[1] for one in line.requests if b"POST" in one] == [b"/xrpc/com.atproto.repo.applyWrites"]


async def test_what_was_withdrawn_and_is_public_again_is_named(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """Somebody with the password may put it back: a look says so and leads there; another try deletes it again."""
    await channel.publish(FIRST)
    kept = network.records(account)
    withdrawal = after(FIRST, verb=Verb.WITHDRAW)
    await channel.publish(withdrawal)
    put_back(network, account, kept[0])
    seen = await channel.look(withdrawal)
    assert (seen.sight, bool(seen.why and kept[0]["uri"].split("/")[-1] in seen.why)) == (Sight.DIFFERENT, True)
    await channel.publish(withdrawal)
    assert (await channel.look(withdrawal)).sight is Sight.SHOWN


def put_back(network: BlueskyNetwork, account: Account, record: Mapping[str, Any]) -> None:
    body = {"repo": account.did, "collection": POST, "rkey": record["uri"].split("/")[-1], "record": record["value"]}
    network.call("com.atproto.repo.putRecord", body, token=account.token)


async def test_other_words_in_its_place_are_seen(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """Somebody edited it: another try does not write over that, and a look says that it is so."""
    await channel.publish(FIRST)
    record = network.records(account)[0]
    put_back(network, account, {"uri": record["uri"], "value": {**record["value"], "text": "Come all!"}})
    before = head(network, account)
    await channel.publish(FIRST)
    assert head(network, account) == before
    assert (await channel.look(FIRST)).sight is Sight.DIFFERENT


async def test_a_post_that_somebody_deleted_is_missed(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """Where one language of two is gone, the message is not what was signed off."""
    await channel.publish(FIRST)
    welsh = next(one for one in network.records(account) if one["value"]["langs"] == ["cy"])
    network.delete(account, welsh["uri"])
    seen = await channel.look(FIRST)
    assert (seen.sight, seen.why) == (Sight.DIFFERENT, "the post in cy is not there: somebody deleted it")


async def test_a_post_that_moderators_hide_is_hidden(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """The server answers that it is there, and shows it to nobody: that is neither shown nor absent."""
    await channel.publish(FIRST)
    for record in network.records(account):
        network.take_down(record)
    assert network.records(account) == []
    before = head(network, account)
    await channel.publish(FIRST)
    seen = await channel.look(FIRST)
    assert (seen.sight, head(network, account)) == (Sight.HIDDEN, before)
    assert seen.receipt
    assert seen.why


async def test_a_withdrawal_also_deletes_what_is_hidden(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, posts: Posts
) -> None:
    """Else it would be public again on the day that moderators show it again."""
    await channel.publish(FIRST)
    hidden = network.records(account)
    for record in hidden:
        network.take_down(record)
    await channel.publish(after(FIRST, verb=Verb.WITHDRAW))
    for record in hidden:
        network.take_down(record, applied=False)
    assert set(posts()) == set(WORDS_AFTER.values())


async def test_an_account_that_is_taken_down_sends_nothing_and_says_so(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel
) -> None:
    """That is no answer about this message, but about the whole channel."""
    await channel.publish(FIRST)
    network.take_down(account)
    with pytest.raises(NotSent):
        await channel.publish(dispatch("another"))
    with pytest.raises(NotSent, match="takendown"):
        await channel.check()
    network.take_down(account, applied=False)
    assert "lets us write" in await channel.check()


@pytest.fixture
def partner(network: BlueskyNetwork) -> Account:
    return network.account("fire")


def shares(partner: Account, post_id: str, *, text: str = PARTNERS_WORDS, mode: str = "live") -> Dispatch:
    """A partner's post that goes out again, with the partner's name before its words."""
    one = dispatch("share", texts={"en": f"Northgate Fire: {text}"}, mode=mode)
    credit = Credit(partner="fire", partner_name="Northgate Fire", account_id=partner.did, post_id=post_id)
    message = one.message.model_copy(update={"credit": credit}).sealed()
    return one.model_copy(update={"message": message, "verb": Verb.REPOST})


async def test_a_partners_post_is_shared_by_the_network(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, partner: Account
) -> None:
    """Once, however often it is asked for, whether the post is named by its address or by its key; no words of ours."""
    post = network.post(partner, PARTNERS_WORDS)
    share = shares(partner, post["uri"].split("/")[-1])
    receipt = await channel.publish(share)
    assert await channel.publish(shares(partner, post["uri"])) == receipt
    (record,) = network.records(account, REPOST)
    assert record["value"]["subject"] == {"uri": post["uri"], "cid": post["cid"]}
    assert (network.records(account), (await channel.look(share)).sight) == ([], Sight.SHOWN)
    assert receipt.url == f"https://bsky.app/profile/{partner.did}/post/{post['uri'].split('/')[-1]}"


@pytest.mark.parametrize("knows", [True, False], ids=["with its receipt", "by its key alone"])
async def test_a_share_that_is_taken_back_is_gone_without_words(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, partner: Account, *, knows: bool
) -> None:
    """The post is simply not shared any more; asked again it is still gone, and says the same."""
    post = network.post(partner, PARTNERS_WORDS)
    share = shares(partner, post["uri"])
    receipt = await channel.publish(share)
    end = after(share, verb=Verb.UN_REPOST, receipt=receipt if knows else None)
    assert (await channel.look(end)).sight is Sight.ABSENT
    assert await channel.publish(end) == await channel.publish(end)
    assert [*network.records(account, REPOST), *network.records(account)] == []
    assert (await channel.look(end)).sight is Sight.SHOWN
    assert len(network.records(account, FENCE)) == 1


@pytest.mark.parametrize("account_id", ["did:web:elsewhere.example", "fire@elsewhere.example", "12345"])
async def test_a_post_of_another_network_goes_out_as_words_with_credit(
    channel: BlueskyChannel, posts: Posts, partner: Account, account_id: str
) -> None:
    """And where it is taken back, it is deleted and the public is told."""
    share = shares(partner, "posts/1")
    credit = share.message.credit
    assert credit
    elsewhere = credit.model_copy(update={"account_id": account_id})
    share = share.model_copy(update={"message": share.message.model_copy(update={"credit": elsewhere}).sealed()})
    receipt = await channel.publish(share)
    assert set(posts()) == {f"Northgate Fire: {PARTNERS_WORDS}"}
    end = after(share, verb=Verb.UN_REPOST, receipt=receipt)
    assert await channel.publish(end) == await channel.publish(end)
    assert set(posts()) == set(WORDS_AFTER.values())
    assert (await channel.look(end)).sight is Sight.SHOWN


async def test_a_drill_shares_nothing_but_marked_words(network: BlueskyNetwork, account: Account) -> None:
    """What a partner really said carries no mark, so in a drill its words go out as a copy that does."""
    partner = network.account("fire")
    post = network.post(partner, PARTNERS_WORDS)
    await bluesky(account, network.url, DRILL).publish(shares(partner, post["uri"], mode=DRILL))
    assert network.records(account, REPOST) == []
    (copy,) = network.records(account)
    assert "exercise" in copy["value"]["text"].casefold()


async def test_a_post_that_was_edited_before_we_shared_it_goes_out_as_a_copy_of_what_it_says_now(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, partner: Account
) -> None:
    """Readers of a share would see its first words."""
    post = network.post(partner, "All lies.")
    network.edit(partner, post["uri"], PARTNERS_WORDS)
    one = shares(partner, post["uri"])
    credit = one.message.credit.model_copy(update={"edited": True}) if one.message.credit else None
    one = one.model_copy(update={"message": one.message.model_copy(update={"credit": credit}).sealed()})
    await channel.publish(one)
    assert network.records(account, REPOST) == []
    (copy,) = network.records(account)
    assert copy["value"]["text"].startswith(f"Northgate Fire: {PARTNERS_WORDS}")
    assert (await channel.look(one)).sight is Sight.SHOWN


@pytest.mark.parametrize("change", ["deleted", "edited"])
async def test_a_partners_post_that_is_not_what_was_signed_off_is_not_shared(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, partner: Account, change: str
) -> None:
    """A yes is to words: what the partner says instead of them was signed off by nobody."""
    post = network.post(partner, PARTNERS_WORDS)
    network.delete(partner, post["uri"])
    if change == "edited":
        value = {"$type": POST, "text": "All lies.", "createdAt": "2026-11-21T22:40:00.000Z"}
        put_back(network, partner, {"uri": post["uri"], "value": value})
    with pytest.raises(Rejected, match="the partner's post"):
        await channel.publish(shares(partner, post["uri"]))
    assert network.records(account, REPOST) == []


@pytest.mark.parametrize(("text", "fits"), [("é" * 280, True), (FAMILY * 119, True), (FAMILY * 121, False)])
async def test_a_post_holds_300_characters_and_3000_bytes(
    channel: BlueskyChannel, posts: Posts, text: str, *, fits: bool
) -> None:
    """Characters as a reader sees them; a family of emoji is one of them, and 25 bytes."""
    one = dispatch(texts={"en": text})
    if fits:
        await channel.publish(one)
        assert set(posts()) == {text}
    else:
        with pytest.raises(Rejected, match="maximum 3000"):
            await channel.publish(one)
        assert posts() == {}


async def test_more_languages_than_posts_are_refused(channel: BlueskyChannel, posts: Posts) -> None:
    """So many posts are looked at where a message is taken back, and no more."""
    many = dispatch(texts=dict.fromkeys(("en", "cy", "pl", "ur", "pa"), "Stay away."))
    with pytest.raises(Rejected, match="5 languages"):
        await channel.publish(many)
    assert posts() == {}
