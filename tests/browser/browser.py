"""A real browser without a window, spoken to by its own protocol (CDP)."""

import asyncio
import base64
import json
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.browser.packages import NoBrowser, chromium

START_SECONDS_MAX, ANSWER_SECONDS_MAX = 60.0, 60.0
PICTURE_BYTES_MAX = 50_000_000
_LISTENS = re.compile(rb"DevTools listening on (ws://\S+)")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking", "--remote-debugging-port=0"),
    "--remote-debugging-address=127.0.0.1",
)


class Tab:
    """One page in the browser, as wide and high as was said."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._line, self._session, self._numbers = line, session, count(100)

    async def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Ask the browser for something, and wait for the answer; what it says in between is passed over."""
        number = next(self._numbers)
        asked = {"id": number, "sessionId": self._session, "method": method, "params": given}
        await self._line.send_json(asked)
        return await answer(self._line, number)

    async def value(self, expression: str) -> Any:
        """What an expression gives in the page; the page's own rule against scripts does not hold for it."""
        found = await self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def open(self, page: Path) -> None:
        """Show a file, by its whole path, and wait until it is there."""
        await self.ask("Page.navigate", url=page.as_uri())
        name = json.dumps(page.name)
        there = f"document.readyState === 'complete' && location.pathname.endsWith({name})"
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            while not await self.value(there):  # noqa: ASYNC110 - the browser is asked, it does not call
                await asyncio.sleep(0.05)

    async def picture(self) -> bytes:
        """The whole page as PNG, also what lies below the screen."""
        taken = await self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(taken["data"])


@asynccontextmanager
async def tab(width: int, height: int) -> AsyncIterator[Tab]:
    """A tab of a browser of its own; raises `NoBrowser` if none starts."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            chromium(),
            *FLAGS,
            f"--user-data-dir={folder}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            address = await _address(process)
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(address, max_msg_size=PICTURE_BYTES_MAX) as line,
            ):
                yield await _tab(line, width, height)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.communicate()


async def _tab(line: aiohttp.ClientWebSocketResponse, width: int, height: int) -> Tab:
    await line.send_json({"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}})
    target = (await answer(line, 1))["targetId"]
    attach = {"targetId": target, "flatten": True}
    await line.send_json({"id": 2, "method": "Target.attachToTarget", "params": attach})
    opened = Tab(line, (await answer(line, 2))["sessionId"])
    await opened.ask("Page.enable")
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
    await opened.ask("Emulation.setDeviceMetricsOverride", **size)
    return opened


async def answer(line: aiohttp.ClientWebSocketResponse, number: int) -> dict[str, Any]:
    """The answer with this number."""
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        while True:
            said: dict[str, Any] = await line.receive_json()
            if said.get("id") == number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = []
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            while line := await process.stderr.readline():
                if found := _LISTENS.search(line):
                    return found[1].decode()
                said.append(line)
    except TimeoutError:
        pass
    raise NoBrowser(f"the browser did not start: {b''.join(said)[-1000:].decode(errors='replace')}")
