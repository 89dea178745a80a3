"""The tree speaks of the product and of no machine it was made on."""

import re

import pytest

from tests.architecture.tree import ROOT, files, name

# The classes of one letter keep the patterns from finding themselves.
UNWANTED = {
    "a path of one machine": r"(?<![\w.~-])/(?:home|Users|root|work|tmp|opt)/[\w.]",
    "a host of a package index": r"[p]ypi\.|[p]ythonhosted|[n]pmjs\.|[c]rates\.io|proxy\.[g]olang|repo1\.[m]aven",
    "an option that names an index": r"-[-](?:extra-)?index-url|-[-]find-links|-[-]trusted-host",
    "an address of a private network": r"(?<![\d.])(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+(?![\d.])",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(UNWANTED[what])
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{name(path)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_the_names_of_the_build_are_not_kept() -> None:
    """What is generated stays out of the tree."""
    generated = {".pyc", ".whl", ".sqlite", ".db", ".egg-info"}
    assert [name(path) for path in files() if path.suffix in generated or "__pycache__" in path.parts] == []


def test_prose_has_one_sentence_a_line() -> None:
    """So that a change of one sentence is a change of one line."""
    two_sentences = re.compile(r"[a-z)`]{2}[.?!] [A-Z][a-z]+ ")
    found = []
    for path in files():
        if path.suffix == ".md" and path.is_relative_to(ROOT):
            found += [
                f"{name(path)}: {line}"
                for line in prose(path.read_text(encoding="utf-8"))
                if two_sentences.search(line)
            ]
    assert found == []


def prose(text: str) -> list[str]:
    """The lines of a page that are neither in a block of code nor in a table."""
    outside = "".join(text.split("```")[::2])
    return [line for line in outside.splitlines() if not line.startswith(("|", "    "))]
