"""What is public is mended in two taps: a tap on the incident's page, and one on the page that shows the new words."""

import re
from pathlib import Path

from streams.values import TRAINING
from streams.words.incident import StandDown
from streams.words.release import Amplify, Credit, DraftLine, SignOff
from tests.console.bench import Night, night
from tests.console.test_lines import FIRST, HERE, WORDS
from tests.console.visitor import DECLARED, all_public, ordered, taps, visiting
from tests.examples import CHIEF, NOW, WRITER


async def released(on: Night) -> str:
    """The message of a first word that is out."""
    await ordered(on, DECLARED)
    facts = await ordered(on, FIRST)
    await all_public(on)
    return facts[0].body.message.id  # type: ignore[union-attr] # that is what the order gives


async def line(on: Night) -> str:
    """The message of a line that is out, made from no template."""
    await ordered(on, DECLARED)
    body = DraftLine(
        texts=WORDS,
        channels=("site", "email"),
        what={"en": "fire", "cy": "tân"},
        where="Ysbyty Ardudwy",
        when="22:31",
        next_update_at=NOW.replace(hour=23, minute=45),
    )
    (drafted, *_) = await ordered(on, body, by=WRITER)
    message = drafted.body.message  # type: ignore[union-attr] # that is what the order gives
    await ordered(on, SignOff(message_id=message.id, content_hash=message.content_hash))
    return message.id


async def test_a_first_word_is_withdrawn_and_corrected_in_two_taps_each(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        message = await released(on)
        await chief.reads(HERE)
        assert "CORRECTION" in await taps(chief, "Correct")
        await chief.presses("Correct now, in public")
        await chief.reads(HERE)
        assert "withdrawn" in await taps(chief, "Withdraw")
        said = await chief.presses("Withdraw now, in public")
        assert message
        assert said["next"].startswith(HERE)


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
        await chief.reads(HERE)
        seen = await taps(chief, "Give the all-clear")
        assert "is out and the incident is over" in seen
        assert {"site", "email"} <= set(re.findall(r"<h3[^>]*>(\w+) ·", chief.shown))
        await chief.presses("Give the all-clear now")
        await ordered(on, StandDown(reason="It is over"), by=CHIEF)


async def test_a_message_is_deleted_without_a_word_where_a_channel_can_and_the_page_says_where_it_stays(
    tmp_path: Path,
) -> None:
    """No template is needed for it; where no channel can delete, the page says what to do instead."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        message = await line(on)
        await chief.reads(HERE)
        await taps(chief, "Withdraw")
        assert "site, email cannot delete without a word: release a withdrawal" in await taps(
            chief, "Delete it without a word, where a channel can"
        )
        email = on.register.channels["email"].model_copy(update={"kind": "memory", "options": {"plays": "bluesky"}})
        on.editions.append(on.register.model_copy(update={"channels": {**on.register.channels, "email": email}}))
        here = f"{HERE}/messages/{message}/delete"
        while "Delete it without a word on email?" not in (seen := await chief.reads(here)):
            await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        assert "Its words stay on site." in seen
        await chief.presses("Yes, delete it there")
        assert f"to {message} signed off by" in await chief.reads(f"{HERE}/record")
