"""A story goes round: a commander reads what people say, and answers it through the sign-off, or leaves it alone."""

import asyncio
from datetime import UTC
from pathlib import Path

from agents.runtime.worker.worker import Setup, Worker
from streams.lanes import MENTION_LANE
from streams.telling.facts import fact_lines
from streams.values import TRAINING
from streams.words.posts import Mention, MentionCount
from tests.browser import PHONE, on_a_phone
from tests.console.bench import FIRST_NIGHT, INCIDENT, Night, night, seen, sign_in
from tests.console.test_asked import FIRE as DECLARED
from tests.console.test_screens import BEYOND, as_wide_as, faults_of
from tests.console.visitor import visiting
from tests.examples import CHIEF, WRITER

HERE = f"/incidents/{INCIDENT}"
SAYS = (
    "They shut {name}, ward nine is gone",
    "ward nine is gone and they shut {name}",
    "{name}: is it true, ward nine is gone",
)
HANDLE = "invented-account"


async def goes_round(on: Night) -> None:
    """An incident is declared, and 24 people say much the same of it."""
    await on.give(DECLARED, by=CHIEF)
    now = on.house.clock.now()
    posts = [
        Mention(
            id=f"post-{number}",
            mode=on.house.mode,
            author_id=f"{HANDLE}-{number}",
            at=now,
            text=SAYS[number % len(SAYS)].format(name=DECLARED.name),
        )
        for number in range(24)
    ]
    lane = Setup(on.house.mode, on.log, on.house.clock, lambda: on.register, {}, lanes=[MENTION_LANE])
    async with Worker(lane):
        await on.door.put(posts)
        await settled(on, 20)


async def settled(on: Night, people: int) -> None:
    """Wait until the pages know the story with at least so many people."""
    async with asyncio.timeout(180):
        while True:
            found = (await on.door.incidents())[INCIDENT].stories.known.get(1)
            shown = [one for one in on.house.board.overview.incidents if one.stories.known]
            if found and found.counts.people >= people and shown and shown[0].stories.known[1] == found:
                return
            await asyncio.sleep(0.1)


async def test_a_story_is_read_with_its_posts_and_answered_by_pages(tmp_path: Path) -> None:
    """It waits; its posts are shown as others wrote them; an answer is drafted, and goes out with a second person."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer, visiting(on) as chief:
        await goes_round(on)
        page = await writer.reads(HERE)
        assert "Story 1 goes round and nothing of ours answers it." in page
        page = await writer.reads(f"{HERE}/stories/1")
        assert "ask whether it is true" in page
        assert f"They shut {DECLARED.name}, ward nine is gone" in page
        assert HANDLE not in page
        form = {
            "asked": "yes",
            "story": "1",
            "text-en": "At Ysbyty Ardudwy there is a fire at 22:15: no ward is shut. Next word by 23:30.",
            "text-cy": "Yn Ysbyty Ardudwy mae tân am 22:15: nid oes ward ar gau. Y gair nesaf erbyn 23:30.",
            "what-en": "fire",
            "what-cy": "tân",
            "where": "Ysbyty Ardudwy",
            "when": "22:15",
            "next_update": "23:30",
            "channel": "site",
        }
        page = await writer.sends(f"{HERE}/draft", form)
        assert "How do we know?" in page
        assert not writer.buttons
        await writer.sends(f"{HERE}/draft", {**form, "evidence": "The ward manager rang at 22:40."})
        await writer.presses("Hand it in for a yes")
        page = await writer.reads(f"{HERE}/stories/1")
        assert "An answer waits for sign-off." in page
        assert all(not one.posts for one in on.channels.values())
        (draft,) = (await on.door.incidents())[INCIDENT].drafts
        page = await chief.reads(f"{HERE}/sign-off/{draft}")
        assert "These words answer story 1. How do we know? The ward manager rang at 22:40." in page
        page = await chief.reads(HERE)
        assert "nothing of ours answers it" not in page, "who was asked to answer it is asked no more"
        assert "is asked now" in page
        told = "\n".join(fact_lines(await on.door.facts_about(FIRST_NIGHT), zone=UTC))
        assert "an answer to story 1 waits for sign-off" in told
        assert "evidence: The ward manager rang at 22:40." in told


async def test_a_story_is_left_alone_with_a_reason_by_a_page(tmp_path: Path) -> None:
    """And no record, signal or table of the desk has a word or an account of any post."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await goes_round(on)
        await chief.reads(f"{HERE}/stories/1", reason="Others answer it.")
        await chief.presses("We do not answer it")
        assert "We decided not to answer it." in await chief.reads(HERE)
        assert (await chief.reads(f"{HERE}/stories/9")) is not None
        assert chief.status == 404
        written = b"".join(one.value or b"" for one in await on.door.fact_records())
        assert b"story_left_alone" in written
        assert b"ward nine" not in written
        assert HANDLE.encode() not in written
        assert b"post-1" not in written


async def test_a_post_of_a_story_is_handed_to_the_person_named_for_hate_crime_by_one_button(tmp_path: Path) -> None:
    """It opens a case that is with nobody else, and keeps that post with it; no fact has a part of the post."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await goes_round(on)
        page = await writer.reads(f"{HERE}/stories/1")
        before = page.count("I suspect a hate crime")
        assert before == len((await on.door.stories(INCIDENT)).standing_for(1, mode=TRAINING, about=INCIDENT)) > 0
        said = await writer.presses("I suspect a hate crime")
        page = await writer.reads(said["next"])
        assert "At the desk of Dilys Maenhir" in page
        assert "The post is put here within a minute." in page
        name = said["next"].partition("/cases/")[2].partition("?")[0]
        page = await writer.reads(f"{HERE}/stories/1")
        assert page.count("I suspect a hate crime") == before - 1
        assert f'<a href="/cases/{name}">A case is open for this post</a>' in writer.shown
        lane = Setup(TRAINING, on.log, on.house.clock, lambda: on.register, {}, lanes=[MENTION_LANE])
        async with Worker(lane) as hearing, asyncio.timeout(180):
            while "ward nine is gone" not in await writer.reads(f"/cases/{name}"):
                await hearing.put([MentionCount(mode=TRAINING, incident_id=INCIDENT, minutes={})])
                await asyncio.sleep(0.5)
        written = b"".join(one.value or b"" for one in await on.door.fact_records())
        assert b"post-" not in written
        assert HANDLE.encode() not in written


async def test_a_template_answers_a_story_by_a_page(tmp_path: Path) -> None:
    """It is handed in, and never released at once, also by a person who could release it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await goes_round(on)
        filled = {"story": "1", "slot-place": "ysbyty-ardudwy", "slot-time": "22:15", "next_update": "23:10"}
        page = await chief.reads(f"{HERE}/release/fire", **filled)
        assert "These words answer story 1." in page
        assert not chief.buttons
        await chief.reads(f"{HERE}/release/fire", **filled, evidence="The fire service rang at 22:40.")
        await chief.presses("Ask for a yes")
        assert "An answer waits for sign-off." in await chief.reads(f"{HERE}/stories/1")
        assert all(not one.posts for one in on.channels.values())


async def test_a_phone_shows_a_story_and_nothing_is_scrolled_sideways(tmp_path: Path) -> None:
    """At 390 pixels, for people with a disability too, in both languages."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await goes_round(on)
        await sign_in(tab, on)
        faults: list[str] = []
        pages = {"incident": HERE, "story": f"{HERE}/stories/1", "draft": f"{HERE}/draft?story=1"}
        for language in ("en", "cy"):
            for name, path in pages.items():
                await tab.go(f"{on.origin}{path}{'&' if '?' in path else '?'}language={language}")
                await as_wide_as(tab, PHONE[0])
                await seen(tab, f"story-{name}-{language}")
                assert not await tab.value(f"({BEYOND})({PHONE[0]})")
                faults += [one async for one in faults_of(tab, f"{name}-{language}")]
        assert not faults, "\n".join(faults)
