"""Every address of the console, asked by everybody: what is shut stays shut, and every answer bears what it must."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from agents.console.house import Address
from agents.console.locks import Open, PageRoute, SignedIn
from agents.console.routes import ROUTES
from agents.console.sessions import AGAIN_WITHIN, IDLE_MAX
from agents.directory_port import SignInThere
from streams.values import TRAINING
from tests.console.asking import Answered, Browser, browser, lacking
from tests.console.bench import INCIDENT, KEEPER, Night, night, passkey
from tests.console.test_asked import OFFICER
from tests.console.test_screens import in_the_middle
from tests.examples import CHIEF, DIRECTOR

ELSEWHERE = "https://elsewhere.example"
SIGNED_IN_ONLY = [one for one in ROUTES if isinstance(one.lock, SignedIn)]
NAMES = {
    "channel": "site",
    "incident": INCIDENT,
    "template": "fire",
    "name": "console.js",
    "search": "none",
    "delivery": "none",
}
_GAP = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def paths(route: PageRoute, known: Mapping[str, str]) -> Iterator[str]:
    """The addresses that a route takes: with names that are there, and with one that is not."""
    gaps = _GAP.findall(route.path)
    plain = _GAP.sub(r"{\1}", route.path)
    there = {**NAMES, **known}
    choices = [choice.split("|") if choice else [there.get(name, "none"), "no-such"] for name, choice in gaps]
    for chosen in product(*choices):
        yield plain.format(**dict(zip((name for name, _ in gaps), chosen, strict=True)))


async def ask(at: Browser, route: PageRoute, path: str) -> Answered:
    return await (at.post(path, {}) if route.method == "POST" else at.get(path))


async def walk(at: Browser, known: Mapping[str, str]) -> list[str]:
    """What is amiss with the answers of all routes to this browser."""
    asked = [(route, path) for route in ROUTES for path in paths(route, known) if not path.startswith("/sign-out")]
    answers = await asyncio.gather(*(ask(at, route, path) for route, path in asked))
    found = []
    for (route, path), answer in zip(asked, answers, strict=True):
        found += [f"{route.method} {path} ({answer.status}): {fault}" for fault in lacking(answer)]
        found += [f"{route.method} {path} failed"] if answer.status >= 500 else []
    return found


def test_every_route_has_a_lock_and_an_open_one_says_why() -> None:
    assert {type(one.lock) for one in ROUTES} == {Open, SignedIn}
    assert [one.path for one in ROUTES if isinstance(one.lock, Open) and len(one.lock.why.split()) < 3] == []
    assert len({(one.method, one.path) for one in ROUTES}) == len(ROUTES)


@pytest.mark.slow
async def test_only_who_is_signed_in_sees_what_is_locked(tmp_path: Path) -> None:
    """Asked without a session, with a made-up one, and after an hour without a sign of life."""
    async with in_the_middle(tmp_path) as (on, known), AsyncExitStack() as at_once:
        stranger, idle, forged = [await at_once.enter_async_context(browser(on)) for _ in range(3)]
        begun = on.house.clock.now() - IDLE_MAX - timedelta(seconds=1)
        idle.bring(on.house.sessions.begin(CHIEF, None, now=begun))
        forged.bring("made-up")
        for at in (stranger, idle, forged):
            assert await walk(at, known) == []
            for route in SIGNED_IN_ONLY:
                for path in paths(route, known):
                    answer = await ask(at, route, path)
                    assert answer.status in ({401} if route.method == "POST" or "events" in path else {303}), path
                    assert not answer.text or "Ysbyty" not in answer.text


@pytest.mark.slow
async def test_every_person_of_the_register_gets_an_answer_from_every_route(tmp_path: Path) -> None:
    """No page fails for any role, and each bears its headers, one heading, and a title that begins with it."""
    async with in_the_middle(tmp_path) as (on, known):
        roles = {one.role: one.id for one in on.register.people.values()}
        for person in roles.values():
            async with browser(on, person) as at:
                assert await walk(at, known) == [], person


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 303),
        ("GET", "/events", 401),
        ("POST", "/sign-in/name", 403),
        ("GET", "/no-such-page", 404),
        ("DELETE", "/orders", 405),
        ("TRACE", "/", 405),
        ("GET", "/static/", 404),
        ("POST", "/no-such-page", 404),
        ("GET", "/static/..%2Fwords.json", 404),
        ("GET", "/incidents/%00%ff", 404),
    ],
)
async def test_answers_that_are_no_page_bear_the_headers_as_well(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        answer = await (at.post(path, {}) if method == "POST" else at.ask(method, path))
        assert (answer.status, [*lacking(answer)]) == (status, [])


async def test_what_is_too_long_or_fails_is_answered_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        long = await at.post("/orders", b"x" * 300_000)
        assert (long.status, [*lacking(long)]) == (413, [])
        assert long.json["refused"] == ["That is too long.", "Nothing was sent. Write less, then try again."]
        monkeypatch.setattr(type(on.house.board), "overview", property(lambda _: 1 / 0), raising=False)
        failed = await at.get("/")
        assert (failed.status, [*lacking(failed)]) == (500, [])
        assert "division" not in failed.text


FOREIGN: Sequence[Mapping[str, str]] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": ELSEWHERE},
    {"Origin": "null"},
    {},
)


async def test_a_form_of_another_site_is_refused_at_every_route_that_takes_one(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        for route in ROUTES:
            if route.method == "POST":
                for headers in FOREIGN:
                    answer = await at.ask("POST", next(paths(route, {})), headers=headers, data={"person": CHIEF})
                    refused = 400 if route.by_server else 403
                    assert (answer.status, [*lacking(answer)]) == (refused, []), (route.path, headers)
        assert (await at.get("/")).status == 200


LEADS_AWAY = (
    ELSEWHERE,
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "https:elsewhere.example",
    "javascript:alert(1)",
    "/\t/elsewhere.example",
    "\t//elsewhere.example",
    "/\n/elsewhere.example",
    " //elsewhere.example",
    "///elsewhere.example",
    "//elsewhere.example\\@localhost",
)


@pytest.mark.parametrize("link", LEADS_AWAY)
async def test_signing_in_leads_to_no_other_site(tmp_path: Path, link: str) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        assert (await at.sign_in(CHIEF, next=link)).json["next"] == "/"
    async with night(tmp_path / "drill", mode=TRAINING) as on, browser(on) as at:
        person = next(iter(on.register.people))
        assert (await at.send("/sign-in/name", person=person, next=link)).headers["Location"] == "/"


def left_on(on: Night, person: str) -> int:
    return len(on.house.sessions.of(person, now=on.house.clock.now()))


async def test_every_sign_in_gets_a_token_of_its_own_and_the_one_before_ends(tmp_path: Path) -> None:
    """A token that somebody else put into the browser opens nothing afterwards."""
    async with night(tmp_path) as on, browser(on) as at, browser(on) as other:
        at.bring("put here by somebody else")
        await at.sign_in(CHIEF)
        first = at.token()
        await at.sign_in(CHIEF)
        assert first != at.token() != "put here by somebody else"
        assert left_on(on, CHIEF) == 1
        assert first
        other.bring(first)
        assert (await other.get("/")).status == 303


async def test_the_cookie_of_a_session_is_kept_from_scripts_and_from_other_sites(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on) as at:
        cookie = (await at.sign_in(CHIEF)).headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


async def test_behind_https_each_cookie_is_of_this_host_alone_and_browsers_never_come_by_http_again(
    tmp_path: Path,
) -> None:
    here = "https://training.holdingline.example"
    async with night(tmp_path, mode=TRAINING) as on, browser(on) as at:
        there = replace(on.house, address=Address.of(here))
        on.console.show(there)
        await on.console.stop()
        await on.console.start()
        asked = {"headers": {"Host": here.removeprefix("https://"), "Sec-Fetch-Site": "same-origin"}}
        answers = [
            await at.ask("GET", "/sign-in?language=cy", **asked),
            await at.ask("POST", "/sign-in/name", data={"person": CHIEF}, **asked),
            await at.ask("GET", "/no-such-page", **asked),
        ]
        cookies = [one for answer in answers for name, one in answer.headers.items() if name == "Set-Cookie"]
        assert len(cookies) == 2
        for cookie in cookies:
            assert cookie.startswith("__Host-")
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert all(name.startswith("__Host-") for name in (there.link_name, there.directory_name))
        for answer in answers:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        ("http://live.holdingline.example", "passkeys need https"),
        ("https://live.holdingline.example/console", "without a path"),
        ("ftp://live.holdingline.example", "give it as https"),
        ("live.holdingline.example", "give it as https"),
    ],
)
def test_an_origin_that_is_not_safe_is_refused_with_what_to_write(origin: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Address.of(origin)


async def test_who_signs_in_and_what_is_refused_has_a_line_in_the_log_without_a_name_of_an_incident(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sign-in with its passkey; a page that takes a power, a form of another site, and what is no order."""
    async with night(tmp_path) as on, browser(on) as at, browser(on, OFFICER) as officer:
        await at.sign_in(CHIEF)
        assert (await officer.get("/incidents/inc-mark/evidence")).status == 403
        assert (await at.ask("POST", "/orders", headers={"Origin": ELSEWHERE}, data={})).status == 403
        assert (await at.post("/orders", {"order": 1})).status == 400
        lines = capsys.readouterr().out.splitlines()
        (signed_in,) = [one for one in lines if "a person signed in" in one]
        assert all(part in signed_in for part in (f"person={CHIEF}", "by=passkey", "passkey=key-", "address=127.0.0.1"))
        refused = [one for one in lines if "a request was refused" in one]
        assert ["status=403" in one for one in refused] == [True, True, False]
        assert f"person={OFFICER}" in refused[0]
        assert "route=/incidents/{incident}/evidence" in refused[0]
        assert not [one for one in lines if "inc-mark" in one]


async def test_signing_out_everywhere_ends_every_session_of_this_person_alone(tmp_path: Path) -> None:
    async with (
        night(tmp_path) as on,
        browser(on, CHIEF) as at,
        browser(on, CHIEF) as phone,
        browser(on, OFFICER) as other,
    ):
        assert (await at.send("/sign-out/everywhere")).status == 303
        assert [(await one.get("/")).status for one in (at, phone, other)] == [303, 303, 200]


ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/144.0.0.0 Mobile Safari/537.36"


def listed(page: str) -> Mapping[str, str]:
    """What `/me` says of each browser that one can be signed out at, by the name that its button sends."""
    found = re.findall(r"<strong>([^<]*)</strong>(?:(?!</li>).)*?name=\"session\" value=\"(\w+)\"", page, re.DOTALL)
    return {name: device for device, name in found}


async def test_a_person_sees_each_of_their_sessions_and_ends_one_alone_after_signing_in_again(tmp_path: Path) -> None:
    """By form alone. A session that was opened a while ago ends no single other one, nor does anybody else's name."""
    async with night(tmp_path) as on, browser(on) as at, browser(on) as phone, browser(on, OFFICER) as other:
        now = on.house.clock.now()
        (others,) = on.house.sessions.of(OFFICER, now=now)
        at.bring(on.house.sessions.begin(CHIEF, passkey(CHIEF, on.origin).id, now=now - AGAIN_WITHIN))
        phone.client.headers["User-Agent"] = ANDROID
        await phone.sign_in(CHIEF)
        page = (await at.get("/me")).text
        assert page.count("this browser") == 1
        ((name, device),) = listed(page).items()
        assert device == "Chrome on Android"
        led = await at.send("/sign-out/one", session=name)
        assert (led.status, led.headers["Location"]) == (303, "/sign-in?next=/me&again=1")
        assert "sign out everywhere: that takes none" in (await at.get(led.headers["Location"])).text
        assert (await phone.get("/")).status == 200
        assert (await at.sign_in(CHIEF, next="/me")).json["next"] == "/me"
        await at.send("/sign-out/one", session=others)
        ended = await at.send("/sign-out/one", session=name)
        assert ended.headers["Location"] == "/me?ended=own"
        shown = (await at.get("/me?ended=own")).text
        assert "You are signed out there." in shown
        assert listed(shown) == {}
        assert [(await one.get("/")).status for one in (at, phone, other)] == [200, 303, 200]


async def test_who_may_enrol_keys_signs_a_colleague_out_or_everybody_else_after_showing_who_they_are(
    tmp_path: Path,
) -> None:
    """As after a lost telephone whose person can sign in nowhere else. Nobody else may, nor sees who is signed in."""
    async with (
        night(tmp_path) as on,
        browser(on) as at,
        browser(on, CHIEF) as lost,
        browser(on, DIRECTOR) as phone,
        browser(on, OFFICER) as other,
    ):
        now, people = on.house.clock.now(), on.register.people
        assert (await other.send("/sign-out/person", person=CHIEF)).status == 403
        assert people[CHIEF].name not in (await other.get("/me")).text
        at.bring(on.house.sessions.begin(KEEPER, SignInThere("sub-1", None, now - AGAIN_WITHIN), now=now))
        assert people[CHIEF].name in (await at.get("/me")).text
        assert "again=1" in (await at.send("/sign-out/person", person=CHIEF)).headers["Location"]
        assert (await lost.get("/")).status == 200
        at.bring(on.house.sessions.begin(KEEPER, SignInThere("sub-1", None, now), now=now))
        ended = await at.send("/sign-out/person", person=CHIEF)
        assert "They are signed out." in (await at.get(ended.headers["Location"])).text
        assert [(await one.get("/")).status for one in (at, lost, phone, other)] == [200, 303, 200, 200]
        await at.send("/sign-out/person")
        assert [(await one.get("/")).status for one in (at, phone, other)] == [200, 303, 303]


async def test_in_a_drill_who_came_by_name_ends_one_session_alone(tmp_path: Path) -> None:
    """There is no passkey to ask for; and who came by the directory shows nothing by that."""
    async with night(tmp_path, mode=TRAINING) as on, browser(on, CHIEF) as at, browser(on, CHIEF) as phone:
        (name,) = listed((await at.get("/me")).text)
        await at.send("/sign-out/one", session=name)
        assert [(await one.get("/")).status for one in (at, phone)] == [200, 303]
        phone.bring(on.house.sessions.begin(CHIEF, SignInThere("sub-1"), now=on.house.clock.now()))
        (name,) = listed((await phone.get("/me")).text)
        assert "again=1" in (await phone.send("/sign-out/one", session=name)).headers["Location"]
        assert (await at.get("/")).status == 200


async def test_a_session_ends_with_the_key_that_opened_it_and_with_the_person(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        assert (await at.get("/")).status == 200
        people, person = on.register.people, on.register.people[CHIEF]
        (key,) = person.keys
        revoked = person.model_copy(update={"keys": (key.model_copy(update={"revoked_at": on.house.clock.now()}),)})
        await on.put_in_force(on.register.model_copy(update={"people": {**people, CHIEF: revoked}}))
        assert (await at.get("/")).status == 303
        await on.put_in_force(on.register.model_copy(update={"people": people}))
        assert (await at.get("/")).status == 200
        left = {name: one for name, one in people.items() if name != CHIEF}
        await on.put_in_force(on.register.model_copy(update={"people": left}))
        assert (await at.get("/")).status == 303


async def test_who_is_not_signed_in_learns_no_name_of_a_person(tmp_path: Path) -> None:
    """In live: a drill's page for signing in by name has to list its people."""
    async with night(tmp_path) as on, browser(on) as at:
        for route in ROUTES:
            if isinstance(route.lock, Open) and route.method == "GET":
                shown = (await at.get(next(paths(route, {})))).text
                assert not [one.id for one in on.register.people.values() if one.name in shown or one.id in shown]
