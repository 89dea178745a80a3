"""Who says yes at the console reads on which channels the picture is, what it shows, and where the words are all."""

from pathlib import Path

import pytest

from agents.console.drawing import Drawing
from agents.console.pages.shown import PICTURE_BYTES_MAX, is_shown, shown_on
from agents.runtime.views.console_words import console_says
from streams.telling.deliveries import told_picture_after, told_renderings
from streams.values import LIVE, Purpose
from streams.words.register.entries import ChannelEntry
from tests import builders
from tests.adapters.channels.dispatches import dispatch
from tests.adapters.channels.pictured import ALT, picture, pictured, png, put
from tests.console.asking import browser
from tests.console.bench import LARGE, night
from tests.console.visitor import read
from tests.examples import CHIEF

ONE = {"language": "en"}
PLACES = {"facebook": ("facebook", ONE), "x": ("x", ONE), "teams": ("teams", {"languages": "en,cy"})}
REGISTER = builders.register(
    channels={
        name: ChannelEntry(id=name, kind=kind, title=name, owner="comms", options=options)
        for name, (kind, options) in PLACES.items()
    }
)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["With the picture gates.png (Northgate estates) on facebook, x.", "Without the picture on teams"]),
        ("cy", ["Gyda'r llun gates.png (Northgate estates) ar facebook, x.", "Heb y llun ar teams"]),
    ],
)
def test_the_page_says_where_the_picture_is_and_where_not(language: str, says: list[str]) -> None:
    """With the text for people who cannot see it, in the language that each channel speaks."""
    drawing, message = Drawing(), pictured().message
    message = message.model_copy(update={"channels": tuple(PLACES)})
    macros = drawing._pages.get_template("macros.html.j2").module
    page = read(macros.shown(shown_on(message, REGISTER, mode=LIVE), console_says(language, is_live=True)))  # type: ignore[attr-defined] # the template's own macro
    assert [one for one in [*says, ALT["en"]] if one not in page] == []


def test_the_page_says_how_many_people_the_words_reach_where_the_register_knows() -> None:
    drawing, message = Drawing(), pictured().message
    known = REGISTER.channels["teams"].model_copy(update={"audience": "900 colleagues"})
    macros = drawing._pages.get_template("macros.html.j2").module
    for register, told in ((REGISTER, 0), (REGISTER.model_copy(update={"channels": {"teams": known}}), 1)):
        message = message.model_copy(update={"channels": tuple(register.channels)})
        page = read(macros.shown(shown_on(message, register, mode=LIVE), console_says("en", is_live=True)))  # type: ignore[attr-defined] # the template's own macro
        assert page.count("As far as known, it reaches: teams: 900 colleagues") == told, page


def test_the_command_line_says_the_same() -> None:
    message = pictured().message.model_copy(update={"channels": tuple(PLACES)})
    lines = "\n".join(told_renderings(message, REGISTER, mode=LIVE))
    assert "shown on facebook, x" in lines
    assert "not shown on teams: there the words are all" in lines


def test_who_corrects_words_with_a_picture_is_told_what_becomes_of_it() -> None:
    """On each channel of the correction that showed it; a withdrawal takes it away, so nothing is to be said."""
    first = pictured().message.model_copy(update={"channels": tuple(PLACES)})
    mends = dispatch("second", purpose=Purpose.CORRECTION).message.model_copy(
        update={"channels": ("facebook", "teams")}
    )
    lines = [*told_picture_after(mends, first, register=REGISTER)]
    assert "if it is wrong too, withdraw them instead" in lines[0]
    assert lines[1:] == ["  facebook: it stays, beside the corrected words"]
    assert [*told_picture_after(mends, dispatch().message, register=REGISTER)] == []
    withdraws = dispatch("third", purpose=Purpose.WITHDRAWAL).message
    assert [*told_picture_after(withdraws, first, register=REGISTER)] == []


async def test_only_people_who_are_asked_or_signed_in_see_a_picture_and_only_one_of_the_register(
    tmp_path: Path,
) -> None:
    """Its kind is that of the register, no browser guesses another; a file that was changed is shown to nobody."""
    at = f"/pictures/{picture(LARGE).digest}"
    async with night(tmp_path, has_picture=True) as on, browser(on, CHIEF) as chief, browser(on) as stranger:
        found = await chief.get(at)
        assert (found.status, found.headers["Content-Type"]) == (200, "image/png")
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert found.headers["Cache-Control"] == "private, max-age=3600"
        assert (await stranger.get(at)).status == 303
        for name in ("0" * 64, "gates.png", "..%2Fgates.png"):
            assert (await chief.get(f"/pictures/{name}")).status == 404
        put(on.files, png(side=479))
        assert (await chief.get(at)).status == 404


def test_a_picture_that_a_telephone_cannot_load_is_named_and_not_shown() -> None:
    large = picture(size_bytes=PICTURE_BYTES_MAX + 1)
    message = pictured(one=large).message.model_copy(update={"channels": tuple(PLACES)})
    assert {one.picture_at for one in shown_on(message, REGISTER, mode=LIVE)} == {""}
    assert is_shown(picture(size_bytes=PICTURE_BYTES_MAX))
