"""Words that another person has to say yes to: a line, a correction in its own words, a template's message proposed."""

import re
from html import unescape
from pathlib import Path

import pytest
import typer

from agents.entrypoints.cli.methane_prompts import _of
from streams.values import TRAINING, Hashtag, Identifier, Word
from streams.words.release import Release
from streams.words.stops import ReturnDraft
from tests.console.bench import Night, night
from tests.console.visitor import DECLARED, FIRE, links_of, ordered, read, taps, visiting
from tests.examples import CHIEF, NOW, WRITER

HERE = f"/incidents/{FIRE.id}"
FIRST = Release(
    template="fire", slots={"place": "Ysbyty Ardudwy", "time": "22:31"}, next_update_at=NOW.replace(hour=23, minute=30)
)
WORDS = {
    "en": "The fire at Ysbyty Ardudwy, which began at 22:31, is out. The next update comes by 23:45.",
    "cy": "Mae'r tân yn Ysbyty Ardudwy, a ddechreuodd am 22:31, wedi'i ddiffodd. Daw'r diweddariad nesaf erbyn 23:45.",
}
TYPED = {
    "asked": "yes",
    "text-en": WORDS["en"],
    "text-cy": WORDS["cy"],
    "what-en": "fire",
    "what-cy": "tân",
    "where": "Ysbyty Ardudwy",
    "when": "22:31",
    "next_update": "23:45",
    "channel": "email",
}


async def declared(on: Night) -> None:
    await ordered(on, DECLARED)


async def test_a_writer_hands_in_a_line_and_reads_who_is_asked(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        empty = await writer.reads(f"{HERE}/draft")
        assert "Write a line" in empty
        assert 'value="Ysbyty Ardudwy"' in writer.shown, "what the report says is there already"
        assert "Hand it in" not in empty
        seen = await writer.sends(f"{HERE}/draft", TYPED)
        assert WORDS["cy"] in seen
        assert "Nest Aberdulas" in seen, "who is asked is named before"
        said = await writer.presses("Hand it in for a yes")
        shown = await writer.reads(said["next"])
        assert "Your order was carried out" in shown
        assert "A message waits for a yes" in shown


async def test_who_wrote_a_line_reads_who_sent_it_back_and_why_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Once, in a sentence without an identifier: it was told as a search that is over, and as a draft by its number."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        await writer.sends(f"{HERE}/draft", TYPED)
        await writer.presses("Hand it in for a yes")
        (draft,) = (await on.door.incidents())[FIRE.id].drafts
        await ordered(on, ReturnDraft(message_id=draft, reason="It burns still"))
        seen, chief = await writer.reads(HERE), on.register.called(CHIEF)
        told = r"sent words back that waited for a yes, 22:3\d. They do not go out. It burns still"
        assert re.search(f"{re.escape(chief)} {told}", seen)
        assert seen.count("It burns still") == 1
        assert draft not in seen
        assert "words sent back" in await writer.reads("/")
        assert f"Anfonodd {chief} eiriau" in await writer.reads(HERE, language="cy")
        (again,) = links_of(writer.shown, "Ei gywiro a'i gyflwyno eto")
        await writer.reads(again, language="en")
        fields = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', writer.shown))
        assert {name: unescape(text) for name, text in fields.items() if text} == {
            name: text for name, text in TYPED.items() if name.startswith(("text-", "short-")) and text
        }


async def test_a_refusal_names_powers_and_types_as_people_say_them(tmp_path: Path) -> None:
    """The record keeps their names in the register's files, which few people of the trust have read."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer, visiting(on) as chief:
        await declared(on)
        seen = await writer.reads(f"{HERE}/release/fire")
        assert "may release a first word for business continuity, critical incidents only, this one is major" in seen
        assert "has no power to write a line: ask one of those who have" in await chief.reads(f"{HERE}/draft")


async def test_what_was_typed_stays_however_long_it_is_and_what_is_wrong_stands_beside_it(tmp_path: Path) -> None:
    long = (WORDS["en"] + " " + "Please keep the road free for the fire engines. " * 70)[:3000].strip()
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        await writer.sends(f"{HERE}/draft", {**TYPED, "text-en": long, "next_update": "soon"})
        assert long in writer.shown
        assert "Next update by: " in read(writer.shown)
        assert not writer.buttons
        seen = await writer.sends(f"{HERE}/draft", {**TYPED, "text-en": long})
        assert "email takes 2000: shorten it" in seen
        short = long[:1900].rpartition(".")[0] + "."
        seen = await writer.sends(f"{HERE}/draft", {**TYPED, "text-en": short})
        assert seen.count(short[-200:]) >= 2, "in its field and as it is read"
        await writer.presses("Hand it in for a yes")


@pytest.mark.parametrize(
    ("typed", "told"), [({"when": "21:05"}, "21:05"), ({"where": "Ysbyty Caerfelin"}, "Caerfelin")]
)
async def test_a_line_that_the_rules_refuse_is_told_why(typed: dict[str, str], told: str, tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        seen = await writer.sends(f"{HERE}/draft", {**TYPED, **typed})
        assert "This would be refused" in seen
        assert told in seen.partition("This would be refused")[2]
        assert not writer.buttons


UNFIT = {
    "name": ("x" * 201, Word),
    "exact_location": ("Ward\u200b 4", Word),
    "hashtags": ("#Ardudwy Fire", Hashtag),
    "incident": ("Fire at Ysbyty Ardudwy", Identifier),
}


async def test_what_declares_is_refused_beside_its_field_in_the_sentence_of_the_prompt(tmp_path: Path) -> None:
    """And what was typed stays. A name in small letters is one, as on the command line."""
    plain = {"asked": "yes", "exact_location": "Ysbyty Ardudwy", "type_of_incident": "fire", "name": "fire at ysbyty"}
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        for field, (text, kind) in UNFIT.items():
            with pytest.raises(typer.BadParameter) as told:
                _of(kind)(text)
            seen = await chief.sends("/declare", {**plain, field: text})
            assert (chief.status, [*chief.buttons]) == (200, [])
            assert f"Error: {told.value}" in seen
            assert "String should" not in seen
            assert f'value="{text}"' in chief.shown
        await chief.sends("/declare", {**plain, "hashtags": "#Ardudwy #Fire"})
        assert chief.buttons["Declare now"]["order"]["body"]["hashtags"] == ["#Ardudwy", "#Fire"]


async def test_a_person_without_the_power_reads_who_could_write_a_line(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "gwilym.heddfan") as director:
        await declared(on)
        seen = await director.sends(f"{HERE}/draft", TYPED)
        assert "Lowri Penfynach" in seen.partition("These people could do it now")[2]


async def test_a_person_without_the_power_reads_so_before_they_type_a_word(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "gwilym.heddfan") as director:
        await declared(on)
        seen = await director.reads(f"{HERE}/draft")
        assert "Lowri Penfynach" in seen.partition("These people could do it now")[2]
        assert "<textarea" not in director.shown


async def test_who_may_not_release_asks_for_a_yes_with_the_same_words(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        seen = await writer.reads(f"{HERE}/release", next_update="23:30")
        assert "Release now to the public" not in seen
        assert "This would be refused" not in seen, "nothing is wrong with the words"
        first, _, words = seen.partition("What the public will read")
        assert "Another person has to say yes: ask for it below" in first
        assert "These people will be asked, one after the other, until one answers" in first
        assert "These people will be asked" not in words
        assert "As far as known, it reaches: E-mail to newsrooms, councils and responders: one newsroom" in seen
        await writer.presses("Ask for a yes")
        assert "A message waits for a yes" in await writer.reads(HERE)


async def test_a_correction_in_its_own_words_goes_where_the_wrong_words_are(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await declared(on)
        (first, *_) = await ordered(on, FIRST, by=CHIEF)
        message = first.body.message.id  # type: ignore[union-attr] # that is what the order gives
        seen = await writer.reads(f"{HERE}/draft", follows=message)
        assert "Correct it in your own words" in seen
        assert writer.shown.count("checked") == len(first.body.message.channels)  # type: ignore[union-attr] # that is what the order gives
        typed = [("asked", "yes"), ("follows", message), ("channel", "site"), ("channel", "email")]
        right = {"en": "CORRECTION. The fire is at Ysbyty Caerfelin.", "cy": "CYWIRIAD. Mae'r tân yn Ysbyty Caerfelin."}
        await writer.sends(f"{HERE}/draft", [*typed, *((f"text-{one}", text) for one, text in right.items())])
        await writer.presses("Hand it in for a yes")
        async with visiting(on, CHIEF) as chief:
            await chief.reads(HERE)
            seen = await taps(chief, "A message waits for a yes.")
            assert "There is a fire at Ysbyty Ardudwy" in seen, "the wrong words stand beside the right ones"
            await chief.presses("Yes, these words may go out")
