"""Signing in by the trust's own directory, at a real provider of OpenID Connect on the loopback."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from html import unescape
from pathlib import Path

import pytest
from yarl import URL

from agents.adapters.clocks import SystemClock
from agents.adapters.directory import DirectorySettings, OpenIdDirectory, Strength
from agents.console.house import Address
from agents.console.pages.directory import TOLD_OUT, known_as
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.console import directory_of
from agents.runtime.views.console_words import console_says
from streams.values import LIVE, TRAINING
from tests.browser import NoBrowser, on_a_phone
from tests.console.asking import Answered, Browser, browser, lacking
from tests.console.bench import INCIDENT, Night, night, seen
from tests.directory import CLIENT, SECRET, Provider, provider
from tests.examples import CHIEF, DIRECTOR, example_register

NOT_TESTED = "NO DIRECTORY WAS ASKED"
MAIL = "samira.dastwick@ardudwy-vale.example.org"
EXECUTIVE = "samira.dastwick"
PEOPLE = {
    "samira": {"email": MAIL, "email_verified": True, "acr": "two"},
    "successor": {"email": MAIL, "email_verified": True},
    "by-password": {"email": MAIL, "email_verified": True, "acr": "one"},
    "unverified": {"email": MAIL, "email_verified": False},
    "stranger": {"email": "<b>someone</b>@elsewhere.example", "email_verified": True},
}


@asynccontextmanager
async def by_directory(
    folder: Path, *, mode: str = LIVE, strength: Strength | None = None
) -> AsyncIterator[tuple[Night, Provider]]:
    """A night whose console knows the directory; without a provider the test is skipped, or fails where `CI` is set."""
    started: list[Provider] = []
    with ExitStack() as running:

        def directory(origin: str) -> OpenIdDirectory:
            found = running.enter_context(provider(origin, PEOPLE))
            started.append(found)
            settings = DirectorySettings(found.issuer, CLIENT, SECRET, strength=strength)
            return OpenIdDirectory(settings, SystemClock(), back=found.back)

        try:
            async with night(folder, mode=mode, directory=directory) as on:
                yield on, started[0]
        except NoBrowser as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"{NOT_TESTED}: {error}")


async def goes_there(at: Browser, *, next: str = "/") -> str:  # noqa: A002 - its name on the wire
    """Where the console sends this browser to."""
    answer = await at.ask("GET", "/sign-in/directory", params={"next": next})
    assert (answer.status, [*lacking(answer)]) == (303, []), answer.text
    return answer.headers["Location"]


async def comes_back(at: Browser, address: str, origin: str) -> Answered:
    assert address.startswith(f"{origin}/sign-in/directory/back?")
    answer = await at.ask("GET", str(URL(address).relative()))
    assert [*lacking(answer)] == []
    return answer


async def through(at: Browser, there: Provider, login: str, *, next: str = "/") -> Answered:  # noqa: A002 - as above
    return await comes_back(at, await there.sign_in(await goes_there(at, next=next), login), at.on.origin)


async def test_a_person_of_the_register_reads_after_the_directory_signed_them_in(tmp_path: Path) -> None:
    """They get to the page that they wanted, as themselves, with a new session; an order is still refused unsigned."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        at.bring("a token that somebody else gave this browser")
        answer = await through(at, there, "samira", next="/status")
        assert (answer.status, answer.headers["Location"]) == (303, "/status")
        assert at.token() != "a token that somebody else gave this browser"
        assert "Samira Dastwick" in (await at.get("/status")).text
        order = {"order": {"mode": "live"}, "proof": None}
        assert (await at.post("/orders", order)).status == 400
        (session,) = on.house.sessions.of(EXECUTIVE, now=on.house.clock.now()).values()
        assert session.key is None


async def test_an_answer_counts_once_and_in_the_browser_that_asked(tmp_path: Path) -> None:
    """A second use, another browser, a state of our own making, and no sign-in begun at all are refused."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at, browser(on) as other:
        back = await there.sign_in(await goes_there(at), "samira")
        await goes_there(other)
        assert (await comes_back(other, back, on.origin)).status == 422
        made_up = str(URL(back).update_query(state="made-up"))
        assert (await comes_back(at, made_up, on.origin)).status == 422
        assert (await comes_back(at, back, on.origin)).status == 303
        assert (await comes_back(at, back, on.origin)).status == 422
        async with browser(on) as fresh:
            assert (await comes_back(fresh, back, on.origin)).status == 422
            assert fresh.token() is None
        assert other.token() is None


@pytest.mark.parametrize(
    "changed", [{"nonce": "of-another-sign-in"}, {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}]
)
async def test_a_code_that_was_made_for_another_sign_in_opens_nothing(tmp_path: Path, changed: dict[str, str]) -> None:
    """Somebody who slips their own code into this browser's sign-in has neither its nonce nor its verifier."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        address = str(URL(await goes_there(at)).update_query(changed))
        answer = await comes_back(at, await there.sign_in(address, "samira"), on.origin)
        assert answer.status == 422
        assert "does not prove who you are" in answer.text
        assert at.token() is None


async def test_an_answer_of_another_issuer_or_a_refusal_opens_nothing(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        for changed in ({"iss": "https://elsewhere.example"}, {"error": "access_denied"}, {"code": "made-up"}):
            back = URL(await there.sign_in(await goes_there(at), "samira")).update_query(changed)
            answer = await comes_back(at, str(back), on.origin)
            assert (answer.status, at.token()) == (422, None), changed


async def test_who_is_not_on_the_register_reads_what_the_directory_calls_them_and_what_to_do(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        answer = await through(at, there, "stranger")
        assert answer.status == 422
        assert "&lt;b&gt;someone&lt;/b&gt;@elsewhere.example" in answer.text
        assert "may change the register" in answer.text


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_who_has_an_address_that_the_directory_does_not_vouch_for_reads_who_can_change_that(
    tmp_path: Path, language: str
) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        await at.get(f"/sign-in?language={language}")
        answer = await through(at, there, "unverified")
        assert (answer.status, at.token()) == (422, None)
        assert unescape(console_says(language, is_live=True)("directory-unvouched")) in unescape(answer.text)


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_a_sign_in_that_is_weaker_than_the_settings_ask_is_refused_with_what_to_do(
    tmp_path: Path, language: str
) -> None:
    """The directory is asked for the strength; what it did is in its token, whoever changed the request on the way."""
    async with by_directory(tmp_path, strength=Strength("acr", ("two",))) as (on, there), browser(on) as at:
        assert URL(await goes_there(at)).query["acr_values"] == "two"
        await at.get(f"/sign-in?language={language}")
        answer = await through(at, there, "by-password")
        assert (answer.status, at.token()) == (422, None)
        assert unescape(console_says(language, is_live=True)("directory-weak")) in unescape(answer.text)
        asked_less = str(URL(await goes_there(at)).without_query_params("acr_values"))
        answer = await comes_back(at, await there.sign_in(asked_less, "by-password"), on.origin)
        assert (answer.status, at.token()) == (422, None)
        assert (await through(at, there, "samira")).status == 303


async def test_an_address_that_passed_to_another_account_of_the_directory_opens_nothing(tmp_path: Path) -> None:
    """Until the person's entry names that account, which a second person confirms; it then lets no other in."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at, browser(on) as other:
        assert (await through(at, there, "samira")).status == 303
        answer = await through(other, there, "successor")
        assert (answer.status, other.token()) == (422, None)
        assert "enter successor as their `directory`" in answer.text
        assert (await through(at, there, "samira")).status == 303
        people = dict(on.register.people)
        people[EXECUTIVE] = people[EXECUTIVE].model_copy(update={"directory": "successor"})
        await on.put_in_force(on.register.model_copy(update={"people": people}))
        assert (await through(other, there, "successor")).status == 303
        assert (await through(at, there, "samira")).status == 422


async def test_who_came_by_the_directory_shows_there_again_who_they_are_to_end_another_session(tmp_path: Path) -> None:
    """The directory asks once more though it knows the person, and says when; else only all sessions end together."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at, browser(on) as phone:
        await through(phone, there, "samira")
        await through(at, there, "samira")
        (shown,) = re.findall(r'name="session" value="(\w+)"', (await at.get("/me")).text)
        refused = await at.send("/sign-out/one", session=shown)
        page = (await at.get(refused.headers["Location"])).text
        (link,) = re.findall(r'href="(/sign-in/directory[^"]*)"', page)
        asked = URL((await at.get(unescape(link))).headers["Location"])
        assert (asked.query["prompt"], asked.query["max_age"]) == ("login", "0")
        back = await comes_back(at, await there.sign_in(str(asked), "samira"), on.origin)
        assert back.headers["Location"] == "/me"
        await at.send("/sign-out/one", session=shown)
        assert [(await one.get("/")).status for one in (at, phone)] == [200, 303]


async def test_a_directory_that_is_down_keeps_no_person_with_a_passkey_out(tmp_path: Path) -> None:
    """Before the sign-in and in the middle of it; with its new keys after a restart it signs people in again."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        back = await there.sign_in(await goes_there(at), "samira")
        there.stop()
        answer = await comes_back(at, back, on.origin)
        assert (answer.status, at.token()) == (503, None)
        assert "it works without the directory" in answer.text
        assert (await at.sign_in(CHIEF)).status == 200
        there.start()
        async with browser(on) as again:
            assert (await through(again, there, "samira")).status == 303


async def test_no_link_leads_away_after_the_directory(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (_, there), browser(_) as at:
        for link in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"):
            assert (await through(at, there, "samira", next=link)).headers["Location"] == "/", link


async def test_signing_out_says_how_to_leave_the_directory_too(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        await through(at, there, "samira")
        left = (await at.send("/sign-out")).headers["Location"]
        assert (await at.get("/")).status == 303
        assert "sign out of the directory too" in (await at.get(left)).text
        out = URL((await at.get("/sign-out/directory")).headers["Location"])
        assert str(out).startswith(f"{there.issuer}/session/end?")
        assert out.query["post_logout_redirect_uri"] == f"{on.origin}/sign-in"


async def test_who_signs_out_at_the_directory_is_signed_out_here_at_once(tmp_path: Path) -> None:
    """Its server says so, without the browser; the session of another browser there, and one by passkey, go on."""
    async with (
        by_directory(tmp_path) as (on, there),
        browser(on) as at,
        browser(on) as elsewhere,
        browser(on, CHIEF) as by_passkey,
    ):
        await through(elsewhere, there, "samira")
        await through(at, there, "samira")
        await there.sign_out("samira")
        assert [(await one.get("/")).status for one in (at, elsewhere, by_passkey)] == [303, 200, 200]


async def test_a_stranger_signs_no_person_out_by_the_address_for_the_directory(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        await through(at, there, "samira")
        for sent in ({"logout_token": "made-up"}, {"logout_token": ""}, {}):
            answer = await at.ask("POST", TOLD_OUT, data=sent)
            assert (answer.status, answer.json, [*lacking(answer)]) == (400, {"error": "invalid_request"}, [])
        assert (await at.get("/")).status == 200


async def test_a_session_of_the_directory_ends_with_the_directory_and_with_its_person(tmp_path: Path) -> None:
    """A console that is set up without the directory believes none of its sessions; nor one of a person who left."""
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        await through(at, there, "samira")
        people = {name: one for name, one in on.register.people.items() if name != EXECUTIVE}
        assert (await at.get("/")).status == 200
        await on.put_in_force(on.register.model_copy(update={"people": people}))
        assert (await at.get("/")).status == 303
    async with night(tmp_path / "without", directory=lambda _: None) as on, browser(on) as at:
        at.bring(on.house.sessions.begin(CHIEF, None, now=on.house.clock.now()))
        assert (await at.get("/")).status == 303
        for path in ("/sign-in/directory", "/sign-in/directory/back", "/sign-out/directory"):
            assert (await at.get(path)).status == 404
        assert (await at.ask("POST", TOLD_OUT, data={"logout_token": "x"})).status == 404
        assert "directory" not in (await at.get("/sign-in")).text


async def test_no_secret_of_the_directory_is_in_a_link_or_a_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with by_directory(tmp_path) as (on, there), browser(on) as at:
        address = await goes_there(at)
        (kept,) = [one.value for one in at.client.cookie_jar if one.key == "directory"]
        back = str(URL(await there.sign_in(address, "stranger")))
        answer = await comes_back(at, back, on.origin)
        said = "".join(capfd.readouterr()) + address + back + answer.text
        assert "a sign-in failed" in said
        for secret in (SECRET, kept, kept.partition(".")[0]):
            assert secret not in said
        logged = [line for line in said.splitlines() if "a sign-in failed" in line]
        assert not [line for line in logged if "elsewhere.example" in line]


async def test_a_drill_takes_the_directory_too(tmp_path: Path) -> None:
    async with by_directory(tmp_path, mode=TRAINING) as (on, there), browser(on) as at:
        assert (await through(at, there, "samira")).status == 303
        assert (await at.get(f"/incidents/{INCIDENT}")).status == 404
        assert on.house.mode == TRAINING


def test_a_person_is_found_by_their_own_entry_first_and_never_where_two_fit() -> None:
    register = example_register()
    people = dict(register.people)
    chief, other = people[EXECUTIVE], people[DIRECTOR]
    assert known_as(register, "x", mail=MAIL.upper()) == chief
    assert known_as(register, MAIL, mail=None) is None
    people[EXECUTIVE] = chief.model_copy(update={"directory": "oid-1"})
    entered = register.model_copy(update={"people": people})
    assert known_as(entered, "oid-1", mail=None) == people[EXECUTIVE]
    assert known_as(entered, "oid-2", mail=MAIL) is None
    people[DIRECTOR] = other.model_copy(update={"directory": "oid-1"})
    assert known_as(entered.model_copy(update={"people": people}), "oid-1", mail=MAIL) is None


def test_half_a_directory_in_the_settings_is_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Address.of("https://live.vale.example")
    assert directory_of(here, SystemClock()) is None
    monkeypatch.setenv("HOLDINGLINE_DIRECTORY_ISSUER", "http://login.vale.example")
    with pytest.raises(Misused, match="HOLDINGLINE_DIRECTORY_SECRET have to be set too"):
        directory_of(here, SystemClock())
    monkeypatch.setenv("HOLDINGLINE_DIRECTORY_CLIENT", CLIENT)
    monkeypatch.setenv("HOLDINGLINE_DIRECTORY_SECRET", SECRET)
    with pytest.raises(Misused, match="give its https address"):
        directory_of(here, SystemClock())
    monkeypatch.setenv("HOLDINGLINE_DIRECTORY_STRENGTH", "mfa")
    with pytest.raises(Misused, match="HOLDINGLINE_DIRECTORY_STRENGTH: mfa is no strength: give the claim"):
        directory_of(here, SystemClock())


@pytest.mark.slow
async def test_an_executive_signs_in_on_a_phone_at_the_directorys_own_page(tmp_path: Path) -> None:
    async with by_directory(tmp_path) as (on, _), on_a_phone() as tab:
        await tab.go(f"{on.origin}/sign-in")
        await seen(tab, "directory-sign-in")
        await tab.press("Sign in with the trust's directory")
        await tab.shows("Sign-in")
        await tab.value("document.querySelector('[name=login]').value = 'samira'; undefined")
        await tab.value("document.querySelector('[name=password]').value = 'any'; undefined")
        await tab.value("document.querySelector('form').submit(); undefined")
        await tab.shows("Authorize")
        await tab.value("document.querySelector('form').submit(); undefined")
        await tab.shows("What waits for you")
        await seen(tab, "directory-signed-in")
