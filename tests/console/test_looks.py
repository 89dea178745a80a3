"""The main screens without colours, and without any style: what is to be read and pressed is there all the same."""

from pathlib import Path

import pytest

from tests.browser import Tab, on_a_phone
from tests.console.bench import seen, sign_in
from tests.console.test_screens import SCREENS, in_the_middle

MAIN = ("now", "declare", "incident", "release", "freeze", "sign-off", "record", "status")
UNMARKED = """["a", "button", "input", "select", "textarea", "summary"]
  .flatMap((one) => [...document.querySelectorAll(`main ${one}`)])
  .filter((one) => one.type !== "hidden" && one.offsetParent !== null)
  .filter((one) => !(one.textContent.trim() || one.value || one.labels?.length || one.getAttribute("aria-label")))
  .map((one) => one.outerHTML.slice(0, 100)).join(" ")"""
"""What can be pressed or filled in, and has neither words nor a label."""
BORDERLESS = """[".nhsuk-button", ".nhsuk-input", "select", "textarea", ".hl-items > li"]
  .flatMap((one) => [...document.querySelectorAll(`main ${one}`)])
  .filter((one) => one.offsetParent !== null)
  .filter((one) => !["Top", "Left", "Bottom"].some((side) => {
    const style = getComputedStyle(one);
    return parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none";
  })).map((one) => one.outerHTML.slice(0, 100)).join(" ")"""
"""What only its ground sets apart, which forced colours take away."""
FEATURES = [{"name": "forced-colors", "value": "active"}]


async def no_styles(tab: Tab) -> None:
    await tab.value("[...document.styleSheets].forEach((one) => { one.disabled = true; })")


@pytest.mark.slow
async def test_forced_colours_leave_an_edge_around_all_that_can_be_pressed(tmp_path: Path) -> None:
    async with in_the_middle(tmp_path) as (on, names), on_a_phone() as tab:
        await sign_in(tab, on)
        await tab.ask("Emulation.setEmulatedMedia", features=FEATURES)
        for name in MAIN:
            await tab.go(f"{on.origin}{SCREENS[name].format(**names)}")
            assert await tab.value("matchMedia('(forced-colors: active)').matches")
            await seen(tab, f"forced-{name}")
            assert not await tab.value(BORDERLESS), name


@pytest.mark.slow
async def test_without_styles_each_screen_reads_from_top_to_bottom_and_works(tmp_path: Path) -> None:
    """The heading comes before the one thing to do, everything has a name, and the button still gives its order."""
    async with in_the_middle(tmp_path) as (on, names), on_a_phone() as tab:
        await sign_in(tab, on)
        for name in MAIN:
            await tab.go(f"{on.origin}{SCREENS[name].format(**names)}")
            await no_styles(tab)
            await seen(tab, f"plain-{name}")
            assert not await tab.value(UNMARKED), name
            before = (
                "document.querySelector('h1').compareDocumentPosition(document.querySelector('main a, main button'))"
            )
            assert await tab.value(f"{before} & Node.DOCUMENT_POSITION_FOLLOWING"), name
        await tab.go(f"{on.origin}{SCREENS['freeze'].format(**names)}")
        await no_styles(tab)
        await tab.press("Yes, freeze now")
        await tab.shows("Your order was carried out")
