"""One word has one meaning: in the glossary, in the names of classes, and in plain English."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, name, python_files

ROW = re.compile(r"^\| (?P<word>[^|]+?) \| (?P<meaning>[^|]+?) \|(?P<class> [^|]* )\|$", re.MULTILINE)
ONE_NAME_BY_PATTERN = {"Needs"}
"""Each agent has its own `Needs`: the ports it takes. One thing in five files, never imported by another agent."""

MANNERED = re.compile(
    r"\b(?:whoever|whom(?:ever)?|nobody|anew|hence|stands(?! down)|(?:is|are|was|were|be) told"
    r"|lets? go|of ours|the very|(?:every\w*|all|any\w*|no\w*) but)\b",
    re.IGNORECASE,
)
MANNERED_IN_A_THOUSAND_MAX = 2.0
PARTICIPLE = re.compile(r"_?[a-z]+ed")
NOT_PARTICIPLES = {"feed", "seed", "need", "speed", "embed"}
PARTICIPLES_IN_A_HUNDRED_MAX = 5.0


IN_UTC: Mapping[str, str] = {
    "agents/adapters/anchors/mail.py": "an anchor is compared with a log somewhere else",
    "agents/adapters/anchors/repository.py": "an anchor is compared with a log somewhere else",
    "agents/adapters/channels/bluesky/xrpc.py": "a network's own limit, for those who run the service",
    "agents/adapters/channels/vendor.py": "a network's own limit, for those who run the service",
    "agents/entrypoints/cli/record/anchor.py": "an anchor is compared with a log somewhere else",
    "agents/entrypoints/cli/record/evidence.py": "an inquiry reads when it was exported, wherever it sits",
    "agents/entrypoints/worker/known_elsewhere.py": "an anchor is compared with a log somewhere else",
    "agents/runtime/cluster/doctor.py": "clocks of several machines are compared",
    "streams/record/anchors.py": "an anchor is compared with a log somewhere else",
    "streams/record/search_audit.py": "a finding about the record, which an inquiry reads anywhere",
}
"""Where a moment is told in UTC, and why; all others are told in the trust's zone: see `streams/moments.py`."""


def glossary() -> Sequence[Mapping[str, str]]:
    rows = [found.groupdict() for found in ROW.finditer((ROOT / "docs/words.md").read_text(encoding="utf-8"))]
    return [row for row in rows if row["word"] not in {"word", "---"}]


def classes() -> Mapping[str, list[str]]:
    """The files that define each public class, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in python_files(*PACKAGES):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name(path))
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_glossary_gives_each_word_one_meaning() -> None:
    rows = glossary()
    assert len(rows) > 50
    words = Counter(row["word"] for row in rows)
    assert [word for word, count in words.items() if count > 1] == []


def test_each_class_of_the_glossary_exists_once() -> None:
    known, named = classes(), [row["class"].strip() for row in glossary()]
    carried = [one.strip("`") for one in named if one]
    assert all(re.fullmatch(r"`\w+`", one) for one in named if one), named
    assert [one for one, count in Counter(carried).items() if count > 1] == []
    assert [one for one in carried if len(known.get(one, [])) != 1] == []


def test_no_two_public_classes_share_a_name() -> None:
    twice = {one: places for one, places in classes().items() if len(places) > 1}
    assert {one: places for one, places in twice.items() if one not in ONE_NAME_BY_PATTERN} == {}


def docstrings() -> Iterator[tuple[str, str]]:
    for path in python_files(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name(path)}:{getattr(node, 'lineno', 1)}", ast.get_docstring(node) or ""


def test_docstrings_are_in_plain_english() -> None:
    """Words that send a reader back to the beginning of a sentence; counted in every thousand words."""
    words = sum(len(text.split()) for _, text in docstrings())
    found = [f"{place}: {match[0]}" for place, text in docstrings() for match in MANNERED.finditer(text)]
    assert 1000 * len(found) / words <= MANNERED_IN_A_THOUSAND_MAX, found


def test_functions_are_named_by_verbs_or_nouns() -> None:
    """`prepared` does not say whether something is prepared now, or was: counted in every hundred functions."""
    names = [
        (node.name, f"{name(path)}:{node.lineno}")
        for path in python_files(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    bare = [
        f"{place} {one}" for one, place in names if PARTICIPLE.fullmatch(one) and one.strip("_") not in NOT_PARTICIPLES
    ]
    assert 100 * len(bare) / len(names) <= PARTICIPLES_IN_A_HUNDRED_MAX, bare


def test_the_guide_names_files_that_are_there() -> None:
    text = (ROOT / "docs/how-to-add.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:streams|agents|tests|templates|infra)/[\w./-]+)`", text))
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_a_moment_is_told_to_a_person_in_the_trusts_zone() -> None:
    """In summer a time in UTC is an hour wrong for all who read their own clocks; what must be in UTC is named."""
    told = re.compile(r"%[HMS]\} ?(?:UTC|Z)\b")
    found = {name(path) for path in python_files(*PACKAGES) if told.search(path.read_text(encoding="utf-8"))}
    assert found == set(IN_UTC)
