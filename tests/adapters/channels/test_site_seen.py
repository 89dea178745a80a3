"""What a person sees: the site's pages in a real browser as large as a phone, with pictures of them.

The pictures are left in the folder that `HOLDINGLINE_PICTURES` names, if it names one.
"""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.adapters.pictures import pictures_of
from agents.exercise import Options, report, run
from streams.values import Purpose
from streams.words.delivery import Dispatch
from streams.words.release import Credit
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.channels.pictured import pictured, put
from tests.adapters.grounds import site
from tests.browser import PHONE, Tab, axe, on_a_phone
from tests.exercise.scripts import script, written

PNG = b"\x89PNG\r\n\x1a\n"
CREDIT = Credit(partner="fire", partner_name="Fire service", account_id="a", post_id="p", url="https://fire.example/p")
LONG_WORD = "https://alerts.trust.example/" + "a-very-long-address-without-any-space" * 4


def story(mode: str) -> Sequence[Dispatch]:
    """Every kind of post: a first word, a wrong line and its correction, one withdrawn, a partner's, an update."""
    theirs = dispatch("theirs", purpose=Purpose.AMPLIFICATION, texts={"en": f"Fire service: stay away. {LONG_WORD}"})
    theirs = theirs.model_copy(update={"message": theirs.message.model_copy(update={"credit": CREDIT}).sealed()})
    wrong = {"en": "The fire is in the east wing.", "cy": "Mae'r tân yn yr adain ddwyreiniol."}
    mended = {"en": "CORRECTION. It is the west wing.", "cy": "CYWIRIAD. Yr adain orllewinol ydyw."}
    back = {"en": "We took a message back. We are sorry.", "cy": "Rydym wedi tynnu neges yn ôl. Mae'n ddrwg gennym."}
    told = [
        dispatch("first", mode=mode) if mode == DRILL else pictured(),
        dispatch("wrong", purpose=Purpose.LINE, texts=wrong, mode=mode, minutes=5),
        dispatch("mended", purpose=Purpose.CORRECTION, texts=mended, follows="wrong", mode=mode, minutes=10),
        dispatch("taken", purpose=Purpose.LINE, texts=wrong | {"en": "All clinics are open."}, mode=mode, minutes=12),
        dispatch("back", purpose=Purpose.WITHDRAWAL, texts=back, follows="taken", mode=mode, minutes=15),
        dispatch(
            "last",
            purpose=Purpose.LINE,
            texts={"en": "The fire is out.", "cy": "Mae'r tân wedi'i ddiffodd."},
            mode=mode,
            minutes=20,
        ),
    ]
    return [*told, theirs] if mode == "live" else told


async def seen(tab: Tab, page: Path, name: str) -> None:
    """Open the page, keep its picture, and find nothing that keeps anybody out."""
    await tab.open(page)
    picture = await tab.picture()
    assert picture.startswith(PNG)
    if folder := os.environ.get("HOLDINGLINE_PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(picture)
    wide = await tab.value("document.documentElement.scrollWidth")
    assert wide <= PHONE[0], f"{name} is {wide} wide: a person has to scroll sideways"
    await tab.value(f"{axe()}; undefined")
    found = json.loads(await tab.value("axe.run().then(found => JSON.stringify(found.violations))"))
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("languages", ["en,cy", "cy,en"])
@pytest.mark.parametrize("mode", ["live", DRILL])
async def test_the_page_fits_a_phone_and_keeps_nobody_out(tmp_path: Path, languages: str, mode: str) -> None:
    """With posts of every kind, in English and Welsh, whichever leads; also a drill's, with its band."""
    channel = site(tmp_path, mode, options={"languages": languages})
    put(tmp_path / "data")
    channel._pictures = pictures_of(tmp_path / "data")
    for one in story(mode):
        await channel.publish(one)
    async with on_a_phone() as tab:
        await seen(tab, tmp_path / "public" / "index.html", f"site-{mode}-{languages.replace(',', '-')}")


async def test_the_banner_fits_a_phone_at_the_top_of_another_page(tmp_path: Path) -> None:
    """As a trust's page includes it, with nothing of ours around it."""
    await site(tmp_path, "live").publish(dispatch())
    banner = (tmp_path / "public" / "banner.html").read_text("utf-8")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A trust</title>'
    page = tmp_path / "trust.html"
    page.write_text(
        f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{banner}<main><h1>A trust</h1></main></body></html>',
        "utf-8",
    )
    async with on_a_phone() as tab:
        await seen(tab, page, "banner")


def test_the_report_of_a_drill_fits_a_phone(tmp_path: Path) -> None:
    """With the first word side by side on every kind of channel."""
    played = asyncio.run(run(written(tmp_path, **script()), Options(speed=1_000)))
    page = report(played, tmp_path / "report")

    async def look() -> None:
        async with on_a_phone() as tab:
            await seen(tab, page, "report")

    asyncio.run(look())
