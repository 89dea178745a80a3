"""The page for when nothing answers: the browser keeps it, shows it without a network, and forgets it at sign-out."""

import json
import re
from pathlib import Path

from streams.words.register.entries import Register
from tests.browser import Tab, on_a_phone
from tests.console.asking import browser
from tests.console.bench import Night, night, seen, sign_in
from tests.console.test_asked import FIRE, WORDS
from tests.examples import CHIEF

KEPT = (
    "caches.open('holdingline-offline').then((one) => one.match('/offline'))"
    ".then((found) => found ? found.text().then((text) => found.headers.get('x-register') + text) : '')"
)
"""What the browser holds: the version of the register, and the page."""
ENGLISH, WELSH = "When nothing answers", "Beth i'w wneud"
WHO = "Who could say yes when this page was made"
PARTS = ("people", "numbers", "texts", "public", "do", "channels")
"""What is needed first comes first."""
HEIGHT_MAX = 3_600
"""In CSS pixels on a telephone 390 wide: half of what it was before anything was folded."""
JUMPS = """() => {
  const links = [...document.querySelectorAll("main nav a")].filter((one) => !one.closest("details:not([open])"));
  const there = links.map((one) => document.querySelector(one.getAttribute("href")));
  const tops = there.map((one, at) => [one?.getBoundingClientRect().top, links[at].hash.slice(1).split("-")[0]]);
  return {
    lost: links.filter((_, at) => !there[at]?.getBoundingClientRect().height).map((one) => one.hash),
    order: tops.sort((a, b) => a[0] - b[0]).map((one) => one[1]),
  };
}"""
"""The links at the top that lead to nothing that is seen, and the parts from the top of the page on."""
OLD = "It is too old: people, turns and approvals have changed."
AGED = """(days) => caches.open('holdingline-offline').then(async (kept) => {
  const found = await kept.match('/offline'), headers = new Headers(found.headers);
  headers.set('x-kept-at', String(Date.now() - days * 86400000));
  await kept.put('/offline', new Response(await found.text(), {headers}));
})"""


async def cut(tab: Tab, *, off: bool) -> None:
    """Take the network from the page and from what works for it, or give it back."""
    rules = {"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await tab.ask("Network.enable")
    await tab.ask("Network.emulateNetworkConditions", **rules)


async def kept(tab: Tab, on: Night, person: str = CHIEF) -> None:
    """Sign in, and wait until the browser holds the page."""
    await sign_in(tab, on, person)
    await tab.until(f"{KEPT}.then((text) => text.includes({ENGLISH!r}))")


async def test_without_a_network_the_page_is_shown_with_its_age_in_both_languages(tmp_path: Path) -> None:
    """Whatever page is asked for; it has the texts, who may say yes, and what is public.

    A short list at its top leads to each part; what is needed first comes first, and the rest is folded.
    """
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        await on.give(WORDS, by=CHIEF)
        await kept(tab, on)
        await on.console.stop()
        await cut(tab, off=True)
        await tab.go(f"{on.origin}/status")
        await tab.shows(ENGLISH)
        await tab.shows("It is 0 h 0 min old.")
        await tab.shows("Mae'n 0 awr 0 munud oed.")
        await tab.shows(WHO)
        assert json.loads(await tab.value(f"JSON.stringify(({JUMPS})())")) == {"lost": [], "order": [*PARTS]}
        assert await tab.value("document.documentElement.scrollHeight") < HEIGHT_MAX
        assert await tab.value("document.querySelector('main a[href^=tel]').getAttribute('href')") == "tel:01632960710"
        await tab.value("document.querySelector('#in-cy > summary').click()")
        await tab.shows(WELSH)
        shown = await tab.value("document.body.textContent")
        message = next(iter((await on.door.incidents()).values())).messages.values()
        assert all(text in shown for one in message for text in one.texts.values())
        assert all(promised in shown for promised in ("The next word was promised by ", "Addawyd y gair nesaf erbyn "))
        assert OLD not in await tab.value("document.body.innerText")
        await seen(tab, "offline")
        await tab.value(f"({AGED})(15)")
        await tab.go(f"{on.origin}/")
        await tab.shows("It is 360 h 0 min old.")
        await tab.shows(OLD)


def private(register: Register) -> list[str]:
    """How people are reached."""
    return [one.address for person in register.people.values() for one in person.contacts]


async def test_the_page_has_no_persons_telephone_number_or_address(tmp_path: Path) -> None:
    """Those are on the printed copy only."""
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        page = (await at.get("/offline")).text
        numbers = private(on.register)
        assert numbers
        assert [one for one in numbers if one in page] == []


async def test_what_is_kept_goes_at_sign_out(tmp_path: Path) -> None:
    """After that the browser shows nothing of it, with a network or without."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await kept(tab, on)
        await tab.press("Sign out")
        await tab.shows("Sign in with your passkey")
        assert await tab.value(KEPT) == ""


async def test_a_session_that_ended_elsewhere_leaves_nothing_once_the_sign_in_page_is_shown(tmp_path: Path) -> None:
    """As after the hour, or after the person signed out there at another browser, by the list of their sessions."""
    async with night(tmp_path) as on, on_a_phone() as tab, browser(on, CHIEF) as at:
        await kept(tab, on)
        page = (await at.get("/me")).text
        assert "Chrome on " in page
        (shown,) = re.findall(r'name="session" value="(\w+)"', page)
        await at.send("/sign-out/one", session=shown)
        await tab.go(f"{on.origin}/")
        await tab.shows("Sign in with your passkey")
        await tab.until(f"{KEPT}.then((text) => text === '')")


async def test_a_newer_register_brings_a_newer_page(tmp_path: Path) -> None:
    """The next page that is opened fetches it."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await kept(tab, on)
        before = on.house.register.version()
        assert (await tab.value(KEPT)).startswith(before)
        on.editions.append(on.register.model_copy(update={"trust": "Ardudwy and Coast Hospitals"}))
        while (newer := on.house.register.version()) == before:
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        await tab.go(f"{on.origin}/register")
        await tab.until(f"{KEPT}.then((text) => text.startsWith({newer!r}))")
        assert "Ardudwy and Coast Hospitals" in await tab.value(KEPT)


async def test_nobody_gets_the_page_who_is_not_signed_in(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        assert (await at.get("/offline")).status == 303
