"""What the public can read comes from fields that are public by design: a mark in any other field appears nowhere."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pydantic import BaseModel

from agents.adapters.channels.bluesky.records import posts_of
from agents.adapters.channels.email.letter import letter
from agents.entrypoints.worker.channels import KINDS
from agents.ports import Channel
from streams.decisions.desk.order_table import ORDERS
from streams.values import LIVE, Purpose
from streams.words.delivery import Dispatch, Verb
from tests.adapters.channels import facebook_server, linkedin_server, slack_server, teams_server, x_server
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.grounds import entry, facebook, linkedin, mastodon, notify, site, slack, teams, x
from tests.adapters.pagers.notify_server import notify_server
from tests.planting import Planter, filled, strings
from tests.scenarios.marked_night import PLACE, Night
from tests.scenarios.marked_parts import whole
from tests.scenarios.simulation import run

PUBLIC_BY_DESIGN: Mapping[str, str] = {
    "Template.texts": "a second person approved the template",
    "Template.hashtags": "a second person approved the template",
    "KnownPlace.names": "the register's own names of places fill the slots of templates",
    "Declare.hashtags": "hashtags of an incident pass the message checks, and stand in its messages",
    "Rename.hashtags": "as those of a declaration",
    "DraftLine.texts": "a second person signs off a line after the message checks",
    "DraftLine.short_texts": "they are the short form of the same line",
    "DraftLine.hashtags": "they are part of the line that is signed off",
    "PlanPost.texts": "a second person signs off a planned post after the message checks",
    "CorrectPost.texts": "a second person signs off the correction of a planned post after the message checks",
    "CorrectPost.short_texts": "they are the short form of the same correction",
    "PlanPost.short_texts": "they are the short form of the same post",
    "PlanPost.titles": "they are part of the post that is signed off",
    "PartnerPost.text": "a partner's own words go out again by the rule that two people registered",
    "Release.hashtags": "a person chose it among the hashtags that people use, after it was checked as public words",
    "PartnerPost.url": "it links to the partner's own post, on the partner's own site",
    "Partner.name": "we say whose words they are",
    "Partner.disclaimer": "the register says what stands behind a partner's words",
}
"""Each field that the public may read, and why."""
NOT_FILLED: Mapping[str, str] = {
    "Release.shown": "a digest of the words, and an order with any other is refused",
    "Credit.disclaimer": "the desk takes it from the register, whatever an order says",
    "SeekSignOff.message_id": "an identifier of our own; a search for a draft begins with the draft",
}
"""Each field of an order that has no text in the night, and why."""
EMAIL = {"host": "127.0.0.1", "sender": "alerts@trust.example", "recipients": "desk@paper.example"}


async def on_site(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every file that the web server shows, with its name."""
    channel = site(folder, LIVE)
    receipts = [await channel.publish(one) for one in sent]
    files = [path for path in (folder / "public").rglob("*") if path.is_file()]
    shown = [f"{path.name} {path.read_text('utf-8')}" for path in files]
    return "\n".join([*shown, *(f"{one.reference} {one.url}" for one in receipts)])


async def as_letters(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every letter as its reader's program shows it, headers too."""
    del folder
    place = entry("email", EMAIL)
    letters = [
        message_from_bytes(letter(one, place, recipients=["desk@paper.example"]), policy=default) for one in sent
    ]
    return "\n".join(f"{one.items()} {one.get_content()}" for one in letters)


async def as_records(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every record that is written to the account on Bluesky, with its place."""
    del folder
    return "\n".join(f"{place} {json.dumps(value)}" for one in sent for place, value in posts_of(one).items())


async def as_statuses(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every text that a server of the Mastodon API takes."""
    del folder
    async with fake.mastodon_server() as server:
        await published(mastodon(server.port, LIVE, account=fake.ACCOUNT), sent)
        return "\n".join(server.texts())


async def published(channel: Channel, sent: Sequence[Dispatch]) -> None:
    """Every dispatch as a message of its own: what a verb ends or changes is not there."""
    for one in sent:
        await channel.publish(one.model_copy(update={"verb": Verb.PUBLISH}))


async def as_posts_on_x(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that X takes."""
    del folder
    async with x_server.x_server() as server:
        await published(x(server.url, LIVE), sent)
        return "\n".join(server.texts())


async def as_posts_on_slack(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that Slack takes, with all that is beside its words."""
    del folder
    async with slack_server.slack_server() as server:
        await published(slack(server.url, LIVE), sent)
        return json.dumps(server.posts, ensure_ascii=False)


async def as_posts_on_facebook(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that Facebook takes."""
    del folder
    async with facebook_server.facebook_server() as server:
        await published(facebook(server.url, LIVE), sent)
        return "\n".join(server.texts())


async def as_posts_on_linkedin(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that LinkedIn takes."""
    del folder
    async with linkedin_server.linkedin_server() as server:
        await published(linkedin(server.url, LIVE), sent)
        return "\n".join(server.texts())


async def as_cards(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every card that the workflow of Teams takes, with all that is beside its words."""
    del folder
    async with teams_server.teams_server() as server:
        for one in sent:
            await teams(server.address(), LIVE).publish(one)
        return json.dumps(server.bodies, ensure_ascii=False)


def by_notify(kind: str) -> Callable[[Path, Sequence[Dispatch]], Awaitable[str]]:
    """Every text message or e-mail, and what the service is told beside it."""

    async def taken(folder: Path, sent: Sequence[Dispatch]) -> str:
        del folder
        async with notify_server() as server:
            for one in sent:
                await notify(kind, server.url, LIVE).publish(one)
            return json.dumps(server.taken)

    return taken


EMITS: Mapping[str, Callable[[Path, Sequence[Dispatch]], Awaitable[str]]] = {
    "site": on_site,
    "email": as_letters,
    "bluesky": as_records,
    "mastodon": as_statuses,
    "sms": by_notify("sms"),
    "notify-email": by_notify("notify-email"),
    "x": as_posts_on_x,
    "slack": as_posts_on_slack,
    "facebook": as_posts_on_facebook,
    "linkedin": as_posts_on_linkedin,
    "teams": as_cards,
}


@pytest.fixture(scope="module")
def night() -> Night:
    return run(whole(Planter(PLACE)))


async def test_only_what_is_public_by_design_comes_out_of_any_channel(night: Night, tmp_path: Path) -> None:
    """The incident's name, its identifier, the METHANE report, reasons, people, rules: no word of them is public."""
    assert {one.message.purpose for one in night.sent} == {*Purpose}
    texts = [await emitted(tmp_path, night.sent) for emitted in EMITS.values()]
    seen = {mark: places for text in texts for mark, places in night.planter.seen(text).items()}
    assert {mark: places for mark, places in seen.items() if not places & PUBLIC_BY_DESIGN.keys()} == {}
    assert {place for places in seen.values() for place in places} >= PUBLIC_BY_DESIGN.keys()


@pytest.mark.parametrize("body", ORDERS, ids=lambda body: body.model_fields["kind"].default)
def test_every_order_is_given_with_a_text_in_each_of_its_fields(night: Night, body: type[BaseModel]) -> None:
    """A new order, or a new field of one, joins the night: else nobody looked for its words in public."""
    assert night.given[body], "the night gives no such order"
    texts = {place for one in night.given[body] for place in filled(one)}
    assert strings(body) - texts - NOT_FILLED.keys() == set()
    assert not texts & NOT_FILLED.keys()


def test_each_channel_is_looked_at() -> None:
    """A kind of channel that joins the product joins this test."""
    assert set(EMITS) == set(KINDS)
