"""Asks the console as a browser would, without one: who is signed in, what came back, and what every answer bears."""

import hashlib
import json
import re
import struct
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from yarl import URL

from agents.console.headers import HEADERS
from agents.console.signing import SIGN_IN
from streams.values import canonical
from streams.words.register.passkeys import written
from tests.console.bench import PRESENT, RP_ID, VERIFIED, Night, credential, device_key, passkey

STREAM = "text/event-stream"


@dataclass(frozen=True)
class Answered:
    """What came back; of a stream only its headers."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Browser:
    """One browser, which keeps its cookies, and follows no link by itself."""

    client: aiohttp.ClientSession
    on: Night

    async def get(self, path: str, **headers: str) -> Answered:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, sent: Any = None, **headers: str) -> Answered:
        """Send JSON as a page of ours does."""
        given = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", **headers}
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        return await self.ask("POST", path, headers=given, data=body)

    async def send(self, path: str, **fields: str) -> Answered:
        """Send a form as a page of ours does."""
        return await self.ask("POST", path, headers={"Sec-Fetch-Site": "same-origin"}, data=fields)

    async def ask(self, method: str, path: str, **given: Any) -> Answered:
        async with self.client.request(method, self.on.origin + path, allow_redirects=False, **given) as answer:
            text = "" if answer.content_type == STREAM else await answer.text(errors="replace")
            return Answered(answer.status, answer.headers, text)

    def token(self) -> str | None:
        """What this browser holds of its session."""
        return next((one.value for one in self.client.cookie_jar if one.key == "session"), None)

    def bring(self, token: str) -> None:
        """Hold this token, however it was come by."""
        self.client.cookie_jar.update_cookies({"session": token}, URL(self.on.origin))

    async def sign_in(self, person: str, *, next: str = "/", **changes: Any) -> Answered:  # noqa: A002 - its name on the wire
        """Sign in with this person's passkey; `changes` are to what the browser says of it."""
        page = (await self.get("/sign-in")).text
        asked = json.loads(unescape(re.findall(r'data-sign-in="([^"]*)"', page)[0]))
        proof = yes(person, asked, self.on.origin, **changes)
        return await self.post("/sign-in", {"asked": asked, "proof": proof, "next": next})


def yes(person: str, asked: Mapping[str, str], page: str, **changes: Any) -> dict[str, str]:
    """The answer of a person's device to a request to sign in."""
    digest = hashlib.sha256(SIGN_IN + canonical(asked)).digest()
    said = {"type": "webauthn.get", "challenge": written(digest), "origin": page, "crossOrigin": False, **changes}
    client = json.dumps(said, separators=(",", ":")).encode()
    device = hashlib.sha256(RP_ID.encode()).digest() + bytes([PRESENT | VERIFIED]) + struct.pack(">I", 1)
    content = device + hashlib.sha256(client).digest()
    return {
        "credential": written(credential(person)),
        "authenticator_data": written(device),
        "client_data": written(client),
        "signature": written(device_key(person).sign(content, ec.ECDSA(SHA256()))),
    }


@asynccontextmanager
async def browser(on: Night, person: str | None = None) -> AsyncIterator[Browser]:
    """A browser at which this person is signed in already, if one is named."""
    async with aiohttp.ClientSession() as client:
        opened = Browser(client, on)
        if person:
            held = on.register.people[person].keys
            key = passkey(person, on.origin).id if held else None
            opened.bring(on.house.sessions.begin(person, key, now=on.house.clock.now()))
        yield opened


def lacking(answer: Answered) -> Iterator[str]:
    """What this answer should bear and does not."""
    for name, value in HEADERS.items():
        if answer.headers.get(name) != value:
            yield f"header {name}"
    policy = answer.headers.get("Content-Security-Policy", "")
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        if rule not in policy:
            yield f"rule {rule}"
    if "unsafe" in policy:
        yield "a policy without exceptions"
    if any(name.startswith("Access-Control") for name in answer.headers):
        yield "a door that is shut to other sites"
    kind = answer.headers.get("Content-Type", "")
    kept = answer.headers.get("Cache-Control", "")
    if not kept or (kind.startswith("text/html") and kept != "no-store"):
        yield "who may keep it: of a page nobody"
    if answer.text and not kind.startswith("image/") and "charset=utf-8" not in kind:
        yield "a charset"
    if kind.startswith("text/html"):
        yield from _page_faults(answer.text)


def _page_faults(text: str) -> Iterator[str]:
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    (title,) = re.findall(r'<title(?: lang="en")?>(.*?)</title>', text, re.DOTALL)
    if len(headings) != 1:
        yield f"one heading: {headings}"
    elif not title.startswith(re.sub(r"<[^>]*>", "", headings[0]).strip()):
        yield f"a title that begins with its heading: {title!r} and {headings[0]!r}"
    parser = Elements()
    parser.feed(text)
    yield from parser.unsafe


class Elements(HTMLParser):
    """What in a page could run, or bring a style: none but the scripts that the policy names."""

    def __init__(self) -> None:
        super().__init__()
        self.unsafe: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "iframe", "object", "embed", "base"} or (tag == "script" and not given.get("nonce")):
            self.unsafe.append(f"<{tag}>")
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction"} and not re.match(
                r"/(?!/)|#|\?|https?://|tel:|mailto:", value or ""
            )
            if name.startswith("on") or name == "style" or leads:
                self.unsafe.append(f"{name}={value}")
