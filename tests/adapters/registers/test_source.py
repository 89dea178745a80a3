"""Two parsers read the files: a quick one where nothing is odd, and a careful one, which says what is wrong."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.adapters.registers import data_folder, source
from agents.adapters.registers.source import FileSource, carefully, parse, quickly

FILES = sorted(data_folder().rglob("*.yaml"))
LINES = [line for path in FILES for line in path.read_text(encoding="utf-8").split("\n")]
ODD = "-:[]{}&*!|>'\"%@`#,?~ \n\t\\x0=<.\u2028\ufeff\x85\xa0é/🚑"
TEXTS = st.text(alphabet=st.sampled_from(string.ascii_letters[:4] + ODD), max_size=60)


@st.composite
def altered(draw: st.DrawFn) -> str:
    """A few lines of the example trust's files, with something put in or left out."""
    begins = draw(st.integers(0, len(LINES) - 1))
    text = "\n".join(LINES[begins : begins + draw(st.integers(1, 8))])
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        put = draw(st.sampled_from([*ODD, "\n  ", ": ", "- ", " #", "|\n", ">\n", "? ", ""]))
        text = text[:place] + put + text[place + draw(st.integers(0, 1)) :]
    return text


def told(read: FileSource) -> tuple[object, ...]:
    return (repr(read.value), dict(read.lines), dict(read.hashes), [*read.faults])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_the_product_is_read_the_same_by_both(path: Path) -> None:
    """The quick one leaves none of them to the careful one."""
    text = path.read_text(encoding="utf-8")
    read = quickly(text, path.name)
    assert read is not None
    assert told(read) == told(carefully(text, path.name))


@given(TEXTS | altered())
@settings(max_examples=600)
def test_whatever_the_quick_one_takes_the_careful_one_reads_the_same(text: str) -> None:
    read = quickly(text, "a.yaml")
    assert read is None or told(read) == told(carefully(text, "a.yaml"))


@pytest.mark.parametrize(
    "text", ["a: &b 1\n", "a: *b\n", "a: |#\n", "a: >\n\n   b\n  c\n", "%YAML 1.1\n---\na: 1\n", "a: [\n"]
)
def test_what_is_odd_is_left_to_the_careful_one(text: str) -> None:
    assert quickly(text, "a.yaml") is None
    assert told(parse(text, "a.yaml")) == told(carefully(text, "a.yaml"))


def test_without_libyaml_everything_is_left_to_the_careful_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CParser", None)
    assert quickly("a: 1\n", "a.yaml") is None
