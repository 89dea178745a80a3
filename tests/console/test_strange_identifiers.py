"""An identifier may hold any sign that the model lets it have, also a slash: every link to it leads to its page."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from agents.console.locks import NAME
from agents.console.routes import HERE, ROUTES
from streams.decisions.sign_off.links import page_of, path_to
from streams.subjects.attention import Waiting
from streams.values import IDENTIFIER, TRAINING, Subject, SubjectKind
from streams.words.cases import CaseSort, OpenCase
from streams.words.plans import PlanPost
from streams.words.release import Propose
from tests.console.bench import night
from tests.console.test_lines import FIRST
from tests.console.visitor import DECLARED, Visitor, all_public, ordered, visiting
from tests.examples import NOW, WRITER

STRANGE = "a/b..c_d:e@f-/record"
INCIDENT, CASE, PLAN = (
    Subject(kind=kind, id=STRANGE) for kind in (SubjectKind.INCIDENT, SubjectKind.CASE, SubjectKind.PLAN)
)
LINK = re.compile(r'(?:href|action|data-events)="(/[^"]*)"')
NOT_FOLLOWED = ("/static/", "/sign-out", "/sign-in/name", "/sign-in/directory")
STARTS = re.compile(r'action="/exercises/[^"]*"')
"""What starts an exercise is given, not followed."""


def links_on(page: str) -> set[str]:
    """Where the page leads within the console."""
    return {
        link for one in LINK.findall(STARTS.sub("", page)) if not (link := html.unescape(one)).startswith(NOT_FOLLOWED)
    }


async def every_page(visitor: Visitor) -> AsyncIterator[tuple[str, str]]:
    """Follow every link from the first page on: each with its page, or without one where it is of live parts."""
    seen, left = set[str](), {"/"}
    while left:
        link = left.pop()
        seen.add(link)
        if urlsplit(link).path.endswith("/events"):
            yield link, ""
            continue
        await visitor.reads(link)
        assert visitor.status == 200, (visitor.status, link)
        yield link, visitor.shown
        left |= links_on(visitor.shown) - seen


async def test_every_link_from_the_first_page_on_leads_to_a_page(tmp_path: Path) -> None:
    """A message is out, another waits, a case and a planned post are open: each is reached, and none is mistaken."""
    async with night(tmp_path, mode=TRAINING, practises=True) as on, visiting(on) as chief:
        await ordered(on, DECLARED, subject=INCIDENT)
        await ordered(on, FIRST, subject=INCIDENT)
        await all_public(on, INCIDENT)
        again = FIRST.model_copy(update={"slots": {**FIRST.slots, "time": "22:30"}})
        await ordered(on, Propose(release=again), by="hari.okonwell", subject=INCIDENT)
        await ordered(on, OpenCase(sort=CaseSort.COMPLAINT, about="The car park", answer_by=NOW), subject=CASE)
        texts = {"en": "The car park opens again on Monday.", "cy": "Bydd y maes parcio yn ailagor ddydd Llun."}
        post = PlanPost(at=NOW.replace(hour=23, minute=59), channels=("site",), texts=texts)
        await ordered(on, post, by=WRITER, subject=PLAN)
        seen = {link async for link, _ in every_page(chief)}
        here = f"/incidents/{STRANGE.replace('/', '%2F')}"
        for page in ("", "/events", "/release", "/draft", "/report", "/name", "/hold", "/all-clear", "/briefing"):
            assert f"{here}{page}" in seen
        practised = {re.split("[#?]", one)[0] for one in seen if one.startswith("/practice")}
        assert practised == {"/practice/site", "/practice/email"}
        for page in ("/record", "/freeze", "/stand-down"):
            assert f"{here}{page}" in seen
        assert any(one.startswith(f"{here}/sign-off/msg-") for one in seen)
        assert any(one.startswith(f"{here}/messages/msg-") and one.endswith("/withdraw") for one in seen)
        assert {here.replace("incidents", one) for one in ("cases", "plans")} <= seen
        await chief.reads(f"{here}/freeze", language="en")
        (button,) = chief.buttons
        said = await chief.presses(button)
        assert said["next"].startswith(f"{here}?done=")
        assert "Your order was carried out" in await chief.reads(said["next"])


@given(st.from_regex(IDENTIFIER, fullmatch=True).filter(lambda one: "\n" not in one))
def test_each_route_takes_each_identifier_and_hands_it_on_unchanged(name: str) -> None:
    """Whatever the model lets an identifier be, the router finds the same route for it, and reads the same from it."""
    for route in ROUTES:
        if route.method != "GET" or "{" not in route.path or "{act" in route.path:
            continue
        parts = [name if part.startswith("{") else part for part in route.path.split("/")[1:]]
        request = make_mocked_request("GET", path_to(*parts))
        resource = web.UrlDispatcher().add_resource(route.path)
        found = resource._match(request.rel_url.path_safe)
        assert found is not None, (route.path, path_to(*parts))
        assert set(found.values()) == {name}
        assert all(map(NAME.fullmatch, found.values()))


@given(st.from_regex(IDENTIFIER, fullmatch=True).filter(lambda one: "\n" not in one))
def test_what_waits_in_any_incident_leads_below_the_page_of_just_that_incident(name: str) -> None:
    waits = Waiting(kind="unknown", subject=Subject.incident(name), what=name)
    _, kind, incident, below, what = page_of(waits).split("/")
    assert (kind, unquote(incident), below, unquote(what)) == ("incidents", name, "deliveries", name)
    assert HERE.startswith(f"/{kind}/")
