"""The banner for the trust's other pages: there while a word of ours holds, and never from a drill."""

import json
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from streams.values import Purpose
from streams.words.delivery import Dispatch
from streams.words.release import Credit
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.grounds import site

FIRST = dispatch("first")
LINE = dispatch("line", purpose=Purpose.LINE, texts={"en": "The fire is in the east wing."}, minutes=10)
CORRECTION = dispatch(
    "mended", purpose=Purpose.CORRECTION, texts={"en": "It is the west wing."}, follows="line", minutes=20
)
BACK = dispatch("back", purpose=Purpose.WITHDRAWAL, texts={"en": "We were wrong."}, follows="first", minutes=15)
UNMENDED = dispatch("un", purpose=Purpose.WITHDRAWAL, texts={"en": "Nor west."}, follows="mended", minutes=30)
ALL_CLEAR = dispatch("over", purpose=Purpose.ALL_CLEAR, texts={"en": "The fire is out."}, minutes=40)
CREDIT = Credit(partner="fire", partner_name="Fire service", account_id="a", post_id="p")


async def banner(folder: Path, *dispatches: Dispatch, mode: str = "live") -> dict[str, Any] | None:
    """What a program reads, which is what the piece of HTML says too."""
    channel = site(folder, mode)
    for each in dispatches:
        await channel.publish(each)
    shown: dict[str, Any] | None = json.loads((folder / "public" / "banner.json").read_bytes())["banner"]
    content = (folder / "public" / "banner.html").read_text("utf-8")
    assert bool(content) is (shown is not None)
    if shown:
        root = lxml.html.fragment_fromstring(content)
        assert root.tag == "section"
        assert f"emergency-banner--{shown['campaign_class']}" in root.get("class")
        for block, part in zip(root.findall("div"), shown["languages"].values(), strict=True):
            assert [block.findtext("h2"), block.findtext("a")] == [part["heading"], part["link_text"]]
            assert "\n".join(one.text_content() for one in block.findall("p")) == part["short_description"]
            assert block.find("a").get("href") == shown["link"]
    return shown


async def test_it_has_the_parts_of_the_national_banner_in_each_language(tmp_path: Path) -> None:
    """Class, heading, short description and a link to the message on the page."""
    shown = await banner(tmp_path, FIRST)
    assert shown is not None
    assert shown["campaign_class"] == "local-emergency"
    page = lxml.html.fromstring((tmp_path / "public" / "index.html").read_bytes())
    assert page.get_element_by_id(shown["link"].partition("#")[2]).tag == "article"
    assert list(shown["languages"]) == ["en", "cy"]
    assert shown["languages"]["en"] == {
        "heading": "Fire – Northgate Hospital",
        "short_description": FIRST.message.text_for("en"),
        "link_text": "More information",
    }
    assert shown["languages"]["cy"]["link_text"] == "Rhagor o wybodaeth"


@pytest.mark.parametrize(
    ("story", "stands"),
    [
        ([FIRST], FIRST),
        ([FIRST, LINE], LINE),
        ([FIRST, LINE, CORRECTION], CORRECTION),
        ([FIRST, BACK], None),
        ([FIRST, LINE, BACK], LINE),
        ([FIRST, ALL_CLEAR], None),
        ([FIRST, LINE, CORRECTION, UNMENDED], FIRST),
        ([FIRST, LINE, CORRECTION, ALL_CLEAR], None),
        ([ALL_CLEAR, FIRST], None),
    ],
)
async def test_it_shows_our_newest_word_that_holds(
    tmp_path: Path, story: list[Dispatch], stands: Dispatch | None
) -> None:
    """In whatever order the words arrive; with the withdrawal or the all-clear it is gone."""
    shown = await banner(tmp_path, *story)
    said = shown["languages"]["en"]["short_description"] if shown else None
    assert said == (stands.message.text_for("en") if stands else None)


async def test_the_end_of_one_incident_leaves_the_word_of_another(tmp_path: Path) -> None:
    other = dispatch("flood", texts={"en": "There is a flood."}, minutes=5).model_copy(update={"incident_id": "inc-2"})
    shown = await banner(tmp_path, FIRST, other, ALL_CLEAR)
    assert shown is not None
    assert shown["languages"]["en"]["short_description"].startswith("There is a flood.")


async def test_a_partners_post_makes_no_banner(tmp_path: Path) -> None:
    """It is not our word."""
    theirs = dispatch("theirs", purpose=Purpose.AMPLIFICATION)
    message = theirs.message.model_copy(update={"credit": CREDIT}).sealed()
    assert await banner(tmp_path, theirs.model_copy(update={"message": message})) is None


async def test_a_drill_leaves_no_banner_that_a_page_could_include(tmp_path: Path) -> None:
    """Not even an empty one: the pages of the trust would ask the drill for it."""
    await site(tmp_path, DRILL).publish(dispatch(mode=DRILL))
    assert not [*(tmp_path / "public").glob("banner*")]


async def test_words_with_markup_stay_words(tmp_path: Path) -> None:
    sly = dispatch(texts={"en": "<script>alert(1)</script> & </section>\nsecond"})
    shown = await banner(tmp_path, sly)
    assert shown is not None
    assert "<script" not in (tmp_path / "public" / "banner.html").read_text("utf-8")
