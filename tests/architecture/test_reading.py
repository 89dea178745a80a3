"""What is read from a log for a person goes through one place, which names a bad record and goes on."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import name, python_files

RAW = frozenset({"decode", "dead_letter_of", "validate_json", "model_validate_json"})
"""What raises at a bad record."""
READERS = {
    "agents/runtime/door/reading.py": "the one place",
    "agents/runtime/door/dead_letters.py": "an agent's record becomes a dead letter",
    "agents/runtime/views/tables.py": "what cannot be read is handed to the reading",
    "agents/runtime/views/recall.py": "facts that are not whole are looked for again through the reading",
    "agents/runtime/views/incidents.py": "the agent of partners' posts buries what this view leaves out",
    "agents/runtime/feeds/carried.py": "of one that cannot be read nothing is looked up, and the worker names it",
    "agents/runtime/worker/table_store.py": "the event that asks for it becomes a dead letter",
    "agents/runtime/worker/inbox_guard.py": "the desk buries it",
    "agents/runtime/record/export.py": "an order that is none has a dead letter, and no fact answers it",
    "agents/entrypoints/cli/feed.py": "a line of a file, no record",
    "agents/entrypoints/cli/options.py": "a file that a person gives, no record",
    "agents/entrypoints/cli/record/archive.py": "a backup that a person gives, no record",
    "agents/entrypoints/cli/record/noted_anchors.py": "a file that a person gives, no record",
}
"""Each module that reads raw, and what becomes of a bad record there."""


def readers() -> Iterator[str]:
    for path in python_files("agents/runtime", "agents/entrypoints", "agents/exercise/play"):
        if any(_reads(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
            yield name(path)


def _reads(node: ast.AST) -> bool:
    """Whether this calls one of them by name; `bytes.decode` of a text takes no record."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Name):
        return function.id in RAW
    return isinstance(function, ast.Attribute) and function.attr in RAW - {"decode"}


def test_records_are_read_raw_only_where_it_is_known_what_becomes_of_a_bad_one() -> None:
    """A new reader takes `RecordReader`, or says here what it does."""
    assert set(readers()) == set(READERS)


@pytest.mark.parametrize("raw", ["decode(FACTS, record.value)", "STATES.validate_json(written)", "dead_letter_of(x)"])
def test_a_raw_reader_is_seen(raw: str) -> None:
    assert any(_reads(node) for node in ast.walk(ast.parse(raw)))
