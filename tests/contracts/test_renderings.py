"""What the approver was shown is what each channel sends: the same function made both, and the servers say so."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random

import lxml.html
import pytest

from streams.decisions.wording.shown.renderings import Rendering, renderings, shown_digest
from streams.words.register.entries import ChannelEntry, Register
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.grounds import GROUNDS, SITE, Ground, entry, site

SERVERS = [name for name in GROUNDS if name != "site" and not name.startswith("memory")]
PIECES = (
    *(
        "Tân yn Ysbyty Tŷ Gwyn",
        "Ŵyna",
        "fire",
        "22:31",
        "e\u0301",
        "100 %",
        "{",
        "}",
        "[x](y)",
        "**",
        "<b>",
        "&amp;",
        "\\",
        "~",
    ),
    *(
        "👨‍👩‍👧‍👦",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "⚠️ –",
        "“quoted”",
        "it’s",
        "'",
        '"',
        "€",
        "£",
        "#Northgate",
        "#1",
        "@somebody",
        "$&",
        "%s",
        "=C5",
    ),
    *(
        "https://alerts.trust.example/tân?a=1&b=2#now",
        "(https://trust.example/a_b_c).",
        "From the start",
        ".",
        "..",
        "\n",
        "\n\n",
    ),
    *("حريق", "שריפה", "火事", "a\u00a0b", "--", "-- ", "* * *", "_under_", "`code`", "1. one", "> said"),
)


def texts(seed: str) -> dict[str, str]:
    """Two texts of pieces that servers and formats have been known to change."""
    chosen = Random(seed)
    said = {one: " ".join(chosen.choices(PIECES, k=chosen.randint(3, 9))) for one in ("en", "cy")}
    return {language: f"{language} {seed} {text}".strip() for language, text in said.items()}


@pytest.fixture(params=SERVERS)
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    async with GROUNDS[request.param](tmp_path / "place", "live") as opened:
        yield opened


def on_server(parts: Sequence[Rendering]) -> str:
    """How a ground tells of these parts, which it counts as one publication."""
    return " ".join(one.text for one in sorted(parts, key=lambda one: one.languages))


async def test_a_server_gets_byte_for_byte_what_the_approver_was_shown(ground: Ground) -> None:
    """Texts with links, hashtags, markup, joined signs, both directions, odd spaces and line ends."""
    place = getattr(ground.channel, "_entry", None)
    assert isinstance(place, ChannelEntry)
    sent = [dispatch(f"m{number}", texts=texts(f"m{number}"), minutes=number) for number in range(8)]
    for one in sent:
        await ground.channel.publish(one)
    shown = [renderings(one.message, place, mode="live") for one in sent]
    # A letter's lines end as its standard says; no text of ours has such an end.
    assert sorted(text.replace("\r\n", "\n") for text in ground.seen()) == sorted(map(on_server, shown))


async def test_the_page_says_line_by_line_what_the_approver_was_shown(tmp_path: Path) -> None:
    """Each language is a part of an article, with its title; a page shows no empty lines."""
    channel, sent = site(tmp_path, "live"), [dispatch(f"m{number}", texts=texts(f"m{number}")) for number in range(20)]
    for one in sent:
        await channel.publish(one)
    page = lxml.html.fromstring((tmp_path / "public" / "index.html").read_bytes())
    found = [
        ([line.text_content() for line in part.findall("div/p")], part.findtext("h3")) for part in page.iter("section")
    ]
    for one in sent:
        for part in renderings(one.message, entry("site", SITE), mode="live"):
            said = [line for line in part.text.split("\n") if line.strip()]
            (title,) = [title for lines, title in found if lines == said]
            assert title is not None
            assert title.endswith(f": {part.subject}")


@pytest.mark.parametrize("mode", ["live", DRILL])
def test_a_yes_is_bound_to_what_each_channel_shows(mode: str) -> None:
    """Another order of languages, another name below a letter or another word gives another digest."""
    given = dispatch(mode=mode).message
    places = {"place": entry("email", {"languages": "en,cy", "trust": "A trust"})}
    first = shown_digest(given, Register(trust="-", channels=places), mode=mode)
    for options in ({"languages": "cy,en", "trust": "A trust"}, {"languages": "en,cy", "trust": "Another"}):
        other = Register(trust="-", channels={"place": entry("email", options)})
        assert shown_digest(given, other, mode=mode) != first
    said = given.model_copy(update={"texts": {**given.texts, "cy": "Arall."}})
    assert shown_digest(said, Register(trust="-", channels=places), mode=mode) != first
