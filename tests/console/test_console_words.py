"""The sentences of the pages: all in both languages, with the same gaps, and each that a page asks for is there."""

import json
import re
from string import Formatter

from streams.subjects.attention import WAITS
from streams.why import because
from tests.architecture.tree import ROOT

FOLDER = ROOT / "templates" / "console"
WORDS = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
ASKED = re.compile(r"""(?:\bt|\bwords|\bsays)\(\s*["']([a-z][\w-]*)["']\s*[,)]""")


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    assert WORDS["en"].keys() == WORDS["cy"].keys()
    other = {name for name, one in WORDS["en"].items() if gaps(one) != gaps(WORDS["cy"][name])}
    assert not other


def test_each_thing_that_may_wait_for_a_person_has_its_sentence() -> None:
    """But the watch, which puts together what is heard."""
    assert not {f"waits-{kind}" for kind in WAITS.keys() - {"watch"}} - WORDS["en"].keys()


def test_every_sentence_that_a_page_asks_for_is_there() -> None:
    sources = [*FOLDER.rglob("*.j2"), *(ROOT / "agents" / "console").rglob("*.py")]
    asked = {name for one in sources for name in ASKED.findall(one.read_text(encoding="utf-8"))}
    assert len(asked) > 100
    assert not asked - WORDS["en"].keys()


def test_a_reason_that_a_language_lacks_is_left_in_english_however_it_was_made() -> None:
    """Also one that names several people, within another: a page must not fail of it."""
    inner = because("ask", "ask {names}", names=("Ann", "Ben"))
    outer = because("no", "it is refused: {why}", why=inner)
    assert outer.why.told({}) is None
    assert outer.why.told({"no": "na: {why}"}) is None
    assert outer.why.told({"no": "na: {why}", "ask": "holwch {names}"}) is None
    assert outer.why.told({"no": "na: {why}", "ask": "holwch {names}", "or": " neu "}) == "na: holwch Ann neu Ben"
