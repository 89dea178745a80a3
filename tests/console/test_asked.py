"""The deputy's telephone: a page comes with a link, the link opens just that decision, and the passkey says yes."""

from datetime import timedelta
from pathlib import Path

import pytest

from streams.values import TRAINING, IncidentType
from streams.words.incident import Declare, Methane
from streams.words.release import DraftLine, Propose, Release
from tests.adapters.channels.pictured import ALT
from tests.browser import on_a_phone
from tests.console.bench import RP_ID, credential, night, pkcs8, seen
from tests.examples import CHIEF, DIRECTOR, NOW, WRITER

OFFICER = "hari.okonwell"
METHANE = Methane(major_incident=True, exact_location="Ysbyty Ardudwy", type_of_incident="fire")
FIRE = Declare(name="Fire, Ysbyty Ardudwy", type=IncidentType.MAJOR, level=3, methane=METHANE)
WORDS = Release(
    template="fire",
    slots={"place": "Ysbyty Ardudwy", "time": "22:29"},
    next_update_at=NOW + timedelta(minutes=55),
)
LINE = DraftLine(
    texts={
        "en": "The fire at Ysbyty Ardudwy, which began at 22:29, is out. The next update comes by 23:45.",
        "cy": "Mae'r tân yn Ysbyty Ardudwy, a ddechreuodd am 22:29, wedi'i ddiffodd. Daw'r nesaf erbyn 23:45.",
    },
    channels=("site", "email"),
    what={"en": "fire", "cy": "tân"},
    where="Ysbyty Ardudwy",
    when="22:29",
    next_update_at=NOW.replace(hour=23, minute=45),
)


@pytest.mark.slow
async def test_who_is_asked_opens_the_link_sees_the_picture_and_says_yes_with_two_taps(tmp_path: Path) -> None:
    """To a template's message, and to a line that its author cannot sign."""
    async with night(tmp_path, has_picture=True) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        await on.give(Propose(release=WORDS), by=OFFICER)
        page = await on.paged(DIRECTOR)
        words, _, link = page.text.partition("Open: ")
        assert "holdingline " not in words, "who reads it on a telephone has no terminal"
        await tab.holds(credential(DIRECTOR), pkcs8(DIRECTOR), rp_id=RP_ID, user=DIRECTOR)
        await tab.go(link)
        await tab.shows("Your yes is asked for")
        await tab.shows("There is a fire at Ysbyty Ardudwy")
        shown = "[...document.querySelectorAll('.hl-picture')].map((one) => [one.naturalWidth, one.alt])"
        assert await tab.value(f"Promise.all([...document.images].map((one) => one.decode())).then(() => {shown})")
        assert set(map(tuple, await tab.value(shown))) <= {(480, text) for text in ALT.values()}
        await seen(tab, "sign-off")
        # It opens that decision and nothing else.
        assert await tab.value("fetch('/').then((answer) => answer.url)") == f"{on.origin}/sign-in?next=/"
        await tab.press("Yes, these words may go out")
        await tab.shows("Done. You can close this page.")
        await seen(tab, "signed-off")
        assert len(on.channels["site"].shown) == 1
        # Whoever opens it afterwards gets no more out of it than anybody.
        await tab.go(link)
        await tab.shows("Sign in")
        await on.give(LINE, by=WRITER)
        page = await on.paged(DIRECTOR, about="is out")
        await tab.go(page.text.partition("Open: ")[2])
        await tab.shows("The fire at Ysbyty Ardudwy, which began at 22:29, is out.")
        await seen(tab, "sign-off-line")
        await tab.press("Yes, these words may go out")
        await tab.shows("Done. You can close this page.")
        assert len(on.channels["site"].shown) == 2


@pytest.mark.slow
async def test_in_a_drill_the_link_is_enough_for_a_person_without_a_key(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, on_a_phone() as tab:
        await on.give(FIRE, by=CHIEF)
        await on.give(Propose(release=WORDS), by=OFFICER)
        _, _, link = (await on.paged(DIRECTOR)).text.partition("Open: ")
        await tab.go(link)
        await tab.press("Yes, these words may go out")
        await tab.shows("Done. You can close this page.")
        assert len(on.channels["site"].shown) == 1
