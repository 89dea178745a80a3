"""Starts the provider, and signs a person in at its pages as a browser would."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from agents.console.pages.directory import BACK, TOLD_OUT
from tests.bluesky.packages import node
from tests.browser.packages import NoBrowser, packages

SCRIPT = Path(__file__).with_name("provider.mjs")
CLIENT, SECRET = "holdingline", "a secret of directory & console"
READY_SECONDS_MAX, STOP_SECONDS_MAX = 180.0, 60.0
STEPS_MAX = 12
People = Mapping[str, Mapping[str, object]]


@dataclass
class Provider:
    """A provider, which may be stopped and started again, with other keys at the same address."""

    back: str
    out: str
    told: str
    people: People
    issuer: str = ""
    jars: dict[str, aiohttp.CookieJar] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        port = str(urlsplit(self.issuer).port or 0)
        given = [str(packages()), port, self.back, self.out, self.told, json.dumps(self.people), CLIENT, SECRET]
        self.process = subprocess.Popen(
            [node(), str(SCRIPT), *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout
        ready, _, _ = select([self.process.stdout], [], [], READY_SECONDS_MAX)
        self.issuer = self.process.stdout.readline().decode().strip() if ready else ""
        if not self.issuer:
            self.process.kill()
            _, said = self.process.communicate()
            raise NoBrowser(f"the directory did not start: {said[-1000:].decode(errors='replace')}")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate(timeout=STOP_SECONDS_MAX)
            self.process = None

    async def sign_in(self, address: str, login: str) -> str:
        """Sign in at the provider's pages, and answer with the address that it sends the browser back to."""
        self.jars[login] = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=self.jars[login]) as browser:
            for _ in range(STEPS_MAX):
                async with browser.get(URL(address, encoded=True), allow_redirects=False) as answer:
                    page = await answer.text()
                    goes_to = answer.headers.get("Location", "")
                if not goes_to:
                    goes_to = await _send(browser, address, page, login)
                address = str(URL(address).join(URL(goes_to, encoded=True)))
                if address.startswith(self.back):
                    return address
        raise AssertionError(f"no way back from {address}")

    async def sign_out(self, login: str) -> None:
        """Sign out at the provider's page, in the browser that this login signed in with last."""
        async with aiohttp.ClientSession(cookie_jar=self.jars[login]) as browser:
            async with browser.get(f"{self.issuer}/session/end", params={"client_id": CLIENT}) as answer:
                page = await answer.text()
            action, asked = (re.search(one, page) for one in (r'action="([^"]*)"', r'name="xsrf" value="(\w+)"'))
            assert action, page[:2000]
            assert asked, page[:2000]
            yes = {"xsrf": asked[1], "logout": "yes"}
            async with browser.post(unescape(action[1]), data=yes, allow_redirects=False) as answer:
                assert "Location" in answer.headers, await answer.text()


async def _send(browser: aiohttp.ClientSession, address: str, page: str, login: str) -> str:
    """Send the form of the provider's page: the login, or the yes that we may know the person."""
    form, prompt = (re.search(pattern, page) for pattern in (r'action="([^"]*)"', r'name="prompt" value="(\w+)"'))
    assert form, f"{address}: {page[:2000]}"
    typed = {"prompt": prompt[1] if prompt else "login", "login": login, "password": "any"}
    async with browser.post(URL(address).join(URL(unescape(form[1]))), data=typed, allow_redirects=False) as answer:
        assert "Location" in answer.headers, await answer.text()
        return answer.headers["Location"]


@contextmanager
def provider(origin: str, people: People) -> Iterator[Provider]:
    """A provider that knows these people by their login, for the console at this origin."""
    found = Provider(f"{origin}{BACK}", f"{origin}/sign-in", f"{origin}{TOLD_OUT}", people)
    try:
        found.start()
        yield found
    finally:
        found.stop()
