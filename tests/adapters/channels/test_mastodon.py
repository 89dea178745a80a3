"""A Mastodon account: what each act does on a server that is Mastodon and on a real one, and on servers that err."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agents.adapters.channels.mastodon.settings import settings_of
from agents.ports import NotSent, Rejected
from streams.words.delivery import Receipt, Sight, Verb
from streams.words.register.accounts import Credential
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.channels.mastodon_places import PUBLISHES, READS, SITES, Site, on_mastodon, said
from tests.adapters.grounds import entry, mastodon
from tests.adapters.proxy import resets_after, says

FIRST, MENDED, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "Correction: the fire is out.", "We withdrew our last post."
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG_OF_WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PARTNER_WORDS = "Avoid the A496 at Pont Ddu."
COPY = f"Ardudwy Police: {PARTNER_WORDS}"
SHARED = "We no longer share the post of Ardudwy Police."


@pytest.fixture(params=SITES)
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with SITES[request.param]() as opened:
        yield opened


@pytest.mark.parametrize(
    "text",
    [
        "Tân yn Ysbyty Ardudwy – cadwch draw. #TânArdudwy #ArdudwyVale",
        "A\u0302 composed \u00c2, in one text.",
        f"Stay away \U0001f692\U0001f525 {FAMILY} {FLAG_OF_WALES}",
        "More: https://alerts.trust.example/m-1?lang=cy&x=1#top. Next word by 23:30.",
        "First line.\n\nSecond *line*, with _signs_ and `more` <b>of them</b> &amp; those.",
    ],
    ids=["accents and hashtags", "accents of two forms", "emoji", "a link", "markup"],
)
async def test_a_post_is_found_again_by_its_exact_words(site: Site, text: str) -> None:
    """Whatever the server makes of them on its page."""
    channel = site.channel()
    receipt = await channel.publish(said(text))
    seen = await channel.look(said(text))
    assert (seen.sight, seen.receipt) == (Sight.SHOWN, receipt)
    assert receipt.url
    assert receipt.url.startswith("http://localhost:")


async def test_a_correction_takes_the_place_of_the_wrong_words(site: Site) -> None:
    """One post, and the next correction takes the place of this one."""
    channel = site.channel()
    receipt = await channel.publish(said(FIRST))
    for words in (MENDED, f"{MENDED} All roads are open."):
        mends = said(words, verb=Verb.CORRECT, target=receipt)
        assert (await channel.look(mends)).sight is Sight.ABSENT
        receipt = await channel.publish(mends)
        assert [*site.texts()] == [words]
        assert (await channel.look(mends)).sight is Sight.SHOWN


async def test_a_correction_of_a_post_that_is_gone_is_a_post_of_its_own(site: Site) -> None:
    """Somebody deleted it by hand: the right words must be public all the same."""
    channel = site.channel()
    receipt = await channel.publish(said(FIRST))
    await channel.publish(said(GONE, verb=Verb.WITHDRAW, target=receipt))
    mends = said(MENDED, verb=Verb.CORRECT, target=receipt)
    assert (await channel.publish(mends)).reference != receipt.reference
    assert sorted(site.texts()) == sorted([GONE, MENDED])
    assert (await channel.look(mends)).sight is Sight.SHOWN


async def test_a_withdrawal_deletes_the_post_and_says_so(site: Site) -> None:
    """It counts as public only if both are true; again it changes nothing."""
    channel = site.channel()
    receipt = await channel.publish(said(FIRST))
    withdraws = said(GONE, verb=Verb.WITHDRAW, target=receipt)
    assert (await channel.look(withdraws)).sight is Sight.ABSENT
    receipts = [await channel.publish(withdraws) for _ in range(3)]
    assert len(set(receipts)) == 1
    assert [*site.texts()] == [GONE]
    assert (await channel.look(withdraws)).sight is Sight.SHOWN
    assert (await channel.look(said(FIRST))).sight is Sight.ABSENT


async def test_a_post_that_a_person_found_is_withdrawn_by_its_address(site: Site) -> None:
    """Who settles an unknown outcome gives a link; one that leads to no post of ours deletes nothing."""
    channel = site.channel()
    found = await channel.publish(said(FIRST))
    by_hand = Receipt(words="seen on the page", url=found.url)
    wrong = by_hand.model_copy(update={"url": "https://social.example/@other/1"})
    with pytest.raises(NotSent, match="by its address"):
        await channel.publish(said(GONE, verb=Verb.WITHDRAW, target=wrong))
    await channel.publish(said(GONE, verb=Verb.WITHDRAW, target=by_hand))
    assert [*site.texts()] == [GONE]


async def test_a_partners_post_is_boosted_once_and_the_boost_undone_without_words(site: Site) -> None:
    """The network shows the partner's own post; what is read back decides.

    A server that tells the partner of the boost only after its end shows it again: that is the server's own.
    """
    channel, credit = site.channel(), site.partner_posts(PARTNER_WORDS)
    shares = said(COPY, verb=Verb.REPOST, credit=credit)
    assert (await channel.look(shares)).sight is Sight.ABSENT
    receipt = await channel.publish(shares)
    assert await channel.publish(shares) == receipt
    assert [*site.texts()] == [PARTNER_WORDS]
    assert (await channel.look(shares)).receipt == receipt
    takes_back = said(SHARED, verb=Verb.UN_REPOST, target=receipt)
    assert (await channel.look(takes_back)).sight is Sight.ABSENT
    async with asyncio.timeout(180):
        while not site.is_told():  # noqa: ASYNC110 - a server of its own
            await asyncio.sleep(0.05)
    for _ in range(2):
        await channel.publish(takes_back)
    assert [*site.texts()] == []
    assert (await channel.look(takes_back)).sight is Sight.SHOWN


async def test_a_boost_whose_answer_is_lost_is_known_by_a_look(site: Site) -> None:
    """Some servers boost twice if they are asked twice."""
    channel, credit = site.channel(), site.partner_posts(PARTNER_WORDS)
    shares = said(COPY, verb=Verb.REPOST, credit=credit)
    site.network.plays(resets_after, for_="POST /api/v1/statuses/")
    with pytest.raises(Exception, match="no clear answer"):
        await channel.publish(shares)
    assert (await channel.look(shares)).sight is Sight.SHOWN


@pytest.mark.parametrize("change", [{"url": "https://elsewhere.example/1"}, {"url": None}, {"account_id": "did:web:p"}])
async def test_a_partners_post_that_the_server_has_not_is_copied_with_credit(site: Site, change: Any) -> None:
    """Its take-back deletes the copy and says so, as for any post."""
    channel = site.channel()
    credit = site.partner_posts(PARTNER_WORDS).model_copy(update=change)
    receipt = await channel.publish(said(COPY, verb=Verb.REPOST, credit=credit))
    assert [*site.texts()] == [COPY]
    await channel.publish(said(SHARED, verb=Verb.UN_REPOST, target=receipt))
    assert [*site.texts()] == [SHARED]


async def test_a_drill_boosts_nothing(site: Site) -> None:
    """A partner's own post carries no exercise mark, so a copy with the mark goes out instead."""
    credit, marked_words = site.partner_posts(PARTNER_WORDS), f"EXERCISE EXERCISE EXERCISE: {COPY}"
    shares = said(marked_words, verb=Verb.REPOST, credit=credit).model_copy(update={"mode": "training"})
    await mastodon(site.network.port, "training", account=site.account).publish(shares)
    assert [*site.texts()] == [marked_words]


async def test_a_share_that_is_not_known_is_not_taken_back_by_guessing(site: Site) -> None:
    """Words that say it is gone would be wrong if it were still there."""
    with pytest.raises(NotSent, match="take it back there"):
        await site.channel().publish(said(SHARED, verb=Verb.UN_REPOST))
    assert [*site.texts()] == []


async def test_a_message_is_posted_in_the_language_of_the_channel(site: Site) -> None:
    """A channel without words in its language refuses, rather than post the same in another."""
    both = said(FIRST)
    message = both.message.model_copy(update={"texts": {"en": FIRST, "cy": "Tân. Cadwch draw."}})
    await site.channel(language="cy").publish(both.model_copy(update={"message": message}))
    assert [*site.texts()] == ["Tân. Cadwch draw."]
    with pytest.raises(Rejected, match="no text in cy"):
        await site.channel(language="cy").publish(said(FIRST))


async def test_the_short_form_goes_out_where_there_is_one(site: Site) -> None:
    """With its hashtags."""
    long = said("Long words. " * 100)
    message = long.message.model_copy(update={"short_texts": {"en": FIRST}, "hashtags": ("#ArdudwyVale",)})
    await site.channel().publish(long.model_copy(update={"message": message}))
    assert [*site.texts()] == [f"{FIRST} #ArdudwyVale"]


@pytest.mark.parametrize("wrong", ["ignores_keys", "boosts_twice", "says_boosted", "gives_text"])
async def test_what_a_server_is_known_to_do_otherwise_doubles_nothing(wrong: str) -> None:
    """Other servers of the same interface, tried: keys ignored, boosts counted twice, an un-boost answered wrongly."""
    async with on_mastodon(**{wrong: True}) as site:
        channel, credit = site.channel(), site.partner_posts(PARTNER_WORDS)
        shares = said(COPY, verb=Verb.REPOST, credit=credit)
        receipts = [await channel.publish(one) for one in (shares, said(FIRST), shares, said(FIRST))]
        assert sorted(site.texts()) == sorted([FIRST, PARTNER_WORDS])
        takes_back = said(SHARED, verb=Verb.UN_REPOST, target=receipts[0])
        await channel.publish(takes_back)
        assert (await channel.look(takes_back)).sight is Sight.SHOWN
        assert [*site.texts()] == [FIRST]


@pytest.mark.parametrize(
    ("wrong", "sight", "why"),
    [
        ("hides", Sight.HIDDEN, "account only"),
        ("unlists", Sight.HIDDEN, "unlisted"),
        ("spoils", Sight.DIFFERENT, "signs"),
    ],
)
async def test_words_that_the_public_does_not_see_as_they_are_go_to_a_person(
    wrong: str, sight: Sight, why: str
) -> None:
    """The server took them: that is no proof that anybody can read them."""
    async with on_mastodon(**{wrong: True}) as site:
        channel, first = site.channel(), said("Fire, smoke, and water at the hospital.")
        await channel.publish(first)
        seen = await channel.look(first)
        assert seen.sight is sight
        assert why in str(seen.why)
        assert seen.receipt


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        ("401 Unauthorized", '{"error": "The access token was revoked"}', NotSent),
        ("403 Forbidden", '{"error": "This action is not allowed"}', NotSent),
        ("404 Not Found", "<h1>404</h1>", NotSent),
        ("422 Unprocessable Entity", '{"error": "Validation failed"}', Rejected),
        ("422 Unprocessable Entity", "<h1>no</h1>", NotSent),
        ("429 Too Many Requests", '{"error": "Too many requests"}', NotSent),
        ("302 Found", "", NotSent),
    ],
)
async def test_a_clear_no_is_as_final_as_the_server_says(status: str, content: str, error: type[Exception]) -> None:
    """Nothing is public after it; only the server's own word about the text is final."""
    async with on_mastodon() as site:
        site.network.plays(says(status, "Location: https://elsewhere.example/", content=content), for_=PUBLISHES)
        with pytest.raises(error, match=status[:3]) as raised:
            await site.channel().publish(said(FIRST))
        assert type(raised.value) is not Exception
        assert [*site.texts()] == []


async def test_a_limit_is_not_sent_with_the_time_at_which_it_ends() -> None:
    """Of requests, and of deletions alone: the words of the withdrawal wait with its deletion."""
    async with on_mastodon(deletes_left=0) as site:
        channel = site.channel()
        receipt = await channel.publish(said(FIRST))
        with pytest.raises(NotSent, match="takes no more from us until 2026-11-21T23:00:00"):
            await channel.publish(said(GONE, verb=Verb.WITHDRAW, target=receipt))
        assert [*site.texts()] == [FIRST]


async def test_words_of_a_withdrawal_that_are_refused_leave_the_post_deleted_and_say_so() -> None:
    """The wrong words end first; the record says what is missing."""
    async with on_mastodon() as site:
        channel = site.channel()
        receipt = await channel.publish(said(FIRST))
        with pytest.raises(Rejected, match=r"the post is deleted, but .* a post takes 500"):
            await channel.publish(said("x" * 501, verb=Verb.WITHDRAW, target=receipt))
        assert [*site.texts()] == []


async def test_posts_with_other_words_are_not_asked_for_theirs() -> None:
    """A server counts each question: the posts of a long night must not use up what a withdrawal needs."""
    async with on_mastodon() as site:
        channel = site.channel()
        for number in range(12):
            await channel.publish(said(f"{number} roads are closed at Ysbyty Ardudwy."))
        asked = [one for one in site.network.requests if b"/source" in one]
        assert len(asked) <= 2


async def test_check_says_who_may_publish_where_and_publishes_nothing(site: Site) -> None:
    """In a sentence."""
    told = await site.channel().check()
    assert f"{site.account[0]} may publish on http://127.0.0.1:" in told
    assert [*site.texts()] == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"suspends": True}, "suspended"),
        ({"minutes_off": 12}, "clock"),
        ({"characters_max": 300}, "`characters_max` of this channel to 300"),
        ({"left": 0}, "takes no more"),
    ],
)
async def test_check_says_what_keeps_a_channel_from_publishing(wrong: dict[str, Any], why: str) -> None:
    """Before an incident, not in it."""
    async with on_mastodon(**wrong) as site:
        with pytest.raises(NotSent, match=why):
            await site.channel().check()


async def test_a_token_of_another_account_publishes_nothing(site: Site) -> None:
    """A person's own token in the trust's place would speak in that person's name."""
    account = ("somebody", site.account[1])
    channel = mastodon(site.network.port, "live", account=account)
    for act in (channel.check(), channel.publish(said(FIRST))):
        with pytest.raises(NotSent, match=r"opens the account .*, not somebody"):
            await act
    assert [*site.texts()] == []


@pytest.mark.parametrize("token", ["", "not a token", "line\nbreak-in-a-token", "wrong-token-of-our-account"])
async def test_without_the_right_token_nothing_is_sent(site: Site, token: str) -> None:
    """The sentence says what to do."""
    channel = mastodon(site.network.port, "live", account=(site.account[0], token))
    with pytest.raises(NotSent, match=r"MASTODON_TOKEN is not set|is no access token|renew its token|did not take it"):
        await channel.publish(said(FIRST))


async def test_the_token_is_in_no_error_log_or_trace(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Not even if the server sends it back in its own words."""
    caplog.set_level(logging.DEBUG)
    channel, token = site.channel(seconds=2), site.account[1]
    echo = f'{{"error": "bad header: Bearer {token}"}}'
    faults = [says(status, content=echo) for status in ("401 No", "403 No", "404 No", "422 No", "500 No", "418 No")]
    told = [repr(channel), repr(await channel.publish(said(MENDED)))]
    for request in (PUBLISHES, READS):
        for number, fault in enumerate((*faults, resets_after, site.network.holds)):
            site.network.plays(fault, for_=request)
            with pytest.raises(Exception, match=r"\w+") as raised:
                await channel.publish(said(f"{request} {number}"))
            trace = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
            ours = [frame for frame in trace.stack if "mastodon/channel" in frame.filename]
            told += [repr(raised.value), str(raised.value), *(str(frame.locals) for frame in ours if frame.locals)]
    assert len(told) > 20
    assert token in str(site.network.requests)
    assert token not in "\n".join(told) + caplog.text


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"server": "http://social.example"}, "in the open"),
        ({"server": "https://social.example/web/"}, "server"),
        ({"account": "two names"}, "account"),
        ({"unheard_of": "1"}, "unheard_of"),
    ],
)
def test_options_that_are_wrong_or_unsafe_are_found_at_once(options: dict[str, str], problem: str) -> None:
    """At the start, not at the first word of an incident."""
    given = {"server": "https://social.example", "account": "@trust@social.example"} | options
    held = entry("mastodon", given).model_copy(update={"credential": Credential(secret="TOKEN", mode="live")})
    with pytest.raises(ValueError, match=problem):
        settings_of(held)


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_refused() -> None:
    """A drill never holds a live token."""
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("mastodon", {"server": "https://social.example", "account": "trust"}))
    live = mastodon(1, "live", account=fake.ACCOUNT)
    with pytest.raises(ValueError, match="belongs to mode live"):
        type(live)(live._entry, "training", secrets=lambda _: None)
