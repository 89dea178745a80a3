"""The desk on a telephone: what a case asks for is on top, and all else is folded away."""

import asyncio
import html
import json
import re
from pathlib import Path
from typing import Any

from streams.values import TRAINING, Subject, SubjectKind
from streams.words.cases import AnswerCase, CaseSort, OpenCase
from tests.console.bench import Night, night
from tests.console.test_lines import HERE
from tests.console.test_mending import greens
from tests.console.test_settled import CASE
from tests.console.visitor import DECLARED, links_of, ordered, read, visiting
from tests.examples import CHIEF, WRITER

NEXT, ELSE = "What to do now", "What else you can do"
PAGE = "/cases/case-1"


async def noticed(on: Night, sort: CaseSort = CaseSort.MEDIA_ENQUIRY, *, subject: Subject = CASE) -> None:
    """A case that a machine opened and nobody has taken."""
    found = OpenCase(sort=sort, about="A radio asks what burns.", by_rule="a-rule", words=("fire",), gathered=1)
    await ordered(on, found, by="mentions-agent", subject=subject)


async def test_a_case_has_what_comes_next_on_top_with_the_only_green_button(tmp_path: Path) -> None:
    """Take it, say that we are checking, answer, close: each in its turn, and the rest below under plain headings."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await noticed(on)
        for button in ("I have it", "I told them that we are checking", "It was answered so", "Close it"):
            typed = {"done-words": "We told them what burns."} if button == "It was answered so" else {}
            seen = await writer.reads(PAGE, **typed)
            assert greens(writer) == [button]
            above, _, below = seen.partition(ELSE)
            assert NEXT in above.partition(button)[0], "what it asks for comes first"
            assert ("Check this" in above) is (button != "I have it"), "nothing is filled in to take it"
            assert "It was noticed because of: fire" in below
            await writer.presses(button)
        await writer.reads(PAGE)
        assert greens(writer) == []
        assert NEXT not in writer.shown


async def test_abuse_needs_no_answer_and_a_person_decides_what_to_do_about_it(tmp_path: Path) -> None:
    """Nothing says "answer it" above "you need not"; a closed case says when it was closed, and nobody has it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await noticed(on, CaseSort.ABUSE)
        await writer.reads(PAGE)
        await writer.presses("I have it")
        seen = await writer.reads(PAGE, criterion="offensive", treatment="no-answer")
        above, _, _ = seen.partition(ELSE)
        assert "You need not answer abuse" in above
        assert "Answer it" not in above
        assert greens(writer) == ["Keep what was done"]
        await writer.presses("Keep what was done")
        seen = await writer.reads(PAGE)
        assert "It was decided what to do, and no answer is needed." in seen
        assert greens(writer) == ["Close it"]
        await writer.presses("Close it")
        seen = await writer.reads(PAGE)
        assert "You have it" not in seen
        assert "closed, 22:3" in seen


async def test_who_is_handed_a_case_finds_it_on_the_first_page_and_who_hands_it_on_is_told_to_tell_them(
    tmp_path: Path,
) -> None:
    """The service rings nobody for it; once its answer is overdue, the person who has it is asked, and says so."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief, visiting(on, WRITER) as writer:
        threat = OpenCase(sort=CaseSort.THREAT, about="A post says that we burn.", answer_by=on.house.clock.now())
        await ordered(on, threat, by=CHIEF, subject=CASE)
        assert "You have cases that wait for an answer: 1. The first is due 22:3" in await chief.reads("/")
        assert "You have cases" not in await writer.reads("/")
        seen = await chief.reads(PAGE, do="hand-on", to=WRITER)
        assert "Tell them yourself" in seen
        await chief.presses("Hand it on")
        assert "You have cases that wait for an answer: 1." in await writer.reads("/")
        assert "Mae gennych achosion sy'n aros am ateb: 1." in await writer.reads("/", language="cy")
        assert "You have cases" not in await chief.reads("/")
        await writer.reads(PAGE, language="en")
        async with asyncio.timeout(180):
            while "Its answer is overdue. Say that you have it" not in read(writer.shown):
                await writer.looks_again()
        assert "Take it over" not in writer.shown
        assert "Tell them yourself" in await chief.reads("/cases", handed="1")


async def test_a_threat_asks_for_what_was_done_and_not_for_an_answer(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await noticed(on, CaseSort.THREAT)
        await writer.reads(PAGE)
        await writer.presses("I have it")
        above, _, _ = (await writer.reads(PAGE)).partition(ELSE)
        assert "You need not answer it. Say here what was done" in above
        assert "Answer it, then" not in above


async def test_every_part_of_a_case_has_its_own_button_alone_and_the_way_back_to_what_comes_next(
    tmp_path: Path,
) -> None:
    """The form that hands a case on has no button beside it that takes the case."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await noticed(on, CaseSort.THREAT)
        for part, said in (
            ("hand-on", "Hand it on"),
            ("abuse", "Hide, block or give no answer"),
            ("close", "Close it"),
        ):
            await writer.reads(PAGE)
            assert links_of(writer.shown, said) == [f"?do={part}#parts"]
            await writer.reads(PAGE, do=part)
            assert "I have it" not in writer.buttons
            assert len(greens(writer)) <= 1
            assert links_of(writer.shown, "Back to what comes next") == ["?#parts"]
        await writer.reads(PAGE, do="hand-on", to=WRITER)
        assert greens(writer) == ["Hand it on"]
        assert "My shift ends" in writer.shown


async def test_a_case_that_another_has_is_taken_over_by_a_plain_button(tmp_path: Path) -> None:
    """Its holder answers it: nothing green asks somebody else to."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief, visiting(on, WRITER) as writer:
        await noticed(on)
        await chief.reads(PAGE)
        await chief.presses("I have it")
        await writer.reads(PAGE)
        assert greens(writer) == []
        assert "I take it over" in writer.buttons
        assert "Cymerwch ef drosodd" in await writer.reads(PAGE, language="cy")


async def opened(on: Night, *names: str, by: str = WRITER) -> None:
    """A media enquiry of each of these names, which this person has."""
    for one in names:
        body = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about=f"Newsroom {one} asks what burns")
        await ordered(on, body, by=by, subject=about(one))


def about(name: str) -> Subject:
    return Subject(kind=SubjectKind.CASE, id=name)


async def test_a_person_hands_on_all_that_is_theirs_with_one_button_and_each_case_is_an_order_of_its_own(
    tmp_path: Path,
) -> None:
    """What cannot be handed on is told by name with why, and the rest goes on; others' cases stay unless chosen."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await opened(on, "one", "two", "three")
        await opened(on, "other", by=CHIEF)
        await ordered(on, AnswerCase(done="We told them."), by=WRITER, subject=about("three"))
        above, _, below = (await writer.reads("/cases")).partition("Newsroom")
        assert "Hand cases on" in above, "whoever goes home does not scroll past every case"
        assert "You have it." in below
        assert f"{on.register.called(CHIEF)} has it." in below
        assert "Chi sydd â'r achos." in await writer.reads("/cases", language="cy")
        await writer.reads("/cases", language="en")
        assert links_of(writer.shown, "Hand cases on") == ["/cases/hand-on"]
        seen = await writer.reads("/cases/hand-on")
        assert "Newsroom other" in seen.partition("Cases of others")[2]
        assert links_of(writer.shown, "Choose all that you have (3)") == ["?all=mine"]
        await writer.reads("/cases/hand-on", all="mine", to=CHIEF)
        assert offers(writer.shown)["names"] == ["Newsroom one asks what burns", "Newsroom two asks what burns"]
        seen = await writer.reads("/cases/hand-on?case=one&case=two&case=three", to=CHIEF)
        assert f"Hand 2 on to {on.register.called(CHIEF)}" in seen
        told = seen.partition("Check this")[2]
        assert "Newsroom three asks what burns This would be refused" in told
        assert "answered" in told
        written = offers(writer.shown)
        assert [one["subject"]["id"] for one in written["orders"]] == ["one", "two"]
        assert {one["body"]["to"] for one in written["orders"]} == {CHIEF}
        assert "Trosglwyddo achosion" in await writer.reads("/cases/hand-on", language="cy")


def offers(page: str) -> dict[str, list[Any]]:
    """The orders behind the one button of a page, as its script reads them."""
    (found,) = re.findall(r'data-offers="([^"]*)"', page)
    read: dict[str, list[Any]] = json.loads(html.unescape(found))
    return read


async def test_the_page_of_an_incident_leads_to_the_cases(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await ordered(on, DECLARED)
        await writer.reads(HERE)
        assert links_of(writer.shown, "Cases") == ["/cases"]
