"""An order by telephone: an officer who is signed in reads it out, and enters the code that the person says."""

import asyncio
import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import aiohttp
import pytest

from streams.subjects.incident import Incident
from streams.values import TRAINING, Subject
from streams.words.incident import Reclassify
from streams.words.listening.watch import THE_WATCH
from streams.words.register.sheets import CODES, SIGNS, Sheet, code_hash
from tests.browser import Tab, on_a_phone
from tests.console.bench import KEEPER, Night, night, seen
from tests.console.test_lines import FIRST, HERE, TYPED, WORDS
from tests.console.test_watch_page import heard
from tests.console.visitor import DECLARED, FIRE, Visitor, go_in, ordered, read, visiting
from tests.examples import CHIEF, DIRECTOR, NOW, WRITER
from tests.storytelling import AGENT, note

OFFICER = "hari.okonwell"
PLACE = {"exact_location": "Ysbyty Ardudwy", "type_of_incident": "fire"}
SALT = "0" * 32
WORDS_ON_PAPER = [(SIGNS[number % len(SIGNS)] + SIGNS[number // len(SIGNS)]) * 5 for number in range(CODES)]
ASKED = re.compile(r"ask for code (\d+) of (sheet-\w+)")


@cache
def sheet(salt: str = SALT) -> Sheet:
    """Made once: each of its codes is slow to hash, as it must be."""
    hashes = tuple(code_hash(one, salt=salt, number=place) for place, one in enumerate(WORDS_ON_PAPER, 1))

    begins, ends = NOW - timedelta(days=3), NOW + timedelta(days=300)
    return Sheet(salt=salt, codes=hashes, enrolled_by=KEEPER, enrolled_at=begins, expires_at=ends)


async def ready(on: Night) -> None:
    """The chief has a sheet of codes, which count here, and an incident goes on."""
    await ordered(on, DECLARED, by=DIRECTOR)
    people = dict(on.register.people)
    people[CHIEF] = people[CHIEF].model_copy(update={"keys": (sheet(),)})
    await on.put_in_force(on.register.model_copy(update={"people": people, "spoken_orders": "allowed"}))


async def incident(on: Night) -> Incident:
    state = await on.house.board.state(FIRE)
    assert isinstance(state, Incident)
    return state


def code_asked_for(page: str) -> str:
    found = ASKED.search(page)
    assert found, page
    return WORDS_ON_PAPER[int(found[1]) - 1]


async def entered(on: Night, officer: Visitor, code: str, *, by: str = "") -> tuple[int, dict[str, list[str]]]:
    """What the page's script sends once a code is typed, and the answer; `by` is the button, if there are several."""
    (button,) = [one for name, one in officer.buttons.items() if by in {"", name}]
    sent = {"order": button["order"], "proof": {**button["said"], "form": "spoken", "code": code}}
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with officer.session.post(f"{on.origin}/orders", json=sent, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.slow
async def test_the_officer_reads_the_release_out_and_it_goes_out_as_said_on_the_telephone(tmp_path: Path) -> None:
    """The words are on the page before the code is asked for; the record says who ordered and who entered it."""
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await ready(on)
        await go_in(tab, on, OFFICER)
        await tab.go(f"{on.origin}{HERE}/release")
        await tab.press("Somebody orders this on the telephone")
        await tab.write("said_by", CHIEF)
        await tab.shows("ask for code")
        shown = await tab.value("document.body.innerText")
        assert shown.index("There is a fire at Ysbyty Ardudwy") < shown.index("ask for code")
        await seen(tab, "said")
        await typed(tab, code_asked_for(shown).lower())
        await tab.press("Release now to the public")
        await tab.shows("What the exercise shows now")
        assert len(on.channels["site"].shown) == 1
        last = [one for one in await on.door.facts_about(FIRE) if one.body.kind == "message_authorised"][-1]
        assert (last.by, last.relayed_by) == (CHIEF, OFFICER)
        await tab.go(f"{on.origin}{HERE}/record")
        await tab.shows("said on the telephone to Hari Okonwell")


async def typed(tab: Tab, code: str) -> None:
    await tab.value(f"document.querySelector('[name=code]').value = {code!r}")


@pytest.mark.slow
async def test_after_a_wrong_code_another_one_is_asked_for(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await ready(on)
        await go_in(tab, on, OFFICER)
        await tab.go(f"{on.origin}{HERE}/freeze?said_by={CHIEF}")
        await typed(tab, "2222")
        await tab.press("Yes, freeze now")
        await tab.shows("a code has 10 signs")
        await typed(tab, "ZZZZZZZZZZ")
        await tab.press("Yes, freeze now")
        await tab.shows("have it read out again")
        assert (await incident(on)).stops.frozen is None
        await seen(tab, "said-wrong")
        await tab.press("Ask for another code")
        # The page before asks for a code too.
        await tab.until("!document.body.innerText.includes('have it read out again')")
        await tab.shows("ask for code")
        await typed(tab, code_asked_for(await tab.value("document.body.innerText")))
        await tab.press("Yes, freeze now")
        await tab.shows("Your order was carried out")
        frozen = (await incident(on)).stops.frozen
        assert frozen is not None
        assert frozen.by == CHIEF


@pytest.mark.parametrize(
    ("path", "typed", "kind"),
    [
        (f"{HERE}/stand-down", {}, "incident_stood_down"),
        (f"{HERE}/all-clear", {}, "message_authorised"),
        (f"{HERE}/messages/MESSAGE/withdraw", {}, "message_authorised"),
        (f"{HERE}/messages/MESSAGE/correct?slot-time=22:35", {}, "message_authorised"),
        (f"{HERE}/name?level=4", {}, "incident_reclassified"),
        (f"{HERE}/name?name=Fire+at+Block+C", {}, "incident_renamed"),
        (f"{HERE}/hold", {"held": "cause", "held-about": "the cause of the fire"}, "hold_placed"),
        (f"{HERE}/report", {"asked": "yes", **PLACE}, "report_received"),
        ("/cases/new?case=case-said&sort=threat&about=A+threat.", {}, "case_opened"),
        ("/declare", {"incident": "inc-said", "asked": "yes", **PLACE}, "incident_declared"),
    ],
)
async def test_every_order_that_may_be_said_is_entered_on_the_page_that_it_is_given_on(
    tmp_path: Path, path: str, typed: dict[str, str], kind: str
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer:
        await ready(on)
        await ordered(on, FIRST, by=DIRECTOR)
        async with asyncio.timeout(180):
            while not (messages := (await incident(on)).messages):
                await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        path = path.replace("MESSAGE", next(iter(messages)))
        assert "Who is on the telephone" in await officer.reads(path)
        shown = await (
            officer.sends(path, {**typed, "said_by": CHIEF}) if typed else officer.reads(path, said_by=CHIEF)
        )
        (button,) = officer.buttons.values()
        status, answer = await entered(on, officer, code_asked_for(shown))
        assert status == 200, answer
        about = Subject.model_validate(button["order"]["subject"])
        found = [one for one in await on.door.facts_about(about) if one.body.kind == kind and one.relayed_by]
        assert [(one.by, one.relayed_by) for one in found] == [(CHIEF, OFFICER)]


async def test_what_is_heard_a_story_and_what_a_person_is_asked_to_take_on_are_answered_on_the_telephone(
    tmp_path: Path,
) -> None:
    """Each of these pages asks for a code beneath each of its buttons, and takes it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer:
        await ready(on)
        await heard(on, 6)
        await ordered(on, Reclassify(level=4, reason="Two wards now."), by=DIRECTOR)
        await ordered(on, note(), by=AGENT)
        search = await asking(on)
        for path, button, about, kind in (
            ("/watch", "Watch closer for 30 minutes", THE_WATCH, "watched_closer"),
            (f"{HERE}/searches/{search}", "I have it", FIRE, "search_ended"),
            (f"{HERE}/stories/3", "We do not answer it", FIRE, "story_left_alone"),
        ):
            assert "Who is on the telephone" in await officer.reads(path)
            shown = await officer.reads(path, said_by=CHIEF)
            code = code_asked_for(shown[: shown.index(button)].rpartition("Read the whole order")[2])
            status, answer = await entered(on, officer, code, by=button)
            assert status == 200, answer
            found = [one for one in await on.door.facts_about(about) if one.body.kind == kind and one.relayed_by]
            assert [(one.by, one.relayed_by) for one in found] == [(CHIEF, OFFICER)], path


async def asking(on: Night) -> str:
    """The search that asks somebody to take something of the incident on, once the console knows of it."""
    async with asyncio.timeout(180):
        while not (found := [one.id for one in (await incident(on)).searches.values() if one.concern]):
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
    return found[0]


async def test_guesses_are_kept_and_too_many_shut_the_sheet(tmp_path: Path) -> None:
    """The console takes no more guesses than the command line: the service counts them."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer:
        await ready(on)
        for count in range(1, 6):
            await officer.reads(f"{HERE}/freeze", said_by=CHIEF)
            status, answer = await entered(on, officer, "ZZZZZZZZZZ")
            assert status == 422, answer
            async with asyncio.timeout(180):
                while len((await incident(on)).wrong_codes.get(sheet().id, ())) < count:
                    await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        await officer.reads(f"{HERE}/freeze", said_by=CHIEF)
        status, answer = await entered(on, officer, code_asked_for(read(officer.shown)))
        assert status == 422
        assert "5 wrong codes" in " ".join(answer["refused"])
        assert (await incident(on)).stops.frozen is None


async def test_a_code_is_entered_by_a_person_who_is_signed_in_and_by_no_other_name(tmp_path: Path) -> None:
    """Who entered it is who is signed in, whatever the browser sends."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer:
        await ready(on)
        page = await officer.reads(f"{HERE}/freeze", said_by=CHIEF)
        (button,) = officer.buttons.values()
        proof = {**button["said"], "form": "spoken", "code": code_asked_for(page)}
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with aiohttp.ClientSession() as stranger:
            sent = {"order": button["order"], "proof": proof}
            async with stranger.post(f"{on.origin}/orders", json=sent, headers=headers) as answer:
                assert answer.status == 403
        named = {"order": button["order"], "proof": {**proof, "relayed_by": DIRECTOR}}
        async with officer.session.post(f"{on.origin}/orders", json=named, headers=headers) as answer:
            assert answer.status == 200
        (frozen,) = [one for one in await on.door.facts_about(FIRE) if one.body.kind == "incident_frozen"]
        assert (frozen.by, frozen.relayed_by) == (CHIEF, OFFICER)


async def test_where_no_codes_count_the_page_offers_none_and_says_why(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer:
        await ordered(on, DECLARED, by=DIRECTOR)
        assert "on the telephone" not in await officer.reads(f"{HERE}/freeze")
        shown = await officer.reads(f"{HERE}/freeze", said_by=CHIEF)
        assert "codes that are said prove nothing here" in shown
        assert not officer.buttons


async def test_a_line_is_signed_on_the_telephone_by_a_code_that_its_author_may_not_enter(tmp_path: Path) -> None:
    """The officer reads the words out on the page of the sign-off; who wrote them is told to have another do so."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer, visiting(on, WRITER) as writer:
        await ready(on)
        await writer.sends(f"{HERE}/draft", TYPED)
        await writer.presses("Hand it in for a yes")
        draft = await waiting_draft(on)
        own = await writer.reads(f"{HERE}/sign-off/{draft}", said_by=CHIEF)
        assert "wrote or entered what waits here, and cannot read it out for a yes" in own
        assert ASKED.search(own) is None
        page = await officer.reads(f"{HERE}/sign-off/{draft}", said_by=CHIEF)
        assert page.index(WORDS["en"]) < page.index("ask for code")
        status, answer = await entered(on, officer, code_asked_for(page))
        assert status == 200, answer
        (yes,) = [one for one in await on.door.facts_about(FIRE) if one.body.kind == "message_authorised"]
        assert (yes.by, yes.relayed_by) == (CHIEF, OFFICER)


async def test_a_correction_is_dictated_and_who_entered_it_neither_reads_it_out_nor_signs_it(tmp_path: Path) -> None:
    """It is the writer's, in the writer's name; its yes takes a third person at a screen, or a key."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, OFFICER) as officer, visiting(on, DIRECTOR) as third:
        await ready(on)
        people = dict(on.register.people)
        people[WRITER] = people[WRITER].model_copy(update={"keys": (sheet("1" * 32),)})
        await on.put_in_force(on.register.model_copy(update={"people": people}))
        (first, *_) = await ordered(on, FIRST, by=DIRECTOR)
        wrong = first.body.message.id  # type: ignore[union-attr] # that is what the order gives
        right = {"en": "CORRECTION. The fire is at Ysbyty Caerfelin.", "cy": "CYWIRIAD. Mae'r tân yn Ysbyty Caerfelin."}
        typed = [("asked", "yes"), ("follows", wrong), ("channel", "site"), ("channel", "email"), ("said_by", WRITER)]
        page = await officer.sends(f"{HERE}/draft", [*typed, *((f"text-{one}", text) for one, text in right.items())])
        assert page.rindex(right["en"]) < page.index("ask for code")
        status, answer = await entered(on, officer, code_asked_for(page))
        assert status == 200, answer
        draft = await waiting_draft(on)
        assert (await incident(on)).drafted_by[draft] == WRITER
        assert "wrote or entered" in await officer.reads(f"{HERE}/sign-off/{draft}", said_by=CHIEF)
        page = await third.reads(f"{HERE}/sign-off/{draft}", said_by=CHIEF)
        status, answer = await entered(on, third, code_asked_for(page))
        assert status == 200, answer
        last = [one for one in await on.door.facts_about(FIRE) if one.body.kind == "message_authorised"][-1]
        assert (last.by, last.relayed_by) == (CHIEF, DIRECTOR)


async def waiting_draft(on: Night) -> str:
    """The one draft, once the console knows of it."""
    async with asyncio.timeout(180):
        while not (drafts := (await incident(on)).drafts):
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
    (name,) = drafts
    return name
