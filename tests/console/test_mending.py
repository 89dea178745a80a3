"""What is public is mended in two taps: a tap on the incident's page, and one on the page that shows the new words."""

import asyncio
import html
import re
from pathlib import Path

import pytest

from streams.values import TRAINING, Purpose
from streams.words.cases import CaseSort, OpenCase
from streams.words.incident import StandDown
from streams.words.release import Amplify, Credit, DraftLine, SignOff
from streams.words.stops import Freeze
from tests.console.bench import Night, night
from tests.console.test_lines import FIRST, HERE, WORDS
from tests.console.test_settled import CASE
from tests.console.visitor import DECLARED, Visitor, all_public, links_of, no_longer, ordered, read, taps, visiting
from tests.examples import CHIEF, NOW, WRITER

LINE = DraftLine(
    texts=WORDS,
    channels=("site", "email"),
    what={"en": "fire", "cy": "tân"},
    where="Ysbyty Ardudwy",
    when="22:31",
    next_update_at=NOW.replace(hour=23, minute=45),
)


async def released(on: Night) -> str:
    """The message of a first word that is out."""
    await ordered(on, DECLARED)
    facts = await ordered(on, FIRST)
    await all_public(on)
    return facts[0].body.message.id  # type: ignore[union-attr] # that is what the order gives


def asked_on(visitor: Visitor) -> set[str]:
    """The fields of the page's form, beside who orders on the telephone."""
    return {*re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', visitor.shown)} - {"said_by"}


def greens(visitor: Visitor) -> list[str]:
    """What the green buttons and links of the page say: the one thing to do; what a script may show later is none."""
    shown = re.sub(r"<template\b.*?</template>", "", visitor.shown, flags=re.DOTALL)
    return [*map(str.strip, re.findall(r'class="nhsuk-button ?"[^>]*>(.*?)</(?:a|button)>', shown, re.DOTALL))]


async def line(on: Night) -> str:
    """The message of a line that is out, made from no template."""
    await ordered(on, DECLARED)
    (drafted, *_) = await ordered(on, LINE, by=WRITER)
    message = drafted.body.message  # type: ignore[union-attr] # that is what the order gives
    await ordered(on, SignOff(message_id=message.id, content_hash=message.content_hash))
    return message.id


async def test_a_first_word_is_withdrawn_and_corrected_in_two_taps_each(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        message = await released(on)
        await chief.reads(HERE)
        assert "CORRECTION" not in await taps(chief, "Correct")
        assert asked_on(chief) == {"template", "slot-place", "slot-time"}
        assert not chief.buttons, "nothing was changed yet"
        assert "CORRECTION" in await chief.reads(chief.at[0], **{"slot-time": "22:35"})
        await chief.presses("Correct now, in public")
        await chief.reads(HERE)
        assert "withdrawn" in await taps(chief, "Withdraw")
        assert asked_on(chief) == {"template", "slot-place"}, "its words have no time"
        said = await chief.presses("Withdraw now, in public")
        assert message
        assert said["next"].startswith(HERE)


@pytest.mark.parametrize("typed", [{}, {"slot-time": "22:31"}, {"slot-place": "Ysbyty Ardudwy", "slot-time": "22:31"}])
async def test_a_correction_that_changes_nothing_is_refused_and_its_button_is_not_there(
    typed: dict[str, str], tmp_path: Path
) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        message = await released(on)
        seen = await chief.reads(f"{HERE}/messages/{message}/correct", **typed)
        assert "This says what the exercise has already shown: change what was wrong." in seen
        assert not chief.buttons


async def test_a_correction_in_the_words_that_it_corrects_is_refused_beside_its_field(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        message = await line(on)
        typed = {"asked": "yes", "follows": message, "channel": "site", **{f"text-{one}": WORDS[one] for one in WORDS}}
        told = "This says what the exercise has already shown: change what was wrong."
        assert f"Words in English Error: {told}" in await writer.sends(f"{HERE}/draft", typed)
        assert not writer.buttons
        changed = {**typed, "text-en": WORDS["en"].replace("is out", "still burns")}
        assert told not in await writer.sends(f"{HERE}/draft", changed)


async def test_a_line_is_withdrawn_by_the_template_that_fits(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await line(on)
        await chief.reads(HERE)
        assert "about the fire" in await taps(chief, "Withdraw")
        await chief.presses("Withdraw now, in public")


async def test_a_line_is_corrected_in_words_of_its_own(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await line(on)
        await writer.reads(HERE)
        assert "Correct it in your own words" in await taps(writer, "Correct")


async def test_a_partners_post_is_taken_back_by_the_words_that_name_the_partner(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await ordered(on, DECLARED)
        partner = next(iter(on.register.partners.values()))
        credit = Credit(partner=partner.id, partner_name=partner.name, account_id=partner.account_id, post_id="post-1")
        await ordered(on, Amplify(credit=credit, text="Road closed.", posted_at=NOW), by=WRITER)
        await chief.reads(HERE)
        assert f"{partner.name} has changed or deleted a post" in await taps(chief, "Withdraw")
        await chief.presses("Withdraw now, in public")


async def test_the_all_clear_goes_to_every_channel_that_had_words_of_the_incident(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        await chief.reads(f"{HERE}/stand-down")
        assert greens(chief) == ["Give the all-clear"], "what is still open comes before the end"
        assert "Yes, stand down" in chief.buttons
        await chief.reads(HERE)
        seen = await taps(chief, "Give the all-clear")
        assert "is out and the incident is over" in seen
        assert asked_on(chief) == {"template", "slot-place"}
        assert {on.register.channels[one].title for one in ("site", "email")} <= set(
            re.findall(r"<h3[^>]*>(.+?) ·", html.unescape(chief.shown))
        )
        await chief.presses("Give the all-clear now")
        await all_public(on)
        await chief.reads(f"{HERE}/stand-down")
        assert greens(chief) == ["Yes, stand down"]
        await ordered(on, StandDown(reason="The fire is out"), by=CHIEF)
        seen = await chief.reads(HERE)
        chief_called = re.escape(on.register.called(CHIEF))
        assert re.search(rf"It is over Stood down by {chief_called}, 22:3\d. The fire is out Read what happened", seen)
        assert not links_of(chief.shown, "Give the all-clear"), "the public has it"
        assert not links_of(chief.shown, "Stand down")
        assert not links_of(chief.shown, "Release a message")
        assert [*links_of(chief.shown, "Briefing"), *links_of(chief.shown, "Record")] == [
            f"{HERE}/briefing",
            f"{HERE}/record",
        ]


async def test_the_all_clear_reaches_the_channel_that_still_lacks_it_by_the_page_that_says_so(tmp_path: Path) -> None:
    """The others have it and would refuse it twice; and words that waited for a yes at the end wait no more."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        await ordered(on, LINE, by=WRITER)
        assert "A message waits for a yes." in await chief.reads("/")
        await ordered(on, StandDown(reason="The fire is out"))
        for path in ("/", HERE):
            await no_longer(chief, "waits for a yes.", path)  # Nobody could give it any more.
        assert "Words that waited for a yes when it ended: 1. They do not go out any more." in read(chief.shown)
        narrow = FIRST.model_copy(
            update={
                "purpose": Purpose.ALL_CLEAR,
                "next_update_at": None,
                "channels": ("site",),
                "slots": {"place": "Ysbyty Ardudwy"},
            }
        )
        await ordered(on, narrow)
        await all_public(on)
        await chief.reads(HERE)
        seen = await taps(chief, "Give the all-clear")
        assert "refused" not in seen
        assert re.findall(r"<h3[^>]*>(.+?) ·", html.unescape(chief.shown)) == [on.register.channels["email"].title]
        await chief.presses("Give the all-clear now")
        await all_public(on)
        await chief.reads(HERE)
        assert not links_of(chief.shown, "Give the all-clear"), "the public has it"


async def test_a_message_is_deleted_without_a_word_where_a_channel_can_and_the_page_says_where_it_stays(
    tmp_path: Path,
) -> None:
    """No template is needed for it; where no channel can delete, it is not offered, and the page says what to do."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        message = await line(on)
        await chief.reads(HERE)
        seen = await taps(chief, "Withdraw")
        places = [on.register.channels[one].title for one in ("site", "email")]
        stays = "nothing can be deleted there. Words that take the message back can be published instead."
        assert f"{', '.join(places)}: {stays}" in seen
        assert "Delete it without a word" not in seen, "no channel of the message can"
        here = f"{HERE}/messages/{message}/delete"
        assert "It cannot be deleted without a word" in await chief.reads(here)
        assert "Yes, delete it there" not in chief.buttons
        email = on.register.channels["email"].model_copy(update={"kind": "memory", "options": {"plays": "bluesky"}})
        on.editions.append(on.register.model_copy(update={"channels": {**on.register.channels, "email": email}}))
        await chief.reads(f"{HERE}/messages/{message}/withdraw")
        assert f"Delete it without a word on {places[1]}?" in await taps(
            chief, f"Delete it without a word on {places[1]}"
        )
        assert f"{places[0]}: {stays}" in read(chief.shown)
        assert f"{places[0]}: ni ellir dileu dim yno." in await chief.reads(here, language="cy")
        await chief.reads(here, language="en")
        await chief.presses("Yes, delete it there")
        assert "It is about: Line" in await chief.reads(f"{HERE}/record")
        assert f"to {message} signed off by" in await chief.reads(f"{HERE}/record", exact="yes")


async def test_words_that_no_channel_took_are_told_on_the_incidents_page_with_the_reason(tmp_path: Path) -> None:
    """A person who reads only that nothing is public would think that nothing was tried."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        for one in on.channels.values():
            one._mode = "live"  # A channel whose credential is for another mode refuses.
        await ordered(on, DECLARED)
        await ordered(on, FIRST)
        async with asyncio.timeout(180):
            while (seen := await chief.reads(HERE)).count("did not take it") < len(on.channels):
                await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        assert "The exercise shows nothing of ours." in seen
        assert f"First word: {on.register.channels['site'].title} did not take it" in seen
        assert f"Who could mend it: {', '.join(on.register.keepers_of('site'))}. Then it can be" in seen


async def test_a_freeze_is_told_first_with_who_gave_it_and_what_still_goes_out(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await released(on)
        await ordered(on, Freeze(reason="We are not sure"))
        before, _, _ = (await chief.reads(HERE)).partition("What the exercise shows now")
        name = on.register.called(CHIEF)
        assert f"Frozen by {name} since 22:31: only corrections and withdrawals go out. We are not sure" in before
        assert "frozen" in await chief.reads("/")
        async with visiting(on, WRITER) as writer:
            for path in (HERE, "/"):
                seen = await writer.reads(path)
                assert re.search(rf"You cannot end it. Who can, now: [^:]*{re.escape(name)}", seen), path
                assert not links_of(writer.shown, "End the freeze")
        assert re.search(
            r"Steps of the crisis process 1 of \d+ are done. Begin the written log", await chief.reads(HERE)
        )
        case = OpenCase(
            sort=CaseSort.COMPLAINT, about="The car park was shut", answer_by=on.house.clock.now(), incident="inc-fire"
        )
        await ordered(on, case, subject=CASE)
        seen = await chief.reads(f"{HERE}/stand-down")
        assert "The exercise was promised the next word by 23:30. Release it first." in seen
        assert "Cases that stay open: 1. Give the all-clear complaint: The car park was shut" in seen
        assert CASE.id not in seen, "people know no identifiers"
        seen = await chief.reads(f"{HERE}/stand-down", language="cy")
        assert "Addawyd y gair nesaf yn yr ymarfer erbyn 23:30." in seen
        assert "Achosion sy'n aros ar agor: 1." in seen
        await chief.reads(HERE, language="en")
        await ordered(on, StandDown(reason="It was small"))
        seen = await chief.reads(HERE)
        assert "1 of 10 are done. All steps" in seen, "no step is the next once it is over"
        title = on.register.channels["site"].title
        assert re.search(
            rf"Stood down by .* It was small No all-clear on [^:]*{re.escape(title)}: it may still be", seen
        )
        assert links_of(chief.shown, "Give the all-clear") == [f"{HERE}/all-clear"]
        assert "Still open: complaint: The car park was shut" in seen
