"""Hashtags that people use: shown with their reasons, offered where words are prepared, and used only if chosen."""

from pathlib import Path

from streams.values import TRAINING
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListed
from streams.words.listening.tags import NoteTags, TagUse, TagWithheld
from tests.console.bench import Night, night
from tests.console.visitor import DECLARED, FIRE, ordered, visiting
from tests.examples import CHIEF, NOW, WRITER

HERE = f"/incidents/{FIRE.id}"
USE = TagUse(tag="#ardudwyfire", people=19, minutes=10, before=0, partner="police", partner_name="Ardudwy Police")
OURS = TagUse(tag="#ardudwy", people=7, minutes=12)
NOTED = NoteTags(
    tags=(USE, OURS),
    withheld=(TagWithheld(people=6, minutes=9, reason="it may name a person"),),
    overtook="#ardudwy",
)
REASON = "19 people within 10 min; not seen in the week before; Ardudwy Police uses it"


async def noted(on: Night) -> None:
    await ordered(on, DECLARED)
    await ordered(on, NOTED, by="mentions-agent")


async def test_the_incident_and_its_briefing_show_the_hashtags_and_why_one_is_not_offered(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        await noted(on)
        seen = await chief.reads(HERE)
        assert f"#ardudwyfire: {REASON}; it overtook #ardudwy" in seen
        assert "7 people within 12 min; it is ours" in seen
        assert "A hashtag is not offered (people: 6): it may name a person" in seen
        seen = await chief.reads(f"{HERE}/briefing")
        assert "#ardudwyfire: 19 people used it within 10 min, and Ardudwy Police uses it, so it is offered" in seen
        assert "#ardudwy: 7 people used it within 12 min, so it is offered. Messages of ours with it: 0." in seen
        assert "More people use #ardudwyfire now than #ardudwy" in seen
        assert "A hashtag of 6 people is not offered: it may name a person." in seen


async def test_a_release_goes_out_with_the_hashtag_that_was_ticked_and_else_with_ours_alone(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        await noted(on)
        seen = await chief.reads(f"{HERE}/release")
        assert REASON in seen
        assert "#Ardudwyfire" not in seen, "nothing is used by itself"
        chosen = await chief.reads(f"{HERE}/release?hashtag=%23ardudwyfire")
        assert "#Ardudwyfire #Ardudwy" in chosen
        other = await chief.reads(f"{HERE}/release?hashtag=%23other")
        assert "the hashtag #other was not offered" in other


async def test_a_line_takes_the_hashtag_that_was_ticked_before_ours(tmp_path: Path) -> None:
    texts = {"en": "The fire at Ysbyty Ardudwy, which began at 22:31, is out. The next update comes by 23:45."}
    typed = {
        "asked": "yes",
        "text-en": texts["en"],
        "what-en": "fire",
        "where": "Ysbyty Ardudwy",
        "when": "22:31",
        "next_update": "23:45",
        "channel": "email",
    }
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, WRITER) as writer:
        await noted(on)
        assert REASON in await writer.reads(f"{HERE}/draft")
        assert "#Ardudwyfire" not in await writer.sends(f"{HERE}/draft", typed)
        assert "#Ardudwyfire #Ardudwy" in await writer.sends(f"{HERE}/draft", {**typed, "hashtag": "#ardudwyfire"})


async def test_the_reasons_are_read_in_welsh_too(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        await noted(on)
        await chief.reads("/?language=cy")
        seen = await chief.reads(HERE)
        assert "Hashnodau y mae pobl yn eu defnyddio" in seen
        assert "mae Ardudwy Police yn ei ddefnyddio" in seen


async def test_posts_of_listed_authors_are_a_line_of_the_incident_and_of_its_briefing(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        await ordered(on, DECLARED)
        await ordered(on, NoteListed(category=InfluenceCategory.LOCAL_MEDIA, posts=2, since=NOW), by="mentions-agent")
        for path in (HERE, f"{HERE}/briefing"):
            assert "On your influence list, local media post about this: 2 posts since" in await chief.reads(path)


async def test_the_register_shows_the_influence_list(tmp_path: Path) -> None:
    """With who vouched, and when somebody is to look again."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, CHIEF) as chief:
        seen = await chief.reads("/register")
        vouched = on.register.called("dilys.maenhir")
        assert f"Ardudwy Herald, local media: {vouched} vouched; look again on 2028-11-30" in seen
