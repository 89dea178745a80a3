"""The commander's telephone: from METHANE to a first word in public, in a real browser, signed by a passkey."""

from pathlib import Path

import pytest

from tests.browser import on_a_phone
from tests.console.bench import night, seen, sign_in

TAPS_MAX = 3
NAMED = "Fire, Ysbyty Ardudwy"


@pytest.mark.slow
async def test_a_fire_is_declared_and_the_first_word_is_public(tmp_path: Path) -> None:
    """From the first page it is three taps; the words are those of the report, and nothing more is typed."""
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
        await tab.go(on.origin)
        tab.taps = 0
        await tab.press(NAMED)
        await tab.press("Release a message")
        await tab.shows("Release these words?")
        await seen(tab, "release")
        await tab.press("Release now to the public")
        await tab.shows("What the public reads now")
        await tab.until("document.querySelectorAll('.nhsuk-tag--green').length >= 2")
        assert tab.taps <= TAPS_MAX
        await seen(tab, "incident")
        assert all(len(one.shown) == 1 for one in (on.channels["site"], on.channels["email"]))
