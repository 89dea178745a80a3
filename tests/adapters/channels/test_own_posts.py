"""Vendors that keep no name of ours for a post: no fault of the network makes a post too many, too few or undone."""

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import pytest

from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import Channel, NotSent, Rejected
from streams.words.delivery import Dispatch, Earlier, Receipt, Sight, Verb
from streams.words.release import Credit
from tests.adapters.channels import facebook_server, linkedin_server, x_server
from tests.adapters.channels.mastodon_places import said
from tests.adapters.grounds import facebook, linkedin, x
from tests.adapters.proxy import Fault, Proxy, cuts, is_silent_after, proxy_before, resets_after, resets_before, says

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
COPY = "Ardudwy Police: Avoid the A496 at Pont Ddu."
TRIES_MAX = 30


class Vendor(Protocol):
    """A server that plays a vendor, and what the public reads there."""

    port: int
    takes_duplicates: bool

    def write(self, text: str, *, ago: timedelta = ..., **more: Any) -> Any:
        """A post that the account has already."""

    def texts(self) -> Sequence[str]:
        """The words of each post."""


@dataclass(frozen=True)
class Kind:
    """How to play one vendor; `edits` and `deletes` are how such requests begin, `writes` those of new posts."""

    serve: Callable[..., Any]
    channel: Callable[..., Channel]
    writes: str
    edits: str
    deletes: str


@dataclass(frozen=True)
class Site:
    kind: Kind
    server: Vendor
    network: Proxy
    channel: Channel


KINDS: Mapping[str, Kind] = {
    "x": Kind(x_server.x_server, x, "POST /2/tweets", "POST /2/tweets", "DELETE /2/tweets/"),
    "facebook": Kind(
        facebook_server.facebook_server,
        facebook,
        f"POST /v26.0/{facebook_server.PAGE}/feed",
        f"POST /v26.0/{facebook_server.PAGE}_",
        "DELETE /v26.0/",
    ),
    "linkedin": Kind(
        linkedin_server.linkedin_server, linkedin, "POST /rest/posts HTTP", "POST /rest/posts/", "DELETE /rest/posts/"
    ),
}


@asynccontextmanager
async def opened(kind: Kind) -> AsyncIterator[Site]:
    async with kind.serve() as server, proxy_before(server.port) as network:
        yield Site(kind, server, network, kind.channel(f"http://127.0.0.1:{network.port}", "live"))


@pytest.fixture(params=KINDS)
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with opened(KINDS[request.param]) as there:
        yield there


async def test_a_correction_takes_the_place_of_the_wrong_words_as_often_as_it_is_tried(site: Site) -> None:
    """Also of those of an earlier correction, by the receipt of the first."""
    first = await site.channel.publish(said(FIRST))
    for words in (MENDED, f"{MENDED} All roads are open."):
        mends = said(words, verb=Verb.CORRECT, target=first)
        assert (await site.channel.look(mends)).sight is Sight.ABSENT
        receipts = {await site.channel.publish(mends) for _ in range(2)}
        assert [*site.server.texts()] == [words]
        assert {(await site.channel.look(mends)).receipt} == receipts


async def test_a_withdrawal_deletes_the_post_and_says_so(site: Site) -> None:
    """It counts as public only if both are true; again it changes nothing."""
    first = await site.channel.publish(said(FIRST))
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=first)
    assert (await site.channel.look(withdraws)).sight is Sight.ABSENT
    receipts = {await site.channel.publish(withdraws) for _ in range(3)}
    assert [*site.server.texts()] == [GONE]
    assert {(await site.channel.look(withdraws)).receipt} == receipts


async def test_a_withdrawal_ends_what_its_target_corrected_too(site: Site) -> None:
    first, mended = [await site.channel.publish(said(words)) for words in (FIRST, MENDED)]
    earlier = Earlier(key="first", at=said(FIRST).authorisation.at, receipt=first)
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=mended).model_copy(update={"earlier": (earlier,)})
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


async def test_a_withdrawal_whose_words_are_there_is_absent_while_the_post_is(site: Site) -> None:
    first = await site.channel.publish(said(FIRST))
    await site.channel.publish(said(GONE))
    assert (await site.channel.look(said(GONE, verb=Verb.WITHDRAW, target=first))).sight is Sight.ABSENT


async def test_a_post_that_a_person_found_is_withdrawn_by_the_address_of_its_receipt(site: Site) -> None:
    """An address that leads to no post deletes nothing."""
    first = await site.channel.publish(said(FIRST))
    wrong = Receipt(words="seen", url="https://trust.example/news/7390000000000000001")
    with pytest.raises(NotSent, match="by its address"):
        await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=wrong))
    assert [*site.server.texts()] == [FIRST]
    by_hand = Receipt(words="seen on the page", url=first.url)
    await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=by_hand))
    assert [*site.server.texts()] == [GONE]


async def test_a_receipt_that_names_no_post_reaches_nothing(site: Site) -> None:
    """As a part of an address it would lead elsewhere."""
    for reference in ("../../oauth", "1/comments", "urn:li:person:1"):
        target = Receipt(reference=reference, words="of another channel")
        with pytest.raises(NotSent, match="names no post"):
            await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=target))
    assert site.network.requests == []


@pytest.mark.parametrize("fault", [resets_after, is_silent_after, says("503 Busy", takes=True)])
async def test_a_lost_answer_is_unknown_and_makes_no_second_post(site: Site, fault: Fault) -> None:
    """The look finds it, and a repeat finds it too."""
    site.network.plays(fault, for_=site.kind.writes)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_copy_that_lands_late_is_found_and_not_sent_again(site: Site) -> None:
    """Until it lands, nothing is there: the kind says how long that proves nothing."""
    site.network.plays(site.network.holds, for_=site.kind.writes)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT
    await site.network.let_arrive()
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_request_that_never_came_is_absent_and_may_be_sent_again(site: Site) -> None:
    site.network.plays(resets_before, for_=site.kind.writes)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_lost_answer_to_an_edit_is_settled_by_a_look(site: Site) -> None:
    first = await site.channel.publish(said(FIRST))
    mends = said(MENDED, verb=Verb.CORRECT, target=first)
    site.network.plays(resets_after, for_=site.kind.edits)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(mends)
    assert (await site.channel.look(mends)).sight is Sight.SHOWN
    assert [*site.server.texts()] == [MENDED]


async def test_a_lost_answer_to_a_deletion_is_tried_again_at_once(site: Site) -> None:
    """The words that say so wait until the post is gone."""
    first = await site.channel.publish(said(FIRST))
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=first)
    site.network.plays(resets_after, for_=site.kind.deletes)
    with pytest.raises(NotSent):
        await site.channel.publish(withdraws)
    assert [*site.server.texts()] == []
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


async def test_words_that_the_vendor_has_from_before_are_refused_with_their_place(site: Site) -> None:
    """A refusal is no receipt: tonight's words would be those of two days ago."""
    old = site.server.write(FIRST, ago=timedelta(days=2))
    with pytest.raises(Rejected, match=old.id.rpartition("_")[2]):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT


async def test_a_copy_of_a_partners_post_is_taken_back_with_words(site: Site) -> None:
    credit = Credit(partner="police", partner_name="Ardudwy Police", account_id="1", post_id="2")
    receipt = await site.channel.publish(said(COPY, verb=Verb.REPOST, credit=credit))
    assert [*site.server.texts()] == [COPY]
    takes_back = said(GONE, verb=Verb.UN_REPOST, target=receipt)
    await site.channel.publish(takes_back)
    assert [*site.server.texts()] == [GONE]
    assert (await site.channel.look(takes_back)).sight is Sight.SHOWN


async def test_more_posts_than_a_part_of_the_list_holds_hide_nothing(site: Site) -> None:
    await site.channel.publish(said(FIRST))
    for number in range(150):
        site.server.write(f"Another post {number}.")
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN


FAULTS = (
    resets_before,
    resets_after,
    cuts,
    says("503 Busy"),
    says("503 Busy", takes=True),
    says("502 Bad Gateway", "Content-Type: text/html", content="<h1>Bad gateway</h1>", takes=True),
    says("429 Too Many Requests", "Content-Type: application/json", content="{}"),
)


async def _carry_out(site: Site, dispatch: Dispatch, chance: random.Random) -> Receipt:
    """It tries, looks after an unknown outcome, and tries again if the look found nothing or had no answer."""
    for _ in range(TRIES_MAX):
        if chance.random() < 0.6:
            site.network.plays(chance.choice(FAULTS), for_=chance.choice(["POST", "GET", "DELETE"]))
        try:
            return await site.channel.publish(dispatch)
        except NotSent:
            continue
        except NoWholeAnswer:
            if chance.random() < 0.5:
                site.network.plays(chance.choice(FAULTS), for_="GET")
            with suppress(NotSent):
                if (seen := await site.channel.look(dispatch)).receipt:
                    return seen.receipt
    raise AssertionError(f"not settled in {TRIES_MAX} tries")


@pytest.mark.parametrize("takes_duplicates", [False, True])
@pytest.mark.parametrize("name", KINDS)
async def test_a_storm_of_faults_neither_loses_nor_doubles_nor_undoes(name: str, *, takes_duplicates: bool) -> None:
    """By the server's own view, after each act of a message, its correction and its withdrawal."""
    async with opened(KINDS[name]) as site:
        site.server.takes_duplicates = takes_duplicates
        for seed in range(25):
            chance, before = random.Random(f"{name} {seed}"), [*site.server.texts()]
            publishes = said(f"Fire {seed} at Ysbyty Ardudwy.")
            first = await _carry_out(site, publishes, chance)
            assert [*site.server.texts()][len(before) :] == [f"Fire {seed} at Ysbyty Ardudwy."]
            mends = said(f"Correction {seed}: it is out.", verb=Verb.CORRECT, target=first)
            mended = await _carry_out(site, mends, chance)
            assert [*site.server.texts()][len(before) :] == [f"Correction {seed}: it is out."]
            withdraws = said(f"We withdrew post {seed}.", verb=Verb.WITHDRAW, target=mended)
            await _carry_out(site, withdraws, chance)
            assert [*site.server.texts()] == [*before, f"We withdrew post {seed}."]
            assert (await site.channel.look(withdraws)).sight is Sight.SHOWN
