"""A night with three responders that disagree: the lead changes, steps are ticked off, and a phone shows it all."""

import asyncio
from datetime import UTC
from pathlib import Path

from aiohttp import ClientSession

from streams.telling.facts import fact_lines
from streams.values import TRAINING
from streams.words.incident import Methane, Report
from streams.words.network.entries import Scheduler
from streams.words.network.orders import BringIn, TickStep
from tests.browser import PHONE, on_a_phone
from tests.console.bench import FIRST_NIGHT, INCIDENT, Night, night, seen, sign_in
from tests.console.test_asked import FIRE as DECLARED
from tests.console.test_screens import BEYOND, as_wide_as, faults_of
from tests.console.visitor import visiting
from tests.examples import CHIEF, WRITER

HERE = f"/incidents/{INCIDENT}"
NUMBER = "01632 960710"
SHOWN = {"incident": HERE, "responders": f"{HERE}/responders?responder=police", "step": f"{HERE}/steps/log"}
SAID = {
    "police": {"number_of_casualties": "two people have died", "hazards": ("smoke",)},
    "ambulance": {"number_of_casualties": "nobody has died", "hazards": ("smoke", "oxygen cylinders")},
    "fire": {"exact_location": "Block D, not Block C", "hazards": ("Smoke",)},
}


async def three_reports(on: Night) -> None:
    """Each responder reports, and they disagree on the place, the hazards and the casualties."""
    await on.give(DECLARED, by=CHIEF)
    usual = {"major_incident": True, "exact_location": "Block C", "type_of_incident": "fire"}
    for name, letters in SAID.items():
        methane = Methane.model_validate({**usual, **letters})
        await on.give(Report(methane=methane, responder=name), by=WRITER)


async def test_a_commander_reads_who_says_what_and_keeps_the_network_by_pages(tmp_path: Path) -> None:
    """What differs is marked, the lead changes, a step is ticked and unticked, and the record has each of it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await three_reports(on)
        page = await chief.reads(HERE)
        assert "Ardudwy Police: two people have died" in page
        assert "Ardudwy Ambulance Service: nobody has died" in page
        assert page.count("they differ") == 3
        assert "N: casualties they differ" in page
        assert "It is not noted who leads." in page
        for name in ("police", "ambulance"):
            await chief.reads(f"{HERE}/responders", responder=name)
            await chief.presses("It leads from now on")
        assert "Ardudwy Ambulance Service leads" in await chief.reads(HERE)
        await chief.reads(f"{HERE}/responders", responder="council")
        await chief.presses("It is in this incident")
        await chief.reads(f"{HERE}/responders", responder="council", reason="Their part is done.")
        await chief.presses("It has left this incident")
        assert "Ardudwy Ambulance Service leads. Also in this incident:" in await chief.reads(f"{HERE}/responders")
        page = await chief.reads(f"{HERE}/steps/switchboard", language="cy")
        assert "erbyn 22:" in page
        assert "switchboard" not in page, "the step is called as people call it"
        await chief.reads(f"{HERE}/steps/switchboard", language="en")
        await chief.presses("Yes, it is done")
        assert "1 of 10 are done." in await chief.reads(HERE)
        assert f"done 22:31, {on.register.called(CHIEF)}" in await chief.reads(f"{HERE}/steps/switchboard")
        await chief.presses("It is not done after all")
        assert "1 of 10 are done." not in await chief.reads(HERE)
        told = "\n".join(fact_lines(await on.door.facts_about(FIRST_NIGHT), zone=UTC))
        for line in (
            "METHANE report of Ardudwy Police",
            "responder in: Ardudwy Police, by rule report/emergency-services",
            "LEADS: Ardudwy Ambulance Service, before Ardudwy Police",
            "responder out: Ardudwy Council: Their part is done.",
            "step done: Tell the switchboard",
            "step NOT done after all: Tell the switchboard",
        ):
            assert line in told
        assert all(not one.posts for one in on.channels.values()), "no word of a report becomes public"


async def test_who_is_asked_to_pause_another_program_reads_why_the_service_did_not(tmp_path: Path) -> None:
    """The step is in the language of the page; a program that only people pause is not said to have failed."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        by_hand = Scheduler(id="desk", name="The desk", pause={"en": "Stop it."}, resume={"en": "Go on."})
        queue = by_hand.model_copy(update={"id": "queue", "name": "The queue", "on_server": True})
        site = on.register.channels["site"].model_copy(update={"schedulers": (by_hand, queue)})
        register = on.register.model_copy(update={"channels": {**on.register.channels, "site": site}})
        await on.put_in_force(register)
        async with asyncio.timeout(180):
            while on.house.register.channels != register.channels:  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.05)
        await on.give(DECLARED, by=CHIEF)
        why = "site cannot be asked what is scheduled there: hold it by hand"
        async with asyncio.timeout(180):
            while why not in (page := await chief.reads(HERE)):
                await chief.looks_again()
        failed = "The service could not hold everything that another program has scheduled for us."
        assert f"{failed} Pause it there, then tick off the step: Pause The queue, which posts by itself on" in page
        assert "Another program posts for us by itself. Pause it there, then tick off the step: Pause The desk" in page
        page = await chief.reads(HERE, language="cy")
        assert "Ni allai'r gwasanaeth ddal popeth" in page
        assert "Seibio The queue" in page
        assert f'lang="en">{why}' in chief.shown


async def test_what_may_not_be_said_yet_and_whose_word_it_waits_for_is_told_in_the_language_of_the_page(
    tmp_path: Path,
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await on.give(DECLARED, by=CHIEF)
        for below in ("hold", "holds/casualties", "responders"):
            page = await chief.reads(f"{HERE}/{below}", language="cy")
            assert "wedi'i ddal yn ôl nes bydd yr heddlu neu y gwasanaeth ambiwlans wedi ei ddweud" in page
            assert "hold casualties" not in page, "what it is called in the register is in no sentence"
        assert "Nid oes ymatebwr yn y digwyddiad hwn eto." in await chief.reads(f"{HERE}/responders")
        assert "Pwy all ei godi: Beca Tirglas" in await chief.reads(f"{HERE}/holds/casualties")


async def test_numbers_are_shown_to_people_who_are_signed_in_only(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on:
        await three_reports(on)
        async with visiting(on) as chief:
            assert NUMBER in await chief.reads(f"{HERE}/responders")
            for path in ("/", HERE, f"{HERE}/briefing", f"{HERE}/record", "/status"):
                assert NUMBER not in await chief.reads(path), path
        async with ClientSession() as stranger, stranger.get(f"{on.origin}{HERE}/responders") as answer:
            assert NUMBER not in await answer.text()


async def test_a_report_is_handed_in_for_a_responder_by_the_page(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await on.give(DECLARED, by=CHIEF)
        form = {"asked": "yes", "exact_location": "Block C", "type_of_incident": "fire", "responder": "fire"}
        await chief.sends(f"{HERE}/report", form)
        await chief.presses("Hand in the report")
        incident = (await on.door.incidents())[INCIDENT]
        assert incident.network.reporters["fire"].name == "Ardudwy Fire and Rescue"


async def test_a_phone_shows_all_of_it_and_nothing_is_scrolled_sideways(tmp_path: Path) -> None:
    """At 390 pixels, with a step that is late, for people with a disability too, in both languages."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await three_reports(on)
        await on.give(BringIn(responder="council"), by=CHIEF)
        await on.give(TickStep(step="log"), by=CHIEF)
        await sign_in(tab, on)
        faults: list[str] = []
        for language in ("en", "cy"):
            for name, path in SHOWN.items():
                await tab.go(f"{on.origin}{path}{'&' if '?' in path else '?'}language={language}")
                await as_wide_as(tab, PHONE[0])
                await seen(tab, f"network-{name}-{language}")
                assert not await tab.value(f"({BEYOND})({PHONE[0]})")
                faults += [one async for one in faults_of(tab, f"{name}-{language}")]
        assert not faults, "\n".join(faults)
