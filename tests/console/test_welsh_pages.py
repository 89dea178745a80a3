"""Every page in Welsh is Welsh throughout: English stands only in what the record or the register itself says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from streams.values import TRAINING
from streams.words.stops import Freeze
from tests.console.asking import browser
from tests.console.bench import Night, night
from tests.console.test_asked import OFFICER
from tests.console.test_refused import BOX, SCREENS_MIN
from tests.console.test_screens import SCREENS, in_the_middle
from tests.console.visitor import DECLARED, FIRE, ordered, visiting
from tests.examples import APPROVER, CHIEF, DIRECTOR
from tests.refusals.our_words import OURS

ENGLISH = re.compile(
    r"\b(the|and|of|are|was|were|not|this|that|with|for|from|who|what|when|which|have|has|been|could|would|yet|nobody|"
    r"nothing|everything|public|message|until|since|after|before|people|there|your|their)\b",
    re.IGNORECASE,
)
"""Words that no Welsh sentence has."""
OUR_WORD = re.compile(rf"(?<![\w-])({'|'.join(sorted(map(re.escape, OURS), key=len, reverse=True))})(?![\w-])")
"""A power, a type, a status, a month: what the pages fill into sentences."""
SLOT = re.compile(r"\{\w+\}")
"""What a template has in the place of a slot, by its name in the register."""
CALLED = ("name", "title", "role", "trust")
"""What of the register are names of people, places and things, and stays as it is in every language."""
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "option", "path", "rect", "circle", "line"})
READ_OUT = ("aria-label", "title", "placeholder", "alt")


class Welsh(HTMLParser):
    """What of a page stands in Welsh, by its marks; what is marked as another language is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.texts: list[str] = []

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self._language
        if language == "cy":
            self.texts += [text for name in READ_OUT if (text := given.get(name))]
        if tag not in VOID:
            self._open.append((tag, "" if tag in {"script", "style", "textarea"} else language))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID:
            name, _ = self._open.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._language == "cy" and data.strip():
            self.texts.append(" ".join(data.split()))


def english_in(page: str, *, known: frozenset[str]) -> Iterator[str]:
    """The Welsh texts of a page that have an English word, but for the names of the register."""
    parser = Welsh()
    parser.feed(page)
    for text in parser.texts:
        left = SLOT.sub("", text)
        for one in sorted(known, key=len, reverse=True):
            left = left.replace(one, "")
        if found := ENGLISH.search(left) or OUR_WORD.search(left):
            yield f"{found[0]} in {text[:160]}"


def names(value: object, key: str = "") -> Iterator[str]:
    """The names in a register; a template has none: its title is a sentence of the trust's first language."""
    match value:
        case str() if key in CALLED or (" " in value and key == "values"):
            yield value
        case dict():
            for name, one in value.items():
                if name != "templates":
                    yield from names(one, name)
        case list() | tuple():
            for one in value:
                yield from names(one, key)


def test_a_page_that_falls_back_to_english_is_found() -> None:
    page = '<html lang="cy"><p>Nothing waits for a person.<span lang="en">The record</span></p><input title="the end">'
    page += "<p>nid oes pŵer i draft-line</p><p>ers 14 Jan 2026</p>"
    assert len([*english_in(page, known=frozenset())]) == 4
    assert not [*english_in('<html lang="cy"><p>Nid oes dim yn aros.</p>', known=frozenset())]


@pytest.mark.slow
async def test_every_page_in_welsh_has_no_english_of_ours(tmp_path: Path) -> None:
    async with in_the_middle(tmp_path) as (on, links), browser(on, CHIEF) as opened:
        known = frozenset(names(on.register.model_dump(mode="json")))
        found = []
        for name, path in SCREENS.items():
            link = path.format(**links)
            page = await opened.get(f"{link}{'&' if '?' in link else '?'}language=cy")
            found += [f"{name}: {one}" for one in english_in(page.text, known=known)]
        assert not found, "\n".join(found)
        refused = [one for person in (OFFICER, APPROVER) for one in await refusals_of(on, links, person)]
        assert len(refused) > SCREENS_MIN
        assert [one for one in refused if 'lang="cy"' not in one or 'lang="en"' in one] == []


async def refusals_of(on: Night, links: Mapping[str, str], person: str) -> Sequence[str]:
    """The refusals that a person who may do little meets on all screens, as the Welsh pages have them."""
    found = list[str]()
    async with browser(on, person) as opened:
        for path in SCREENS.values():
            link = path.format(**links)
            found += BOX.findall((await opened.get(f"{link}{'&' if '?' in link else '?'}language=cy")).text)
    return found


async def test_a_refusal_is_told_in_welsh_on_its_page_and_after_a_button(tmp_path: Path) -> None:
    """Who could do it is named; what a person wrote stays as they wrote it."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "hari.okonwell") as officer, visiting(on) as chief:
        await ordered(on, DECLARED, by=DIRECTOR)
        await officer.reads(f"/incidents/{FIRE.id}/stand-down", language="cy")
        assert 'lang="cy">nid oes gan Hari Okonwell' in officer.shown
        assert "has no power" not in officer.shown
        await chief.reads(f"/incidents/{FIRE.id}/holds/none", language="cy")
        assert "<p>Nid yw&#39;n aros mwyach." in chief.shown
        await chief.reads(f"/incidents/{FIRE.id}/freeze", language="cy")
        await ordered(on, Freeze(reason="wrong place"), by=DIRECTOR)
        told = r"rhewyd y digwyddiad gan .* am .*wrong place.*: nid oes dim.*'languages': \['cy'\]"
        with pytest.raises(AssertionError, match=told):
            await chief.presses("Iawn, rhewi nawr")
