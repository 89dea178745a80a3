"""A real browser without a window, spoken to by its own protocol (CDP)."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.browser import shared

ANSWER_SECONDS_MAX, CONDITION_SECONDS_MAX = 180.0, 180.0
TABS_MAX = 80
PICTURE_BYTES_MAX = 50_000_000
LOADED = "document.readyState === 'complete'"


class Tab:
    """One page in the browser, as wide and high as was said."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._line, self._session, self._numbers = line, session, count(100)
        self.taps = 0

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

    async def go(self, link: str) -> None:
        """Show a page of a server, and wait until it is there."""
        await self.value("window.before = true")
        await self.ask("Page.navigate", url=link)
        await self.until("document.readyState === 'complete' && !window.before")

    async def until(self, condition: str) -> None:
        """Wait until an expression holds in the page, through changes of the page."""
        said = ""
        try:
            async with asyncio.timeout(CONDITION_SECONDS_MAX):
                while True:
                    try:
                        if await self.value(condition):
                            return
                    except AssertionError as error:  # A page that goes away answers nothing.
                        said = str(error)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            shown = await self.value("document.title + ' | ' + document.body.innerText.slice(0, 1500)")
            raise AssertionError(f"never came: {condition}; {said}; the page shows: {shown}") from None

    async def shows(self, text: str) -> None:
        """Wait until the page shows these words."""
        await self.until(f"document.body.innerText.includes({json.dumps(text)})")

    async def press(self, text: str) -> None:
        """Click the visible link or button with exactly these words, as a finger would: in its middle.

        Before the page's scripts have run a button would do nothing, nor does one while it waits for the page.
        """
        found = (
            "[...document.querySelectorAll('a, button, summary')].find((one) => one.innerText.trim() === "
            f"{json.dumps(text)} && one.offsetParent !== null)"
        )
        await self.until(f"{LOADED} && !!({found}) && {found}.getAttribute('aria-disabled') !== 'true'")
        await self.value(f"{found}.scrollIntoView({{block: 'center'}})")
        middle = (
            f"(() => {{ const box = {found}.getClientRects()[0]; "
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        await self.until(f"{found}.contains(document.elementFromPoint(...{middle}))")
        self.taps += 1
        box = await self.value(middle)
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    async def reach(self, text: str) -> None:
        """Go by the Tab key alone to the link or button with exactly these words, and press Enter."""
        for _ in range(TABS_MAX):
            await self._key("Tab")
            if await self.value(f"document.activeElement.innerText?.trim() === {json.dumps(text)}"):
                await self.until("document.activeElement.getAttribute('aria-disabled') !== 'true'")
                await self._key("Enter", text="\r")
                return
        raise AssertionError(f"no number of tabs leads to {text}")

    async def types(self, name: str, text: str) -> None:
        """Go by the Tab key alone to the field of this name, and type into it."""
        for _ in range(TABS_MAX):
            await self._key("Tab")
            if await self.value(f"document.activeElement.name === {json.dumps(name)}"):
                await self.ask("Input.insertText", text=text)
                return
        raise AssertionError(f"no number of tabs leads to the field {name}")

    async def _key(self, name: str, text: str = "") -> None:
        code = {"Tab": 9, "Enter": 13}[name]
        more = {"text": text} if text else {}
        down = {"key": name, "code": name, "windowsVirtualKeyCode": code, **more}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", **down)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    async def write(self, name: str, text: str) -> None:
        """Put a text into the field of this name, as typing does, and leave the field; its scripts hear of it."""
        await self.until(LOADED)
        field = f"document.querySelector('[name=' + {json.dumps(json.dumps(name))} + ']')"
        await self.value(
            f"(() => {{ const one = {field}; one.focus(); one.value = {json.dumps(text)}; "
            "one.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )

    async def has_a_device(self) -> str:
        """Give the browser a device that knows its person; answers with the name of the device."""
        await self.ask("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device: str = (await self.ask("WebAuthn.addVirtualAuthenticator", options=options))["authenticatorId"]
        return device

    async def holds(self, credential: bytes, private_key: bytes, *, rp_id: str, user: str) -> str:
        """Put a passkey into the device, which knows its person; answers with the name of the device."""
        device = await self.has_a_device()
        key = {
            "credentialId": base64.b64encode(credential).decode(),
            "isResidentCredential": True,
            "rpId": rp_id,
            "privateKey": base64.b64encode(private_key).decode(),
            "userHandle": base64.b64encode(user.encode()).decode(),
            "signCount": 1,
        }
        await self.ask("WebAuthn.addCredential", authenticatorId=device, credential=key)
        return device

    async def picture(self) -> bytes:
        """The whole page as PNG, also what lies below the screen."""
        taken = await self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(taken["data"])


@asynccontextmanager
async def tab(width: int, height: int) -> AsyncIterator[Tab]:
    """A tab in a profile of its own, which ends with it; raises `NoBrowser` if no browser starts."""
    address = await asyncio.to_thread(shared.address)
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(address, max_msg_size=PICTURE_BYTES_MAX) as line,
    ):
        yield await _tab(line, width, height)


async def _tab(line: aiohttp.ClientWebSocketResponse, width: int, height: int) -> Tab:
    profile = {"disposeOnDetach": True}
    await line.send_json({"id": 1, "method": "Target.createBrowserContext", "params": profile})
    where = {"url": "about:blank", "browserContextId": (await answer(line, 1))["browserContextId"]}
    await line.send_json({"id": 2, "method": "Target.createTarget", "params": where})
    attach = {"targetId": (await answer(line, 2))["targetId"], "flatten": True}
    await line.send_json({"id": 3, "method": "Target.attachToTarget", "params": attach})
    opened = Tab(line, (await answer(line, 3))["sessionId"])
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
