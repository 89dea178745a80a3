"""A page on LinkedIn: what is its own about it; what it shares with other vendors is in `test_own_posts.py`."""

import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.channels.linkedin import LinkedInChannel, little
from agents.adapters.channels.linkedin.settings import LOGIN_URL, URL, settings_of
from agents.adapters.channels.own_posts import Duplicate
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.adapters.clocks import ScaledClock, SystemClock
from agents.ports import NotSent, Rejected
from agents.runtime.worker.channel_checks import HasLapsingSecret
from streams.words.delivery import Look, Receipt, Sight, Verb
from streams.words.register.accounts import Credential
from tests.adapters.channels import linkedin_server as fake
from tests.adapters.channels.linkedin_server import LinkedInServer, linkedin_server
from tests.adapters.channels.mastodon_places import said
from tests.adapters.grounds import entry, linkedin
from tests.adapters.proxy import Proxy, cuts, proxy_before, says

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
WRITES = "POST /rest/posts HTTP"


@dataclass(frozen=True)
class Site:
    server: LinkedInServer
    network: Proxy
    channel: LinkedInChannel


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with linkedin_server() as server, proxy_before(server.port) as network:
        yield Site(server, network, linkedin(f"http://127.0.0.1:{network.port}", "live"))


@pytest.mark.parametrize(
    "text",
    [
        "Tân yn Ysbyty Ardudwy (Dolgellau) – cadwch draw. #TânArdudwy #A_E",
        r"Stay away <b>now</b> & [later] {soon} | a*b_c~d \ e @trust #1 C# 🚒",
        "First line.\n\nMore: https://alerts.trust.example/m_1?lang=cy&x=(1)",
    ],
)
async def test_a_post_is_found_again_by_its_words(site: Site, text: str) -> None:
    """Also by those that hold signs which LinkedIn takes for markup: they arrive whole."""
    receipt = await site.channel.publish(said(text))
    assert [*site.server.texts()] == [text]
    assert await site.channel.look(said(text)) == Look(sight=Sight.SHOWN, receipt=receipt)
    assert receipt.url == f"https://www.linkedin.com/feed/update/{receipt.reference}"


@given(st.text())
def test_any_text_comes_back_from_little_text_as_it_was(text: str) -> None:
    assert little.read(little.written(text)) == text


@given(st.text(alphabet=little.RESERVED + "ab #1é\n", max_size=30))
def test_no_sign_of_a_text_is_read_as_markup(text: str) -> None:
    """By the server's own reading, which cuts a post off at the first one."""
    assert fake._parsed(little.written(text))[1] == text.strip()


def test_a_hashtag_stays_one_and_a_number_does_not_become_one() -> None:
    assert little.written("See #A_E, C# and #1.") == r"See {hashtag|\#|A\_E}, C\# and \#1."


def test_a_mention_that_a_person_wrote_is_read_by_its_name() -> None:
    assert little.read(r"With @[Ardudwy \(Police\)](urn:li:organization:42).") == "With Ardudwy (Police)."


async def test_words_that_linkedin_cut_off_are_seen_as_different(site: Site) -> None:
    """Its answer calls that a success."""
    kept = site.server.write("Fire at Ysbyty Ardudwy (Dolgellau). Stay away.")
    seen = await site.channel.look(said("Fire at Ysbyty Ardudwy (Dolgellau). Stay away."))
    assert (seen.sight, seen.receipt and seen.receipt.reference) == (Sight.DIFFERENT, kept.id)
    assert "before “(”" in str(seen.why)


async def test_a_shorter_message_is_another_message(site: Site) -> None:
    await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(f"{FIRST} Next word by 23:30."))).sight is Sight.ABSENT


async def test_where_the_post_is_gone_the_correction_is_a_post_of_its_own(site: Site) -> None:
    first = await site.channel.publish(said(FIRST))
    site.server.posts.clear()
    mends = said(MENDED, verb=Verb.CORRECT, target=first)
    receipt = await site.channel.publish(mends)
    assert [*site.server.texts()] == [MENDED]
    assert (await site.channel.look(mends)).receipt == receipt


@pytest.mark.parametrize("link", ["feed/update/urn:li:share:{}/", "posts/ardudwyvale_fire-share-{}-aB3d?utm_source=x"])
async def test_a_post_that_a_person_found_is_withdrawn_by_its_address(site: Site, link: str) -> None:
    """An address that names an activity leads to no post, and deletes nothing."""
    first = await site.channel.publish(said(FIRST))
    number = str(first.reference).rpartition(":")[2]
    wrong = Receipt(words="seen", url=f"https://www.linkedin.com/feed/update/urn:li:activity:{number}/")
    with pytest.raises(NotSent, match="by its address"):
        await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=wrong))
    by_hand = Receipt(words="seen on the page", url=f"https://www.linkedin.com/{link.format(number)}")
    await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=by_hand))
    assert [*site.server.texts()] == [GONE]


async def test_a_cut_of_the_content_loses_no_answer(site: Site) -> None:
    """A header names the post."""
    site.network.plays(cuts, for_=WRITES)
    receipt = await site.channel.publish(said(FIRST))
    assert receipt.reference in site.server.posts


@pytest.mark.parametrize("name", ["", "urn:li:person:1"])
async def test_a_success_that_names_no_post_is_unknown(site: Site, name: str) -> None:
    site.network.plays(says("201 Created", f"x-restli-id: {name}", takes=True), for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN


async def test_words_that_linkedin_has_from_before_are_refused_with_their_place(site: Site) -> None:
    """A refusal is no receipt: nobody would see them tonight. It names the post, however long ago that was."""
    old = site.server.write(FIRST, ago=timedelta(days=20))
    for number in range(120):
        site.server.write(f"Another post {number}", ago=timedelta(days=10))
    with pytest.raises(Rejected, match=old.id):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT


async def test_a_duplicate_of_a_post_that_cannot_be_seen_is_unknown(site: Site) -> None:
    """LinkedIn remembers deleted words for a day or two, but the named post may also be a late copy of this one."""
    site.server.ghosts = True
    first = await site.channel.publish(said(FIRST))
    await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=first))
    with pytest.raises(Duplicate, match="write other words"):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [GONE]


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Rejected), (422, Rejected), (401, NotSent), (403, NotSent), (404, NotSent), (426, NotSent), (429, NotSent)],
)
async def test_a_refusal_says_whether_a_retry_helps(site: Site, status: int, error: type[Exception]) -> None:
    site.server.refuses = status
    with pytest.raises(error):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []


async def test_a_lapsed_token_stops_nothing_for_good(site: Site) -> None:
    """Set again, the same message goes out."""
    site.server.lapses_in = timedelta()
    with pytest.raises(NotSent, match="set its secret again"):
        await site.channel.publish(said(FIRST))
    site.server.lapses_in = timedelta(days=60)
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_version_that_linkedin_answers_no_more_is_named(site: Site) -> None:
    with pytest.raises(NotSent, match="`version`"):
        await linkedin(site.server.url, "live", version="202410").publish(said(FIRST))


async def test_a_post_that_is_not_published_is_seen_as_hidden(site: Site) -> None:
    """The answer to the post says nothing of it."""
    site.server.state = "PUBLISH_REQUESTED"
    receipt = await site.channel.publish(said(FIRST))
    seen = await site.channel.look(said(FIRST))
    assert (seen.sight, seen.receipt) == (Sight.HIDDEN, receipt)


async def test_no_key_is_in_an_error_a_log_or_a_receipt(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [
        repr(site.channel),
        (await site.channel.publish(said(MENDED))).model_dump_json(),
        await site.channel.check(),
    ]
    site.server.repeats = True
    for status in (400, 403, 404, 422, 429, 500):
        site.server.refuses = status
        with pytest.raises(Exception, match=str(status)) as caught:
            await site.channel.publish(said(FIRST))
        told += ["".join(traceback.format_exception(caught.value))]
    told += [record.getMessage() for record in caplog.records]
    told += [request.partition(b"\r\n")[0].decode() for request in site.network.requests]
    assert not any(key in one for one in told for key in (fake.TOKEN, fake.KEY_SECRET))


async def test_the_check_tells_until_when_the_token_opens_the_page(site: Site) -> None:
    assert f"opens the page {fake.PAGE} on LinkedIn until" in await site.channel.check()
    assert site.server.writes == 0


async def test_a_check_that_found_nothing_wrong_holds_for_an_hour(site: Site) -> None:
    """LinkedIn counts the requests of a day: a check every five minutes would leave none for the night."""
    passed = [0.0]
    clock = ScaledClock(SystemClock().now(), elapsed=lambda: passed[0])
    channel = linkedin(f"http://127.0.0.1:{site.network.port}", "live", clock=clock)
    for minutes in range(0, 24 * 60, 5):
        passed[0] = minutes * 60.0
        await channel.check()
    assert len(site.network.requests) == 2 * 24
    site.server.scope = ""
    passed[0] += 3600
    with pytest.raises(NotSent, match="lacks the right"):
        await channel.check()
    site.server.scope = LinkedInServer.scope
    await channel.check()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"lapses_in": timedelta()}, "is expired"),
        ({"scope": "w_organization_social"}, "lacks the right r_organization_social"),
    ],
)
async def test_the_check_says_what_keeps_us_from_the_page(site: Site, wrong: dict[str, Any], why: str) -> None:
    """A person has to make another token, in a browser."""
    for name, value in wrong.items():
        setattr(site.server, name, value)
    with pytest.raises(NotSent, match=why):
        await site.channel.check()


@pytest.mark.parametrize(("days", "is_due"), [(9, True), (11, False)])
async def test_a_token_that_lapses_soon_is_to_be_changed_and_the_channel_goes_on(
    site: Site, days: int, *, is_due: bool
) -> None:
    """It opens the page until then, so nobody is woken: the account's secret is due, from ten days before its end."""
    site.server.lapses_in = timedelta(days=days)
    assert isinstance(site.channel, HasLapsingSecret)
    assert site.channel.secret_due() is None
    assert ("make a new one and set it before then" in await site.channel.check()) is is_due
    due = site.channel.secret_due()
    assert due is not None
    assert (due <= SystemClock().now()) is is_due


async def test_a_new_token_counts_at_the_next_check_and_not_an_hour_later(site: Site) -> None:
    """Else the account would be due again after a person has changed its secret."""
    keys = [fake.KEYS]
    channel = linkedin(site.server.url, "live")
    channel._secrets = lambda _: keys[0]
    site.server.lapses_in = timedelta(days=9)
    await channel.check()
    site.server.token, site.server.lapses_in = "AQXanother", timedelta(days=60)
    keys[0] = fake.KEYS.replace(fake.TOKEN, "AQXanother")
    assert "before then" not in await channel.check()
    due = channel.secret_due()
    assert due is not None
    assert due > SystemClock().now()


@pytest.mark.parametrize("left", [timedelta(days=9), timedelta()])
async def test_a_refresh_token_renews_the_token_before_it_lapses_and_afterwards(site: Site, left: timedelta) -> None:
    """The worker does it by itself: no person is asked, and what waited goes out."""
    channel = linkedin(site.server.url, "live", keys=f"{fake.KEYS} {fake.REFRESH}")
    site.server.lapses_in, site.server.renewable_for = left, timedelta(days=300)
    assert "opens the page" in await channel.check()
    await channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


@pytest.mark.parametrize("renewable", [timedelta(days=8), None])
async def test_a_person_is_asked_before_the_refresh_token_ends_and_if_it_is_taken_no_more(
    site: Site, renewable: timedelta | None
) -> None:
    """Only a person in a browser makes the next one; until then the token that there is opens the page."""
    channel = linkedin(site.server.url, "live", keys=f"{fake.KEYS} {fake.REFRESH}")
    site.server.lapses_in, site.server.renewable_for = timedelta(days=9), renewable
    assert "make a new one and set it before then" in await channel.check()
    due = channel.secret_due()
    assert due is not None
    assert due <= SystemClock().now()
    await channel.publish(said(FIRST))


async def test_a_lapsed_token_that_is_renewed_no_more_is_a_fault(site: Site) -> None:
    channel = linkedin(site.server.url, "live", keys=f"{fake.KEYS} {fake.REFRESH}")
    site.server.lapses_in, site.server.renewable_for = timedelta(), None
    with pytest.raises(NotSent, match="is not renewed"):
        await channel.check()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"keys": fake.KEYS.replace(fake.KEY_SECRET, "another")}, "two keys|let us in"),
        ({"keys": fake.KEYS.replace(fake.TOKEN, "another")}, "is revoked"),
        ({"page": "42"}, "the role on the page"),
    ],
)
async def test_the_check_finds_keys_and_pages_that_do_not_go_together(
    site: Site, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(NotSent, match=why):
        await linkedin(site.server.url, "live", **change).check()


async def test_a_check_without_an_answer_says_so(site: Site) -> None:
    site.network.plays(says("503 Busy"), for_="POST /oauth")
    with pytest.raises(NotSent, match="no clear answer"):
        await site.channel.check()


@pytest.mark.parametrize(
    ("keys", "why"), [("", "is not set"), ("one two", "has 2 parts"), ("a b c d e", "has 5 parts")]
)
async def test_keys_that_cannot_be_right_send_nothing(site: Site, keys: str, why: str) -> None:
    with pytest.raises(NotSent, match=why):
        await linkedin(site.server.url, "live", keys=keys).publish(said(FIRST))
    assert site.server.writes == 0


@pytest.mark.parametrize(
    "wrong", [{"page": "ardudwy"}, {"version": "202613"}, {"url": "http://api.example"}, {"token": "x"}]
)
def test_an_option_that_cannot_be_right_is_named(wrong: dict[str, str]) -> None:
    given_options = entry("linkedin", {"page": fake.PAGE} | wrong)
    named = given_options.model_copy(update={"credential": Credential(secret="LINKEDIN_KEYS", mode="live")})
    with pytest.raises(ValueError, match=next(iter(wrong))):
        settings_of(named)


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_not_built() -> None:
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("linkedin", {"page": fake.PAGE}))
    training = Credential(secret="LINKEDIN_KEYS", mode="training")
    held = entry("linkedin", {"page": fake.PAGE}).model_copy(update={"credential": training})
    with pytest.raises(ValueError, match="mode training"):
        LinkedInChannel(held, "live", secrets=lambda _: None)


async def test_connected_the_token_opens_the_real_page() -> None:
    """It publishes nothing. `LINKEDIN_TEST_KEYS` and `LINKEDIN_TEST_PAGE` name a page that is there for tests."""
    keys, page = os.environ.get("LINKEDIN_TEST_KEYS"), os.environ.get("LINKEDIN_TEST_PAGE")
    if not keys or not page:
        pytest.skip("LINKEDIN ITSELF WAS NOT TESTED: set LINKEDIN_TEST_KEYS and LINKEDIN_TEST_PAGE of a page for tests")
    assert "opens the page" in await linkedin(URL, "live", keys=keys, page=page, login_url=LOGIN_URL).check()
