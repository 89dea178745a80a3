"""A Mastodon account behind a bad network, on a server that is Mastodon and on a real one that keeps no keys."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agents.adapters.channels.mastodon import MastodonChannel
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import NotSent, Rejected
from streams.words.delivery import Dispatch, Receipt, Sight, Verb
from tests.adapters.channels.mastodon_places import DELETES, EDITS, PUBLISHES, READS, SITES, Site, said
from tests.adapters.grounds import mastodon
from tests.adapters.proxy import Fault, Proxy, cuts, delays, is_silent_after, resets_after, resets_before, says
from tests.snac import Snac
from tests.snac.shared import snac

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
LOST: dict[str, Fault] = {
    "reset before": resets_before,
    "reset after": resets_after,
    "cut": cuts,
    "silence": is_silent_after,
    "502 before": says("502 Bad Gateway", content="<h1>Bad gateway</h1>"),
    "503 after": says("503 Service Unavailable", content="{}", takes=True),
    "200 without a word": says("200 OK", takes=True),
}
NEVER_ARRIVE = (LOST["reset before"], LOST["502 before"])
QUICK = [fault for name, fault in LOST.items() if name != "silence"]
STORM: tuple[Fault, ...] = (*LOST.values(), says("429 Too Many Requests"))


@pytest.fixture(params=SITES)
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with SITES[request.param]() as opened:
        yield opened


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST.keys())
async def test_a_post_whose_answer_is_lost_is_unknown_and_a_look_tells_what_became_of_it(
    site: Site, fault: Fault
) -> None:
    """It is neither lost nor public twice, whatever the server did with the request."""
    channel, first = site.channel(seconds=4), said(FIRST)
    site.network.plays(fault, for_=PUBLISHES)
    with pytest.raises(Exception, match="no clear answer") as lost:
        await channel.publish(first)
    assert not isinstance(lost.value, NotSent | Rejected)
    seen = await channel.look(first)
    assert (seen.sight is Sight.SHOWN) is ([*site.texts()] == [FIRST])
    receipt = await channel.publish(first)
    assert [*site.texts()] == [FIRST]
    assert (await channel.look(first)).receipt == receipt


async def test_what_fails_before_the_words_is_surely_not_sent(site: Site) -> None:
    """The account is asked for first: a server that is not well says so there."""
    channel = site.channel(seconds=4)
    for fault in (*LOST.values(), says("429 Too Many Requests", "X-RateLimit-Reset: 2026-11-21T23:00:00Z")):
        site.network.plays(fault, for_=READS)
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await channel.publish(said(FIRST))
    assert [*site.texts()] == []


async def test_a_copy_that_lands_late_is_seen_and_makes_no_second_post(site: Site) -> None:
    """The first look comes too early to say that nothing is there; the row says when a look may."""
    channel, first = site.channel(seconds=2), said(FIRST)
    site.network.plays(site.network.holds, for_=PUBLISHES)
    with pytest.raises(Exception, match="no clear answer"):
        await channel.publish(first)
    assert (await channel.look(first)).sight is Sight.ABSENT
    await site.network.let_arrive()
    assert (await channel.look(first)).sight is Sight.SHOWN
    await channel.publish(first)
    assert [*site.texts()] == [FIRST]


async def test_a_late_copy_of_a_correction_undoes_no_withdrawal(site: Site) -> None:
    """The post that it edits is not there any more."""
    channel, first = site.channel(seconds=2), said(FIRST)
    receipt = await channel.publish(first)
    site.network.plays(site.network.holds, for_=EDITS)
    mends = said(MENDED, verb=Verb.CORRECT, target=receipt)
    with pytest.raises(Exception, match="no clear answer"):
        await channel.publish(mends)
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=receipt)
    await channel.publish(withdraws)
    await site.network.let_arrive()
    assert [*site.texts()] == [GONE]
    assert (await channel.look(withdraws)).sight is Sight.SHOWN


async def test_a_late_copy_of_a_withdrawn_post_is_seen_and_withdrawn_without_more_words(site: Site) -> None:
    """A withdrawal may come while the post is unknown: what lands after it is deleted when a look has found it."""
    channel, first = site.channel(seconds=2), said(FIRST)
    site.network.plays(site.network.holds, for_=PUBLISHES)
    with pytest.raises(Exception, match="no clear answer"):
        await channel.publish(first)
    withdraws = said(GONE, verb=Verb.WITHDRAW)
    await channel.publish(withdraws)
    await site.network.let_arrive()
    landed = (await channel.look(first)).receipt
    assert landed
    again = withdraws.model_copy(update={"target": landed})
    assert (await channel.look(again)).sight is Sight.ABSENT
    await channel.publish(again)
    assert [*site.texts()] == [GONE]
    assert (await channel.look(again)).sight is Sight.SHOWN


async def test_a_late_copy_of_a_corrected_post_is_deleted_and_the_correction_stays_one_post(site: Site) -> None:
    """A correction may come while the post is unknown: then it is a post of its own, and no second one is made."""
    channel, first = site.channel(seconds=2), said(FIRST)
    site.network.plays(site.network.holds, for_=PUBLISHES)
    with pytest.raises(Exception, match="no clear answer"):
        await channel.publish(first)
    mends = said(MENDED, verb=Verb.CORRECT)
    receipt = await channel.publish(mends)
    await site.network.let_arrive()
    again = mends.model_copy(update={"target": (await channel.look(first)).receipt})
    assert (await channel.look(again)).sight is Sight.ABSENT
    assert await channel.publish(again) == receipt
    assert [*site.texts()] == [MENDED]
    assert (await channel.look(again)).sight is Sight.SHOWN


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST.keys())
async def test_a_deletion_whose_answer_is_lost_may_be_tried_again_at_once(site: Site, fault: Fault) -> None:
    """Nothing is public by it, and once more does no harm."""
    channel = site.channel(seconds=4)
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=await channel.publish(said(FIRST)))
    site.network.plays(fault, for_=DELETES)
    with pytest.raises(NotSent):
        await channel.publish(withdraws)
    assert (await channel.look(withdraws)).sight is Sight.ABSENT
    await channel.publish(withdraws)
    assert [*site.texts()] == [GONE]


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST.keys())
async def test_a_correction_whose_answer_is_lost_is_known_by_a_look(site: Site, fault: Fault) -> None:
    """The old words in its place mean that nothing is done yet."""
    channel = site.channel(seconds=4)
    mends = said(MENDED, verb=Verb.CORRECT, target=await channel.publish(said(FIRST)))
    site.network.plays(fault, for_=EDITS)
    with pytest.raises(Exception, match="no clear answer") as lost:
        await channel.publish(mends)
    assert not isinstance(lost.value, NotSent | Rejected)
    seen = await channel.look(mends)
    assert not (seen.sight is Sight.SHOWN and [*site.texts()] != [MENDED])
    if fault not in NEVER_ARRIVE:
        await until_read(site, MENDED)
    # As the service does, which looks first: snac may lose a post that a second edit reaches while it works on one.
    if fault in NEVER_ARRIVE or site.name != "snac":
        await channel.publish(mends)
    await until_read(site, MENDED)
    assert (await channel.look(mends)).sight is Sight.SHOWN


async def until_read(site: Site, words: str) -> None:
    """An edit may still go on when its answer is lost."""
    for _ in range(100):
        if [*site.texts()] == [words]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{words!r} did not arrive: {site.texts()}")


async def test_a_slow_server_is_waited_for(site: Site) -> None:
    """Slow is not lost."""
    site.network.plays(delays(0.5), for_=PUBLISHES)
    await site.channel(seconds=8).publish(said(FIRST))
    assert [*site.texts()] == [FIRST]


async def test_a_caller_that_stops_waiting_leaves_no_request_behind_that_was_not_sent(site: Site) -> None:
    """The connection ends with the call: no thread goes on sending."""
    site.network.plays(site.network.holds, for_=READS)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await site.channel().publish(said(FIRST))
    await site.network.let_arrive()
    await asyncio.sleep(0.2)
    assert [*site.texts()] == []


async def settled(channel: MastodonChannel, one: Dispatch) -> None:
    """Publish as the agent does: what is unknown is looked at, and sent again only if nothing is there."""
    for _ in range(20):
        try:
            await channel.publish(one)
        except NotSent:
            continue
        except NoWholeAnswer:
            if (await looked(channel, one)) is not Sight.SHOWN:
                continue
        return
    pytest.fail("it was never settled")


async def looked(channel: MastodonChannel, one: Dispatch) -> Sight:
    for _ in range(20):
        try:
            return (await channel.look(one)).sight
        except NotSent:
            await asyncio.sleep(0.05)
    pytest.fail("the server could not be read back")


async def test_in_a_storm_no_message_is_lost_and_none_is_public_twice(site: Site) -> None:
    """Forty messages through a network that fails at every second request, counted on the server's side."""
    drawn, channel = random.Random(12), site.channel(seconds=2)
    messages = [said(f"Message {number} of the storm.") for number in range(40)]
    for one in messages:
        for request in (PUBLISHES, READS):
            if drawn.random() < 0.5:
                site.network.plays(drawn.choice(STORM), for_=request)
        await settled(channel, one)
    assert sorted(site.texts()) == sorted(one.message.texts["en"] for one in messages)


async def arrived(channel: MastodonChannel, one: Dispatch, network: Proxy) -> Receipt:
    """As the desk has it done: that nothing is there counts only when every copy has arrived that still may."""
    for _ in range(30):
        try:
            return await channel.publish(one)
        except NotSent:
            continue
        except NoWholeAnswer:
            if await looked(channel, one) is not Sight.SHOWN:
                await network.let_arrive()
    pytest.fail("it was never settled")


async def test_first_words_correction_and_withdrawal_survive_every_trouble(site: Site, seed: int) -> None:
    """Three nights of each seed, with late copies: in the end the words of each withdrawal are there, and only those.

    Corrections and withdrawals go on at once, while copies of what came before are still on their way.
    """
    drawn, channel = random.Random(seed), site.channel(seconds=2)
    troubles = (*QUICK, site.network.holds)
    for night in range(3):
        for request in (PUBLISHES, EDITS, DELETES, PUBLISHES, READS):
            if drawn.random() < 0.4:
                site.network.plays(drawn.choice(troubles), for_=request)
        first = await arrived(channel, said(f"{night}. {FIRST}"), site.network)
        mended = await arrived(channel, said(f"{night}. {MENDED}", verb=Verb.CORRECT, target=first), site.network)
        gone = said(f"{night}. {GONE}", verb=Verb.WITHDRAW, target=mended)
        await arrived(channel, gone, site.network)
        await site.network.let_arrive()
        assert (await looked(channel, gone)) is Sight.SHOWN
    assert sorted(site.texts()) == [f"{night}. {GONE}" for night in range(3)]


@pytest.fixture
def own_snac(tmp_path: Path) -> Iterator[Snac]:
    """A server of the test's own, which it may kill."""
    snac()
    with Snac(tmp_path) as server:
        yield server


async def test_a_server_that_is_killed_in_mid_send_loses_nothing_and_doubles_nothing(
    own_snac: Snac, kills: int
) -> None:
    """It is killed at another moment of each message, and started again."""
    account, drawn = own_snac.account(), random.Random(9)
    channel = mastodon(own_snac.port, "live", account=account, seconds=4)
    messages = [said(f"Message {number} of the night.") for number in range(2 * kills)]
    for one in messages:
        sending = asyncio.create_task(channel.publish(one))
        await asyncio.sleep(drawn.random() * 0.03)
        own_snac.kill()
        (outcome,) = await asyncio.gather(sending, return_exceptions=True)
        own_snac.start()
        if not isinstance(outcome, Receipt):
            assert isinstance(outcome, NotSent | NoWholeAnswer)
            if await looked(channel, one) is not Sight.SHOWN:
                await settled(channel, one)
    assert sorted(own_snac.texts(account[0])) == sorted(one.message.texts["en"] for one in messages)
