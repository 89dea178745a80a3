"""A partner's post that a person shares by hand, and posts of partners that wait for a yes: shared or left by a tap."""

import asyncio
from pathlib import Path

import pytest

from streams.topics import PARTNER_POSTS
from streams.values import TRAINING
from tests.browser import on_a_phone
from tests.console.bench import Night, night, seen
from tests.console.test_partners import post
from tests.console.visitor import DECLARED, FIRE, go_in, ordered, taps, visiting
from tests.examples import APPROVER, CHIEF, WRITER

SHARE = f"/incidents/{FIRE.id}/share"
WORDS = "The road to the hospital is shut. Go round by the mill."
TYPED = {
    "partner": "police",
    "url": "https://ardudwy-police.example/posts/77",
    "post-words": WORDS,
    "post-language": "en",
}


async def waits(on: Night) -> None:
    """A post of the police that nobody may share unasked: it sells something."""
    new = post(on, on.register.partners["police"])
    text = f"20 % off all tickets at Ysbyty Ardudwy {DECLARED.hashtags[0]}"
    await on.door.put([new.model_copy(update={"mode": on.house.mode, "text": text})])
    board = on.house.board
    while not ((state := await board.state(FIRE)) and getattr(state, "drafts", None)):
        await board.moved_on(board.version, seconds_max=0.5)


async def test_a_person_reads_the_post_as_each_channel_shows_it_and_shares_it(tmp_path: Path) -> None:
    """With the partner's credit; once only, and a second try says so."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as officer:
        await ordered(on, DECLARED)
        await officer.reads(f"/incidents/{FIRE.id}")
        await taps(officer, "Share a partner's post")
        page = await officer.sends(SHARE, TYPED)
        assert page.count(WORDS) > 1
        assert on.register.partners["police"].name in page
        await officer.presses("Share it now")
        assert WORDS in await officer.reads(f"/incidents/{FIRE.id}")
        again = await officer.sends(SHARE, TYPED)
        assert "this post was sent out again already" in again
        assert "Share it now" not in officer.buttons


async def test_a_post_that_its_author_edited_is_shared_as_one(tmp_path: Path) -> None:
    """So that no network shows our readers its first words."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as officer:
        await ordered(on, DECLARED)
        first = post(on, on.register.partners["police"]).model_copy(update={"mode": TRAINING, "post_id": "77"})
        first = first.model_copy(update={"text": "The road is open."})
        await on.door.put([first, first.model_copy(update={"id": "post-2", "change": "edited", "text": WORDS})])
        while True:
            if len(await on.door.records(PARTNER_POSTS)) == len(("first", "edited")):
                break
            await asyncio.sleep(0.05)
        await officer.sends(SHARE, TYPED)
        (given,) = (
            one["order"]["body"] for one in officer.buttons.values() if one["order"]["body"]["kind"] == "amplify"
        )
        assert given["credit"]["edited"] is True


async def test_a_link_of_no_account_of_theirs_is_told_and_the_page_that_pins_one_has_the_line_to_copy(
    tmp_path: Path,
) -> None:
    """Nothing can be shared under the partner's name; who may have another account confirmed is named."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as officer:
        await ordered(on, DECLARED)
        page = await officer.sends(SHARE, {**TYPED, "url": "https://elsewhere.example/1"})
        assert "this link belongs to no account of" in page
        assert "Share it now" not in officer.buttons
        police = on.register.partners["police"].name
        await officer.reads("/register")
        page = await taps(officer, f"Pin an account of {police}")
        assert on.register.partners["police"].account_id in page
        page = await officer.reads("/partners/police/pin?address=police.example&evidence=It+was+read+out+to+us.")
        assert "holdingline feeds pin police police.example --evidence 'It was read out to us.' --write" in page
        assert on.register.people[APPROVER].called in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"url": "", "post_id": ""}, "What the network calls the post"),
        ({"post-language": "tlh-klingon-too-long"}, "Language of the words"),
    ],
)
async def test_what_is_wrong_with_a_post_is_said_and_what_was_typed_is_kept(
    tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as officer:
        await ordered(on, DECLARED)
        page = await officer.sends(SHARE, TYPED | changed)
        assert officer.status == 200
        assert says in page
        assert (TYPED | changed)["post-words"] in page


async def test_who_may_not_share_reads_who_could(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        await ordered(on, DECLARED)
        page = await chief.sends(SHARE, TYPED)
        assert on.register.people[WRITER].name in page
        assert "Share it now" not in chief.buttons


async def test_a_post_that_waits_is_left_or_shared_by_one_tap_from_the_incident(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as officer:
        await ordered(on, DECLARED)
        await waits(on)
        page = await officer.reads(SHARE)
        assert "20 % off all tickets" in page
        (draft,) = (await on.house.board.state(FIRE)).drafts  # type: ignore[union-attr] # it is an incident
        await officer.reads(f"/incidents/{FIRE.id}/sign-off/{draft}")
        assert {one["order"]["body"]["kind"] for one in officer.buttons.values()} >= {"sign_off", "return_draft"}
        left = next(name for name, one in officer.buttons.items() if one["order"]["body"]["kind"] == "return_draft")
        await officer.presses(left)
        assert "20 % off all tickets" not in await officer.reads(SHARE)


@pytest.mark.slow
async def test_sharing_on_a_phone(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await ordered(on, DECLARED)
        await go_in(tab, on, WRITER)
        await tab.go(f"{on.origin}{SHARE}")
        await tab.write("partner", "police")
        await tab.write("url", TYPED["url"])
        await tab.write("post-words", WORDS)
        await tab.press("Check this")
        await tab.shows("Share it now")
        await seen(tab, "share")
