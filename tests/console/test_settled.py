"""Everything that waits for a person has a page, reached from the first one, on which the person settles it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from agents.adapters.memory.played_faults import Trouble, in_turn
from agents.console import visits
from agents.console.pages.now import Item, first
from agents.console.routes import ROUTES
from agents.entrypoints.cli.register.in_force import told_of_files, told_of_unfounded
from agents.runtime.worker.worker import Setup, Worker
from streams.decisions.sign_off.links import page_of
from streams.lanes import MENTION_LANE
from streams.subjects.attention import Waiting
from streams.subjects.case import Case
from streams.subjects.plan import Plan
from streams.values import THE_REGISTER, TRAINING, Subject, SubjectKind
from streams.words.attention import Kind
from streams.words.cases import CaseSort, OpenCase
from streams.words.incident import Report
from streams.words.listening.routes import CasePosts
from streams.words.listening.watch import THE_WATCH
from streams.words.plans import PlanPost
from streams.words.posts import Mention
from streams.words.register.accounts import Breach
from streams.words.register.changes import SECTIONS, FoundRegister, ProposeChange, founding_hash
from tests.console.bench import Night, night
from tests.console.test_lines import FIRST, HERE
from tests.console.visitor import (
    DECLARED,
    FIRE,
    REPORT,
    TAP_SECONDS_MAX,
    Visitor,
    all_public,
    links_of,
    no_longer,
    ordered,
    read,
    taps,
    visiting,
)
from tests.examples import APPROVER, NOW, WRITER

LINKS = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)
CASE = Subject(kind=SubjectKind.CASE, id="case-1")
POST = Subject(kind=SubjectKind.PLAN, id="plan-1")
MAIL = Subject(kind=SubjectKind.ACCOUNT, id="email")
MAY_BE_SHOWN = "The exercise may show our message on E-mail to newsrooms, councils and responders or not."


async def test_a_case_is_opened_handed_on_answered_and_closed(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads("/cases/new", case="case-7", sort="complaint", about="The car park was shut", answer_by="+2h")
        said = await chief.presses("Open it")
        assert said["next"].startswith("/cases/case-7?done=")
        assert "Your order was carried out" in await chief.reads(said["next"])
        assert "complaint" in await chief.reads("/cases")
        assert "never answered in public" in await chief.reads("/cases/case-7")
        await chief.reads("/cases/case-7", do="hand-on", to=WRITER, reason="She knows the car park")
        await chief.presses("Hand it on")
        await chief.reads("/cases/case-7", **{"done-words": "We apologised."})
        await chief.presses("It was answered so")
        await chief.reads("/cases/case-7", do="close", nature="place", told="car parks", reason="She wrote to them")
        await chief.presses("Close it")
        state = await on.house.board.state(Subject(kind=SubjectKind.CASE, id="case-7"))
        assert isinstance(state, Case)
        assert (state.status, state.holder, state.done) == ("closed", WRITER, "We apologised.")


async def test_a_suspected_hate_crime_that_a_person_opens_is_at_the_desk_of_the_person_named_for_it(
    tmp_path: Path,
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads("/cases/new", case="case-8", sort="hate-crime", about="A reply names a group")
        said = await chief.presses("Open it")
        assert "At the desk of Dilys Maenhir" in await chief.reads(said["next"])


async def test_an_overdue_case_is_on_the_first_page_of_its_holder(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        body = OpenCase(sort=CaseSort.COMPLAINT, about="The car park was shut", answer_by=NOW.replace(hour=20))
        await ordered(on, body, subject=CASE)
        seen = await chief.reads("/")
        assert 'href="/cases/case-1"' in chief.shown
        assert "Complaint: the answer is overdue. The car park was shut , since 20:31" in seen
        assert "Cwyn: mae'r ateb yn hwyr." in await chief.reads("/", language="cy")


async def test_an_enquiry_shows_what_is_public_in_every_language_that_we_said_it_in(tmp_path: Path) -> None:
    """Who answers a Welsh newsroom reads the Welsh words out."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        await ordered(on, FIRST)
        await all_public(on)
        asked = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="A radio asks what burns", incident=FIRE.id)
        await ordered(on, asked, subject=CASE)
        published = (await chief.reads("/cases/case-1")).partition("What we have published already")[2]
        assert "There is a fire" in published
        assert "Mae tân" in published


async def test_cases_that_wait_are_told_apart_and_only_a_complaint_is_closed_with_what_it_was_about(
    tmp_path: Path,
) -> None:
    """A call for help is no complaint: on the first page it reads as what it is, and its end asks for no nature."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        for sort in (CaseSort.CALL_FOR_HELP, CaseSort.COMPLAINT):
            found = OpenCase(sort=sort, about="A post is addressed to us.", by_rule="a-rule", gathered=1)
            await ordered(on, found, by="mentions-agent", subject=Subject(kind=SubjectKind.CASE, id=sort))
        seen = await writer.reads("/")
        for called in ("Call for help", "Complaint"):
            assert f"{called}: nobody has taken it yet. A post is addressed to us , until" in seen
        assert 'name="nature"' not in await writer.reads("/cases/call-for-help", do="close") + writer.shown
        assert "What the complaint was about" in await writer.reads("/cases/complaint", do="close")
        assert links_of(writer.shown, "Hand it on") == ["?do=hand-on#parts"]


@asynccontextmanager
async def hearing(on: Night) -> AsyncIterator[None]:
    """The worker of the mention lane, beside the one of the night."""
    setup = Setup(TRAINING, on.log, on.house.clock, lambda: on.register, {}, lanes=(MENTION_LANE,))
    async with Worker(setup):
        yield


async def test_the_posts_of_a_case_are_read_on_its_page_and_nowhere_in_its_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For as long as they are kept: the page shows their words, which no fact has."""
    async with night(tmp_path, mode=TRAINING) as on, hearing(on), visiting(on) as chief:
        text = f"I will burn {on.register.trust} down"
        post = Mention(id="post-77", mode=TRAINING, author_id="account-1", at=on.house.clock.now(), text=text)
        await on.door.put([post])
        async with asyncio.timeout(180):
            while not on.house.board.overview.cases:
                await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        (case,) = on.house.board.overview.cases
        seen = await chief.reads(f"/cases/{case.id}")
        assert text in seen
        words, _, named = seen.partition("What its network calls it")
        assert "There is no link to it." in words
        assert "post-77" not in words, "only who looks for it there needs that"
        assert "post-77" in named
        seen = await chief.reads("/status")
        assert "Closed cases whose posts wait for their deletion: 0." in seen
        assert "Cases whose posts stay: 1 open, 0 held as evidence" in seen
        assert "1 ar agor" in await chief.reads("/status", language="cy")
        (kept,) = await on.door.case_posts()

        async def as_a_case_is_opened() -> list[CasePosts]:
            found = OpenCase(sort=CaseSort.COMPLAINT, about="A post is addressed to us.", by_rule="a-rule", gathered=1)
            await ordered(on, found, by="mentions-agent", subject=CASE)
            return [kept, kept.model_copy(update={"case_id": CASE.id})]

        monkeypatch.setattr(on.door, "case_posts", as_a_case_is_opened)
        assert "Closed cases whose posts wait for their deletion: 0." in await chief.reads("/status", language="en")
        facts = [one.value for one in await on.door.fact_records() if one.value]
        assert not any(text.encode() in one or b"post-77" in one for one in facts)


async def planned(on: Night) -> None:
    texts = {"en": "The car park opens again on Monday.", "cy": "Bydd y maes parcio yn ailagor ddydd Llun."}
    body = PlanPost(at=NOW.replace(day=16), channels=("site", "email"), texts=texts)
    await ordered(on, body, by=WRITER, subject=POST)


async def test_a_planned_post_is_approved_given_another_time_and_dropped(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await planned(on)
        assert "waits for another person's yes" in await chief.reads("/")
        assert "EXERCISE EXERCISE EXERCISE: The car park opens again" in await _taps(chief, "A planned post")
        await chief.presses("Yes, this post may go out at its time")
        await chief.reads("/plans/plan-1", at="+30h")
        await chief.presses("Give it this time")
        await chief.reads("/plans/plan-1")
        await chief.presses("Drop it")
        state = await on.house.board.state(POST)
        assert isinstance(state, Plan)
        assert state.status == "dropped"


def test_a_promise_that_is_late_is_above_all_that_waits_then_comes_what_the_reader_could_settle() -> None:
    def item(kind: Kind, *, mine: bool, urgent: bool) -> Item:
        return Item(Waiting(kind=kind, subject=FIRE, what="one"), "", "", "", "", mine, urgent)

    step, promise = item("step", mine=True, urgent=False), item("promise", mine=False, urgent=True)
    unknown, held = item("unknown", mine=False, urgent=True), item("held", mine=False, urgent=False)
    assert sorted([held, unknown, step, promise], key=first) == [promise, step, unknown, held]


async def test_each_page_says_how_much_waits_that_its_reader_could_settle(tmp_path: Path) -> None:
    """Not to a person who could not, on no page that a browser keeps, and no longer once it is settled."""
    async with (
        night(tmp_path, mode=TRAINING) as on,
        visiting(on) as chief,
        visiting(on, WRITER) as writer,
    ):
        await ordered(on, DECLARED)
        await planned(on)
        for path in ("/status", "/register", f"{HERE}/release", "/plans/plan-1"):
            seen = await chief.reads(path)
            assert "What waits (1)" in seen, seen[:300]
        assert "What waits (" not in await writer.reads("/status")
        assert "What waits (" not in await chief.reads("/offline")
        assert "You can also settle what waits elsewhere: 1" in await chief.reads(HERE)
        assert "waits elsewhere" not in await writer.reads(HERE)
        await chief.reads("/plans/plan-1")
        await chief.presses("Yes, this post may go out at its time")
        async with asyncio.timeout(180):
            while "What waits (" in await chief.reads("/status"):  # noqa: ASYNC110 - a person looks again
                await asyncio.sleep(0.05)
        assert "waits elsewhere" not in await chief.reads(HERE)


async def test_a_time_that_cannot_be_read_is_told_and_stays_in_its_field(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await planned(on)
        await chief.reads("/plans/plan-1", at="soon")
        assert 'value="soon"' in chief.shown
        assert "Give it this time" not in chief.buttons
        assert "soon is no moment" in chief.shown.partition('id="at"')[0], "it is told beside its field"


async def test_a_reason_that_is_too_long_is_told_beside_its_field(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await planned(on)
        seen = await chief.reads("/plans/plan-1", reason="why " * 300)
        assert "it is longer than 1000 characters: shorten it" in seen
        assert "Drop it" not in chief.buttons


async def test_an_account_is_shut_and_opened_again_by_pages(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads("/accounts/email")
        await chief.presses("Shut it at once: somebody else may have its secret")
        await chief.reads("/")
        await _taps(chief, f"The account {on.register.channels['email'].title}")
        await chief.presses("Its secret is another one now")
        await chief.reads("/accounts/email")
        await chief.presses("Open it: we speak there again")
        assert "Nothing waits" in await chief.reads("/")


async def test_a_held_delivery_is_let_out_or_cancelled(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        await ordered(on, Breach(reason="A trial"), subject=MAIL)
        await ordered(on, FIRST)
        await chief.reads(HERE)
        seen = await _taps(chief, "are held back")
        assert "Let it out now" in seen
        assert seen.count("These words are held back") > 0
        assert "dlv-" not in seen
        await chief.presses("Cancel it: it does not go out")


async def test_who_looks_at_a_channel_reads_in_their_language_what_to_look_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel by its title, the words as it shows them; no identifier, and no error of a program."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        monkeypatch.setattr(on.channels["email"], "_plan", in_turn(Trouble.ANSWER_LOST))
        await ordered(on, DECLARED)
        await ordered(on, FIRST)
        await chief.reads(HERE)
        await taps(chief, f"{MAY_BE_SHOWN} Look there, then say what you see.")
        there = chief.at[0]
        for language, told in (
            ("en", MAY_BE_SHOWN),
            ("cy", "Gall yr ymarfer ddangos ein neges ar E-mail to newsrooms"),
        ):
            seen = await chief.reads(there, language=language)
            assert told in seen
            assert "EXERCISE EXERCISE EXERCISE" in seen
            assert not re.search(r"dlv-|UNKNOWN|Error|inc-", seen.partition("DRILL")[2])
        begins = "Fire at Ysbyty Ardudwy: “There is a fire at"
        assert begins in await chief.reads(HERE, language="en"), "several may wait for one channel"
        await chief.reads(there)
        await chief.presses("I looked: it is there")
        await no_longer(chief, MAY_BE_SHOWN, HERE)


async def test_a_change_of_the_register_is_read_line_by_line_and_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, APPROVER) as keeper:
        found = FoundRegister(content_hash=founding_hash(on.register))
        await ordered(on, found, subject=THE_REGISTER)
        await keeper.reads("/")
        assert "the founding of the register" in await _taps(keeper, "of the register waits")
        await keeper.presses("Yes, this change counts from now")
        writer = on.register.people[WRITER].model_copy(update={"role": "head of communications"})
        body = ProposeChange(section="people", entry=WRITER, content=writer.model_dump_json(), reason="Promoted")
        await ordered(on, body, subject=THE_REGISTER)
        await keeper.reads("/")
        seen = await _taps(keeper, "of the register waits")
        assert "+ role: head of communications" in seen
        monkeypatch.setattr(visits, "HEARD_SECONDS_MAX", 180)
        said = await keeper.presses("Yes, this change counts from now")
        assert "head of communications" in await keeper.reads(said["next"]), "the page shows what was confirmed"
        await keeper.reads("/")
        assert "of the register waits" not in read(keeper.shown)


async def test_a_partner_that_somebody_wrote_into_the_files_is_proposed_and_confirmed_on_two_phones(
    tmp_path: Path,
) -> None:
    """It is on the first page of those who may, with what it says; nobody else need know that a file was changed."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, APPROVER) as keeper, visiting(on) as chief:
        await ordered(on, FoundRegister(content_hash=founding_hash(on.register)), subject=THE_REGISTER)
        await keeper.reads("/")
        await _taps(keeper, "of the register waits")
        await keeper.presses("Yes, this change counts from now")
        coast = on.register.partners["fire"].model_copy(update={"id": "coast", "name": "The coastguard (invented)"})
        on.editions.append(on.register.model_copy(update={"partners": {**on.register.partners, "coast": coast}}))
        async with asyncio.timeout(180):
            while "The partner coast does not count as the files have it" not in await chief.reads("/"):  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.05)
        assert "The coastguard (invented)" not in await chief.reads("/partners/fire")
        await chief.reads("/")
        seen = await _taps(chief, "The partner coast")
        assert "+ name: The coastguard (invented)" in seen
        await chief.presses("Propose it, for another person to confirm")
        await keeper.reads("/")
        assert "The partner coast" not in read(keeper.shown)
        assert "+ name: The coastguard" in await _taps(keeper, "of the register waits")
        await keeper.presses("Yes, this change counts from now")
        assert "The partner coast" not in read(await keeper.reads("/"))
        assert "The partner counts as the files have it." in read(await chief.reads("/register/partners/coast"))


async def test_responders_that_no_second_person_confirmed_are_told_and_founded_on_two_pages(tmp_path: Path) -> None:
    """After a founding by a release that covered none: the page of the register says so until two people did it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, APPROVER) as keeper:
        await ordered(on, FoundRegister(content_hash=founding_hash(on.register)), subject=THE_REGISTER)
        await keeper.reads("/")
        assert "people " in await _taps(keeper, "of the register waits")
        await keeper.presses("Yes, this change counts from now")
        assert "responders.yaml counts as it is written" in read(await keeper.reads("/register"))
        where = {"mode": TRAINING, "log": on.log}
        [told] = await asyncio.to_thread(lambda: told_of_unfounded(None, **where))
        assert told in await asyncio.to_thread(lambda: told_of_files(None, **where))
        log = await on.door.register_log()
        content = founding_hash(on.register, log.changes, sections=SECTIONS)
        await ordered(on, FoundRegister(content_hash=content, sections=SECTIONS), subject=THE_REGISTER)
        await keeper.reads("/")
        seen = await _taps(keeper, "of the register waits")
        assert "responders " in seen
        assert "people " not in seen
        await keeper.presses("Yes, this change counts from now")
        assert "counts as it is written" not in read(await keeper.reads("/register"))


async def test_a_name_is_held_back_and_the_page_of_no_link_carries_it(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        await chief.reads(f"{HERE}/hold")
        assert '<form method="post" data-preview' in chief.shown
        typed = {"held": "names", "held-about": "the injured driver", "names": "Gwenno Ffug"}
        await chief.sends(f"{HERE}/hold", typed)
        assert "Gwenno Ffug" in chief.shown, "what was typed stays"
        assert "Gwenno Ffug" not in str(chief.buttons), "the order has its print alone"
        await chief.presses("Hold it back")
        await chief.reads(HERE)
        assert "the injured driver" in await _taps(chief, "the injured driver")
        assert 'name="evidence"' not in chief.shown, "no partner's post is needed"
        said = await chief.presses("Let it appear")
        assert "the injured driver" not in await chief.reads(said["next"])


async def test_more_reports_come_in_while_the_incident_goes_on(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        await chief.reads(f"{HERE}/report")
        assert 'value="Ysbyty Ardudwy"' in chief.shown, "the place is that of the report before"
        assert not chief.buttons
        typed = {"asked": "yes", "exact_location": "Ysbyty Ardudwy", "type_of_incident": "fire", "hazards": "smoke"}
        await chief.sends(f"{HERE}/report", typed)
        said = await chief.presses("Hand in the report")
        assert "hazards: smoke" in await chief.reads(said["next"])


async def test_an_incident_on_standby_is_declared_from_its_own_report(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, Report(methane=REPORT.model_copy(update={"major_incident": False})))
        await chief.reads(HERE)
        await taps(chief, "Declare an incident")
        await chief.presses("Declare now")
        assert "declared" in await chief.reads(HERE)


async def test_an_incident_is_renamed_and_given_another_level_and_type(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        await chief.reads(f"{HERE}/name")
        assert not chief.buttons, "nothing is changed yet"
        await chief.reads(f"{HERE}/name", name="Fire at Block C", hashtags="#Ardudwy", type="major", level="4")
        await chief.presses("Call it this from now on")
        await chief.reads(f"{HERE}/name", level="4")
        said = await chief.presses("Change type and level")
        seen = await chief.reads(said["next"])
        assert "Fire at Block C" in seen
        assert "level 4" in seen
        await chief.reads(f"{HERE}/name", type="critical")
        said = await chief.presses("Change type and level")
        assert "critical incident, level 4" in await chief.reads(said["next"])


async def test_a_partner_is_stopped_everywhere_and_let_go_on_from_the_first_page(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        partner = next(iter(on.register.partners.values()))
        await chief.reads("/register")
        await taps(chief, partner.name)
        await chief.presses("Stop its posts")
        await chief.reads("/")
        await _taps(chief, "are stopped")
        await chief.presses("Let its posts go out again")
        assert "Nothing waits" in await chief.reads("/")


OF = {
    "post": POST,
    "held-post": POST,
    "post-correction": POST,
    "case": CASE,
    "shut": MAIL,
    "secret": MAIL,
    "watch": THE_WATCH,
    **dict.fromkeys(("change", "unconfirmed", "risk", "files", "route", "feed", "page", "pack"), THE_REGISTER),
}
"""What each kind waits about, where that is no incident."""


@pytest.mark.parametrize("kind", get_args(Kind))
async def test_whatever_waits_leads_to_a_page_that_there_is(kind: Kind) -> None:
    links = [page_of(Waiting(kind=kind, subject=OF.get(kind, FIRE), what="one"))]
    if kind in {"unknown", "amiss"}:
        links.append(page_of(Waiting(kind=kind, subject=POST, what="one")))
    if kind in {"stopped-partner", "stopped-account"}:
        links.append(page_of(Waiting(kind=kind, subject=THE_REGISTER, what="one")))
    router = web.UrlDispatcher()
    for route in ROUTES:
        router.add_route(route.method, route.path, _answer)
    for link in links:
        found = await router.resolve(make_mocked_request("GET", link))
        assert found.http_exception is None, link


async def _answer(request: web.Request) -> web.Response:
    del request
    return web.Response()


async def test_who_may_not_settle_it_reads_who_could(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "gwilym.heddfan") as chair:
        seen = await chair.reads("/accounts/email")
        assert "Its secret is another one now" not in chair.buttons
        assert "Samira Dastwick" in seen.partition("These people could do it now")[2]


@pytest.mark.parametrize(
    "path",
    ["/cases/none", "/plans/none", "/accounts/none", f"{HERE}/partners/none", "/plans/none/deliveries/none"],
)
async def test_what_there_is_not_has_no_page(path: str, tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads(path)
        assert chief.status == 404


async def _taps(visitor: Visitor, part: str) -> str:
    """Follow the link that holds these words on the page that is open, which is loaded again until it is there."""
    try:
        async with asyncio.timeout(TAP_SECONDS_MAX):
            while not (found := [one for one in map(read, LINKS.findall(visitor.shown)) if part in one]):
                await visitor.looks_again()
    except TimeoutError:
        raise AssertionError((part, read(visitor.shown))) from None
    return await taps(visitor, found[0])
