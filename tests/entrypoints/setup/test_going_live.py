"""From nothing to live: every command of the two guides, in order, against a real worker and a real mail server."""

import asyncio
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.signatures import PASSPHRASE
from tests.adapters.channels.mail_server import mail_server
from tests.adapters.pagers.notify_server import KEY, TEMPLATE, NotifyServer, notify_server
from tests.browser import Tab, on_a_phone
from tests.commands_shown import fault_in
from tests.entrypoints.setup.guide import GOING_LIVE, GUIDES, answers, blocks, page
from tests.loopback import served

SECONDS_MAX = 900
"""Some sixty commands, each a process; on a busy machine that takes minutes."""
FIRST = "trap 'for job in $(jobs -p); do kill $job; wait $job || true; done' EXIT\nexec < <(yes)\n"
"""The service ends with the shell, and each question that a command asks has the answer yes."""
FEED, DOMAIN = "address_of_its_atom_or_rss_feed_empty_none_yet", "domain_that_its_own_pages_are_on"
PARTNER, SAID = "Northgate Ambulance Service", "Our crews are at Northgate General Hospital. Keep Hill Road clear."
ENTRY = """<feed xmlns="http://www.w3.org/2005/Atom"><id>news</id><title>News</title><entry><id>news/1</id>
<title>Fire</title><published>{at}</published><updated>{at}</updated><content>{said}</content></entry></feed>"""
NOTIFY, ORIGIN = "template_id_of_that_in_gov_uk_notify_empty_none_yet", "https://live.northgate.example"
ENROL, PUBLIC, MADE = "holdingline key enrol-passkey", "ls var/site/public/index.html", "ana.rowe.passkey.json"
WAITS = "for _ in $(seq 900); do {} && break; sleep 0.2; done\n"
"""A person who waits until the other has done something on the phone."""
HEARD = f"for _ in $(seq 600); do grep -q '{PARTNER}' var/site/public/index.html && break; sleep 0.5; done\n"
"""A person who waits until the page shows the partner's post."""


def script(origin: str) -> str:
    """All commands but the first, which asks for the answers of the table; the console is on this machine."""
    _, *left = blocks(GOING_LIVE)
    whole = FIRST + "\n".join([*left, HEARD, *blocks(GUIDES)]).replace(ORIGIN, origin)
    for command, condition in ((ENROL, f"test -s {MADE}"), (PUBLIC, "test -e var/site/public/index.html")):
        assert command in whole
        whole = whole.replace(command, WAITS.format(condition) + command, 1)
    return whole


@asynccontextmanager
async def partners_feed() -> AsyncIterator[str]:
    """The address of the partner's feed, which has one entry of now."""
    at = SystemClock().now().isoformat()

    async def entry(request: web.Request) -> web.Response:
        del request
        return web.Response(text=ENTRY.format(at=at, said=SAID), content_type="application/atom+xml")

    app = web.Application()
    app.router.add_get("/news.xml", entry)
    async with served(app) as port:
        yield f"http://127.0.0.1:{port}/news.xml"


async def signs_on_the_phone(tab: Tab, origin: str, folder: Path, *, texts: NotifyServer) -> None:
    """What Ana does: she makes a passkey, and taps a yes to the words that a text message asks her about."""
    await listens(origin)
    await tab.has_a_device()
    await tab.go(f"{origin}/passkey")
    await tab.write("person", "ana.rowe")
    await tab.press("Make the passkey")
    await tab.shows("The passkey is on this device")
    (folder / MADE).write_text(await tab.value("document.getElementById('made').value"), encoding="utf-8")
    async with asyncio.timeout(SECONDS_MAX):
        while not (links := [link for one in texts.taken if (link := link_in(one))]):  # noqa: ASYNC110 - a shell gives it
            await asyncio.sleep(0.1)
    await tab.go(links[0])
    await tab.shows("There is a fire at Northgate General Hospital")
    await tab.press("Yes, these words may go out")
    await tab.shows("Done. You can close this page.")


async def listens(origin: str) -> None:
    """Wait until the console answers."""
    async with asyncio.timeout(SECONDS_MAX), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{origin}/passkey") as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            await asyncio.sleep(0.1)


def link_in(text: Mapping[str, Any]) -> str:
    """The link of a text message to Ana that asks for a yes."""
    words = str(text["personalisation"]["text"])
    return words.partition("Open: ")[2].split()[0] if "your yes is needed" in words and "Open: " in words else ""


def shell(commands: str, folder: Path, *, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the commands as a person would in this folder, who types these lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDINGLINE_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", commands],
        cwd=folder,
        env={**kept, "PATH": path, PASSPHRASE: "lantern orchid gravel spoon", "HOLDINGLINE_NOTIFY_KEY": KEY},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )


@pytest.mark.slow
async def test_the_commands_of_the_guides_lead_from_nothing_to_the_first_word_and_to_its_record(tmp_path: Path) -> None:
    """The site and the newsrooms have the first word, its correction, a line that a second person signed, the end.

    Ana, who is on call, signs the first word off on her phone, by the passkey that she made there and Cara enrolled.
    The partner that the guide names is heard, and what it says of the incident goes out too.
    """
    async with mail_server() as server, partners_feed() as feed, notify_server() as texts, on_a_phone() as tab:
        first, *_ = blocks(GOING_LIVE)
        changes = {"its_port": str(server.port), FEED: feed, DOMAIN: "northgate-ambulance.example", NOTIFY: TEMPLATE}
        asked = await asyncio.to_thread(shell, first, tmp_path, typed=answers(**changes))
        assert asked.returncode == 0, asked.stdout + asked.stderr
        assert "finds no fault" in asked.stdout
        pagers = tmp_path / "trust/register/pagers.yaml"
        told = f"template: {TEMPLATE}"
        pagers.write_text(pagers.read_text().replace(told, f"{told}\n    url: {texts.url}"), encoding="utf-8")
        origin = f"http://localhost:{free_port()}"
        done, _ = await asyncio.gather(
            asyncio.to_thread(shell, script(origin), tmp_path),
            signs_on_the_phone(tab, origin, tmp_path, texts=texts),
        )
        assert done.returncode == 0, done.stdout + done.stderr
    words = " ".join(page_of(tmp_path).split())
    for said in (
        "There is a fire at Northgate General Hospital",
        "CORRECTION",
        "There was a fire at",
        "is over",
        f"{PARTNER}: Fire {SAID}",
    ):
        assert said in words
        assert any(said in text_of(letter) for letter in server.letters), said
    assert {"newsdesk@paper.example", "duty@council.example"} <= {one for sent in server.envelopes for one in sent}
    assert "no fault" in done.stdout


@pytest.mark.parametrize("name", [GOING_LIVE, GUIDES])
def test_a_command_within_a_sentence_is_one_that_the_command_line_takes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parser reads it as a person would type it, who has named themselves."""
    monkeypatch.setenv("HOLDINGLINE_PERSON", "ana.rowe")
    shown = re.findall(r"`holdingline ([^`]+)`", re.sub(r"```.*?```", "", page(name), flags=re.DOTALL))
    assert shown
    assert [fault for one in shown if (fault := fault_in(shlex.split(one)))] == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def page_of(folder: Path) -> str:
    return re.sub("<[^>]*>", " ", (folder / "var/site/public/index.html").read_text(encoding="utf-8"))


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return " ".join(f"{letter['Subject']} {body.get_content() if body else ''}".split())
