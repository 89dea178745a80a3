"""The trust's own page is shown where it can be used; where it cannot, the words go out on the service's page."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agents.adapters.channels.site import SiteChannel
from agents.adapters.channels.site.pages import DRILL, SAMPLE_SITE, Pages, sample
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.clocks import ScaledClock
from agents.adapters.registers import data_folder
from streams.values import LIVE
from tests.adapters.channels.dispatches import NIGHT, dispatch
from tests.adapters.grounds import SITE, entry

SERVICE = data_folder() / "pages"
PAGE, WORDS = "site.html.j2", "site.words.json"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A page of the trust's own: the service's under another name."""
    folder = tmp_path / "data/pages"
    shutil.copytree(SERVICE, folder)
    change(folder / PAGE, "<body>", "<body><p>Our own page</p>")
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_page(old: str, new: str) -> Callable[[Path], None]:
    return lambda own: change(own / PAGE, old, new)


def in_words(old: str, new: str) -> Callable[[Path], None]:
    return lambda own: change(own / WORDS, old, new)


def a_folder(own: Path) -> None:
    (own / PAGE).unlink()
    (own / PAGE).mkdir()


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a tag that does not end": (in_page("{% endfor %}\n</article>", "</article>"), PAGE),
    "a word of the language misspelt": (in_page("{% if drill %}", "{% fi drill %}"), PAGE),
    "a name that is not there": (in_page("{{ post.anchor }}", "{{ post.anker }}"), PAGE),
    "a name that is missing where a post was withdrawn": (
        in_page("post.withdrawn_at | spoken", "post.withdrawn | spoken"),
        PAGE,
    ),
    "a filter that is not there": (in_page("| spoken(part.words)", "| said(part.words)"), PAGE),
    "a division by nothing": (in_page("{{ part.title }}", "{{ 1 / 0 }}"), PAGE),
    "another template that is not there": (in_page("<body>", "{% include 'more.j2' %}<body>"), PAGE),
    "a page without the words": (in_page('<p dir="auto">{{ line }}</p>', ""), PAGE),
    "a page with the words cut short": (in_page("{{ line }}", "{{ line[:5] }}"), PAGE),
    "a page without places": (in_page(' id="{{ post.anchor }}"', ""), PAGE),
    "an empty page": (lambda own: (own / PAGE).write_text(""), PAGE),
    "a page of other signs": (lambda own: (own / PAGE).write_bytes(b"\xff\xfe\x00"), PAGE),
    "a folder in its place": (a_folder, PAGE),
    "words that are cut off": (lambda own: (own / WORDS).write_text((own / WORDS).read_text()[:300]), WORDS),
    "words that lack a label": (in_words('"heading"', '"heeding"'), WORDS),
    "words that lack English": (in_words('"en"', '"de"'), WORDS),
    "words of other signs": (lambda own: (own / WORDS).write_bytes(b"\xff\xfe\x00"), WORDS),
}


@pytest.mark.parametrize(("spoil", "file"), BROKEN.values(), ids=BROKEN)
async def test_words_go_out_whatever_is_wrong_with_the_trusts_own_page(
    own: Path, tmp_path: Path, spoil: Callable[[Path], object], file: str
) -> None:
    """The fault is told with its file and line, before anything is published and in the log of each publication."""
    spoil(own)
    pages = Pages(SERVICE, own)
    assert {unfit.file for unfit in pages.faults()} == {file}
    first, second = dispatch("one"), dispatch("two", minutes=1)
    clock = ScaledClock(NIGHT, 1e-9)
    channel = SiteChannel(entry("site", SITE), LIVE, folder=tmp_path / "site", pages=pages, clock=clock)
    with capture_logs() as logs:
        for one in (first, second):
            receipt = await channel.publish(one)
            assert (await channel.look(one)).receipt == receipt
    page = (tmp_path / "site/public/index.html").read_text("utf-8")
    assert all(text in page for text in second.message.texts.values())
    said = {one["file"] for one in logs if one["log_level"] == "error"}
    assert said == {file} or (not said and "Our own page" in page)


@pytest.mark.parametrize("mode", [LIVE, DRILL])
def test_a_page_that_can_be_used_is_shown_as_it_is(own: Path, mode: str) -> None:
    pages = Pages(SERVICE, own)
    assert list(pages.faults()) == []
    with capture_logs() as logs:
        page = pages.render(sample(mode), SAMPLE_SITE, words=pages.words()).decode()
    assert "Our own page" in page
    assert logs == []


def test_words_may_be_dressed_up_but_not_changed(own: Path) -> None:
    change(own / PAGE, "{{ line }}", "<b>{{ line | urlize }}</b>")
    assert list(Pages(SERVICE, own).faults()) == []


def test_a_fault_is_told_with_its_line(own: Path) -> None:
    lines = (own / PAGE).read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "{{ part.title }}" in line)
    for wrong in ("{{ part.title", "{{ part.titel.x }}"):
        lines[at - 1] = wrong
        (own / PAGE).write_text("\n".join(lines), encoding="utf-8")
        [unfit] = Pages(SERVICE, own).faults()
        assert abs(unfit.line - at) <= 1
        assert "the trust's own page cannot be used" in str(unfit)
    (own / WORDS).write_text(json.dumps({"en": {}}, indent=1) + "\n{", encoding="utf-8")
    assert [(one.file, one.line) for one in Pages(SERVICE, own).faults() if one.file == WORDS] == [(WORDS, 4)]


def test_the_services_own_page_passes_the_trial_that_a_trusts_own_page_has_to_pass() -> None:
    for languages in ("en", "cy", "cy,en"):
        settings = SiteSettings.model_validate({**SAMPLE_SITE.model_dump(), "languages": languages})
        pages = Pages(SERVICE, SERVICE)
        with capture_logs() as logs:
            pages.render(sample(LIVE), settings, words=pages.words())
        assert logs == []
