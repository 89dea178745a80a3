"""An account on X: what each act does there; what it has in common with other vendors is in `test_own_posts`."""

import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from agents.adapters.channels.vendor import NoWholeAnswer
from agents.adapters.channels.x import XChannel
from agents.adapters.channels.x.settings import URL, settings_of
from agents.ports import NotSent, Rejected
from streams.words.delivery import Earlier, Receipt, Sight, Verb
from streams.words.register.accounts import Credential
from streams.words.release import Credit
from tests.adapters.channels import x_server as fake
from tests.adapters.channels.mastodon_places import said
from tests.adapters.channels.x_server import XServer, x_server
from tests.adapters.grounds import entry, x
from tests.adapters.proxy import Proxy, cuts, proxy_before, says

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
PARTNER_WORDS, COPY = "Avoid the A496 at Pont Ddu.", "Ardudwy Police: Avoid the A496 at Pont Ddu."
WRITES = "POST /2/tweets"


@dataclass(frozen=True)
class Site:
    server: XServer
    network: Proxy
    channel: XChannel


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with x_server() as server, proxy_before(server.port) as network:
        yield Site(server, network, x(f"http://127.0.0.1:{network.port}", "live", seconds=4))


def partners(site: Site) -> Credit:
    kept = site.server.write(PARTNER_WORDS, fake.PARTNER)
    url = f"https://x.com/ardudwypolice/status/{kept.id}"
    return Credit(partner="police", partner_name="Ardudwy Police", account_id=fake.PARTNER, post_id=kept.id, url=url)


@pytest.mark.parametrize(
    "text",
    [
        "Tân yn Ysbyty Ardudwy – cadwch draw. #TânArdudwy",
        'Stay away <b>now</b> & "later" 🚒',
        "More: https://alerts.trust.example/m-1?lang=cy&x=1 and https://trust.example/. Next word by 23:30.",
        "First line.\n\nSecond line.",
    ],
)
async def test_a_post_is_found_again_by_its_words(site: Site, text: str) -> None:
    """X writes links and some signs otherwise."""
    receipt = await site.channel.publish(said(text))
    seen = await site.channel.look(said(text))
    assert (seen.sight, seen.receipt) == (Sight.SHOWN, receipt)
    assert receipt.url == f"https://x.com/ArdudwyVale/status/{receipt.reference}"


async def test_a_correction_is_an_edit_with_a_number_of_its_own(site: Site) -> None:
    """The next one edits the last version, also by a receipt that names an older one."""
    first = await site.channel.publish(said(FIRST))
    numbers = {first.reference}
    for words in (MENDED, f"{MENDED} All roads are open."):
        mends = said(words, verb=Verb.CORRECT, target=first)
        assert (await site.channel.look(mends)).sight is Sight.ABSENT
        receipt = await site.channel.publish(mends)
        assert [*site.server.texts()] == [words]
        assert (await site.channel.look(mends)).receipt == receipt
        assert await site.channel.publish(mends) == receipt
        numbers.add(receipt.reference)
    assert len(numbers) == 3


@pytest.mark.parametrize("why", ["too old", "edited too often", "not for this account"])
async def test_where_x_takes_no_edit_the_correction_is_a_post_of_its_own(site: Site, why: str) -> None:
    first = await site.channel.publish(said(FIRST))
    kept = site.server.posts[str(first.reference)]
    match why:
        case "too old":
            kept.first -= timedelta(minutes=29, seconds=45)
        case "edited too often":
            kept.history[:] = ["1", "2", "3", "4", "5", kept.id]
        case _:
            site.server.no_edits = True
    mends = said(MENDED, verb=Verb.CORRECT, target=first)
    receipt = await site.channel.publish(mends)
    assert [*site.server.texts()] == [FIRST, MENDED]
    assert (await site.channel.look(mends)).receipt == receipt


async def test_a_withdrawal_deletes_every_version_and_says_so(site: Site) -> None:
    """It counts as public only if both are true; again it changes nothing."""
    first = await site.channel.publish(said(FIRST))
    await site.channel.publish(said(MENDED, verb=Verb.CORRECT, target=first))
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=first)
    assert (await site.channel.look(withdraws)).sight is Sight.ABSENT
    receipts = [await site.channel.publish(withdraws) for _ in range(3)]
    assert len(set(receipts)) == 1
    assert [*site.server.texts()] == [GONE]
    assert (await site.channel.look(withdraws)).receipt == receipts[0]


async def test_a_withdrawal_of_a_correction_ends_the_post_that_it_corrected_too(site: Site) -> None:
    """X takes no edit of an old post, so both are there: without the correction the wrong words would be read alone."""
    first = await site.channel.publish(said(FIRST))
    site.server.posts[str(first.reference)].first -= timedelta(hours=1)
    mended = await site.channel.publish(said(MENDED, verb=Verb.CORRECT, target=first))
    earlier = Earlier(key="first", at=said(FIRST).authorisation.at, receipt=first)
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=mended).model_copy(update={"earlier": (earlier,)})
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]
    site.server.write(FIRST)
    assert (await site.channel.look(withdraws)).sight is Sight.SHOWN


async def test_the_address_of_the_account_withdraws_nothing(site: Site) -> None:
    await site.channel.publish(said(FIRST))
    wrong = Receipt(words="seen on the page", url="https://x.com/ArdudwyVale")
    with pytest.raises(NotSent, match="by its address"):
        await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=wrong))
    assert [*site.server.texts()] == [FIRST]


async def test_an_answer_that_is_cut_off_is_unknown_and_makes_no_second_post(site: Site) -> None:
    """The number of the post is in its content."""
    site.network.plays(cuts, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_duplicate_that_cannot_be_found_is_unknown(site: Site) -> None:
    """A late copy may have come between the look and the words."""
    content = f'{{"detail": "{fake.DUPLICATE}", "status": 403}}'
    site.network.plays(says("403 Forbidden", "Content-Type: application/json", content=content), for_=WRITES)
    with pytest.raises(Exception, match="duplicate") as caught:
        await site.channel.publish(said(FIRST))
    assert not isinstance(caught.value, Rejected | NotSent)


@pytest.mark.parametrize(("status", "error"), [(400, Rejected), (401, NotSent), (403, NotSent), (429, NotSent)])
async def test_a_refusal_says_whether_a_retry_helps(site: Site, status: int, error: type[Exception]) -> None:
    """And none of the four keys is in it, nor in the log, even if X repeats them."""
    site.server.refuses, site.server.repeats = status, True
    with pytest.raises(error):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []


async def test_the_keys_are_in_no_error_log_or_receipt(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(site.channel), (await site.channel.publish(said(MENDED))).model_dump_json()]
    site.server.repeats = True
    for status in (400, 403, 404, 422, 429, 500):
        site.server.refuses = status
        with pytest.raises(Exception, match=str(status)) as caught:
            await site.channel.publish(said(FIRST))
        told += ["".join(traceback.format_exception(caught.value))]
    told += [record.getMessage() for record in caplog.records]
    assert not any(key in one for one in told for key in (fake.KEY_SECRET, fake.TOKEN_SECRET, fake.TOKEN, fake.KEY))


async def test_a_partners_post_is_passed_on_once_and_taken_back_without_words(site: Site) -> None:
    shares = said(COPY, verb=Verb.REPOST, credit=partners(site))
    assert (await site.channel.look(shares)).sight is Sight.ABSENT
    receipt = await site.channel.publish(shares)
    assert await site.channel.publish(shares) == receipt
    assert [*site.server.texts()] == [PARTNER_WORDS]
    assert (await site.channel.look(shares)).receipt == receipt
    takes_back = said(GONE, verb=Verb.UN_REPOST, target=receipt)
    assert (await site.channel.look(takes_back)).sight is Sight.ABSENT
    for _ in range(2):
        await site.channel.publish(takes_back)
    assert [*site.server.texts()] == []
    assert (await site.channel.look(takes_back)).sight is Sight.SHOWN


@pytest.mark.parametrize("url", ["https://social.example/@police/1", "https://x.com.evil.example/p/status/1", None])
async def test_a_partners_post_from_elsewhere_is_copied_with_credit(site: Site, url: str | None) -> None:
    credit = partners(site).model_copy(update={"url": url})
    receipt = await site.channel.publish(said(COPY, verb=Verb.REPOST, credit=credit))
    assert [*site.server.texts()] == [COPY]
    await site.channel.publish(said(GONE, verb=Verb.UN_REPOST, target=receipt))
    assert [*site.server.texts()] == [GONE]


async def test_the_check_tells_whether_the_keys_open_the_account(site: Site) -> None:
    assert "ArdudwyVale" in await site.channel.check()
    assert site.server.writes == 0
    other = fake.KEYS.replace(fake.TOKEN_SECRET, "another")
    with pytest.raises(NotSent, match="does not let us in"):
        await x(site.server.url, "live", keys=other).check()


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("", "is not set"),
        ("one two", "has 2 parts"),
        (fake.KEYS.replace(fake.ACCOUNT, "99"), "not that of"),
    ],
)
async def test_keys_that_cannot_be_right_send_nothing(site: Site, keys: str, why: str) -> None:
    with pytest.raises(NotSent, match=why):
        await x(site.server.url, "live", keys=keys).publish(said(FIRST))
    assert site.server.writes == 0


@pytest.mark.parametrize(
    "wrong",
    [{"account": "@ardudwy"}, {"name": "a/b"}, {"url": "http://api.x.com"}, {"token": "x"}, {"language": "E"}],
)
def test_an_option_that_cannot_be_right_is_named(wrong: dict[str, str]) -> None:
    given = entry("x", {"account": fake.ACCOUNT, "name": "@ArdudwyVale"} | wrong)
    named = given.model_copy(update={"credential": Credential(secret="X_KEYS", mode="live")})
    with pytest.raises(ValueError, match=next(iter(wrong))):
        settings_of(named)


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_not_built() -> None:
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("x", {"account": fake.ACCOUNT, "name": "ArdudwyVale"}))
    training = Credential(secret="X_KEYS", mode="training")
    given = entry("x", {"account": fake.ACCOUNT, "name": "ArdudwyVale"}).model_copy(update={"credential": training})
    with pytest.raises(ValueError, match="mode training"):
        XChannel(given, "live", secrets=lambda _: None)


async def test_connected_the_keys_open_the_real_account() -> None:
    """It publishes nothing. `X_TEST_KEYS` and `X_TEST_ACCOUNT` name an account that is there for tests."""
    keys, account = os.environ.get("X_TEST_KEYS"), os.environ.get("X_TEST_ACCOUNT")
    if not keys or not account:
        pytest.skip("X ITSELF WAS NOT TESTED: set X_TEST_KEYS and X_TEST_ACCOUNT to those of an account for tests")
    assert "open the account" in await x(URL, "live", keys=keys, account=account).check()
