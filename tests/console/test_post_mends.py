"""A planned post that is out is withdrawn and corrected on its page, in words that a person reads there first."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from streams.subjects.plan import Plan
from streams.values import TRAINING
from streams.words.delivery import Verb
from streams.words.plans import ApprovePost, PlanPost, ReplanPost
from tests.browser import PHONE, on_a_phone
from tests.console.bench import Night, night, seen
from tests.console.test_screens import BEYOND, as_wide_as, faults_of
from tests.console.test_settled import POST
from tests.console.visitor import go_in, ordered, visiting
from tests.examples import CHIEF, WRITER

PAGE = "/plans/plan-1"
WRONG = {"en": "The car park opens on Monday.", "cy": "Bydd y maes parcio yn agor ddydd Llun."}
RIGHT = {"text-en": "The car park opens on Tuesday.", "text-cy": "Bydd y maes parcio yn agor ddydd Mawrth."}


async def plan_once(on: Night, fits: Callable[[Plan], bool]) -> Plan:
    """The post as soon as it is like this."""
    async with asyncio.timeout(180):
        while not (isinstance(plan := await on.house.board.state(POST), Plan) and fits(plan)):
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
    return plan


async def put_out(on: Night) -> None:
    """Two people planned the post for a time that has come; a slow machine is given a later one."""
    later = on.house.clock.now() + timedelta(hours=12)
    await ordered(on, PlanPost(at=later, channels=("site", "email"), texts=WRONG), by=WRITER, subject=POST)
    draft = (await plan_once(on, lambda plan: bool(plan.drafts))).message
    assert draft
    await ordered(on, ApprovePost(content_hash=draft.content_hash), by=CHIEF, subject=POST)
    for seconds in (1, 5, 25):
        soon = ReplanPost(at=on.house.clock.now() + timedelta(seconds=seconds), despite_pace=True)
        if "command_refused" not in {one.body.kind for one in await on.give(soon, by=CHIEF, about=POST)}:
            break
    await plan_once(on, is_settled)


def is_settled(plan: Plan) -> bool:
    return len(plan.deliveries) > 0 and {one.state for one in plan.deliveries.values()} == {"confirmed"}


def done(on: Night) -> list[Verb]:
    return [one.verb for one in on.channels["site"].posts]


async def test_one_person_withdraws_it_in_the_approved_words_of_a_template(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await put_out(on)
        assert "The car park opens on Monday" in await chief.reads(PAGE)
        assert [*chief.buttons] == []
        await chief.sends(PAGE, {"way": "withdraw", "template": "fire"})
        assert "What the exercise will show" not in chief.shown, "the template says where, and no place is given yet"
        typed = {"template": "fire", "slot-place": "Ysbyty Ardudwy", "reason": "It opens on Tuesday"}
        said = await chief.sends(PAGE, {"way": "withdraw", **typed})
        assert "We have withdrawn our message about the fire (Ysbyty Ardudwy)" in said
        # The script draws this part again with every change: words and button change together.
        assert "We have withdrawn our message" in chief.shown.partition('id="preview"')[2]
        await chief.presses("Withdraw it: take back what is public")
        plan = await plan_once(on, lambda plan: len(plan.deliveries) == 4 and is_settled(plan))
        assert plan.status == "dropped"
        assert done(on) == [Verb.PUBLISH, Verb.WITHDRAW]


async def test_one_person_writes_the_right_words_and_another_lets_them_out(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer, visiting(on) as chief:
        await put_out(on)
        assert "The car park opens on Tuesday" in await writer.sends(PAGE, {"way": "correct", **RIGHT})
        await writer.presses("Correct it where it is public")
        assert "Yes, this correction goes out now" not in writer.buttons
        assert "The correction of a planned post that is out waits" in await chief.reads("/")
        assert "EXERCISE EXERCISE EXERCISE: The car park opens on Tuesday" in await chief.reads(PAGE)
        await chief.presses("Yes, this correction goes out now")
        plan = await plan_once(on, lambda plan: len(plan.deliveries) == 4 and is_settled(plan))
        assert plan.status == "out"
        assert done(on) == [Verb.PUBLISH, Verb.CORRECT]


async def test_a_correction_that_lacks_a_language_says_so(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await put_out(on)
        said = await writer.sends(PAGE, {"way": "correct", "text-en": "The car park opens on Tuesday."})
        assert "write the text in cy" in said
        assert [*writer.buttons] == []


async def test_a_phone_shows_the_page_and_nothing_is_scrolled_sideways(tmp_path: Path) -> None:
    """At 390 pixels, for people with a disability too, in both languages."""
    pages: dict[str, dict[str, str]] = {
        "out": {},
        "withdraw": {"template": "fire", "slot-place": "ysbyty-ardudwy"},
        "correct": {"way": "correct", **RIGHT},
    }
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await put_out(on)
        await go_in(tab, on, CHIEF)
        faults: list[str] = []
        for language in ("en", "cy"):
            for name, typed in pages.items():
                await tab.go(f"{on.origin}{PAGE}?{urlencode({**typed, 'language': language})}")
                await as_wide_as(tab, PHONE[0])
                await seen(tab, f"post-{name}-{language}")
                assert not await tab.value(f"({BEYOND})({PHONE[0]})")
                faults += [one async for one in faults_of(tab, f"{name}-{language}")]
        assert not faults, "\n".join(faults)
