"""Every screen, in a real browser: nothing keeps people with a disability out, nothing is scrolled sideways."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agents.console.routes import ROUTES
from agents.runtime.views.console_words import console_says
from streams.subjects.case import Case
from streams.values import Subject, SubjectKind
from streams.words.cases import CaseSort, HandOnCase, OpenCase
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListed
from streams.words.listening.watch import THE_WATCH, NoteWatch
from streams.words.plans import PlanPost
from streams.words.release import Propose
from streams.words.stops import Freeze
from tests.adapters.channels.pictured import picture
from tests.architecture.tree import ROOT
from tests.browser import PHONE, Tab, axe, on_a_phone
from tests.console.bench import INCIDENT, LARGE, Night, night, seen, sign_in
from tests.console.test_asked import FIRE, OFFICER, WORDS
from tests.console.test_settled import CASE, POST
from tests.console.test_tags import NOTED
from tests.examples import CHIEF, DIRECTOR, WRITER

HERE = f"/incidents/{INCIDENT}"
SCREENS = {
    "now": "/",
    "declare": "/declare?exact_location=Pont+Ddu&type_of_incident=fire",
    "declare-missing": "/declare?asked=yes",
    "incident": HERE,
    "release": f"{HERE}/release",
    "release-refused": f"{HERE}/release/fire?slot-time=now&next_update=25:00",
    "freeze": f"{HERE}/freeze",
    "stand-down": f"{HERE}/stand-down",
    "sign-off": f"{HERE}/sign-off/{{draft}}",
    "correct": f"{HERE}/messages/{{message}}/correct",
    "withdraw": f"{HERE}/messages/{{message}}/withdraw",
    "delete": f"{HERE}/messages/{{message}}/delete",
    "delivery": f"{HERE}/deliveries/{{delivery}}",
    "share": f"{HERE}/share",
    "share-wrong": f"{HERE}/share?asked=yes&partner=police&url=https://elsewhere.example/1",
    "partner-here": f"{HERE}/partners/police",
    "settled": f"{HERE}/sign-off/{{message}}",
    "draft": f"{HERE}/draft",
    "draft-filled": f"{HERE}/draft?asked=yes&text-en=A+fire.&where=here&channel=site&next_update=soon",
    "draft-correction": f"{HERE}/draft?follows={{message}}",
    "all-clear": f"{HERE}/all-clear",
    "report": f"{HERE}/report?asked=yes",
    "hold": f"{HERE}/hold?held=cause&held-about=how+it+began",
    "record": f"{HERE}/record?at=2026-01-14T22:40:00",
    "record-no-moment": f"{HERE}/record?at=tonight",
    "briefing": f"{HERE}/briefing",
    "case-new": "/cases/new?about=The+car+park&sort=complaint&answer_by=soon",
    "cases": "/cases",
    "handover": "/cases/hand-on?all=mine&to=lowri.penfynach",
    "case": "/cases/case-1",
    "plans": "/plans",
    "plan": "/plans/plan-1",
    "name": f"{HERE}/name?level=2",
    "lift": f"{HERE}/holds/cause",
    "partner": "/partners/police",
    "pin": "/partners/police/pin?address=https://police.example/news.xml&evidence=By+telephone",
    "account": "/accounts/email",
    "register": "/register",
    "templates": "/templates",
    "template": "/templates/fire",
    "status": "/status",
    "offline": "/offline",
    "watch": "/watch",
    "month": "/months?month=2026-01",
    "month-none": "/months?month=soon",
    "error": "/no-such-page",
    "sign-in": "/sign-in",
    "passkey": "/passkey",
    "me": "/me",
    "opening": "/s",
}
ELSEWHERE = {
    "/incidents/{incident}/responders": "tests/console/test_responders_night.py",
    "/incidents/{incident}/steps/{step}": "tests/console/test_responders_night.py",
    "/incidents/{incident}/stories/{story}": "tests/console/test_stories_night.py",
    "/incidents/{incident}/searches/{search}": "tests/console/test_night.py",
    "/practice/{channel}": "tests/console/test_night.py",
    "/exercises": "tests/console/test_drills.py",
    "/exercises/run": "tests/console/test_drills.py",
}
"""Screens that another night has, and the test that looks through them as this one does."""
ALIKE = {
    "/plans/{plan}/deliveries/{delivery}",
    "/register/changes/{change}",
    "/register/partners/{partner}",
    "/register/look-alikes/{imitates}",
}
"""Screens that are drawn from the very frame of a plan, an account and a partner, with other words in it."""
NO_SCREEN = {
    *("/health", "/static/{name}", "/pictures/{digest}", "/months/data", "/incidents/{incident}/evidence"),
    # A page of the public's, as each channel would show it in practice.
    "/practice/{channel}",
    *("/sign-in/directory", "/sign-in/directory/back", "/sign-out/directory", "/exercises/run/report"),
}
SECOND_CASE = Subject(kind=SubjectKind.CASE, id="case-2")
NARROW = 320
NEXT = "#parts ~ form :is(input, select, textarea, .nhsuk-button):not([type=hidden]), .hl-foot .nhsuk-button"
"""The first thing to fill in or to press on the page of a case."""
SCREENS_MAX = 3
"""It is at most so many screens down."""
LOOKS: Sequence[tuple[str, str]] = (("prefers-color-scheme", "light"), ("prefers-color-scheme", "dark"))


BEYOND = """(width) => document.documentElement.scrollWidth <= width ? "" :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" ")"""
"""What reaches beyond the right edge."""


SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
  .filter((one) => one.offsetParent
    && !one.matches(".nhsuk-skip-link, [type=radio], [type=checkbox], .nhsuk-error-summary a"))
  .filter((one) => !(one.tagName === "A" && one.parentElement.innerText.trim() !== one.innerText.trim()
    && getComputedStyle(one).display === "inline"))
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 120)).join(" ")"""
"""What is lower than a finger needs; a link within a sentence is as high as its line."""


@asynccontextmanager
async def in_the_middle(folder: Path) -> AsyncIterator[tuple[Night, dict[str, str]]]:
    """A night with a message out and another that waits for a yes, and how they are called."""
    async with night(folder, has_picture=True) as on:
        await on.give(FIRE, by=CHIEF)
        await on.give(WORDS, by=CHIEF)
        later = WORDS.model_copy(update={"next_update_at": on.house.clock.now() + timedelta(minutes=90)})
        await on.give(Propose(release=later.model_copy(update={"slots": {**WORDS.slots, "time": "22:30"}})), by=OFFICER)
        await on.give(NOTED, by="mentions-agent")
        listed = NoteListed(category=InfluenceCategory.MP, posts=2, since=on.house.clock.now())
        await on.give(listed, by="mentions-agent")
        case = OpenCase(sort=CaseSort.COMPLAINT, about="The car park was shut", answer_by=on.house.clock.now())
        await on.give(case, by=CHIEF, about=CASE)
        texts = {"en": "The car park opens on Monday.", "cy": "Bydd y maes parcio yn agor ddydd Llun."}
        post = PlanPost(at=on.house.clock.now() + timedelta(days=2), channels=("site",), texts=texts)
        await on.give(post, by=WRITER, about=POST)
        figures = {"minutes": 5, "usual": 0.1, "people": 6, "everyone": 6, "words": ("fire", "smoke")}
        moments = dict.fromkeys(("minute", "first_seen"), on.house.clock.now())
        heard = NoteWatch.model_validate({**figures, **moments})
        await on.give(heard, by="mentions-agent", about=THE_WATCH)
        incident = (await on.door.incidents())[INCIDENT]
        yield (
            on,
            {
                "message": next(iter(incident.messages)),
                "draft": next(iter(incident.drafts)),
                "delivery": next(iter(incident.deliveries)),
                "digest": picture(LARGE).digest,
            },
        )


async def faults_of(tab: Tab, name: str) -> AsyncIterator[str]:
    """What keeps people out of the page that is open, in every look and width."""
    await tab.value(f"{axe()}; undefined")
    for feature, value in LOOKS:
        await tab.ask("Emulation.setEmulatedMedia", features=[{"name": feature, "value": value}])
        found = json.loads(await tab.value("axe.run().then(found => JSON.stringify(found.violations))"))
        for one in found:
            yield f"{name}, {value}: {one['id']}: {[node['html'][:200] for node in one['nodes']][:3]}"
        await seen(tab, f"{name}-{value}")
    if small := await tab.value(f"({SMALL})()"):
        yield f"{name}: lower than 44 px: {small}"
    for width, size in ((NARROW, "100%"), (PHONE[0], "200%")):
        await as_wide_as(tab, width)
        await tab.value(f"document.documentElement.style.fontSize = {json.dumps(size)}")
        if beyond := await tab.value(f"({BEYOND})({width})"):
            yield f"{name}: wider than {width} with text of {size}: {beyond}"
    await as_wide_as(tab, PHONE[0])


async def as_wide_as(tab: Tab, width: int) -> None:
    await tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=PHONE[1], deviceScaleFactor=1, mobile=True)


def test_no_screen_is_left_out() -> None:
    """A new address is looked through here, or says where it is."""
    seen = [re.sub(r"\{\w+\}", "x", path.partition("?")[0]) for path in SCREENS.values()]
    found = set()
    for route in ROUTES:
        pattern = re.sub(r"\{\w+(?::([^}]*))?\}", lambda gap: f"(?:{gap[1] or '[^/]+'})", route.path)
        if route.method == "GET" and not any(re.fullmatch(pattern, path) for path in seen):
            found.add(route.path)
    assert {one for one in found if not one.endswith("/events")} == {*ELSEWHERE, *ALIKE, *NO_SCREEN}
    for path in ELSEWHERE.values():
        assert "faults_of(" in (ROOT / path).read_text(encoding="utf-8")


async def states(tab: Tab, on: Night, language: str) -> AsyncIterator[str]:
    """What keeps people out of states that no address has: refused after a tap, frozen, carried out, not live."""
    says = console_says(language, is_live=True)
    await tab.go(f"{on.origin}{HERE}/freeze?language={language}")
    facts = await on.give(Freeze(reason="we have to look"), by=DIRECTOR)
    await tab.press(says("choice-freeze"))
    await tab.shows(says("refused"))
    async for one in faults_of(tab, f"refused-{language}"):
        yield one
    frozen = f"{on.origin}{HERE}?done={facts[0].cause}&language={language}"
    for name, link in (("frozen", frozen), ("frozen-release", f"{on.origin}{HERE}/release?language={language}")):
        await tab.go(link)
        async for one in faults_of(tab, f"{name}-{language}"):
            yield one
    await tab.go(frozen)
    await tab.shows(says("frozen-heading"))
    # A browser that is told that it is offline may go on reading what was open before.
    await on.console.stop()
    await tab.shows(says("stale"))
    async for one in faults_of(tab, f"not-live-{language}"):
        yield one


async def hand_on(tab: Tab, on: Night, language: str) -> AsyncIterator[str]:
    """Two cases go to another person with one yes of the device; each is in the log as an order with that yes.

    What somebody else took meanwhile stays theirs and is named, and nothing is sent again from there.
    """
    says = console_says(language, is_live=True)
    all_mine = f"{on.origin}/cases/hand-on?all=mine&to={WRITER}&language={language}"
    two = says("handover-now", count=2, who=on.register.called(WRITER))
    await on.give(OpenCase(sort=CaseSort.ABUSE, about="A post is rude"), by=CHIEF, about=SECOND_CASE)
    await tab.go(all_mine)
    await on.give(HandOnCase(to=DIRECTOR, reason="I take it"), by=DIRECTOR, about=CASE)
    await tab.press(two)
    await tab.shows(says("handover-rest"))
    await tab.shows(says("handover-some"))
    director = on.register.called(DIRECTOR)
    taken = {"en": f"{director} has the case by now", "cy": f"mae'r achos gan {director}"}
    await tab.shows(f"The car park was shut: {taken[language]}")
    assert await tab.value("document.activeElement.matches('.hl-answer')"), "it is read out, and in sight"
    assert not await tab.value("[...document.querySelectorAll('#preview button')].some((one) => one.offsetParent)")
    async for one in faults_of(tab, f"handover-refused-{language}"):
        yield one
    assert await holders(on) == [DIRECTOR, WRITER]
    await tab.press(says("handover-left"))
    await tab.shows(says("handover-none"))
    for case in (CASE, SECOND_CASE):
        await on.give(HandOnCase(to=CHIEF, reason="back again"), by=CHIEF, about=case)
    await tab.go(all_mine)
    await tab.press(two)
    await tab.shows(says("handover-done", count=2))
    assert await holders(on) == [WRITER, WRITER]


async def holders(on: Night) -> list[str | None]:
    """Who has the first case and who has the second."""
    states = [await on.house.board.state(subject) for subject in (CASE, SECOND_CASE)]
    return [one.holder for one in states if isinstance(one, Case)]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "cy"])
async def test_no_screen_keeps_anybody_out(tmp_path: Path, language: str) -> None:
    async with in_the_middle(tmp_path) as (on, names), on_a_phone() as tab:
        await sign_in(tab, on)
        on.house.sessions.begin(CHIEF, None, now=on.house.clock.now())
        faults = []
        for name, path in SCREENS.items():
            link = f"{on.origin}{path.format(**names)}"
            await tab.go(f"{link}{'&' if '?' in link else '?'}language={language}")
            assert await tab.value("document.documentElement.lang") == language
            assert await tab.value("document.querySelectorAll('h1').length") == 1, name
            assert name == "error" or not await tab.value("!!document.querySelector('.hl-error')"), name
            assert await tab.value("document.title.startsWith(document.querySelector('h1').innerText)"), name
            if name == "case":
                below = await tab.value(f"document.querySelector({json.dumps(NEXT)}).getBoundingClientRect().bottom")
                assert below < SCREENS_MAX * PHONE[1], "what comes next is too far down"
            faults += [one async for one in faults_of(tab, f"{name}-{language}")]
        faults += [one async for one in hand_on(tab, on, language)]
        faults += [one async for one in states(tab, on, language)]
        assert not faults, "\n".join(faults)
