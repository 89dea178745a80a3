"""Scripted exercises from the pages of a drill: started, watched and read; live has none of it."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from agents.entrypoints.worker.looks import PlayedDrills
from agents.exercise.play.lines import outcome_moment
from agents.exercise.played import Moment, Outcome
from streams.values import TRAINING, Purpose
from tests.browser import PHONE, on_a_phone
from tests.console.asking import browser
from tests.console.bench import night, seen
from tests.console.test_lines import FIRST, HERE
from tests.console.test_screens import faults_of
from tests.console.visitor import DECLARED, all_public, go_in, links_of, ordered, read, visiting
from tests.examples import APPROVER, CHIEF, NOW

SHOWN = "[...new Set([...document.querySelectorAll('details > :last-child')].map((one) => one.checkVisibility()))]"
"""Whether what is folded away can be seen: one answer where it is the same for all."""
SCRIPT, TITLE = "major-incident", "Coach crash at Pont Ddu"
OVER_SECONDS_MAX = 240.0
QUICK = 1_000.0


async def test_live_has_no_exercise_to_start_or_to_watch(tmp_path: Path) -> None:
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        assert on.house.looks.drills is None
        for path in ("/exercises", "/exercises/run", "/exercises/run/report", "/practice/site"):
            assert (await at.get(path)).status == 404
        assert (await at.send(f"/exercises/{SCRIPT}")).status == 404


async def test_the_first_page_of_live_leads_to_the_drills_of_their_own_console_if_it_is_known(tmp_path: Path) -> None:
    """The page of a drill leads to its own; without the address live says nothing of drills."""
    there = "https://training.holdingline.example/exercises"
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        assert "/exercises" not in (await at.get("/")).text
        on.console.show(replace(on.house, looks=replace(on.house.looks, drills_at=there)))
        await on.console.stop()
        await on.console.start()
        assert f'<a href="{there}">Drills, on the console of drills</a>' in (await at.get("/")).text
        assert "Ymarferion, ar gonsol" in (await at.get("/?language=cy")).text


async def test_a_drill_says_what_the_exercise_shows_and_calls_nothing_public(tmp_path: Path) -> None:
    """In both languages; the buttons stay those of the night."""
    told = {
        "en": (
            "What the exercise will show",
            "What the exercise shows now",
            "shown in the exercise",
            "public",
            "The exercise expects the next word by",
        ),
        "cy": (
            "Beth fydd yr ymarfer yn ei",
            "Beth mae'r ymarfer yn ei ddangos nawr",
            "yn yr ymarfer",
            "cyhoedd",
            "Mae'r ymarfer yn disgwyl y gair nesaf erbyn",
        ),
    }
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        for language, (reads, *_) in told.items():
            assert reads in await chief.reads(f"{HERE}/release/fire", language=language)
        await ordered(on, FIRST)
        await all_public(on)
        for language, (_, now, state, public, expects) in told.items():
            await chief.reads(HERE, language=language)
            page = read(re.sub(r'<p class="hl-mode">.*?</p>', "", chief.shown))
            assert now in page
            assert expects in page
            assert page.count(state) >= 2
            assert public not in page.partition(now)[2].partition(state)[0]


async def test_who_practises_sees_what_the_public_of_each_channel_would_see(tmp_path: Path) -> None:
    """In the form of each channel, marked as an exercise above and below; mended and taken back as the public would."""
    async with night(tmp_path, mode=TRAINING, practises=True) as on, visiting(on) as chief:
        assert "Nothing was let out on this channel yet." in await chief.reads("/practice/site")
        await ordered(on, DECLARED)
        (first, *_) = await ordered(on, FIRST)
        await all_public(on)
        message = first.body.message.id  # type: ignore[union-attr] # that is what the order gives
        await chief.reads(HERE)
        links = links_of(chief.shown, "see what the public would see")
        assert links == [f"/practice/{one}#{message}" for one in ("site", "email")]
        assert str(tmp_path) not in chief.shown, "no path of the server"
        letter = await chief.reads("/practice/email")
        band = "EXERCISE EXERCISE EXERCISE. Nothing on this page is public"
        assert letter.count(band) == 2
        assert f"What the public would see: {on.register.channels['email'].title}" in letter
        assert "First statement" in letter, "the subject of a letter"
        assert f'id="{message}"' in chief.shown
        assert "First statement" not in await chief.reads("/practice/site")
        follow = FIRST.model_copy(update={"purpose": Purpose.WITHDRAWAL, "follows": message, "next_update_at": None})
        await ordered(on, follow.model_copy(update={"channels": ()}))
        await all_public(on)
        seen = await chief.reads("/practice/site")
        assert "the public would not see these words any more" in seen
        assert "There is a fire" not in seen
        assert "We have withdrawn our message" in seen
        assert "YMARFER YMARFER YMARFER" in await chief.reads("/practice/site", language="cy")
        for path in ("/practice/none", "/practice/..%2Fsite"):
            await chief.reads(path)
            assert chief.status == 404, path


async def test_a_template_that_nobody_approved_is_approved_on_the_page_that_shows_all_of_it(tmp_path: Path) -> None:
    """The page that would release it leads there; its owner, and who lacks the power, read who could."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief, visiting(on, APPROVER) as approver:
        await ordered(on, DECLARED)
        fire = on.register.templates["fire"].model_copy(update={"approval": None})
        on.editions.append(on.register.model_copy(update={"templates": {**on.register.templates, "fire": fire}}))
        async with asyncio.timeout(OVER_SECONDS_MAX):
            while "template fire was never approved" not in await chief.reads(f"{HERE}/release/fire"):
                await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        look = "Read this template: whoever may approve it does so there"
        assert links_of(chief.shown, look) == ["/templates/fire"]
        assert on.register.called(APPROVER) in await chief.reads("/templates/fire")
        assert not chief.buttons
        seen = await approver.reads("/templates/fire")
        assert fire.short_texts[Purpose.HOLDING]["en"] in seen, "all that is approved is on the page"
        await approver.presses("Approve exactly these words for a year")
        async with asyncio.timeout(OVER_SECONDS_MAX):
            while "Release now to the public" not in chief.buttons:
                await chief.reads(f"{HERE}/release/fire", **{"slot-place": "Ysbyty Ardudwy", "slot-time": "22:31"})
        assert not links_of(chief.shown, look)
        await approver.reads("/templates/fire")
        assert not approver.buttons, "it is approved"


async def test_the_page_of_drills_has_a_button_for_each_and_the_command_line_beside_it(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        page = await chief.reads("/exercises")
        assert f"Start {TITLE}" in page
        assert "is started on the command line" not in page
        assert "The same works on the command line" in page
        assert "Mae'r un peth yn gweithio ar y llinell orchymyn" in await chief.reads("/exercises", language="cy")


async def test_only_an_exercise_that_is_there_is_started(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as director:
        for name in ("no-such", "..%2f..%2fregister", "--help"):
            await director.sends(f"/exercises/{name}", {})
            assert director.status == 404
        assert on.house.looks.drills is not None
        assert on.house.looks.drills.latest is None
        await director.reads("/exercises/run")
        assert director.status == 404


@pytest.mark.slow
async def test_the_director_starts_an_exercise_watches_it_on_a_phone_and_reads_the_report(tmp_path: Path) -> None:
    """One at a time; nothing of it is in the record of the drill from which it was started."""
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab, visiting(on) as other:
        drills = on.house.looks.drills
        assert isinstance(drills, PlayedDrills)
        drills._speed = QUICK
        await go_in(tab, on, CHIEF)
        await tab.go(f"{on.origin}/exercises")
        await tab.press(f"Start {TITLE}")
        await tab.shows("Being played")
        assert "Another exercise is being played" in await other.sends(f"/exercises/{SCRIPT}", {})
        assert other.status == 409
        run = drills.latest
        assert run
        async with asyncio.timeout(OVER_SECONDS_MAX):
            while not run.lines:  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.1)
            began = "began on site, email: none can reach the public"
            await tab.until(f"document.body.textContent.includes({began!r})")  # Folded away as soon as it is over.
            while not run.is_over:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)
        assert (run.has_passed, run.trouble) == (True, "")
        assert len(run.judged) > 20
        await tab.shows("Over: everything as expected")
        assert await tab.value("document.documentElement.scrollHeight") < 2 * PHONE[1], "all else is folded away"
        await tab.shows(f"What was expected: {len(run.judged)}")
        await tab.until("document.querySelector('#judged').textContent.includes('Nothing went out twice on a channel')")
        wrong = outcome_moment(
            Outcome(says="It ends well", held=False, found="it did not"), Moment(at=NOW, kind="judged", text="", id="")
        )
        run.judged.append(wrong.text)
        await tab.shows("What was not as expected")
        assert run.amiss == [wrong.text]
        assert b"Coach crash at Pont Ddu" in await other.takes("/exercises/run/report")
        assert [*on.house.board.overview.incidents] == []
        await seen(tab, "exercise-run")
        faults: list[str] = []
        for language in ("en", "cy"):
            for path in ("/exercises", "/exercises/run"):
                await tab.go(f"{on.origin}{path}?language={language}")
                faults += [one async for one in faults_of(tab, f"{path[1:].replace('/', '-')}-{language}")]
        assert not faults, "\n".join(faults)
        await tab.go(f"{on.origin}/register?language=en")
        for media, is_open in (("screen", False), ("print", True), ("", False)):
            await tab.ask("Emulation.setEmulatedMedia", media=media)
            assert await tab.value(SHOWN) == [is_open], "the risks and the whole table are printed, not their headings"
        page = tmp_path / "report.html"
        page.write_bytes(await other.takes("/exercises/run/report"))
        await tab.open(page)
        await seen(tab, "exercise-report")
        assert await tab.value("document.documentElement.scrollHeight") < 3 * PHONE[1], "it was twelve thousand"
        assert await tab.value(SHOWN) == [False]
        await tab.ask("Emulation.setEmulatedMedia", media="print")
        assert await tab.value(SHOWN) == [True]


async def test_an_exercise_that_cannot_be_played_says_why(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as director:
        drills = on.house.looks.drills
        assert isinstance(drills, PlayedDrills)
        assert await drills.begin("no-such-script", by="Ann", now=on.house.clock.now())
        run = drills.latest
        assert run
        async with asyncio.timeout(OVER_SECONDS_MAX):
            while not run.is_over:  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.1)
        assert "no-such-script" in await director.reads("/exercises/run")
        assert (run.has_passed, run.report) == (False, None)
        assert run.trouble
