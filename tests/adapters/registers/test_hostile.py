"""Whatever a file contains, reading it ends with values or with faults that have a line, never with a crash."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.adapters.registers import data_folder, report
from agents.adapters.registers.source import BYTES_MAX, DEPTH_MAX, PARTS_MAX, FileSource, parse, read_source
from tests.adapters.breaking import copied, faults

YAML_CHARACTERS = "-:[]{}&*!|>'\"%@`#,?~ \n\t\\x0\u2028\ufeff"
HOSTILE = {
    "aliases that multiply": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "brackets without end": "[" * 100_000,
    "maps without end": "{a: " * 50_000,
    "dashes without end": "- " * 50_000,
    "indents without end": "".join(" " * depth + "a:\n" for depth in range(300)),
    "a tag that would build an object": "!!python/object/apply:os.system [ls]\n",
    "a merge of itself": "a: &a\n  <<: *a\n",
    "a key that is a map": "{a: b}: c\n",
    "half a character": '"\\ud800"\n',
    "a character out of range": '"\\UFFFFFFFF"\n',
    "a number without end": "9" * 100_000,
    "a number too large": "1e999999\n",
    "a directive": "%YAML 9.9\n---\na: b\n",
    "a null byte": "a: \x00\n",
    "many values": "- a\n" * (PARTS_MAX + 1),
    "one document after another": "---\na\n" * 1_000,
}


def is_told(source: FileSource, text: str) -> bool:
    """Every fault has a line of the file and one line of words."""
    lines = text.count("\n") + 1
    return all(1 <= one.line <= lines and one.sentence and "\n" not in one.sentence for one in source.faults)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_yaml_is_told_or_harmless(text: str) -> None:
    source = parse(text, "a.yaml")
    assert is_told(source, text)
    assert source.faults or not isinstance(source.value, dict | list)


@given(st.text(alphabet=st.sampled_from(string.ascii_letters[:6] + YAML_CHARACTERS), max_size=200))
@settings(max_examples=400)
def test_any_text_is_read_or_told(text: str) -> None:
    assert is_told(parse(text, "a.yaml"), text.replace("\u2028", "\n"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    source = read_source(path, "any.yaml")
    assert source.faults or source.value is None or source.lines


def test_too_deep_too_long_and_no_file_are_told(tmp_path: Path) -> None:
    deep = parse("- " * DEPTH_MAX + "a", "deep.yaml")
    assert deep.faults == []
    assert "nested more than" in parse("- " * (DEPTH_MAX + 1) + "a", "deep.yaml").faults[0].sentence
    (tmp_path / "long.yaml").write_bytes(b"#" * (BYTES_MAX + 1))
    (tmp_path / "odd.yaml").mkdir()
    said = [read_source(tmp_path / name, name).faults[0].sentence for name in ("long.yaml", "odd.yaml", "no.yaml")]
    assert [one[:20] for one in said] == ["is larger than 512 K", "there is no such fil", "there is no such fil"]


SNIPPETS = [
    "\n",
    "- ",
    "{",
    "]",
    ": ",
    "0",
    "-1",
    "null",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01",
    "\\",
    "'",
    "{place}",
]


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_register_with_anything_changed_is_checked(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut something out of a file of the example and put something else in its place."""
    folder = copied(tmp_path_factory.mktemp("changed"))
    name = data.draw(st.sampled_from(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))))
    text = (data_folder() / name).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=10)))
    (folder / name).write_text(text[:start] + put + text[end:], encoding="utf-8", newline="")
    for line in report(faults(folder)):
        file, number, sentence = line.split(":", 2)
        assert (folder / file).is_file()
        assert int(number) >= 1
        assert sentence.strip()
