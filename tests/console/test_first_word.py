"""The commander's telephone: from METHANE to a first word in public, in a real browser, signed by a passkey."""

import os
from pathlib import Path

import pytest

from tests.browser import Tab, on_a_phone
from tests.console.bench import RP_ID, Night, credential, night, pkcs8
from tests.examples import CHIEF

PICTURES = os.environ.get("HOLDINGLINE_PICTURES")


async def seen(tab: Tab, name: str) -> None:
    """Keep a picture of the page, for a person to look at."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        (Path(PICTURES) / f"{name}.png").write_bytes(await tab.picture())


async def sign_in(tab: Tab, on: Night, person: str = CHIEF) -> None:
    await tab.holds(credential(person), pkcs8(person), rp_id=RP_ID, user=person)
    await tab.go(f"{on.origin}/sign-in")
    await seen(tab, "sign-in")
    await tab.press("Sign in with your passkey")
    await tab.shows("What waits for you")


@pytest.mark.slow
async def test_a_fire_is_declared_and_the_first_word_is_public(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as tab:
        await sign_in(tab, on)
        await seen(tab, "now")
        await tab.press("Declare an incident")
        await tab.shows("E: Exact location")
        await tab.write("exact_location", "Ysbyty Ardudwy")
        await tab.write("type_of_incident", "fire")
        await seen(tab, "declare")
        await tab.press("Declare now")
        await tab.shows("Your order was carried out")
        await tab.press("Release a message")
        await tab.shows("Release these words?")
        await seen(tab, "release")
        await tab.press("Release now to the public")
        await tab.shows("What the public reads now")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        await seen(tab, "incident")
        assert all(len(one.shown) == 1 for one in (on.channels["site"], on.channels["email"]))
