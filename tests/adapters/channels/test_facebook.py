"""A page on Facebook: what is its own about it; what it shares with other vendors is in `test_own_posts.py`."""

import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from agents.adapters.channels.facebook import FacebookChannel
from agents.adapters.channels.facebook.settings import URL, settings_of
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import NotSent, Rejected
from streams.words.delivery import Earlier, Look, Receipt, Sight, Verb
from streams.words.register.accounts import Credential
from tests.adapters.channels import facebook_server as fake
from tests.adapters.channels.facebook_server import FacebookServer, facebook_server
from tests.adapters.channels.mastodon_places import said
from tests.adapters.grounds import entry, facebook
from tests.adapters.proxy import Proxy, proxy_before

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
EXPIRED, TOO_MUCH, NO_RIGHT, WRONG_WORDS, UNCLEAR = 190, 80001, 200, 100, 2


@dataclass(frozen=True)
class Site:
    server: FacebookServer
    network: Proxy
    channel: FacebookChannel


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with facebook_server() as server, proxy_before(server.port) as network:
        yield Site(server, network, facebook(f"http://127.0.0.1:{network.port}", "live", seconds=4))


@pytest.mark.parametrize(
    "text",
    [
        "Tân yn Ysbyty Ardudwy – cadwch draw. #TânArdudwy",
        'Stay away <b>now</b> & "later" 🚒',
        "First line.\n\nMore: https://alerts.trust.example/m-1?lang=cy&x=1",
    ],
)
async def test_a_post_is_found_again_by_its_words(site: Site, text: str) -> None:
    receipt = await site.channel.publish(said(text))
    assert await site.channel.look(said(text)) == Look(sight=Sight.SHOWN, receipt=receipt)
    number = str(receipt.reference).partition("_")[2]
    assert receipt.url == f"https://www.facebook.com/{fake.PAGE}/posts/{number}"


async def test_where_the_post_takes_no_edit_the_correction_is_a_post_of_its_own(site: Site) -> None:
    """A person wrote it on the page, or another app; or it is gone."""
    by_hand = site.server.write(FIRST, ours=False)
    target = Receipt(reference=by_hand.id, words="seen on the page")
    mends = said(MENDED, verb=Verb.CORRECT, target=target)
    receipt = await site.channel.publish(mends)
    assert [*site.server.texts()] == [FIRST, MENDED]
    assert (await site.channel.look(mends)).receipt == receipt
    del site.server.posts[by_hand.id]
    again = said(f"{MENDED} All roads are open.", verb=Verb.CORRECT, target=target)
    await site.channel.publish(again)
    assert [*site.server.texts()] == [MENDED, f"{MENDED} All roads are open."]


async def test_a_withdrawal_of_a_correction_ends_the_post_that_it_corrected_too(site: Site) -> None:
    by_hand = site.server.write(FIRST, ours=False)
    first = Receipt(reference=by_hand.id, words="seen on the page")
    mended = await site.channel.publish(said(MENDED, verb=Verb.CORRECT, target=first))
    earlier = Earlier(key="first", at=said(FIRST).authorisation.at, receipt=first)
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=mended).model_copy(update={"earlier": (earlier,)})
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


@pytest.mark.parametrize("by", ["our address", "Facebook's address"])
async def test_a_post_that_a_person_found_is_withdrawn_by_its_address(site: Site, by: str) -> None:
    """One that leads to no post deletes nothing."""
    first = await site.channel.publish(said(FIRST))
    link = first.url if by == "our address" else site.server.posts[str(first.reference)].link
    by_hand = Receipt(words="seen on the page", url=link)
    wrong = by_hand.model_copy(update={"url": "https://www.facebook.com/ardudwyvale"})
    with pytest.raises(NotSent, match="by its address"):
        await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=wrong))
    assert [*site.server.texts()] == [FIRST]
    await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=by_hand))
    assert [*site.server.texts()] == [GONE]


@pytest.mark.parametrize(
    ("errs", "error"),
    [
        ((400, EXPIRED), NotSent),
        ((401, EXPIRED), NotSent),
        ((400, TOO_MUCH), NotSent),
        ((403, NO_RIGHT), NotSent),
        ((400, 424242), NotSent),
        ((400, WRONG_WORDS), Rejected),
    ],
)
async def test_the_code_of_a_refusal_says_whether_a_retry_helps(
    site: Site, errs: tuple[int, int], error: type[Exception]
) -> None:
    """The status does not: an expired token, a limit and a wrong text are all 400."""
    site.server.errs = errs
    with pytest.raises(error):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []


@pytest.mark.parametrize("errs", [(400, UNCLEAR), (500, UNCLEAR), (400, 1)])
async def test_an_error_of_which_facebook_knows_nothing_leaves_it_unknown(site: Site, errs: tuple[int, int]) -> None:
    """The post may be there all the same, and is then found."""
    site.server.errs, site.server.does = errs, True
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN


async def test_an_expired_token_is_named_and_stops_nothing_for_good(site: Site) -> None:
    """Set again, the same message goes out."""
    site.server.is_expired = True
    with pytest.raises(NotSent, match="make a new one"):
        await site.channel.publish(said(FIRST))
    with pytest.raises(NotSent, match="make a new one"):
        await site.channel.look(said(FIRST))
    site.server.is_expired = False
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_post_that_the_page_hides_is_seen_as_hidden(site: Site) -> None:
    """The answer to the post says nothing of it."""
    site.server.hides = True
    receipt = await site.channel.publish(said(FIRST))
    seen = await site.channel.look(said(FIRST))
    assert (seen.sight, seen.receipt) == (Sight.HIDDEN, receipt)
    assert "show it there" in str(seen.why)


async def test_the_token_is_in_no_error_log_or_receipt(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(site.channel), (await site.channel.publish(said(MENDED))).model_dump_json()]
    site.server.repeats = True
    for errs in ((400, 100), (400, 190), (403, 200), (400, 4), (404, 1), (500, 2), (400, 368)):
        site.server.errs = errs
        with pytest.raises(Exception, match="No") as caught:
            await site.channel.publish(said(FIRST))
        told += ["".join(traceback.format_exception(caught.value))]
    told += [record.getMessage() for record in caplog.records]
    told += [request.partition(b"\r\n")[0].decode() for request in site.network.requests]
    assert not any(fake.TOKEN in one for one in told)


async def test_the_check_tells_whether_the_token_opens_the_page(site: Site) -> None:
    assert "Ardudwy Vale" in await site.channel.check()
    assert site.server.writes == 0
    with pytest.raises(NotSent, match="make a new one"):
        await facebook(site.server.url, "live", token="another").check()
    with pytest.raises(NotSent, match="not the page 42"):
        await facebook(site.server.url, "live", page="42").check()
    site.server.is_shut = True
    with pytest.raises(NotSent, match="publish it"):
        await site.channel.check()


@pytest.mark.parametrize(
    ("token", "why"), [("", "is not set"), ("one two", "not one token"), ("a\nb", "not one token")]
)
async def test_a_token_that_cannot_be_right_sends_nothing(site: Site, token: str, why: str) -> None:
    with pytest.raises(NotSent, match=why):
        await facebook(site.server.url, "live", token=token).publish(said(FIRST))
    assert site.server.writes == 0


@pytest.mark.parametrize("wrong", [{"page": "ArdudwyVale"}, {"url": "http://graph.example"}, {"token": "x"}])
def test_an_option_that_cannot_be_right_is_named(wrong: dict[str, str]) -> None:
    given = entry("facebook", {"page": fake.PAGE} | wrong)
    named = given.model_copy(update={"credential": Credential(secret="FACEBOOK_TOKEN", mode="live")})
    with pytest.raises(ValueError, match=next(iter(wrong))):
        settings_of(named)


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_not_built() -> None:
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("facebook", {"page": fake.PAGE}))
    training = Credential(secret="FACEBOOK_TOKEN", mode="training")
    given = entry("facebook", {"page": fake.PAGE}).model_copy(update={"credential": training})
    with pytest.raises(ValueError, match="mode training"):
        FacebookChannel(given, "live", secrets=lambda _: None)


async def test_connected_the_token_opens_the_real_page() -> None:
    """It publishes nothing. `FACEBOOK_TEST_TOKEN` and `FACEBOOK_TEST_PAGE` name a page that is there for tests."""
    token, page = os.environ.get("FACEBOOK_TEST_TOKEN"), os.environ.get("FACEBOOK_TEST_PAGE")
    if not token or not page:
        pytest.skip(
            "FACEBOOK ITSELF WAS NOT TESTED: set FACEBOOK_TEST_TOKEN and FACEBOOK_TEST_PAGE of a page for tests"
        )
    assert "opens the page" in await facebook(URL, "live", token=token, page=page).check()
