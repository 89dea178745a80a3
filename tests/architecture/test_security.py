"""`docs/security.md` leaves no line of the standard out, and each test that it names is there."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache

from tests.architecture.tree import ROOT

PAGE = ROOT / "docs/security.md"
LINES = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3
11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
LAST = {section: int(last) for section, last in re.findall(r"([\d.]+):(\d+)", LINES)}
"""The sections of ASVS 5.0.0 with lines of levels 1 and 2, which come first in each, and the last of these."""
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ALSO_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
OPEN = ("not met: ", "not applicable: ")


def rows() -> Sequence[Sequence[str]]:
    """The cells of each line of the table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in one.strip("|").split("|")] for one in lines if re.match(r"\| \d", one)]


@cache
def named_in(file: str) -> frozenset[str]:
    """The names of the tests in a file; none if it is not there."""
    path = ROOT / file
    nodes = ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else []
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def missing(text: str) -> Iterator[str]:
    for file, name in ALSO_NAMED.findall(text):
        if not (ROOT / file).exists() or (name and name not in named_in(file)):
            yield f"{file}::{name}"


def test_each_line_of_the_standard_stands_once() -> None:
    named = [number for line, *_ in rows() for number in line.split(", ")]
    assert sorted(named) == sorted(
        f"{section}.{number + 1}" for section, last in LAST.items() for number in range(last)
    )


def test_each_line_names_its_test_or_says_why_there_is_none() -> None:
    for line, asks, does, shown in rows():
        assert asks, line
        assert TEST.search(shown) or shown.startswith(OPEN), line
        assert shown.startswith("not applicable: ") or len(does) > 3 or TEST.search(shown), line


def test_every_test_that_a_page_names_is_there() -> None:
    pages = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    assert [one for page in pages for one in missing(page.read_text(encoding="utf-8"))] == []


def test_the_page_counts_its_lines() -> None:
    """How many are shown, do not apply, or are open, as the sentence before the table says."""
    counts = dict.fromkeys(OPEN, 0)
    for line, *_, shown in rows():
        for start in OPEN:
            counts[start] += len(line.split(", ")) if shown.startswith(start) else 0
    total, (not_met, not_applicable) = sum(LAST.values()), counts.values()
    said = f"Of {total} lines {total - not_met - not_applicable} are shown by tests, {not_applicable} do not apply"
    assert f"{said}, and {not_met} are not met" in PAGE.read_text(encoding="utf-8")
