"""A channel on Teams: what the workflow takes, what it says of it, and what only a person can do."""

import json
import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from agents.adapters.channels.teams import TeamsChannel
from agents.adapters.channels.teams.settings import settings_of
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import TEAMS
from streams.words.delivery import Resolution, Verb
from streams.words.register.accounts import Credential
from tests.adapters.channels import teams_server as fake
from tests.adapters.channels.dispatches import WORDS
from tests.adapters.channels.mastodon_places import said
from tests.adapters.channels.teams_server import TeamsServer, teams_server
from tests.adapters.grounds import entry, teams
from tests.adapters.proxy import Proxy, is_silent_after, proxy_before, resets_after, resets_before, says

FIRST, GONE = "Fire at Ysbyty Ardudwy. Stay away.", "We withdrew our last post."
WRITES = "POST /powerautomate"


@dataclass(frozen=True)
class Site:
    server: TeamsServer
    network: Proxy
    channel: TeamsChannel


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with teams_server() as server, proxy_before(server.port) as network:
        yield Site(server, network, teams(server.address(network.port), "live", seconds=3))


@pytest.mark.parametrize(
    "text",
    [
        "*Stay* **away** _now_ ~~or~~ `else` [our page](https://evil.example) \\*",
        "# First line.\n\n- Second line.\n1. Third\n\n> Fourth <b>line</b> &amp; <at>all</at>",
        "At {{DATE(2026-11-21T22:31:00Z, SHORT)}}, {{TIME(2026-11-21T22:31:00Z)}} and {{{DATE(x)}}} ${when}",
        "More: https://trust.example/a_b_c?x=1*2*3. Tân yn Ysbyty Ardudwy 🚒",
    ],
)
async def test_people_read_the_words_as_they_were_signed(site: Site, text: str) -> None:
    """No sign in them formats, makes a date, or hides where a link leads."""
    await site.channel.publish(said(text))
    assert [*site.server.texts()] == [text]


async def test_a_link_can_be_opened_and_reads_as_its_address(site: Site) -> None:
    await site.channel.publish(said("See (https://trust.example/a), then wait."))
    (card,) = site.server.cards
    runs = card["body"][0]["inlines"]
    links = [(run["text"], run["selectAction"]) for run in runs if "selectAction" in run]
    assert links == [("https://trust.example/a", {"type": "Action.OpenUrl", "url": "https://trust.example/a"})]


async def test_each_language_of_the_channel_comes_in_its_order_in_one_card(site: Site) -> None:
    one = said(FIRST)
    both = one.model_copy(update={"message": one.message.model_copy(update={"texts": WORDS})})
    await teams(site.server.address(), "live", languages="cy,en").publish(both)
    assert [*site.server.texts()] == [f"{WORDS['cy']}\n\n{WORDS['en']}"]
    (card,) = site.server.cards
    assert [block["separator"] for block in card["body"]] == [False, True]


async def test_the_receipt_claims_no_more_than_the_workflow_says(site: Site) -> None:
    """It names the run, by which the workflow's owner finds out what became of it."""
    site.server.fails_unseen = True
    receipt = await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []
    assert receipt.reference == "08580001CU42"
    assert receipt.words == "taken by the workflow; only a look at the channel shows whether it is there"
    assert receipt.url is None
    site.server.has_no_run = True
    assert (await site.channel.publish(said(FIRST))).reference == said(FIRST).key


@pytest.mark.parametrize("verb", [Verb.CORRECT, Verb.WITHDRAW, Verb.UN_REPOST])
async def test_what_mends_a_post_is_another_card_and_tells_who_has_to_delete_the_first(site: Site, verb: Verb) -> None:
    """A workflow cannot."""
    first = await site.channel.publish(said(FIRST))
    receipt = await site.channel.publish(said(GONE, verb=verb, target=first))
    assert [*site.server.texts()] == [FIRST, GONE]
    assert "the earlier post is still there: delete it in Teams by hand" in receipt.words


async def test_nothing_can_be_read_back(site: Site) -> None:
    """The card says it too: what is unknown goes to a person."""
    await site.channel.publish(said(FIRST))
    with pytest.raises(NotSent, match="look there"):
        await site.channel.look(said(FIRST))
    assert (TEAMS.resolution, TEAMS.reads_back) == (Resolution.ASK_A_PERSON, False)


@pytest.mark.parametrize(
    "fault",
    [resets_before, resets_after, is_silent_after, says("503 Busy", takes=True), says("200 OK", content="<html>Hello")],
)
async def test_without_a_clear_answer_nobody_knows_whether_it_is_there(site: Site, fault: Any) -> None:
    """A page of a server in front is no clear answer either."""
    site.network.plays(fault, for_=WRITES)
    with pytest.raises(NoWholeAnswer):
        await site.channel.publish(said(FIRST))


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, NotSent), (401, NotSent), (403, NotSent), (404, NotSent), (429, NotSent), (413, Rejected)],
)
async def test_a_refusal_says_whether_a_retry_helps(site: Site, status: int, error: type[Exception]) -> None:
    """Only the words can be too long; all else is about the workflow, which a person can mend."""
    site.server.refuses = status
    with pytest.raises(error, match=str(status)):
        await site.channel.publish(said(FIRST))
    assert [*site.server.texts()] == []


async def test_a_workflow_that_is_off_says_so(site: Site) -> None:
    site.server.is_off = True
    with pytest.raises(NotSent, match=r"trigger is not enabled\.\).*see whether the workflow is on"):
        await site.channel.publish(said(FIRST))


async def test_the_longest_texts_fit_and_longer_ones_are_not_sent(site: Site) -> None:
    """What the row takes in two languages the workflow takes; more is refused before anything is sent."""
    one, longest = said(FIRST), "Ŵ" * 4_000
    two = one.message.model_copy(update={"texts": {"en": longest, "cy": longest}})
    await site.channel.publish(one.model_copy(update={"message": two}))
    assert [*site.server.texts()] == [f"{longest}\n\n{longest}"]
    three = two.model_copy(update={"texts": {**two.texts, "pl": longest}})
    for message in (three, two.model_copy(update={"texts": {"en": longest + "x"}})):
        with pytest.raises(Rejected, match="Teams takes"):
            await site.channel.publish(one.model_copy(update={"message": message}))
    assert len(site.server.bodies) == 1


async def test_the_address_of_the_workflow_is_in_no_error_log_card_or_receipt(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(site.channel), (await site.channel.publish(said(FIRST))).model_dump_json()]
    site.server.repeats = True
    for status in (400, 401, 413, 422, 429, 500):
        site.server.refuses = status
        with pytest.raises(Exception, match=str(status)) as caught:
            await site.channel.publish(said(FIRST))
        told += ["".join(traceback.format_exception(caught.value))]
    told += [json.dumps(site.server.bodies), *(record.getMessage() for record in caplog.records)]
    assert not any(secret in one for one in told for secret in (fake.SIG, fake.WORKFLOW))


async def test_the_check_posts_nothing_and_says_what_it_cannot_know(site: Site) -> None:
    """It asks the server, and not where the workflow listens."""
    site.server.is_off = True
    assert "only a message shows whether the workflow is on" in await site.channel.check()
    assert site.server.asked == ["HEAD /"]
    with pytest.raises(NotSent, match="cannot be reached"):
        await teams(site.server.address(port=1), "live").check()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "is not set"),
        ("https://trust.webhook.office.com/webhookb2/1/IncomingWebhook/2", "Microsoft ended"),
        ("https://a.environment.api.powerplatform.com/workflows/1/invoke?api-version=1", "no address of a workflow"),
        (f"http://a.environment.api.powerplatform.com{fake.PATH}?sig=1", "no address of a workflow"),
        (f"https://a.environment.api.powerplatform.com{fake.PATH}?sig=1\nHost: b", "no address of a workflow"),
    ],
)
async def test_an_address_that_cannot_be_right_sends_nothing(address: str, why: str) -> None:
    with pytest.raises(NotSent, match=why):
        await teams(address, "live").publish(said(FIRST))


def test_an_option_that_cannot_be_right_is_named() -> None:
    """So is the address among the options, where everybody could read it."""
    credential = Credential(secret="TEAMS_WORKFLOW", mode="live")
    for wrong in ("languages", "url"):
        given = entry("teams", {wrong: "https://a.example/workflows/1?sig=1"})
        with pytest.raises(ValueError, match=wrong):
            settings_of(given.model_copy(update={"credential": credential}))


def test_a_channel_without_a_credential_or_with_that_of_another_mode_is_not_built() -> None:
    with pytest.raises(ValueError, match="`credential` is missing"):
        settings_of(entry("teams", {}))
    training = entry("teams", {}).model_copy(update={"credential": Credential(secret="S", mode="training")})
    with pytest.raises(ValueError, match="mode training"):
        TeamsChannel(training, "live", secrets=lambda _: "")


async def test_connected_the_server_of_the_real_workflow_answers() -> None:
    """It posts nothing. `TEAMS_TEST_WORKFLOW` is the address of a workflow that is there for tests."""
    address = os.environ.get("TEAMS_TEST_WORKFLOW")
    if not address:
        pytest.skip("TEAMS ITSELF WAS NOT TESTED: set TEAMS_TEST_WORKFLOW to the address of a workflow for tests")
    assert "answers" in await teams(address, "live").check()
