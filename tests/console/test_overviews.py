"""What people read who decide nothing: the record, the briefing, the register, the templates, how the service is."""

import asyncio
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from agents.entrypoints.pack_note import NOTE
from agents.entrypoints.worker.looks import looks
from agents.runtime.views.console_words import LANGUAGES, console_says
from agents.runtime.worker.worker import Setup, Worker
from streams.decisions.listening.surge import Counts
from streams.lanes import MENTION_LANE
from streams.record import checks
from streams.record.container import read
from streams.subjects.account import account
from streams.telling.briefing.letter import briefing_lines
from streams.telling.briefing.sections import Situation
from streams.values import LIVE, TRAINING
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListed
from streams.words.posts import Mention
from streams.words.register.accounts import Breach, Credential
from tests.console.bench import night
from tests.console.test_lines import FIRST, HERE
from tests.console.test_mending import released
from tests.console.test_strange_identifiers import every_page
from tests.console.test_tags import NOTED
from tests.console.visitor import DECLARED, ordered, visiting
from tests.examples import NOW
from tests.storytelling import note

STORY = {"story": 3, "people": 24, "posts": 27, "wordings": 9, "minutes": 14, "asking": 3}


async def test_the_record_tells_all_and_how_it_was_before_the_first_word(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        (declared,) = await ordered(on, DECLARED)
        await ordered(on, FIRST)
        seen = await chief.reads(f"{HERE}/record")
        assert "Declared: Fire at Ysbyty Ardudwy" in seen
        assert "Samira Dastwick" in seen
        then = await chief.reads(f"{HERE}/record", at=declared.at.isoformat())
        assert "First word" not in then, "it came later"
        later = await chief.reads(f"{HERE}/record", at=(NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S"))
        assert "First word “There is a fire" in later, "a moment without an offset is one of the trust"


async def test_what_is_no_moment_is_told_beside_its_field_and_stays(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        assert "This is no moment" in await chief.reads(f"{HERE}/record", at="half past nine")
        assert 'value="half past nine"' in chief.shown
        for far in ("0001-01-01T00:00", "9999-12-31T23:59"):
            assert "This is no moment" in await chief.reads(f"{HERE}/record", at=far)
        before = await chief.reads(f"{HERE}/record", at=(NOW - timedelta(days=400)).isoformat())
        assert "Declared: Fire" not in before, "nothing had happened"
        assert "Declared: Fire" in await chief.reads(f"{HERE}/record", at=(NOW + timedelta(days=400)).isoformat())


async def test_the_evidence_of_a_page_verifies_and_is_for_those_who_hold_a_power_alone(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief, visiting(on, "hari.okonwell") as officer:
        await released(on)
        async with chief.session.get(f"{on.origin}{HERE}/evidence") as answer:
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="inc-fire-')
            content = await answer.read()
        assert not checks.check(read(io.BytesIO(content).readline))
        await officer.reads(f"{HERE}/evidence")
        assert officer.status == 403
        assert "Download the file" not in await officer.reads(f"{HERE}/record")


async def test_the_briefing_tells_what_was_said_and_what_is_said_of_us(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        at, house = on.house.clock.now(), on.house
        counting = Setup(house.mode, on.log, house.clock, lambda: on.register, {}, lanes=[MENTION_LANE])
        posts = [Mention(id=f"m-{n}", mode=TRAINING, author_id=f"a-{n}", at=at, text="#Ardudwy fire") for n in range(7)]
        async with Worker(counting), asyncio.timeout(180):
            await on.door.put(posts)
            while "7 posts in all" not in (seen := await chief.reads(f"{HERE}/briefing")):  # noqa: ASYNC110 - a person looks again
                await asyncio.sleep(0.2)
        assert "There is a fire at Ysbyty Ardudwy" in seen
        assert "The next word, by" in seen
        assert "Posts of" not in seen
        assert "No case is open." in seen
        assert "nothing is said about how far the posts went" in seen
        assert 'role="img"' in chief.shown
        assert "our message" in chief.shown, "the table beneath the picture tells of the first word"
        assert "Faint o bobl" in await chief.reads(f"{HERE}/briefing", language="cy")


async def test_the_page_of_the_briefing_says_each_sentence_of_the_letter(tmp_path: Path) -> None:
    """Of every section, in both languages: who gets the letter and who opens the page know the same."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        listed = NoteListed(category=InfluenceCategory.MP, posts=2, since=NOW)
        for body in (note(people=24), note(story=4, people=9), NOTED, listed):
            await ordered(on, body, by="mentions-agent")
        overview = on.house.board.overview
        (incident,) = overview.incidents
        known = Situation(incident, Counts(), on.house.clock.now(), overview.cases, overview.register_log)
        for language in LANGUAGES:
            says, zone = console_says(language, is_live=False), on.house.zone
            lines = [one.removeprefix("- ") for one in briefing_lines(known, says, zone=zone)]
            seen = await chief.reads(f"{HERE}/briefing", language=language)
            sections = lines[lines.index("") : len(lines) - lines[::-1].index("")]
            assert len(sections) > 20
            assert not [line for line in sections if line not in seen]
            assert says("briefing-story", **STORY, answer=says("story-open")) in sections


async def test_the_report_of_a_month_is_read_and_what_is_no_month_is_told(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        seen = await chief.reads("/months", month="2026-01")
        assert "the exercise showed the first word after" in seen
        assert "How many people read it is not known" in seen
        assert "Report of January 2026" in seen
        assert "from the record of this drill. None of it was public." in seen
        assert "#Ardudwy: in 1 of our messages about Fire at Ysbyty Ardudwy, from the first one on." in seen
        assert "inc-fire" not in seen
        assert "This is no month" not in seen
        welsh = await chief.reads("/months", month="2026-01", language="cy")
        assert "Adroddiad Ionawr 2026" in welsh
        assert "Rhagfyr 2025" in welsh, "another month is chosen by its name"
        await chief.reads("/months", language="en")
        assert "The exercise showed nothing." in await chief.reads("/months", month="2025-11")
        assert "This is no month" in await chief.reads("/months", month="soon")
        async with chief.session.get(f"{on.origin}/months/data?month=2026-01") as answer:
            assert answer.headers["Content-Disposition"] == 'attachment; filename="month-2026-01.json"'
            found = json.loads(await answer.text())
        assert [one["incident"] for one in found["first_words"]] == ["inc-fire"]


async def test_the_report_of_a_month_says_whom_a_channel_reaches_where_the_register_knows(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        audience = {
            name: one.model_copy(update={"audience": f"all of {name}"}) for name, one in on.register.channels.items()
        }
        on.editions.append(on.register.model_copy(update={"channels": audience}))
        await released(on)
        async with asyncio.timeout(180):
            while "reaches" not in (seen := await chief.reads("/months", month="2026-01")):  # noqa: ASYNC110 - a person looks again
                await asyncio.sleep(0.05)
        title = on.register.channels["site"].title
        assert f"As far as known, {title} reaches all of site." in seen
        await chief.reads("/months", month="2026-01", language="cy")
        sentence = chief.shown.partition(' <span lang="en">all of site</span>')[0].rpartition(">")[2]
        assert sentence.startswith("Hyd y gwyddom, mae "), "the rest of the sentence is in the language of the page"
        assert "How many people read it is not known" in seen


async def test_the_register_tells_who_could_what_now_and_every_gap(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        seen = await chief.reads("/register")
        declare = seen.partition("Declare or cancel an incident")[2].partition("Release a first word")[0]
        assert "Nest Aberdulas" in declare, "the director on call"
        assert "Mared Cwmhelyg" not in declare, "her power ends with working hours"
        assert "At every hour somebody could" in seen
        assert "Bank holidays" in seen


async def test_a_power_that_no_person_holds_is_a_gap_on_the_page(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on:
        people = {name: one.model_copy(update={"grants": ()}) for name, one in on.register.people.items()}
        gaps = on.house.looks.gaps(on.register.model_copy(update={"people": people}), NOW)
        assert any("declare" in one for one in gaps), gaps


async def test_every_template_can_be_read_whole(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads("/templates")
        for name in on.register.templates:
            assert f'href="/templates/{name}"' in chief.shown
        seen = await chief.reads("/templates/fire")
        for texts in on.register.templates["fire"].texts.values():
            assert all(" ".join(text.split()) in seen for text in texts.values())
        assert "2028" in seen
        await chief.reads("/templates/none")
        assert chief.status == 404


async def test_the_status_tells_of_the_worker_and_of_an_account_that_is_shut(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        first = await chief.reads("/status")
        for told in ("holdingline-training-control is running", "The clock is right.", "no test is noted"):
            assert told in first
        await ordered(on, Breach(reason="A trial of ours"), subject=account("email"))
        seen = await chief.reads("/status")
        assert "A trial of ours" in seen
        assert 'href="/accounts/email"' in chief.shown


async def test_the_status_tells_how_old_the_secret_of_an_account_is(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        secret = {"credential": Credential(secret="TEST_SECRET", mode=TRAINING), "secret_changed_on": date(2025, 9, 1)}
        channels = {**on.register.channels, "email": on.register.channels["email"].model_copy(update=secret)}
        on.editions.append(on.register.model_copy(update={"channels": channels}))
        async with asyncio.timeout(180):
            while "its secret was changed on" not in (seen := await chief.reads("/status")):  # noqa: ASYNC110 - a person looks again
                await asyncio.sleep(0.05)
        assert "its secret was changed on 01 Sep 2025, OVERDUE since " in seen, seen[seen.index("its secret") :][:90]


async def test_where_the_log_lies_is_shown_to_those_alone_who_may_change_the_register(tmp_path: Path) -> None:
    """On the page that tells how the service is, and on every other that is reached by links."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "hari.okonwell") as officer, visiting(on) as chief:
        await ordered(on, DECLARED)
        assert str(tmp_path) in await chief.reads("/status")
        seen = await officer.reads("/status")
        assert "Samira Dastwick" in seen.partition("those who may change the register")[2]
        assert "The service works." in seen
        pages = [one async for one in every_page(officer)]
        assert "/status" in [link for link, _ in pages]
        assert not [link for link, page in pages if str(tmp_path) in page]


async def test_an_old_pack_is_on_the_first_page_of_live_and_a_true_one_is_not(tmp_path: Path) -> None:
    """What is wrong with it, and the command that makes another."""
    note = {"made_at": NOW.isoformat(), "too_old_at": (NOW + timedelta(days=14)).isoformat()}
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        (tmp_path / NOTE).write_text(json.dumps({**note, "version": on.house.register.version()}))
        live = looks(LIVE, on.log, folder=tmp_path)
        assert live.pack(on.house.register, NOW) is None
        old = live.pack(on.house.register, NOW + timedelta(days=15))
        assert old is not None
        assert looks(TRAINING, on.log, folder=tmp_path).pack(on.house.register, NOW + timedelta(days=15)) is None
        on.console.show(replace(on.house, looks=replace(live, pack=lambda _, __: old)))
        await on.console.stop()
        await on.console.start()
        assert "is too old: make and print another with `holdingline pack`" in await chief.reads("/")


async def test_drills_have_their_page_and_live_has_none(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        seen = await chief.reads("/exercises")
        assert "Fire at Ysbyty Ardudwy" in seen
        assert "holdingline exercise run silent-night" in seen
