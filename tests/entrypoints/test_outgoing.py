"""The list of where the service connects to: whole, by host and port, and never longer by what a server says."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.asking import ask
from agents.adapters.feeds.kinds import KINDS as FEED_KINDS
from agents.adapters.feeds.streaming import StreamEnded, server_events, websocket
from agents.adapters.notify import NotifySettings, notify
from agents.adapters.registers import data_folder, load
from agents.entrypoints.outgoing import CHANNELS, PAGERS, feed_places, outgoing
from agents.entrypoints.worker import channels, pagers
from agents.ports import Rejected
from streams.values import LIVE, TRAINING
from streams.words.register.accounts import Credential
from streams.words.register.entries import ChannelEntry, PagerEntry, Register
from streams.words.register.partners import PartnerAccount
from tests.adapters.pagers.notify_server import KEY, TEMPLATE
from tests.entrypoints.commanding import run
from tests.examples import NOW
from tests.loopback import served

HELD = Credential(secret="HOLDINGLINE_SECRET", mode=LIVE)
MAIL = {"host": "mail.trust.example", "sender": "alerts@trust.example", "recipients": "desk@paper.example"}
OPTIONS = {
    "email": MAIL,
    "bluesky": {"did": "did:plc:" + "a" * 24, "url": "https://pds.example"},
    "mastodon": {"server": "https://social.example", "account": "trust"},
    "sms": {"template": TEMPLATE, "recipients": "07700 900001"},
    "notify-email": {"template": TEMPLATE, "recipients": "desk@paper.example"},
    "x": {"account": "1", "name": "trust"},
    "slack": {"channel": "C1234567890", "workspace": "trust"},
    "facebook": {"page": "1"},
    "linkedin": {"page": "1"},
    "teams": {},
}
PLACES = {
    "email": {("mail.trust.example", 587)},
    "bluesky": {("pds.example", 443)},
    "mastodon": {("social.example", 443)},
    "sms": {("api.notifications.service.gov.uk", 443)},
    "notify-email": {("api.notifications.service.gov.uk", 443)},
    "x": {("api.x.com", 443)},
    "slack": {("slack.com", 443), ("*.slack.com", 443)},
    "facebook": {("graph.facebook.com", 443)},
    "linkedin": {("api.linkedin.com", 443), ("www.linkedin.com", 443), ("*.linkedin.com", 443)},
    "teams": {("", 443)},
}


def entry(kind: str) -> ChannelEntry:
    held = None if kind == "email" else HELD
    return ChannelEntry(
        id=kind, kind=kind, title="A place", owner="comms", deadline_seconds=2, options=OPTIONS[kind], credential=held
    )


def account(kind: str, **options: str) -> PartnerAccount:
    return PartnerAccount(
        kind=kind,
        account_id="police",
        domain="police.example",
        address="https://feeds.police.example:8443/news.xml",
        evidence="They read it out to us.",
        options=options,
    )


def told(register: Register, folder: Path, *, mode: str = LIVE, log: str = "sqlite:///log.db") -> dict[str, str]:
    found = outgoing(register, folder, mode=mode, log=log, now=NOW)
    return {f"{one.host}:{one.port}": ", ".join(one.by) for one in found}


def test_every_kind_of_channel_pager_and_feed_says_where_it_connects_to() -> None:
    """A kind that joins joins the list."""
    assert CHANNELS.keys() == channels.SETTINGS.keys() == OPTIONS.keys() | {"site", "by-hand"}
    assert PAGERS.keys() == pagers.KINDS.keys()
    for kind, row in FEED_KINDS.items():
        assert bool([*feed_places(account(kind))]) is (row.card.transport != "hook"), kind


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_channel_is_listed_by_the_places_of_its_entry(kind: str) -> None:
    assert {*CHANNELS[kind](entry(kind))} == PLACES[kind]


def test_a_feed_is_listed_with_its_stream_and_the_partners_own_hosts() -> None:
    assert {*feed_places(account("atom"))} == {
        ("feeds.police.example", 8443),
        ("police.example", 443),
        ("*.police.example", 443),
    }
    streamed = account("bluesky", stream="wss://jetstream.example")
    assert {*feed_places(streamed)} == {("feeds.police.example", 8443), ("jetstream.example", 443)}


def test_the_list_has_all_that_the_registers_and_the_variables_name_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = load(data_folder(), NOW)
    chat = PagerEntry(id="chat", kind="chat", via="chat", credential=HELD)
    added = {**register.channels, "teams": entry("teams"), "x": entry("x"), "letters": entry("email")}
    register = register.model_copy(update={"channels": added, "pagers": {"chat": chat}})
    monkeypatch.setenv("VAULT_ADDR", "https://vault.trust.example:8200")
    monkeypatch.setenv("HOLDINGLINE_DIRECTORY_ISSUER", "https://login.trust.example/tenant")
    monkeypatch.setenv(
        "HOLDINGLINE_ANCHOR", "mail:safe@trust.example?host=mail.trust.example&port=25&sender=a@b.example"
    )
    found = told(register, tmp_path, log="kafka://one.example,two.example:9093?replication=3")
    assert found == {
        ":443": "channel teams (HOLDINGLINE_SECRET), pager chat (HOLDINGLINE_SECRET)",
        "127.0.0.1:1025": "channel email",
        "api.x.com:443": "channel x",
        "login.trust.example:443": "the console's directory",
        "mail.trust.example:25": "anchors by mail",
        "mail.trust.example:587": "channel email",
        "one.example:9092": "the log",
        "two.example:9093": "the log",
        "vault.trust.example:8200": "the vault",
    }
    practice = told(register, tmp_path, mode=TRAINING)
    assert not {"api.x.com:443", "mail.trust.example:587", ":443"} & practice.keys()


def test_a_calendar_is_listed_by_its_host_and_never_by_its_address(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    secret = "https://calendars.example/private-1234/on-call.ics"
    (tmp_path / "register/rotas.yaml").write_text(f"- rota: communications\n  calendar: {secret}\n")
    found = told(Register(trust="-"), tmp_path)
    assert found["calendars.example:443"] == "the calendar of communications, and where it leads on to"
    assert "private" not in str(found)


def test_the_doctor_prints_the_list_for_the_firewall() -> None:
    code, out, complained = run("doctor", "--outgoing")
    assert (code, complained) == (0, "")
    assert "127.0.0.1:1025   channel email" in out
    (mail,) = [one for one in json.loads(run("doctor", "--outgoing", "--json")[1]) if "channel email" in one["by"]]
    assert (mail["host"], mail["port"]) == ("127.0.0.1", 1025)


@asynccontextmanager
async def leading_on() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that leads everybody on to another one, and what that one is asked."""
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"notifications": []})

    async def here(request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": f"http://127.0.0.1:{port}{request.path}"})

    there, first = web.Application(), web.Application()
    there.router.add_route("*", "/{any:.*}", elsewhere)
    first.router.add_route("*", "/{any:.*}", here)
    async with served(there) as port, served(first) as own:
        yield f"127.0.0.1:{own}", asked


async def test_nothing_goes_where_a_server_leads_on_to() -> None:
    """Neither a text message nor the question after it, nor what reads a feed or listens to a stream."""
    async with leading_on() as (place, asked):
        settings = NotifySettings(template=TEMPLATE, url=f"http://{place}")
        async with notify(KEY, settings, clock=SystemClock()) as service:
            with pytest.raises(aiohttp.ClientResponseError):
                await service.send({"text": "Fire"}, to="+447700900001", reference="page-1")
            with pytest.raises(aiohttp.ClientResponseError):
                await service.recipients_of("page-1")
        with pytest.raises(Rejected, match="has moved to"):
            await ask(f"http://{place}/news.xml", headers={}, now=NOW)
        with pytest.raises(StreamEnded, match="leads on"):
            async with websocket(f"ws://{place}/stream"):
                pass
        with pytest.raises(StreamEnded):
            async with server_events(f"http://{place}/stream", {}):
                pass
        assert asked == []
