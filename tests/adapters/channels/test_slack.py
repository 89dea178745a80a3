"""A channel on Slack: what each act does; no lost answer and no refusal makes a post too many or too few."""

import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from agents.adapters.channels.slack import SlackChannel
from agents.adapters.channels.slack.settings import URL, settings_of
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import NotSent, Rejected
from streams.words.delivery import Dispatch, Earlier, Receipt, Sight, Verb
from streams.words.register.accounts import Credential
from tests.adapters.channels import slack_server as fake
from tests.adapters.channels.dispatches import WORDS
from tests.adapters.channels.mastodon_places import said
from tests.adapters.channels.slack_server import DELETES, READS, WRITES, SlackServer, slack_server
from tests.adapters.grounds import entry, slack
from tests.adapters.proxy import Proxy, cuts, is_silent_after, proxy_before, resets_after, resets_before, says

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
OPTIONS = {"channel": fake.CHANNEL, "workspace": "ardudwy"}


@dataclass(frozen=True)
class Site:
    server: SlackServer
    network: Proxy
    channel: SlackChannel


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with slack_server() as server, proxy_before(server.port) as network:
        yield Site(server, network, slack(f"http://127.0.0.1:{network.port}", "live", seconds=4))


def follows(first: Dispatch, text: str, verb: Verb, receipt: Receipt | None) -> Dispatch:
    """A dispatch that mends the first one, as the desk makes it; without a receipt nobody knows what became of it."""
    known = {"target_key": first.key, "target_at": first.authorisation.at}
    return said(text, verb=verb, target=receipt).model_copy(update=known)


@pytest.mark.parametrize(
    "text",
    [
        'Stay away <b>now</b> & "later" 🚒 :fire: *all* _wards_ `x` ~no~',
        "<!channel> <@U123> <https://evil.example|our page> &amp;",
        "More: https://alerts.trust.example/m-1?lang=cy&x=1 and https://trust.example/. Next word by 23:30.",
        "First line.\n\n> Second line.\n1. Third",
    ],
)
async def test_people_read_the_words_as_they_were_signed(site: Site, text: str) -> None:
    """No sign in them formats, calls people, or leads elsewhere; a screen reader has the same words."""
    await site.channel.publish(said(text))
    assert [*site.server.texts()] == [text]
    (body,) = site.server.bodies
    assert unescape(body["text"]) == text
    assert not {"<", ">"} & {*body["text"]}
    assert (body["unfurl_links"], body["unfurl_media"], body["link_names"]) == (False, False, False)


async def test_a_link_is_one_without_the_signs_of_the_sentence_around_it(site: Site) -> None:
    await site.channel.publish(said("See (https://trust.example/a?b=1&c=2), then wait."))
    (post,) = site.server.posts
    elements = post["blocks"][0]["elements"][0]["elements"]
    assert [one["url"] for one in elements if one["type"] == "link"] == ["https://trust.example/a?b=1&c=2"]


async def test_each_language_of_the_channel_comes_in_its_order_in_one_post(site: Site) -> None:
    welsh_first = slack(site.server.url, "live", languages="cy,en")
    both = said(FIRST)
    both = both.model_copy(update={"message": both.message.model_copy(update={"texts": WORDS})})
    await welsh_first.publish(both)
    assert [*site.server.texts()] == [f"{WORDS['cy']}\n\n{WORDS['en']}"]


async def test_the_receipt_leads_to_the_post(site: Site) -> None:
    receipt = await site.channel.publish(said(FIRST))
    place = str(receipt.reference).replace(".", "")
    assert receipt.url == f"https://ardudwy.slack.com/archives/{fake.CHANNEL}/p{place}"
    assert await site.channel.publish(said(FIRST)) == receipt


async def test_a_correction_is_a_new_post_and_the_wrong_one_goes(site: Site) -> None:
    """Slack says nothing of an edit to those who have read the post already."""
    first = said(FIRST)
    mends = follows(first, MENDED, Verb.CORRECT, await site.channel.publish(first))
    site.server.says("Which entrance?")
    assert (await site.channel.look(mends)).sight is Sight.ABSENT
    receipts = [await site.channel.publish(mends) for _ in range(3)]
    assert [*site.server.texts()] == ["Which entrance?", MENDED]
    assert len(set(receipts)) == 1
    assert (await site.channel.look(mends)).receipt == receipts[0]


async def test_a_withdrawal_deletes_the_post_and_says_so(site: Site) -> None:
    """It counts as done only if both are true; again it changes nothing."""
    first = said(FIRST)
    withdraws = follows(first, GONE, Verb.WITHDRAW, await site.channel.publish(first))
    receipts = [await site.channel.publish(withdraws) for _ in range(3)]
    assert [*site.server.texts()] == [GONE]
    assert (await site.channel.look(withdraws)).receipt == receipts[0]
    await site.channel.publish(first)
    assert (await site.channel.look(withdraws)).sight is Sight.ABSENT


async def test_a_withdrawal_ends_a_post_whose_own_outcome_nobody_knows(site: Site) -> None:
    """Its key finds it, and every copy that came late."""
    first = said(FIRST)
    site.network.plays(site.network.holds, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(first)
    await site.channel.publish(first)
    await site.network.let_arrive()
    assert [*site.server.texts()] == [FIRST, FIRST]
    withdraws = follows(first, GONE, Verb.WITHDRAW, None)
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


async def test_a_late_copy_after_a_withdrawal_is_seen_by_a_look_and_ended_by_a_repeat(site: Site) -> None:
    first = said(FIRST)
    site.network.plays(site.network.holds, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(first)
    withdraws = follows(first, GONE, Verb.WITHDRAW, None)
    await site.channel.publish(withdraws)
    await site.network.let_arrive()
    assert (await site.channel.look(withdraws)).sight is Sight.ABSENT
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


async def test_a_withdrawal_of_a_correction_ends_all_that_it_corrected(site: Site) -> None:
    first = said(FIRST)
    receipt = await site.channel.publish(first)
    site.server.may_not_delete = "cant_delete_message"
    mends = follows(first, MENDED, Verb.CORRECT, receipt)
    with pytest.raises(Rejected, match="by hand"):
        await site.channel.publish(mends)
    site.server.may_not_delete = ""
    mended = await site.channel.publish(said(MENDED))
    earlier = Earlier(key=first.key, at=first.authorisation.at, receipt=receipt)
    withdraws = follows(said(MENDED), GONE, Verb.WITHDRAW, mended).model_copy(update={"earlier": (earlier,)})
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


async def test_a_post_that_a_person_found_is_withdrawn_by_its_address(site: Site) -> None:
    """One that leads to no post of this channel deletes nothing."""
    first = await site.channel.publish(said(FIRST))
    by_hand = Receipt(words="seen there", url=f"{first.url}?thread_ts=1")
    for wrong in ("https://ardudwy.slack.com/archives/C0OTHERONE/p1700000000000001", "https://trust.example/"):
        leads_elsewhere = by_hand.model_copy(update={"url": wrong})
        with pytest.raises(NotSent, match="by its address"):
            await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=leads_elsewhere))
    assert [*site.server.texts()] == [FIRST]
    await site.channel.publish(said(GONE, verb=Verb.WITHDRAW, target=by_hand))
    assert [*site.server.texts()] == [GONE]


async def test_a_copy_of_a_partners_post_is_taken_back_with_words(site: Site) -> None:
    shares = said(FIRST, verb=Verb.REPOST)
    receipt = await site.channel.publish(shares)
    assert (await site.channel.look(shares)).receipt == receipt
    await site.channel.publish(follows(shares, GONE, Verb.UN_REPOST, receipt))
    assert [*site.server.texts()] == [GONE]


@pytest.mark.parametrize("fault", [resets_after, cuts, is_silent_after, says("503 Busy", takes=True)])
async def test_a_lost_answer_is_unknown_and_makes_no_second_post(site: Site, fault: Any) -> None:
    """The look finds it, and a repeat finds it too."""
    site.network.plays(fault, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


async def test_a_request_that_never_came_is_absent_and_may_be_sent_again(site: Site) -> None:
    site.network.plays(resets_before, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT
    await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == [FIRST]


@pytest.mark.parametrize("error", ["fatal_error", "internal_error"])
async def test_an_error_after_which_some_may_be_done_is_unknown(site: Site, error: str) -> None:
    """So Slack's description says of both."""
    site.server.lost_after = error
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))
    site.server.lost_after = ""
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN


@pytest.mark.parametrize("where", [READS, DELETES])
async def test_a_lost_answer_to_a_reading_or_a_deletion_is_tried_again_at_once(site: Site, where: str) -> None:
    """The words that say so wait until the post is gone."""
    first = said(FIRST)
    withdraws = follows(first, GONE, Verb.WITHDRAW, await site.channel.publish(first))
    site.network.plays(resets_after, for_=where)
    with pytest.raises(NotSent):
        await site.channel.publish(withdraws)
    assert GONE not in site.server.texts()
    await site.channel.publish(withdraws)
    assert [*site.server.texts()] == [GONE]


@pytest.mark.parametrize(
    ("error", "means"),
    [
        ("msg_too_long", Rejected),
        ("invalid_blocks", Rejected),
        ("not_in_channel", NotSent),
        ("channel_not_found", NotSent),
        ("is_archived", NotSent),
        ("token_revoked", NotSent),
        ("missing_scope", NotSent),
        ("ratelimited", NotSent),
        ("an_error_of_tomorrow", NotSent),
    ],
)
async def test_a_refusal_says_whether_a_retry_helps(site: Site, error: str, means: type[Exception]) -> None:
    site.server.refuses = error
    with pytest.raises(means, match=error):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []


async def test_a_limit_says_how_long_to_wait(site: Site) -> None:
    site.server.refuses = "ratelimited"
    with pytest.raises(NotSent, match="for 30 seconds"):
        await site.channel.publish(said(FIRST))


async def test_a_text_that_is_too_long_deletes_nothing(site: Site) -> None:
    """In one language, or in all together."""
    first = said(FIRST)
    receipt = await site.channel.publish(first)
    long = follows(first, "x" * 2_000, Verb.CORRECT, receipt)
    three = follows(first, MENDED, Verb.CORRECT, receipt)
    message = three.message.model_copy(update={"texts": dict.fromkeys(("cy", "en", "pl"), "x" * 1_900)})
    for one in (long, three.model_copy(update={"message": message})):
        with pytest.raises(Rejected, match="Slack takes"):
            await site.channel.publish(one)
    assert [*site.server.texts()] == [FIRST]


async def test_pages_that_are_smaller_than_asked_hide_nothing(site: Site) -> None:
    await site.channel.publish(said(FIRST))
    for number in range(20):
        site.server.says(f"Question {number}?")
    site.server.pages_of = 3
    assert (await site.channel.look(said(FIRST))).sight is Sight.SHOWN
    site.server.pages_of = 1
    with pytest.raises(NotSent, match="settle it by hand"):
        await site.channel.look(said(FIRST))


async def test_a_post_of_others_with_our_words_is_not_ours(site: Site) -> None:
    """A person may copy them."""
    site.server.says(FIRST)
    assert (await site.channel.look(said(FIRST))).sight is Sight.ABSENT


async def test_the_token_is_in_no_error_log_or_receipt(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(site.channel), (await site.channel.publish(said(MENDED))).model_dump_json()]
    site.server.repeats = True
    for error in ("msg_too_long", "ratelimited", "internal_error", "invalid_auth"):
        site.server.refuses = error
        with pytest.raises(Exception, match=error) as caught:
            await site.channel.publish(said(FIRST))
        told += ["".join(traceback.format_exception(caught.value))]
    told += [record.getMessage() for record in caplog.records]
    assert not any(fake.TOKEN in one for one in told)


async def test_the_check_tells_whether_the_token_may_read_and_write_there(site: Site) -> None:
    """It posts nothing."""
    assert "can be read" in await site.channel.check()
    with pytest.raises(NotSent, match="invalid_auth"):
        await slack(site.server.url, "live", token="xoxb-another").check()
    with pytest.raises(NotSent, match=r"opens https://ardudwy\.slack\.com/ workspace"):
        await slack(site.server.url, "live", workspace="other").check()
    with pytest.raises(NotSent, match="channel_not_found"):
        await slack(site.server.url, "live", channel=fake.OTHER).check()
    site.server.scopes = "channels:history"
    with pytest.raises(NotSent, match="lacks the scope chat:write"):
        await site.channel.check()
    site.server.scopes, site.server.cannot_read = "chat:write,channels:history", "not_in_channel"
    with pytest.raises(NotSent, match="not_in_channel"):
        await site.channel.check()
    assert site.server.bodies == []


@pytest.mark.parametrize(("token", "why"), [("", "is not set"), ("xoxp-user", "no token"), ("xoxb-a\nb", "no token")])
async def test_a_token_that_cannot_be_right_sends_nothing(site: Site, token: str, why: str) -> None:
    with pytest.raises(NotSent, match=why):
        await slack(site.server.url, "live", token=token).publish(said(FIRST))
    assert site.server.bodies == []


@pytest.mark.parametrize(
    "wrong",
    [{"channel": "#general"}, {"workspace": "a.evil"}, {"url": "http://slack.com/api"}, {"token": "x"}],
)
def test_an_option_that_cannot_be_right_is_named(wrong: dict[str, str]) -> None:
    named = entry("slack", OPTIONS | wrong).model_copy(update={"credential": Credential(secret="S", mode="live")})
    with pytest.raises(ValueError, match=next(iter(wrong))):
        settings_of(named)


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_not_built() -> None:
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("slack", OPTIONS))
    training = Credential(secret="S", mode="training")
    with pytest.raises(ValueError, match="mode training"):
        SlackChannel(entry("slack", OPTIONS).model_copy(update={"credential": training}), "live", secrets=lambda _: "")


async def test_posts_since_a_moment_are_those_of_the_last_minutes_too(site: Site) -> None:
    """Slack's clock may differ from ours."""
    first = said(FIRST)
    await site.channel.publish(first)
    yes = first.authorisation.model_copy(update={"at": first.authorisation.at + timedelta(minutes=4)})
    assert (await site.channel.look(first.model_copy(update={"authorisation": yes}))).sight is Sight.SHOWN


async def test_connected_the_token_opens_the_real_channel() -> None:
    """It posts nothing. The three variables name an app and a channel that are there for tests."""
    token, channel = os.environ.get("SLACK_TEST_TOKEN"), os.environ.get("SLACK_TEST_CHANNEL")
    workspace = os.environ.get("SLACK_TEST_WORKSPACE")
    if not token or not channel or not workspace:
        pytest.skip("SLACK ITSELF WAS NOT TESTED: set SLACK_TEST_TOKEN, SLACK_TEST_CHANNEL and SLACK_TEST_WORKSPACE")
    real = slack(URL.removesuffix("/api"), "live", token=token, channel=channel, workspace=workspace)
    assert "can be read" in await real.check()
