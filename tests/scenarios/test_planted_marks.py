"""What the public can read comes from fields that are public by design: a mark in any other field appears nowhere."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path

from agents.adapters.channels.bluesky.records import posts_of
from agents.adapters.channels.email.letter import letter
from agents.adapters.channels.email.settings import settings_of
from agents.amplification import Needs, handle
from agents.entrypoints.worker.channels import KINDS
from streams.subjects.incident import Incident
from streams.values import LIVE, Purpose
from streams.words.delivery import DeliveryClaimed, Dispatch, RecordOutcome, Verb
from streams.words.facts import CommandRefused
from streams.words.holds import HeldField, PlaceHold
from streams.words.incident import Report
from streams.words.orders import CommandBody
from streams.words.posts import PartnerPost
from streams.words.register.entries import Register
from streams.words.release import SignOff
from streams.words.stops import Freeze, Resume
from tests import builders
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.channels import slack_server, teams_server, x_server
from tests.adapters.grounds import entry, mastodon, site, slack, sms, teams, x
from tests.adapters.pagers.notify_server import notify_server
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.builders import COMMANDER, INCIDENT, NOW, SIGNER, WRITER
from tests.planting import Planter

PUBLIC_BY_DESIGN = {
    "Template.texts",
    "Template.hashtags",
    "KnownPlace.names",
    "Declare.hashtags",
    "DraftLine.texts",
    "DraftLine.hashtags",
    "PartnerPost.text",
    "PartnerPost.url",
    "Partner.name",
}
"""A second person approved what they hold, or the message policy looks at it before it goes out."""
PLACE = "Ashby General"
EMAIL = {"host": "127.0.0.1", "sender": "alerts@trust.example", "recipients": "desk@paper.example"}
Asked = CommandBody | Callable[[Incident], CommandBody]


def register(planter: Planter) -> Register:
    """A register with a mark in every string; its templates are approved as they are then."""
    channels = {one.id: one for one in (builders.channel("page", kind="site"), builders.channel("post", kind="email"))}
    plain = builders.register(
        channels=channels,
        templates={"major-incident": builders.template(channels=tuple(channels), hashtags=("#Vale",))},
        partners={"ambulance": builders.partner(channels=tuple(channels))},
    )
    marked: Register = planter.planted(plain)
    signer = planter.planted(SIGNER)
    # The text has to say what happened as it is given here.
    what = {"what": builders.template().what}
    templates = {
        name: builders.approved(one.model_copy(update=what), by=signer) for name, one in marked.templates.items()
    }
    return marked.model_copy(update={"templates": templates, "words": plain.words})


def orders(planter: Planter, channels: Sequence[str]) -> Sequence[tuple[Asked, str]]:
    """A night's orders with a mark in every string, those that make words public and those beside them."""
    plain = builders.line(hashtags=("#LineTag",))
    line = planter.planted(plain).model_copy(
        # The text has to say these as they are given here.
        update={"what": plain.what, "where": plain.where, "when": plain.when, "channels": tuple(channels)}
    )
    hold = PlaceHold(field=HeldField.CONDITION, about="the driver here", holders=(COMMANDER,))
    return [
        (planter.planted(Report(methane=builders.methane(access="by road only", hazards=("chlorine gas",)))), WRITER),
        (planter.planted(builders.declaration(words=("blue lane",))), COMMANDER),
        (planter.planted(hold), COMMANDER),
        (planter.planted(Freeze(reason="not sure yet")), COMMANDER),
        (planter.planted(Resume(reason="sure by now")), COMMANDER),
        (planter.planted(builders.holding()), COMMANDER),
        (line, WRITER),
        (sign_off, SIGNER),
        (partial(mending, planter, Purpose.CORRECTION), COMMANDER),
        (partial(mending, planter, Purpose.WITHDRAWAL), COMMANDER),
        (planter.planted(builders.holding(purpose=Purpose.ALL_CLEAR)), COMMANDER),
    ]


def sign_off(incident: Incident) -> SignOff:
    (draft,) = incident.drafts.values()
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)


def mending(planter: Planter, purpose: Purpose, incident: Incident) -> CommandBody:
    body: CommandBody = planter.planted(builders.holding(purpose=purpose))
    return body.model_copy(update={"follows": next(iter(incident.messages))})


def post(planter: Planter, hashtags: tuple[str, ...]) -> PartnerPost:
    """A partner's post about the incident."""
    plain = PartnerPost(
        id="pp-1",
        mode=LIVE,
        account_id="did:vale:1",
        domain="vale-ambulance.example",
        post_id="post-1",
        at=NOW,
        text="Crews are here now.",
        url="https://vale-ambulance.example/1",
    )
    marked: PartnerPost = planter.planted(plain)
    return marked.model_copy(update={"hashtags": hashtags})


async def dispatches(planter: Planter) -> Sequence[Dispatch]:
    """All that goes out in an incident with these marks, a partner's post too; no order is refused."""
    told = register(planter)
    incident, sent = Incident(id=planter.planted(INCIDENT), mode=LIVE), list[Dispatch]()
    for given, by in orders(planter, tuple(told.channels)):
        body = given(incident) if callable(given) else given
        incident = carried_out(incident, body, planter.planted(by), told=told, sent=sent)
    assert incident.declaration
    needs = Needs(clock_at(), lambda: told, MemoryIncidents((incident,)), MemoryPosts(()))
    for command in await handle(post(planter, incident.declaration.hashtags), needs):
        incident = carried_out(incident, command.body, command.by, told=told, sent=sent)
    return sent


def carried_out(incident: Incident, body: CommandBody, by: str, *, told: Register, sent: list[Dispatch]) -> Incident:
    """The incident after this order, and after its channels took all that it sends out."""
    facts, incident = builders.judged(builders.order(body, incident, by, register=told))
    assert [fact.body for fact in facts if isinstance(fact.body, CommandRefused)] == []
    for claimed in [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]:
        sent.append(claimed.dispatch)
        taken = RecordOutcome(delivery_id=claimed.delivery_id, attempt=claimed.attempt, outcome="confirmed")
        incident = carried_out(incident, taken, "publishing-agent", told=told, sent=sent)
    return incident


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
    settings = settings_of(entry("email", EMAIL))
    letters = [
        message_from_bytes(letter(one, settings, recipients=["desk@paper.example"]), policy=default) for one in sent
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
        for one in sent:
            channel = mastodon(server.port, LIVE, account=fake.ACCOUNT)
            await channel.publish(one.model_copy(update={"verb": Verb.PUBLISH}))
        return "\n".join(server.texts())


async def as_posts_on_x(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that X takes."""
    del folder
    async with x_server.x_server() as server:
        for one in sent:
            await x(server.url, LIVE).publish(one.model_copy(update={"verb": Verb.PUBLISH}))
        return "\n".join(server.texts())


async def as_posts_on_slack(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every post that Slack takes, with all that is beside its words."""
    del folder
    async with slack_server.slack_server() as server:
        for one in sent:
            await slack(server.url, LIVE).publish(one.model_copy(update={"verb": Verb.PUBLISH}))
        return json.dumps(server.posts, ensure_ascii=False)


async def as_cards(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every card that the workflow of Teams takes, with all that is beside its words."""
    del folder
    async with teams_server.teams_server() as server:
        for one in sent:
            await teams(server.address(), LIVE).publish(one)
        return json.dumps(server.bodies, ensure_ascii=False)


async def as_text_messages(folder: Path, sent: Sequence[Dispatch]) -> str:
    """Every text message, and what the service is told beside it."""
    del folder
    async with notify_server() as server:
        for one in sent:
            await sms(server.url, LIVE).publish(one)
        return json.dumps(server.taken)


EMITS: Mapping[str, Callable[[Path, Sequence[Dispatch]], Awaitable[str]]] = {
    "site": on_site,
    "email": as_letters,
    "bluesky": as_records,
    "mastodon": as_statuses,
    "sms": as_text_messages,
    "x": as_posts_on_x,
    "slack": as_posts_on_slack,
    "teams": as_cards,
}


async def test_only_what_is_public_by_design_comes_out_of_any_channel(tmp_path: Path) -> None:
    """The incident's name, its identifier, the METHANE report, reasons, people, rules: no word of them is public."""
    planter = Planter(PLACE)
    sent = await dispatches(planter)
    assert {one.message.purpose for one in sent} == {*Purpose}
    texts = [await emitted(tmp_path, sent) for emitted in EMITS.values()]
    seen = {mark: places for text in texts for mark, places in planter.seen(text).items()}
    assert {mark: places for mark, places in seen.items() if not places & PUBLIC_BY_DESIGN} == {}
    assert {place for places in seen.values() for place in places} >= PUBLIC_BY_DESIGN


def test_each_channel_is_looked_at() -> None:
    """A kind of channel that joins the product joins this test."""
    assert set(EMITS) == set(KINDS)
